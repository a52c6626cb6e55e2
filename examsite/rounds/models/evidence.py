"""What came too late or from a device without the pen, and what was decided about it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from examsite.accounts.models import Account, LoginSession
from examsite.db import Base, PublicId, UTCDateTime
from examsite.rounds.models.sittings import Sitting


class LateEvidence(PublicId, Base):
    """What arrived after the close, or from a device that no longer holds the pen: kept, shown, never counted by itself.

    `why`: late (after the close), closed (after handing in, or an end before the time), moved (from a device without the pen). `epoch` and
    `seq` are what the page stated; `held_epoch` is that of the device which held the pen at that moment, `login_session_id` who sent it.
    """

    __tablename__ = "late_evidence"
    __table_args__ = (UniqueConstraint("sitting_id", "epoch", "seq", "body_digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    login_session_id: Mapped[int] = mapped_column(ForeignKey("login_session.id"))
    seq: Mapped[int] = mapped_column(Integer)
    epoch: Mapped[int] = mapped_column(Integer)
    held_epoch: Mapped[int] = mapped_column(Integer)
    why: Mapped[str] = mapped_column(String(20))
    body: Mapped[str] = mapped_column(Text)
    body_digest: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sitting: Mapped[Sitting] = relationship()
    login_session: Mapped[LoginSession] = relationship()
    decisions: Mapped[list["EvidenceDecision"]] = relationship(back_populates="evidence", order_by="EvidenceDecision.number")


class EvidenceDecision(Base):
    """Whether one piece of evidence counts; a later number takes the place of an earlier one, and both stay readable.

    `event_seq` is the link of the sitting's chain that this decision added; None where it changed nothing of what counts.
    """

    __tablename__ = "evidence_decision"
    __table_args__ = (UniqueConstraint("evidence_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    evidence_id: Mapped[int] = mapped_column(ForeignKey("late_evidence.id"))
    number: Mapped[int] = mapped_column(Integer)
    counts: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    event_seq: Mapped[int | None] = mapped_column(Integer)
    evidence: Mapped[LateEvidence] = relationship(back_populates="decisions")
    decided_by: Mapped[Account] = relationship()
