"""Items of the kinds beyond single choice: written, kept, shown again, reviewed, found, and turned into keys."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.questions.answer_keys import Accepted, AnswerKey, Choice, checked_key
from examsite.questions.models import Item
from examsite.questions.queries import keys_for, pool, versions_for_paper
from examsite.rules.keys import AcceptedNumber, ItemKind, MarkingRule
from examsite.rules.refusal import Refused
from tests.client import Browser
from tests.factories import appoint, make_campaign, make_staff
from tests.questions.conftest import Cast
from tests.questions.typed import form

Browse = Callable[..., Browser]
OPTIONS = tuple(Choice(text, place < 2) for place, text in enumerate("abc"))


@pytest.fixture
def cast(session: Session) -> Cast:
    """The usual cast, in a campaign whose general part holds questions of every kind."""
    hr = make_staff(session, "hang", house_role="hr_officer")
    campaign = make_campaign(session, code="BANK-1", hr=hr, changes={"parts.general.kind": "mixed"})
    people = {name: make_staff(session, name) for name in ("author", "reviewer", "head", "supervisor", "council", "stranger")}
    for name in ("author", "reviewer", "head"):
        appoint(session, campaign, people[name], "question", "head" if name == "head" else "member")
    session.commit()
    return Cast(campaign, hr=hr, administrator=hr, **people)


@pytest.mark.parametrize(
    ("kind", "key", "code", "field"),
    [
        ("multiple_response", AnswerKey(OPTIONS[1:], "partial"), "several_keys", "key"),
        ("multiple_response", AnswerKey(OPTIONS[:2], "partial"), "several_keys", "key"),
        ("multiple_response", AnswerKey(OPTIONS), "rule_missing", "rule"),
        ("multiple_response", AnswerKey(OPTIONS, "best_guess"), "rule_missing", "rule"),
        ("multiple_response", AnswerKey(OPTIONS[:1], "partial"), "options_few", "options"),
        ("short_text", AnswerKey(), "accepted_missing", "accepted"),
        ("short_text", AnswerKey(accepted=(Accepted("  "),)), "accepted_missing", "accepted"),
        ("short_text", AnswerKey(accepted=(Accepted("Hà Nội"), Accepted("hà  nội"))), "accepted_twice", "accepted"),
        ("short_text", AnswerKey(accepted=(Accepted("x" * 501),)), "too_long", "accepted"),
        ("short_text", AnswerKey(accepted=tuple(Accepted(str(place)) for place in range(21))), "accepted_many", "accepted"),
        ("numeric", AnswerKey(accepted=(Accepted("ba"),)), "number_unreadable", "accepted"),
        ("numeric", AnswerKey(accepted=(Accepted("1.000.000"),)), "number_grouped", "accepted"),
        ("numeric", AnswerKey(accepted=(Accepted("1.500"),)), "number_two_ways", "accepted"),
        ("numeric", AnswerKey(accepted=(Accepted("3 ± 1.500"),)), "number_two_ways", "accepted"),
        ("numeric", AnswerKey(accepted=(Accepted("3 ± -1"),)), "tolerance_negative", "accepted"),
        ("numeric", AnswerKey(accepted=(Accepted("5"), Accepted("5,0"))), "accepted_twice", "accepted"),
    ],
)
def test_a_key_that_is_not_whole_is_refused_at_its_field(kind: str, key: AnswerKey, code: str, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        checked_key(kind, key)
    assert (refusal.value.code, refusal.value.field) == (f"questions.{code}", field)


@pytest.mark.parametrize(
    ("typed", "text", "tolerance"),
    [
        ("3,14 ± 0,01", "3.14", "0.01"),
        ("3.14 +- 0.01", "3.14", "0.01"),
        ("-2", "-2", "0"),
        ("1500", "1500", "0"),
        ("1,5000", "1.5000", "0"),
        ("0,125", "0.125", "0"),
    ],
)
def test_numbers_are_kept_in_plain_form_and_stay_so(typed: str, text: str, tolerance: str) -> None:
    kept = checked_key("numeric", AnswerKey(accepted=(Accepted(typed),)))
    assert kept.accepted == (Accepted(text, Decimal(tolerance)),)
    assert checked_key("numeric", kept) == kept


def test_a_kind_keeps_only_what_it_has() -> None:
    everything = AnswerKey(OPTIONS, "partial", (Accepted("5"),), case_matters=True)
    assert checked_key("essay", everything) == AnswerKey()
    assert checked_key("multiple_response", everything) == AnswerKey(OPTIONS, "partial")
    assert checked_key("numeric", everything) == AnswerKey(accepted=(Accepted("5", Decimal(0)),))


FORMS = {
    "multiple_response": form(options=("blue", "grey", "red"), key=None, rule="partial") | {"keys": ["0", "1"]},
    "short_text": form(options=(), key=None, accepted="Hà Nội\nThủ đô\n", case_matters="y"),
    "numeric": form(options=(), key=None, accepted="3,14 ± 0,01\n10"),
    "essay": form(options=(), key=None),
}


@pytest.mark.parametrize("kind", FORMS)
def test_an_item_of_each_kind_is_written_shown_again_approved_and_drawn(session: Session, cast: Cast, browse: Browse, kind: str) -> None:
    browser = browse(cast.author)
    assert browser.get(f"{cast.address}/new?kind={kind}").status_code == 200
    assert browser.post(f"{cast.address}/new?kind={kind}", FORMS[kind] | {"draft": "1"}).status_code == 303
    item = session.scalars(select(Item)).one()
    assert item.kind == kind
    again = browser.get(f"{cast.address}/{item.public_id}/edit").text
    back = browser.post(f"{cast.address}/{item.public_id}/edit", FORMS[kind] | {"submit": "1"})
    assert back.status_code == 303
    shown = browse(cast.reviewer).get(f"{cast.address}/review").text
    for words in _words_of(kind):
        assert words in again
        assert words in shown
    [version] = item.versions
    assert browse(cast.reviewer).post(f"{cast.address}/versions/{version.public_id}/approve", {}).status_code == 303
    session.expire_all()
    assert [drawn.item for drawn in pool(session, cast.campaign, "general", None)] == [item.public_id]
    _check_key(session, kind, version.public_id)


def _words_of(kind: str) -> list[str]:
    return {"multiple_response": ["blue"], "short_text": ["Hà Nội", "Thủ đô"], "numeric": ["3,14 ± 0,01"], "essay": []}[kind]


def _check_key(session: Session, kind: str, version: str) -> None:
    key, wording = keys_for(session, [version])[version], versions_for_paper(session, [version])[version]
    assert (key.kind, wording.kind) == (ItemKind(kind), kind)
    if kind == "multiple_response":
        assert (len(key.key), key.rule, wording.to_choose, wording.marking_rule) == (2, MarkingRule.PARTIAL, 2, "partial")
    elif kind == "short_text":
        assert (key.texts, key.case_matters, wording.case_matters) == (("Hà Nội", "Thủ đô"), True, True)
    elif kind == "numeric":
        assert key.numbers == (AcceptedNumber(Decimal("3.14"), Decimal("0.01")), AcceptedNumber(Decimal(10)))


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.author)
    answer = browser.post(f"{cast.address}/new?kind=numeric", form(options=(), key=None, accepted="1.500") | {"draft": "1"})
    assert answer.status_code == 422
    assert "Hãy ghi 1500 hoặc 1.5000." in answer.text
    assert "1.500</textarea>" in answer.text
    several = FORMS["multiple_response"] | {"keys": ["0"]}
    answer = browser.post(f"{cast.address}/new?kind=multiple_response", several | {"draft": "1"})
    assert (answer.status_code, "ít nhất 2 phương án đúng" in answer.text) == (422, True)


def test_a_part_of_one_kind_offers_and_takes_no_other(session: Session, cast: Cast, browse: Browse) -> None:
    browser = browse(cast.author)
    page = browser.get(f"{cast.address}/new?kind=essay").text
    assert 'value="general"' in page
    assert 'value="language:en"' not in page
    answer = browser.post(f"{cast.address}/new?kind=essay", FORMS["essay"] | {"bank": "language:en", "draft": "1"})
    assert answer.status_code == 422
    assert session.scalar(select(Item)) is None


def test_the_list_is_narrowed_by_kind_and_the_history_names_what_changed(session: Session, cast: Cast, browse: Browse) -> None:
    browser = browse(cast.author)
    for kind in ("numeric", "short_text"):
        browser.post(f"{cast.address}/new?kind={kind}", FORMS[kind] | {"stem": f"The {kind} one?", "submit": "1"})
    found = browser.get(f"{cast.address}?kind=numeric").text
    assert "The numeric one?" in found
    assert "The short_text one?" not in found
    item = session.scalars(select(Item).where(Item.kind == "numeric")).one()
    browse(cast.reviewer).post(f"{cast.address}/versions/{item.versions[0].public_id}/approve", {})
    browser.post(f"{cast.address}/{item.public_id}/edit", form(options=(), key=None, accepted="2,5") | {"draft": "1"})
    page = browser.get(f"{cast.address}/{item.public_id}").text
    assert re.search(r"<del>3\.14 ± 0\.01 · 10</del> ?<ins>2\.5</ins>", page)
