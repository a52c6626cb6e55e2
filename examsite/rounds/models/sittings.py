"""Sittings with their events, the machine's marks, and who goes on."""

from datetime import datetime
from fractions import Fraction

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from examsite.campaigns.models import Application
from examsite.db import Base, ExactFraction, PublicId, UTCDateTime
from examsite.rounds.models.sessions import Paper, RosterEntry


class Sitting(PublicId, Base):
    """One candidate in one part: a timed attempt with its own deadline and its own chain.

    A save moves `last_seq` and `head` in one guarded statement; `epoch` says which device holds the pen. `closes_at` is the
    deadline plus the stated grace; a sitting past it is closed, whether or not the row says so yet.

    `device_hash` is that of the browser which holds the pen; another one may take it only in the epoch that was released, and only the
    one that asked and was let in: in its login session or, after a new sign-in, by its own hash (`released_epoch`, `released_login_id`,
    `released_device`). `last_seen_at` is the last sign of life, with the item in
    view (`at_item`) and how many changes the page says wait (`unsent`).

    `deadline` and `closes_at` are what the ledger of time says, written here so that one comparison decides; `deadline` only ever moves
    later. While a pause runs, `paused_since` is its begin, `deadline` is the end without it (what was left then is `deadline -
    paused_since`), and `closes_at` lies days ahead, so that nothing closes; the pause's end reckons both exactly.
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
    device_hash: Mapped[str | None] = mapped_column(String(64))
    released_epoch: Mapped[int | None] = mapped_column(Integer)
    released_login_id: Mapped[int | None] = mapped_column(ForeignKey("login_session.id"))
    released_device: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(20), default="open")
    opens_at: Mapped[datetime] = mapped_column(UTCDateTime)
    deadline: Mapped[datetime] = mapped_column(UTCDateTime)
    closes_at: Mapped[datetime] = mapped_column(UTCDateTime)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_seq: Mapped[int] = mapped_column(Integer, default=0)
    last_saved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    at_item: Mapped[int | None] = mapped_column(Integer)
    unsent: Mapped[int | None] = mapped_column(Integer)
    paused_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    head: Mapped[bytes] = mapped_column(LargeBinary(32))
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered: Mapped[int | None] = mapped_column(Integer)
    blank: Mapped[int | None] = mapped_column(Integer)
    receipt_code: Mapped[str | None] = mapped_column(String(26), unique=True)
    entry: Mapped[RosterEntry] = relationship(back_populates="sittings")
    paper: Mapped[Paper] = relationship()


class SittingEvent(Base):
    """One link of a sitting's chain: the start (seq 0), each acknowledged save, the sealing. Appended, never changed.

    `body` is the canonical text of what was sent: for a save, a list of `[item number, kind, value]` as `save_body` reads it.
    """

    __tablename__ = "sitting_event"
    __table_args__ = ({"sqlite_with_rowid": False},)  # one tree instead of a table and an index: a save writes fewer pages

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    epoch: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(20))
    body: Mapped[str | None] = mapped_column(Text)
    body_digest: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    commitment: Mapped[bytes] = mapped_column(LargeBinary(32))
    head: Mapped[bytes] = mapped_column(LargeBinary(32))


class SittingMark(Base):
    """The machine's marks of one sealed sitting under one key; a later key gives a later row.

    Every question is counted once: `correct` (full points, or withdrawn), `partial` (a part of its points), `wrong`, `blank`, or
    `unmarked`, which waits for its markers. `points` are those given so far, exactly.
    """

    __tablename__ = "sitting_mark"
    __table_args__ = (UniqueConstraint("sitting_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    number: Mapped[int] = mapped_column(Integer, default=1)
    key_digest: Mapped[str] = mapped_column(String(64))
    correct: Mapped[int] = mapped_column(Integer)
    partial: Mapped[int] = mapped_column(Integer, default=0)
    wrong: Mapped[int] = mapped_column(Integer)
    blank: Mapped[int] = mapped_column(Integer)
    unmarked: Mapped[int] = mapped_column(Integer, default=0)
    questions: Mapped[int] = mapped_column(Integer)
    points: Mapped[Fraction] = mapped_column(ExactFraction)
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
