"""The chain of a sitting: whole as the application writes it, and broken by name where a row was edited behind its back."""

import json

import pytest
from sqlalchemy import delete, select, text, update

from examsite.rounds.models import Sitting, SittingEvent
from examsite.rounds.queries.chains import Fault, check_sitting, check_sittings
from tests.conftest import NOW
from tests.rounds.page import Page
from tests.rounds.test_save_answers import choice
from tests.rounds.world import MINUTE, World


@pytest.fixture
def sat(exam_page: Page, world: World) -> Sitting:
    """A sitting with three saves, handed in."""
    for seq in (1, 2, 3):
        exam_page.save(seq, [choice(exam_page, seq)])
    exam_page.browser.post(exam_page.address + "/submit")
    return world.reload(exam_page.sitting)


def fault(world: World, sitting: Sitting) -> Fault | None:
    return check_sitting(world.session, world.reload(sitting)).fault


def test_a_sitting_holds_at_every_stage(exam_page: Page, world: World) -> None:
    assert fault(world, exam_page.sitting) is None
    exam_page.save(1, [choice(exam_page, 1)])
    assert fault(world, exam_page.sitting) is None
    exam_page.browser.post(exam_page.address + "/submit")
    assert fault(world, exam_page.sitting) is None
    [check] = check_sittings(world.session)
    assert (check.events, check.candidate_number, check.part) == (3, "001", "general")


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"body": '[[2,"choice",null]]'}, "content"),
        ({"received_at": NOW - MINUTE}, "content"),
        ({"epoch": 2}, "content"),
        ({"salt": b"x" * 32}, "content"),
        ({"kind": "seal"}, "content"),
        ({"commitment": b"x" * 32}, "content"),
        ({"head": b"x" * 32}, "head"),
        ({"body_digest": "0" * 64}, "digest"),
    ],
)
def test_an_edited_event_is_named(world: World, sat: Sitting, values: dict[str, object], why: str) -> None:
    world.session.execute(update(SittingEvent).where(SittingEvent.sitting_id == sat.id, SittingEvent.seq == 2).values(**values))
    assert fault(world, sat) == Fault(2, why)


@pytest.mark.parametrize(("seq", "expected"), [(0, Fault(0, "gap")), (2, Fault(2, "gap")), (4, Fault(4, "tail"))])
def test_a_removed_event_is_named(world: World, sat: Sitting, seq: int, expected: Fault) -> None:
    world.session.execute(delete(SittingEvent).where(SittingEvent.sitting_id == sat.id, SittingEvent.seq == seq))
    assert fault(world, sat) == expected


@pytest.mark.parametrize(
    "values",
    [
        {"head": b"x" * 32},
        {"last_seq": 2},
        {"answered": 4, "blank": 0},
        {"receipt_code": "A" * 26},
        {"closed_at": NOW - MINUTE},
        {"state": "open"},
        {"state": "closed"},
    ],
)
def test_an_edited_row_of_the_sitting_is_named(world: World, sat: Sitting, values: dict[str, object]) -> None:
    world.session.execute(update(Sitting).where(Sitting.id == sat.id).values(**values))
    assert fault(world, sat) == Fault(5, "tail")


def test_an_event_of_another_sitting_does_not_fit(world: World, sat: Sitting) -> None:
    other, _ = world.start("002")
    world.session.execute(delete(SittingEvent).where(SittingEvent.sitting_id == other.id))
    world.session.execute(update(SittingEvent).where(SittingEvent.sitting_id == sat.id, SittingEvent.seq == 0).values(sitting_id=other.id))
    assert fault(world, other) == Fault(0, "content")


def test_text_that_is_no_json_any_more_is_named_and_not_stumbled_over(world: World, sat: Sitting) -> None:
    world.session.execute(text("UPDATE sitting_event SET body = 'nonsense' WHERE seq = 1"))
    assert fault(world, sat) == Fault(1, "content")


def test_an_emptied_answer_is_named_also_where_the_counts_stay_the_same(exam_page: Page, world: World) -> None:
    for seq in (1, 2):
        exam_page.save(seq, [choice(exam_page, 1, seq)])
    exam_page.browser.post(exam_page.address + "/submit")
    world.session.execute(update(SittingEvent).where(SittingEvent.seq == 2).values(body=None, salt=None))
    assert fault(world, exam_page.sitting) == Fault(2, "destroyed")


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE sitting_mark SET correct = 4, wrong = 0, blank = 0, points = '4'", Fault(4, "marks")),
        ("UPDATE sitting_mark SET points = '7/2'", Fault(4, "marks")),
        ("UPDATE sitting_mark SET number = 2", Fault(4, "marks")),
        ("DELETE FROM sitting_mark", Fault(4, "marks")),
        ("UPDATE item_option SET is_key = NOT is_key", Fault(4, "marks")),
        ("UPDATE item_version SET state = 'draft'", Fault(4, "marks")),
        (
            "UPDATE paper SET items = (SELECT max(other.items) FROM paper AS other WHERE other.id <> paper.id AND other.part = paper.part)",
            Fault(0, "paper"),
        ),
        ("UPDATE paper SET items = '[[1, 2, 3], [1, 2, 3], [1, 2, 3], [1, 2, 3]]'", Fault(0, "paper")),
    ],
)
def test_marks_that_do_not_follow_from_the_answers_are_named(world: World, sat: Sitting, statement: str, expected: Fault) -> None:
    assert fault(world, sat) is None
    world.session.execute(text(statement))
    world.session.expire_all()
    assert fault(world, sat) == expected


def test_the_start_binds_the_paper(world: World, sat: Sitting) -> None:
    body = world.session.scalars(select(SittingEvent.body).where(SittingEvent.seq == 0)).one()
    assert json.loads(body or "")["paper"] == sat.paper.digest
