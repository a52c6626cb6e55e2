"""Until when something is due under a rule set: a day, and the rule that says so."""

from dataclasses import dataclass
from datetime import date

from examsite.rules.policy import Deadline, Limit, RuleSet
from examsite.rules.working_days import WorkCalendar, add, subtract


@dataclass(frozen=True, slots=True)
class Due:
    """The last day, and the key of the rule it comes from (`deadlines.<id>.days`), which is its anchor on the page of the rules."""

    on: date
    rule: str


def due_after(rules: RuleSet, after: str, to: str, since: date, calendar: WorkCalendar, applicants: int = 0) -> Due | None:
    """The last day for the event `to` when `after` happened on `since`; None where the set sets no limit between the two."""
    found = _deadline(rules, after, to, Limit.AT_MOST)
    if found is None:
        return None
    return Due(add(since, found.days_for(applicants), found.day_kind, calendar), _key(found))


def due_before(rules: RuleSet, first: str, then: str, on: date, calendar: WorkCalendar, applicants: int = 0) -> Due | None:
    """The last day for the event `first` when `then` is planned for `on` and the set asks for so many days between the two."""
    found = _deadline(rules, first, then, Limit.AT_LEAST)
    if found is None:
        return None
    return Due(subtract(on, found.days_for(applicants), found.day_kind, calendar), _key(found))


def earliest(rules: RuleSet, after: str, to: str, since: date, calendar: WorkCalendar, applicants: int = 0) -> date | None:
    """The first day on which the event `to` may happen when `after` happened on `since`; None where the set asks for no wait."""
    found = _deadline(rules, after, to, Limit.AT_LEAST)
    return None if found is None else add(since, found.days_for(applicants), found.day_kind, calendar)


def _deadline(rules: RuleSet, after: str, to: str, limit: Limit) -> Deadline | None:
    return next((one for one in rules.deadlines if (one.after, one.to, one.limit) == (after, to, limit)), None)


def _key(deadline: Deadline) -> str:
    return f"deadlines.{deadline.id}.days"
