"""Who can be entered as, in demonstration mode."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from examsite.accounts.models import CANDIDATE, STAFF, Account
from examsite.campaigns.models import Application, Campaign, Membership

CANDIDATES_A_CAMPAIGN = 6


@dataclass(frozen=True)
class StaffCard:
    """One member of staff and the boards they sit on, campaign by campaign."""

    account: Account
    seats: Sequence[Membership]


@dataclass(frozen=True)
class CandidateCards:
    """Some candidates of one campaign."""

    campaign: Campaign
    applications: Sequence[Application]


def staff_cards(session: Session) -> list[StaffCard]:
    """Staff who can sign in, with their seats."""
    seats: dict[int, list[Membership]] = {}
    for seat in session.scalars(select(Membership).options(joinedload(Membership.campaign)).where(Membership.ended_at.is_(None))):
        seats.setdefault(seat.account_id, []).append(seat)
    accounts = session.scalars(select(Account).where(Account.kind == STAFF, Account.disabled_at.is_(None)).order_by(Account.id))
    return [StaffCard(account, seats.get(account.id, [])) for account in accounts]


def candidate_cards(session: Session) -> list[CandidateCards]:
    """The first few candidates of each campaign who have an account."""
    cards = []
    for campaign in session.scalars(select(Campaign).order_by(Campaign.created_at.desc())):
        found = session.scalars(
            select(Application)
            .options(joinedload(Application.person), joinedload(Application.position))
            .where(Application.campaign_id == campaign.id, Application.account_id.is_not(None))
            .order_by(Application.candidate_number)
            .limit(CANDIDATES_A_CAMPAIGN)
        ).all()
        if found:
            cards.append(CandidateCards(campaign, found))
    return cards


def enterable(session: Session, public_id: str) -> Account | None:
    """An account that is not disabled."""
    return session.scalar(
        select(Account).where(Account.public_id == public_id, Account.disabled_at.is_(None), Account.kind.in_((STAFF, CANDIDATE)))
    )
