"""The ledger of time: why each candidate's times are what they are; and the server's own signs of life."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from examsite.accounts.models import Account
from examsite.db import Base, PublicId, UTCDateTime, unique_where
from examsite.rounds.models.sessions import RosterEntry

CAUSES = ("machine", "room", "power", "server", "paper", "other")
"""What took the time. An accommodation has the cause `entitled`."""
BUCKET_SECONDS = 5
"""How many seconds one heartbeat stands for."""
MADE_GOOD, DECLINED, OTHERWISE = "made_good", "declined", "otherwise"
"""How an outage is decided."""


class TimeEntry(PublicId, Base):
    """Time given to one candidate. Appended, never changed; only a running pause gets its end and its seconds, once.

    `part` None: an accommodation holds for every part; a pause came before the start under a personal clock. `percent` (of the programmed
    minutes) is for accommodations alone. `began_at` and `ended_at` are the bounds of a pause (`ended_at` empty while it runs), and of the
    outage that a grant or a postponed start makes good. `batch` is shared by the entries of one act.
    """

    __tablename__ = "time_entry"
    __table_args__ = (
        CheckConstraint("kind IN ('start', 'accommodation', 'grant', 'pause', 'correction')", name="kind"),
        CheckConstraint("seconds >= 0 AND percent >= 0", name="never_taken_back"),
        CheckConstraint("percent = 0 OR kind = 'accommodation'", name="percent"),
        CheckConstraint("kind <> 'pause' OR began_at IS NOT NULL", name="pause_begins"),
        unique_where("uq_time_entry_running_pause", "entry_id", where="kind = 'pause' AND ended_at IS NULL"),
        Index(None, "entry_id"),
        Index(None, "batch"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("roster_entry.id"))
    batch: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(20))
    part: Mapped[str | None] = mapped_column(String(40))
    seconds: Mapped[int] = mapped_column(Integer, default=0)
    percent: Mapped[int] = mapped_column(Integer, default=0)
    cause: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime)
    began_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    entry: Mapped[RosterEntry] = relationship()
    decided_by: Mapped[Account] = relationship()


class OutageDecision(Base):
    """What was decided on one candidate's loss in an outage, once: made good as offered, made good
    otherwise than by time (the reason says how), or declined.

    `batch` is shared by the rows of one act. The bounds are those that the decider saw. A later reading may put them some seconds apart
    (a sign that was overwritten, one that was written late), so a decision stands for every outage that overlaps it.
    """

    __tablename__ = "outage_decision"
    __table_args__ = (
        CheckConstraint("decision IN ('made_good', 'declined', 'otherwise')", name="decision"),
        CheckConstraint("began_at < ended_at", name="bounds"),
        UniqueConstraint("entry_id", "began_at"),
        Index(None, "batch"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("roster_entry.id"))
    batch: Mapped[str] = mapped_column(String(32))
    decision: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    began_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime)
    entry: Mapped[RosterEntry] = relationship()
    decided_by: Mapped[Account] = relationship()


class Heartbeat(Base):
    """The first sign of life that reached the server in each five seconds, whoever's it was: a long gap is an outage."""

    __tablename__ = "heartbeat"

    bucket: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
