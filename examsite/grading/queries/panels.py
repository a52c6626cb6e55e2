"""Look up panels, seats and interviews; what a URL names is found only inside the panel it names."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from examsite.accounts.models import Account
from examsite.campaigns.models import Application, Campaign, Membership
from examsite.grading.models import DECIDER, SCORING_DUTIES, Interview, Panel, PanelMember
from examsite.rules.refusal import NotFound
from examsite.vietnamese import name_sort_key


def panels_of(session: Session, campaign: Campaign) -> list[Panel]:
    """All panels of a campaign with their members, in the order in which they meet."""
    return list(
        session.scalars(
            select(Panel)
            .options(selectinload(Panel.members).joinedload(PanelMember.account))
            .where(Panel.campaign_id == campaign.id)
            .order_by(Panel.starts_at, Panel.name, Panel.id)
        )
    )


def scoring_members(session: Session, panel: Panel) -> list[PanelMember]:
    """Those who give scores, the head first, then as they were seated."""
    found = session.scalars(
        select(PanelMember)
        .options(joinedload(PanelMember.account))
        .where(PanelMember.panel_id == panel.id, PanelMember.duty.in_(SCORING_DUTIES))
        .order_by(PanelMember.id)
    )
    return sorted(found, key=lambda member: member.duty != SCORING_DUTIES[0])


def interviews_of(session: Session, panel: Panel) -> list[Interview]:
    """The interviews of a panel with their candidates: in the order of the lots, before these by candidate number."""
    return list(
        session.scalars(
            select(Interview)
            .join(Interview.application)
            .options(
                joinedload(Interview.application).joinedload(Application.person),
                joinedload(Interview.application).joinedload(Application.position),
            )
            .where(Interview.panel_id == panel.id)
            .order_by(Interview.number, Application.candidate_number)
        )
    )


def candidates_by_name(session: Session, panel: Panel) -> list[Interview]:
    """The same in the order of names, for declarations: this order says nothing about numbers or codes, nor about ids beside codes."""
    return sorted(interviews_of(session, panel), key=lambda one: (one.application.person.name_sort_key, one.application.public_id))


def interview_in(session: Session, panel: Panel, public_id: str) -> Interview:
    """One interview of this panel, as pages with codes name it; or NotFound."""
    found = session.scalar(select(Interview).where(Interview.panel_id == panel.id, Interview.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def candidate_in(session: Session, panel: Panel, application_public_id: str) -> Interview:
    """The interview of one candidate of this panel, as pages with names call it: by the id of the application, which stands beside no
    code, so that no two pages together tell whose code is whose; or NotFound."""
    named = Application.public_id == application_public_id
    found = session.scalar(select(Interview).join(Interview.application).where(Interview.panel_id == panel.id, named))
    if found is None:
        raise NotFound
    return found


def member_in(session: Session, panel: Panel, public_id: str) -> PanelMember:
    """One scoring seat of this panel, or NotFound."""
    found = session.scalar(
        select(PanelMember).where(PanelMember.panel_id == panel.id, PanelMember.public_id == public_id, PanelMember.duty != DECIDER)
    )
    if found is None:
        raise NotFound
    return found


def not_seated(session: Session, panel: Panel) -> list[Account]:
    """People of the panel board who do not sit on this panel yet, by name."""
    seated = select(PanelMember.account_id).where(PanelMember.panel_id == panel.id)
    found = session.scalars(
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .where(
            Membership.campaign_id == panel.campaign_id,
            Membership.board == "panel",
            Membership.ended_at.is_(None),
            Account.id.not_in(seated),
        )
    )
    return sorted(found, key=lambda account: (name_sort_key(account.display_name), account.sign_in_name))
