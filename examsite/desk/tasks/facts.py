"""How things stand in somebody's campaigns, in one statement: the few figures that all tasks are derived from.

Each figure is one `SELECT` of the same five columns; only those that the person's boards need are asked for.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import (
    ColumnElement,
    Executable,
    Integer,
    Select,
    SQLColumnExpression,
    and_,
    bindparam,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from examsite.campaigns.models import CHAIR, Application, Entitlement, Membership
from examsite.db import UTCDateTime
from examsite.grading.models import SCORING_DUTIES, Interview, Panel, PanelMember, Recusal, Sanction, ScoreSheet
from examsite.questions.models import Item, ItemVersion
from examsite.results.models import Appeal, Publication
from examsite.rounds.models import Entrant, EvidenceDecision, ExamSession, LateEvidence, RosterEntry, Sitting, Violation


@dataclass(frozen=True, slots=True)
class Fact:
    """How many of one kind, and the first and last moment that matters about them."""

    count: int
    first: datetime | None
    last: datetime | None


NOTHING = Fact(0, None, None)
Facts = Mapping[str, Fact]
Moments = SQLColumnExpression[datetime] | SQLColumnExpression[datetime | None]
Figure = Select[str, int, int, datetime | None, datetime | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a figure may depend on: the campaigns, the person, the moment."""

    campaigns: Collection[int]
    account: int
    now: datetime


CAMPAIGNS = bindparam("campaigns", expanding=True, type_=Integer)
ME = bindparam("account", type_=Integer)
NOW = bindparam("now", type_=UTCDateTime)
_ACCEPTED = (Appeal.outcome == "accepted", Appeal.carried_out_at.is_(None))


def facts_of(session: Session, names: Collection[str], asked: Asked) -> dict[int, dict[str, Fact]]:
    """The figures named, by campaign; a campaign and a figure of which there is nothing are left out. One query."""
    found: dict[int, dict[str, Fact]] = {}
    if names and asked.campaigns:
        values = {"campaigns": list(asked.campaigns), "account": asked.account, "now": asked.now}
        for row in session.execute(_statement(frozenset(names)), values).all():
            found.setdefault(row[1], {})[row[0]] = Fact(row[2], row[3], row[4])
    return found


@lru_cache(maxsize=256)
def _statement(names: frozenset[str]) -> Executable:
    """The one statement for a set of figures; built once, since building it costs more than the database does."""
    figures = [FIGURES[name]() for name in sorted(names)]
    return union_all(*figures) if len(figures) > 1 else figures[0]


def _figure(name: str, campaign: SQLColumnExpression[int], moment: Moments | None) -> Figure:
    first, last = (null(), null()) if moment is None else (func.min(moment), func.max(moment))
    return select(literal_column(f"'{name}'").label("name"), campaign.label("campaign"), func.count(), first, last).group_by(campaign)


def _applications(name: str, moment: Moments | None, *where: ColumnElement[bool]) -> Figure:
    return _figure(name, Application.campaign_id, moment).where(Application.campaign_id.in_(CAMPAIGNS), *where)


def _received() -> Figure:
    return _applications("received", Application.received_at, Application.state == "received")


def _decided() -> Figure:
    return _applications("decided", Application.decided_at, Application.state.in_(("eligible", "rejected")))


def _claims() -> Figure:
    """Applications that claim a priority or an exemption on which nothing is decided."""

    def undecided(kind: str, claim: SQLColumnExpression[str]) -> ColumnElement[bool]:
        decided = select(Entitlement.id).where(Entitlement.application_id == Application.id, Entitlement.kind == kind)
        return and_(claim != "", ~decided.where(Entitlement.superseded_at.is_(None)).exists())

    open_claim = or_(undecided("priority", Application.claimed_priority), undecided("exemption", Application.claimed_exemption))
    return _applications("claims", Application.received_at, Application.state.in_(("received", "eligible")), open_claim)


def _unnumbered() -> Figure:
    return _applications("unnumbered", None, Application.state == "eligible", Application.candidate_number.is_(None))


def _unlisted() -> Figure:
    listed = select(RosterEntry.id).where(RosterEntry.application_id == Application.id).exists()
    return _applications("unlisted", None, Application.state == "eligible", ~listed)


def _unplaced(name: str, *where: ColumnElement[bool]) -> Figure:
    placed = select(Interview.id).where(Interview.application_id == Application.id).exists()
    return _applications(name, None, Application.state == "eligible", ~placed, *where)


def _entrants_unplaced() -> Figure:
    return _unplaced("entrants_unplaced", select(Entrant.id).where(Entrant.application_id == Application.id).exists())


def _eligible_unplaced() -> Figure:
    return _unplaced("eligible_unplaced")


def _sessions(name: str, moment: Moments, *where: ColumnElement[bool]) -> Figure:
    return _figure(name, ExamSession.campaign_id, moment).where(ExamSession.campaign_id.in_(CAMPAIGNS), *where)


