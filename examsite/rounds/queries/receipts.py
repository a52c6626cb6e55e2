"""Receipts: what a candidate takes home of a sitting, and what anybody may learn from the code alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from examsite.accounts.models import Account
from examsite.campaigns.queries import rule_set
from examsite.rounds import chain
from examsite.rounds.models import ExamSession, RosterEntry, Sitting, SittingEvent
from examsite.rounds.queries.attendance import attendance_of
from examsite.rounds.queries.evidence import CandidateEvidence, late_of
from examsite.rounds.queries.parts import PartView, ResultRow, part_views, result_rows, words
from examsite.rules import hashchain


@dataclass(frozen=True)
class ReceiptView:
    """A candidate's own receipt. `code` is empty until the close was written down; `result` is None where none is shown at once.

    `head` is that of the sealing, which the code comes from. `late` is what came too late; None where nothing did.
    """

    sitting: str
    part: PartView
    campaign: str
    session_name: str
    zone: str
    candidate_number: str
    candidate_name: str
    state: str
    voided: bool
    closed_at: datetime | None
    answered: int | None
    blank: int | None
    code: str
    head: str
    late: CandidateEvidence | None
    result: ResultRow | None
    next_part: PartView | None
    server_now: datetime


@dataclass(frozen=True)
class PublicReceipt:
    """What a receipt code proves to anybody: that it exists, and for what; nothing personal.

    `after` holds the counts with the late evidence that counts by decision; None where none does.
    """

    campaign: str
    part: Mapping[str, str]
    answered: int
    blank: int
    head: str
    after: tuple[int, int] | None


def receipt(session: Session, account: Account, sitting: Sitting, now: datetime) -> ReceiptView:
    """The receipt of one's own sitting, which is loaded already."""
    attendance = attendance_of(session, sitting.entry)
    parts = part_views(attendance, now)
    part = next(part for part in parts if part.id == sitting.part)
    goes_on = attendance.takes_part and sitting.entry.state != "voided"
    later = [one for one in parts[parts.index(part) + 1 :] if goes_on or one.sitting]
    late = late_of(session, sitting)
    return ReceiptView(
        sitting=sitting.public_id,
        part=part,
        campaign=attendance.exam.campaign.title,
        session_name=attendance.exam.name,
        zone=attendance.exam.campaign.time_zone,
        candidate_number=sitting.entry.candidate_number,
        candidate_name=account.display_name,
        state=part.state,
        voided=sitting.entry.state == "voided",
        closed_at=sitting.closed_at,
        answered=sitting.answered,
        blank=sitting.blank,
        code=hashchain.group_code(sitting.receipt_code) if sitting.receipt_code else "",
        head=_sealed_head(session, sitting, late).hex(),
        late=late,
        result=next((row for row in result_rows(session, attendance) if not row.exempt and row.name == part.name), None),
        next_part=next((one for one in later if not one.exempt and one.state != "missed"), None),
        server_now=now,
    )


def receipt_by_code(session: Session, typed: str) -> PublicReceipt | None:
    """The receipt of a code as typed; hyphens, blanks and case do not matter."""
    code = "".join(character for character in typed.upper() if character.isalnum())
    if len(code) != hashchain.RECEIPT_CHARACTERS:
        return None
    sitting = session.scalar(
        select(Sitting)
        .options(joinedload(Sitting.entry).joinedload(RosterEntry.session).joinedload(ExamSession.campaign))
        .where(Sitting.receipt_code == code)
    )
    if sitting is None or sitting.answered is None or sitting.blank is None:
        return None
    campaign = sitting.entry.session.campaign
    part = rule_set(campaign).round1.part(sitting.part)
    late = late_of(session, sitting)
    after = (late.answered_now, late.blank_now) if late is not None and late.counts else None
    head = _sealed_head(session, sitting, late).hex()
    return PublicReceipt(campaign.title, words(part.name), sitting.answered, sitting.blank, head, after)


def _sealed_head(session: Session, sitting: Sitting, late: CandidateEvidence | None) -> bytes:
    """The head of the last sealing, which the receipt code was worked out from; before it, the newest head."""
    if late is None:  # nothing but decisions on late evidence follows a sealing
        return sitting.head
    seals = select(SittingEvent.head).where(SittingEvent.sitting_id == sitting.id, SittingEvent.kind == chain.SEAL)
    return session.scalar(seals.order_by(SittingEvent.seq.desc()).limit(1)) or sitting.head
