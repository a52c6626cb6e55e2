"""How many interviews wait for one person to decide their score, because the members differ too much. One query."""

from collections.abc import Iterator
from functools import cache
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, aliased

from examsite.campaigns.models import Application
from examsite.campaigns.queries import rule_set
from examsite.campaigns.roles import Role
from examsite.grading.models import HEAD, SCORING_DUTIES, Interview, Panel, PanelMember, Recusal, ScoreSheet, SpreadDecision
from examsite.grading.queries.chairing import Kept, kept_from
from examsite.grading.sheet_values import given
from examsite.rules.policy import Decider
from examsite.rules.scoring import NeedsDecision, panel_outcome


def to_decide(session: Session, role: Role) -> int:
    """Complete interviews in panels whose lots are drawn that ask this person, as chair or as head, for a decision not taken yet."""
    leads_all, own = role.heads("panel"), set(session.scalars(_headed_by(role)))
    chairing = _Chairing(session, role)
    return sum(
        (by is Decider.COUNCIL_CHAIR and chairing.decides(asked)) or (by is Decider.BOARD_HEAD and (leads_all or asked.panel_id in own))
        for asked, by in _asked(session, role)
    )


class _Chairing:
    """Whether one person decides as the council's chair, or in the chair's place; panels are looked at once, and only where it is asked."""

    def __init__(self, session: Session, role: Role) -> None:
        self._session, self._role = session, role
        self._kept: dict[int, Kept] = {}

    def decides(self, interview: Interview) -> bool:
        if not (self._role.heads("council") or self._role.deputises):
            return False
        if interview.panel_id not in self._kept:
            self._kept[interview.panel_id] = kept_from(self._session, interview.panel)
        return self._role.chairs(self._kept[interview.panel_id].of(interview))


def _headed_by(role: Role) -> Select[int]:
    heads = (PanelMember.account_id == role.account.id, PanelMember.duty == HEAD)
    return select(PanelMember.panel_id).where(*heads)


def _asked(session: Session, role: Role) -> Iterator[tuple[Interview, Decider | None]]:
    """Each complete, undecided interview, and who has to decide; None where the mean holds."""
    rules = rule_set(role.campaign)
    rows = session.execute(_locked_sheets(), {"campaign": role.campaign.id, "account": role.account.id}).all()
    for interview, sheets in groupby(rows, key=itemgetter(0)):
        outcome = panel_outcome({member: given(sheet) for _interview, member, sheet in sheets}, None, rules)
        yield interview, outcome.by if isinstance(outcome, NeedsDecision) else None


@cache
def _locked_sheets() -> Select[Interview, str, ScoreSheet]:
    """The locked sheets of interviews that wait for no member, have no decision, and are not kept from this person by a
    conflict. Built once, since building it costs more than the database does."""
    other, sheet = aliased(PanelMember), aliased(ScoreSheet)
    locked = select(sheet.id).where(sheet.interview_id == Interview.id, sheet.member_id == other.id, sheet.state == "locked")
    left_out = select(Recusal.id).where(Recusal.interview_id == Interview.id, Recusal.member_id == other.id, Recusal.lifted_at.is_(None))
    scoring = (other.panel_id == Interview.panel_id, other.duty.in_(SCORING_DUTIES))
    awaited = select(other.id).where(*scoring, ~locked.exists(), ~left_out.exists())
    decided = select(SpreadDecision.id).where(SpreadDecision.interview_id == Interview.id, SpreadDecision.superseded_at.is_(None))
    me = aliased(PanelMember)
    kept_away = (Recusal.interview_id == Interview.id, me.account_id == bindparam("account"), Recusal.kind == "conflict")
    conflicts = select(Recusal.id).join_from(Recusal, me, Recusal.member_id == me.id).where(*kept_away)
    return (
        select(Interview, PanelMember.public_id, ScoreSheet)
        .join(ScoreSheet, ScoreSheet.interview_id == Interview.id)
        .join(PanelMember, PanelMember.id == ScoreSheet.member_id)
        .join(Panel, Panel.id == Interview.panel_id)
        .join(Application, Application.id == Interview.application_id)
        .where(
            Panel.campaign_id == bindparam("campaign"), Panel.state == "drawn", Interview.state == "present", ScoreSheet.state == "locked"
        )
        .where(Application.state == "eligible", ~Interview.dropped, ~awaited.exists(), ~decided.exists(), ~conflicts.exists())
        .order_by(Interview.id, PanelMember.id)
    )
