"""A tie across the quota: who is tied now, what the steps of the rule found, and what two people sign to settle it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from examsite.accounts.models import TwoPersonAct
from examsite.accounts.queries import open_act
from examsite.campaigns.models import Application, Position
from examsite.campaigns.queries import rule_set
from examsite.grading.queries.chairing import conflicts_with
from examsite.results.inputs import Opening, RankingInput
from examsite.results.models import TieDecision
from examsite.results.outcomes import RankedPosition, rank_position
from examsite.results.queries.reading import undecided_input
from examsite.results.queries.tie_proof import TIE, about
from examsite.rules.ranking import PendingTie


@dataclass(frozen=True)
class Tie:
    """One position as its tie stands. `ranked` leaves recorded decisions out of account, so that `pending` is what there is to decide."""

    position: Position
    given: RankingInput
    opening: Opening
    ranked: RankedPosition

    @property
    def pending(self) -> PendingTie | None:
        """The tie that no step separates; None where there is none."""
        return self.ranked.pending[0] if self.ranked.pending else None


def tie_of(session: Session, position: Position) -> Tie:
    """The tie of a position, computed from what stands now. Refused while the codes are not opened."""
    given = undecided_input(session, position.campaign)
    opening = next(opening for opening in given.openings if opening.code == position.code)
    return Tie(position, given, opening, rank_position(opening, given, rule_set(position.campaign)))


def waiting_tie(session: Session, position: Position) -> TwoPersonAct | None:
    """The decision that has its first signature and waits for the second."""
    return open_act(session, TIE, about(position))


def decisions_of(session: Session, position: Position) -> list[TieDecision]:
    """All recorded decisions of a position, newest first; the one that stands has no `superseded_at`."""
    query = select(TieDecision).options(joinedload(TieDecision.first), joinedload(TieDecision.second), joinedload(TieDecision.position))
    return list(session.scalars(query.where(TieDecision.position_id == position.id).order_by(TieDecision.id.desc())))


@dataclass(frozen=True, slots=True)
class Ordered:
    """The order that was decided, by which document and why; `in_place` is why a deputy decided it in the chair's place, or empty."""

    numbers: Sequence[str]
    document: str
    reason: str
    in_place: str


def ordered_by(act: TwoPersonAct) -> Ordered:
    """What the first person signed as decided."""
    told = content_of(act)
    return Ordered(told["ordered"], str(told["document"]), str(told["reason"]), str(told.get("in_place", "")))


def tie_content(tie: Tie, pending: PendingTie, decided: Ordered) -> dict[str, object]:
    """What both people sign: who is tied with what, what the steps compared, and the order that was decided."""
    totals = {line.who.number: line.standing.total for line in tie.ranked.lines if line.who.number in pending.numbers}
    return {
        "campaign": tie.position.campaign.public_id,
        "position": tie.position.code,
        "seats": pending.seats,
        "tied": list(pending.numbers),
        "totals": totals,
        "steps": list(tie.ranked.steps),
        "decider": pending.decider,
        "ordered": list(decided.numbers),
        "document": decided.document,
        "reason": decided.reason,
        "in_place": decided.in_place,
    }


def names_of(tie: Tie) -> Mapping[str, str]:
    """The names of those who are tied, by candidate number."""
    pending = tie.pending
    return {line.who.number: line.who.name for line in tie.ranked.lines if pending is not None and line.who.number in pending.numbers}


def kept_from_tie(session: Session, tie: Tie) -> dict[int, str]:
    """Who declared a conflict with somebody who is tied, and so does not say in which order they are put."""
    tied = (Application.campaign_id == tie.position.campaign_id, Application.candidate_number.in_(list(names_of(tie))))
    return conflicts_with(session, session.scalars(select(Application.id).where(*tied)))


def content_of(act: TwoPersonAct) -> Mapping[str, Any]:
    """What the first person signed."""
    content = act.content
    return content if isinstance(content, dict) else {}
