"""Campaigns, their rules, units, positions and boards."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from examsite.accounts.models import Account
from examsite.db import Base, JsonText, PublicId, UTCDateTime, unique_where
from examsite.rules import policy

STAGES = (
    "draft",
    "announced",
    "applications",
    "screened",
    "round1_timetable",
    "round1_held",
    "round1_result",
    "round2_timetable",
    "round2_held",
    "provisional",
    "appeals",
    "official",
    "recommendations",
    "closed",
)
BOARDS = policy.BOARDS
CHAIR, DEPUTY = "head", "deputy"
DUTIES = (CHAIR, DEPUTY, "secretary", "member")
"""Each board has one head at most; the council's is its chair, and the council alone has deputies, who decide in the chair's place."""


class Campaign(PublicId, Base):
    """One recruitment drive under one rule set, frozen when it is announced. `rules` is its own copy of the set (policy.dump)."""

    __tablename__ = "campaign"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    organisation: Mapped[str] = mapped_column(String(300))
    time_zone: Mapped[str] = mapped_column(String(60))
    stage: Mapped[str] = mapped_column(String(30), default="draft")
    rule_set: Mapped[str] = mapped_column(String(60))
    rules: Mapped[object] = mapped_column(JsonText, deferred=True)  # long, and read once for each digest
    rules_hash: Mapped[str | None] = mapped_column(String(64))
    frozen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    positions: Mapped[list["Position"]] = relationship(back_populates="campaign", order_by="Position.code")

    @property
    def chain(self) -> str:
        """The name of this campaign's log chain."""
        return f"campaign:{self.public_id}"

    def reached(self, stage: str) -> bool:
        """Whether the campaign stands at `stage` or beyond it."""
        return STAGES.index(self.stage) >= STAGES.index(stage)


class RuleChange(Base):
    """One value of a campaign's copy of the rules that was changed before the announcement, with the written reason."""

    __tablename__ = "rule_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    key: Mapped[str] = mapped_column(String(120))
    old: Mapped[object] = mapped_column(JsonText)
    new: Mapped[object | None] = mapped_column(JsonText)  # None: it went with the id it was about
    reason: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    changed_by: Mapped[Account] = relationship()


class StageStep(Base):
    """One step of a campaign along its stages, forward or, with a reason, back."""

    __tablename__ = "stage_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    from_stage: Mapped[str] = mapped_column(String(30))
    to_stage: Mapped[str] = mapped_column(String(30))
    reason: Mapped[str] = mapped_column(Text, default="")
    taken_at: Mapped[datetime] = mapped_column(UTCDateTime)
    taken_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    taken_by: Mapped[Account] = relationship()


class Unit(PublicId, Base):
    """An organisational unit; units form a tree."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    parent: Mapped["Unit | None"] = relationship(remote_side=[id])


class Position(PublicId, Base):
    """A seat or seats to fill. `language` is the code of the foreign language it needs, or None."""

    __tablename__ = "position"
    __table_args__ = (UniqueConstraint("campaign_id", "code"), CheckConstraint("quota > 0", name="quota"))

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    level: Mapped[str] = mapped_column(String(100))
    quota: Mapped[int] = mapped_column(Integer)
    language: Mapped[str | None] = mapped_column(String(10))
    campaign: Mapped[Campaign] = relationship(back_populates="positions")
    unit: Mapped[Unit] = relationship()
    criteria: Mapped[list["Criterion"]] = relationship(back_populates="position", order_by="Criterion.number", cascade="all, delete-orphan")


class Criterion(PublicId, Base):
    """One standard of the title, against which each application is screened."""

    __tablename__ = "criterion"
    __table_args__ = (UniqueConstraint("position_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    number: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)
    position: Mapped[Position] = relationship(back_populates="criteria")


class ShortageDecision(Base):
    """What the council's chair decided where a position has fewer eligible candidates than the rules ask for; `eligible` as they were then.

    A later decision supersedes an earlier one, which stays readable.
    """

    __tablename__ = "shortage_decision"
    __table_args__ = (
        CheckConstraint("outcome IN ('go_on', 'close')", name="outcome"),
        unique_where("uq_shortage_decision_current", "position_id", where="superseded_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    outcome: Mapped[str] = mapped_column(String(20))
    eligible: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    superseded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by: Mapped[Account] = relationship()


class PositionClosure(Base):
    """A position that nobody is examined for any more, with the reason and the document that decided it."""

    __tablename__ = "position_closure"

    id: Mapped[int] = mapped_column(primary_key=True)
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"), unique=True)
    reason: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(String(200))
    closed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    closed_by: Mapped[Account] = relationship()


class Membership(PublicId, Base):
    """A person's seat on one board of one campaign, from appointment until it ends."""

    __tablename__ = "membership"
    __table_args__ = (
        unique_where("uq_membership_standing", "campaign_id", "account_id", "board", where="ended_at IS NULL"),
        Index(None, "account_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    board: Mapped[str] = mapped_column(String(20))
    duty: Mapped[str] = mapped_column(String(20), default="member")
    appointed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    appointed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_why: Mapped[str | None] = mapped_column(Text)
    account: Mapped[Account] = relationship(foreign_keys=[account_id])
    campaign: Mapped[Campaign] = relationship()
