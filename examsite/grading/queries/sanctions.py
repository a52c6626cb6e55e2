"""Look up what was recorded against candidates in interviews."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from examsite.grading.models import Interview, Panel, Sanction
from examsite.rules import canonical
from examsite.rules.policy import RuleSet
from examsite.rules.refusal import NotFound
from examsite.rules.scoring import cancels


def sanctions_of(session: Session, panel: Panel) -> dict[int, tuple[Sanction, ...]]:
    """All sanctions of a panel's interviews, decided or not, by the interview's id, in the order in which they were recorded."""
    found = session.scalars(
        select(Sanction)
        .join(Interview, Interview.id == Sanction.interview_id)
        .options(joinedload(Sanction.recorded_by), joinedload(Sanction.decided_by))
        .where(Interview.panel_id == panel.id)
        .order_by(Sanction.id)
    )
    by_interview: dict[int, tuple[Sanction, ...]] = {}
    for sanction in found:
        by_interview[sanction.interview_id] = (*by_interview.get(sanction.interview_id, ()), sanction)
    return by_interview


def sanction_in(session: Session, interview: Interview, public_id: str) -> Sanction:
    """One sanction of this interview, or NotFound."""
    found = session.scalar(select(Sanction).where(Sanction.interview_id == interview.id, Sanction.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def shown(sanction: Sanction) -> str:
    """The digest of what a page shows to whoever decides about a sanction."""
    content = {"sanction": sanction.public_id, "outcome": sanction.outcome, "decided_at": sanction.decided_at}
    return canonical.digest(content)


def imposed(sanctions: Iterable[Sanction]) -> tuple[Sanction, ...]:
    """Those that the chair imposed."""
    return tuple(sanction for sanction in sanctions if sanction.outcome == "imposed")


def voids(sanctions: Iterable[Sanction], rules: RuleSet) -> Sanction | None:
    """The imposed sanction that cancels the result of the interview; None where none does."""
    return next((sanction for sanction in imposed(sanctions) if cancels([sanction.kind], rules.penalties)), None)
