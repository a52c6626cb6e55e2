"""A rule set as typed values: what the other rules and the rooms read. Shares are Fractions, points Decimals, times minutes."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from examsite.rules.policy.choices import (
    RUNS,
    Base,
    Capability,
    Clock,
    Combine,
    DayKind,
    Decider,
    Limit,
    Mode,
    PartKind,
    Round1Form,
    Round2Form,
    Stage,
    Total,
)
from examsite.rules.policy.entries import Words


@dataclass(frozen=True, slots=True)
class Named:
    """An id with its name, such as a language, or a relation between a member and a candidate."""

    id: str
    name: Words


@dataclass(frozen=True, slots=True)
class Part:
    """One timed paper of round 1. `questions` correct answers at most; `by_language`: the position's language decides the bank."""

    id: str
    name: Words
    kind: PartKind
    by_language: bool
    questions: int
    minutes: int
    pass_share: Fraction
    exemptable: bool
    bank_multiple: int

    @property
    def bank_minimum(self) -> int:
        """Approved items the part's bank must hold before papers may be drawn."""
        return self.questions * self.bank_multiple


@dataclass(frozen=True, slots=True)
class Exemption:
    """A ground on which a candidate need not sit `parts`."""

    id: str
    name: Words
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Round1:
    form: Round1Form
    parts: tuple[Part, ...]
    languages: tuple[Named, ...]
    exemptions: tuple[Exemption, ...]
    result_shown_at_once: bool
    remarking: bool

    def part(self, part_id: str) -> Part:
        """The part with this id; KeyError for another."""
        return {part.id: part for part in self.parts}[part_id]


@dataclass(frozen=True, slots=True)
class LateBand:
    """How many minutes late a candidate may come to an exam of at least `exam_minutes_from` minutes."""

    id: str
    name: Words
    exam_minutes_from: int
    minutes: int


@dataclass(frozen=True, slots=True)
class SessionRules:
    clock: Clock
    break_minutes: int
    grace_seconds: int
    late_bands: tuple[LateBand, ...]
    """Ascending from exams of 0 minutes."""


@dataclass(frozen=True, slots=True)
class Penalty:
    """A sanction: the `share` taken off, or the whole result where it `cancels`."""

    id: str
    name: Words
    share: Fraction
    of: Base
    cancels: bool


