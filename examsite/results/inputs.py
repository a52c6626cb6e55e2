"""What goes into each list, frozen: people by candidate number, never by a number of the database.

A draft keeps its input in canonical form, so that anybody can compute it again from the same values.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from examsite.rules.policy import Decider
from examsite.rules.ranking import Round1Entry, State
from examsite.rules.scoring import Agreed


@dataclass(frozen=True, slots=True)
class Opening:
    """One position with its seats."""

    code: str
    title: str
    unit: str
    quota: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A candidate as lists name them; `unit` is where the person works now, `position` the code of the position applied for."""

    number: str
    name: str
    unit: str
    position: str


@dataclass(frozen=True, slots=True)
class EligibleEntry:
    """An eligible candidate and the parts of round 1 they need not sit."""

    who: Listed
    exempt: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RejectedEntry:
    """An application that was not accepted, named by its public id: it has no candidate number, and stands on no public list."""

    application: str
    name: str
    unit: str
    position: str
    reason: str


@dataclass(frozen=True, slots=True)
class EligibleInput:
    openings: tuple[Opening, ...]
    eligible: tuple[EligibleEntry, ...]
    rejected: tuple[RejectedEntry, ...]


@dataclass(frozen=True, slots=True)
class Round1Line:
    """A candidate and what became of them in round 1."""

    who: Listed
    entry: Round1Entry


@dataclass(frozen=True, slots=True)
class Round1Input:
    openings: tuple[Opening, ...]
    candidates: tuple[Round1Line, ...]


@dataclass(frozen=True, slots=True)
class Round2Line:
    """A candidate of round 2: the panel's score, None where there is none, with all that places and ties may look at.

    `groups` are the priority groups that were granted, `correct` what deductions left of the right answers by part of round 1, `penalties`
    the sanctions imposed in round 2.
    """

    who: Listed
    state: State
    note: str
    agreed: Agreed | None
    groups: tuple[str, ...]
    correct: tuple[tuple[str, int | Fraction], ...]
    exempt_round1: bool
    penalties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decided:
    """A tie of one position that was decided by hand."""

    position: str
    order: tuple[str, ...]
    decider: Decider
    document: str
    reason: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class RankingInput:
    openings: tuple[Opening, ...]
    candidates: tuple[Round2Line, ...]
    decisions: tuple[Decided, ...]


@dataclass(frozen=True, slots=True)
class InsideLine:
    """A candidate inside the quota of the official ranking."""

    who: Listed
    place: int
    total: Decimal


@dataclass(frozen=True, slots=True)
class RecommendationInput:
    """The official ranking that is recommended from: its number, its digest, and who stands inside the quota."""

    official: int
    official_digest: str
    openings: tuple[Opening, ...]
    inside: tuple[InsideLine, ...]


ListInput = EligibleInput | Round1Input | RankingInput | RecommendationInput
