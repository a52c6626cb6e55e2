"""Every combination of what the ledger of time may hold, probed a second before, at and after each boundary.

The expected times are reckoned here in whole seconds, in another way than the rules do it: on a programmed clock that knows nothing of
time given, to which everything given so far is added at the end.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from examsite.rules.timing import (
    Clock,
    LateBand,
    PartPlan,
    Phase,
    Schedule,
    TimeEntry,
    TimeKind,
    TimePlan,
    entry_limit,
    may_enter,
    part_windows,
    phases,
)

START = datetime(2026, 3, 1, 1, 0, tzinfo=UTC)
MINUTES = {"a": 20, "b": 30, "c": 10}
GRACE = 30
FAR = 10**6


@dataclass(frozen=True)
class Case:
    """One candidate; times in seconds from the opening of the session. `window`: length of a personal clock's window, None: shared."""

    window: int | None
    begins: int
    exempt: str
    extra: tuple[int, int]
    given: tuple[tuple[str, str | None, int], ...]
    rest: int
    early: bool

    @property
    def sat(self) -> list[str]:
        return [part for part in MINUTES if part != self.exempt]


CLOCKS = [(None, 0), (FAR, 0), (FAR, 777), (3600 + 240, 0), (3600, 777)]
EXTRA = [(0, 0), (90, 0), (0, 33), (40, 10)]
GRANTS: list[tuple[tuple[str, str | None, int], ...]] = [(), (("grant", "b", 61),), (("grant", None, 45), ("grant", "b", 1))]
PAUSES: list[tuple[tuple[str, str | None, int], ...]] = [(), (("pause", "b", 100),), (("pause", "b", 7), ("pause", "c", 601))]
OTHERS: list[tuple[tuple[str, str | None, int], ...]] = [(), (("correction", "c", 13), ("start", None, 30))]


def cases() -> list[Case]:
    made = []
    for (window, begins), exempt, extra, grants, pauses, others, rest, early in product(
        CLOCKS, ("", "a", "c"), EXTRA, GRANTS, PAUSES, OTHERS, (0, 120), (False, True)
    ):
        given = tuple(entry for entry in (*grants, *pauses, *others) if entry[1] != exempt)
        if not (early and window is None):
            made.append(Case(window, begins, exempt, extra, given, rest, early))
    return made


def reckon(case: Case) -> dict[str, tuple[int, int, int]]:
    """Opening, deadline and close of each part that is sat."""
    programmed, given, times = case.begins, 0, {}
    for part, minutes in MINUTES.items():
        if part == case.exempt:
            programmed += minutes * 60 + case.rest if case.window is None else 0
            continue
        given += sum(seconds for kind, of, seconds in case.given if kind == "start" and (of or case.sat[0]) == part)
        opens = programmed + given
        end = programmed + minutes * 60
        if case.window is not None:
            end = max(programmed, min(end, case.window))
        given += case.extra[0] + (minutes * 60 * case.extra[1] + 99) // 100
        given += sum(seconds for kind, of, seconds in case.given if kind != "start" and (of or case.sat[-1]) == part)
        times[part] = (opens, end + given, end + given + GRACE)
        if case.early and part == case.sat[0]:
            end = handed_in(times[part]) - given
        programmed = end + case.rest
    return times


def handed_in(times: tuple[int, int, int]) -> int:
    """When the first part was handed in, where it was handed in early."""
    return max(times[0], times[1] - 300)


def plan_of(case: Case) -> TimePlan:
    personal = case.window is not None
    parts = [
        PartPlan(part, minutes, part == case.exempt, *case.extra, case.rest, next_on_submit=personal) for part, minutes in MINUTES.items()
    ]
    made: dict[str, Any] = {"entries": [TimeEntry(TimeKind(kind), part, seconds) for kind, part, seconds in case.given]}
    schedule = Schedule(Clock.SHARED, START)
    if case.window is not None:
        schedule = Schedule(Clock.PERSONAL, START, START + timedelta(seconds=case.window))
        made["started_at"] = START + timedelta(seconds=case.begins)
    if case.early:
        first = case.sat[0]
        made["submitted"] = {first: START + timedelta(seconds=handed_in(reckon(case)[first]))}
    return TimePlan(schedule, parts, GRACE, **made)


