"""Tell people what happened: a notice in the product and, where there is an address, a mail; both in the transaction of the act."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.db import new_public_id, rows_changed
from examsite.notices.models import FAILED, QUEUED, Notice, OutgoingMail
from examsite.notices.permissions import may_manage_mail
from examsite.rules.refusal import Conflict, NotPermitted

VIETNAMESE = "vi"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom to tell: `account_id` None gets no notice, an empty `address` no mail."""

    account_id: int | None
    address: str = ""
    language: str = VIETNAMESE


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence `notice.<code>` with its parameters, and the page (endpoint and its values) that it leads to."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    endpoint: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def to_account(account: Account) -> Recipient:
    """A member of staff, at the address of the account."""
    return Recipient(account.id, account.email or "", account.language or VIETNAMESE)


def tell(session: Session, recipients: Iterable[Recipient], message: Message, now: datetime) -> None:
    """Tell everybody the same; who is named twice is told once."""
    tell_each(session, ((recipient, message) for recipient in dict.fromkeys(recipients)), now)


def tell_each(session: Session, letters: Iterable[tuple[Recipient, Message]], now: datetime) -> None:
    """Tell each recipient their own message, in two statements however many they are."""
    sent = list(letters)
    notices = [_notice(to, message, now) for to, message in sent if to.account_id is not None]
    mails = [_mail(to, message, now) for to, message in sent if to.address]
    if notices:
        session.execute(insert(Notice), notices)
    if mails:
        session.execute(insert(OutgoingMail), mails)


def mark_read(session: Session, account: Account, public_id: str | None, now: datetime) -> int:
    """Mark one's own notice as read, or (None) all of them; return how many changed. Another's notice is left alone."""
    mine = update(Notice).where(Notice.account_id == account.id, Notice.read_at.is_(None))
    return rows_changed(session, (mine if public_id is None else mine.where(Notice.public_id == public_id)).values(read_at=now))


def settle(session: Session, message: Message, now: datetime) -> None:
    """What this message asked for is done, by whomever: it is news to nobody any more. Its parameters do not matter, its page does."""
    about = (Notice.code == message.code, Notice.endpoint == message.endpoint, Notice.values == dict(message.values))
    rows_changed(session, update(Notice).where(*about, Notice.read_at.is_(None)).values(read_at=now))


def try_again(session: Session, public_id: str, actor: Account, now: datetime) -> None:
    """Put a mail that was given up back into the queue. Conflict where it is not given up (any more)."""
    if not may_manage_mail(actor):
        raise NotPermitted("access.wrong_role")
    failed = update(OutgoingMail).where(OutgoingMail.public_id == public_id, OutgoingMail.state == FAILED)
    if rows_changed(session, failed.values(state=QUEUED, tries=0, queued_at=now, next_try_at=now)) != 1:
        raise Conflict("changed_meanwhile")


def _notice(to: Recipient, message: Message, now: datetime) -> dict[str, object]:
    return {"public_id": new_public_id(), "account_id": to.account_id, "created_at": now, **_said(message)}


def _mail(to: Recipient, message: Message, now: datetime) -> dict[str, object]:
    queue = {"state": QUEUED, "tries": 0, "queued_at": now, "next_try_at": now, "last_error": ""}
    return {"public_id": new_public_id(), "address": to.address, "language": to.language, **queue, **_said(message)}


def _said(message: Message) -> dict[str, object]:
    return {"code": message.code, "params": dict(message.params), "endpoint": message.endpoint, "values": dict(message.values)}
