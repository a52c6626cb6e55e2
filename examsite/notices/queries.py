"""Read one's own notices, and how the mail is doing."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.notices.models import FAILED, Notice, OutgoingMail

PAGE = 50
# Nearly every page asks, so it is built once.
_UNREAD = select(func.count()).select_from(Notice).where(Notice.account_id == bindparam("account"), Notice.read_at.is_(None))


def unread(session: Session, account: Account) -> int:
    """How many of one's own notices are not read."""
    return session.scalar(_UNREAD, {"account": account.id}) or 0


def notices_of(session: Session, account: Account, before: datetime | None = None) -> list[Notice]:
    """One's own notices, newest first, at most a page of them, older than `before` where it is given."""
    mine = select(Notice).where(Notice.account_id == account.id)
    if before is not None:
        mine = mine.where(Notice.created_at < before)
    return list(session.scalars(mine.order_by(Notice.created_at.desc(), Notice.id.desc()).limit(PAGE)))


def mail_figures(session: Session) -> Mapping[str, int]:
    """How many mails stand in which state."""
    counted = session.execute(select(OutgoingMail.state, func.count()).group_by(OutgoingMail.state))
    return {row[0]: row[1] for row in counted}


def given_up(session: Session) -> list[OutgoingMail]:
    """Mails that no server took, the latest first."""
    return list(session.scalars(select(OutgoingMail).where(OutgoingMail.state == FAILED).order_by(OutgoingMail.id.desc()).limit(PAGE)))
