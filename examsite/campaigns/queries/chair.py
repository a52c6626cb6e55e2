"""Who decides what is the chair's to decide: the chair, a deputy where the chair has to keep away or the seat is vacant, or nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from examsite.accounts.models import Account
from examsite.campaigns.models import CHAIR, DEPUTY, Campaign, Membership
from examsite.campaigns.roles import COUNCIL, NOBODY, VACANT

CONFLICT: Final = "conflict"
"""The person declared a conflict of interest."""
MEMBER: Final = "member"
"""The person scored what is to be decided about."""
REPORTED: Final = "reported"
"""The person reported or witnessed it."""
PLACES: Final = "places"
"""The person sees, on another board, who stands behind which place in the order."""


@dataclass(frozen=True)
class Decider:
    """Who decides one thing; nobody where all have to keep away. `why` the chair does not: a reason, or empty where the chair does."""

    account: Account | None
    why: str = ""


@dataclass(frozen=True)
class Chairs:
    """The chair of a council and its deputies, as they can act now."""

    chair: Account | None
    deputies: tuple[Account, ...] = ()

    def decider(self, kept: Mapping[int, str] = NOBODY) -> Decider:
        """Who decides where the accounts of `kept` have to keep away, each for its reason."""
        why = VACANT if self.chair is None else kept.get(self.chair.id, "")
        if not why:
            return Decider(self.chair)
        return Decider(next((deputy for deputy in self.deputies if deputy.id not in kept), None), why)


def chairs_of(session: Session, campaign: Campaign) -> Chairs:
    """The chair and the deputies of a campaign's council who can sign in; of several deputies the one appointed first is named."""
    standing = (Membership.campaign_id == campaign.id, Membership.board == COUNCIL, Membership.ended_at.is_(None))
    seats = session.scalars(
        select(Membership)
        .join(Account, Account.id == Membership.account_id)
        .options(joinedload(Membership.account))
        .where(*standing, Membership.duty.in_((CHAIR, DEPUTY)), Account.disabled_at.is_(None))
        .order_by(Membership.appointed_at, Membership.id)
    ).all()
    chair = next((seat.account for seat in seats if seat.duty == CHAIR), None)
    return Chairs(chair, tuple(seat.account for seat in seats if seat.duty == DEPUTY))
