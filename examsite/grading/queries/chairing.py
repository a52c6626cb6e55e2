"""Who has to keep away from what the council's chair decides about the interviews of a panel."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from examsite.campaigns.models import DEPUTY, Membership
from examsite.campaigns.queries.chair import CONFLICT, MEMBER, PLACES, REPORTED
from examsite.campaigns.roles import COUNCIL
from examsite.grading.models import SCORING_DUTIES, Interview, Panel, PanelMember, Recusal, Sanction

SEEING_PLACES = ("hr", "supervision")
"""Boards on which the order is read by candidate number."""


@dataclass(frozen=True)
class Kept:
    """Accounts (by id) with the reason: those who keep away from a whole panel; and by interview those who declared a conflict, and those
    who recorded a sanction in it."""

    panel: Mapping[int, str] = field(default_factory=dict)
    conflicts: Mapping[int, frozenset[int]] = field(default_factory=dict)
    reporters: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def of(self, interview: Interview, sanction: Sanction | None = None) -> dict[int, str]:
        """Who keeps away from one interview, or from one sanction in it, which nobody decides who recorded it."""
        kept = {**self.panel, **dict.fromkeys(self.conflicts.get(interview.id, ()), CONFLICT)}
        return kept if sanction is None else {**kept, sanction.recorded_by_id: REPORTED}

    def somewhere(self, account_id: int | None) -> bool:
        """Whether somebody has to keep away from anything at this panel."""
        return account_id in self.panel or any(account_id in kept for kept in (*self.conflicts.values(), *self.reporters.values()))

    def reported_in(self, interview: Interview, account_id: int | None) -> bool:
        """Whether somebody recorded a sanction in this interview."""
        return account_id in self.reporters.get(interview.id, ())


def kept_from(session: Session, panel: Panel) -> Kept:
    """Those who score on the panel, those with a conflict, those who recorded a sanction; and deputies of the council who sit, or
    sat after the lots, on a board that plans or reads the order by candidate number, for whom the codes would be names."""
    standing = and_(Recusal.member_id == PanelMember.id, Recusal.kind == "conflict", Recusal.lifted_at.is_(None))
    seats = select(PanelMember.account_id, PanelMember.duty, Recusal.interview_id).outerjoin(Recusal, standing)
    found = session.execute(seats.where(PanelMember.panel_id == panel.id)).all()
    conflicts = ((row.interview_id, row.account_id) for row in found if row.interview_id is not None)
    whole = dict.fromkeys(session.scalars(_seeing_places(panel)), PLACES)
    whole |= {row.account_id: MEMBER for row in found if row.duty in SCORING_DUTIES}
    recorded = select(Sanction.interview_id, Sanction.recorded_by_id).join(Interview, Interview.id == Sanction.interview_id)
    reporters = session.execute(recorded.where(Interview.panel_id == panel.id)).all()
    return Kept(whole, _by_interview(conflicts), _by_interview((row[0], row[1]) for row in reporters))


def conflicts_with(session: Session, applications: Iterable[int]) -> dict[int, str]:
    """Who declared a conflict with one of these applications before a panel; they decide nothing about it afterwards either."""
    joined = (
        select(PanelMember.account_id)
        .join(Recusal, Recusal.member_id == PanelMember.id)
        .join(Interview, Interview.id == Recusal.interview_id)
    )
    standing = (Recusal.kind == "conflict", Recusal.lifted_at.is_(None), Interview.application_id.in_(list(applications)))
    return dict.fromkeys(session.scalars(joined.where(*standing)), CONFLICT)


def _by_interview(pairs: Iterable[tuple[int, int]]) -> dict[int, frozenset[int]]:
    found: dict[int, frozenset[int]] = {}
    for interview, account in pairs:
        found[interview] = found.get(interview, frozenset()) | {account}
    return found


def _seeing_places(panel: Panel) -> Select[int]:
    """Who left such a board once the lots were drawn has seen the order too."""
    here, standing = Membership.campaign_id == panel.campaign_id, Membership.ended_at.is_(None)
    council = select(Membership.account_id).where(here, standing, Membership.board == COUNCIL, Membership.duty == DEPUTY)
    saw = standing if panel.drawn_at is None else or_(standing, Membership.ended_at > panel.drawn_at)
    return select(Membership.account_id).where(here, saw, Membership.board.in_(SEEING_PLACES), Membership.account_id.in_(council))
