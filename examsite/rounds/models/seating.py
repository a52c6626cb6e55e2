"""Rooms with their seats, which session uses which, who needs what, and the lots that gave the seats."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from examsite.accounts.models import Account
from examsite.campaigns.models import Application, Campaign
from examsite.db import Base, JsonText, PublicId, UTCDateTime, unique_where
from examsite.rounds.models.sessions import ExamSession
from examsite.rules import allocation


class ExamRoom(PublicId, Base):
    """A room of the house in which exams are held; all campaigns share it.

    With `rows` and `columns` its seats are called A1, A2, ...; without, 1 to `seats`. `out_of_use` names those that cannot be used now;
    `serves` the special needs that it is equipped for (`allocation.NEEDS`); a `reserved` room is for candidates with such needs alone.
    """

    __tablename__ = "exam_room"
    __table_args__ = (CheckConstraint("seats > 0", name="seats"), CheckConstraint("(rows IS NULL) = (columns IS NULL)", name="grid"))

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(300))
    seats: Mapped[int] = mapped_column(Integer)
    rows: Mapped[int | None] = mapped_column(Integer)
    columns: Mapped[int | None] = mapped_column(Integer)
    out_of_use: Mapped[list[str]] = mapped_column(JsonText, default=list)
    serves: Mapped[list[str]] = mapped_column(JsonText, default=list)
    reserved: Mapped[bool] = mapped_column(default=False)
    usable: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    @property
    def desks(self) -> tuple[allocation.Desk, ...]:
        """The seats that can be used, in their order."""
        found = allocation.desks(self.seats, self.rows, self.columns)
        return tuple(desk for desk in found if desk.name not in self.out_of_use)


class SessionRoom(PublicId, Base):
    """One room that an exam session uses."""

    __tablename__ = "session_room"
    __table_args__ = (UniqueConstraint("session_id", "room_id"), Index(None, "room_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    room_id: Mapped[int] = mapped_column(ForeignKey("exam_room.id"))
    session: Mapped[ExamSession] = relationship()
    room: Mapped[ExamRoom] = relationship()


class SpecialNeed(PublicId, Base):
    """What one candidate needs of their room, on evidence, until it is ended."""

    __tablename__ = "special_need"
    __table_args__ = (unique_where("uq_special_need_standing", "application_id", "need", where="ended_at IS NULL"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    need: Mapped[str] = mapped_column(String(20))
    evidence: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    application: Mapped[Application] = relationship()
    recorded_by: Mapped[Account] = relationship()


class Allocation(PublicId, Base):
    """One draw of seats: `whole` for a campaign's planned sessions, `late` for those who came after it.

    The seed is fixed with the first draft and only its commitment is shown until the draw is confirmed; `drawn` counts how often the draft
    was drawn again with it. `given` is all that the draw followed from beside the seed, `seats` what came of it:
    `{number: [session, room, seat]}`, `options` what the officer chose.
    """

    __tablename__ = "allocation"
    __table_args__ = (
        CheckConstraint("kind IN ('whole', 'late')", name="kind"),
        CheckConstraint("state IN ('draft', 'confirmed', 'replaced', 'dropped')", name="state"),
        unique_where("uq_allocation_draft", "campaign_id", where="state = 'draft'"),
        unique_where("uq_allocation_standing", "campaign_id", where="state = 'confirmed' AND kind = 'whole'"),
        Index(None, "campaign_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    kind: Mapped[str] = mapped_column(String(10), default="whole")
    state: Mapped[str] = mapped_column(String(10), default="draft")
    label: Mapped[str] = mapped_column(String(80))
    seed: Mapped[str] = mapped_column(String(64))
    seed_commitment: Mapped[str] = mapped_column(String(64))
    options: Mapped[dict[str, object]] = mapped_column(JsonText)
    given: Mapped[dict[str, object]] = mapped_column(JsonText, deferred=True)
    seats: Mapped[dict[str, list[str]]] = mapped_column(JsonText, deferred=True)
    given_digest: Mapped[str] = mapped_column(String(64))
    seats_digest: Mapped[str] = mapped_column(String(64))
    seated: Mapped[int] = mapped_column(Integer)
    without: Mapped[int] = mapped_column(Integer)
    drawn: Mapped[int] = mapped_column(Integer, default=1)
    drawn_at: Mapped[datetime] = mapped_column(UTCDateTime)
    drawn_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    campaign: Mapped[Campaign] = relationship()
    drawn_by: Mapped[Account] = relationship()
