"""Who holds the pen of a sitting, and who asks for it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from examsite.accounts.models import LoginSession
from examsite.campaigns.models import Application, Person
from examsite.rounds.models import ExamSession, ReleaseRequest, RosterEntry, Sitting
from examsite.rounds.queries.sittings import is_closed


@dataclass(frozen=True)
class OpenRequest:
    """A device that asks to go on with a sitting, and has not gone on. `request`, `entry` and `sitting` are public ids; `code` stands on
    its screen."""

    request: str
    code: str
    entry: str
    sitting: str
    candidate_number: str
    candidate_name: str
    part: str
    asked_at: datetime
    released: bool


def open_requests(session: Session, exam: ExamSession, now: datetime) -> list[OpenRequest]:
    """The requests of one exam session that wait for the invigilator, or for the device since released; the oldest first.

    A request is answered by the next change of hands, whoever gets the pen, and by the end of the part or of the login session that asked.
    """
    wanted = (
        select(ReleaseRequest, Person.full_name)
        .join(ReleaseRequest.sitting)
        .join(Sitting.entry)
        .join(RosterEntry.application)
        .join(Application.person)
        .join(LoginSession, LoginSession.id == ReleaseRequest.login_session_id)
        .options(contains_eager(ReleaseRequest.sitting).contains_eager(Sitting.entry))
        .where(
            RosterEntry.session_id == exam.id,
            ReleaseRequest.epoch == Sitting.epoch,
            ReleaseRequest.login_session_id != Sitting.login_session_id,
            LoginSession.ended_at.is_(None),
            Sitting.state == "open",
            Sitting.closes_at > now,
        )
        .order_by(ReleaseRequest.asked_at, ReleaseRequest.id)
    )
    return [_request(asked, name) for asked, name in session.execute(wanted)]


def open_sitting(session: Session, entry: RosterEntry, now: datetime) -> Sitting | None:
    """The sitting of a roster entry that is under way; None where nothing is."""
    wanted = select(Sitting).options(joinedload(Sitting.entry)).where(Sitting.entry_id == entry.id, Sitting.state == "open")
    return next((found for found in session.scalars(wanted.order_by(Sitting.id.desc())) if not is_closed(found, now)), None)


def own_request(session: Session, sitting: Sitting, login: LoginSession) -> ReleaseRequest | None:
    """What this login session asked for, in the epoch in which the sitting is now."""
    return session.scalar(
        select(ReleaseRequest).where(
            ReleaseRequest.sitting_id == sitting.id,
            ReleaseRequest.login_session_id == login.id,
            ReleaseRequest.epoch == sitting.epoch,
        )
    )


def standing(sitting: Sitting, login: LoginSession, device: str | None, now: datetime) -> str:
    """How a sitting stands for a device: over, held (by this login session), resumable (same device, new sign-in), released
    (for this login session, or this device after a new sign-in), elsewhere."""
    if is_closed(sitting, now):
        return "over"
    if sitting.login_session_id == login.id:
        return "held"
    if device is not None and sitting.device_hash == device:
        return "resumable"
    return "released" if released_to(sitting, login.id, device) else "elsewhere"


def is_released(sitting: Sitting) -> bool:
    """Whether some device was let in and has not gone on; also where its login has ended since."""
    return sitting.released_login_id is not None and sitting.released_epoch == sitting.epoch


def released_to(sitting: Sitting, login_id: int, device: str | None) -> bool:
    """Whether this login session, or this device after a new sign-in, may take the sitting over."""
    known = device is not None and sitting.released_device == device
    return is_released(sitting) and (sitting.released_login_id == login_id or known)


def _request(asked: ReleaseRequest, name: str) -> OpenRequest:
    sitting = asked.sitting
    return OpenRequest(
        request=asked.public_id,
        code=asked.code,
        entry=sitting.entry.public_id,
        sitting=sitting.public_id,
        candidate_number=sitting.entry.candidate_number,
        candidate_name=name,
        part=sitting.part,
        asked_at=asked.asked_at,
        released=released_to(sitting, asked.login_session_id, asked.device_hash),
    )
