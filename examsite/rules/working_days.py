"""Counting days: which ones are worked, and which day is so many days after or before another.

Monday to Friday are worked, except public holidays; a Saturday or Sunday is worked where it stands in for a day off between a holiday
and a weekend (hoán đổi ngày làm việc). The day of the event itself never counts.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from examsite.rules.policy import DayKind

DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Days that are not what their weekday says: `holidays` are not worked, those `in_lieu` are worked. A day in both is a holiday."""

    holidays: frozenset[date] = frozenset()
    in_lieu: frozenset[date] = frozenset()

    def works(self, day: date) -> bool:
        """Whether offices are open on this day."""
        return day not in self.holidays and (day.weekday() < _SATURDAY or day in self.in_lieu)

    def after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; `day` itself for 0."""
        return self._step(day, count, DAY)

    def before(self, day: date, count: int) -> date:
        """The `count`-th working day before `day`; `day` itself for 0."""
        return self._step(day, count, -DAY)

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; negative where `end` lies before `start`."""
        if end < start:
            return -self.between(end, start)
        return sum(self.works(start + DAY * step) for step in range(1, (end - start).days + 1))

    def _step(self, day: date, count: int, step: timedelta) -> date:
        left = count
        while left > 0:
            day += step
            left -= self.works(day)
        return day


PLAIN = WorkCalendar()
"""Monday to Friday, no holidays."""


def add(day: date, count: int, kind: DayKind, calendar: WorkCalendar) -> date:
    """The day `count` days after `day`, in calendar days or in working days."""
    return day + DAY * count if kind is DayKind.CALENDAR else calendar.after(day, count)


def subtract(day: date, count: int, kind: DayKind, calendar: WorkCalendar) -> date:
    """The latest day from which `count` whole days lie before `day`, in calendar days or in working days."""
    return day - DAY * count if kind is DayKind.CALENDAR else calendar.before(day, count)


def local_day(moment: datetime, zone: str) -> date:
    """The calendar day of a moment in a time zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def end_of(day: date, zone: str) -> datetime:
    """The first moment after a day in a time zone: the midnight that ends it."""
    return datetime.combine(day + DAY, time(), ZoneInfo(zone))
