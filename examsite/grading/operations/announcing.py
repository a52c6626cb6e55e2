"""Tell candidates when and where their interview is."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.campaigns.operations.telling import moment_in, tell_each_applicant
from examsite.grading.models import Interview, Panel
from examsite.notices.operations import Message

HOME = "desk.home"


def tell_interviews_set(session: Session, panel: Panel, now: datetime) -> None:
    """The lots are drawn, so each candidate who waits has a place in the order and a time."""
    waiting = select(Interview).where(Interview.panel_id == panel.id, Interview.state == "waiting", Interview.number.is_not(None))
    rows = session.scalars(waiting.order_by(Interview.application_id).execution_options(populate_existing=True))
    tell_each_applicant(session, {interview.application_id: _set(panel, interview) for interview in rows}, now)


def tell_interview_moved(session: Session, panel: Panel, interview: Interview, at: datetime, reason: str, now: datetime) -> None:
    """One interview begins at another time."""
    told = {**_where(panel, at), "reason": reason.strip().rstrip(".")}
    tell_each_applicant(session, {interview.application_id: Message("interview_moved", told, HOME)}, now)


def _set(panel: Panel, interview: Interview) -> Message:
    told = {**_where(panel, interview.planned_at or panel.starts_at), "panel": panel.name, "number": interview.number}
    return Message("interview_set", told, HOME)


def _where(panel: Panel, at: datetime) -> dict[str, object]:
    return {"when": moment_in(panel.campaign, at), "place": panel.place or "–", "campaign": panel.campaign.title}
