"""Move people by hand, with a reason: to a free seat, or two of them against each other. Moving back undoes it."""

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.models import Application
from examsite.campaigns.queries import rule_set
from examsite.campaigns.roles import Role
from examsite.db import new_public_id, rows_changed
from examsite.rounds.models import ExamSession, RosterEntry, SessionRoom
from examsite.rounds.operations.announcing import tell_seats_changed
from examsite.rounds.operations.kept_time import give_back_time
from examsite.rounds.operations.sessions import hold_for_planning
from examsite.rounds.permissions import may_move
from examsite.rounds.queries.attendance import exemptions
from examsite.rules.refusal import Conflict, Refused


def move(
    session: Session, application: Application, held: SessionRoom, seat: str, other: str | None, reason: str, role: Role, now: datetime
) -> None:
    """Seat a candidate at `seat` of a session's room; `other` is the roster entry that the page showed there, and takes the place left.

    Within a session this works until whoever moves is checked in; into another session only while both are planned. Refuses (`seats.`)
    `no_such_seat`, `same_seat`, `not_to_seat`, `moved_on`, and Conflict `taken_meanwhile` where the seat is not as the page showed it.
    Whoever had a seat is told of the new one.
    """
    role.must(may_move(role))
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    if seat not in {desk.name for desk in held.room.desks}:
        raise Refused("seats.no_such_seat", field="seat", seat=seat)
    entry = _entry_of(session, application)
    _hold(session, [held.session, entry.session] if entry else [held.session])
    if entry is not None:
        session.refresh(entry)
    _may_sit(session, application, entry)
    before = _where(session, entry)
    there = _there(session, held, seat)
    if there is not None and there is entry:
        raise Refused("seats.same_seat", field="seat")
    if (there.public_id if there else None) != other:
        raise Conflict("seats.taken_meanwhile", seat=seat)
    _may_move(session, entry, held)
    if there is not None:
        _give_place(session, there, entry)
    listed = entry is not None
    entry = _sit(session, application, entry, held, seat)
    told = {"from": before, "number": application.candidate_number, "reason": reason.strip(), "to": _where(session, entry)}
    swapped = {"other": there.candidate_number, "other_to": _where(session, there)} if there else {}
    about = f"entry:{entry.public_id}"
    record(session, role.campaign.chain, "rounds:entry:moved", about, role.actor, now, told | swapped)
    if not listed:
        give_back_time(session, role.campaign, {application.id}, role.actor, now)
    had_seats = [entry] if before and before[-1] else []
    tell_seats_changed(session, [*had_seats, *([there] if there else [])], now)


def _hold(session: Session, exams: list[ExamSession]) -> None:
    """Lock the sessions in one order; between two of them people move only while both are planned."""
    both = {exam.id: exam for exam in exams}
    for _key, exam in sorted(both.items()):
        if len(both) > 1:
            hold_for_planning(session, exam)
            continue
        session.scalars(
            select(ExamSession).where(ExamSession.id == exam.id).with_for_update().execution_options(populate_existing=True)
        ).one()
        if exam.state == "closed":
            raise Refused("rounds.session_is_closed")


def _entry_of(session: Session, application: Application) -> RosterEntry | None:
    return session.scalar(select(RosterEntry).where(RosterEntry.application_id == application.id))


def _there(session: Session, held: SessionRoom, seat: str) -> RosterEntry | None:
    wanted = select(RosterEntry).where(RosterEntry.session_id == held.session_id, RosterEntry.room_id == held.room_id)
    return session.scalar(wanted.where(RosterEntry.seat == seat).execution_options(populate_existing=True))


def _may_sit(session: Session, application: Application, entry: RosterEntry | None) -> None:
    """Whoever comes to a roster has to be a candidate for it."""
    if entry is not None:
        return
    rules = rule_set(application.campaign)
    exempt = exemptions(session, rules, [application.id]).get(application.id, frozenset())
    sits = any(part.id not in exempt for part in rules.round1.parts)
    if application.state != "eligible" or application.candidate_number is None or not sits:
        raise Refused("seats.not_to_seat")


def _may_move(session: Session, entry: RosterEntry | None, held: SessionRoom) -> None:
    """Whoever is on no roster comes to one: that takes a session whose roster nobody has signed, as listing them by hand does."""
    if entry is None:
        hold_for_planning(session, held.session)
    elif entry.state != "listed" or entry.checked_in_at is not None:
        raise Refused("seats.moved_on", number=entry.candidate_number)


def _give_place(session: Session, there: RosterEntry, entry: RosterEntry | None) -> None:
    """Whoever sits there takes the place of the other; where that is none, nobody can be sent away without a seat."""
    if entry is None or entry.seat is None:
        raise Refused("seats.swap_with_nobody", field="seat")
    if there.state != "listed" or there.checked_in_at is not None:
        raise Refused("seats.moved_on", number=there.candidate_number)
    place: dict[str, object] = {"session_id": entry.session_id, "room_id": entry.room_id, "seat": entry.seat}
    _write(session, entry, {"seat": None})
    _write(session, there, place)


def _sit(session: Session, application: Application, entry: RosterEntry | None, held: SessionRoom, seat: str) -> RosterEntry:
    place: dict[str, object] = {"session_id": held.session_id, "room_id": held.room_id, "seat": seat}
    if entry is not None:
        _write(session, entry, place)
        return entry
    new = {"public_id": new_public_id(), "application_id": application.id, "candidate_number": application.candidate_number}
    try:
        with session.begin_nested():
            session.execute(insert(RosterEntry).values(**new, **place))
    except IntegrityError as fault:
        raise Conflict("seats.taken_meanwhile", seat=seat) from fault
    return session.scalars(select(RosterEntry).where(RosterEntry.application_id == application.id)).one()


def _write(session: Session, entry: RosterEntry, place: dict[str, object]) -> None:
    """Guarded: whoever is checked in at this very moment stays where they are."""
    waiting = update(RosterEntry).where(RosterEntry.id == entry.id, RosterEntry.state == "listed", RosterEntry.checked_in_at.is_(None))
    try:
        with session.begin_nested():
            moved = rows_changed(session, waiting.values(**place))
    except IntegrityError as fault:
        raise Conflict("seats.taken_meanwhile", seat=place["seat"]) from fault
    if not moved:
        raise Refused("seats.moved_on", number=entry.candidate_number)
    session.refresh(entry)


def _where(session: Session, entry: RosterEntry | None) -> list[str | None] | None:
    """Session, room and seat as the log names them."""
    if entry is None:
        return None
    session.refresh(entry, ["session", "room"])
    return [entry.session.public_id, entry.room.code if entry.room else None, entry.seat]
