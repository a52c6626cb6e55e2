"""Tell candidates when and where their exam session is, and that it is being corrected."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.campaigns.operations.telling import moment_in, tell_applicants
from examsite.notices.operations import Message
from examsite.rounds.models import ExamSession, RosterEntry

HOME = "desk.home"


def tell_session_set(session: Session, exam: ExamSession, now: datetime) -> None:
    """The papers are sealed, so name, time and place stand."""
    tell_applicants(session, _listed(session, exam), Message("session_set", _where(exam), HOME), now)


def tell_session_postponed(session: Session, exam: ExamSession, reason: str, now: datetime) -> None:
    """It begins later than they were told."""
    told = {**_where(exam), "reason": reason.strip().rstrip(".")}
    tell_applicants(session, _listed(session, exam), Message("session_postponed", told, HOME), now)


def tell_session_reopened(session: Session, exam: ExamSession, reason: str, now: datetime) -> None:
    """What stood no longer stands."""
    told = {"name": exam.name, "reason": reason.strip().rstrip("."), "campaign": exam.campaign.title}
    tell_applicants(session, _listed(session, exam), Message("session_reopened", told, HOME), now)


def _where(exam: ExamSession) -> dict[str, str]:
    campaign = exam.campaign
    return {"name": exam.name, "when": moment_in(campaign, exam.opens_at), "place": exam.place or "–", "campaign": campaign.title}


def _listed(session: Session, exam: ExamSession) -> list[int]:
    return list(session.scalars(select(RosterEntry.application_id).where(RosterEntry.session_id == exam.id, RosterEntry.state == "listed")))
