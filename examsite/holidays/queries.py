"""Read the days of the house."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.holidays.models import HOLIDAY, IN_LIEU, Holiday
from examsite.rules.refusal import NotFound
from examsite.rules.working_days import WorkCalendar


def work_calendar(session: Session) -> WorkCalendar:
    """The days of the house as the rules count them, unconfirmed ones included."""
    days: dict[str, set[date]] = {HOLIDAY: set(), IN_LIEU: set()}
    for kind, day in session.execute(select(Holiday.kind, Holiday.day)):
        days[kind].add(day)
    return WorkCalendar(frozenset(days[HOLIDAY]), frozenset(days[IN_LIEU]))


def by_year(session: Session) -> dict[int, Sequence[Holiday]]:
    """All days, year by year, the latest year first; within a year in order."""
    found: dict[int, list[Holiday]] = {}
    for holiday in session.scalars(select(Holiday).order_by(Holiday.day)):
        found.setdefault(holiday.day.year, []).append(holiday)
    return dict(sorted(found.items(), reverse=True))


def known_holiday(session: Session, public_id: str) -> Holiday | None:
    """The day of this public id as it is now, if it is there."""
    return session.scalar(select(Holiday).where(Holiday.public_id == public_id).execution_options(populate_existing=True))


def holiday_by_public_id(session: Session, public_id: str) -> Holiday:
    """The day of this public id, or NotFound."""
    found = known_holiday(session, public_id)
    if found is None:
        raise NotFound
    return found
