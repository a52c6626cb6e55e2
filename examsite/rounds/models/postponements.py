"""Times that an exam session had before it was postponed."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from examsite.accounts.models import Account
from examsite.db import Base, UTCDateTime


class SessionPostponement(Base):
    """One time that the start of a session was moved after its roster stood, with the reason that candidates read."""

    __tablename__ = "session_postponement"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), index=True)
    from_opens_at: Mapped[datetime] = mapped_column(UTCDateTime)
    from_closes_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    to_opens_at: Mapped[datetime] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(Text)
    postponed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    postponed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    postponed_by: Mapped[Account] = relationship()
