"""A closed session against the log: sittings and marks are those that it took at the closing, and at each decision after it."""

import pytest
from sqlalchemy import text

from examsite.rounds.operations import closing, roll
from examsite.rounds.queries.closings import ClosingCheck, check_closings
from tests.rounds.test_evidence import AFTER, Late001
from tests.rounds.test_roll import END
from tests.rounds.world import World


@pytest.fixture
def closed(world: World) -> Late001:
    """A session that closed with one sitting; an answer came late to it and was counted afterwards."""
    late = Late001(world)
    late.send(2, {3: 0}, AFTER)
    hr = world.role("hr")
    roll.mark_absent(world.session, world.exam, world.entry("002"), hr, END)
    closing.close_session(world.session, world.exam, hr, END)
    return late


def faults(late: Late001) -> list[str | None]:
    late.session.flush()
    late.session.expire_all()
    return [one.fault for one in check_closings(late.session)]


def test_it_holds_before_and_after_a_decision(closed: Late001) -> None:
    assert list(check_closings(closed.session)) == [ClosingCheck(closed.world.campaign.code, closed.world.exam.name, None)]
    closed.decide(now=END)
    assert faults(closed) == [None]
    closed.decide(counts=False, seen=1, now=END)
    assert faults(closed) == [None]


CHANGES = {
    "UPDATE sitting_mark SET correct = correct + 1 WHERE number = 1": "marks",
    "UPDATE sitting_mark SET correct = correct + 1 WHERE number = 2": "marks",
    "UPDATE sitting_mark SET key_digest = '0'": "marks",
    "DELETE FROM sitting_mark WHERE number = 2": "marks",
    "UPDATE sitting_event SET head = commitment WHERE kind = 'seal'": "sittings",
    "UPDATE exam_session SET state = 'sealed'": "log",
    "UPDATE log_entry SET content = NULL WHERE kind = 'rounds:session:closed'": "sittings",
    "DELETE FROM log_entry WHERE kind = 'rounds:session:closed'": "log",
}
"""What somebody with full rights on the database may do, and what is said of it."""


def test_what_was_changed_since_is_named(closed: Late001) -> None:
    closed.decide(now=END)
    for statement, why in CHANGES.items():
        with closed.session.begin_nested() as point:
            closed.session.execute(text(statement))
            assert faults(closed) == [why], statement
            point.rollback()
    assert faults(closed) == [None]
