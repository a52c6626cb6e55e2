"""A person's role in one campaign, proven by rows: the object that permissions are asked about."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.models import STAFF, Account
from examsite.audit.operations import Actor
from examsite.campaigns.models import Campaign, Membership
from examsite.rules.refusal import NotFound, NotPermitted


@dataclass(frozen=True)
class Role:
    """One account in one campaign; `duties` maps each board the person sits on to the duty held there."""

    account: Account
    campaign: Campaign
    duties: Mapping[str, str]

    def on(self, *boards: str) -> bool:
        """Whether the person sits on one of these boards."""
        return any(board in self.duties for board in boards)

    def heads(self, board: str) -> bool:
        """Whether the person is the head (chair) of this board."""
        return self.duties.get(board) == "head"

    @property
    def actor(self) -> Actor:
        """How the log names the person."""
        return Actor(self.account.public_id, self.account.display_name)

    def must(self, permitted: bool) -> None:
        """Refuse with 403 what a predicate of `permissions.py` did not permit."""
        if not permitted:
            raise NotPermitted("access.wrong_role")


def role_in(session: Session, account: Account, campaign_public_id: str) -> Role:
    """The role of a member of staff in a campaign; NotFound for one who sits on none of its boards."""
    campaign = session.scalar(select(Campaign).where(Campaign.public_id == campaign_public_id))
    if campaign is None or account.kind != STAFF:
        raise NotFound
    role = role_of(session, account, campaign)
    if not role.duties:
        raise NotFound
    return role


def role_of(session: Session, account: Account, campaign: Campaign) -> Role:
    """The role of an account in a campaign that is loaded already; it may be empty."""
    rows = session.execute(
        select(Membership.board, Membership.duty).where(
            Membership.campaign_id == campaign.id, Membership.account_id == account.id, Membership.ended_at.is_(None)
        )
    )
    return Role(account, campaign, {row.board: row.duty for row in rows})


def boards_of(session: Session, account: Account) -> frozenset[str]:
    """All boards that an account sits on, in any campaign."""
    return frozenset(
        session.scalars(select(Membership.board).where(Membership.account_id == account.id, Membership.ended_at.is_(None)).distinct())
    )
