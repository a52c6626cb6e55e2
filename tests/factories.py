"""Builders with dull defaults: a test names only what matters to it."""

from datetime import UTC, datetime
from functools import cache

from sqlalchemy.orm import Session

from examsite.accounts.models import STAFF, Account
from examsite.accounts.passwords import hash_password
from examsite.campaigns.models import Campaign, Membership

PASSWORD = "a quiet morning by the lake"
CREATED = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)


@cache
def _hashed(kind: str) -> str:
    return hash_password(PASSWORD, kind)


def make_staff(
    session: Session, name: str = "staff", display_name: str = "", *, house_role: str | None = None, password: bool = False
) -> Account:
    """A member of staff; `password` gives it the one of these tests."""
    account = Account(
        sign_in_name=name,
        display_name=display_name or name.title(),
        kind=STAFF,
        house_role=house_role,
        created_at=CREATED,
        password_hash=_hashed(STAFF) if password else None,
    )
    session.add(account)
    session.flush()
    return account


def appoint(session: Session, campaign: Campaign, account: Account, board: str, duty: str = "member") -> Membership:
    """A seat on a board, by hand."""
    seat = Membership(
        campaign_id=campaign.id, account_id=account.id, board=board, duty=duty, appointed_at=CREATED, appointed_by_id=account.id
    )
    session.add(seat)
    session.flush()
    return seat
