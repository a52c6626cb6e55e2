"""A server that starts with a wrong clock is told by the traces that the database holds."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Update, update

from examsite.audit.models import HOUSE
from examsite.audit.operations import SYSTEM, record
from examsite.cli.checks import FAILED, OK, WARNING
from examsite.cli.checks.record import traces
from examsite.rounds.models import RosterEntry, Sitting
from tests.client import Browser
from tests.conftest import NOW
from tests.rounds.test_outages import server_beats
from tests.rounds.world import MINUTE, World

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("clock", "level", "health"),
    [
        (20 * MINUTE, OK, {}),
        (20 * MINUTE - 5 * SECOND, OK, {}),
        (20 * MINUTE - 6 * SECOND, FAILED, {"newest_trace_ahead_seconds": 6.0}),
        (-60 * MINUTE, FAILED, {"newest_trace_ahead_seconds": 4800.0}),
        (30 * MINUTE, OK, {}),
        (30 * MINUTE + SECOND, WARNING, {"silent_while_sitting_seconds": 601.0}),
        (timedelta(days=1, minutes=20), WARNING, {"silent_while_sitting_seconds": 86400.0}),
    ],
)
def test_the_clock_beside_the_last_sign_of_a_session_under_way(
    world: World,
    browse: Callable[..., Browser],
    at: Callable[[datetime], None],
    clock: timedelta,
    level: str,
    health: dict[str, float],
) -> None:
    world.start("001")
    server_beats(world, NOW + 20 * MINUTE)
    world.session.commit()
    assert traces(world.session, NOW + clock).level == level
    at(NOW + clock)
    answer = browse().get("/health/ready")
    assert (answer.status_code, answer.json) == (200, {"ready": True} | health)


def test_a_log_that_ends_in_the_future_is_told_when_nobody_sits(world: World) -> None:
    assert traces(world.session, NOW + timedelta(days=1)).level == OK
    record(world.session, HOUSE, "accounts:account:disabled", "account:somebody", SYSTEM, NOW + timedelta(days=2), {})
    found = traces(world.session, NOW + timedelta(days=1))
    assert (found.level, found.found) == (FAILED, "the newest in the database is 1 day, 0:00:00 later than this clock")


@pytest.mark.parametrize(
    "changed",
    [
        update(Sitting).values(state="submitted"),
        update(Sitting).values(closes_at=NOW + 30 * MINUTE),
        update(RosterEntry).values(state="voided"),
    ],
)
def test_a_silence_after_the_work_is_none(world: World, changed: Update) -> None:
    world.start("001")
    server_beats(world, NOW + 20 * MINUTE)
    world.session.execute(changed)
    assert traces(world.session, NOW + timedelta(hours=9)).level == OK
