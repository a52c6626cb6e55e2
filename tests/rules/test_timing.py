from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examsite.rules.timing import (
    Clock,
    LateBand,
    Moment,
    PartPlan,
    PartWindow,
    Phase,
    Schedule,
    TimeEntry,
    TimeKind,
    TimePlan,
    TimeTakenBack,
    UnknownPart,
    late_entry_minutes,
    may_enter,
    part_windows,
    phases,
    present,
)

START = datetime(2026, 3, 1, 1, 0, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
GENERAL = PartPlan("general", 60)
LANGUAGE = PartPlan("language", 30)
RULES_2025 = (LateBand(30, 5), LateBand(59, 5), LateBand(None, 10))
RULES_2020 = (LateBand(None, 30),)


def at(minutes: float, seconds: float = 0) -> datetime:
    return START + timedelta(minutes=minutes, seconds=seconds)


def shared(*parts: PartPlan, **changes: Any) -> TimePlan:
    return TimePlan(Schedule(Clock.SHARED, START), parts or (GENERAL, LANGUAGE), grace_seconds=10, **changes)


def personal(*parts: PartPlan, started: float | None = 0, closes: float = 600, **changes: Any) -> TimePlan:
    schedule = Schedule(Clock.PERSONAL, START, at(closes))
    started_at = None if started is None else at(started)
    return TimePlan(schedule, parts or (GENERAL, LANGUAGE), grace_seconds=10, started_at=started_at, **changes)


def grant(minutes: int, part: str | None = None, kind: TimeKind = TimeKind.GRANT) -> TimeEntry:
    return TimeEntry(kind, part, minutes * 60)


def minutes(plan: TimePlan) -> list[tuple[float, float] | None]:
    """Opening and deadline of each part in minutes from the start."""
    return [
        None
        if w.opens_at is None or w.deadline is None
        else ((w.opens_at - START) / timedelta(minutes=1), (w.deadline - START) / timedelta(minutes=1))
        for w in part_windows(plan)
    ]


BREAK = PartPlan("general", 60, break_seconds=300)
EARLY = PartPlan("general", 60, break_seconds=120, next_on_submit=True)
EXEMPT = PartPlan("general", 60, exempted=True, break_seconds=300)


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        pytest.param(shared(), [(0, 60), (60, 90)], id="shared"),
        pytest.param(shared(BREAK, LANGUAGE), [(0, 60), (65, 95)], id="shared, break"),
        pytest.param(shared(started_at=at(7)), [(0, 60), (60, 90)], id="shared, a late start gains nothing"),
        pytest.param(shared(EXEMPT, LANGUAGE), [None, (65, 95)], id="shared, an exempted part keeps its place"),
        pytest.param(shared(GENERAL, PartPlan("language", 30, exempted=True)), [(0, 60), None], id="shared, last part exempted"),
        pytest.param(shared(entries=[grant(3, "general")]), [(0, 63), (63, 93)], id="shared, grant in the first part"),
        pytest.param(shared(entries=[grant(3, "general"), grant(2, "general")]), [(0, 65), (65, 95)], id="shared, grants add up"),
        pytest.param(shared(entries=[grant(3, "language")]), [(0, 60), (60, 93)], id="shared, grant in the last part"),
        pytest.param(shared(entries=[grant(3)]), [(0, 60), (60, 93)], id="shared, grant for no part lengthens the last"),
        pytest.param(shared(GENERAL, PartPlan("language", 30, exempted=True), entries=[grant(3)]), [(0, 63), None], id="the last part sat"),
        pytest.param(shared(entries=[grant(4, "general", TimeKind.START)]), [(4, 64), (64, 94)], id="shared, begun later"),
        pytest.param(shared(entries=[grant(4, None, TimeKind.START)]), [(4, 64), (64, 94)], id="shared, all begun later"),
        pytest.param(shared(EXEMPT, LANGUAGE, entries=[grant(4, None, TimeKind.START)]), [None, (69, 99)], id="first part sat begun later"),
        pytest.param(shared(entries=[grant(4, "language", TimeKind.START)]), [(0, 60), (64, 94)], id="shared, second begun later"),
        pytest.param(shared(submitted={"general": at(40)}), [(0, 60), (60, 90)], id="shared, submitting early moves nothing"),
        pytest.param(shared(PartPlan("general", 60, accommodation_percent=25), LANGUAGE), [(0, 75), (75, 105)], id="a quarter more"),
        pytest.param(shared(PartPlan("general", 60, accommodation_seconds=90), LANGUAGE), [(0, 61.5), (61.5, 91.5)], id="90 s more"),
        pytest.param(personal(), [(0, 60), (60, 90)], id="personal"),
        pytest.param(personal(started=20), [(20, 80), (80, 110)], id="personal, started later"),
        pytest.param(personal(started=None), [None, None], id="personal, not started"),
        pytest.param(personal(EXEMPT, LANGUAGE, started=20), [None, (20, 50)], id="personal, an exempted part takes no time"),
        pytest.param(personal(EARLY, LANGUAGE), [(0, 60), (62, 92)], id="personal, may go on early but did not"),
        pytest.param(personal(EARLY, LANGUAGE, submitted={"general": at(40)}), [(0, 60), (42, 72)], id="personal, went on early"),
        pytest.param(personal(EARLY, LANGUAGE, submitted={"general": at(60, 5)}), [(0, 60), (62, 92)], id="submitted in grace"),
        pytest.param(personal(submitted={"general": at(40)}), [(0, 60), (60, 90)], id="personal, the plan has no going on early"),
        pytest.param(personal(closes=90), [(0, 60), (60, 90)], id="window just long enough"),
        pytest.param(personal(started=10, closes=90), [(10, 70), (70, 90)], id="window cuts programmed time"),
        pytest.param(personal(started=40, closes=90), [(40, 90), (90, 90)], id="window leaves nothing of the second part"),
        pytest.param(
            personal(started=40, closes=90, entries=[grant(5, "general")]), [(40, 95), (95, 95)], id="a grant comes after the cut"
        ),
        pytest.param(personal(started=10, closes=90, entries=[grant(5, "general")]), [(10, 75), (75, 95)], id="and is not eaten later"),
        pytest.param(personal(started=10, closes=90, entries=[grant(5)]), [(10, 70), (70, 95)], id="a grant past the window's end"),
        pytest.param(
            personal(started=10, closes=90, entries=[grant(5, "language", TimeKind.START)]),
            [(10, 70), (75, 95)],
            id="begun later, past the window",
        ),
        pytest.param(
            personal(PartPlan("general", 60, accommodation_percent=10), LANGUAGE, started=10, closes=90),
            [(10, 76), (76, 96)],
            id="accommodated",
        ),
    ],
)
def test_windows(plan: TimePlan, expected: list[tuple[float, float] | None]) -> None:
    assert minutes(plan) == expected


