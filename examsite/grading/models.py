"""Panels, interviews under codes, score sheets in versions, decisions on spread."""

import secrets
from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint, and_, select
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from examsite.accounts.models import Account
from examsite.campaigns.models import Application, Campaign
from examsite.db import Base, ExactDecimal, JsonText, PublicId, UTCDateTime, unique_where
from examsite.rounds.models import Entrant

HEAD, MEMBER, DECIDER = "head", "member", "decider"
SCORING_DUTIES = (HEAD, MEMBER)


def new_salt() -> str:
    """32 random bytes in hexadecimal: without them a short list of possible scores could be tried against a seal."""
    return secrets.token_hex(32)


class Panel(PublicId, Base):
    """Those who interview together. Order and codes of its interviewees are drawn by lot from a published seed and from `secrets`.

    `state`: planned, drawn (lots drawn), closed (scores locked for good), opened (codes opened by two people). `codes_commitment` is
    what the log holds of the codes until they are opened; `codes_salt` goes into it.
    """

    __tablename__ = "panel"
    __table_args__ = (
        UniqueConstraint("campaign_id", "name"),
        CheckConstraint("state IN ('planned', 'drawn', 'closed', 'opened')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    name: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(200), default="")
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    pause_minutes: Mapped[int] = mapped_column(Integer, default=0)
    state: Mapped[str] = mapped_column(String(20), default="planned")
    lot_seed: Mapped[str | None] = mapped_column(String(64))
    drawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    codes_salt: Mapped[str | None] = mapped_column(String(64))
    codes_commitment: Mapped[str | None] = mapped_column(String(64))
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    campaign: Mapped[Campaign] = relationship()
    members: Mapped[list["PanelMember"]] = relationship(back_populates="panel", order_by="PanelMember.id")
    interviews: Mapped[list["Interview"]] = relationship(back_populates="panel", order_by="Interview.number")


class PanelMember(PublicId, Base):
    """One seat on a panel; `declared_at` is when conflicts were declared, before any name or score was shown.

    A `decider` scores nothing: the council's chair, or the board's head, who has to declare before deciding what the members leave open.
    """

    __tablename__ = "panel_member"
    __table_args__ = (
        UniqueConstraint("panel_id", "account_id"),
        CheckConstraint("duty IN ('head', 'member', 'decider')", name="duty"),
        unique_where("uq_panel_member_head", "panel_id", where="duty = 'head'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    duty: Mapped[str] = mapped_column(String(20), default="member")
    declared_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    panel: Mapped[Panel] = relationship(back_populates="members")
    account: Mapped[Account] = relationship()


class Interview(PublicId, Base):
    """One candidate before one panel. `code` is random, the only name on score sheets; `number` is the place in the order drawn,
    `planned_at` when it should begin."""

    __tablename__ = "interview"
    __table_args__ = (
        UniqueConstraint("panel_id", "code"),
        UniqueConstraint("panel_id", "number"),
        CheckConstraint("state IN ('waiting', 'present', 'no_show')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), unique=True)
    code: Mapped[str | None] = mapped_column(String(12))
    number: Mapped[int | None] = mapped_column(Integer)
    planned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    state_reason: Mapped[str] = mapped_column(Text, default="")
    state_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    panel: Mapped[Panel] = relationship(back_populates="interviews")
    application: Mapped[Application] = relationship()
    dropped: Mapped[bool] = column_property(
        and_(
            ~select(Entrant.id).where(Entrant.application_id == application_id).correlate_except(Entrant).exists(),
            select(Entrant.id)
            .join(Panel, Panel.campaign_id == Entrant.campaign_id)
            .where(Panel.id == panel_id)
            .correlate_except(Entrant, Panel)
            .exists(),
        )
    )
    """Whether a corrected round 1 result lets the candidate in no more; under rules without a round 1 no campaign has entrants."""

    @property
    def gone(self) -> str:
        """Why the candidate takes part no more: `withdrawn`, `ended` (the position was closed) or `not_admitted`; empty for all others."""
        if self.application.gone:
            return self.application.state
        return "not_admitted" if self.dropped else ""


class Recusal(Base):
    """A member who does not score one interview: a declared conflict with its relation (an id of the rule set), an absence that the
    panel's head recorded, or a seat taken after a sheet of the interview was locked (`joined_late`).

    An absence recorded by mistake is lifted with a reason; the others stand.
    """

    __tablename__ = "recusal"
    __table_args__ = (
        unique_where("uq_recusal_standing", "interview_id", "member_id", where="lifted_at IS NULL"),
        CheckConstraint("kind IN ('conflict', 'absent', 'joined_late')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("panel_member.id"))
    kind: Mapped[str] = mapped_column(String(20))
    relation: Mapped[str | None] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    lifted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    lifted_why: Mapped[str | None] = mapped_column(Text)


class Sanction(PublicId, Base):
    """A breach of the rules in one interview: recorded by whoever leads the panel under a kind of the rule set, imposed or dropped by the
    council's chair, or by a deputy in the chair's place (`in_place` says why). A later decision replaces an earlier one, which stays in
    the log."""

    __tablename__ = "sanction"
    __table_args__ = (CheckConstraint("outcome IN ('imposed', 'dropped')", name="outcome"), Index(None, "interview_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id"))
    kind: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    outcome: Mapped[str | None] = mapped_column(String(20))
    decision: Mapped[str] = mapped_column(Text, default="")
    in_place: Mapped[str] = mapped_column(String(20), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_by: Mapped[Account] = relationship(foreign_keys=[recorded_by_id])
    decided_by: Mapped[Account | None] = relationship(foreign_keys=[decided_by_id])


class ScoreSheet(PublicId, Base):
    """One member's sheet of one interview, in versions: each saving adds a row, none is overwritten.

    `scores` maps component id to a decimal written as text, or to None while unscored; unscored is never zero.
    `state`: draft, locked, reopened (a locked version that a recorded reopening ended). The log holds only the `seal` of a version.
    """

    __tablename__ = "score_sheet"
    __table_args__ = (
        UniqueConstraint("interview_id", "member_id", "version"),
        CheckConstraint("state IN ('draft', 'locked', 'reopened')", name="state"),
        unique_where("uq_score_sheet_locked", "interview_id", "member_id", where="state = 'locked'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("panel_member.id"))
    version: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(20), default="draft")
    scores: Mapped[dict[str, str | None]] = mapped_column(JsonText)
    comment: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    locked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reopened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reopened_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reopened_why: Mapped[str | None] = mapped_column(Text)
    had_seen_others: Mapped[bool] = mapped_column(default=False)
    salt: Mapped[str] = mapped_column(String(64), default=new_salt)
    seal: Mapped[str] = mapped_column(String(64))
    interview: Mapped[Interview] = relationship()
    member: Mapped[PanelMember] = relationship()


class SpreadDecision(Base):
    """The official score of one interview where the spread asks for a decision: by whom, why; a later one supersedes.

    `in_place`: why a deputy decided in the chair's place; empty for all others."""

    __tablename__ = "spread_decision"
    __table_args__ = (unique_where("uq_spread_decision_current", "interview_id", where="superseded_at IS NULL"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id"))
    role: Mapped[str] = mapped_column(String(20))
    spread: Mapped[Decimal] = mapped_column(ExactDecimal)
    score: Mapped[Decimal] = mapped_column(ExactDecimal)
    reason: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    superseded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    in_place: Mapped[str] = mapped_column(String(20), default="")
    salt: Mapped[str] = mapped_column(String(64), default=new_salt)
    seal: Mapped[str] = mapped_column(String(64))
    decided_by: Mapped[Account] = relationship()
