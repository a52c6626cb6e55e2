"""The queue of outgoing mail: claim one, and write down how it went. Two senders at once never take the same mail.

A claim is a guarded UPDATE and is committed before the mail leaves; it ends by itself, so that a sender that died gives its mail back.
A mail may so leave twice when a sender dies between the server's yes and its note; both carry the same Message-ID.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from examsite.db import rows_changed
from examsite.notices.models import FAILED, QUEUED, SENDING, SENT, OutgoingMail

CLAIM_LASTS = timedelta(minutes=10)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 20, 60, 240, 720))
"""How long to wait after each failed try; after one more the mail is given up."""
TOO_OLD = timedelta(days=7)
"""News that has waited longer than this is none; it is given up instead of sent, as when mail is set up long after the site."""
PORTION = 50


def claim(session: Session, now: datetime) -> OutgoingMail | None:
    """Take the mail that has waited longest, for this sender alone; None where nothing is due."""
    due = (OutgoingMail.state.in_((QUEUED, SENDING)), OutgoingMail.next_try_at <= now)
    for mail in session.scalars(select(OutgoingMail).where(*due).order_by(OutgoingMail.next_try_at, OutgoingMail.id).limit(PORTION)):
        seen = (OutgoingMail.id == mail.id, OutgoingMail.tries == mail.tries, *due)
        taken = update(OutgoingMail).where(*seen).values(state=SENDING, tries=mail.tries + 1, next_try_at=now + CLAIM_LASTS)
        if rows_changed(session, taken) == 1:
            session.refresh(mail)
            return mail
    return None


def give_up_old(session: Session, now: datetime) -> int:
    """Give up what has waited too long; return how many."""
    old = update(OutgoingMail).where(OutgoingMail.state == QUEUED, OutgoingMail.queued_at < now - TOO_OLD)
    return rows_changed(session, old.values(state=FAILED, last_error="too old"))


def drop_old(session: Session, now: datetime) -> int:
    """On a site without a mail server: delete what has waited too long or was given up, so that no addresses are kept for mail that
    never leaves; return how many."""
    old = (OutgoingMail.state.in_((QUEUED, FAILED)), OutgoingMail.queued_at < now - TOO_OLD)
    return rows_changed(session, delete(OutgoingMail).where(*old))


def is_due(session: Session, now: datetime) -> bool:
    """Whether any mail waits to be sent now."""
    due = (OutgoingMail.state.in_((QUEUED, SENDING)), OutgoingMail.next_try_at <= now)
    return session.scalar(select(OutgoingMail.id).where(*due).limit(1)) is not None


def sent(session: Session, mail: OutgoingMail, now: datetime) -> None:
    """The server has taken it."""
    _end(session, mail, state=SENT, sent_at=now, last_error="")


def failed(session: Session, mail: OutgoingMail, error: str, now: datetime, *, for_good: bool) -> None:
    """It did not leave: try again after a longer pause, or give it up after the last, or where the server says never (`for_good`)."""
    if for_good or mail.tries > len(PAUSES):
        _end(session, mail, state=FAILED, last_error=error)
    else:
        _end(session, mail, state=QUEUED, last_error=error, next_try_at=now + PAUSES[mail.tries - 1])


def _end(session: Session, mail: OutgoingMail, **values: object) -> None:
    """Close one's own claim; one that another sender has taken over meanwhile is left to that sender."""
    mine = update(OutgoingMail).where(OutgoingMail.id == mail.id, OutgoingMail.state == SENDING, OutgoingMail.tries == mail.tries)
    rows_changed(session, mine.values(**values))
