"""Before a session opens: live through it as each candidate, and find whoever would get less time than is due to them.

Due is what the rules promise: the minutes of each part and the candidate's own accommodation. Each candidate is simulated beginning on time
and at the last moment of late entry (personal clock: so many minutes after the window opened), with their extra time and without the parts
they are exempted from. A shared clock gives a latecomer the programmed end and no more, so there the part must outlast its late entry.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from examsite.rules import timing

SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Due:
    """What one part owes one candidate."""

    part: str
    minutes: int
    extra_seconds: int = 0
    extra_percent: int = 0

    @property
    def seconds(self) -> int:
        """Whole seconds, the percentage rounded up; reckoned here once more and not asked of the rules that are being checked."""
        return self.minutes * 60 + self.extra_seconds + -(-self.minutes * 60 * self.extra_percent // 100)


@dataclass(frozen=True)
class Engagement:
    """Another session that needs the candidate, or their seat: `what` names it, [begins, ends) is when."""

    what: str
    begins: datetime
    ends: datetime
    same_person: bool


@dataclass(frozen=True)
class Case:
    """One candidate: what is due to them, their plan before anything was begun, and what else is arranged at that time."""

    number: str
    dues: tuple[Due, ...]
    plan: timing.TimePlan
    late_minutes: int
    engagements: tuple[Engagement, ...] = ()


@dataclass(frozen=True)
class Shortage:
    """Somebody would get `seconds` less than their due.

    `why`: on_time or late (the window is too short for whoever begins then), late_entry (the part is over before late entry is), person
    (the candidate sits in another session then), place (another session begins in the same place), no_minutes (the part has none).
    """

    number: str
    part: str | None
    why: str
    seconds: int
    other: str = ""


def shortages(cases: Iterable[Case]) -> tuple[Shortage, ...]:
    """Everybody who would get less than their due, by candidate and part; empty when the session may open."""
    return tuple(found for case in cases for found in _of(case))


def without_minutes(parts: Sequence[tuple[str, int]]) -> tuple[Shortage, ...]:
    """Parts that last less than a minute: nobody can be simulated in them. `parts`: id and minutes."""
    return tuple(Shortage("", part, "no_minutes", 60 - minutes * 60) for part, minutes in parts if minutes < 1)


def _of(case: Case) -> Iterator[Shortage]:
    plan = case.plan
    if not plan.sat:
        return
    on_time = _begun(plan, timedelta())
    yield from _short(case, on_time, "on_time")
    if plan.schedule.clock is timing.Clock.PERSONAL:
        late = _begun(plan, timedelta(minutes=case.late_minutes))
        if not any(True for _ in _short(case, on_time, "on_time")):
            yield from _short(case, late, "late")
        yield from _overlaps(case, late)
    else:
        yield from _entry_outlasted(case, on_time)
        yield from _overlaps(case, on_time)


def _begun(plan: timing.TimePlan, after: timedelta) -> timing.TimePlan:
    """The plan of somebody who begins so long after the opening; a shared clock asks nobody when they came."""
    return replace(plan, started_at=plan.schedule.opens_at + after) if plan.schedule.clock is timing.Clock.PERSONAL else plan


def _short(case: Case, plan: timing.TimePlan, why: str) -> Iterator[Shortage]:
    windows = {window.part: window for window in timing.part_windows(plan)}
    sat = {part.part for part in plan.sat}
    for due in case.dues:
        window = windows[due.part]
        if due.part in sat and window.opens_at is not None and window.deadline is not None:
            missing = due.seconds - (window.deadline - window.opens_at) // SECOND
            if missing > 0:
                yield Shortage(case.number, due.part, why, missing)


def _entry_outlasted(case: Case, plan: timing.TimePlan) -> Iterator[Shortage]:
    first = plan.sat[0]
    over = case.late_minutes * 60 - first.minutes * 60
    if over >= 0:
        yield Shortage(case.number, first.part, "late_entry", max(over, 1))


def _overlaps(case: Case, plan: timing.TimePlan) -> Iterator[Shortage]:
    """What of the time from the first opening to the last close belongs to something else too."""
    windows = timing.part_windows(plan)
    begins = min(window.opens_at for window in windows if window.opens_at is not None)
    ends = max(window.closes_at for window in windows if window.closes_at is not None)
    for other in case.engagements:
        seconds = -((max(begins, other.begins) - min(ends, other.ends)) // SECOND)
        if seconds > 0:
            yield Shortage(case.number, None, "person" if other.same_person else "place", seconds, other.what)
