"""Until when something is due: by the limit between two events, in the days that the rule counts."""

from datetime import date

import pytest

from examsite import policies
from examsite.rules.due import Due, due_after, due_before, earliest
from examsite.rules.working_days import PLAIN, WorkCalendar

RULES = policies.load("cs-138-2020").rules
FRIDAY = date(2026, 11, 13)
HOLIDAY = WorkCalendar(frozenset({date(2026, 11, 16)}))


@pytest.mark.parametrize(
    ("after", "to", "calendar", "due"),
    [
        ("screened", "rejected_notified", PLAIN, Due(date(2026, 11, 20), "deadlines.rejections.days")),
        ("screened", "rejected_notified", HOLIDAY, Due(date(2026, 11, 23), "deadlines.rejections.days")),
        ("round1_marked", "round2_list", PLAIN, Due(date(2026, 11, 20), "deadlines.round2_list.days")),
        ("round2_list", "round2_held", HOLIDAY, Due(date(2026, 11, 28), "deadlines.round2.days")),
        ("announced", "applications_close", PLAIN, None),
        ("started", "announced", PLAIN, None),
    ],
)
def test_at_most_so_many_days_after(after: str, to: str, calendar: WorkCalendar, due: Due | None) -> None:
    assert due_after(RULES, after, to, FRIDAY, calendar) == due


@pytest.mark.parametrize(
    ("first", "calendar", "due"),
    [
        ("summoned", PLAIN, Due(date(2026, 11, 6), "deadlines.summons.days")),
        ("list_posted", PLAIN, Due(date(2026, 11, 12), "deadlines.posting.days")),
        ("list_posted", WorkCalendar(frozenset({date(2026, 11, 12)})), Due(date(2026, 11, 11), "deadlines.posting.days")),
        ("announced", PLAIN, None),
    ],
)
def test_at_least_so_many_days_before(first: str, calendar: WorkCalendar, due: Due | None) -> None:
    assert due_before(RULES, first, "round1_held", FRIDAY, calendar) == due


def test_a_wait_says_the_first_day_and_a_limit_says_none() -> None:
    assert earliest(RULES, "announced", "applications_close", FRIDAY, PLAIN) == date(2026, 12, 13)
    assert earliest(RULES, "screened", "rejected_notified", FRIDAY, PLAIN) is None
