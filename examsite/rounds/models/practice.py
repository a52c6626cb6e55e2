"""What somebody does in the practice room: kept for a day, so that a reload loses nothing, and part of no exam."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from examsite.db import Base, PublicId, UTCDateTime


class Practice(PublicId, Base):
    """The one practice run of an account; another one takes its place under a new public id and the next `epoch`, so that pages of the
    earlier one can only be read. `answers` is canonical text as of a save, holding each answer as it stands.

    No foreign key leads here, no chain, log or evidence names it, and what is older than a day is deleted.
    """

    __tablename__ = "practice"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), unique=True)
    epoch: Mapped[int] = mapped_column(Integer, default=1)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    deadline: Mapped[datetime] = mapped_column(UTCDateTime)
    handed_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_seq: Mapped[int] = mapped_column(Integer, default=0)
    last_body: Mapped[str | None] = mapped_column(String(64))
    answers: Mapped[str] = mapped_column(Text, default="[]")