def test_closing_is_the_deadline_and_the_grace() -> None:
    assert part_windows(shared(GENERAL)) == (PartWindow("general", START, at(60), at(60, 10)),)


@pytest.mark.parametrize(
    ("plan", "seconds"),
    [
        (PartPlan("p", 1, accommodation_percent=1), 1),
        (PartPlan("p", 5, accommodation_percent=1), 3),
        (PartPlan("p", 7, accommodation_percent=33), 139),
        (PartPlan("p", 60, accommodation_percent=33, accommodation_seconds=7), 1195),
        (PartPlan("p", 60), 0),
    ],
)
def test_percentages_are_rounded_up_to_the_second(plan: PartPlan, seconds: int) -> None:
    assert plan.accommodation == timedelta(seconds=seconds)


def seconds_left(moment: Moment, now: datetime) -> int:
    """Whole seconds, rounded up: 0 only when the end has come, or where there is none."""
    return 0 if moment.ends is None else -((now - moment.ends) // timedelta(seconds=1))


@pytest.mark.parametrize(
    ("now", "general", "language", "shown", "remaining"),
    [
        (at(-1), Phase.WAITING, Phase.NOT_YET, "general", 60),
        (START - MICROSECOND, Phase.WAITING, Phase.NOT_YET, "general", 1),
        (START, Phase.OPEN, Phase.NOT_YET, "general", 3600),
        (START + MICROSECOND, Phase.OPEN, Phase.NOT_YET, "general", 3600),
        (at(0, 1), Phase.OPEN, Phase.NOT_YET, "general", 3599),
        (at(60, -1), Phase.OPEN, Phase.NOT_YET, "general", 1),
        (at(60) - MICROSECOND, Phase.OPEN, Phase.NOT_YET, "general", 1),
        (at(60), Phase.IN_GRACE, Phase.WAITING, "general", 10),
        (at(60, 10) - MICROSECOND, Phase.IN_GRACE, Phase.WAITING, "general", 1),
        (at(60, 10), Phase.CLOSED, Phase.WAITING, "language", 290),
        (at(65) - MICROSECOND, Phase.CLOSED, Phase.WAITING, "language", 1),
        (at(65), Phase.CLOSED, Phase.OPEN, "language", 1800),
        (at(95) - MICROSECOND, Phase.CLOSED, Phase.OPEN, "language", 1),
        (at(95), Phase.CLOSED, Phase.IN_GRACE, "language", 10),
        (at(95, 10) - MICROSECOND, Phase.CLOSED, Phase.IN_GRACE, "language", 1),
        (at(95, 10), Phase.CLOSED, Phase.CLOSED, "language", 0),
        (at(9999), Phase.CLOSED, Phase.CLOSED, "language", 0),
    ],
)
def test_phases_around_each_boundary(now: datetime, general: Phase, language: Phase, shown: str, remaining: int) -> None:
    plan = shared(BREAK, LANGUAGE)
    assert [moment.phase for moment in phases(plan, now)] == [general, language]
    moment = present(plan, now)
    assert (moment.part, seconds_left(moment, now)) == (shown, remaining)


def test_bounds_of_the_present_phase() -> None:
    plan = shared(BREAK, LANGUAGE)
    bounds = [
        (moment.begins, moment.ends) for moment in (present(plan, at(m, s)) for m, s in ((-5, 0), (5, 0), (60, 5), (61, 0), (200, 0)))
    ]
    assert bounds == [(None, START), (START, at(60)), (at(60), at(60, 10)), (None, at(65)), (at(95, 10), None)]


def test_the_next_part_may_open_while_the_one_before_is_in_grace() -> None:
    plan = shared()
    assert [moment.phase for moment in phases(plan, at(60, 5))] == [Phase.IN_GRACE, Phase.OPEN]
    assert present(plan, at(60, 5)).part == "language"


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(-1), [Phase.WAITING, Phase.NOT_YET]),
        (START - MICROSECOND, [Phase.WAITING, Phase.NOT_YET]),
        (START, [Phase.READY, Phase.NOT_YET]),
        (at(600) - MICROSECOND, [Phase.READY, Phase.NOT_YET]),
        (at(600), [Phase.CLOSED, Phase.CLOSED]),
    ],
)
def test_a_personal_clock_that_is_not_started(now: datetime, expected: list[Phase]) -> None:
    plan = personal(started=None)
    assert [moment.phase for moment in phases(plan, now)] == expected
    assert present(plan, now).phase is (Phase.CLOSED if now >= at(600) else expected[0])


