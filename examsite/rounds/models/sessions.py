"""Exam sessions, who is listed for them, and the papers drawn before the day."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from examsite.campaigns.models import Application, Campaign
from examsite.db import Base, JsonText, PublicId, UTCDateTime, unique_where

if TYPE_CHECKING:
    from examsite.rounds.models.seating import ExamRoom
    from examsite.rounds.models.sittings import Sitting


class ExamSession(PublicId, Base):
    """One start, one programmed clock. The seed is fixed and hashed when the papers are sealed, and shown once the session is closed.

    `closes_at` is the latest end under a personal start; under a shared clock it stays empty and the parts' minutes decide. `draw` is
    what a stranger needs beside the seed to draw the papers again: the pools as they were at sealing, blueprints, roster and digests.

    `needs_check_in`: nobody begins before an invigilator has checked them in. `access_code` stands on the board of the room, once its head
    has opened it; whoever begins a part types it.
    """

    __tablename__ = "exam_session"
    __table_args__ = (
        UniqueConstraint("campaign_id", "name"),
        CheckConstraint("state IN ('planned', 'sealed', 'closed')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    name: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(200), default="")
    opens_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(20), default="planned")
    seed: Mapped[str | None] = mapped_column(String(64))
    seed_commitment: Mapped[str | None] = mapped_column(String(64))
    papers_digest: Mapped[str | None] = mapped_column(String(64))
    draw: Mapped[object | None] = mapped_column(JsonText, deferred=True)
    sealed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    needs_check_in: Mapped[bool] = mapped_column(Boolean, default=False)
    access_code: Mapped[str | None] = mapped_column(String(12))
    campaign: Mapped[Campaign] = relationship()
    roster: Mapped[list["RosterEntry"]] = relationship(back_populates="session", order_by="RosterEntry.candidate_number")


class RosterEntry(PublicId, Base):
    """One candidate listed for one exam session; ends as started, absent, or voided with a reason, so that the count closes.

    `ledger_version` counts the acts that wrote time entries for this candidate, `postponements` those that postponed the session. 0 of the
    first says that there are no entries; who begins a part in the moment of such an act sees by both that the times have to be reckoned
    again.

    `identity_document` is the kind that was shown at check-in, never its number; `seat` is where the candidate sits, in `room` where the
    session's seats were allocated.
    """

    __tablename__ = "roster_entry"
    __table_args__ = (
        UniqueConstraint("session_id", "candidate_number"),
        UniqueConstraint("session_id", "room_id", "seat"),
        unique_where("uq_roster_entry_seat_alone", "session_id", "seat", where="room_id IS NULL"),
        CheckConstraint("state IN ('listed', 'started', 'absent', 'voided')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), index=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), unique=True)
    candidate_number: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default="listed")
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ledger_version: Mapped[int] = mapped_column(Integer, default=0)
    postponements: Mapped[int] = mapped_column(Integer, default=0)
    checked_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    checked_in_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    identity_document: Mapped[str | None] = mapped_column(String(20))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("exam_room.id"), index=True)
    seat: Mapped[str | None] = mapped_column(String(20))
    room: Mapped["ExamRoom | None"] = relationship()
    session: Mapped[ExamSession] = relationship(back_populates="roster")
    application: Mapped[Application] = relationship()
    papers: Mapped[list["Paper"]] = relationship(back_populates="entry")
    sittings: Mapped[list["Sitting"]] = relationship(back_populates="entry", order_by="Sitting.id")


class Paper(PublicId, Base):
    """The item versions drawn for one candidate in one part: `[[item, version, [option ids in shown order]], ...]`, never changed."""

    __tablename__ = "paper"
    __table_args__ = (UniqueConstraint("entry_id", "part"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("roster_entry.id"))
    part: Mapped[str] = mapped_column(String(40))
    items: Mapped[list[list[object]]] = mapped_column(JsonText)
    digest: Mapped[str] = mapped_column(String(64))
    drawn_at: Mapped[datetime] = mapped_column(UTCDateTime)
    entry: Mapped[RosterEntry] = relationship(back_populates="papers")
