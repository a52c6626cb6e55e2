"""Days on which the house does not work, and weekend days on which it does; every campaign counts its working days by them."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Date, String
from sqlalchemy.orm import Mapped, mapped_column

from examsite.db import Base, PublicId, UTCDateTime

HOLIDAY, IN_LIEU = "holiday", "in_lieu"
KINDS = (HOLIDAY, IN_LIEU)


class Holiday(PublicId, Base):
    """One day that is not what its weekday says. `confirmed`: an official notice gives it; else it is expected and counts all the same."""

    __tablename__ = "holiday"
    __table_args__ = (CheckConstraint("kind IN ('holiday', 'in_lieu')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(Date, unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    confirmed: Mapped[bool] = mapped_column(Boolean, default=False)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
