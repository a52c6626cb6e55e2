"""Rows -> `rules.timing.TimePlan`: the only place where a candidate's rows become what the rules of time decide upon."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from examsite.rounds.models import ExamSession, Sitting
from examsite.rules import policy, timing
from examsite.rules.policy import RuleSet

PAUSE_HOLDS = 7 * 24 * 60 * 60
"""Seconds that a running pause counts for: nothing closes and nothing opens while it runs; its end puts the exact figure in their place."""


class Line(Protocol):
    """One line of the ledger of time: a row of it, or one that is only previewed."""

    @property
    def kind(self) -> str: ...
    @property
    def part(self) -> str | None: ...
    @property
    def seconds(self) -> int: ...
    @property
    def percent(self) -> int: ...
    @property
    def began_at(self) -> datetime | None: ...
    @property
    def ended_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class NewLine:
    """A line that is not in the ledger yet."""

    kind: str
    part: str | None
    seconds: int = 0
    percent: int = 0
    began_at: datetime | None = None
    ended_at: datetime | None = None


def is_running(line: Line) -> bool:
    """Whether a line is a pause that has not ended."""
    return line.kind == timing.TimeKind.PAUSE and line.ended_at is None


def schedule_of(rules: RuleSet, exam: ExamSession) -> timing.Schedule:
    """The programmed clock of an exam session.

    One that was planned under a shared clock and has no end yet (rules not frozen) lasts as long as its parts; it cannot be sealed so.
    """
    if rules.session.clock is policy.Clock.SHARED:
        return timing.Schedule(timing.Clock.SHARED, exam.opens_at)
    return timing.Schedule(timing.Clock.PERSONAL, exam.opens_at, exam.closes_at or exam.opens_at + programmed_length(rules))


def programmed_length(rules: RuleSet) -> timedelta:
    """All parts with the breaks between them."""
    breaks = max(0, len(rules.round1.parts) - 1) * rules.session.break_minutes
    return timedelta(minutes=sum(part.minutes for part in rules.round1.parts) + breaks)


def plan_of(
    rules: RuleSet,
    exam: ExamSession,
    exempt: frozenset[str],
    sittings: Iterable[Sitting],
    ledger: Iterable[Line] = (),
    *,
    held: bool = True,
    reopened: frozenset[str] = frozenset(),
) -> timing.TimePlan:
    """All that decides one candidate's times: the session, the parts they are exempted from, what they sat so far, the ledger of time.

    A running pause counts as `PAUSE_HOLDS`, or with `held` False as nothing yet. `reopened` parts count as not handed in. Lines about a
    part that is not sat change nothing.
    """
    rows, lines = list(sittings), list(ledger)
    parts = tuple(_part_plan(rules, part, part.id in exempt, lines) for part in rules.round1.parts)
    sat = frozenset(part.part for part in parts if not part.exempted)
    handed_in = {row.part: row.closed_at for row in rows if row.state == "submitted" and row.closed_at is not None}
    return timing.TimePlan(
        schedule=schedule_of(rules, exam),
        parts=parts,
        grace_seconds=rules.session.grace_seconds,
        started_at=min((row.opens_at for row in rows), default=None),
        entries=_entries(lines, sat, held),
        submitted={part: at for part, at in handed_in.items() if part not in reopened},
    )


def started(plan: timing.TimePlan, now: datetime) -> timing.TimePlan:
    """The plan of a candidate who starts at `now`: under a personal clock the first start decides all that follows."""
    if plan.schedule.clock is timing.Clock.PERSONAL and plan.started_at is None:
        return replace(plan, started_at=now)
    return plan


def window_of(plan: timing.TimePlan, part: str) -> timing.PartWindow:
    """The window of one part."""
    return {window.part: window for window in timing.part_windows(plan)}[part]


def moment_of(plan: timing.TimePlan, part: str, now: datetime) -> timing.Moment:
    """One part at `now`."""
    return {moment.part: moment for moment in timing.phases(plan, now)}[part]


def late_bands(rules: RuleSet) -> tuple[timing.LateBand, ...]:
    """The bands of late entry as the rules of time want them: by the longest exam that each is for."""
    bands = rules.session.late_bands
    ends: Sequence[int | None] = [band.exam_minutes_from - 1 for band in bands[1:]] + [None]
    return tuple(timing.LateBand(end, band.minutes) for band, end in zip(bands, ends, strict=True))


def may_enter(rules: RuleSet, plan: timing.TimePlan, now: datetime) -> bool:
    """Whether somebody who was not there before may still come in."""
    return timing.may_enter(plan, late_bands(rules), now)


def entry_closes(rules: RuleSet, plan: timing.TimePlan) -> datetime | None:
    """The last moment at which somebody who was not there before may come in; None for one who sits nothing."""
    return timing.entry_limit(plan, late_bands(rules))


def full_time_until(rules: RuleSet, exam: ExamSession) -> datetime | None:
    """Personal clock: the last start that leaves the programmed time of every part and break; None under a shared clock."""
    schedule = schedule_of(rules, exam)
    if schedule.closes_at is None:
        return None
    return schedule.closes_at - programmed_length(rules)


def programmed_entry(rules: RuleSet, exam: ExamSession) -> datetime | None:
    """The late limit of a candidate to whom nothing was given."""
    return entry_closes(rules, plan_of(rules, exam, frozenset(), ()))


def all_over(plan: timing.TimePlan, now: datetime) -> bool:
    """Whether nothing more can be sat or saved under this plan."""
    over = (timing.Phase.CLOSED, timing.Phase.EXEMPT)
    return all(moment.phase in over for moment in timing.phases(plan, now))


def exempt_parts(rules: RuleSet, grounds: Iterable[tuple[str, str | None]]) -> frozenset[str]:
    """The parts that granted exemptions cover: each ground with the one part it was granted for, or None for all the ground names."""
    by_ground = {ground.id: ground.parts for ground in rules.round1.exemptions}
    covered = {part for ground, only in grounds for part in ((only,) if only else by_ground.get(ground, ()))}
    return frozenset(part.id for part in rules.round1.parts if part.exemptable and part.id in covered)


def parts_by_id(rules: RuleSet) -> dict[str, policy.Part]:
    """The parts of round 1 by id, in their order."""
    return {part.id: part for part in rules.round1.parts}


def _part_plan(rules: RuleSet, part: policy.Part, exempted: bool, lines: Iterable[Line]) -> timing.PartPlan:
    personal = rules.session.clock is policy.Clock.PERSONAL
    given = [line for line in lines if line.kind == timing.TimeKind.ACCOMMODATION and line.part in (None, part.id)]
    return timing.PartPlan(
        part=part.id,
        minutes=part.minutes,
        exempted=exempted,
        accommodation_seconds=sum(line.seconds for line in given),
        accommodation_percent=sum(line.percent for line in given),
        break_seconds=rules.session.break_minutes * 60,
        next_on_submit=personal,
    )


def _entries(lines: Iterable[Line], sat: frozenset[str], held: bool) -> tuple[timing.TimeEntry, ...]:
    """What is not an accommodation, which belongs to its part."""
    found = [line for line in lines if line.kind != timing.TimeKind.ACCOMMODATION and sat and (line.part is None or line.part in sat)]
    return tuple(timing.TimeEntry(timing.TimeKind(line.kind), line.part, _seconds(line, held)) for line in found)


def _seconds(line: Line, held: bool) -> int:
    return PAUSE_HOLDS if is_running(line) and held else line.seconds
