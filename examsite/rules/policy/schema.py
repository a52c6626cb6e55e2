"""What a value may be, key by key: the one list of all keys that the program reads.

A key is dotted; `*` stands for an id that a list of ids names (`parts.*.minutes` for each id in `round1.parts`). Cross-checks between
values (maxima that sum up, levels in order) are made when the whole set is parsed, so that one value can be changed after another.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Final

from examsite.rules.policy.choices import (
    Base,
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
from examsite.rules.refusal import Refused

EVENTS: Final = (
    "announced", "applications_close", "check_board", "screened", "rejected_notified", "summoned", "list_posted", "round1_held",
    "round1_marked", "round1_published", "round2_list", "round2_held", "round2_marked", "reported", "approved", "published",
    "file_complete", "appointed", "started",
)  # fmt: skip
PUBLIC_FIELDS: Final = (
    "candidate_number", "name", "unit", "position", "exempt", "correct", "round1_result", "components", "round2_score",
    "priority_points", "total", "place", "result", "reason",
)  # fmt: skip
BOARDS: Final = ("hr", "council", "question", "invigilation", "code", "marking", "remarking", "panel", "supervision")
# Each step of a tie rule, and whether it names what it looks at (`component:defence`).
TIE_STEPS: Final = {
    "round2_score": False, "component": True, "part_correct": True, "exempt_round1": False,
    "assessment_score": False, "decision": True,
}  # fmt: skip
TIE_DECIDERS: Final = (Decider.AGENCY_HEAD.value, Decider.COUNCIL.value, Decider.COUNCIL_CHAIR.value)


class Kind(StrEnum):
    """The shape of a value."""

    YES_NO = "yes_no"
    WHOLE = "whole"
    NUMBER = "number"
    WORDS = "words"
    NAME = "name"
    CHOICE = "choice"
    CHOICES = "choices"
    IDS = "ids"
    WHOLES = "wholes"
    STEPS = "steps"


@dataclass(frozen=True, slots=True)
class Spec:
    """Kind and bounds of a value.

    `names` is the room of keys in which the ids of a list have their names; a list that `owns` that room decides which ids there are.
    """

    kind: Kind
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    options: tuple[str, ...] = ()
    names: str = ""
    owns: bool = False


def _whole(low: int, high: int) -> Spec:
    return Spec(Kind.WHOLE, Decimal(low), Decimal(high))


def _number(low: str, high: str) -> Spec:
    return Spec(Kind.NUMBER, Decimal(low), Decimal(high))


def _choice(options: type[StrEnum] | tuple[str, ...]) -> Spec:
    return Spec(Kind.CHOICE, options=tuple(str(option) for option in options))


def _choices(options: tuple[str, ...]) -> Spec:
    return Spec(Kind.CHOICES, options=options)


def _ids(names: str, *, owns: bool = True) -> Spec:
    return Spec(Kind.IDS, names=names, owns=owns)


_YES_NO = Spec(Kind.YES_NO)
_WORDS = Spec(Kind.WORDS)
_PERCENT = _whole(0, 100)
_DAYS = _whole(0, 730)

SCHEMA: Final[dict[str, Spec]] = {
    "set.id": Spec(Kind.NAME),
    "set.name": _WORDS,
    "set.summary": _WORDS,
    "positions.min_candidates": _whole(1, 20),
    "council.sizes": Spec(Kind.WHOLES, Decimal(1), Decimal(30)),
    "boards.exclusive": _ids("boards"),
    "boards.*.name": _WORDS,
    "boards.*.members": _choices(BOARDS),
    "conflicts.relations": _ids("conflicts"),
    "conflicts.*.name": _WORDS,
    "round1.form": _choice(Round1Form),
    "round1.parts": _ids("parts"),
    "parts.*.name": _WORDS,
    "parts.*.kind": _choice(PartKind),
    "parts.*.by_language": _YES_NO,
    "parts.*.questions": _whole(1, 500),
    "parts.*.minutes": _whole(1, 600),
    "parts.*.pass_percent": _PERCENT,
    "parts.*.exemptable": _YES_NO,
    "round1.languages": _ids("languages"),
    "languages.*.name": _WORDS,
    "round1.exemptions": _ids("exemptions"),
    "exemptions.*.name": _WORDS,
    "exemptions.*.parts": _ids("parts", owns=False),
    "bank.multiple": _whole(1, 20),
    "session.clock": _choice(Clock),
    "session.break_minutes": _whole(0, 240),
    "session.grace_seconds": _whole(0, 600),
    "session.late_bands": _ids("late"),
    "late.*.name": _WORDS,
    "late.*.exam_minutes_from": _whole(0, 600),
    "late.*.minutes": _whole(0, 240),
    "round1.result_shown_at_once": _YES_NO,
    "round1.remarking": _YES_NO,
    "penalties.kinds": _ids("penalties"),
    "penalties.combine": _choice(Combine),
    "penalties.*.name": _WORDS,
    "penalties.*.percent": _PERCENT,
    "penalties.*.of": _choice(Base),
    "penalties.*.cancels": _YES_NO,
    "round2.form": _choice(Round2Form),
    "round2.minutes": _whole(1, 600),
    "round2.preparation_minutes": _whole(0, 240),
    "round2.answer_minutes": _whole(1, 600),
    "round2.written_minutes": _whole(1, 600),
    "round2.questions": _whole(1, 500),
    "round2.minimum_members": _whole(1, 30),
    "round2.maximum": _whole(1, 1000),
    "round2.pass_mark": _number("0", "1000"),
    "round2.score_step": _number("0.01", "100"),
    "round2.remarking": _YES_NO,
    "round2.components": _ids("components"),
    "round2.levels": _ids("levels"),
    "levels.*.name": _WORDS,
    "components.*.name": _WORDS,
    "components.*.guide": _WORDS,
    "components.*.maximum": _whole(1, 1000),
    "components.*.floor_percent": _PERCENT,
    "components.*.*.from": _number("0", "1000"),
    "components.*.*.text": _WORDS,
    "spread.bands": _ids("spread"),
    "spread.*.name": _WORDS,
    "spread.*.decided_by": _choice((Decider.BOARD_HEAD.value, Decider.COUNCIL_CHAIR.value)),
    "spread.*.from": _number("0", "1000"),
    "spread.*.from_included": _YES_NO,
    "rounding.places": _whole(0, 4),
    "rounding.mode": _choice(Mode),
    "rounding.stage": _choice(Stage),
    "rounding.before_compare": _YES_NO,
    "priority.groups": _ids("priority"),
    "priority.combine": _choice(Combine),
    "priority.*.name": _WORDS,
    "priority.*.points": _number("0", "100"),
    "ranking.total": _choice(Total),
    "ranking.tie_steps": Spec(Kind.STEPS),
    "appeals.window_days": _DAYS,
    "appeals.day_kind": _choice(DayKind),
    "appeals.answer_days": _DAYS,
    "deadlines.steps": _ids("deadlines"),
    "deadlines.*.name": _WORDS,
    "deadlines.*.after": _choice(EVENTS),
    "deadlines.*.to": _choice(EVENTS),
    "deadlines.*.limit": _choice(Limit),
    "deadlines.*.days": _DAYS,
    "deadlines.*.day_kind": _choice(DayKind),
    "deadlines.*.large_from": _whole(0, 100_000),
    "deadlines.*.large_days": _DAYS,
    "publication.eligible": _choices(PUBLIC_FIELDS),
    "publication.round1": _choices(PUBLIC_FIELDS),
    "publication.final": _choices(PUBLIC_FIELDS),
}


@lru_cache(maxsize=4096)
def pattern_of(key: str) -> str:
    """The key of the schema that covers this key, or refused (`policy_key_unknown`)."""
    if key in SCHEMA and "*" not in key:
        return key
    parts = key.split(".")
    for pattern in SCHEMA:
        shape = pattern.split(".")
        if len(shape) == len(parts) and "*" in shape and all(s in ("*", p) for s, p in zip(shape, parts, strict=True)):
            return pattern
    raise Refused("policy_key_unknown", field=key, key=key)


def spec_of(key: str) -> Spec:
    """Kind and bounds of the value with this key; an unknown key is refused (`policy_key_unknown`)."""
    return SCHEMA[pattern_of(key)]
