"""What happened in the room: incidents of machines and rooms, and violations of candidates."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from examsite.accounts.models import Account
from examsite.db import Base, PublicId, UTCDateTime
from examsite.rounds.models.sessions import ExamSession, RosterEntry

DOCUMENTS = ("identity_card", "vneid", "passport", "other")
"""Papers by which a candidate is known at check-in: citizen card, the same in the VNeID app, passport, another one with photograph."""


class Incident(PublicId, Base):
    """Something that went wrong in the room, as it was written down: what, when, what was done. Concerns nobody by name: the whole room."""

    __tablename__ = "incident"
    __table_args__ = (
        CheckConstraint("kind IN ('machine', 'room', 'power', 'server', 'paper', 'other')", name="kind"),
        Index(None, "session_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    kind: Mapped[str] = mapped_column(String(20))
    happened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    what: Mapped[str] = mapped_column(Text)
    done: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    session: Mapped[ExamSession] = relationship()
    recorded_by: Mapped[Account] = relationship()
    concerned: Mapped[list["IncidentEntry"]] = relationship(order_by="IncidentEntry.id")


class IncidentEntry(Base):
    """One candidate whom an incident concerns."""

    __tablename__ = "incident_entry"
    __table_args__ = (UniqueConstraint("incident_id", "entry_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("roster_entry.id"))
    entry: Mapped[RosterEntry] = relationship()


class Violation(PublicId, Base):
    """A breach of the rules of the room that an invigilator reported, and what the chair of the council decided about it.

    `proposed` and `level` name sanctions of the rule set (`penalties.kinds`); `part` is the paper that the sanction falls on. An empty
    `statement` means that the candidate made or signed none, and then `witness` is a second invigilator. Decided once, never changed.
    """

    __tablename__ = "violation"
    __table_args__ = (
        CheckConstraint("state IN ('reported', 'confirmed', 'dismissed')", name="state"),
        CheckConstraint("(state = 'confirmed') = (level IS NOT NULL)", name="level"),
        Index(None, "entry_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("roster_entry.id"))
    part: Mapped[str] = mapped_column(String(40))
    proposed: Mapped[str] = mapped_column(String(40))
    happened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    facts: Mapped[str] = mapped_column(Text)
    statement: Mapped[str] = mapped_column(Text, default="")
    reported_at: Mapped[datetime] = mapped_column(UTCDateTime)
    reported_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    witness_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    state: Mapped[str] = mapped_column(String(20), default="reported")
    level: Mapped[str | None] = mapped_column(String(40))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decision_reason: Mapped[str] = mapped_column(Text, default="")
    entry: Mapped[RosterEntry] = relationship()
    reported_by: Mapped[Account] = relationship(foreign_keys=[reported_by_id])
    witness: Mapped[Account | None] = relationship(foreign_keys=[witness_id])
    decided_by: Mapped[Account | None] = relationship(foreign_keys=[decided_by_id])
