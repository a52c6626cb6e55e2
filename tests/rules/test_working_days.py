"""Working days: weekends, holidays, swapped Saturdays, and what holds for every calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examsite.rules.policy import DayKind
from examsite.rules.working_days import PLAIN, WorkCalendar, add, end_of, local_day, subtract

TET = WorkCalendar(frozenset(date(2026, 2, day) for day in (16, 17, 18, 19, 20)))
SWAPPED = WorkCalendar(frozenset({date(2025, 4, 30), date(2025, 5, 1), date(2025, 5, 2)}), frozenset({date(2025, 4, 26)}))
BOTH = WorkCalendar(frozenset({date(2026, 11, 14)}), frozenset({date(2026, 11, 14)}))

days = st.dates(date(2025, 1, 1), date(2027, 12, 31))
calendars = st.builds(WorkCalendar, st.frozensets(days, max_size=30), st.frozensets(days, max_size=10))
counts = st.integers(0, 60)


@pytest.mark.parametrize(
    ("start", "count", "calendar", "end"),
    [
        (date(2026, 11, 13), 0, PLAIN, date(2026, 11, 13)),
        (date(2026, 11, 13), 1, PLAIN, date(2026, 11, 16)),
        (date(2026, 11, 14), 1, PLAIN, date(2026, 11, 16)),
        (date(2026, 11, 9), 5, PLAIN, date(2026, 11, 16)),
        (date(2026, 2, 13), 1, TET, date(2026, 2, 23)),
        (date(2026, 2, 12), 2, TET, date(2026, 2, 23)),
        (date(2025, 4, 25), 1, SWAPPED, date(2025, 4, 26)),
        (date(2025, 4, 25), 4, SWAPPED, date(2025, 5, 5)),
        (date(2026, 11, 13), 1, BOTH, date(2026, 11, 16)),
        (date(2026, 12, 31), 1, PLAIN, date(2027, 1, 1)),
    ],
)
def test_the_day_so_many_working_days_later(start: date, count: int, calendar: WorkCalendar, end: date) -> None:
    assert add(start, count, DayKind.WORKING, calendar) == end
    assert calendar.between(start, end) == count


@pytest.mark.parametrize(
    ("day", "count", "calendar", "latest"),
    [
        (date(2026, 11, 16), 1, PLAIN, date(2026, 11, 13)),
        (date(2026, 11, 16), 5, PLAIN, date(2026, 11, 9)),
        (date(2026, 2, 23), 1, TET, date(2026, 2, 13)),
        (date(2025, 5, 5), 3, SWAPPED, date(2025, 4, 26)),
        (date(2026, 11, 16), 0, PLAIN, date(2026, 11, 16)),
    ],
)
def test_the_day_so_many_working_days_before(day: date, count: int, calendar: WorkCalendar, latest: date) -> None:
    assert subtract(day, count, DayKind.WORKING, calendar) == latest


def test_calendar_days_know_no_holiday() -> None:
    assert add(date(2026, 2, 13), 3, DayKind.CALENDAR, TET) == date(2026, 2, 16)
    assert subtract(date(2026, 2, 16), 3, DayKind.CALENDAR, TET) == date(2026, 2, 13)


def test_a_moment_belongs_to_the_day_of_the_campaign_and_ends_at_its_midnight() -> None:
    late = datetime(2026, 11, 9, 17, 0, tzinfo=UTC)
    assert local_day(late - timedelta(seconds=1), "Asia/Ho_Chi_Minh") == date(2026, 11, 9)
    assert local_day(late, "Asia/Ho_Chi_Minh") == date(2026, 11, 10)
    assert end_of(date(2026, 11, 9), "Asia/Ho_Chi_Minh") == late


@given(days, counts, calendars)
def test_so_many_days_later_is_so_many_days_away(day: date, count: int, calendar: WorkCalendar) -> None:
    end = calendar.after(day, count)
    assert calendar.between(day, end) == count
    assert calendar.between(end, day) == -count
    assert count == 0 or calendar.works(end)


@given(days, counts, counts, calendars)
def test_waiting_twice_is_waiting_for_the_sum(day: date, first: int, second: int, calendar: WorkCalendar) -> None:
    assert calendar.after(calendar.after(day, first), second) == calendar.after(day, first + second)


@given(days, counts, calendars)
def test_back_and_forth_ends_where_it_began(day: date, count: int, calendar: WorkCalendar) -> None:
    worked = calendar.after(day, 1)
    assert calendar.before(calendar.after(worked, count), count) == worked


@given(days, counts, calendars, days)
def test_one_holiday_more_never_makes_a_deadline_earlier(day: date, count: int, calendar: WorkCalendar, holiday: date) -> None:
    more = WorkCalendar(calendar.holidays | {holiday}, calendar.in_lieu)
    assert more.after(day, count) >= calendar.after(day, count)
