"""What the database holds: somebody who can sign in, mail that waits, and logs whose ends agree with their chains."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from examsite.accounts.models import ADMINISTRATOR, Account
from examsite.audit.models import LogChain, LogEntry
from examsite.cli.checks import Deployment, Finding, failed, ok, warning
from examsite.db import open_session
from examsite.notices.models import FAILED as GIVEN_UP
from examsite.notices.models import QUEUED
from examsite.notices.queries import mail_figures


def record(deployment: Deployment) -> Iterator[Finding]:
    """Silent where the database does not answer or has no schema: the check of the database says so."""
    try:
        with open_session(deployment.engine, read_only=True) as session:
            found = [_administrator(session), _mail(session), *_heads(session)]
    except SQLAlchemyError:
        return
    yield from found


def _administrator(session: Session) -> Finding:
    wanted = select(func.count()).select_from(Account).where(Account.house_role == ADMINISTRATOR, Account.disabled_at.is_(None))
    if count := session.scalars(wanted).one():
        return ok("administrator", f"{count} who can sign in")
    return warning("administrator", "nobody can make accounts", "examsite create-admin NAME --name 'FULL NAME'")


def _mail(session: Session) -> Finding:
    figures = mail_figures(session)
    if given_up := figures.get(GIVEN_UP, 0):
        return warning("outbox", f"{given_up} mails were given up", "the administrator's page of mail says why")
    return ok("outbox", f"{figures.get(QUEUED, 0)} mails wait")


def _heads(session: Session) -> Iterator[Finding]:
    """The end of each chain only; walking them is what check-log does."""
    last = select(LogEntry.head).where(LogEntry.chain_id == LogChain.id).order_by(LogEntry.number.desc()).limit(1).scalar_subquery()
    count = select(func.count()).where(LogEntry.chain_id == LogChain.id).scalar_subquery()
    for name, number, head, end, entries in session.execute(
        select(LogChain.name, LogChain.last_number, LogChain.head, last, count).order_by(LogChain.name)
    ):
        if (number, head) != (entries, end):
            yield failed(
                "log", f"{name}: its end is not that of its {entries} entries", "examsite check-log; hold no exam before it is explained"
            )
        else:
            yield ok("log", f"{name}: {entries} entries, head {head.hex()}")