def _sessions_planned() -> Figure:
    return _sessions("sessions_planned", ExamSession.opens_at, ExamSession.state == "planned")


def _sessions_coming() -> Figure:
    return _sessions("sessions_coming", ExamSession.opens_at, ExamSession.state == "sealed", ExamSession.opens_at > NOW)


def _sessions_begun() -> Figure:
    ends = func.coalesce(ExamSession.closes_at, ExamSession.opens_at)
    return _sessions("sessions_begun", ends, ExamSession.state == "sealed", ExamSession.opens_at <= NOW)


def _sessions_closed() -> Figure:
    return _sessions("sessions_closed", ExamSession.closed_at, ExamSession.state == "closed")


def _violations() -> Figure:
    joined = _figure("violations", ExamSession.campaign_id, Violation.reported_at).join_from(Violation, RosterEntry).join(ExamSession)
    return joined.where(ExamSession.campaign_id.in_(CAMPAIGNS), Violation.state == "reported")


def _violations_in_place() -> Figure:
    """Those that the council's chair reported or witnessed and this person did not, for a deputy to decide."""
    chair, witness = _chair_of(ExamSession.campaign_id), Violation.witness_id
    joined = _figure("violations_in_place", ExamSession.campaign_id, Violation.reported_at).join_from(Violation, RosterEntry)
    theirs = or_(Violation.reported_by_id.in_(chair), witness.in_(chair))
    mine = or_(Violation.reported_by_id == ME, and_(witness.is_not(None), witness == ME))
    return joined.join(ExamSession).where(ExamSession.campaign_id.in_(CAMPAIGNS), Violation.state == "reported", theirs, ~mine)


def _evidence() -> Figure:
    decided = select(EvidenceDecision.id).where(EvidenceDecision.evidence_id == LateEvidence.id).exists()
    joined = _figure("evidence", ExamSession.campaign_id, LateEvidence.received_at).join_from(LateEvidence, Sitting)
    return joined.join(RosterEntry).join(ExamSession).where(ExamSession.campaign_id.in_(CAMPAIGNS), ~decided)


def _panels(name: str, moment: Moments, state: str) -> Figure:
    return _figure(name, Panel.campaign_id, moment).where(Panel.campaign_id.in_(CAMPAIGNS), Panel.state == state)


def _panels_planned() -> Figure:
    return _panels("panels_planned", Panel.starts_at, "planned")


def _panels_drawn() -> Figure:
    return _panels("panels_drawn", Panel.starts_at, "drawn")


def _panels_closed() -> Figure:
    return _panels("panels_closed", Panel.closed_at, "closed")


def _panels_opened() -> Figure:
    return _panels("panels_opened", Panel.opened_at, "opened")


def _sanctions() -> Figure:
    joined = _figure("sanctions", Panel.campaign_id, Sanction.recorded_at).join_from(Sanction, Interview).join(Panel)
    return joined.where(Panel.campaign_id.in_(CAMPAIGNS), Sanction.outcome.is_(None))


def _sanctions_in_place() -> Figure:
    """Those that the council's chair recorded, or where the chair has a conflict, and this person neither, for a deputy to decide."""
    chair, here = _chair_of(Panel.campaign_id), Recusal.interview_id == Sanction.interview_id
    theirs = or_(Sanction.recorded_by_id.in_(chair), _conflict(PanelMember.account_id.in_(chair), here))
    mine = or_(Sanction.recorded_by_id == ME, _conflict(PanelMember.account_id == ME, here))
    joined = _figure("sanctions_in_place", Panel.campaign_id, Sanction.recorded_at).join_from(Sanction, Interview).join(Panel)
    return joined.where(Panel.campaign_id.in_(CAMPAIGNS), Sanction.outcome.is_(None), theirs, ~mine)


def _appeals_in_place() -> Figure:
    """Those of candidates with whom the council's chair declared a conflict and this person did not, for a deputy to decide."""
    return _in_place("appeals_in_place", Appeal.received_at, Appeal.decided_at.is_(None))


def _accepted_in_place() -> Figure:
    """The same of accepted ones, for a deputy to carry out."""
    return _in_place("accepted_in_place", Appeal.decided_at, *_ACCEPTED)


def _in_place(name: str, moment: Moments, *where: ColumnElement[bool]) -> Figure:
    here = Recusal.interview_id.in_(select(Interview.id).where(Interview.application_id == Appeal.application_id))
    theirs = _conflict(PanelMember.account_id.in_(_chair_of(Application.campaign_id)), here)
    joined = _figure(name, Application.campaign_id, moment).join_from(Appeal, Application)
    mine = _conflict(PanelMember.account_id == ME, here)
    return joined.where(Application.campaign_id.in_(CAMPAIGNS), *where, theirs, ~mine)


def _chair_of(campaign: SQLColumnExpression[int]) -> Select[int]:
    standing = (Membership.board == "council", Membership.duty == CHAIR, Membership.ended_at.is_(None))
    return select(Membership.account_id).where(Membership.campaign_id == campaign, *standing)


