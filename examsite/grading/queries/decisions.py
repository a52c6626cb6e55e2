"""Which interviews ask for a decision, or have one."""

from collections.abc import Iterable

from examsite.grading.queries.progress import Progress
from examsite.grading.sheet_values import given
from examsite.rules import canonical
from examsite.rules.policy import RuleSet
from examsite.rules.scoring import NeedsDecision, Sheet, panel_outcome


def locked_sheets(progress: Progress) -> dict[str, Sheet]:
    """The locked sheets of an interview as the rules read them, by member."""
    return {scorer.member.public_id: given(scorer.sheet) for scorer in progress.scorers if scorer.sheet is not None and scorer.locked}


def question_of(progress: Progress, rules: RuleSet) -> NeedsDecision | None:
    """What the sheets of a complete interview ask for, whether or not it was decided already; None where the mean holds."""
    if progress.interview.gone or progress.interview.state != "present" or not progress.complete:
        return None
    outcome = panel_outcome(locked_sheets(progress), None, rules)
    return outcome if isinstance(outcome, NeedsDecision) else None


def shown(progress: Progress) -> str:
    """The digest of what a page shows to whoever decides the score: the locked sheets, who gives none, and the decision that stands."""
    locked = (scorer.sheet for scorer in progress.scorers if scorer.sheet is not None and scorer.locked)
    content = {
        "interview": progress.interview.public_id,
        "sheets": [[sheet.public_id, sheet.seal] for sheet in locked],
        "recused": [[one.member.public_id, one.recusal.kind] for one in progress.scorers if one.recusal is not None],
        "decision": progress.decision.seal if progress.decision else None,
    }
    return canonical.digest(content)


def open_or_decided(found: Iterable[Progress], rules: RuleSet) -> list[tuple[Progress, NeedsDecision]]:
    """The interviews that ask or asked for a decision, each with its question."""
    asked = ((progress, question_of(progress, rules)) for progress in found)
    return [(progress, question) for progress, question in asked if question is not None]
