"""Settle a tie across the quota by a recorded decision: the chair of the council records it, another member signs."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from examsite.accounts import acts
from examsite.accounts.models import TwoPersonAct
from examsite.audit.operations import record
from examsite.campaigns.models import Position
from examsite.campaigns.operations import telling
from examsite.campaigns.operations.campaigns import locked
from examsite.campaigns.queries import rule_set
from examsite.campaigns.roles import Role, role_of
from examsite.db import new_public_id
from examsite.results import outcomes
from examsite.results.models import TieDecision
from examsite.results.permissions import may_have_proposed_tie, may_propose_tie, may_sign_tie
from examsite.results.queries.standing import tie_stage_refusal
from examsite.results.queries.tie_proof import TIE, about
from examsite.results.queries.ties import Ordered, Tie, kept_from_tie, ordered_by, tie_content, tie_of, waiting_tie
from examsite.rules import ranking
from examsite.rules.ranking import PendingTie
from examsite.rules.refusal import Refused


def propose_tie(
    session: Session, position: Position, ordered: Sequence[str], document: str, reason: str, role: Role, now: datetime
) -> TwoPersonAct:
    """Record, as the first person, the order in which the tied candidates were put, under which document and why.

    The chair of the council records it, or a deputy where the chair declared a conflict with somebody who is tied. Refused:
    `results.tie_too_early` and `results.tie_too_late` (no ranking can be published or corrected at this stage), `results.no_tie`, and as
    the rules refuse a decision: other people than those tied (`tie_decision_wrong_people`), no document or no reason
    (`tie_decision_incomplete`).
    """
    _held_still(session, position)
    tie = tie_of(session, position)
    kept = kept_from_tie(session, tie)
    role.must(may_propose_tie(role, kept))
    content = _content(tie, Ordered(ordered, document.strip(), reason.strip(), role.in_place(kept)))
    act = acts.propose(
        session, chain=position.campaign.chain, kind=TIE, about=about(position), content=content, actor=role.account, now=now
    )
    signers = telling.board_members(session, position.campaign, ("council",))
    telling.signature_waits(session, position.campaign, act, signers, _page(position), now)
    return act


def sign_tie(session: Session, position: Position, shown: str, role: Role, now: datetime) -> TieDecision:
    """Sign the decision as the second person; it settles the tie from now on, and supersedes an earlier one of this position.

    Refused: whoever declared a conflict with somebody who is tied, `results.tie_not_proposed`, the stage as for the first signature,
    `results.no_tie`, what the rules refuse, and what `acts.sign` refuses.
    """
    role.must(may_sign_tie(role))
    _held_still(session, position)
    act = _waiting(session, position)
    signed = ordered_by(act)
    tie = tie_of(session, position)
    kept = kept_from_tie(session, tie)
    role.must(may_sign_tie(role, kept))
    content = _content(tie, signed)
    first_may = may_have_proposed_tie(role_of(session, act.first, position.campaign), kept, signed.in_place)
    acts.sign(session, act, content, shown, role.account, now, first_may=first_may)
    earlier = update(TieDecision).where(TieDecision.position_id == position.id, TieDecision.superseded_at.is_(None))
    session.execute(earlier.values(superseded_at=now))
    decision = TieDecision(
        public_id=new_public_id(),
        position=position,
        ordered=list(signed.numbers),
        decider=_pending(tie).decider.value,
        document_number=signed.document,
        reason=signed.reason,
        decided_at=now,
        first=act.first,
        second=role.account,
    )
    session.add(decision)
    data = {"position": position.code, "ordered": decision.ordered, "decider": decision.decider, "document": decision.document_number}
    data |= {"in_place": signed.in_place} if signed.in_place else {}
    record(session, position.campaign.chain, "results:tie:decided", f"position:{position.public_id}", role.actor, now, data)
    telling.act_signed(session, position.campaign, act, role.account, _page(position), now)
    return decision


def take_back_tie(session: Session, position: Position, reason: str, role: Role, now: datetime) -> None:
    """Withdraw a decision that waits for its second signature, with a reason."""
    role.must(may_sign_tie(role))
    act = _waiting(session, position)
    acts.withdraw(session, act, reason, role.account, now)
    telling.act_withdrawn(session, position.campaign, act, role.account, reason, _page(position), now)


def _held_still(session: Session, position: Position) -> None:
    """No ranking is published and no step taken meanwhile, so that what stands in a published list was decided before it."""
    refusal = tie_stage_refusal(session, locked(session, position.campaign))
    if refusal is not None:
        raise refusal


def _page(position: Position) -> tuple[str, dict[str, str]]:
    return "results.tie", {"campaign_id": position.campaign.public_id, "position_id": position.public_id}


def _waiting(session: Session, position: Position) -> TwoPersonAct:
    act = waiting_tie(session, position)
    if act is None:
        raise Refused("results.tie_not_proposed")
    return act


def _content(tie: Tie, decided: Ordered) -> dict[str, object]:
    """What is signed, once the rules have taken the decision."""
    pending = _pending(tie)
    decision = ranking.TieDecision(tuple(decided.numbers), pending.decider, decided.document, decided.reason)
    outcomes.settle(tie.opening, tie.given, rule_set(tie.position.campaign), decision)
    return tie_content(tie, pending, decided)


def _pending(tie: Tie) -> PendingTie:
    if tie.pending is None:
        raise Refused("results.no_tie")
    return tie.pending
