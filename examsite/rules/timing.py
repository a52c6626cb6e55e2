"""Phases and deadlines of a candidate's sittings, one a part: programmed times, time given and `now` in, windows and phase out.

Three instants bound a part: it opens, it reaches its deadline, it closes a stated grace later. Each is the first instant of what
follows: a save at `opens_at` is accepted, a save at `deadline` is no longer on time, and a save at `closes_at` is late evidence.

**Shared clock** (Circular 22/2025/TT-BNV): the start is programmed, the same for all, and runs whether or not a candidate has come.
The next part begins when the part before it has ended for this candidate, with the time given to them, plus the break. An exempted
part keeps its programmed place, because the room goes on without the candidate.

**Personal clock**: a part begins when the candidate starts, inside the session's window; an exempted part takes no time; a plan may
let the next part begin when this one was submitted. What is programmed ends at the window's end at the latest, time given is added
after that, and it also moves the window's end for the parts that follow.

A **pause** lengthens its part by as long as it took, and moves the late limit of that part with it. A pause of no part, under a personal
clock, came before the candidate's own start: it moves the end of the window and nothing else.

Time given is never taken back: an entry of less than no time is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from examsite.rules.refusal import Refused

SECOND = timedelta(seconds=1)


class Clock(StrEnum):
    SHARED = "shared"
    PERSONAL = "personal"


class TimeKind(StrEnum):
    """What an entry of the time ledger does: a start begins its part later, every other kind lengthens it."""

    START = "start"
    ACCOMMODATION = "accommodation"
    GRANT = "grant"
    PAUSE = "pause"
    CORRECTION = "correction"


class Phase(StrEnum):
    """Where a part is for one candidate."""

    NOT_YET = "not_yet"
    """An earlier part comes first."""
    WAITING = "waiting"
    """It is next, and its opening lies ahead."""
    READY = "ready"
    """Personal clock: the window is open and the candidate may start."""
    OPEN = "open"
    IN_GRACE = "in_grace"
    """Past the deadline; what is still on its way is accepted."""
    CLOSED = "closed"
    EXEMPT = "exempt"


class TimeTakenBack(Refused):
    """An entry of less than no time."""


class UnknownPart(Refused):
    """An entry or a submission for a part that the plan does not hold, or that the candidate is exempted from."""


@dataclass(frozen=True)
class Schedule:
    """The programmed clock of an exam session. `closes_at` is the latest programmed end under a personal clock; a shared one has none."""

    clock: Clock
    opens_at: datetime
    closes_at: datetime | None = None

    def __post_init__(self) -> None:
        _check_aware(self.opens_at, self.closes_at)
        if (self.clock is Clock.PERSONAL) != (self.closes_at is not None):
            raise ValueError("a personal clock has a latest end, a shared clock has none")
        if self.closes_at is not None and self.closes_at <= self.opens_at:
            raise ValueError("a session ends after it opens")


@dataclass(frozen=True)
class PartPlan:
    """One part for one candidate. An accommodation is seconds plus a percentage of the programmed minutes, rounded up to the second.

    `next_on_submit`: the part after this one may begin when this one was submitted early (personal clock only).
    """

    part: str
    minutes: int
    exempted: bool = False
    accommodation_seconds: int = 0
    accommodation_percent: int = 0
    break_seconds: int = 0
    next_on_submit: bool = False

    def __post_init__(self) -> None:
        if self.minutes < 1 or self.break_seconds < 0:
            raise ValueError(f"part {self.part} takes at least a minute, and no break is shorter than none")
        if self.accommodation_seconds < 0 or self.accommodation_percent < 0:
            raise TimeTakenBack("timing.taken_back", part=self.part)

    @property
    def programmed(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    @property
    def accommodation(self) -> timedelta:
        """Exact: a percentage of whole minutes in hundredths of a second, up to the next whole second."""
        share = -(-self.minutes * 60 * self.accommodation_percent // 100)
        return timedelta(seconds=self.accommodation_seconds + share)


@dataclass(frozen=True)
class TimeEntry:
    """Time given to one candidate; given to a part that has ended, it opens that part again and moves those after it.

    `part` None: a start moves the first part sat, any other kind lengthens the last one, so that it is given once and moves nothing; but
    a pause under a personal clock moves the window's end.
    """

    kind: TimeKind
    part: str | None
    seconds: int

    def __post_init__(self) -> None:
        if self.seconds < 0:
            raise TimeTakenBack("timing.taken_back", part=self.part, seconds=self.seconds)


@dataclass(frozen=True)
class TimePlan:
    """All that decides one candidate's times over the parts of a session. `submitted` holds when parts were submitted, by part id."""

    schedule: Schedule
    parts: Sequence[PartPlan]
    grace_seconds: int
    started_at: datetime | None = None
    entries: Sequence[TimeEntry] = ()
    submitted: Mapping[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_aware(self.started_at, *self.submitted.values())
        if self.grace_seconds < 0:
            raise TimeTakenBack("timing.taken_back", seconds=self.grace_seconds)
        if not self.parts or len({plan.part for plan in self.parts}) != len(self.parts):
            raise ValueError("a sitting has parts, each once")
        if self.schedule.clock is Clock.SHARED and any(plan.next_on_submit for plan in self.parts):
            raise ValueError("under a shared clock no part begins early")
        _check_parts(self)

    @property
    def sat(self) -> tuple[PartPlan, ...]:
        """The parts that the candidate is not exempted from, in order."""
        return tuple(plan for plan in self.parts if not plan.exempted)

    @property
    def latest_end(self) -> datetime | None:
        """The end of a personal clock's window for this candidate, moved by the pauses before their start; None under a shared clock."""
        latest = self.schedule.closes_at
        return (
            None
            if latest is None
            else latest + timedelta(seconds=sum(entry.seconds for entry in self.entries if _before_start(self, entry)))
        )


@dataclass(frozen=True)
class PartWindow:
    """The times of one part. None three times: an exempted part, or a personal clock that has not been started."""

    part: str
    opens_at: datetime | None
    deadline: datetime | None
    closes_at: datetime | None


@dataclass(frozen=True)
class Moment:
    """A part at one instant: its phase, and the bounds of that phase (`ends` is its first instant no more; None: not known or never)."""

    part: str
    phase: Phase
    begins: datetime | None
    ends: datetime | None


@dataclass(frozen=True)
class LateBand:
    """Who comes late is admitted up to `minutes` after the start, in exams of at most `up_to` minutes (None: all longer ones)."""

    up_to: int | None
    minutes: int


def part_windows(plan: TimePlan) -> tuple[PartWindow, ...]:
    """The window of each part, in the order of the plan; parts to come are reckoned as if those before took all their time."""
    schedule = plan.schedule
    cursor = schedule.opens_at if schedule.clock is Clock.SHARED else plan.started_at
    if cursor is None:
        return tuple(PartWindow(part.part, None, None, None) for part in plan.parts)
    windows = []
    latest = plan.latest_end
    for part in plan.parts:
        window, cursor, given = _lay_out(plan, part, cursor, latest)
        latest = None if latest is None else latest + given
        windows.append(window)
    return tuple(windows)


def phases(plan: TimePlan, now: datetime) -> tuple[Moment, ...]:
    """Each part at `now`, in the order of the plan."""
    _check_aware(now)
    moments = []
    turn = True
    for part, window in zip(plan.parts, part_windows(plan), strict=True):
        moment = _moment(plan, part, window, now, turn)
        moments.append(moment)
        turn = turn and moment.phase in (Phase.EXEMPT, Phase.IN_GRACE, Phase.CLOSED)
    return tuple(moments)


def present(plan: TimePlan, now: datetime) -> Moment:
    """The part that matters at `now`: an open one, else one in grace, else the next to begin, else the last one sat.

    In grace of one part the next one may be open already; then it is that one. Wholly exempted: the last part, exempt.
    """
    moments = phases(plan, now)
    for phase in (Phase.OPEN, Phase.IN_GRACE, Phase.READY, Phase.WAITING):
        for moment in moments:
            if moment.phase is phase:
                return moment
    closed = [moment for moment in moments if moment.phase is Phase.CLOSED]
    return closed[-1] if closed else moments[-1]


def late_entry_minutes(bands: Sequence[LateBand], exam_minutes: int) -> int:
    """The limit of the first band that fits an exam of this length.

    Thirty minutes for all before 2025; since then 5 up to 30 minutes, 10 from 60 minutes, and between them what the council sets
    (Circular 6/2020/TT-BNV; Circulars 001/2025 and 22/2025/TT-BNV). Raises ValueError when no band fits.
    """
    for band in bands:
        if band.up_to is None or exam_minutes <= band.up_to:
            return band.minutes
    raise ValueError(f"no late-entry band fits an exam of {exam_minutes} minutes")


def entry_limit(plan: TimePlan, bands: Sequence[LateBand]) -> datetime | None:
    """The last moment at which somebody who was not there before may come in, as `may_enter`; None for one who sits nothing.

    A pause of the first part moves it by its length. As nobody comes in while the pause runs, a limit that had passed before the pause
    began has passed after it too.
    """
    if plan.latest_end is not None or not plan.sat:
        return plan.latest_end if plan.sat else None
    first = plan.sat[0]
    opens_at = next(window.opens_at for window in part_windows(plan) if window.part == first.part)
    if opens_at is None:
        return None
    paused = sum(entry.seconds for entry in plan.entries if entry.kind is TimeKind.PAUSE and _target(plan, entry) == first.part)
    return opens_at + timedelta(minutes=late_entry_minutes(bands, first.minutes), seconds=paused)


def may_enter(plan: TimePlan, bands: Sequence[LateBand], now: datetime) -> bool:
    """Whether a candidate who was not there before may still come in at `now`; waiting before the start is always allowed.

    Shared clock: up to and including the late-entry limit after the first part they sit has opened, by that part's minutes.
    Personal clock: before the window's end. Coming *back* is not asked here. False for a candidate exempted from every part.
    """
    _check_aware(now)
    limit = entry_limit(plan, bands)
    if limit is None:
        return False
    return now < limit if plan.schedule.clock is Clock.PERSONAL else now <= limit


def _lay_out(plan: TimePlan, part: PartPlan, cursor: datetime, latest: datetime | None) -> tuple[PartWindow, datetime, timedelta]:
    """The window of `part` when everything before it ended at `cursor`; where the next one begins; the time given in it."""
    if part.exempted:
        skipped = part.programmed + timedelta(seconds=part.break_seconds) if plan.schedule.clock is Clock.SHARED else timedelta()
        return PartWindow(part.part, None, None, None), cursor + skipped, timedelta()
    later, longer = _given(plan, part)
    opens_at = cursor + later
    programmed_end = opens_at + part.programmed
    if latest is not None:
        programmed_end = max(opens_at, min(programmed_end, latest + later))
    deadline = programmed_end + longer
    window = PartWindow(part.part, opens_at, deadline, deadline + timedelta(seconds=plan.grace_seconds))
    ended = min(deadline, plan.submitted.get(part.part, deadline)) if part.next_on_submit else deadline
    return window, ended + timedelta(seconds=part.break_seconds), later + longer


def _given(plan: TimePlan, part: PartPlan) -> tuple[timedelta, timedelta]:
    """How much later `part` begins and how much longer it lasts for this candidate."""
    later, longer = timedelta(), part.accommodation
    for entry in plan.entries:
        if _target(plan, entry) != part.part:
            continue
        if entry.kind is TimeKind.START:
            later += timedelta(seconds=entry.seconds)
        else:
            longer += timedelta(seconds=entry.seconds)
    return later, longer


def _target(plan: TimePlan, entry: TimeEntry) -> str | None:
    """The part whose window an entry changes; None when it changes the window of the session alone."""
    if _before_start(plan, entry):
        return None
    return entry.part or (plan.sat[0] if entry.kind is TimeKind.START else plan.sat[-1]).part


def _before_start(plan: TimePlan, entry: TimeEntry) -> bool:
    return entry.kind is TimeKind.PAUSE and entry.part is None and plan.schedule.clock is Clock.PERSONAL


def _moment(plan: TimePlan, part: PartPlan, window: PartWindow, now: datetime, turn: bool) -> Moment:
    if part.exempted:
        return Moment(part.part, Phase.EXEMPT, None, None)
    if window.opens_at is None or window.deadline is None or window.closes_at is None:
        return _not_started(plan, part, now, turn)
    submitted = plan.submitted.get(part.part)
    if submitted is not None and submitted <= now:
        return Moment(part.part, Phase.CLOSED, submitted, None)
    if now < window.opens_at:
        return Moment(part.part, Phase.WAITING if turn else Phase.NOT_YET, None, window.opens_at)
    if now < window.deadline:
        return Moment(part.part, Phase.OPEN, window.opens_at, window.deadline)
    if now < window.closes_at:
        return Moment(part.part, Phase.IN_GRACE, window.deadline, window.closes_at)
    return Moment(part.part, Phase.CLOSED, window.closes_at, None)


def _not_started(plan: TimePlan, part: PartPlan, now: datetime, turn: bool) -> Moment:
    """A part under a personal clock that nobody has started."""
    latest = plan.latest_end
    if latest is not None and now >= latest:
        return Moment(part.part, Phase.CLOSED, latest, None)
    if not turn:
        return Moment(part.part, Phase.NOT_YET, None, None)
    if now < plan.schedule.opens_at:
        return Moment(part.part, Phase.WAITING, None, plan.schedule.opens_at)
    return Moment(part.part, Phase.READY, plan.schedule.opens_at, latest)


def _check_parts(plan: TimePlan) -> None:
    known = {part.part for part in plan.sat}
    named = [entry.part for entry in plan.entries if entry.part is not None] + list(plan.submitted)
    for part in named:
        if part not in known:
            raise UnknownPart("timing.unknown_part", part=part)
    if plan.entries and not known:
        raise UnknownPart("timing.unknown_part", part=None)


def _check_aware(*moments: datetime | None) -> None:
    for moment in moments:
        if moment is not None and moment.utcoffset() is None:
            raise ValueError("a moment without a time zone decides nothing")
