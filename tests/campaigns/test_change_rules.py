"""A campaign's own values in place of those of its rule set."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.campaigns.models import RuleChange
from examsite.campaigns.operations import rules as operations
from examsite.campaigns.queries import entries, rule_set
from examsite.rules import policy
from examsite.rules.policy import Status, Words
from examsite.rules.refusal import NotPermitted, Refused
from tests.campaigns.house import ENGLISH, House, build, last_entry, log_kinds
from tests.campaigns.page_form import shown_form
from tests.client import Browser
from tests.factories import appoint, make_position

CHAPTERS = {"positions": 1, "round1": 2, "session": 3, "round2": 4, "score": 5, "ranking": 6, "deadlines": 7, "lists": 8}


def test_a_value_with_its_reason(session: Session, house: House, now: datetime) -> None:
    assert operations.change(session, house.role(session), {"parts.general.questions": 50}, " Decided on 5 November. ", now) == [
        "parts.general.questions"
    ]
    session.flush()
    assert rule_set(house.campaign).round1.part("general").questions == 50
    entry = policy.entry_of(entries(house.campaign), "parts.general.questions")
    assert entry.status is Status.ASSUMED
    assert entry.change == policy.Change(60, Status.ASSUMED, "Decided on 5 November.")
    change = session.scalars(select(RuleChange)).one()
    assert (change.key, change.old, change.new, change.reason) == ("parts.general.questions", 60, 50, "Decided on 5 November.")
    assert (change.changed_at, change.changed_by_id) == (now, house.hr.id)
    assert log_kinds(session, house.campaign.chain) == ["campaigns:rules:changed"]
    assert '"parts.general.questions":{"new":50,"old":60}' in last_entry(session, house.campaign.chain)


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_never_without_a_reason(session: Session, house: House, now: datetime, reason: str) -> None:
    with pytest.raises(Refused) as refusal:
        operations.change(session, house.role(session), {"parts.general.questions": 50}, reason, now)
    assert (refusal.value.code, refusal.value.field) == ("reason_missing", "reason")


MAXIMA = {"components.presentation.maximum": 50, "components.answers.maximum": 20}
LEVELS = {
    "components.answers.fair.from": Decimal(8),
    "components.answers.good.from": Decimal(12),
    "components.answers.strong.from": Decimal(17),
}


def test_values_that_must_fit_each_other_change_together(session: Session, house: House, now: datetime) -> None:
    with pytest.raises(Refused) as refusal:
        operations.change(session, house.role(session), {"components.presentation.maximum": 50}, "more weight", now)
    assert refusal.value.code == "policy_maxima_sum"
    operations.change(session, house.role(session), MAXIMA | LEVELS, "more weight", now)
    assert [component.maximum for component in rule_set(house.campaign).round2.components] == [50, 30, 20]


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"parts.general.questions": 60}, "campaigns.nothing_changed", None),
        ({}, "campaigns.nothing_changed", None),
        ({"parts.general.questions": 0}, "policy_value_range", "parts.general.questions"),
        ({"parts.general.questions": Decimal("50.5")}, "policy_value_kind", "parts.general.questions"),
        ({"set.id": "my-own"}, "policy_key_fixed", "set.id"),
        ({"set.name": Words("Khác", "Other")}, "policy_key_fixed", "set.name"),
        ({"parts.history.minutes": 30}, "policy_key_missing", "parts.history.minutes"),
        ({"no.such.key": 30}, "policy_key_unknown", "no.such.key"),
        ({"round2.pass_mark": Decimal(101)}, "policy_pass_above_maximum", "round2.pass_mark"),
        ({"ranking.tie_steps": ("round2_score",)}, "policy_tie_needs_decision", "ranking.tie_steps"),
        ({"round1.form": "paper"}, "campaigns.rules_would_not_run", None),
        ({"round2.remarking": True}, "campaigns.rules_would_not_run", None),
    ],
)
def test_what_is_refused_leaves_everything_as_it_was(
    session: Session, house: House, now: datetime, values: dict[str, Any], code: str, field: str | None
) -> None:
    before = house.campaign.rules
    with pytest.raises(Refused) as refusal:
        operations.change(session, house.role(session), values, "because", now)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert house.campaign.rules == before
    assert session.scalars(select(RuleChange)).all() == []


def test_an_id_taken_out_takes_its_values_along_and_each_is_told(session: Session, house: House, now: datetime) -> None:
    changed = operations.change(session, house.role(session), {"boards.exclusive": ("anonymity", "secrets")}, "not needed", now)
    assert changed == ["boards.exclusive", "boards.room_and_marking.name", "boards.room_and_marking.members"]
    news = dict(session.execute(select(RuleChange.key, RuleChange.new)).all())
    assert news["boards.exclusive"] == ["anonymity", "secrets"]
    assert news["boards.room_and_marking.members"] is None


LESS = {"components.answers.maximum": 20, **LEVELS} | {
    "components.presentation.fair.from": Decimal(15),
    "components.presentation.good.from": Decimal(20),
    "components.presentation.strong.from": Decimal(25),
}


def test_an_id_put_in_starts_with_the_values_of_the_last_one(session: Session, house: House, now: datetime) -> None:
    """A fourth criterion, with the maxima that make room for it."""
    values: dict[str, Any] = {"round2.components": ("presentation", "defence", "answers", "ethics")}
    with pytest.raises(Refused, match="policy_maxima_sum"):
        operations.change(session, house.role(session), values, "four", now)
    changed = operations.change(session, house.role(session), values | {"components.presentation.maximum": 30} | LESS, "four", now)
    assert {"round2.components", "components.ethics.maximum"} <= {*changed}
    ethics = rule_set(house.campaign).round2.components[-1]
    assert (ethics.id, ethics.name, ethics.maximum, ethics.levels[-1].low) == ("ethics", Words("ethics", "ethics"), 20, 17)
    entry = policy.entry_of(entries(house.campaign), "components.ethics.maximum")
    assert (entry.status, entry.article.en, entry.change) == (Status.ASSUMED, "Set by this campaign", None)
    assert '"components.ethics.maximum":{"new":20,"old":null}' in last_entry(session, house.campaign.chain)
    assert not [key for key in session.scalars(select(RuleChange.key)) if "ethics" in key]


@pytest.mark.parametrize(
    "values", [{"spread.bands": ("wide", "very_wide", "huge")}, {"round2.levels": ("weak", "fair", "good", "strong", "top")}]
)
def test_what_ascends_is_not_copied(session: Session, house: House, now: datetime, values: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="policy_key_missing"):
        operations.change(session, house.role(session), values, "one more", now)


LATE = {"name:vi": "Bài thi từ 45 phút", "name:en": "Exam of 45 minutes", "exam_minutes_from": "45", "minutes": "8"}
SPREAD = {"name:vi": "Rất nhỏ", "name:en": "Slight", "from": "2,5", "from_included": "yes", "decided_by": "board_head"}


@pytest.mark.parametrize(
    ("room", "typed", "key", "ids"),
    [
        ("late", LATE, "session.late_bands", ("short", "middle", "exam_of_45_minutes", "long")),
        ("late", LATE | {"name:en": "Long"}, "session.late_bands", ("short", "middle", "long_2", "long")),
        ("late", LATE | {"name:en": "60+", "exam_minutes_from": "90"}, "session.late_bands", ("short", "middle", "long", "step_60")),
        ("spread", SPREAD, "spread.bands", ("slight", "wide", "very_wide")),
        ("spread", SPREAD | {"from": "7"}, "spread.bands", ("wide", "slight", "very_wide")),
    ],
)
def test_a_band_is_put_in_where_it_begins_and_taken_out_again(
    session: Session, house: House, browse: Callable[..., Browser], room: str, typed: dict[str, str], key: str, ids: tuple[str, ...]
) -> None:
    hr, original = browse(house.hr), house.campaign.rules
    sent = {f"{room}.new.{name}": value for name, value in typed.items()} | {"reason": "Họp 05/11"}
    address = f"{house.address}/rules/add/{room}"
    assert hr.get(address).status_code == 200
    assert hr.post(address, sent | {"reason": " "}).status_code == 422
    assert hr.post(address, sent).status_code == 303
    session.expire_all()
    assert policy.entry_of(entries(house.campaign), key).value == ids
    [added] = set(ids) - {"short", "middle", "long", "wide", "very_wide"}
    assert f'"{room}.{added}.name"' in last_entry(session, house.campaign.chain)
    shown = hr.get(f"{house.address}/rules/{CHAPTERS['session' if room == 'late' else 'score']}").text
    assert f"{house.address}/rules/remove/{room}/{added}" in shown
    assert hr.get(f"{house.address}/rules/remove/{room}/{added}").status_code == 200
    assert hr.post(f"{house.address}/rules/remove/{room}/{added}", {"reason": "Thôi"}).status_code == 303
    session.expire_all()
    assert house.campaign.rules == original
    assert hr.post(f"{house.address}/rules/remove/{room}/{added}", {"reason": "Thôi"}).status_code == 404


@pytest.mark.parametrize(
    ("room", "typed", "sentence"),
    [
        ("late", LATE | {"exam_minutes_from": "31"}, "The bands have to rise: this one starts at 31 and has to start above 31."),
        ("late", LATE | {"exam_minutes_from": ""}, "This cannot be read as a value of this kind."),
        ("late", LATE | {"name:vi": ""}, "Both languages have to be filled in."),
        ("spread", SPREAD | {"from": "10"}, "The bands have to rise"),
        ("spread", SPREAD | {"decided_by": "mean"}, "is none of the choices here"),
    ],
)
def test_a_band_that_overlaps_or_is_not_whole_is_refused_and_what_was_typed_stays(
    house: House, browse: Callable[..., Browser], room: str, typed: dict[str, str], sentence: str
) -> None:
    sent = {f"{room}.new.{name}": value for name, value in typed.items()} | {"reason": "Họp 05/11"}
    before = house.campaign.rules
    answer = browse(house.hr).post(f"{house.address}/rules/add/{room}", sent, headers=ENGLISH)
    assert answer.status_code == 422
    assert sentence in answer.text.replace("&#39;", "'")
    assert "Họp 05/11" in answer.text
    assert house.campaign.rules == before


def test_a_level_is_put_into_every_criterion(session: Session, house: House, now: datetime, browse: Callable[..., Browser]) -> None:
    hr, address = browse(house.hr), f"{house.address}/rules/add/levels"
    sent = {"levels.new.name:vi": "Xuất sắc", "levels.new.name:en": "Excellent", "reason": "Họp 05/11"}
    for component, start in (("presentation", "38"), ("defence", "28"), ("answers", "28")):
        told = {"text:vi": "Nổi bật.", "text:en": "Outstanding.", "from": start}
        sent |= {f"components.{component}.new.{name}": value for name, value in told.items()}
    assert shown_form(hr.get(address).text).keys() == sent.keys()
    gap = hr.post(address, sent | {"components.answers.new.from": "31"}, headers=ENGLISH)
    assert "The levels have to rise from 0 to the highest score" in gap.text
    assert hr.post(address, sent).status_code == 303
    session.expire_all()
    component = rule_set(house.campaign).round2.components[0]
    assert [(level.id, level.low, level.high) for level in component.levels[-2:]] == [
        ("strong", 34, Decimal("37.5")),
        ("excellent", 38, 40),
    ]
    with pytest.raises(Refused, match="policy_levels_order"):
        operations.remove_step(session, house.role(session), "levels", "weak", "From 20 on.", now)
    assert [hr.get(f"{house.address}/rules/add/{room}").status_code for room in ("parts", "levels")] == [404, 200]
    assert browse(house.chair).get(address).status_code == 403


def test_an_id_taken_out_by_mistake_comes_back_as_the_rule_set_has_it(session: Session, house: House, now: datetime) -> None:
    original = house.campaign.rules
    operations.change(session, house.role(session), {"round1.languages": ("en", "de", "ja")}, "a slip", now)
    assert [language.id for language in rule_set(house.campaign).round1.languages] == ["en", "de", "ja"]
    operations.change(session, house.role(session), {"round1.languages": ("en", "ru", "fr", "de", "zh")}, "put right", now)
    assert house.campaign.rules == original


def test_the_first_value_given_back_is_the_rule_set_again(session: Session, house: House, now: datetime) -> None:
    original = house.campaign.rules
    operations.change(session, house.role(session), {"bank.multiple": 4}, "more", now)
    operations.change(session, house.role(session), {"bank.multiple": 3}, "back", now)
    assert house.campaign.rules == original


def test_a_language_that_a_position_needs_stays(session: Session, house: House, now: datetime) -> None:
    make_position(session, house.campaign, language="fr")
    values = {"round1.languages": ("en", "ru", "de", "zh")}
    with pytest.raises(Refused, match=r"campaigns\.language_in_use"):
        operations.change(session, house.role(session), values, "nobody teaches it", now)
    operations.change(session, house.role(session), {"round1.languages": ("en", "fr")}, "two are enough", now)
    assert [language.id for language in rule_set(house.campaign).round1.languages] == ["en", "fr"]


def test_boards_are_not_kept_apart_over_people_who_sit_on_both(session: Session, house: House, now: datetime) -> None:
    appoint(session, house.campaign, house.author, "panel")
    values = {"boards.secrets.members": ("question", "invigilation", "code", "marking", "remarking", "panel")}
    with pytest.raises(Refused, match=r"campaigns\.seats_clash"):
        operations.change(session, house.role(session), values, "stricter", now)


def test_after_the_announcement_every_change_is_refused(session: Session, now: datetime, browse: Callable[..., Browser]) -> None:
    house = build(session, stage="announced")
    with pytest.raises(Refused, match=r"campaigns\.rules_frozen"):
        operations.change(session, house.role(session), {"bank.multiple": 4}, "more", now)
    address = f"{house.address}/rules/{CHAPTERS['round1']}"
    assert browse(house.hr).get(address).status_code == 422
    assert browse(house.hr).get(f"{house.address}/rules/add/late").status_code == 422
    assert browse(house.hr).post(f"{house.address}/rules/remove/late/middle", {"reason": "more"}).status_code == 422
    assert "đã chốt" in browse(house.hr).post(address, {"bank.multiple": "4", "reason": "more"}).text
    assert f"/rules/{CHAPTERS['round1']}" not in browse(house.hr).get(f"{house.address}/rules").text


@pytest.mark.parametrize("chapter", CHAPTERS.values())
def test_each_chapter_shows_its_values_and_takes_them_back_unchanged(house: House, browse: Callable[..., Browser], chapter: int) -> None:
    hr = browse(house.hr)
    sent = shown_form(hr.get(f"{house.address}/rules/{chapter}").text)
    assert len(sent) > 2
    answer = hr.post(f"{house.address}/rules/{chapter}", {**sent, "reason": "because"}, headers=ENGLISH)
    assert answer.status_code == 422
    assert "All values are the present ones." in answer.text


def test_changed_on_the_page_with_a_decimal_comma(session: Session, house: House, browse: Callable[..., Browser]) -> None:
    hr = browse(house.hr)
    address = f"{house.address}/rules/{CHAPTERS['round2']}"
    sent = shown_form(hr.get(address).text)
    assert sent["round2.score_step"] == "0,5"
    changed = {
        **sent,
        "round2.score_step": "0,25",
        "round2.minutes": "40",
        "components.defence.name:en": "Defence of the plan",
        "reason": "Họp 05/11",
    }
    assert hr.post(address, changed).status_code == 303
    session.expire_all()
    rules = rule_set(house.campaign)
    assert (rules.round2.components[0].step, rules.round2.minutes) == (Decimal("0.25"), 40)
    assert rules.round2.components[1].name == Words("Bảo vệ", "Defence of the plan")
    page = hr.get(f"{house.address}/rules").text
    assert "trước đó: 45 phút" in page
    assert "Họp 05/11" in page
    assert "0,25 điểm" in page.replace("\u00a0", " ")


def test_each_fault_stands_at_its_field_and_what_was_typed_stays(house: House, browse: Callable[..., Browser]) -> None:
    hr = browse(house.hr)
    address = f"{house.address}/rules/{CHAPTERS['round1']}"
    sent = shown_form(hr.get(address).text) | {"parts.general.questions": "many", "parts.general.minutes": "9999", "reason": "because"}
    answer = hr.post(address, sent, headers=ENGLISH)
    assert answer.status_code == 422
    assert 'id="parts.general.questions-error"' in answer.text
    assert "Enter a value from 1 to 600." in answer.text
    assert 'value="many"' in answer.text


def test_the_reason_is_asked_for(house: House, browse: Callable[..., Browser]) -> None:
    hr = browse(house.hr)
    address = f"{house.address}/rules/{CHAPTERS['round1']}"
    sent = shown_form(hr.get(address).text) | {"parts.general.questions": "50", "reason": " "}
    answer = hr.post(address, sent, headers=ENGLISH)
    assert answer.status_code == 422
    assert "A reason is needed." in answer.text


def test_who_may(session: Session, house: House, now: datetime, browse: Callable[..., Browser]) -> None:
    address = f"{house.address}/rules/{CHAPTERS['round1']}"
    assert browse(house.hr).get(address).status_code == 200
    for account in (house.chair, house.supervisor, house.author):
        assert browse(account).get(address).status_code == 403
        with pytest.raises(NotPermitted):
            operations.change(session, house.role(session, account), {"bank.multiple": 4}, "more", now)
    assert browse(house.outsider).get(address).status_code == 404
    assert browse().get(address).status_code == 303
    assert browse(house.hr).get(f"{house.address}/rules/99").status_code == 404
