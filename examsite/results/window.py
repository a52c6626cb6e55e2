"""Until when a published list can be appealed against."""

from datetime import date, datetime
from typing import Any, cast

from examsite.results.models import Publication
from examsite.rules.policy import Appeals
from examsite.rules.working_days import PLAIN, WorkCalendar, add, end_of, local_day


def last_day(published: date, appeals: Appeals, calendar: WorkCalendar = PLAIN) -> date:
    """The last day on which an appeal is taken: the day of publication does not count (`appeals.window_days`, `appeals.day_kind`)."""
    return add(published, appeals.window_days, appeals.day_kind, calendar)


def open_until(publication: Publication, appeals: Appeals) -> date:
    """The last day that stands on the published list: a holiday that is entered later moves nothing that was promised."""
    promised = cast("dict[str, Any]", publication.content).get("appeals_until")
    if promised:
        return date.fromisoformat(promised)
    return last_day(local_day(publication.published_at, publication.campaign.time_zone), appeals)


def closes_at(publication: Publication, appeals: Appeals) -> datetime:
    """The first moment at which no appeal is taken any more: midnight after the last day, in the campaign's time zone."""
    return end_of(open_until(publication, appeals), publication.campaign.time_zone)
