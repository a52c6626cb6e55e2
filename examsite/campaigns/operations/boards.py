"""Appoint people to the boards of a campaign, and end their seats."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from examsite.accounts.models import ADMINISTRATOR, STAFF, Account
from examsite.audit.operations import record
from examsite.campaigns.incompatible import why_not
from examsite.campaigns.models import BOARDS, DUTIES, Campaign, Membership
from examsite.campaigns.operations.campaigns import locked
from examsite.campaigns.permissions import may_appoint
from examsite.campaigns.queries import rule_set
from examsite.campaigns.roles import Role
from examsite.db import new_public_id, rows_changed
from examsite.notices.operations import Message, tell, to_account
from examsite.rules.refusal import Conflict, Refused


def appoint(session: Session, role: Role, account: Account, board: str, duty: str, now: datetime) -> Membership:
    """Give somebody a seat, which opens its pages to them from their next request on.

    Refuses (`campaigns.`): `not_staff`, `board_unknown`, `duty_unknown`, `already_on_board`, `head_taken`, `keeps_accounts` (an
    administrator on a board that judges), and, with the rule that says so, `boards_clash`: boards that the campaign's rules keep apart.
    The campaign's row is locked, so that two appointments of one person at the same moment do not both pass.
    """
    role.must(may_appoint(role))
    if account.kind != STAFF or account.disabled_at is not None:
        raise Refused("campaigns.not_staff", name=account.display_name)
    if board not in BOARDS:
        raise Refused("campaigns.board_unknown", field="board")
    if duty not in DUTIES:
        raise Refused("campaigns.duty_unknown", field="duty")
    campaign = locked(session, role.campaign)
    _must_be_free(session, campaign, account, board, duty)
    seat = Membership(
        public_id=new_public_id(),
        campaign_id=campaign.id,
        account_id=account.id,
        board=board,
        duty=duty,
        appointed_at=now,
        appointed_by_id=role.account.id,
    )
    session.add(seat)
    session.flush()  # the next appointment of the same transaction has to see it
    data = {"account": account.public_id, "name": account.display_name, "board": board, "duty": duty}
    record(session, campaign.chain, "campaigns:membership:appointed", f"membership:{seat.public_id}", role.actor, now, data)
    _tell(session, campaign, account, Message("appointed", {"board": f"board.{board}"}), role, now)
    return seat


def end(session: Session, role: Role, seat: Membership, reason: str, now: datetime) -> None:
    """End a seat with a written reason, at once. The last seat of the HR board stays: nobody could appoint its successor."""
    role.must(may_appoint(role))
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    campaign = locked(session, role.campaign)
    if seat.board == "hr" and _members(session, campaign, "hr") == 1:
        raise Refused("campaigns.last_of_hr")
    ended = rows_changed(
        session,
        update(Membership)
        .where(Membership.id == seat.id, Membership.campaign_id == campaign.id, Membership.ended_at.is_(None))
        .values(ended_at=now, ended_why=reason.strip()),
    )
    if ended != 1:
        raise Conflict("changed_meanwhile")
    data = {"account": seat.account.public_id, "board": seat.board, "duty": seat.duty, "reason": reason.strip()}
    record(session, campaign.chain, "campaigns:membership:ended", f"membership:{seat.public_id}", role.actor, now, data)
    told = {"board": f"board.{seat.board}", "reason": reason.strip().rstrip(".")}
    _tell(session, campaign, seat.account, Message("seat_ended", told), role, now)


def _tell(session: Session, campaign: Campaign, account: Account, message: Message, role: Role, now: datetime) -> None:
    """Tell whose seat it is, unless they did it themselves."""
    if account.id != role.account.id:
        page = {"campaign_id": campaign.public_id} if message.code == "appointed" else {}
        endpoint = "desk.campaign_stages" if page else ""
        whole = Message(message.code, {**message.params, "campaign": campaign.title}, endpoint, page)
        tell(session, [to_account(account)], whole, now)


def _must_be_free(session: Session, campaign: Campaign, account: Account, board: str, duty: str) -> None:
    standing = select(Membership).where(Membership.campaign_id == campaign.id, Membership.ended_at.is_(None))
    held = [seat.board for seat in session.scalars(standing.where(Membership.account_id == account.id))]
    head = session.scalar(standing.where(Membership.board == board, Membership.duty == "head"))
    name, headed_by = account.display_name, head.account.display_name if head else None
    refusal = why_not(rule_set(campaign), name, board, duty, held, headed_by, keeps_accounts=account.house_role == ADMINISTRATOR)
    if refusal is not None:
        raise refusal


def _members(session: Session, campaign: Campaign, board: str) -> int:
    standing = (Membership.campaign_id == campaign.id, Membership.board == board, Membership.ended_at.is_(None))
    return session.scalar(select(func.count()).select_from(Membership).where(*standing)) or 0
