"""Which decisions of ties are what two people signed and the log took; one that is not settles nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from examsite.accounts.models import TwoPersonAct
from examsite.audit.models import LogChain, LogEntry
from examsite.audit.queries import data_of
from examsite.campaigns.models import Campaign, Position
from examsite.results.models import TieDecision
from examsite.rules import canonical
from examsite.rules.refusal import Refused

TIE = "results:tie"
SIGNED, DECIDED = f"{TIE}:signed", f"{TIE}:decided"


def about(position: Position) -> str:
    """What the act of deciding a tie is about."""
    return f"position:{position.public_id}"


def unproven(session: Session, campaign: Campaign, decisions: Sequence[TieDecision]) -> list[TieDecision]:
    """Those of these decisions of a campaign that no signed act holds, or that the log did not take as they stand."""
    if not decisions:
        return []
    acts, entries = _acts(session, campaign), _entries(session, campaign)
    return [one for one in decisions if not any(_holds(one, act, entries) for act in acts if act.about == about(one.position))]


def tie_gaps(session: Session, campaign: Campaign) -> Iterator[Refused]:
    """A sentence for each decision that was stored, changed, taken away or revived behind the log's back."""
    decisions = list(session.scalars(_decisions(campaign)))
    for one in unproven(session, campaign, decisions):
        yield Refused("results.gap_tie_unsigned", position=one.position.code, document=one.document_number)
    stored = {(about(one.position), one.decided_at) for one in decisions}
    for entry in _entries(session, campaign):
        if entry.kind == DECIDED and (entry.about, entry.at) not in stored:
            data = data_of(entry)
            yield Refused("results.gap_tie_gone", position=data.get("position", ""), document=data.get("document", ""))
    for position, group in groupby(decisions, key=lambda one: one.position):
        of_one = list(group)
        if [one for one in of_one if one.superseded_at is None] != of_one[-1:]:
            yield Refused("results.gap_tie_order", position=position.code)


def _decisions(campaign: Campaign) -> Any:
    query = select(TieDecision).join(TieDecision.position).options(contains_eager(TieDecision.position), joinedload(TieDecision.first))
    return query.where(Position.campaign_id == campaign.id).order_by(Position.code, TieDecision.decided_at, TieDecision.id)


def _acts(session: Session, campaign: Campaign) -> Sequence[TwoPersonAct]:
    signed = (TwoPersonAct.chain == campaign.chain, TwoPersonAct.kind == TIE, TwoPersonAct.state == "signed")
    return session.scalars(select(TwoPersonAct).where(*signed)).all()


def _entries(session: Session, campaign: Campaign) -> Sequence[LogEntry]:
    query = select(LogEntry).join(LogChain).where(LogChain.name == campaign.chain, LogEntry.kind.in_((SIGNED, DECIDED)))
    return session.scalars(query.order_by(LogEntry.number)).all()


def _holds(decision: TieDecision, act: TwoPersonAct, entries: Iterable[LogEntry]) -> bool:
    if (act.first_id, act.second_id, act.second_at) != (decision.first_id, decision.second_id, decision.decided_at):
        return False
    told: Mapping[str, Any] = act.content if isinstance(act.content, dict) else {}
    what = (decision.ordered, decision.decider, decision.document_number, decision.reason)
    if what != tuple(told.get(name) for name in ("ordered", "decider", "document", "reason")) or _digest(told) != act.digest:
        return False
    logged = [data_of(one) for one in entries if (one.about, one.at, one.kind) == (act.about, act.second_at, SIGNED)]
    return any(data.get("digest") == act.digest and data.get("first") == decision.first.public_id for data in logged)


def _digest(content: Mapping[str, Any]) -> str | None:
    try:
        return canonical.digest(content)
    except (TypeError, ValueError):
        return None
