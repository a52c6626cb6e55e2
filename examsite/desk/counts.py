"""How many of what: the figures that the stages, the task lists and the funnels are made of. Each is one query."""

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from examsite.campaigns.models import Application, Campaign, Criterion, Membership, Position
from examsite.grading.models import Interview, Panel, PanelMember
from examsite.questions.models import Blueprint
from examsite.results.models import Appeal
from examsite.rounds.models import Entrant, ExamSession, RosterEntry, SessionRoom


def _count(session: Session, table: type, *where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*where)) or 0


def _number(session: Session, query: Select[int]) -> int:
    return session.scalar(query) or 0


def positions(session: Session, campaign: Campaign) -> int:
    """Positions of the campaign."""
    return _count(session, Position, Position.campaign_id == campaign.id)


def positions_without_criteria(session: Session, campaign: Campaign) -> int:
    """Positions that nobody could screen for."""
    judged = select(Criterion.id).where(Criterion.position_id == Position.id).exists()
    return _count(session, Position, Position.campaign_id == campaign.id, ~judged)


def members(session: Session, campaign: Campaign, board: str) -> int:
    """People on a board now."""
    return _count(session, Membership, Membership.campaign_id == campaign.id, Membership.board == board, Membership.ended_at.is_(None))


def has_head(session: Session, campaign: Campaign, board: str) -> bool:
    """Whether a board has its head."""
    return (
        _count(
            session,
            Membership,
            Membership.campaign_id == campaign.id,
            Membership.board == board,
            Membership.duty == "head",
            Membership.ended_at.is_(None),
        )
        > 0
    )


def applications(session: Session, campaign: Campaign, state: str | None = None) -> int:
    """Applications of the campaign, in one state or all but the withdrawn."""
    wanted = Application.state == state if state else Application.state != "withdrawn"
    return _count(session, Application, Application.campaign_id == campaign.id, wanted)


def unnumbered(session: Session, campaign: Campaign) -> int:
    """Eligible applications without a candidate number."""
    return _count(
        session,
        Application,
        Application.campaign_id == campaign.id,
        Application.state == "eligible",
        Application.candidate_number.is_(None),
    )


def sessions(session: Session, campaign: Campaign, state: str | None = None) -> int:
    """Exam sessions, in one state or all."""
    wanted = [ExamSession.state == state] if state else []
    return _count(session, ExamSession, ExamSession.campaign_id == campaign.id, *wanted)


def unlisted(session: Session, campaign: Campaign) -> int:
    """Eligible candidates who stand on no roster."""
    listed = select(RosterEntry.id).where(RosterEntry.application_id == Application.id).exists()
    return _count(session, Application, Application.campaign_id == campaign.id, Application.state == "eligible", ~listed)


def unseated(session: Session, campaign: Campaign) -> int:
    """Those listed, and still eligible, who have no seat though their session uses rooms."""
    roomy = select(SessionRoom.id).where(SessionRoom.session_id == RosterEntry.session_id).exists()
    query = select(func.count()).select_from(RosterEntry).join(RosterEntry.session).join(RosterEntry.application)
    standing = (RosterEntry.state == "listed", Application.state == "eligible", RosterEntry.seat.is_(None))
    return _number(session, query.where(ExamSession.campaign_id == campaign.id, *standing, roomy))


def open_roster_entries(session: Session, campaign: Campaign) -> int:
    """Roster entries that are neither started, absent nor voided."""
    query = (
        select(func.count())
        .select_from(RosterEntry)
        .join(ExamSession)
        .where(ExamSession.campaign_id == campaign.id, RosterEntry.state == "listed")
    )
    return _number(session, query)


def blueprints(session: Session, campaign: Campaign) -> int:
    """Blueprints of the campaign's papers."""
    return _count(session, Blueprint, Blueprint.campaign_id == campaign.id)


def entrants(session: Session, campaign: Campaign) -> int:
    """Candidates who enter round 2."""
    return _count(session, Entrant, Entrant.campaign_id == campaign.id)


def unplaced(session: Session, campaign: Campaign, *, by_round1: bool) -> int:
    """Candidates of round 2 who stand before no panel; without a round 1 these are all eligible ones."""
    placed = select(Interview.id).where(Interview.application_id == Application.id).exists()
    entered = select(Entrant.id).where(Entrant.application_id == Application.id).exists()
    wanted = [entered] if by_round1 else []
    return _count(session, Application, Application.campaign_id == campaign.id, Application.state == "eligible", ~placed, *wanted)


def panels(session: Session, campaign: Campaign, state: str | None = None) -> int:
    """Panels, in one state or all."""
    wanted = [Panel.state == state] if state else []
    return _count(session, Panel, Panel.campaign_id == campaign.id, *wanted)


def short_panels(session: Session, campaign: Campaign, least: int) -> int:
    """Panels with fewer members than the rules ask for."""
    scoring = PanelMember.duty != "decider"
    seats = select(func.count()).select_from(PanelMember).where(PanelMember.panel_id == Panel.id, scoring).scalar_subquery()
    return _count(session, Panel, Panel.campaign_id == campaign.id, seats < least)


def open_appeals(session: Session, campaign: Campaign) -> int:
    """Appeals without a decision."""
    return _appeals(session, campaign, Appeal.decided_at.is_(None))


def appeals_to_carry_out(session: Session, campaign: Campaign) -> int:
    """Accepted appeals of which nobody has recorded what was done about them."""
    return _appeals(session, campaign, Appeal.outcome == "accepted", Appeal.carried_out_at.is_(None))


def _appeals(session: Session, campaign: Campaign, *where: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(Appeal).join(Application).where(Application.campaign_id == campaign.id, *where)
    return _number(session, query)
