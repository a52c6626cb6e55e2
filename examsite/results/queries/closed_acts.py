"""Which acts on lists and ties wait for a second signature that one person could not give."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.models import TwoPersonAct
from examsite.campaigns.models import Application, Campaign
from examsite.campaigns.roles import Role
from examsite.grading.queries.chairing import conflicts_with
from examsite.results.models import Draft
from examsite.results.permissions import may_sign_tie
from examsite.results.queries.putting_forward import PUBLICATION
from examsite.results.queries.standing import tie_stage_refusal
from examsite.results.queries.tie_proof import TIE
from examsite.results.queries.ties import content_of


def closed_to(session: Session, acts: Sequence[TwoPersonAct], roles: Mapping[str, Role]) -> set[int]:
    """Those of the acts that the operation would refuse to one person, whose roles are given by chain: lists that they drafted, ties of
    somebody with whom they have a conflict, and ties that are decided at this stage no more."""
    return _drafted(session, acts, roles) | {act.id for act in acts if act.kind == TIE and _kept_away(session, act, roles[act.chain])}


def _drafted(session: Session, acts: Sequence[TwoPersonAct], roles: Mapping[str, Role]) -> set[int]:
    drafts = {act.about.partition(":")[2]: act for act in acts if act.kind == PUBLICATION}
    if not drafts:
        return set()
    rows = session.execute(select(Draft.public_id, Draft.drafted_by_id).where(Draft.public_id.in_(drafts)))
    return {drafts[draft].id for draft, drafter in rows if drafter == roles[drafts[draft].chain].account.id}


def _kept_away(session: Session, act: TwoPersonAct, role: Role) -> bool:
    if tie_stage_refusal(session, role.campaign) is not None:
        return True
    return not may_sign_tie(role, conflicts_with(session, _tied(session, act, role.campaign)))


def _tied(session: Session, act: TwoPersonAct, campaign: Campaign) -> Sequence[int]:
    numbers = list(content_of(act).get("tied", ()))
    tied = (Application.campaign_id == campaign.id, Application.candidate_number.in_(numbers))
    return session.scalars(select(Application.id).where(*tied)).all()
