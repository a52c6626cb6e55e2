"""Tell candidates when and where their interview is."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.campaigns.models import Application
from examsite.campaigns.operations.telling import moment_in, tell_each_applicant
from examsite.campaigns.queries import rule_set
from examsite.grading.models import Interview, Panel
from examsite.notices.operations import Message, tell, to_account

HOME = "desk.home"


def tell_interviews_set(session: Session, panel: Panel, now: datetime) -> None:
    """The lots are drawn, so each candidate who waits has a place in the order and a time."""
    tell_each_applicant(session, _to_each("interview_set", panel, _waiting(session, panel)), now)


def tell_panel_changed(session: Session, panel: Panel, now: datetime) -> None:
    """Name, place or times changed: the members come elsewhere, and so do the candidates who know their interview already."""
    tell_each_applicant(session, _to_each("interview_changed", panel, _waiting(session, panel)), now)
    page = {"campaign_id": panel.campaign.public_id}
    message = Message("panel_changed", {"panel": panel.name, **_where(panel, panel.starts_at)}, "grading.panels", page)
    tell(session, [to_account(member.account) for member in panel.members], message, now)


def tell_panel_removed(session: Session, panel: Panel, now: datetime) -> None:
    """The members of a panel that is no more have nowhere to come."""
    page = {"campaign_id": panel.campaign.public_id}
    message = Message("panel_removed", {"panel": panel.name, **_where(panel, panel.starts_at)}, "grading.panels", page)
    tell(session, [to_account(member.account) for member in panel.members], message, now)


def tell_interview_moved(session: Session, panel: Panel, interview: Interview, at: datetime, reason: str, now: datetime) -> None:
    """One interview begins at another time."""
    message = _message("interview_moved", panel, at, {"reason": reason.strip().rstrip(".")})
    tell_each_applicant(session, {interview.application_id: message}, now)


def _waiting(session: Session, panel: Panel) -> Iterable[Interview]:
    """Those with a place in the order who are still to come."""
    waiting = select(Interview).join(Interview.application).where(Interview.panel_id == panel.id, Interview.number.is_not(None))
    wanted = waiting.where(Interview.state == "waiting", Application.state == "eligible", ~Interview.dropped).order_by(
        Interview.application_id
    )
    return session.scalars(wanted.execution_options(populate_existing=True))


def _to_each(code: str, panel: Panel, interviews: Iterable[Interview]) -> dict[int, Message]:
    """The place in the order and the time of each of these, by application."""
    return {
        interview.application_id: _message(
            code, panel, interview.planned_at or panel.starts_at, {"panel": panel.name, "number": interview.number}
        )
        for interview in interviews
    }


def _message(code: str, panel: Panel, at: datetime, told: Mapping[str, object]) -> Message:
    """Where the rules set time aside to prepare, the candidate is told when that begins (`round2.preparation_minutes`)."""
    minutes = rule_set(panel.campaign).round2.preparation_minutes
    facts = {**_where(panel, at), **told}
    if not minutes:
        return Message(code, facts, HOME)
    return Message(f"{code}_prepared", {**facts, "prepare": moment_in(panel.campaign, at - timedelta(minutes=minutes))}, HOME)


def _where(panel: Panel, at: datetime) -> dict[str, object]:
    return {"when": moment_in(panel.campaign, at), "place": panel.place or "–", "campaign": panel.campaign.title}
