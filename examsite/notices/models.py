"""What people are told: notices in the product, and mail that waits to be sent."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from examsite.db import Base, JsonText, PublicId, UTCDateTime

QUEUED, SENDING, SENT, FAILED = "queued", "sending", "sent", "failed"


class Notice(PublicId, Base):
    """One thing that happened, for one account: the code and parameters of its sentence, and the page it leads to.

    Written in the transaction of the act, read in the reader's language; `endpoint` is empty where no page belongs to it.
    """

    __tablename__ = "notice"
    __table_args__ = (Index(None, "account_id", "read_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    code: Mapped[str] = mapped_column(String(60))
    params: Mapped[dict[str, object]] = mapped_column(JsonText)
    endpoint: Mapped[str] = mapped_column(String(60))
    values: Mapped[dict[str, str]] = mapped_column(JsonText)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class OutgoingMail(PublicId, Base):
    """One mail, written in the transaction of the act and sent after it, in the language of who gets it.

    `sending` is a claim that ends at `next_try_at`: a sender that died in between gives the mail back. `last_error` names the kind of
    fault and the server's number, never a person.
    """

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'sending', 'sent', 'failed')", name="state"),
        Index(None, "state", "next_try_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(60))
    params: Mapped[dict[str, object]] = mapped_column(JsonText)
    endpoint: Mapped[str] = mapped_column(String(60))
    values: Mapped[dict[str, str]] = mapped_column(JsonText)
    state: Mapped[str] = mapped_column(String(20), default=QUEUED)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    queued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    next_try_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_error: Mapped[str] = mapped_column(String(120), default="")
