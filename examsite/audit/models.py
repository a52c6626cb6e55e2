"""The append-only log: one chain a campaign, one for the house."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from examsite.db import Base, UTCDateTime

HOUSE = "house"


class LogChain(Base):
    """The head of one chain; its row is the lock under which the next entry is numbered."""

    __tablename__ = "log_chain"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    last_number: Mapped[int] = mapped_column(Integer, default=0)
    head: Mapped[bytes] = mapped_column(LargeBinary(32))


class LogEntry(Base):
    """One entry: who did what to which object. Actor and object are text, without a foreign key, so that the log outlives them."""

    __tablename__ = "log_entry"
    __table_args__ = (UniqueConstraint("chain_id", "number"), Index(None, "chain_id", "kind"), Index(None, "chain_id", "about"))

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(ForeignKey("log_chain.id"))
    number: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    kind: Mapped[str] = mapped_column(String(80))
    about: Mapped[str] = mapped_column(String(120))
    actor: Mapped[str] = mapped_column(String(64))
    actor_name: Mapped[str] = mapped_column(String(200))
    content: Mapped[str | None] = mapped_column(Text)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    commitment: Mapped[bytes] = mapped_column(LargeBinary(32))
    head: Mapped[bytes] = mapped_column(LargeBinary(32))
