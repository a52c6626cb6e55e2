"""What a fault run stands on: a database of its own, an exam session under way, and the names of those who sit it."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, update
from sqlalchemy.exc import OperationalError

from examsite import clock
from examsite.db import open_session
from examsite.rounds.models import Sitting
from tests.factories import PASSWORD
from tests.rounds.kinds import make_kinds_world

DEADLINE_IN = timedelta(seconds=3)
GRACE = timedelta(seconds=1)
TICK_S = 3
PATIENCE_S, PAUSE_S = 30, 0.2
PART = "general"


@dataclass(frozen=True)
class Ground:
    """An exam session in a database, the cast that sits it as (sign-in name, password), and who keeps watch; `releases` as in a plan."""

    engine: Engine
    cast: list[tuple[str, str]]
    invigilator: tuple[str, str]
    releases: dict[str, str]

    def bring_deadline_near(self) -> None:
        """Let the part of everybody end in a few seconds, and close a moment later on a whole tick.

        A database that is stopped, or whose connections are all held, is asked again until it is there: that fault is not ours to find.
        """
        latest = time.monotonic() + PATIENCE_S
        while True:
            try:
                return self._set_deadline(last_tick(clock.now()) + timedelta(seconds=TICK_S) + DEADLINE_IN - GRACE)
            except OperationalError:
                if time.monotonic() > latest:
                    raise
                time.sleep(PAUSE_S)

    def _set_deadline(self, deadline: datetime) -> None:
        with open_session(self.engine) as session:
            session.execute(update(Sitting).values(deadline=deadline, closes_at=deadline + GRACE))
            session.commit()


def prepare(engine: Engine, candidates: int) -> Ground:
    """An exam session that began a minute ago, with so many candidates in front of papers that hold an item of each kind."""
    numbers = tuple(f"{number:03d}" for number in range(1, candidates + 1))
    with open_session(engine) as session:
        world = make_kinds_world(session, numbers=numbers, opens_at=clock.now() - timedelta(minutes=1))
        watch = world.role("invigilation").account.sign_in_name
        room = f"/campaigns/{world.campaign.public_id}/sessions/{world.exam.public_id}/roster"
        releases = {person.sign_in_name: f"{room}/{world.entry(number).public_id}/release" for number, person in world.candidates.items()}
        session.commit()
        return Ground(engine, [(name, PASSWORD) for name in releases], (watch, PASSWORD), releases)


def last_tick(moment: datetime) -> datetime:
    """The last whole tick of a clock that ticks every few seconds: long enough for somebody to save within it on a machine that stalls."""
    return datetime.fromtimestamp(moment.timestamp() // TICK_S * TICK_S, UTC)
