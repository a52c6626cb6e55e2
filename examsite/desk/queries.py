"""What crosses the rooms: what happened since the last visit, the funnel of each position, the history of the stages, the public front."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session, joinedload

from examsite.accounts.models import Account, LoginSession
from examsite.audit.models import LogChain, LogEntry
from examsite.campaigns.models import Application, Campaign, Position, StageStep
from examsite.campaigns.queries.shortages import turnouts
from examsite.campaigns.roles import Role
from examsite.results.models import Publication
from examsite.rounds.models import Entrant, RosterEntry
from examsite.rules.refusal import NotFound


@dataclass(frozen=True)
class Visit:
    """What happened in campaigns since somebody signed in the last time before this one; `since` is None at the first visit."""

    since: datetime | None
    entries: Sequence[tuple[Role, int]]


@dataclass(frozen=True)
class Funnel:
    """How many of one position's applicants came how far."""

    position: Position
    applied: int
    eligible: int
    sat: int
    passed: int


def since_last_visit(session: Session, account: Account, login: LoginSession, roles: Sequence[Role]) -> Visit:
    """How many entries the logs of these campaigns have that the person cannot have seen, in two queries."""
    earlier = select(func.max(LoginSession.created_at)).where(LoginSession.account_id == account.id, LoginSession.id < login.id)
    since = session.scalar(earlier)
    counted = select(LogChain.name, func.count()).join(LogEntry, LogEntry.chain_id == LogChain.id).group_by(LogChain.name)
    counted = counted.where(LogChain.name.in_([role.campaign.chain for role in roles]))
    found = {row[0]: row[1] for row in session.execute(counted if since is None else counted.where(LogEntry.at > since))}
    return Visit(since, [(role, found.get(role.campaign.chain, 0)) for role in roles])


def funnels(session: Session, campaign: Campaign) -> list[Funnel]:
    """One line a position, in one query."""
    counted = (
        select(
            Position,
            func.count(Application.id),
            func.count(case((Application.state == "eligible", 1))),
            func.count(case((RosterEntry.state == "started", 1))),
            func.count(case((Entrant.id.is_not(None), 1))),
        )
        .outerjoin(Application, and_(Application.position_id == Position.id, Application.state != "withdrawn"))
        .outerjoin(RosterEntry, RosterEntry.application_id == Application.id)
        .outerjoin(Entrant, Entrant.application_id == Application.id)
        .where(Position.campaign_id == campaign.id)
        .group_by(Position.id)
        .order_by(Position.code)
        .options(joinedload(Position.unit))
    )
    return [Funnel(*row) for row in session.execute(counted)]


def short_positions(session: Session, campaign: Campaign) -> set[int]:
    """The ids of positions with too few eligible candidates and no decision about it, from the screening on."""
    if not campaign.reached("applications"):
        return set()
    return {one.position.id for one in turnouts(session, campaign) if not one.undecided and not one.settled}


def history(session: Session, campaign: Campaign) -> list[StageStep]:
    """Every step taken, newest first."""
    return list(
        session.scalars(
            select(StageStep)
            .options(joinedload(StageStep.taken_by))
            .where(StageStep.campaign_id == campaign.id)
            .order_by(StageStep.id.desc())
        )
    )


def announced_campaigns(session: Session) -> list[Campaign]:
    """What the public may know of: every campaign since its announcement, newest first."""
    return list(session.scalars(select(Campaign).where(Campaign.stage != "draft").order_by(Campaign.created_at.desc())))


def announced_campaign(session: Session, public_id: str) -> Campaign:
    """One announced campaign, or NotFound."""
    campaign = session.scalar(select(Campaign).where(Campaign.public_id == public_id, Campaign.stage != "draft"))
    if campaign is None:
        raise NotFound
    return campaign


def public_positions(session: Session, campaign: Campaign) -> list[Position]:
    """Positions with unit and standards."""
    return list(
        session.scalars(
            select(Position)
            .options(joinedload(Position.unit), joinedload(Position.criteria))
            .where(Position.campaign_id == campaign.id)
            .order_by(Position.code)
        ).unique()
    )


def public_lists(session: Session, campaign: Campaign) -> list[Publication]:
    """Published lists, newest first; superseded ones stay readable."""
    return list(
        session.scalars(select(Publication).where(Publication.campaign_id == campaign.id).order_by(Publication.published_at.desc()))
    )


def latest_lists(session: Session, limit: int = 8) -> list[Publication]:
    """The newest standing lists of all campaigns, for the front page."""
    return list(
        session.scalars(
            select(Publication)
            .options(joinedload(Publication.campaign))
            .where(Publication.superseded_at.is_(None))
            .order_by(Publication.published_at.desc())
            .limit(limit)
        )
    )


def my_application(session: Session, account: Account) -> Application | None:
    """The application an account of a candidate was made for."""
    return session.scalar(
        select(Application)
        .options(
            joinedload(Application.campaign), joinedload(Application.position).joinedload(Position.unit), joinedload(Application.person)
        )
        .where(Application.account_id == account.id)
    )
