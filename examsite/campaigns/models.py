"""Campaigns, their rules, units, positions, boards, and the applications with what screening found."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from examsite.accounts.models import Account
from examsite.db import Base, ExactDecimal, JsonText, PublicId, UTCDateTime, unique_where
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
DUTIES = ("head", "secretary", "member")


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


class Person(PublicId, Base):
    """A human being who applies, known by the personal identity number across campaigns."""

    __tablename__ = "person"
    __table_args__ = (Index(None, "name_fold"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    identity_number: Mapped[str] = mapped_column(String(12), unique=True)
    full_name: Mapped[str] = mapped_column(String(200))
    name_fold: Mapped[str] = mapped_column(String(200))
    name_sort_key: Mapped[str] = mapped_column(String(800))
    birth_date: Mapped[date] = mapped_column(Date)
    gender: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ApplicationImport(PublicId, Base):
    """One file of applications that was taken in."""

    __tablename__ = "application_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(300))
    file_digest: Mapped[str] = mapped_column(String(64))
    rows_taken: Mapped[int] = mapped_column(Integer)
    rows_refused: Mapped[int] = mapped_column(Integer)
    imported_at: Mapped[datetime] = mapped_column(UTCDateTime)
    imported_by: Mapped[str] = mapped_column(String(200))


class ApplicationUpload(PublicId, Base):
    """A file of applications between its dry run and the decision about it; the row goes once the file is taken or dropped.

    It lies in the database because the next request may reach another host.
    """

    __tablename__ = "application_upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(300))
    file_digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    uploaded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))


class Application(PublicId, Base):
    """One person for one position in one campaign. `account` is how the eligible candidate signs in."""

    __tablename__ = "application"
    __table_args__ = (
        UniqueConstraint("campaign_id", "person_id"),
        UniqueConstraint("campaign_id", "candidate_number"),
        CheckConstraint("state IN ('received', 'eligible', 'rejected', 'withdrawn')", name="state"),
        Index(None, "position_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("application_import.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    candidate_number: Mapped[str | None] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default="received")
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decision_reason: Mapped[str] = mapped_column(Text, default="")
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    workplace: Mapped[str] = mapped_column(String(300), default="")
    current_post: Mapped[str] = mapped_column(String(300), default="")
    qualification: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(30), default="")
    email: Mapped[str] = mapped_column(String(200), default="")
    claimed_priority: Mapped[str] = mapped_column(String(300), default="")
    claimed_exemption: Mapped[str] = mapped_column(String(300), default="")
    extra: Mapped[object] = mapped_column(JsonText, default=dict)
    campaign: Mapped[Campaign] = relationship()
    position: Mapped[Position] = relationship()
    person: Mapped[Person] = relationship()
    account: Mapped[Account | None] = relationship(foreign_keys=[account_id])
    decided_by: Mapped[Account | None] = relationship(foreign_keys=[decided_by_id])


class CriterionFinding(Base):
    """Met or not met, why, and by whom. A later finding supersedes an earlier one, which stays readable."""

    __tablename__ = "criterion_finding"
    __table_args__ = (unique_where("uq_criterion_finding_current", "application_id", "criterion_id", where="superseded_at IS NULL"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"))
    met: Mapped[bool]
    why: Mapped[str] = mapped_column(Text)
    found_at: Mapped[datetime] = mapped_column(UTCDateTime)
    found_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    superseded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    found_by: Mapped[Account] = relationship()
    criterion: Mapped[Criterion] = relationship()


class Entitlement(PublicId, Base):
    """A language exemption or a priority group of one application, granted or refused on evidence.

    `ground` is the id of the rule set's exemption ground or priority group; `points` are frozen from it when granted.
    """

    __tablename__ = "entitlement"
    __table_args__ = (
        CheckConstraint("kind IN ('exemption', 'priority')", name="kind"),
        unique_where("uq_entitlement_current", "application_id", "kind", "ground", where="superseded_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    ground: Mapped[str] = mapped_column(String(60))
    part: Mapped[str | None] = mapped_column(String(40))
    points: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    granted: Mapped[bool]
    evidence: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    superseded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by: Mapped[Account] = relationship()


class CandidateNumbering(PublicId, Base):
    """One time that candidate numbers were given: in which order, from which number on, and by which seed where lots were drawn."""

    __tablename__ = "candidate_numbering"
    __table_args__ = (CheckConstraint("arrangement IN ('by_name', 'by_lot')", name="arrangement"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    arrangement: Mapped[str] = mapped_column(String(20))
    seed: Mapped[str | None] = mapped_column(String(64))
    first_number: Mapped[str] = mapped_column(String(20))
    last_number: Mapped[str] = mapped_column(String(20))
    count: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64))
    numbered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    numbered_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    numbered_by: Mapped[Account] = relationship()
