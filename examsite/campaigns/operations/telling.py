"""Tell the people of a campaign what happened: who they are, and in which language and at which address they are told.

Everything here writes rows in the transaction of the act that it is about; nothing is sent before that is committed.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from examsite.accounts.models import Account, TwoPersonAct
from examsite.campaigns.models import CHAIR, DEPUTY, Application, Campaign, Membership
from examsite.campaigns.roles import chair_of
from examsite.notices.operations import VIETNAMESE, Message, Recipient, settle, tell, tell_each, to_account

Page = tuple[str, Mapping[str, str]]
"""An endpoint with the values of its address."""
PORTION = 500
"""How many rows one statement names at most."""


def board_members(session: Session, campaign: Campaign, boards: Collection[str] = (), heads: Collection[str] = ()) -> list[Recipient]:
    """Everybody who sits on one of `boards` or heads one of `heads` now; while the council has no chair, its deputies are told instead."""
    leading = or_(Membership.duty == CHAIR, and_(Membership.duty == DEPUTY, ~chair_of(campaign).exists()))
    wanted: ColumnElement[bool] = or_(Membership.board.in_(boards), and_(Membership.board.in_(heads), leading))
    seated = select(Account).join(Membership, Membership.account_id == Account.id)
    standing = (Membership.campaign_id == campaign.id, Membership.ended_at.is_(None), Account.disabled_at.is_(None))
    return [to_account(account) for account in session.scalars(seated.where(*standing, wanted).distinct().order_by(Account.id))]


def applicants(session: Session, application_ids: Iterable[int]) -> dict[int, Recipient]:
    """Those who stand behind applications, by the application's id: the account where there is one, the address they gave."""
    return {key: Recipient(account, email, language or VIETNAMESE) for key, account, email, language in _rows(session, application_ids)}


def tell_applicants(session: Session, application_ids: Iterable[int], message: Message, now: datetime) -> None:
    """Tell each of them the same."""
    tell(session, applicants(session, application_ids).values(), message, now)


def tell_each_applicant(session: Session, messages: Mapping[int, Message], now: datetime) -> None:
    """Tell each of them their own message, by the application's id."""
    found = applicants(session, messages)
    tell_each(session, ((found[key], message) for key, message in messages.items() if key in found), now)


def signature_waits(
    session: Session,
    campaign: Campaign,
    act: TwoPersonAct,
    signers: Iterable[Recipient],
    page: Page,
    now: datetime,
) -> None:
    """Tell those who may sign second, all but the first person, that an act waits; `page` is where it is signed."""
    message = _about_act("signature_waits", campaign, act, page, who=act.first.display_name)
    tell(session, (signer for signer in signers if signer.account_id != act.first_id), message, now)


def act_signed(session: Session, campaign: Campaign, act: TwoPersonAct, second: Account, page: Page, now: datetime) -> None:
    """Tell the first person that the second has signed; nobody is asked to sign any more."""
    settle(session, _about_act("signature_waits", campaign, act, page), now)
    tell(session, [to_account(act.first)], _about_act("act_signed", campaign, act, page, who=second.display_name), now)


def act_withdrawn(session: Session, campaign: Campaign, act: TwoPersonAct, by: Account, reason: str, page: Page, now: datetime) -> None:
    """Tell the first person that somebody else withdrew the act; nobody is asked to sign any more."""
    settle(session, _about_act("signature_waits", campaign, act, page), now)
    if by.id != act.first_id:
        message = _about_act("act_withdrawn", campaign, act, page, who=by.display_name, reason=_sentence_end(reason))
        tell(session, [to_account(act.first)], message, now)


def moment_in(campaign: Campaign, moment: datetime) -> str:
    """A moment as both languages write it, in the campaign's time zone."""
    return f"{moment.astimezone(ZoneInfo(campaign.time_zone)):%d/%m/%Y %H:%M}"


def _about_act(code: str, campaign: Campaign, act: TwoPersonAct, page: Page, **params: str) -> Message:
    endpoint, values = page
    return Message(code, {"what": f"act.{act.kind}", "campaign": campaign.title, **params}, endpoint, values)


def _sentence_end(text: str) -> str:
    """A text that goes on inside a sentence of ours."""
    return text.strip().rstrip(".")


def _rows(session: Session, application_ids: Iterable[int]) -> Iterator[tuple[int, int | None, str, str | None]]:
    ids = list(application_ids)
    query = select(Application.id, Application.account_id, Application.email, Account.language)
    query = query.outerjoin(Account, Account.id == Application.account_id).order_by(Application.id)
    for start in range(0, len(ids), PORTION):
        for row in session.execute(query.where(Application.id.in_(ids[start : start + PORTION]))):
            yield row.id, row.account_id, row.email, row.language
