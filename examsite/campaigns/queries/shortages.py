"""Positions with fewer eligible candidates than the rules ask for, and what was decided about them (`positions.min_candidates`)."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload

from examsite.campaigns.models import Application, Campaign, Position, PositionClosure, ShortageDecision
from examsite.campaigns.queries.campaigns import rule_set


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many are eligible for a position, how many are not decided yet, the `least` of the rules, and the decision that stands."""

    position: Position
    eligible: int
    undecided: int
    least: int
    decision: ShortageDecision | None

    @property
    def short(self) -> bool:
        """Whether there are fewer eligible candidates than the rules ask for."""
        return self.eligible < self.least

    @property
    def holds(self) -> bool:
        """Whether the decision still fits: nobody is left of a closed position, and no fewer of another than when it was decided."""
        if self.decision is None:
            return False
        return self.eligible == 0 if self.decision.outcome == "close" else self.eligible >= self.decision.eligible

    @property
    def settled(self) -> bool:
        """Whether the exam may go on as far as this position is concerned."""
        return not self.short or self.holds

    @property
    def waits(self) -> bool:
        """Whether the chair has to decide about it now: everybody is judged, and nothing that was decided fits."""
        return not self.undecided and not self.settled


def decidable(campaign: Campaign) -> bool:
    """Whether it can be decided now what becomes of a position with too few candidates."""
    return campaign.reached("applications") and not campaign.reached("provisional")


def turnouts(session: Session, campaign: Campaign) -> list[Turnout]:
    """One line a position that was not closed altogether, by code."""
    counted = (
        select(
            Position,
            func.count(case((Application.state == "eligible", 1))),
            func.count(case((Application.state == "received", 1))),
        )
        .outerjoin(Application, Application.position_id == Position.id)
        .where(Position.campaign_id == campaign.id, ~select(PositionClosure.id).where(PositionClosure.position_id == Position.id).exists())
        .group_by(Position.id)
        .order_by(Position.code)
    )
    least, decided = rule_set(campaign).min_candidates, decisions(session, campaign)
    return [
        Turnout(position, eligible, undecided, least, decided.get(position.id))
        for position, eligible, undecided in session.execute(counted)
    ]


def decisions(session: Session, campaign: Campaign) -> Mapping[int, ShortageDecision]:
    """The decisions that stand, by the position's id."""
    found = session.scalars(
        select(ShortageDecision)
        .join(Position, Position.id == ShortageDecision.position_id)
        .options(joinedload(ShortageDecision.decided_by))
        .where(Position.campaign_id == campaign.id, ShortageDecision.superseded_at.is_(None))
    )
    return {decision.position_id: decision for decision in found}
