"""Whose clock stands still, whose could be stopped, and what would be stopped."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from examsite.rounds import timeplan
from examsite.rounds.models import ExamSession, TimeEntry
from examsite.rounds.queries.attendance import Attendance, attendances_in
from examsite.rounds.queries.ledger import names_in, whole_seconds
from examsite.rules import timing


@dataclass(frozen=True)
class PauseRow:
    """One candidate whose clock stands still (`pause`, with `left` whole seconds of the part, None before a personal start), or could be
    stopped in `part` (None: before a personal start)."""

    entry: str
    number: str
    name: str
    part: str | None
    pause: TimeEntry | None
    left: int | None


@dataclass(frozen=True)
class PausePage:
    """Everybody in a session whom a pause concerns, by candidate number."""

    paused: tuple[PauseRow, ...]
    running: tuple[PauseRow, ...]


def pauses(session: Session, exam: ExamSession, now: datetime) -> PausePage:
    """Whose clock stands still in a session, and whose could be stopped at `now`."""
    names = names_in(session, exam)
    listed = attendances_in(session, exam)
    paused = [_row(one, names, one.pause.part, one.pause, one.pause.began_at) for one in listed if one.pause is not None]
    running = [_row(one, names, part[0], None, now) for one in listed if (part := pausable(one, now)) is not None]
    return PausePage(tuple(paused), tuple(running))


def pausable(attendance: Attendance, now: datetime) -> tuple[str | None] | None:
    """The part that a pause beginning now would stop, as a tuple of one; None for whoever has nothing that it could stop.

    It is the first part whose time is not over: also one that lies ahead, or that was handed in under a shared clock, so that the room
    stays together. The part is None under a personal clock that the candidate has not started.
    """
    if attendance.entry.state in ("absent", "voided") or attendance.pause is not None or timeplan.all_over(attendance.plan, now):
        return None
    plan = attendance.reckoned
    personal = plan.schedule.clock is timing.Clock.PERSONAL
    for window in timing.part_windows(plan):
        if window.part in attendance.exempt or (personal and window.part in plan.submitted):
            continue
        if window.deadline is None:
            return (None,)
        if window.deadline > now:
            return (window.part,)
    return None


def _row(one: Attendance, names: Mapping[int, str], part: str | None, pause: TimeEntry | None, at: datetime | None) -> PauseRow:
    end = timeplan.window_of(one.reckoned, part).deadline if part is not None else None
    left = None if end is None or at is None else whole_seconds(at, end)
    return PauseRow(one.entry.public_id, one.entry.candidate_number, names[one.entry.application_id], part, pause, left)
