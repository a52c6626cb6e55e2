"""All that happens under the clock: exam sessions, who is listed, papers, sittings with their events, marks, and who goes on."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from examsite.campaigns.models import Application, Campaign
from examsite.db import Base, JsonText, PublicId, UTCDateTime


class ExamSession(PublicId, Base):
    """One start, one programmed clock. The seed is fixed and hashed when the papers are sealed, and shown once the session is closed.

    `closes_at` is the latest end under a personal start; under a shared clock it stays empty and the parts' minutes decide. `draw` is
    what a stranger needs beside the seed to draw the papers again: the pools as they were at sealing, blueprints, roster and digests.
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
    campaign: Mapped[Campaign] = relationship()
    roster: Mapped[list["RosterEntry"]] = relationship(back_populates="session", order_by="RosterEntry.candidate_number")


class RosterEntry(PublicId, Base):
    """One candidate listed for one exam session; ends as started, absent, or voided with a reason, so that the count closes."""

    __tablename__ = "roster_entry"
    __table_args__ = (
        UniqueConstraint("session_id", "candidate_number"),
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


class Sitting(PublicId, Base):
    """One candidate in one part: a timed attempt with its own deadline and its own chain.

    A save moves `last_seq` and `head` in one guarded statement; `epoch` says which device holds the pen. `closes_at` is the
    deadline plus the stated grace; a sitting past it is closed, whether or not the row says so yet.
    """

    __tablename__ = "sitting"
    __table_args__ = (
        UniqueConstraint("entry_id", "part"),
        CheckConstraint("state IN ('open', 'submitted', 'closed')", name="state"),
        Index(None, "state", "closes_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("roster_entry.id"))
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), unique=True)
    part: Mapped[str] = mapped_column(String(40))
    login_session_id: Mapped[int] = mapped_column(ForeignKey("login_session.id"))
    epoch: Mapped[int] = mapped_column(Integer, default=1)
    state: Mapped[str] = mapped_column(String(20), default="open")
    opens_at: Mapped[datetime] = mapped_column(UTCDateTime)
    deadline: Mapped[datetime] = mapped_column(UTCDateTime)
    closes_at: Mapped[datetime] = mapped_column(UTCDateTime)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_seq: Mapped[int] = mapped_column(Integer, default=0)
    last_saved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    head: Mapped[bytes] = mapped_column(LargeBinary(32))
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered: Mapped[int | None] = mapped_column(Integer)
    blank: Mapped[int | None] = mapped_column(Integer)
    receipt_code: Mapped[str | None] = mapped_column(String(26), unique=True)
    entry: Mapped[RosterEntry] = relationship(back_populates="sittings")
    paper: Mapped[Paper] = relationship()


class SittingEvent(Base):
    """One link of a sitting's chain: the start (seq 0), each acknowledged save, the sealing. Appended, never changed.

    `body` is the canonical text of what was sent: for a save, a list of `[item number, kind, value]`, kind `choice` or `flag`.
    """

    __tablename__ = "sitting_event"
    __table_args__ = (UniqueConstraint("sitting_id", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    seq: Mapped[int] = mapped_column(Integer)
    epoch: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(20))
    body: Mapped[str | None] = mapped_column(Text)
    body_digest: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    commitment: Mapped[bytes] = mapped_column(LargeBinary(32))
    head: Mapped[bytes] = mapped_column(LargeBinary(32))


class LateEvidence(Base):
    """What arrived after the close, or from a device that no longer holds the pen: kept, shown, never counted by itself."""

    __tablename__ = "late_evidence"
    __table_args__ = (UniqueConstraint("sitting_id", "epoch", "seq", "body_digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    seq: Mapped[int] = mapped_column(Integer)
    epoch: Mapped[int] = mapped_column(Integer)
    why: Mapped[str] = mapped_column(String(20))
    body: Mapped[str] = mapped_column(Text)
    body_digest: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)


class SittingMark(Base):
    """The machine's marks of one sealed sitting under one key; a later key gives a later row."""

    __tablename__ = "sitting_mark"
    __table_args__ = (UniqueConstraint("sitting_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    number: Mapped[int] = mapped_column(Integer, default=1)
    key_digest: Mapped[str] = mapped_column(String(64))
    correct: Mapped[int] = mapped_column(Integer)
    wrong: Mapped[int] = mapped_column(Integer)
    blank: Mapped[int] = mapped_column(Integer)
    questions: Mapped[int] = mapped_column(Integer)
    marked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sitting: Mapped[Sitting] = relationship()


class Entrant(Base):
    """Who enters round 2, written by the publication of the round 1 result (named by its public id)."""

    __tablename__ = "entrant"
    __table_args__ = (Index(None, "campaign_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), unique=True)
    publication: Mapped[str] = mapped_column(String(32))
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    application: Mapped[Application] = relationship()
