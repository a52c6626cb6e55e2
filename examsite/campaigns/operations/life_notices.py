"""Tell candidates and boards what happened on the way: a position closed, entries corrected, access made anew, an application
given up."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.campaigns.models import Application, Campaign, Person, Position
from examsite.campaigns.operations.telling import board_members, tell_applicants, tell_each_applicant
from examsite.notices.operations import Message, tell

HOME = "desk.home"


def tell_position_closed(session: Session, position: Position, ended: Collection[tuple[int, str]], reason: str, now: datetime) -> None:
    """Those whose applications ended with it, and the HR board, which plans without it from now on."""
    campaign = position.campaign
    told = {"position": position.title, "reason": reason.rstrip("."), "campaign": campaign.title}
    tell_applicants(session, [key for key, _public_id in ended], Message("application_ended", told, HOME), now)
    message = Message("position_closed", {**told, "count": len(ended)}, "campaigns.positions", {"campaign_id": campaign.public_id})
    tell(session, board_members(session, campaign, ("hr",)), message, now)


def tell_person_corrected(session: Session, person: Person, now: datetime) -> None:
    """The person, once for each campaign that is not closed. The entries themselves are not sent: they stand on the first page."""
    theirs = select(Application.id, Campaign.title).join(Campaign, Campaign.id == Application.campaign_id)
    rows = session.execute(theirs.where(Application.person_id == person.id, Campaign.stage != "closed").order_by(Application.id))
    tell_each_applicant(session, {row.id: Message("person_corrected", {"campaign": row.title}, HOME) for row in rows}, now)


def tell_withdrawn(session: Session, application: Application, now: datetime, *, by_candidate: bool) -> None:
    """The HR board where the candidate gave up; the candidate where HR recorded it."""
    campaign = application.campaign
    told = {"position": application.position.title, "campaign": campaign.title}
    if not by_candidate:
        tell_applicants(session, [application.id], Message("withdrawal_recorded", told, HOME), now)
        return
    page = {"campaign_id": campaign.public_id, "application_id": application.public_id}
    message = Message("candidate_withdrew", {**told, "number": application.candidate_number or "–"}, "campaigns.application", page)
    tell(session, board_members(session, campaign, ("hr",)), message, now)


def tell_access_reset(session: Session, application: Application, now: datetime) -> None:
    """The candidate: whoever did not ask for a new code learns that somebody did, also by mail."""
    message = Message("access_reset", {"campaign": application.campaign.title}, HOME)
    tell_applicants(session, [application.id], message, now)
