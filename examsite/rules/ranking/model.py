"""What goes into a ranking and what comes out; candidates are known by their candidate number alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from examsite.rules.policy import Decider, TieStep
from examsite.rules.refusal import Refused
from examsite.rules.scoring import Round2Score

Param = str | int | Decimal | Fraction | tuple[str, ...]
Compared = int | Decimal | Fraction | None


class State(StrEnum):
    """What became of a candidate in a round."""

    PRESENT = "present"
    ABSENT = "absent"
    VOIDED = "voided"
    WITHDRAWN = "withdrawn"


class Seat(StrEnum):
    """Where a candidate stands against the quota; NONE for those without a place."""

    INSIDE = "inside"
    UNDECIDED = "undecided"
    OUTSIDE = "outside"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, as a code of REASONS with what its sentence names; the sentence is made elsewhere, in the reader's language."""

    code: str
    params: tuple[tuple[str, Param], ...] = ()


# Every code a Reason can have, with the names of its parameters.
REASONS: Final[dict[str, tuple[str, ...]]] = {
    "inside": ("place", "total", "quota"),
    "inside_shared": ("place", "total", "quota", "others"),
    "inside_by_step": ("place", "total", "step", "of", "value", "others"),
    "inside_by_decision": ("place", "total", "decider", "document", "others"),
    "undecided": ("place", "last_place", "total", "seats", "decider", "others"),
    "outside": ("place", "total", "quota"),
    "outside_shared": ("place", "total", "quota", "others"),
    "outside_by_step": ("place", "total", "step", "of", "value", "others"),
    "outside_by_decision": ("place", "total", "decider", "document", "others"),
    "below_pass": ("exact", "official", "pass_mark"),
    "below_floor": ("components", "official"),
    "absent": ("note",),
    "voided": ("note",),
    "withdrawn": ("note",),
    "not_scored": (),
    "advances": ("exempt",),
    "part_failed": ("parts",),
    "part_not_sat": ("parts",),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One candidate of a position. `correct` is what deductions left of the right answers by part of round 1, for the parts that were
    sat; `exempt_round1` is true for one who need not sit any of it. `note` says why somebody is absent, voided or withdrawn.
    """

    number: str
    score: Round2Score | None
    state: State = State.PRESENT
    correct: tuple[tuple[str, int | Fraction], ...] = ()
    exempt_round1: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class TieDecision:
    """How a tie was decided by a person: the tied numbers from first to last, with the document that says so."""

    order: tuple[str, ...]
    decider: Decider
    document: str
    reason: str


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One tie step: the value of each candidate who was still tied, best first. `applied` is false where one of them has no value (did
    not sit that part): then the step separates nobody.
    """

    step: TieStep
    compared: tuple[tuple[str, Compared], ...]
    applied: bool


@dataclass(frozen=True, slots=True)
class PendingTie:
    """Candidates whom no step separates, the seats left for them, and who must decide."""

    numbers: tuple[str, ...]
    seats: int
    decider: Decider


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of a ranking: `place` to `last_place` is one place, or the range still open; both None without a place."""

    number: str
    place: int | None
    last_place: int | None
    seat: Seat
    reason: Reason
    total: Decimal | None
    steps: tuple[StepRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """All standings, by place, those without one last by candidate number. `steps` is how a tie across the last seat was taken apart."""

    quota: int
    standings: tuple[Standing, ...]
    pending_ties: tuple[PendingTie, ...]
    steps: tuple[StepRecord, ...]

    def standing(self, number: str) -> Standing:
        """The line of this candidate; KeyError for a stranger."""
        return {standing.number: standing for standing in self.standings}[number]


def reason(code: str, **params: Param) -> Reason:
    """The reason with this code; KeyError or ValueError where REASONS does not know it or its parameters."""
    if set(REASONS[code]) != params.keys():
        raise ValueError(f"{code} takes {REASONS[code]}, not {tuple(params)}")
    return Reason(code, tuple((name, params[name]) for name in REASONS[code]))


def refuse_twice(numbers: Iterable[str]) -> None:
    """Refused (`number_twice`) where a candidate number stands twice."""
    seen: set[str] = set()
    for number in numbers:
        if number in seen:
            raise Refused("number_twice", number=number)
        seen.add(number)
