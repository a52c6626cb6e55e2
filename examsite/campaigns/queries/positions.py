"""Look up the positions of a campaign."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from examsite.campaigns.models import Application, Campaign, Criterion, CriterionFinding, Position, PositionClosure
from examsite.rules.refusal import NotFound
from examsite.vietnamese import fold


def positions_of(session: Session, campaign: Campaign) -> list[Position]:
    """The positions of a campaign by code, with their units and criteria."""
    return list(
        session.scalars(
            select(Position)
            .options(joinedload(Position.unit), selectinload(Position.criteria))
            .where(Position.campaign_id == campaign.id)
            .order_by(Position.code)
        )
    )


def narrowed(positions: Sequence[Position], text: str) -> list[Position]:
    """Those whose title, code or unit holds this text, whatever the marks."""
    wanted = fold(text)
    return [one for one in positions if any(wanted in fold(told) for told in (one.title, one.code, one.unit.name))]


def position_by_public_id(session: Session, campaign: Campaign, public_id: str) -> Position:
    """One position of this campaign, or NotFound."""
    position = session.scalar(
        select(Position).options(joinedload(Position.unit)).where(Position.campaign_id == campaign.id, Position.public_id == public_id)
    )
    if position is None:
        raise NotFound
    return position


def judged_criteria(session: Session, position: Position) -> set[int]:
    """The ids of those criteria against which an application has been judged, even if the finding was superseded."""
    return set(
        session.scalars(
            select(CriterionFinding.criterion_id)
            .join(Criterion, Criterion.id == CriterionFinding.criterion_id)
            .where(Criterion.position_id == position.id)
            .distinct()
        )
    )


def has_applications(session: Session, position: Position) -> bool:
    """Whether anybody applied for it."""
    return session.scalar(select(Application.id).where(Application.position_id == position.id).limit(1)) is not None


def closure_of(session: Session, position: Position) -> PositionClosure | None:
    """Why and when a position was closed, if it was."""
    return session.scalar(
        select(PositionClosure).options(joinedload(PositionClosure.closed_by)).where(PositionClosure.position_id == position.id)
    )


def why_not_close(session: Session, position: Position) -> str | None:
    """The code of the reason why a position cannot be closed now; None where it can."""
    if position.campaign.stage == "draft":
        return "closures.not_announced"
    if position.campaign.reached("provisional"):
        return "closures.too_late"
    return "closures.closed_already" if closure_of(session, position) is not None else None


def closures(session: Session, campaign: Campaign) -> dict[int, PositionClosure]:
    """The positions of a campaign that were closed, by the position's id."""
    found = session.scalars(
        select(PositionClosure).join(Position, Position.id == PositionClosure.position_id).where(Position.campaign_id == campaign.id)
    )
    return {closure.position_id: closure for closure in found}
