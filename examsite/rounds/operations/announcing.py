"""Tell candidates when and where their exam session is, and what changes of it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.campaigns.operations.telling import applicants, moment_in, tell_applicants, tell_each_applicant
from examsite.notices.operations import Message, tell
from examsite.rounds.models import ExamRoom, ExamSession, RosterEntry, Sitting

HOME = "desk.home"


def tell_session_set(session: Session, exam: ExamSession, now: datetime) -> None:
    """The papers are sealed, so name, time and place stand."""
    tell_applicants(session, _listed(session, exam), Message("session_set", _where(exam), HOME), now)


def tell_session_postponed(session: Session, exam: ExamSession, reason: str, now: datetime) -> None:
    """It begins later than they were told."""
    told = {**_where(exam), "reason": reason.strip().rstrip(".")}
    tell_applicants(session, _listed(session, exam), Message("session_postponed", told, HOME), now)


def tell_session_reopened(session: Session, exam: ExamSession, reason: str, now: datetime) -> None:
    """What stood no longer stands."""
    told = {"name": exam.name, "reason": reason.strip().rstrip("."), "campaign": exam.campaign.title}
    tell_applicants(session, _listed(session, exam), Message("session_reopened", told, HOME), now)


def tell_seats_changed(session: Session, entries: Iterable[RosterEntry], now: datetime) -> None:
    """Each of them sits elsewhere, or where they sit is called otherwise."""
    tell_each_applicant(session, {entry.application_id: Message("seat_changed", _seat(entry), HOME) for entry in entries}, now)


def tell_room_changed(session: Session, room: ExamRoom, now: datetime) -> None:
    """Everybody who has a seat in a room of this name and place, in sessions that are still to come."""
    seated = select(RosterEntry).join(RosterEntry.session).where(RosterEntry.room_id == room.id, RosterEntry.state == "listed")
    ahead = seated.where(ExamSession.state != "closed", ExamSession.opens_at > now).order_by(RosterEntry.id)
    tell_seats_changed(session, session.scalars(ahead).all(), now)


def tell_released(session: Session, sitting: Sitting, reason: str, now: datetime) -> None:
    """The candidate may go on at another computer. No mail: nobody reads mail in the exam room."""
    told = {"reason": reason.rstrip("."), "campaign": sitting.entry.session.campaign.title}
    _tell_in_the_room(session, sitting, Message("device_released", told, HOME), now)


def tell_release_over(session: Session, sitting: Sitting, now: datetime) -> None:
    """It was taken back, or the first computer came back: no other one may go on."""
    told = {"campaign": sitting.entry.session.campaign.title}
    _tell_in_the_room(session, sitting, Message("device_release_over", told, HOME), now)


def _tell_in_the_room(session: Session, sitting: Sitting, message: Message, now: datetime) -> None:
    recipients = applicants(session, [sitting.entry.application_id]).values()
    tell(session, [replace(one, address="") for one in recipients], message, now)


def _seat(entry: RosterEntry) -> dict[str, str]:
    room = entry.room
    place = {"place": f"{room.name}, {room.place}"} if room else {}
    return {**_where(entry.session), **place, "seat": entry.seat or "–"}


def _where(exam: ExamSession) -> dict[str, str]:
    campaign = exam.campaign
    return {"name": exam.name, "when": moment_in(campaign, exam.opens_at), "place": exam.place or "–", "campaign": campaign.title}


def _listed(session: Session, exam: ExamSession) -> list[int]:
    return list(session.scalars(select(RosterEntry.application_id).where(RosterEntry.session_id == exam.id, RosterEntry.state == "listed")))
