"""One person in one campaign as the tasks see it, and what a task is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from examsite.campaigns.models import Campaign
from examsite.campaigns.roles import Role
from examsite.desk.tasks.facts import NOTHING, Fact, Facts
from examsite.rules.due import Due, due_after, due_before
from examsite.rules.policy import RuleSet
from examsite.rules.working_days import WorkCalendar, local_day


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for this person: the sentence `task.<code>`, how many, the page where it is done, and until when.

    `narrowed` is what the address of the page says besides, so that it shows what is counted and no more. `rule` is the key of the rule
    that sets the day; empty where the day is that of a timetable, or where nothing sets one.
    """

    code: str
    endpoint: str
    campaign: Campaign | None = None
    count: int = 0
    due: date | None = None
    rule: str = ""
    narrowed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """What the tasks of one campaign are derived from; `signing` are the kinds of acts that wait for a second signature in it.

    `short` counts positions with too few candidates and no decision, `to_decide` interviews whose score this
    person has to decide; `appeals_until` is the last day that stands on the provisional ranking.
    """

    role: Role
    rules: RuleSet
    facts: Facts
    calendar: WorkCalendar
    today: date
    signing: frozenset[str] = frozenset()
    short: int = 0
    to_decide: int = 0
    appeals_until: date | None = None

    @property
    def campaign(self) -> Campaign:
        """The campaign that it is about."""
        return self.role.campaign

    def fact(self, name: str) -> Fact:
        """One figure; nothing where there is none."""
        return self.facts.get(name, NOTHING)

    def some(self, name: str) -> int:
        """How many there are of one figure."""
        return self.fact(name).count

    def at(self, *stages: str) -> bool:
        """Whether the campaign stands at one of these stages."""
        return self.campaign.stage in stages

    def task(self, code: str, endpoint: str, count: int = 0, due: Due | None = None, on: date | None = None, **narrowed: str) -> Task:
        """A task of this campaign, due by a rule, or `on` the day of a timetable, or without a day."""
        return Task(code, endpoint, self.campaign, count, due.on if due else on, due.rule if due else "", narrowed)

    def after(self, event: str, to: str, since: datetime | date | None) -> Due | None:
        """Until when `to` is due after `event`; None where the event has not happened, or no rule limits the time between."""
        if since is None:
            return None
        day = self.day(since) if isinstance(since, datetime) else since
        return due_after(self.rules, event, to, day, self.calendar, self.applicants)

    def before(self, first: str, then: str, planned: datetime | None) -> Due | None:
        """Until when `first` is due so that it lies long enough before what is planned."""
        return None if planned is None else due_before(self.rules, first, then, self.day(planned), self.calendar, self.applicants)

    def day(self, moment: datetime) -> date:
        """The day of a moment in the campaign's time zone."""
        return local_day(moment, self.campaign.time_zone)

    def day_or_none(self, moment: datetime | None) -> date | None:
        """The same, where there may be no moment."""
        return None if moment is None else self.day(moment)

    @property
    def applicants(self) -> int:
        """How many applied, which may lengthen a deadline."""
        return self.some("received") + self.some("decided")
