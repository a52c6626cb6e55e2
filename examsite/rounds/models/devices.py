"""Devices that ask to go on with a sitting."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from examsite.accounts.models import LoginSession
from examsite.db import Base, PublicId, UTCDateTime
from examsite.rounds.models.sittings import Sitting


class ReleaseRequest(PublicId, Base):
    """A login session on another device asks for a sitting. It stands while the sitting is in the `epoch` in which it was asked for.
    `device_hash` knows the device again after a new sign-in; None where its browser told none."""

    __tablename__ = "release_request"
    __table_args__ = (UniqueConstraint("sitting_id", "login_session_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    login_session_id: Mapped[int] = mapped_column(ForeignKey("login_session.id"))
    epoch: Mapped[int] = mapped_column(Integer)
    device_hash: Mapped[str | None] = mapped_column(String(64))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sitting: Mapped[Sitting] = relationship()
    login_session: Mapped[LoginSession] = relationship()

    @property
    def code(self) -> str:
        """Four digits that stand on the waiting page and beside the request, so that the device looked at is the one let in."""
        return f"{int(sha256(self.public_id.encode()).hexdigest(), 16) % 10_000:04}"
