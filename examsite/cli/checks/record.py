"""What the database holds: somebody who can sign in, mail that waits, a newest trace that fits the clock, logs whose ends agree."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from examsite import clock
from examsite.accounts.models import ADMINISTRATOR, Account
from examsite.audit.models import LogChain, LogEntry
from examsite.campaigns.models import Campaign
from examsite.cli.checks import Deployment, Finding, failed, ok, warning
from examsite.db import open_session
from examsite.notices.models import FAILED as GIVEN_UP
from examsite.notices.models import QUEUED
from examsite.notices.queries import mail_figures
from examsite.rounds.queries.clock_doubt import clock_doubt
from examsite.rounds.queries.drawn_otherwise import drawn_otherwise

MOST_NAMED = 6


def record(deployment: Deployment) -> Iterator[Finding]:
    """Silent where the database does not answer or has no schema: the check of the database says so."""
    try:
        with open_session(deployment.engine, read_only=True) as session:
            found = [_administrator(session), _mail(session), traces(session, clock.now()), *_heads(session)]
    except SQLAlchemyError:
        return
    yield from found


def papers(deployment: Deployment) -> Iterator[Finding]:
    """Silent where `record` is; by itself, since it reads more of the schema."""
    try:
        with open_session(deployment.engine, read_only=True) as session:
            found = sealed_papers(session)
    except SQLAlchemyError:
        return
    yield found


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


def traces(session: Session, now: datetime) -> Finding:
    """Whether the clock fits what the database holds: a machine that starts with a wrong one would give or take time."""
    doubt = clock_doubt(session, now)
    if doubt.ahead:
        to_do = "set the clock right before the site starts (chronyc tracking); if it was wrong then and is right now, wait that long"
        return failed("traces", f"the newest in the database is {_told(doubt.ahead)} later than this clock", to_do)
    if doubt.silent:
        to_do = "see that the clock is right (chronyc tracking); if it is, the site was away so long: decide on the page of outages"
        return warning("traces", f"no sign of life for {_told(doubt.silent)} while candidates had time left: {doubt.sitting}", to_do)
    return ok("traces", "none in the database is later than this clock")


def sealed_papers(session: Session) -> Finding:
    """Whether sealed papers are those of what is decided now. Of closed sessions, whether somebody passed a part that was due to be sat."""
    found = []
    for campaign in session.scalars(select(Campaign).where(Campaign.stage != "closed").order_by(Campaign.code)):
        for one in drawn_otherwise(session, campaign, ("sealed", "closed")):
            if one.exam.state == "sealed" or one.due - one.drawn:
                found.append(f"{campaign.code}, session {one.exam.name}, candidate {one.number}")
    if not found:
        return ok("papers", "all that are sealed are those of what is decided")
    named = "; ".join(found[:MOST_NAMED]) + (f" (+{len(found) - MOST_NAMED})" if len(found) > MOST_NAMED else "")
    to_do = "before its start open the session again and seal it anew; afterwards decide exemption or position as it was"
    return warning("papers", f"position or exemptions have changed since they were drawn: {named}", to_do)


def _told(length: timedelta) -> str:
    return str(timedelta(seconds=round(length.total_seconds())))


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
