"""Handing in: counts, sealing, receipt, repeats, and the deadline that needs nobody."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from examsite.rounds.models import Sitting, SittingEvent, SittingMark
from examsite.rounds.operations import closing
from examsite.rules import hashchain
from examsite.rules.refusal import Conflict, NotFound
from tests.conftest import NOW
from tests.rounds.page import Page
from tests.rounds.test_save_answers import choice
from tests.rounds.world import MINUTE, World

SECOND = timedelta(seconds=1)


def submitted(page: Page, world: World, last_seq: int | None = None) -> Sitting:
    answer = page.browser.post(page.address + "/submit", {} if last_seq is None else {"last_seq": str(last_seq)})
    assert answer.status_code == 303
    assert answer.location == page.address + "/receipt"
    return world.reload(page.sitting)


def test_handing_in_counts_and_seals(exam_page: Page, world: World) -> None:
    exam_page.save(1, [choice(exam_page, 1), choice(exam_page, 2), [3, "flag", True]])
    exam_page.save(2, [[2, "choice", None]])
    sitting = submitted(exam_page, world, 2)
    assert (sitting.state, sitting.answered, sitting.blank, sitting.closed_at) == ("submitted", 1, 3, NOW)
    seal = world.session.scalars(select(SittingEvent).order_by(SittingEvent.seq.desc())).first()
    assert seal is not None
    assert (seal.kind, seal.seq, seal.head) == ("seal", 3, sitting.head)
    assert sitting.receipt_code == hashchain.receipt_code(sitting.head)
    assert len(sitting.receipt_code) == 26


def test_a_page_without_scripts_hands_in_without_a_count(exam_page: Page, world: World) -> None:
    exam_page.save(1, [choice(exam_page, 1)])
    assert submitted(exam_page, world).answered == 1


def test_handing_in_again_gives_the_same_receipt(exam_page: Page, world: World) -> None:
    first = submitted(exam_page, world, 0)
    code, head = first.receipt_code, first.head
    again = submitted(exam_page, world, 7)
    assert (again.receipt_code, again.head) == (code, head)
    assert world.session.scalar(select(func.count()).select_from(SittingMark)) == 1


@pytest.mark.parametrize(("typed", "status"), [("1", 409), ("3", 409), ("two", 422), ("²", 422), ("-2", 422), ("99999999999", 422)])
def test_handing_in_waits_for_what_the_server_does_not_hold(exam_page: Page, world: World, typed: str, status: int) -> None:
    exam_page.save(1, [choice(exam_page, 1)])
    exam_page.save(2, [choice(exam_page, 2)])
    answer = exam_page.browser.post(exam_page.address + "/submit", {"last_seq": typed})
    assert answer.status_code == status
    assert world.reload(exam_page.sitting).state == "open"


def test_what_waits_is_told_in_a_sentence(exam_page: Page) -> None:
    answer = exam_page.browser.post(exam_page.address + "/submit", {"last_seq": "4"}, headers={"Accept-Language": "en"})
    assert "the server holds 0 saves, the page counts 4" in answer.text


def test_a_device_without_the_pen_cannot_hand_in(exam_page: Page, world: World, take_over: Callable[[], Page]) -> None:
    second = take_over()
    assert exam_page.browser.post(exam_page.address + "/submit", {"last_seq": "0"}).status_code == 409
    assert submitted(second, world, 0).state == "submitted"
    assert submitted(exam_page, world, 0).state == "submitted"


def test_another_candidate_cannot_hand_in(exam_page: Page, world: World, open_page: Callable[..., Page]) -> None:
    other = open_page("002")
    assert other.browser.post(exam_page.address + "/submit").status_code == 404
    login, _ = world.sign_in("002")
    with pytest.raises(NotFound):
        closing.submit(world.session, world.candidates["002"], login, exam_page.sitting.public_id, 0, NOW)


@pytest.mark.parametrize(
    ("moment", "state", "closed_at"),
    [
        (NOW + 60 * MINUTE - SECOND, "submitted", NOW + 60 * MINUTE - SECOND),
        (NOW + 60 * MINUTE, "submitted", NOW + 60 * MINUTE),
        (NOW + 60 * MINUTE + 29 * SECOND, "submitted", NOW + 60 * MINUTE + 29 * SECOND),
        (NOW + 60 * MINUTE + 30 * SECOND, "closed", NOW + 60 * MINUTE + 30 * SECOND),
        (NOW + 90 * MINUTE, "closed", NOW + 60 * MINUTE + 30 * SECOND),
    ],
)
def test_past_the_close_it_is_closed_whoever_asks(
    exam_page: Page, world: World, at: Callable[[datetime], None], moment: datetime, state: str, closed_at: datetime
) -> None:
    exam_page.save(1, [choice(exam_page, 1)])
    at(moment)
    sitting = submitted(exam_page, world)
    assert (sitting.state, sitting.closed_at, sitting.answered) == (state, closed_at, 1)


def test_a_sitting_past_its_close_is_closed_before_anything_wrote_it_down(
    exam_page: Page, world: World, at: Callable[[datetime], None]
) -> None:
    at(exam_page.sitting.closes_at)
    assert exam_page.browser.get(exam_page.address).location == exam_page.address + "/receipt"
    assert exam_page.browser.get(exam_page.address + "/review").status_code == 303
    assert exam_page.browser.get(exam_page.address + "/answers").json["state"] == "closed"
    assert exam_page.browser.get(exam_page.address + "/receipt").status_code == 200
    assert world.reload(exam_page.sitting).state == "open"


def test_close_due_sittings_writes_down_those_past_their_close_and_no_other(world: World) -> None:
    first, _ = world.start("001")
    second, _ = world.start("002")
    second.closes_at = first.closes_at + SECOND
    world.session.flush()
    assert closing.close_due_sittings(world.session, first.closes_at - timedelta(microseconds=1)) == 0
    assert closing.close_due_sittings(world.session, first.closes_at) == 1
    assert closing.close_due_sittings(world.session, first.closes_at) == 0
    assert [world.reload(sitting).state for sitting in (first, second)] == ["closed", "open"]


@pytest.mark.parametrize(
    ("columns", "moment", "state"),
    [
        ({}, NOW + 60 * MINUTE - SECOND, "open"),
        ({}, NOW + 60 * MINUTE, "submitted"),
        ({"deadline": NOW + 61 * MINUTE, "closes_at": NOW + 62 * MINUTE}, NOW + 60 * MINUTE, "open"),
        ({"deadline": NOW + 61 * MINUTE, "closes_at": NOW + 62 * MINUTE}, NOW + 61 * MINUTE, "submitted"),
        ({"paused_since": NOW + 59 * MINUTE, "closes_at": NOW + timedelta(days=7)}, NOW + 60 * MINUTE, "open"),
    ],
)
def test_a_page_hands_in_by_itself_only_when_the_ledger_says_so(
    exam_page: Page, world: World, at: Callable[[datetime], None], columns: dict[str, datetime], moment: datetime, state: str
) -> None:
    exam_page.save(1, [choice(exam_page, 1)])
    for name, value in columns.items():
        setattr(exam_page.sitting, name, value)
    world.session.commit()
    at(moment)
    answer = exam_page.browser.post(exam_page.address + "/submit", {"last_seq": "1", "automatic": "yes"})
    assert (answer.status_code, answer.location) == (303, exam_page.address + ("" if state == "open" else "/receipt"))
    assert world.reload(exam_page.sitting).state == state
    if state == "open":
        assert "hand-in" in exam_page.browser.get(exam_page.address).text or columns.get("paused_since")
        assert submitted(exam_page, world, 1).state == "submitted"  # whoever wants to hand in still may


@pytest.mark.parametrize(("more", "way", "state"), [(0 * MINUTE, "/receipt", "closed"), (10 * MINUTE, "", "open")])
def test_whoever_asks_for_the_receipt_hands_in_no_time_that_was_given_meanwhile(
    exam_page: Page, world: World, at: Callable[[datetime], None], more: timedelta, way: str, state: str
) -> None:
    at(exam_page.sitting.closes_at)
    receipt = exam_page.browser.get(exam_page.address + "/receipt").text
    [form] = re.findall(rf'<form method="post" action="{exam_page.address}/submit".*?</form>', receipt)
    exam_page.sitting.deadline += more
    exam_page.sitting.closes_at += more
    world.session.commit()
    answer = exam_page.browser.post(exam_page.address + "/submit", dict(re.findall(r'name="(\w+)" value="([^"]*)"', form)))
    assert (answer.status_code, answer.location) == (303, exam_page.address + way)
    assert world.reload(exam_page.sitting).state == state


def test_a_save_between_the_look_and_the_seal_is_not_lost(world: World) -> None:
    sitting, _ = world.start()
    login, _ = world.sign_in()
    with pytest.raises(Conflict, match="moved"):
        closing.submit(world.session, world.candidates["001"], login, sitting.public_id, 0, NOW)
