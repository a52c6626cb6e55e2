"""Open the codes of round 2: two people, once, for all panels of the campaign together.

Together, because a panel opened alone would tell those who still score elsewhere where their own candidates stand.
"""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from examsite.accounts import acts
from examsite.accounts.models import TwoPersonAct
from examsite.audit.operations import record
from examsite.campaigns.models import Campaign
from examsite.campaigns.operations import telling
from examsite.campaigns.operations.campaigns import locked
from examsite.campaigns.roles import Role, role_of
from examsite.db import rows_changed
from examsite.grading.models import Panel
from examsite.grading.permissions import may_propose_opening, may_sign_opening
from examsite.grading.queries.outcomes import OPENING, about, missing_before_opening, opening_content
from examsite.grading.queries.panels import panels_of
from examsite.rules import canonical
from examsite.rules.refusal import Conflict, Refused


def propose_opening(session: Session, role: Role, shown: str, now: datetime) -> TwoPersonAct:
    """Sign the opening as its first person: the head of the code board or the council's chair. `shown` is the digest on the page."""
    role.must(may_propose_opening(role))
    _lock_closed_panels(session, role.campaign)
    content = opening_content(session, role.campaign)
    if canonical.digest(content) != shown:
        raise Conflict("acts.changed_since")
    campaign = role.campaign
    act = acts.propose(session, chain=campaign.chain, kind=OPENING, about=about(campaign), content=content, actor=role.account, now=now)
    signers = telling.board_members(session, campaign, ("code", "council", "supervision"))
    telling.signature_waits(session, campaign, act, signers, _page(campaign), now)
    return act


def sign_opening(session: Session, role: Role, act: TwoPersonAct, shown: str, now: datetime) -> None:
    """Sign the opening as its second person, and open: from here on codes, candidates and scores stand side by side, for good.

    The content is computed afresh and must be what the first person signed. The caller has proven the second person's password.
    """
    role.must(may_sign_opening(role))
    closed = _lock_closed_panels(session, role.campaign)
    first_may = may_propose_opening(role_of(session, act.first, role.campaign))
    acts.sign(session, act, opening_content(session, role.campaign), shown, role.account, now, first_may=first_may)
    opened = rows_changed(
        session,
        update(Panel).where(Panel.campaign_id == role.campaign.id, Panel.state == "closed").values(state="opened", opened_at=now),
    )
    if opened != closed:
        raise Conflict("changed_meanwhile")
    data = {"digest": act.digest, "panels": opened}
    record(session, role.campaign.chain, "grading:codes:opened", about(role.campaign), role.actor, now, data)
    telling.act_signed(session, role.campaign, act, role.account, _page(role.campaign), now)


def withdraw_opening(session: Session, role: Role, act: TwoPersonAct, reason: str, now: datetime) -> None:
    """Take back an opening that has only its first signature, with a reason, so that a panel can be opened again."""
    role.must(may_propose_opening(role))
    acts.withdraw(session, act, reason, role.account, now)
    telling.act_withdrawn(session, role.campaign, act, role.account, reason, _page(role.campaign), now)


def _page(campaign: Campaign) -> tuple[str, dict[str, str]]:
    return "grading.codes", {"campaign_id": campaign.public_id}


def _lock_closed_panels(session: Session, campaign: Campaign) -> int:
    """Take the rows of all panels until the transaction ends, and see that no other comes; return how many they are. Refuses while one of
    them is not closed."""
    locked(session, campaign)
    taken = rows_changed(session, update(Panel).where(Panel.campaign_id == campaign.id, Panel.state == "closed").values(state=Panel.state))
    session.expire_all()
    if missing_before_opening(session, campaign) or taken != len(panels_of(session, campaign)):
        raise Refused("grading.not_ready")
    return taken
