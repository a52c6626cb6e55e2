"""A person's role in one campaign, proven by rows: the object that permissions are asked about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from examsite.accounts.models import STAFF, Account
from examsite.audit.operations import Actor
from examsite.campaigns.models import CHAIR, DEPUTY, Campaign, Membership
from examsite.rules.refusal import NotFound, NotPermitted

COUNCIL: Final = "council"
VACANT: Final = "vacant"
NOBODY: Final[Mapping[int, str]] = {}


@dataclass(frozen=True)
class Role:
    """One account in one campaign; `duties` maps each board the person sits on to the duty held there. `chair_id` is known to deputy
    chairs of the council alone: the account of the chair, None while nobody holds that seat."""

    account: Account
    campaign: Campaign
    duties: Mapping[str, str]
    chair_id: int | None = None

    def on(self, *boards: str) -> bool:
        """Whether the person sits on one of these boards."""
        return any(board in self.duties for board in boards)

    def heads(self, board: str) -> bool:
        """Whether the person is the head (chair) of this board, or a deputy chair of the council while nobody is its chair."""
        return self.duties.get(board) == CHAIR or (board == COUNCIL and bool(self.in_place()))

    @property
    def deputises(self) -> bool:
        """Whether the person is a deputy chair of the council."""
        return self.duties.get(COUNCIL) == DEPUTY

    def in_place(self, kept: Mapping[int, str] = NOBODY) -> str:
        """Why a deputy chair decides something in the chair's place; empty where they do not. `kept` are the accounts that have to keep
        away from it, with the reason."""
        if not self.deputises:
            return ""
        return VACANT if self.chair_id is None else kept.get(self.chair_id, "")

    def chairs(self, kept: Mapping[int, str] = NOBODY) -> bool:
        """Whether the person decides something as the council's chair, or in the chair's place, where `kept` have to keep away from it."""
        return self.account.id not in kept and (self.duties.get(COUNCIL) == CHAIR or bool(self.in_place(kept)))

    def as_deputy(self, kept: Mapping[int, str] = NOBODY) -> dict[str, str]:
        """What the log says beside a decision of the chair's that a deputy took."""
        why = self.in_place(kept)
        return {"in_place": why} if why else {}

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
    return seated(session, account, campaign, {row.board: row.duty for row in rows})


def seated(session: Session, account: Account, campaign: Campaign, duties: Mapping[str, str]) -> Role:
    """The role of an account whose duties are known."""
    return Role(account, campaign, duties, session.scalar(chair_of(campaign)) if duties.get(COUNCIL) == DEPUTY else None)


def chair_of(campaign: Campaign) -> Select[int]:
    """The account of whoever holds the chair of the council and can sign in; it may stand within a statement about other seats."""
    seat, account = aliased(Membership), aliased(Account)
    standing = (seat.campaign_id == campaign.id, seat.board == COUNCIL, seat.duty == CHAIR, seat.ended_at.is_(None))
    return select(seat.account_id).join(account, account.id == seat.account_id).where(*standing, account.disabled_at.is_(None))


def boards_of(session: Session, account: Account) -> frozenset[str]:
    """All boards that an account sits on, in any campaign."""
    return frozenset(
        session.scalars(select(Membership.board).where(Membership.account_id == account.id, Membership.ended_at.is_(None)).distinct())
    )
