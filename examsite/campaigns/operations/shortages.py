"""Decide what becomes of a position for which too few are eligible: go on with fewer, or close it."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.models import Position, ShortageDecision
from examsite.campaigns.operations.campaigns import locked
from examsite.campaigns.operations.closures import Ending, turn_out
from examsite.campaigns.operations.reception import held_open
from examsite.campaigns.permissions import may_decide_shortage
from examsite.campaigns.queries.shortages import Turnout, decidable, turnouts
from examsite.campaigns.roles import Role
from examsite.rules.refusal import NotFound, Refused
from examsite.vietnamese import tidy

GO_ON, CLOSE = "go_on", "close"
TURNED_DOWN = Ending(("eligible",), "rejected", "campaigns:application:decided", {"decision": "rejected"})


def decide_shortage(session: Session, role: Role, position: Position, outcome: str, reason: str, now: datetime) -> None:
    """Record the decision of the council's chair; it supersedes an earlier one. Closing a position turns its eligible applications down
    for the same reason, frees their seats and tells them, so it can be done only while applications may be judged; later
    `closures.close_position` closes it. Whoever withdraws once the exam is prepared may leave too few: going on is decided until the
    ranking stands.

    Refused: `campaigns.shortage_stage`, `shortage_unknown`, `reason_missing`, `shortage_undecided` (somebody is not screened yet),
    `shortage_none` (there are enough), `shortage_nobody` (nobody to go on with), and to close what `reception.held_open` refuses.
    """
    role.must(may_decide_shortage(role))
    campaign = locked(session, role.campaign)
    turnout = next((one for one in turnouts(session, campaign) if one.position.id == position.id), None)
    if turnout is None:
        raise NotFound
    if not decidable(campaign):
        raise Refused("campaigns.shortage_stage")
    why = tidy(reason)
    _check(turnout, outcome, why)
    closed = _turn_down(session, role, position, why, now) if outcome == CLOSE else 0
    _replace(session, role, turnout, outcome, why, now)
    data = {
        "outcome": outcome,
        "reason": why,
        "eligible": turnout.eligible,
        "least": turnout.least,
        "turned_down": closed,
    } | role.as_deputy()
    record(session, campaign.chain, "campaigns:position:shortage_decided", f"position:{position.public_id}", role.actor, now, data)


def _check(turnout: Turnout, outcome: str, reason: str) -> None:
    if outcome not in (GO_ON, CLOSE):
        raise Refused("campaigns.shortage_unknown", field="outcome")
    if not reason:
        raise Refused("reason_missing", field="reason")
    if turnout.undecided:
        raise Refused("campaigns.shortage_undecided", count=turnout.undecided)
    if not turnout.short:
        raise Refused("campaigns.shortage_none", least=turnout.least)
    if outcome == GO_ON and not turnout.eligible:
        raise Refused("campaigns.shortage_nobody", field="outcome")


def _turn_down(session: Session, role: Role, position: Position, reason: str, now: datetime) -> int:
    """Turn the eligible applications down; return how many."""
    held_open(session, role.campaign)
    return len(turn_out(session, role, position, TURNED_DOWN, reason, now))


def _replace(session: Session, role: Role, turnout: Turnout, outcome: str, reason: str, now: datetime) -> None:
    standing = (ShortageDecision.position_id == turnout.position.id, ShortageDecision.superseded_at.is_(None))
    session.execute(update(ShortageDecision).where(*standing).values(superseded_at=now))
    session.add(
        ShortageDecision(
            position_id=turnout.position.id,
            outcome=outcome,
            eligible=turnout.eligible,
            reason=reason,
            decided_at=now,
            decided_by=role.account,
        )
    )
    session.flush()
