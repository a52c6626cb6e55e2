"""The preflight: who would get less than their due, and by how much."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from examsite.rules.preflight import Case, Due, Engagement, Shortage, shortages, without_minutes
from examsite.rules.timing import Clock, PartPlan, Schedule, TimePlan

START = datetime(2026, 3, 1, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def case(window: float | None, late: int = 10, rest: int = 0, exempt: str = "", seconds: int = 0, percent: int = 0) -> Case:
    """Two parts of 60 and 30 minutes."""
    schedule = Schedule(Clock.SHARED, START) if window is None else Schedule(Clock.PERSONAL, START, START + window * MINUTE)
    parts = [PartPlan(part, minutes, part == exempt, seconds, percent, rest) for part, minutes in (("a", 60), ("b", 30))]
    dues = tuple(Due(part, minutes, seconds, percent) for part, minutes in (("a", 60), ("b", 30)) if part != exempt)
    return Case("001", dues, TimePlan(schedule, parts, 30), late)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (case(None), ()),
        (case(None, percent=50), ()),
        (case(100), ()),
        (case(100 - 1 / 60), (Shortage("001", "b", "late", 1),)),
        (case(99), (Shortage("001", "b", "late", 60),)),
        (case(90), (Shortage("001", "b", "late", 600),)),
        (case(90 - 1 / 60), (Shortage("001", "b", "on_time", 1),)),
        (case(50), (Shortage("001", "a", "on_time", 600), Shortage("001", "b", "on_time", 1800))),
        (case(100, rest=60), (Shortage("001", "b", "late", 60),)),
        (case(70, exempt="b"), ()),
        (case(69, exempt="b"), (Shortage("001", "a", "late", 60),)),
        (case(40, exempt="a"), ()),
        (case(100, seconds=90, percent=25), ()),
        (case(99, seconds=90, percent=25), (Shortage("001", "b", "late", 60),)),
    ],
)
def test_who_is_short(given: Case, expected: tuple[Shortage, ...]) -> None:
    assert shortages([given]) == expected


def test_extra_time_that_a_plan_forgets_is_missed_to_the_second() -> None:
    whole = case(None)
    owed = replace(whole, dues=(Due("a", 60, 90, 33), Due("b", 30)))
    assert shortages([owed]) == (Shortage("001", "a", "on_time", 90 + 1188),)
    assert Due("a", 7, 0, 33).seconds == 420 + 139


@pytest.mark.parametrize(("late", "missing"), [(59, None), (60, 1), (61, 60)])
def test_nobody_is_let_in_to_a_part_that_is_over(late: int, missing: int | None) -> None:
    assert shortages([case(None, late=late)]) == (() if missing is None else (Shortage("001", "a", "late_entry", missing),))


@pytest.mark.parametrize(
    ("begins", "ends", "percent", "seconds"),
    [
        (90.5, 200, 0, 0),
        (90, 200, 0, 30),
        (89, 200, 0, 90),
        (99, 200, 10, 30),
        (99.5, 200, 10, 0),
        (95, 200, 10, 270),
        (-30, 0, 0, 0),
        (-30, 1, 0, 60),
        (10, 20, 0, 600),
    ],
)
def test_two_sessions_do_not_share_a_candidate_or_a_seat(begins: float, ends: float, percent: int, seconds: int) -> None:
    for same_person, why in ((True, "person"), (False, "place")):
        other = Engagement("Ca 2", START + begins * MINUTE, START + ends * MINUTE, same_person)
        given = replace(case(None, percent=percent), engagements=(other,))
        assert shortages([given]) == ((Shortage("001", None, why, seconds, "Ca 2"),) if seconds else ())


def test_parts_without_minutes_are_named() -> None:
    assert without_minutes([("a", 1), ("b", 0)]) == (Shortage("", "b", "no_minutes", 60),)


def test_whoever_is_exempted_from_everything_lacks_nothing() -> None:
    plan = TimePlan(Schedule(Clock.SHARED, START), [PartPlan("a", 60, exempted=True)], 30)
    assert shortages([Case("001", (), plan, 0)]) == ()