def _conflict(who: ColumnElement[bool], where: ColumnElement[bool]) -> ColumnElement[bool]:
    standing = (Recusal.kind == "conflict", Recusal.lifted_at.is_(None))
    return select(Recusal.id).join(PanelMember, PanelMember.id == Recusal.member_id).where(*standing, who, where).exists()


def _undeclared() -> Figure:
    """Panels of mine whose lots are drawn and before which I have not declared conflicts."""
    joined = _figure("undeclared", Panel.campaign_id, Panel.starts_at).join_from(Panel, PanelMember)
    mine = (PanelMember.account_id == ME, PanelMember.declared_at.is_(None), Panel.state == "drawn")
    return joined.where(Panel.campaign_id.in_(CAMPAIGNS), *mine)


def _sheets() -> Figure:
    """Interviews that took place and wait for my sheet."""
    locked = select(ScoreSheet.id).where(ScoreSheet.interview_id == Interview.id, ScoreSheet.member_id == PanelMember.id)
    left_out = select(Recusal.id).where(Recusal.interview_id == Interview.id, Recusal.member_id == PanelMember.id)
    joined = _figure("sheets", Panel.campaign_id, Interview.state_at).join_from(Panel, PanelMember).join(Interview)
    joined = joined.join(Application, and_(Application.id == Interview.application_id, Application.state == "eligible"))
    mine = (PanelMember.account_id == ME, PanelMember.duty.in_(SCORING_DUTIES), Panel.state == "drawn")
    open_sheet = (~locked.where(ScoreSheet.state == "locked").exists(), ~left_out.where(Recusal.lifted_at.is_(None)).exists())
    return joined.where(Panel.campaign_id.in_(CAMPAIGNS), *mine, Interview.state == "present", ~Interview.dropped, *open_sheet)


def _to_review() -> Figure:
    joined = _figure("to_review", Item.campaign_id, ItemVersion.submitted_at).join_from(ItemVersion, Item)
    waiting = (ItemVersion.state == "in_review", ItemVersion.author_id != ME)
    return joined.where(Item.campaign_id.in_(CAMPAIGNS), Item.retired_at.is_(None), *waiting)


def _returned() -> Figure:
    """Versions of mine that a reviewer sent back, and that nothing newer has taken the place of."""
    newer = aliased(ItemVersion)
    later = select(newer.id).where(newer.item_id == ItemVersion.item_id, newer.number > ItemVersion.number).exists()
    joined = _figure("returned", Item.campaign_id, ItemVersion.reviewed_at).join_from(ItemVersion, Item)
    mine = (ItemVersion.state == "returned", ItemVersion.author_id == ME, ~later)
    return joined.where(Item.campaign_id.in_(CAMPAIGNS), Item.retired_at.is_(None), *mine)


def _appeals() -> Figure:
    joined = _figure("appeals", Application.campaign_id, Appeal.received_at).join_from(Appeal, Application)
    return joined.where(Application.campaign_id.in_(CAMPAIGNS), Appeal.decided_at.is_(None))


def _accepted() -> Figure:
    """Accepted appeals of which nobody has recorded what was done about them."""
    joined = _figure("accepted", Application.campaign_id, Appeal.decided_at).join_from(Appeal, Application)
    return joined.where(Application.campaign_id.in_(CAMPAIGNS), *_ACCEPTED)


def _list_of(kind: str) -> Callable[[], Figure]:
    """The list of one kind that stands."""

    def standing() -> Figure:
        figure = _figure(f"list_{kind}", Publication.campaign_id, Publication.published_at)
        return figure.where(Publication.campaign_id.in_(CAMPAIGNS), Publication.kind == kind, Publication.superseded_at.is_(None))

    return standing


FIGURES: Mapping[str, Callable[[], Figure]] = {
    "accepted": _accepted,
    "accepted_in_place": _accepted_in_place,
    "appeals": _appeals,
    "appeals_in_place": _appeals_in_place,
    "claims": _claims,
    "decided": _decided,
    "eligible_unplaced": _eligible_unplaced,
    "entrants_unplaced": _entrants_unplaced,
    "evidence": _evidence,
    "panels_closed": _panels_closed,
    "panels_drawn": _panels_drawn,
    "panels_opened": _panels_opened,
    "panels_planned": _panels_planned,
    "received": _received,
    "returned": _returned,
    "sanctions": _sanctions,
    "sanctions_in_place": _sanctions_in_place,
    "sessions_begun": _sessions_begun,
    "sessions_closed": _sessions_closed,
    "sessions_coming": _sessions_coming,
    "sessions_planned": _sessions_planned,
    "sheets": _sheets,
    "to_review": _to_review,
    "undeclared": _undeclared,
    "unlisted": _unlisted,
    "unnumbered": _unnumbered,
    "violations": _violations,
    "violations_in_place": _violations_in_place,
    **{f"list_{kind}": _list_of(kind) for kind in ("eligible", "round1", "provisional", "official", "recommendations")},
}
