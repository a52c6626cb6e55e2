"""Rows -> `rules.timing.TimePlan`: the only place where a candidate's rows become what the rules of time decide upon."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from examsite.rounds.models import ExamSession, Sitting
from examsite.rules import policy, timing
from examsite.rules.policy import RuleSet


def schedule_of(rules: RuleSet, exam: ExamSession) -> timing.Schedule:
    """The programmed clock of an exam session."""
    clock = timing.Clock(rules.session.clock.value)
    return timing.Schedule(clock, exam.opens_at, exam.closes_at if clock is timing.Clock.PERSONAL else None)


def plan_of(rules: RuleSet, exam: ExamSession, exempt: frozenset[str], sittings: Iterable[Sitting]) -> timing.TimePlan:
    """All that decides one candidate's times, from the session, the parts they are exempted from, and what they sat so far."""
    rows = list(sittings)
    return timing.TimePlan(
        schedule=schedule_of(rules, exam),
        parts=tuple(_part_plan(rules, part, part.id in exempt) for part in rules.round1.parts),
        grace_seconds=rules.session.grace_seconds,
        started_at=min((row.opens_at for row in rows), default=None),
        submitted={row.part: row.closed_at for row in rows if row.state == "submitted" and row.closed_at is not None},
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
    if plan.schedule.closes_at is not None or not plan.sat:
        return plan.schedule.closes_at
    first = plan.sat[0]
    opens_at = window_of(plan, first.part).opens_at
    minutes = timing.late_entry_minutes(late_bands(rules), first.minutes)
    return None if opens_at is None else opens_at + minutes * 60 * timing.SECOND


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


def _part_plan(rules: RuleSet, part: policy.Part, exempted: bool) -> timing.PartPlan:
    personal = rules.session.clock is policy.Clock.PERSONAL
    return timing.PartPlan(
        part=part.id, minutes=part.minutes, exempted=exempted, break_seconds=rules.session.break_minutes * 60, next_on_submit=personal
    )
