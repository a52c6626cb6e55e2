"""Until when a published list can be appealed against."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from examsite.rules.policy import Appeals, DayKind

_SATURDAY = 5


def local_day(moment: datetime, zone: str) -> date:
    """The calendar day of a moment in the campaign's time zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def last_day(published: date, appeals: Appeals) -> date:
    """The last day on which an appeal is taken: the day of publication itself does not count (`appeals.window_days`, `appeals.day_kind`).

    Working days are Monday to Friday; public holidays are not known here, so the council may have to take an appeal a little later.
    """
    if appeals.day_kind is DayKind.CALENDAR:
        return published + timedelta(days=appeals.window_days)
    day, left = published, appeals.window_days
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < _SATURDAY
    return day


def closes_at(published: datetime, appeals: Appeals, zone: str) -> datetime:
    """The first moment at which no appeal is taken any more: midnight after the last day, in the campaign's time zone."""
    after = last_day(local_day(published, zone), appeals) + timedelta(days=1)
    return datetime.combine(after, time(), ZoneInfo(zone))
