"""One act on many applications: shown before it is done, all of it or nothing, one entry in the log that names each."""

import json
import re
from collections.abc import Callable

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from examsite.campaigns.models import Application, ApplicationNote, CriterionFinding, Position
from examsite.campaigns.operations.screening import Found, Verdict, screen
from examsite.campaigns.operations.together import act_on_many
from examsite.campaigns.queries import screening
from examsite.campaigns.queries.together import Together, plan, wording_key
from examsite.campaigns.roles import role_of
from examsite.rules.refusal import Conflict, NotPermitted, Refused
from tests.campaigns.house import ENGLISH, last_entry, log_kinds
from tests.campaigns.intake_file import Desk
from tests.client import Browser
from tests.conftest import NOW
from tests.factories import appoint, make_application, make_campaign, make_position, make_staff

Browse = Callable[..., Browser]
DEGREE = wording_key("A university degree.")


@pytest.fixture
def four(desk: Desk) -> list[Application]:
    """Two for one position, one for another that asks for the same, one decided already."""
    other = desk.session.scalars(select(Position).where(Position.code == "PTP-02")).one()
    found = [make_application(desk.session, desk.position, name) for name in ("An", "Bình")]
    found.append(make_application(desk.session, other, "Chi"))
    found.append(make_application(desk.session, desk.position, "Dũng", "eligible"))
    desk.session.commit()
    return found


def stamps(session: Session, applications: list[Application]) -> dict[str, str]:
    return {one.public_id: screening.stamp(one, screening.judged(session, one)) for one in applications}


def do(desk: Desk, applications: list[Application], act: str, criterion: str = "", why: str = "Đã xem bản gốc.") -> int:
    seen = stamps(desk.session, applications)
    return act_on_many(desk.session, desk.role, applications, Together(act, criterion, why), seen, NOW)


def test_a_criterion_is_judged_of_all_whose_position_asks_for_it(desk: Desk, four: list[Application]) -> None:
    assert do(desk, four, "met", DEGREE) == 3
    found = desk.session.scalars(select(CriterionFinding)).all()
    assert {(one.application_id, one.met, one.why) for one in found} == {(one.id, True, "Đã xem bản gốc.") for one in four[:3]}
    assert log_kinds(desk.session, desk.campaign.chain) == ["campaigns:applications:judged_together"]
    named = json.loads(last_entry(desk.session, desk.campaign.chain))["data"]["applications"]
    assert set(named) == {one.public_id for one in four[:3]}
    assert [entry.kind for entry in screening.history(desk.session, four[0])] == ["campaigns:applications:judged_together"]
    assert screening.history(desk.session, four[3]) == []
    with pytest.raises(Refused, match="nothing_to_do"):
        do(desk, four, "met", DEGREE)
    assert do(desk, four[:1], "unmet", DEGREE) == 1
    assert [one.met for one in screening.judged(desk.session, four[0])[0].earlier] == [True]


def test_many_are_looked_at_again_in_one_question(desk: Desk, four: list[Application], monkeypatch: pytest.MonkeyPatch) -> None:
    refreshed: list[object] = []
    monkeypatch.setattr(desk.session, "refresh", lambda *what: refreshed.append(what))
    seen = stamps(desk.session, four)
    desk.session.execute(update(Application).values(state="rejected").execution_options(synchronize_session=False))
    with pytest.raises(Conflict):
        act_on_many(desk.session, desk.role, four, Together("all_met", "", "x"), seen, NOW)
    assert refreshed == []


def test_all_criteria_met_makes_eligible_and_keeps_what_was_found(desk: Desk, four: list[Application]) -> None:
    do(desk, four[:1], "met", DEGREE, "Bằng số 12.")
    assert do(desk, four, "all_met") == 3
    desk.session.expire_all()
    assert [one.state for one in four] == ["eligible"] * 4
    assert four[0].decided_at == NOW
    assert [one.current.why for one in screening.judged(desk.session, four[0]) if one.current] == ["Bằng số 12.", "Đã xem bản gốc."]


def test_the_same_note_stands_at_each(desk: Desk, four: list[Application]) -> None:
    assert do(desk, four, "note", why="Gọi điện\nngày 3/9") == 4
    assert set(desk.session.scalars(select(ApplicationNote.text))) == {"Gọi điện\nngày 3/9"}


def test_when_one_changed_meanwhile_nothing_is_done_to_any(desk: Desk, four: list[Application]) -> None:
    seen = stamps(desk.session, four)
    one = desk.position.criteria[0].public_id
    screen(desk.session, desk.role, four[1], Verdict(seen[four[1].public_id], {one: Found(False, "Không có bằng.")}), NOW)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        act_on_many(desk.session, desk.role, four, Together("all_met", "", "x"), seen, NOW)
    desk.session.expire_all()
    assert [application.state for application in four] == ["received"] * 3 + ["eligible"]


