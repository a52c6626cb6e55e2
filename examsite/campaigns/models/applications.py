"""People who apply, their applications, and what screening found."""

import secrets
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from examsite.accounts.models import Account
from examsite.campaigns.models.campaigns import Campaign, Criterion, Position
from examsite.db import Base, ExactDecimal, JsonText, PublicId, UTCDateTime, unique_where

GONE = ("withdrawn", "ended")
"""The states of applications that left the running; beside them a person may have another one in the same campaign."""


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


class Application(PublicId, Base):
    """One person for one position in one campaign. `account` is how the eligible candidate signs in.

    `withdrawn`: the person gave up; `ended`: the position was closed. Beside such ones a person has one application in a campaign.
    Assumed: no rule that is known here says for how many positions one person may apply.
    """

    __tablename__ = "application"
    __table_args__ = (
        unique_where("uq_application_of_person", "campaign_id", "person_id", where="state NOT IN ('withdrawn', 'ended')"),
        UniqueConstraint("campaign_id", "candidate_number"),
        CheckConstraint("state IN ('received', 'eligible', 'rejected', 'withdrawn', 'ended')", name="state"),
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

    @property
    def gone(self) -> bool:
        """Whether it left the running after it was accepted: given up, or ended with its position."""
        return self.state in GONE


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


class PersonCorrection(Base):
    """Words about a person that were corrected after the application was decided: what they were and what they became.

    Published lists stay as they are; their pages name the corrections that came after them.
    """

    __tablename__ = "person_correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    old_name: Mapped[str] = mapped_column(String(200))
    new_name: Mapped[str] = mapped_column(String(200))
    old_birth_date: Mapped[date] = mapped_column(Date)
    new_birth_date: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    corrected_at: Mapped[datetime] = mapped_column(UTCDateTime)
    corrected_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    application: Mapped[Application] = relationship()


def _salt() -> str:
    return secrets.token_hex(16)


class ApplicationCorrection(Base):
    """One correction of what an application and its person say: `before` and `after` by the names of the columns of a file, only what
    changed. The log keeps what is not personal, and of all of it a digest that `salt` is part of, so that nobody can try numbers against
    it.
    """

    __tablename__ = "application_correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    before: Mapped[dict[str, str]] = mapped_column(JsonText)
    after: Mapped[dict[str, str]] = mapped_column(JsonText)
    salt: Mapped[str] = mapped_column(String(32), default=_salt)
    reason: Mapped[str] = mapped_column(Text)
    corrected_at: Mapped[datetime] = mapped_column(UTCDateTime)
    corrected_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    corrected_by: Mapped[Account] = relationship()