def test_ready_shows_the_window() -> None:
    moment = present(personal(EXEMPT, LANGUAGE, started=None), at(30))
    assert (moment.part, moment.phase, moment.begins, moment.ends) == ("language", Phase.READY, START, at(600))


def test_a_submitted_part_is_closed_from_that_instant() -> None:
    plan = shared(submitted={"general": at(40)})
    assert present(plan, at(40) - MICROSECOND).phase is Phase.OPEN
    closed, waiting = phases(plan, at(40))
    assert (closed.phase, closed.begins) == (Phase.CLOSED, at(40))
    assert (waiting.phase, waiting.ends) == (Phase.WAITING, at(60))
    assert present(plan, at(40)) == waiting


def test_exempted_parts_stay_exempt() -> None:
    plan = shared(EXEMPT, LANGUAGE)
    assert [moment.phase for moment in phases(plan, START)] == [Phase.EXEMPT, Phase.WAITING]
    nothing = shared(EXEMPT)
    assert present(nothing, at(10)).phase is Phase.EXEMPT
    assert not may_enter(nothing, RULES_2020, at(-10))


@pytest.mark.parametrize(
    ("bands", "exam", "limit"),
    [
        (RULES_2025, 29, 5),
        (RULES_2025, 30, 5),
        (RULES_2025, 31, 5),
        (RULES_2025, 59, 5),
        (RULES_2025, 60, 10),
        (RULES_2025, 180, 10),
        (RULES_2020, 30, 30),
    ],
)
def test_late_entry_limits(bands: tuple[LateBand, ...], exam: int, limit: int) -> None:
    assert late_entry_minutes(bands, exam) == limit


def test_a_gap_in_the_bands_is_refused() -> None:
    with pytest.raises(ValueError, match="45 minutes"):
        late_entry_minutes((LateBand(30, 5),), 45)


@pytest.mark.parametrize(
    ("plan", "now", "expected"),
    [
        (shared(), at(-30), True),
        (shared(), START, True),
        (shared(), at(10), True),
        (shared(), at(10) + MICROSECOND, False),
        (shared(LANGUAGE), at(5), True),
        (shared(LANGUAGE), at(5) + MICROSECOND, False),
        (shared(EXEMPT, LANGUAGE), at(70), True),
        (shared(EXEMPT, LANGUAGE), at(70) + MICROSECOND, False),
        (shared(entries=[grant(4, "general", TimeKind.START)]), at(14), True),
        (shared(entries=[grant(4, "general")]), at(14), False),
        (personal(started=None), at(-30), True),
        (personal(started=None), at(600) - MICROSECOND, True),
        (personal(started=None), at(600), False),
    ],
)
def test_who_may_enter(plan: TimePlan, now: datetime, expected: bool) -> None:
    assert may_enter(plan, RULES_2025, now) is expected