@pytest.mark.parametrize(
    ("act", "criterion", "why", "code"),
    [
        ("", "", "x", "act_unknown"),
        ("met", DEGREE, "  ", "why_missing"),
        ("met", "none", "x", "nothing_to_do"),
        ("note", "", "x" * 2001, "note_long"),
    ],
)
def test_what_makes_no_sense_is_refused(desk: Desk, four: list[Application], act: str, criterion: str, why: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        do(desk, four, act, criterion, why)
    assert log_kinds(desk.session, desk.campaign.chain) == []


def test_only_who_screens_acts_and_only_while_screening_is_open(desk: Desk, four: list[Application]) -> None:
    council = make_staff(desk.session, "council")
    appoint(desk.session, desk.campaign, council, "council", "head")
    wanted, seen = Together("all_met", "", "x"), stamps(desk.session, four)
    with pytest.raises(NotPermitted):
        act_on_many(desk.session, role_of(desk.session, council, desk.campaign), four, wanted, seen, NOW)
    with pytest.raises(Refused, match="nobody"):
        act_on_many(desk.session, desk.role, [], wanted, {}, NOW)
    elsewhere = make_campaign(desk.session, code="LA-2", stage="applications")
    stranger = make_application(desk.session, make_position(desk.session, elsewhere), "Xuân")
    with pytest.raises(Refused, match="not_found"):
        act_on_many(desk.session, desk.role, [stranger], wanted, stamps(desk.session, [stranger]), NOW)
    desk.campaign.stage = "screened"
    with pytest.raises(Refused, match=r"screening\.over"):
        act_on_many(desk.session, desk.role, four, wanted, seen, NOW)


def test_what_the_plan_says(desk: Desk, four: list[Application]) -> None:
    do(desk, four[:1], "met", DEGREE)
    outcomes = [one.outcome for one in plan(desk.session, four, Together("met", DEGREE, ""))]
    assert outcomes == ["as_before", "changes", "changes", "decided"]


def carried(page: str) -> dict[str, str]:
    """What the form that does the act would send."""
    form = page[page.index('name="step" value="do"') - 40 :]
    fields = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', form[: form.index("</form>")]))
    return {name: value.replace("&#34;", '"') for name, value in fields.items() if name != "csrf_token"}


def test_ticked_shown_done_and_told_apart_on_the_pages(desk: Desk, browse: Browse, four: list[Application]) -> None:
    place = f"/campaigns/{desk.campaign.public_id}/applications"
    browser = browse(desk.hr)
    assert f'value="{four[0].public_id}"' in browser.get(place).text
    ids = [one.public_id for one in four]
    chosen = browser.post(f"{place}/together", {"application": ids, "whom": "ticked"}, headers=ENGLISH)
    assert chosen.status_code == 200
    assert "A university degree. (4 applications)" in chosen.text
    packed = re.search(r'name="chosen" type="hidden" value="([^"]+)"', chosen.text)
    assert packed
    asked = {"step": "show", "chosen": packed.group(1), "act": "met", "criterion": DEGREE, "why": "Đã xem."}
    assert browser.post(f"{place}/together", asked | {"why": " "}).status_code == 422
    shown = browser.post(f"{place}/together", asked, headers=ENGLISH)
    assert shown.status_code == 200
    assert "Do this to 3 applications" in shown.text
    assert desk.session.scalar(select(CriterionFinding.id)) is None
    do(desk, four[:1], "unmet", DEGREE)
    desk.session.commit()
    refused = browser.post(f"{place}/together", carried(shown.text), headers=ENGLISH)
    assert refused.status_code == 422
    assert "changed meanwhile, left out" in refused.text
    assert "Do this to 2 applications" in refused.text
    done = browser.post(f"{place}/together", carried(refused.text))
    assert (done.status_code, done.location) == (303, place)
    assert sorted(desk.session.scalars(select(CriterionFinding.met))) == [False, True, True]


def test_all_that_the_filters_find_and_nobody_at_all(desk: Desk, browse: Browse, four: list[Application]) -> None:
    place = f"/campaigns/{desk.campaign.public_id}/applications"
    browser = browse(desk.hr)
    found = browser.post(f"{place}/together", {"whom": "found", "filters": '{"state": "received"}'}, headers=ENGLISH)
    assert "3 applications" in found.text
    nobody = browser.post(f"{place}/together", {"whom": "ticked"}, headers=ENGLISH)
    assert (nobody.status_code, "No application is chosen" in nobody.text) == (422, True)
    assert browser.post(f"{place}/together", {"application": four[0].public_id, "filters": "[1"}).status_code == 200
