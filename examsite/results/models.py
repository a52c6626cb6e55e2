"""Drafts, tie decisions, publications, appeals: what turns scores into lists that stand."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from examsite.accounts.models import Account
from examsite.campaigns.models import Application, Campaign, Position
from examsite.db import Base, JsonText, PublicId, UTCDateTime, unique_where

KINDS = ("eligible", "round1", "provisional", "official", "recommendations")
_KIND_CHECK = "kind IN ('eligible', 'round1', 'provisional', 'official', 'recommendations')"


class Draft(PublicId, Base):
    """A computed list with the digest of its input, rules and outcome. A fresh computation must give the same digest to be published."""

    __tablename__ = "draft"
    __table_args__ = (
        UniqueConstraint("campaign_id", "kind", "number"),
        CheckConstraint(_KIND_CHECK, name="kind"),
        CheckConstraint("state IN ('open', 'published', 'superseded')", name="state"),
        unique_where("uq_draft_open", "campaign_id", "kind", where="state = 'open'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    kind: Mapped[str] = mapped_column(String(20))
    number: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(20), default="open")
    input: Mapped[object] = mapped_column(JsonText, deferred=True)
    outcome: Mapped[object] = mapped_column(JsonText, deferred=True)
    digest: Mapped[str] = mapped_column(String(64))
    drafted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    campaign: Mapped[Campaign] = relationship()
    drafted_by: Mapped[Account] = relationship()


class TieDecision(PublicId, Base):
    """The order in which a tie across the cut was decided by hand, signed by two people; the reason and the document stay with it."""

    __tablename__ = "tie_decision"
    __table_args__ = (Index(None, "position_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    ordered: Mapped[list[str]] = mapped_column(JsonText)
    decider: Mapped[str] = mapped_column(String(40))
    document_number: Mapped[str] = mapped_column(String(100))
    reason: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime)
    first_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    superseded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    position: Mapped[Position] = relationship()
    first: Mapped[Account] = relationship(foreign_keys=[first_id])
    second: Mapped[Account] = relationship(foreign_keys=[second_id])


class Publication(PublicId, Base):
    """A frozen list. Public pages read nothing else; a corrected list supersedes and both stay readable."""

    __tablename__ = "publication"
    __table_args__ = (UniqueConstraint("campaign_id", "kind", "number"), CheckConstraint(_KIND_CHECK, name="kind"))

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    number: Mapped[int] = mapped_column(Integer)
    content: Mapped[object] = mapped_column(JsonText, deferred=True)
    digest: Mapped[str] = mapped_column(String(64))
    log_head: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime] = mapped_column(UTCDateTime)
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    published_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    superseded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    campaign: Mapped[Campaign] = relationship()
    draft: Mapped[Draft] = relationship()
    drafted_by: Mapped[Account] = relationship(foreign_keys=[drafted_by_id])
    published_by: Mapped[Account] = relationship(foreign_keys=[published_by_id])


class Appeal(PublicId, Base):
    """What a candidate objected to, recorded by HR, with its decision, and with what was done about one that was accepted."""

    __tablename__ = "appeal"
    __table_args__ = (
        CheckConstraint("about IN ('eligible', 'round1', 'provisional')", name="about"),
        CheckConstraint("outcome IN ('accepted', 'rejected')", name="outcome"),
        CheckConstraint("carried_out IN ('corrected', 'unchanged')", name="carried_out"),
        Index(None, "application_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    about: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    outcome: Mapped[str | None] = mapped_column(String(20))
    decision: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    carried_out: Mapped[str | None] = mapped_column(String(20))
    carried_out_how: Mapped[str] = mapped_column(Text, default="")
    carried_out_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    carried_out_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    application: Mapped[Application] = relationship()
    recorded_by: Mapped[Account] = relationship(foreign_keys=[recorded_by_id])
    decided_by: Mapped[Account | None] = relationship(foreign_keys=[decided_by_id])
    carried_out_by: Mapped[Account | None] = relationship(foreign_keys=[carried_out_by_id])

    @property
    def to_carry_out(self) -> bool:
        """Whether it was accepted, and nobody has recorded what was done about it."""
        return self.outcome == "accepted" and self.carried_out_at is None
