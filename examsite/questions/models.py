"""The question bank of a campaign: items, their versions, options, and the blueprints of papers."""

import secrets
from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from examsite.accounts.models import Account
from examsite.campaigns.models import Campaign
from examsite.db import Base, ExactDecimal, PublicId, UTCDateTime, unique_where

DIFFICULTIES = ("easy", "medium", "hard")


def _salt() -> str:
    return secrets.token_hex(16)


class Item(PublicId, Base):
    """A question of one part's bank. Its wording lives in versions; papers hold approved versions.

    `number` is what people call it by: it counts up within the campaign and is never given twice. `name` is what its author called it
    in the file it came from, often empty. Its kind is chosen once and never changes.
    """

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("campaign_id", "number"),
        CheckConstraint("kind IN ('single_choice', 'multiple_response', 'short_text', 'numeric', 'essay')", name="kind"),
        Index(None, "campaign_id", "part"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    number: Mapped[int] = mapped_column(Integer)
    part: Mapped[str] = mapped_column(String(40))
    language: Mapped[str | None] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(20), default="single_choice")
    name: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    retired_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    retired_why: Mapped[str] = mapped_column(Text, default="")
    campaign: Mapped[Campaign] = relationship()
    retired_by: Mapped[Account | None] = relationship()
    versions: Mapped[list["ItemVersion"]] = relationship(back_populates="item", order_by="ItemVersion.number")


class ItemVersion(PublicId, Base):
    """One wording of an item. Frozen once submitted for review; approved by somebody who did not write it.

    `salt` goes into the digest that the log names, so that nobody can try the few possible keys against it. `marking_rule` is that of
    multiple response, else empty; `case_matters` is about accepted short texts.
    """

    __tablename__ = "item_version"
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        CheckConstraint("state IN ('draft', 'in_review', 'approved', 'returned', 'superseded')", name="state"),
        CheckConstraint("reviewer_id IS NULL OR reviewer_id <> author_id", name="two_people"),
        CheckConstraint("marking_rule IN ('', 'all_or_nothing', 'partial')", name="marking_rule"),
        unique_where("uq_item_version_approved", "item_id", where="state = 'approved'"),
        unique_where("uq_item_version_open", "item_id", where="state IN ('draft', 'in_review')"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    topic: Mapped[str] = mapped_column(String(120))
    difficulty: Mapped[str] = mapped_column(String(20))
    stem: Mapped[str] = mapped_column(Text)
    stem_fold: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text, default="")
    marking_rule: Mapped[str] = mapped_column(String(20), default="")
    case_matters: Mapped[bool] = mapped_column(default=False)
    salt: Mapped[str] = mapped_column(String(32), default=_salt)
    state: Mapped[str] = mapped_column(String(20), default="draft")
    author_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    review_note: Mapped[str] = mapped_column(Text, default="")
    item: Mapped[Item] = relationship(back_populates="versions")
    author: Mapped[Account] = relationship(foreign_keys=[author_id])
    reviewer: Mapped[Account | None] = relationship(foreign_keys=[reviewer_id])
    options: Mapped[list["ItemOption"]] = relationship(back_populates="version", order_by="ItemOption.number", cascade="all, delete-orphan")
    accepted: Mapped[list["AcceptedAnswer"]] = relationship(order_by="AcceptedAnswer.number", cascade="all, delete-orphan")
    images: Mapped[list["ItemImage"]] = relationship(back_populates="version", order_by="ItemImage.number", cascade="all, delete-orphan")

    @property
    def kind(self) -> str:
        """The kind of its item."""
        return self.item.kind


class ItemOption(Base):
    """One option; `option_id` is what answers are kept by, never its position on a screen."""

    __tablename__ = "item_option"
    __table_args__ = (UniqueConstraint("version_id", "number"), UniqueConstraint("version_id", "option_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    number: Mapped[int] = mapped_column(Integer)
    option_id: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    is_key: Mapped[bool]
    version: Mapped[ItemVersion] = relationship(back_populates="options")


class AcceptedAnswer(Base):
    """One answer that counts as right where it is typed: a short text, or a number in plain decimal form with its tolerance."""

    __tablename__ = "accepted_answer"
    __table_args__ = (UniqueConstraint("version_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    number: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)
    tolerance: Mapped[Decimal | None] = mapped_column(ExactDecimal)


class ItemImage(PublicId, Base):
    """A picture that stands below the stem of one version, with words for those who do not see it. Later versions have their own copy."""

    __tablename__ = "item_image"
    __table_args__ = (UniqueConstraint("version_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    number: Mapped[int] = mapped_column(Integer)
    alt: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(String(20))
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    version: Mapped[ItemVersion] = relationship(back_populates="images")


class QuestionFile(PublicId, Base):
    """A file that was uploaded and waits for the person to decide after the dry run; its content is wiped with the decision.

    `topic` and `difficulty` are for the items that name none.
    """

    __tablename__ = "question_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    part: Mapped[str] = mapped_column(String(40))
    language: Mapped[str | None] = mapped_column(String(10))
    topic: Mapped[str] = mapped_column(String(120))
    difficulty: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(300))
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Blueprint(Base):
    """What a paper of one part (in one language) must contain."""

    __tablename__ = "blueprint"
    __table_args__ = (UniqueConstraint("campaign_id", "part", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    part: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(10), default="")
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    cells: Mapped[list["BlueprintCell"]] = relationship(order_by="BlueprintCell.number", cascade="all, delete-orphan")


class BlueprintCell(Base):
    """So many approved items of one topic and one difficulty."""

    __tablename__ = "blueprint_cell"
    __table_args__ = (UniqueConstraint("blueprint_id", "topic", "difficulty"), CheckConstraint("count > 0", name="count"))

    id: Mapped[int] = mapped_column(primary_key=True)
    blueprint_id: Mapped[int] = mapped_column(ForeignKey("blueprint.id"))
    number: Mapped[int] = mapped_column(Integer)
    topic: Mapped[str] = mapped_column(String(120))
    difficulty: Mapped[str] = mapped_column(String(20))
    count: Mapped[int] = mapped_column(Integer)
