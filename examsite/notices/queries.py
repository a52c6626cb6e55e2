"""Read one's own notices, and how the mail is doing."""

from collections.abc import Mapping
from typing import cast

from sqlalchemy import Table, bindparam, func, literal, select, tuple_
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.db import UTCDateTime
from examsite.notices.models import FAILED, Notice, OutgoingMail

PAGE = 50
# Nearly every page asks, so it is built once.
_notice = cast("Table", Notice.__table__)
_UNREAD = select(func.count()).select_from(_notice).where(_notice.c.account_id == bindparam("account"), _notice.c.read_at.is_(None))


def unread(session: Session, account: Account) -> int:
    """How many of one's own notices are not read."""
    session.flush()  # a plain statement sees what is written
    return session.connection().execute(_UNREAD, {"account": account.id}).scalar_one()


def notices_of(session: Session, account: Account, before: str = "") -> list[Notice]:
    """One's own notices, newest first, at most a page of them; those behind the own notice `before` (a public id) where it is given."""
    mine = select(Notice).where(Notice.account_id == account.id)
    last = session.scalar(mine.where(Notice.public_id == before)) if before else None
    if last is not None:
        mine = mine.where(tuple_(Notice.created_at, Notice.id) < tuple_(literal(last.created_at, UTCDateTime), last.id))
    return list(session.scalars(mine.order_by(Notice.created_at.desc(), Notice.id.desc()).limit(PAGE)))


def mail_figures(session: Session) -> Mapping[str, int]:
    """How many mails stand in which state."""
    counted = session.execute(select(OutgoingMail.state, func.count()).group_by(OutgoingMail.state))
    return {row[0]: row[1] for row in counted}


def given_up(session: Session) -> list[OutgoingMail]:
    """Mails that no server took, the latest first."""
    return list(session.scalars(select(OutgoingMail).where(OutgoingMail.state == FAILED).order_by(OutgoingMail.id.desc()).limit(PAGE)))