@pytest.mark.parametrize("kind", list(TimeKind))
def test_time_is_never_taken_back(kind: TimeKind) -> None:
    with pytest.raises(TimeTakenBack):
        TimeEntry(kind, "general", -1)
    assert TimeEntry(kind, "general", 0).seconds == 0


@pytest.mark.parametrize("changes", [{"accommodation_seconds": -1}, {"accommodation_percent": -1}])
def test_accommodations_take_nothing_back(changes: dict[str, int]) -> None:
    with pytest.raises(TimeTakenBack):
        PartPlan("general", 60, **changes)  # type: ignore[arg-type]


def test_negative_grace_is_refused() -> None:
    with pytest.raises(TimeTakenBack):
        TimePlan(Schedule(Clock.SHARED, START), (GENERAL,), grace_seconds=-1)


@pytest.mark.parametrize(
    ("parts", "changes"),
    [
        ((GENERAL,), {"entries": [grant(1, "language")]}),
        ((EXEMPT, LANGUAGE), {"entries": [grant(1, "general")]}),
        ((EXEMPT,), {"entries": [grant(1)]}),
        ((GENERAL,), {"submitted": {"language": START}}),
        ((EXEMPT, LANGUAGE), {"submitted": {"general": START}}),
    ],
)
def test_entries_name_parts_that_are_sat(parts: tuple[PartPlan, ...], changes: dict[str, Any]) -> None:
    with pytest.raises(UnknownPart):
        shared(*parts, **changes)


NAIVE = START.replace(tzinfo=None)


@pytest.mark.parametrize(
    ("refused", "reason"),
    [
        (lambda: Schedule(Clock.PERSONAL, START), "latest end"),
        (lambda: Schedule(Clock.SHARED, START, at(90)), "latest end"),
        (lambda: Schedule(Clock.PERSONAL, START, START), "ends after it opens"),
        (lambda: Schedule(Clock.SHARED, NAIVE), "time zone"),
        (lambda: PartPlan("general", 0), "at least a minute"),
        (lambda: PartPlan("general", 1, break_seconds=-1), "no break"),
        (lambda: shared(EARLY), "begins early"),
        (lambda: shared(GENERAL, GENERAL), "each once"),
        (lambda: TimePlan(Schedule(Clock.SHARED, START), (), 0), "has parts"),
        (lambda: shared(started_at=NAIVE), "time zone"),
        (lambda: shared(submitted={"general": NAIVE}), "time zone"),
        (lambda: phases(shared(), NAIVE), "time zone"),
        (lambda: may_enter(shared(), RULES_2020, NAIVE), "time zone"),
    ],
)
def test_plans_that_contradict_themselves_are_refused(refused: Callable[[], object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        refused()


PARTS = st.builds(
    lambda exempted, length, percent, pause: (exempted, length, percent, pause),
    st.booleans(),
    st.integers(1, 90),
    st.integers(0, 50),
    st.integers(0, 600),
)


@given(st.lists(PARTS, min_size=1, max_size=4), st.booleans(), st.integers(0, 300), st.integers(0, 3600), st.data())
def test_a_grant_gives_exactly_its_time_and_moves_no_opening_earlier(
    shapes: list[tuple[bool, int, int, int]], is_shared: bool, window: int, seconds: int, data: st.DataObject
) -> None:
    parts = [PartPlan(f"p{n}", length, exempted, 0, percent, pause) for n, (exempted, length, percent, pause) in enumerate(shapes)]
    sat = [part.part for part in parts if not part.exempted]
    if not sat:
        return
    build = shared if is_shared else lambda *p, **c: personal(*p, closes=window + 1, **c)
    part = data.draw(st.sampled_from(sat))
    before = {w.part: w for w in part_windows(build(*parts)) if w.part in sat}
    after = {w.part: w for w in part_windows(build(*parts, entries=[TimeEntry(TimeKind.GRANT, part, seconds)])) if w.part in sat}
    for name in sat:
        old, new = before[name], after[name]
        assert new.opens_at >= old.opens_at  # type: ignore[operator]
        gained = (new.deadline - new.opens_at) - (old.deadline - old.opens_at)  # type: ignore[operator]
        assert gained == timedelta(seconds=seconds if name == part else 0)


@given(st.integers(-100, 12000))
def test_exactly_one_phase_holds_until_it_ends(second: int) -> None:
    plan = shared(BREAK, LANGUAGE)
    now, later = present(plan, at(0, second)), present(plan, at(0, second + 1))
    if now.ends is not None and now.ends > at(0, second + 1):
        assert later == now
    elif now.ends is not None:
        assert (later.part, later.phase) != (now.part, now.phase)
    else:
        assert (later.part, later.phase) == ("language", Phase.CLOSED)