def expected(case: Case, times: dict[str, tuple[int, int, int]], now: int) -> list[Phase]:
    found, turn = [], True
    for part in MINUTES:
        if part == case.exempt:
            found.append(Phase.EXEMPT)
            continue
        opens, deadline, closes = times[part]
        if case.early and part == case.sat[0] and now >= handed_in(times[part]):
            phase = Phase.CLOSED
        elif now < opens:
            phase = Phase.WAITING if turn else Phase.NOT_YET
        else:
            phase = Phase.OPEN if now < deadline else Phase.IN_GRACE if now < closes else Phase.CLOSED
        found.append(phase)
        turn = turn and phase in (Phase.IN_GRACE, Phase.CLOSED)
    return found


def test_every_combination_around_every_boundary() -> None:
    probes = 0
    for case in cases():
        plan, times = plan_of(case), reckon(case)
        windows = {window.part: window for window in part_windows(plan)}
        for part, bounds in times.items():
            window = windows[part]
            seconds = tuple(
                (bound - START) // timedelta(seconds=1) for bound in (window.opens_at, window.deadline, window.closes_at) if bound
            )
            assert seconds == bounds, (case, part)
            for now in {bound + step for bound in bounds for step in (-1, 0, 1)}:
                shown = [moment.phase for moment in phases(plan, START + timedelta(seconds=now))]
                assert shown == expected(case, times, now), (case, part, now)
                probes += 1
    assert probes > 20_000


BANDS = (LateBand(29, 5), LateBand(None, 10))


@pytest.mark.parametrize("exempt", ["", "a"])
@pytest.mark.parametrize("paused", [0, 1, 600])
@pytest.mark.parametrize("later", [0, 45])
@pytest.mark.parametrize("granted", [0, 300])
@pytest.mark.parametrize("step", [-1, 0, 1])
def test_late_entry_follows_the_start_and_the_pauses_and_nothing_else(
    exempt: str, paused: int, later: int, granted: int, step: int
) -> None:
    first = "b" if exempt else "a"
    given = (("pause", first, paused), ("start", None, later), ("grant", first, granted), ("pause", "c", 50))
    case = Case(None, 0, exempt, (60, 10), given, 120, early=False)
    opens = 20 * 60 + 120 if exempt else 0
    limit = opens + later + paused + (10 if exempt else 5) * 60
    plan = plan_of(case)
    assert entry_limit(plan, BANDS) == START + timedelta(seconds=limit)
    assert may_enter(plan, BANDS, START + timedelta(seconds=limit + step)) is (step <= 0)


@pytest.mark.parametrize("step", [-1, 0, 1])
@pytest.mark.parametrize("paused", [0, 90])
def test_a_pause_before_a_personal_start_moves_the_window_alone(paused: int, step: int) -> None:
    plan = plan_of(Case(3600, 0, "", (0, 0), (("pause", None, paused),), 0, early=False))
    waiting = TimePlan(plan.schedule, plan.parts, GRACE, entries=plan.entries)
    end = START + timedelta(seconds=3600 + paused)
    assert may_enter(waiting, BANDS, end + timedelta(seconds=step)) is (step < 0)
    assert phases(waiting, end + timedelta(seconds=step))[0].phase is (Phase.READY if step < 0 else Phase.CLOSED)
    late = TimePlan(plan.schedule, plan.parts, GRACE, started_at=START + timedelta(seconds=paused), entries=plan.entries)
    assert [window.deadline for window in part_windows(late)][-1] == end
