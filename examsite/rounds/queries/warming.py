"""What a whole room will ask for in one second, looked up before it does."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.campaigns.models import Application
from examsite.rounds.models import ExamSession, Paper, RosterEntry

AHEAD = timedelta(hours=3)
"""So long before and after its opening a session may need everything at once: whoever comes late, and a worker that was started anew."""
AT_ONCE = 20


class Sealed(NamedTuple):
    """An exam session with its papers; they are others when it was sealed anew."""

    exam: int
    digest: str | None


class Asked(NamedTuple):
    """A version of an item as a paper names it, and how many items that paper has."""

    item: str
    version: int
    total: int


def sealed_ahead(session: Session, now: datetime) -> list[Sealed]:
    """The sealed sessions that begin soon or began not long ago, the next first."""
    found = (
        select(ExamSession.id, ExamSession.papers_digest)
        .where(ExamSession.state == "sealed", ExamSession.opens_at.between(now - AHEAD, now + AHEAD))
        .order_by(ExamSession.opens_at, ExamSession.id)
    )
    return [Sealed(exam, digest) for exam, digest in session.execute(found)]


def asked_by_papers(session: Session, exam: int, after: int) -> tuple[int, set[Asked]] | None:
    """What the next `AT_ONCE` papers of a session name, and the row of the last of them, after which one asks again; None at the end."""
    found = select(Paper.id, Paper.items).join(RosterEntry).where(RosterEntry.session_id == exam, Paper.id > after)
    papers = session.execute(found.order_by(Paper.id).limit(AT_ONCE)).all()
    if not papers:
        return None
    return papers[-1].id, {Asked(str(item), int(str(version)), len(items)) for _id, items in papers for item, version, _options in items}


def somebody_of(session: Session, exam: int) -> Account | None:
    """Any candidate of a session who has an account."""
    found = select(Account).join(Application, Application.account_id == Account.id).join(RosterEntry)
    return session.scalar(found.where(RosterEntry.session_id == exam).limit(1))