@dataclass(frozen=True, slots=True)
class Penalties:
    combine: Combine
    kinds: tuple[Penalty, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """What work of `low` to `high` points looks like, both included."""

    id: str
    name: Words
    low: Decimal
    high: Decimal
    text: Words


@dataclass(frozen=True, slots=True)
class Component:
    """A criterion of the score sheet; `step` is the finest difference between two scores."""

    id: str
    name: Words
    guide: Words
    maximum: int
    step: Decimal
    floor_share: Fraction
    levels: tuple[Level, ...]

    @property
    def floor(self) -> Fraction:
        """Points below which the component fails the round; 0 where the set has no floor."""
        return self.maximum * self.floor_share


@dataclass(frozen=True, slots=True)
class Round2:
    """`minutes` is the time of each candidate before the panel, or of the paper where there is no panel; `answer_minutes` follow for
    questions and answers, and `written_minutes` are those of a paper beside an interview: 0 where the set has none. `questions` is 0 but
    for a test on computer.
    """

    form: Round2Form
    minutes: int
    preparation_minutes: int
    answer_minutes: int
    written_minutes: int
    questions: int
    minimum_members: int
    maximum: int
    pass_mark: Decimal
    components: tuple[Component, ...]
    remarking: bool

    @property
    def slot_minutes(self) -> int:
        """Minutes for which one candidate is before the panel."""
        return self.minutes + self.answer_minutes


@dataclass(frozen=True, slots=True)
class SpreadBand:
    """From this spread on (`included`: at it, else above it) the score is decided by a person and not by the mean."""

    id: str
    name: Words
    decider: Decider
    start: Decimal
    included: bool

    def holds(self, spread: Fraction) -> bool:
        """Whether the spread has reached this band."""
        start = Fraction(self.start)
        return spread >= start if self.included else spread > start


@dataclass(frozen=True, slots=True)
class Rounding:
    places: int
    mode: Mode
    stage: Stage
    before_compare: bool


@dataclass(frozen=True, slots=True)
class PriorityGroup:
    id: str
    name: Words
    points: Decimal


@dataclass(frozen=True, slots=True)
class Priority:
    combine: Combine
    groups: tuple[PriorityGroup, ...]


@dataclass(frozen=True, slots=True)
class TieStep:
    """One step of the tie rule; `of` is the component, the part or the decider it looks at, empty where it needs none."""

    name: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class RankingRules:
    total: Total
    tie_steps: tuple[TieStep, ...]

    @property
    def decider(self) -> Decider:
        """Who decides a tie that no step separates."""
        return Decider(self.tie_steps[-1].of)


@dataclass(frozen=True, slots=True)
class Deadline:
    """Days between two events; `large_days` holds instead of `days` from `large_from` applicants on, where the set says so."""

    id: str
    name: Words
    after: str
    to: str
    limit: Limit
    days: int
    day_kind: DayKind
    large_from: int | None
    large_days: int | None

    def days_for(self, applicants: int) -> int:
        """The days that hold for this number of applicants."""
        if self.large_from is not None and self.large_days is not None and applicants >= self.large_from:
            return self.large_days
        return self.days


@dataclass(frozen=True, slots=True)
class Appeals:
    """How long appeals are taken after publication, and how many days after that they are answered; both in the same kind of days."""

    window_days: int
    day_kind: DayKind
    answer_days: int = 0


@dataclass(frozen=True, slots=True)
class PublicLists:
    """The columns of each public list, in order."""

    eligible: tuple[str, ...]
    round1: tuple[str, ...]
    final: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BoardGroup:
    """Boards of which nobody may sit on two."""

    id: str
    name: Words
    boards: tuple[str, ...]

    def forbids(self, one: str, other: str) -> bool:
        """Whether a member of one of these two different boards may not sit on the other."""
        return one != other and one in self.boards and other in self.boards


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All rules of one campaign."""

    id: str
    name: Words
    summary: Words
    min_candidates: int
    council_sizes: tuple[int, ...]
    exclusive_boards: tuple[BoardGroup, ...]
    relations: tuple[Named, ...]
    round1: Round1
    session: SessionRules
    penalties: Penalties
    round2: Round2
    spread: tuple[SpreadBand, ...]
    rounding: Rounding
    priority: Priority
    ranking: RankingRules
    deadlines: tuple[Deadline, ...]
    appeals: Appeals
    publication: PublicLists

    def relation(self, relation_id: str) -> Named | None:
        """The kind of relation with this id that keeps a member from scoring; None for another."""
        return next((relation for relation in self.relations if relation.id == relation_id), None)

    def clash(self, board: str, others: Collection[str]) -> tuple[BoardGroup, str] | None:
        """Why somebody who sits on `others` may not sit on `board` too: the first group that forbids it, and which of them; else None."""
        return next(((group, other) for group in self.exclusive_boards for other in others if group.forbids(board, other)), None)

    @property
    def needs(self) -> frozenset[Capability]:
        """What a program must be able to do to run this set from end to end."""
        scores = any(step.name == "assessment_score" for step in self.ranking.tie_steps)
        return _round1_needs(self.round1) | _round2_needs(self.round2) | ({Capability.ASSESSMENT_SCORES} if scores else frozenset())

    @property
    def waits_for(self) -> tuple[Capability, ...]:
        """What this program cannot do yet of what the set needs; empty when it can be chosen."""
        return tuple(capability for capability in Capability if capability in self.needs - RUNS)

    @property
    def runnable(self) -> bool:
        """Whether a campaign may choose this set."""
        return not self.waits_for


def _round1_needs(round1: Round1) -> frozenset[Capability]:
    needs = {Capability.COMPUTER_TEST} if round1.form is Round1Form.COMPUTER else {Capability.PAPER_TEST}
    if any(part.kind is PartKind.ESSAY for part in round1.parts):
        needs.add(Capability.WRITTEN_PAPERS)
    if round1.remarking:
        needs.add(Capability.REMARKING)
    return frozenset(needs) if round1.parts else frozenset()


_ROUND2_NEEDS = {
    Round2Form.INTERVIEW: {Capability.INTERVIEW},
    Round2Form.ORAL: {Capability.INTERVIEW},
    Round2Form.PRACTICE: {Capability.INTERVIEW},
    Round2Form.WRITTEN: {Capability.WRITTEN_PAPERS},
    Round2Form.WRITTEN_AND_INTERVIEW: {Capability.WRITTEN_PAPERS, Capability.INTERVIEW},
    Round2Form.PROJECT: {Capability.PROJECT_DEFENCE},
    Round2Form.COMPUTER: {Capability.COMPUTER_ROUND2},
    Round2Form.NONE: {Capability.ROUND1_ALONE},
}


def _round2_needs(round2: Round2) -> frozenset[Capability]:
    return frozenset(_ROUND2_NEEDS[round2.form] | ({Capability.REMARKING} if round2.remarking else set()))
