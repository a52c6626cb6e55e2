"""Whoever is on a sealed roster has papers for what was decided then: it is decided anew only after the session was opened again."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.campaigns.models import Application
from examsite.campaigns.operations.holding import asked_before_changes
from examsite.rounds.models import ExamSession, RosterEntry
from examsite.rules.refusal import Refused


@asked_before_changes
def hold_what_is_sealed(session: Session, application: Application) -> None:
    """Refuse (`rounds.on_sealed_roster`) while the candidate may still sit, or has begun, papers of a sealed session."""
    mine = select(ExamSession.name).join(RosterEntry, RosterEntry.session_id == ExamSession.id)
    sealed = mine.where(RosterEntry.application_id == application.id, ExamSession.state == "sealed")
    name = session.scalar(sealed.where(RosterEntry.state.in_(("listed", "started"))))
    if name is not None:
        raise Refused("rounds.on_sealed_roster", session=name)
