"""Two officers change the rules at once: nobody's change goes back under another's reason."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from examsite.campaigns.operations import rules as operations
from examsite.campaigns.queries import entries
from examsite.rules import policy
from examsite.rules.policy import Words
from examsite.rules.refusal import Conflict
from tests.campaigns.house import ENGLISH, House, last_entry
from tests.campaigns.page_form import shown_form
from tests.client import Browser

QUESTIONS, MINUTES = "parts.general.questions", "parts.general.minutes"
LATE = {
    "late.new.name:vi": "Bài thi từ 45 phút",
    "late.new.name:en": "Exam of 45 minutes",
    "late.new.exam_minutes_from": "45",
    "late.new.minutes": "8",
}


def _value(session: Session, house: House, key: str) -> object:
    session.expire_all()
    return policy.entry_of(entries(house.campaign), key).value


def test_a_page_left_open_takes_no_change_back(session: Session, house: House, now: datetime, browse: Callable[..., Browser]) -> None:
    hr, address = browse(house.hr), f"{house.address}/rules/2"
    sent = shown_form(hr.get(address).text)
    assert sent["seen"]
    operations.change(session, house.role(session), {MINUTES: 50}, "B: quyết định mới", now)
    session.commit()
    answer = hr.post(address, {**sent, QUESTIONS: "40", "reason": "A: chỉ đổi số câu"}, headers=ENGLISH)
    assert answer.status_code == 422
    assert "Somebody else changed this in the meantime, so nothing was saved." in answer.text
    assert "Now it says: 50" in answer.text
    assert _value(session, house, MINUTES) == 50
    assert _value(session, house, QUESTIONS) == 60
    kept = shown_form(answer.text)
    assert (kept[QUESTIONS], kept[MINUTES], kept["reason"]) == ("40", sent[MINUTES], "A: chỉ đổi số câu")
    assert hr.post(address, {**kept, MINUTES: "50"}).status_code == 303
    assert _value(session, house, QUESTIONS) == 40
    assert MINUTES not in last_entry(session, house.campaign.chain)


def test_another_chapter_is_no_hindrance(session: Session, house: House, now: datetime, browse: Callable[..., Browser]) -> None:
    hr, address = browse(house.hr), f"{house.address}/rules/2"
    sent = shown_form(hr.get(address).text)
    operations.change(session, house.role(session), {"round2.minutes": 40}, "B", now)
    session.commit()
    assert hr.post(address, {**sent, QUESTIONS: "40", "reason": "A"}).status_code == 303
    assert _value(session, house, "round2.minutes") == 40


def test_a_list_that_another_one_grew_stays_whole(session: Session, house: House, now: datetime, browse: Callable[..., Browser]) -> None:
    """The field of the list holds the names of before; put back, they would take the new language out with its values."""
    hr, address = browse(house.hr), f"{house.address}/rules/2"
    sent = shown_form(hr.get(address).text)
    grown = (*policy.entry_of(entries(house.campaign), "round1.languages").value, "ja")  # type: ignore[misc]
    operations.change(session, house.role(session), {"round1.languages": grown}, "B", now)
    session.commit()
    answer = hr.post(address, {**sent, QUESTIONS: "40", "reason": "A"}, headers=ENGLISH)
    assert answer.status_code == 422
    assert "Now it says: en, " in answer.text
    assert _value(session, house, "round1.languages") == grown


def test_what_was_seen_is_asked_under_the_lock(session: Session, house: House, now: datetime) -> None:
    role, values = house.role(session), {MINUTES: 55}
    seen = operations.shown(entries(house.campaign), values)
    operations.change(session, role, {MINUTES: 50}, "B", now)
    with pytest.raises(Conflict, match=r"campaigns\.changed_meanwhile"):
        operations.change(session, role, values, "A", now, seen=seen)
    operations.change(session, role, values, "A", now, seen=operations.shown(entries(house.campaign), values))
    assert _value(session, house, MINUTES) == 55


def test_a_band_is_taken_out_as_it_was_looked_at(session: Session, house: House, now: datetime, browse: Callable[..., Browser]) -> None:
    hr, address = browse(house.hr), f"{house.address}/rules/remove/late/middle"
    sent = shown_form(hr.get(address).text)
    operations.change(session, house.role(session), {"late.middle.minutes": 7}, "B", now)
    session.commit()
    answer = hr.post(address, {**sent, "reason": "A"}, headers=ENGLISH)
    assert answer.status_code == 422
    assert "Somebody else changed this in the meantime." in answer.text
    assert "<b>7 minutes</b>" in answer.text.replace("\u00a0", " ")
    assert "middle" in policy.ids_of(entries(house.campaign), "late")
    assert hr.post(address, {**shown_form(answer.text), "reason": "A"}).status_code == 303
    session.expire_all()
    assert "middle" not in policy.ids_of(entries(house.campaign), "late")


def test_a_band_taken_out_leaves_those_that_came_meanwhile(session: Session, house: House, now: datetime) -> None:
    """What is left is counted under the lock, not from what was read before."""
    role = house.role(session)
    seen = operations.shown_steps(entries(house.campaign), "late")
    values = policy.new_step(entries(house.campaign), "late", "half", ())
    half = {entry.key: entry.value for entry in values} | {
        "late.half.exam_minutes_from": 45,
        "late.half.name": Words("45 phút", "45 minutes"),
    }
    operations.add_step(session, role, "late", "half", half, "B", now)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        operations.remove_step(session, role, "late", "middle", "A", now, seen=seen)
    operations.remove_step(session, role, "late", "middle", "A", now, seen=operations.shown_steps(entries(house.campaign), "late"))
    assert "half" in policy.ids_of(entries(house.campaign), "late")


def test_a_level_without_its_words_for_a_criterion_that_came_meanwhile(session: Session, house: House, now: datetime) -> None:
    values = {entry.key: entry.value for entry in policy.new_step(entries(house.campaign), "levels", "top", ())}
    values.pop("components.answers.top.from")
    with pytest.raises(Conflict, match="changed_meanwhile"):
        operations.add_step(session, house.role(session), "levels", "top", values, "A", now)


def test_a_band_is_added_beside_another_one(session: Session, house: House, now: datetime, browse: Callable[..., Browser]) -> None:
    """Adding replaces nothing, so a page of before may go on."""
    hr, address = browse(house.hr), f"{house.address}/rules/add/late"
    sent = shown_form(hr.get(address).text)
    operations.change(session, house.role(session), {"late.middle.minutes": 7}, "B", now)
    session.commit()
    assert hr.post(address, {**sent, **LATE, "reason": "A"}).status_code == 303
    assert _value(session, house, "late.middle.minutes") == 7
