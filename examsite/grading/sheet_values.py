"""What stands on a score sheet, as the database keeps it and as the rules read it; and the seals that the log keeps of it."""

from collections.abc import Mapping
from decimal import Decimal

from examsite.grading.models import ScoreSheet, SpreadDecision
from examsite.rules import hashchain
from examsite.rules.policy import Component
from examsite.rules.refusal import Refused
from examsite.rules.scoring import Fault, check_sheet

Scores = Mapping[str, Decimal | None]
COMMENT_LONGEST = 4000


class SheetFaulty(Refused):
    """What was typed does not fit the criteria; `faults` says where and how."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("grading.sheet_faulty", count=len(faults))
        self.faults = faults


def check(scores: Scores, components: tuple[Component, ...], *, whole: bool) -> None:
    """SheetFaulty unless the scores fit; `whole`: none may be missing, as for locking."""
    faults = tuple(fault for fault in check_sheet(scores, components) if whole or fault.code != "missing")
    if faults:
        raise SheetFaulty(faults)


def stored(scores: Scores, components: tuple[Component, ...]) -> dict[str, str | None]:
    """The scores as text, one entry a criterion, None while unscored."""
    return {component.id: _text(scores.get(component.id)) for component in components}


def given(sheet: ScoreSheet) -> dict[str, Decimal]:
    """The scores that were given, exactly; a criterion without one is left out."""
    return {component: Decimal(score) for component, score in sheet.scores.items() if score is not None}


def total(sheet: ScoreSheet) -> Decimal | None:
    """The sum of a sheet on which nothing is missing."""
    if any(score is None for score in sheet.scores.values()):
        return None
    return sum(given(sheet).values(), Decimal(0))


def seal(kind: str, salt: str, content: Mapping[str, object]) -> str:
    """What the log keeps of `content` while codes are closed: it binds, and shows nothing."""
    return hashchain.commitment(kind, bytes.fromhex(salt), dict(content)).hex()


def seal_of_sheet(sheet: ScoreSheet, interview: str, member: str) -> str:
    """The seal of one version; `interview` and `member` are public ids."""
    content = {
        "interview": interview,
        "member": member,
        "version": sheet.version,
        "locked": sheet.locked_at is not None,
        "scores": sheet.scores,
        "comment": sheet.comment,
        "saved_at": sheet.saved_at,
    }
    return seal("grading:sheet:sealed", sheet.salt, content)


def seal_of_decision(decision: SpreadDecision, interview: str) -> str:
    """The seal of a decided score; `interview` is a public id."""
    content = {
        "interview": interview,
        "by": decision.role,
        "spread": decision.spread,
        "score": decision.score,
        "reason": decision.reason,
        "in_place": decision.in_place,
        "at": decision.decided_at,
    }
    return seal("grading:spread:sealed", decision.salt, content)


def codes_commitment(salt: str, codes: Mapping[str, str]) -> str:
    """What binds the codes (by candidate number) without showing them; anybody can check it once codes and salt are open."""
    return seal("grading:codes:drawn", salt, codes)


def interviews_commitment(salt: str, interviews: Mapping[str, str]) -> str:
    """What binds each interview (a public id, by candidate number) to its candidate, since sheets are sealed with the interview alone."""
    return seal("grading:interviews:drawn", salt, interviews)


def _text(score: Decimal | None) -> str | None:
    if score is None:
        return None
    return format(score.normalize(), "f") if score else "0"
