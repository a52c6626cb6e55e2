"""What lies beside an application: documents, notes, yearly classifications, and the filters that somebody kept."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from examsite.accounts.models import Account
from examsite.campaigns.models.applications import Application
from examsite.campaigns.models.campaigns import Criterion
from examsite.db import Base, JsonText, PublicId, UTCDateTime, unique_where

DOCUMENT_KINDS = ("degree", "decision", "classification", "priority", "exemption", "other")
GRADES = ("excellent", "good", "completed", "not_completed")
"""Assumed: the four grades of the yearly assessment as they are commonly known; the decree's own text has not been confirmed."""


class ApplicationDocument(PublicId, Base):
    """A document of an application as it was written anew on its way in; it is replaced or withdrawn, never erased.

    `digest` is of what is kept and shown, `handed_in_digest` of the file as it came. `pages` is None for a picture.
    """

    __tablename__ = "application_document"
    __table_args__ = (
        CheckConstraint("kind IN ('degree', 'decision', 'classification', 'priority', 'exemption', 'other')", name="kind"),
        unique_where("uq_application_document_standing", "application_id", "digest", where="withdrawn_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int] = mapped_column(Integer)
    pages: Mapped[int | None] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64))
    handed_in_digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("application_document.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    withdrawn_why: Mapped[str] = mapped_column(Text, default="")
    application: Mapped[Application] = relationship()
    added_by: Mapped[Account] = relationship(foreign_keys=[added_by_id])
    withdrawn_by: Mapped[Account | None] = relationship(foreign_keys=[withdrawn_by_id])
    criteria: Mapped[list[Criterion]] = relationship(secondary="criterion_evidence", order_by=Criterion.number)


class CriterionEvidence(Base):
    """Which criteria a document speaks to."""

    __tablename__ = "criterion_evidence"

    document_id: Mapped[int] = mapped_column(ForeignKey("application_document.id"), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"), primary_key=True, index=True)


class ApplicationNote(PublicId, Base):
    """A remark of somebody who screens. It is corrected by a further note, never changed."""

    __tablename__ = "application_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    written_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("application_note.id"))
    written_by: Mapped[Account] = relationship()


class YearlyClassification(Base):
    """How the person was classified for a year. A later entry supersedes an earlier one, which stays readable."""

    __tablename__ = "yearly_classification"
    __table_args__ = (
        CheckConstraint("grade IN ('excellent', 'good', 'completed', 'not_completed')", name="grade"),
        unique_where("uq_yearly_classification_current", "application_id", "year", where="superseded_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    year: Mapped[int] = mapped_column(Integer)
    grade: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    superseded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    recorded_by: Mapped[Account] = relationship()


class SavedView(PublicId, Base):
    """A person's own named filters over the applications of a campaign."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("campaign_id", "account_id", "name"), Index(None, "account_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(String(80))
    filters: Mapped[object] = mapped_column(JsonText)
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
