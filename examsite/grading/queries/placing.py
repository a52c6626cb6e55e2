"""Who enters round 2, and before which panel they stand."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from examsite.campaigns.models import Application, Campaign, Position
from examsite.campaigns.queries import rule_set
from examsite.grading.models import Interview
from examsite.rounds.models import Entrant


@dataclass(frozen=True, slots=True)
class Seats:
    """The candidates of one position in round 2: how many there are, and how many stand before no panel yet."""

    position: Position
    entrants: int
    unplaced: int


def entrants(session: Session, campaign: Campaign) -> list[Application]:
    """The applications that enter round 2, by candidate number: those that the round 1 result lets in, or under rules without a
    round 1 all eligible ones."""
    query = (
        select(Application)
        .options(joinedload(Application.person), joinedload(Application.position))
        .where(Application.campaign_id == campaign.id, Application.state == "eligible", Application.candidate_number.is_not(None))
        .order_by(Application.candidate_number)
    )
    if rule_set(campaign).round1.parts:
        query = query.where(select(Entrant.id).where(Entrant.application_id == Application.id).exists())
    return list(session.scalars(query))


def unplaced(session: Session, campaign: Campaign) -> list[Application]:
    """Those who enter round 2 and stand before no panel yet."""
    placed = set(session.scalars(select(Interview.application_id).join(Application).where(Application.campaign_id == campaign.id)))
    return [application for application in entrants(session, campaign) if application.id not in placed]


def seats_by_position(session: Session, campaign: Campaign) -> list[Seats]:
    """Each position that has candidates in round 2, by its code."""
    waiting = {application.id for application in unplaced(session, campaign)}
    by_position: dict[Position, list[Application]] = {}
    for application in entrants(session, campaign):
        by_position.setdefault(application.position, []).append(application)
    return [
        Seats(position, len(found), sum(application.id in waiting for application in found))
        for position, found in sorted(by_position.items(), key=lambda entry: entry[0].code)
    ]


def interviews_by_panel(session: Session, campaign: Campaign) -> dict[int, int]:
    """How many candidates stand before each panel, by the panel's id."""
    counted = (
        select(Interview.panel_id, func.count().label("many"))
        .join(Interview.application)
        .where(Application.campaign_id == campaign.id)
        .group_by(Interview.panel_id)
    )
    return {found.panel_id: found.many for found in session.execute(counted)}
