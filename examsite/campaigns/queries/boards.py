"""Look up who sits where, and who could."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from examsite.accounts.models import STAFF, Account
from examsite.campaigns.models import BOARDS, DUTIES, Campaign, Membership
from examsite.rules.refusal import NotFound
from examsite.vietnamese import fold, name_sort_key

FOUND_AT_MOST = 20


def seats(session: Session, campaign: Campaign, *, ended: bool = False) -> dict[str, list[Membership]]:
    """The seats of every board in the order of boards, duties and names; with `ended`, those that ended, newest first."""
    query = select(Membership).options(joinedload(Membership.account)).where(Membership.campaign_id == campaign.id)
    found = session.scalars(query.where(Membership.ended_at.is_not(None) if ended else Membership.ended_at.is_(None))).all()
    if ended:
        ordered = sorted(found, key=lambda seat: (seat.ended_at or seat.appointed_at, seat.id), reverse=True)
    else:
        ordered = sorted(found, key=lambda seat: (DUTIES.index(seat.duty), name_sort_key(seat.account.display_name), seat.id))
    return {board: [seat for seat in ordered if seat.board == board] for board in BOARDS}


def seat_by_public_id(session: Session, campaign: Campaign, public_id: str) -> Membership:
    """One seat of this campaign, or NotFound."""
    seat = session.scalar(
        select(Membership)
        .options(joinedload(Membership.account))
        .where(Membership.campaign_id == campaign.id, Membership.public_id == public_id)
    )
    if seat is None:
        raise NotFound
    return seat


def boards_by_account(session: Session, campaign: Campaign) -> dict[Account, list[str]]:
    """Everybody who sits on a board of this campaign, with their boards."""
    found: dict[Account, list[str]] = {}
    for board, members in seats(session, campaign).items():
        for seat in members:
            found.setdefault(seat.account, []).append(board)
    return found


def staff_like(session: Session, wanted: str) -> list[Account]:
    """Staff that can sign in or soon will, whose name or sign-in name holds the words, with or without their marks; by name."""
    words = fold(wanted)
    everybody = session.scalars(select(Account).where(Account.kind == STAFF, Account.disabled_at.is_(None)))
    found = [account for account in everybody if words in fold(account.display_name) or words in account.sign_in_name]
    return sorted(found, key=lambda account: (name_sort_key(account.display_name), account.sign_in_name))[:FOUND_AT_MOST]
