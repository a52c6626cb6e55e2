"""What came late: keep it, within bounds, and decide for each piece whether it counts."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Table, func, insert, literal, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from examsite.audit.operations import record
from examsite.campaigns.operations.campaigns import locked
from examsite.campaigns.roles import Role
from examsite.db import insert_once, new_public_id
from examsite.rounds import chain
from examsite.rounds.models import EvidenceDecision, LateEvidence, Sitting, SittingEvent
from examsite.rounds.operations.closing import seal_if_due
from examsite.rounds.operations.marking import mark_sitting
from examsite.rounds.permissions import may_decide_evidence
from examsite.rounds.queries.evidence import Folder, admitted_body, difference, folder_of, round1_published, told
from examsite.rounds.queries.marking import marks_digest
from examsite.rounds.queries.marks import marks_of
from examsite.rules import hashchain
from examsite.rules.refusal import Conflict, Refused

MOST_PIECES = 100
MOST_CHARACTERS = 256 * 1024
"""How much one sitting may leave as evidence. A page that was cut off sends what waits in one piece, or a few; more is no candidate."""

_late = cast("Table", LateEvidence.__table__)


def keep(connection: Connection, sitting_id: int, login_id: int, held_epoch: int, link: chain.NewLink, why: str) -> bool:
    """Keep what came too late, once; whether it is kept now. False: this sitting has left as much as it may.

    The bounds stand in the statement. Of requests in the very same moment each may still find room, so they are passed by a few at most.
    """
    row: dict[str, Any] = {
        "public_id": new_public_id(),
        "sitting_id": sitting_id,
        "login_session_id": login_id,
        "seq": link.seq,
        "epoch": link.epoch,
        "held_epoch": held_epoch,
        "why": why,
        "body": link.body,
        "body_digest": link.body_digest,
        "received_at": link.received_at,
    }
    mine = _late.c.sitting_id == sitting_id
    pieces = select(func.count()).select_from(_late).where(mine).scalar_subquery()
    characters = select(func.coalesce(func.sum(func.length(_late.c.body)), 0)).where(mine).scalar_subquery()
    values = select(*(literal(value, _late.c[name].type) for name, value in row.items()))
    bounded = values.where(pieces < MOST_PIECES, characters <= MOST_CHARACTERS - len(link.body))
    connection.execute(insert_once(connection.dialect, _late).from_select(list(row), bounded))
    same = (mine, _late.c.epoch == link.epoch, _late.c.seq == link.seq, _late.c.body_digest == link.body_digest)
    return connection.scalar(select(_late.c.id).where(*same)) is not None


def decide_evidence(session: Session, piece: LateEvidence, counts_now: bool, reason: str, seen: int, role: Role, now: datetime) -> None:
    """Decide whether one piece counts, with a reason; `seen` is how many decisions on it the page showed.

    Where it changes what counts, the sitting's chain gets a link after its sealing, and its answers are marked again under a later number.
    Refuses: `reason_missing`, `rounds.evidence_still_open` (the sitting has time left), `rounds.evidence_voided`,
    `rounds.evidence_published` (the result of round 1 stands), `rounds.evidence_changes_nothing` (to count what would change nothing),
    `rounds.evidence_as_before`; Conflict (`changed_meanwhile`) when somebody else decided meanwhile.
    """
    role.must(may_decide_evidence(role))
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    locked(session, role.campaign)  # nothing is published while this is decided
    folder = _held(session, piece, now)
    _refuse(session, folder, piece, counts_now, seen, role)
    counted = folder.state(piece) == "counted"
    decision = _decision(session, piece, counts_now, reason.strip(), role, now)
    if counts_now != counted:
        decision.event_seq = _admit(session, folder, decision, now)
    _tell(session, folder, decision, role, now)


def _held(session: Session, piece: LateEvidence, now: datetime) -> Folder:
    """The folder of the sitting, its row locked until the end of the transaction, and written down as closed if it is past its close."""
    held = select(Sitting).where(Sitting.id == piece.sitting_id).options(joinedload(Sitting.paper)).with_for_update(of=Sitting)
    sitting = session.scalars(held.execution_options(populate_existing=True)).one()
    if seal_if_due(session, sitting, now).state == "open":
        raise Refused("rounds.evidence_still_open")
    return folder_of(session, sitting)


def _refuse(session: Session, folder: Folder, piece: LateEvidence, counts_now: bool, seen: int, role: Role) -> None:
    if folder.sitting.entry.state == "voided":
        raise Refused("rounds.evidence_voided")
    if round1_published(session, role.campaign):
        raise Refused("rounds.evidence_published")
    if len(piece.decisions) != seen:
        raise Conflict("changed_meanwhile")
    if folder.state(piece) == ("counted" if counts_now else "not_counted"):
        raise Refused("rounds.evidence_as_before")
    if counts_now and not difference(folder, piece).something:
        raise Refused("rounds.evidence_changes_nothing")


def _decision(session: Session, piece: LateEvidence, counts_now: bool, reason: str, role: Role, now: datetime) -> EvidenceDecision:
    decision = EvidenceDecision(
        number=len(piece.decisions) + 1, counts=counts_now, reason=reason, decided_at=now, decided_by=role.account, event_seq=None
    )
    try:
        with session.begin_nested():
            piece.decisions.append(decision)
    except IntegrityError as fault:
        raise Conflict("changed_meanwhile") from fault
    return decision


def _admit(session: Session, folder: Folder, decision: EvidenceDecision, now: datetime) -> int:
    """Append what counts from now on to the chain, and mark the answers again; return the place of the new link."""
    sitting, counted = folder.sitting, folder.counted
    last = session.scalar(select(func.max(SittingEvent.seq)).where(SittingEvent.sitting_id == sitting.id)) or 0
    body = admitted_body(folder, counted, told(decision))
    link = chain.new_link(chain.ADMITTED, sitting.public_id, last + 1, sitting.epoch, now, body)
    sitting.head = hashchain.step(sitting.head, link.commitment)
    session.execute(insert(SittingEvent).values(**link.row(sitting.id, sitting.head)))
    mark_sitting(session, sitting, folder.answers(counted), now)
    session.flush()
    return link.seq


def _tell(session: Session, folder: Folder, decision: EvidenceDecision, role: Role, now: datetime) -> None:
    session.flush()
    piece, sitting = decision.evidence, folder.sitting
    data: dict[str, object] = {
        "candidate": sitting.entry.candidate_number,
        "counts": decision.counts,
        "digest": piece.body_digest,
        "evidence": piece.public_id,
        "head": sitting.head.hex(),
        "number": decision.number,
        "part": sitting.part,
        "reason": decision.reason,
        **role.as_deputy(),
    }
    if decision.event_seq is not None:
        data["marks"] = marks_digest(sitting, marks_of(session, [sitting])[sitting.id]).hex()
    record(session, role.campaign.chain, "rounds:evidence:decided", f"sitting:{sitting.public_id}", role.actor, now, data)
