"""Seats by lot: a draft whose seed is fixed and hashed, its confirmation, and lots for those who come late."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.models import Application, Campaign
from examsite.campaigns.roles import Role
from examsite.db import new_public_id, rows_changed
from examsite.rounds import seat_draw
from examsite.rounds.models import Allocation, ExamSession, RosterEntry
from examsite.rounds.operations.announcing import tell_seats_changed
from examsite.rounds.operations.kept_time import give_back_time
from examsite.rounds.operations.sessions import hold_for_planning, remove_from_roster
from examsite.rounds.permissions import may_move
from examsite.rounds.queries.lots import given_late, given_whole, standing_allocation, waiting_draft
from examsite.rounds.queries.seating import Seating, seating_of
from examsite.rules import allocation, drawing
from examsite.rules.refusal import Conflict, Refused


def draw_seats(
    session: Session, role: Role, filling: str, now: datetime, *, apart: bool = True, keep_sessions: bool = False, reason: str = ""
) -> Allocation:
    """Draw seats for all planned sessions of a campaign as a draft that moves nobody yet.

    The first draft fixes the seed, and the log has its commitment; while it waits, drawing again (because rooms or people changed) uses the
    same seed. `keep_sessions`: whoever is listed already stays in their session. Where a draw was confirmed before, a reason is needed, and
    no session may be sealed. Refuses (`seats.`) `filling_unknown`, `nowhere`, `nobody`, `sealed_already`, and (`reason_missing`).
    """
    role.must(may_move(role))
    if filling not in allocation.FILLINGS:
        raise Refused("seats.filling_unknown", field="filling")
    seating = _held(session, role, now)
    _may_redraw(session, role.campaign, seating, reason)
    draft = waiting_draft(session, role.campaign)
    label = draft.label if draft else _label(session, role.campaign)
    given = given_whole(seating, label, filling, apart=apart, keep_sessions=keep_sessions)
    if not given.rooms:
        raise Refused("seats.nowhere")
    if not given.candidates:
        raise Refused("seats.nobody")
    options = {"apart": apart, "filling": filling, "keep_sessions": keep_sessions}
    found = _redrawn(session, draft, given, options, role, now) if draft else _new(session, "whole", given, options, role, now)
    found.reason = reason.strip() or found.reason
    _log(session, found, "drawn", role, now, {"drawn": found.drawn, "options": options})
    return found


def confirm_seats(session: Session, draft: Allocation, shown: str, role: Role, now: datetime) -> int:
    """Give everybody the seat of the draft, and show its seed from now on; return how many have one. Whoever had another seat is told.

    `shown` is the digest of the seats that the page showed. Refuses (Conflict `seats.changed_since`) when sessions, rooms or people are not
    what they were at the draw, and a draft that was drawn anew, dropped or confirmed in the meantime.
    """
    role.must(may_move(role))
    seating = _held(session, role, now)
    session.refresh(draft)
    options = draft.options
    given = given_whole(
        seating, draft.label, str(options["filling"]), apart=bool(options["apart"]), keep_sessions=bool(options["keep_sessions"])
    )
    if draft.seats_digest != shown or seat_draw.digest(given.content) != draft.given_digest:
        raise Conflict("seats.changed_since")
    _may_redraw(session, role.campaign, seating, draft.reason)
    standing = standing_allocation(session, role.campaign)
    if standing is not None:
        _settle(session, standing, "confirmed", "replaced", now)
    _settle(session, draft, "draft", "confirmed", now)
    listed = _seat(session, seating, draft)
    tell_seats_changed(session, _moved(session, seating), now)
    _log(session, draft, "confirmed", role, now, {"reason": draft.reason, "seed": draft.seed})
    give_back_time(session, role.campaign, listed, role.actor, now)
    return draft.seated


def drop_draft(session: Session, draft: Allocation, reason: str, role: Role, now: datetime) -> None:
    """Throw a draft away with its seed, with a reason; the log keeps what it was, and the next draft gets a new seed."""
    role.must(may_move(role))
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    _settle(session, draft, "draft", "dropped", now)
    _log(session, draft, "dropped", role, now, {"reason": reason.strip(), "seed": draft.seed})


def seat_late(session: Session, role: Role, now: datetime) -> int:
    """Give a free seat of a planned session by lot to everybody who has none; nobody else moves. Return how many got one.

    The seed is new, and stands in the log and on the page with its result. Refuses (`seats.`) `nobody_waits` and `no_free_seat`.
    """
    role.must(may_move(role))
    seating = _held(session, role, now)
    given = given_late(seating, _label(session, role.campaign))
    if not given.candidates:
        raise Refused("seats.nobody_waits")
    found = _new(session, "late", given, {"filling": allocation.SCATTERED}, role, now)
    if not found.seated:
        raise Refused("seats.no_free_seat", count=found.without)
    found.state, found.settled_at = "confirmed", now
    session.flush()
    listed = _seat(session, seating, found)
    _log(session, found, "late", role, now, {"places": found.seats, "seed": found.seed})
    give_back_time(session, role.campaign, listed, role.actor, now)
    return found.seated


def _held(session: Session, role: Role, now: datetime) -> Seating:
    """Lock the planned sessions, in one order for everybody, take those off who are not eligible any more, and read the seats."""
    planned = select(ExamSession).where(ExamSession.campaign_id == role.campaign.id, ExamSession.state == "planned")
    for exam in session.scalars(planned.order_by(ExamSession.id)).all():
        hold_for_planning(session, exam)
        gone = select(RosterEntry).join(RosterEntry.application).where(RosterEntry.session_id == exam.id, Application.state != "eligible")
        for entry in session.scalars(gone).all():
            remove_from_roster(session, exam, entry, role, now)
    return seating_of(session, role.campaign)


def _may_redraw(session: Session, campaign: Campaign, seating: Seating, reason: str) -> None:
    if standing_allocation(session, campaign) is None:
        return
    if any(exam.state != "planned" for exam in seating.exams.values()):
        raise Refused("seats.sealed_already")
    if not reason.strip():
        raise Refused("reason_missing", field="reason")


def _label(session: Session, campaign: Campaign) -> str:
    """What is drawn, as the draw names it: the campaign and the number of this draw of seats."""
    earlier = len(session.scalars(select(Allocation.id).where(Allocation.campaign_id == campaign.id)).all())
    return f"{campaign.code}/seats/{earlier + 1}"


def _new(session: Session, kind: str, given: seat_draw.Given, options: Mapping[str, object], role: Role, now: datetime) -> Allocation:
    seed = secrets.token_bytes(drawing.SEED_BYTES)
    found = Allocation(
        public_id=new_public_id(),
        campaign_id=role.campaign.id,
        kind=kind,
        label=given.label,
        seed=seed.hex(),
        seed_commitment=drawing.seed_commitment(seed),
        drawn_at=now,
        drawn_by_id=role.account.id,
        state="draft" if kind == "whole" else "confirmed",
        **_drawn(seed, given, options),
    )
    try:
        with session.begin_nested():
            session.add(found)
    except IntegrityError as fault:
        raise Conflict("changed_meanwhile") from fault
    return found


def _redrawn(
    session: Session, draft: Allocation, given: seat_draw.Given, options: Mapping[str, object], role: Role, now: datetime
) -> Allocation:
    """The same draft with the same seed, drawn from what stands now."""
    values = _drawn(bytes.fromhex(draft.seed), given, options) | {"drawn_at": now, "drawn_by_id": role.account.id}
    waiting = update(Allocation).where(Allocation.id == draft.id, Allocation.state == "draft", Allocation.drawn == draft.drawn)
    if not rows_changed(session, waiting.values(drawn=draft.drawn + 1, **values)):
        raise Conflict("changed_meanwhile")
    session.refresh(draft)
    return draft


def _drawn(seed: bytes, given: seat_draw.Given, options: Mapping[str, object]) -> dict[str, Any]:
    outcome = seat_draw.draw(seed, given)
    seats = seat_draw.seats_of(outcome)
    return {
        "options": dict(options),
        "given": given.content,
        "given_digest": seat_draw.digest(given.content),
        "seats": seats,
        "seats_digest": seat_draw.digest(seats),
        "seated": len(seats),
        "without": outcome.lacking,
    }


def _settle(session: Session, found: Allocation, state: str, becomes: str, now: datetime) -> None:
    standing = update(Allocation).where(Allocation.id == found.id, Allocation.state == state)
    if not rows_changed(session, standing.values(state=becomes, settled_at=now)):
        raise Conflict("changed_meanwhile")
    session.refresh(found)


def _seat(session: Session, seating: Seating, found: Allocation) -> frozenset[int]:
    """Write the seats: first everybody drawn stands up, then each sits down, so that no two ever hold one seat.

    Return the applications that have come to a roster by it.
    """
    people = {one.number: one for one in seating.candidates}
    drawn = [people[one.number].entry_id for one in seat_draw.given_in(found.given).candidates if one.number in people]
    session.execute(update(RosterEntry).where(RosterEntry.id.in_([entry for entry in drawn if entry])).values(room_id=None, seat=None))
    old, new = _rows(seating, found.seats)
    try:
        with session.begin_nested():
            if old:
                session.execute(update(RosterEntry), old)
            if new:
                session.execute(insert(RosterEntry), new)
    except IntegrityError as fault:
        raise Conflict("seats.changed_since") from fault
    session.expire_all()
    return frozenset(row["application_id"] for row in new)


def _moved(session: Session, seating: Seating) -> list[RosterEntry]:
    """Those who had a seat before, which their card has shown, and now have another one or none."""
    before = {one.entry_id: (one.session_id, one.room_id, one.seat) for one in seating.candidates if one.entry_id is not None and one.seat}
    entries = session.scalars(select(RosterEntry).where(RosterEntry.id.in_(before)).order_by(RosterEntry.id)).all()
    return [entry for entry in entries if (entry.session_id, entry.room_id, entry.seat) != before[entry.id]]


def _rows(seating: Seating, seats: Mapping[str, Sequence[str]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows to write for those who are on a roster, and for those who come to one."""
    people = {one.number: one for one in seating.candidates}
    exams = {exam.public_id: exam.id for exam in seating.exams.values()}
    rooms = {hall.room.public_id: hall.room.id for hall in seating.halls}
    old, new = list[dict[str, Any]](), list[dict[str, Any]]()
    for number, (exam, room, seat) in seats.items():
        one, place = people[number], {"session_id": exams[exam], "room_id": rooms[room], "seat": seat}
        if one.entry_id is None:
            new.append({**place, "application_id": one.application_id, "candidate_number": number})
        else:
            old.append({**place, "id": one.entry_id})
    return old, new


def _log(session: Session, found: Allocation, what: str, role: Role, now: datetime, more: Mapping[str, object]) -> None:
    told = {
        "given": found.given_digest,
        "label": found.label,
        "seated": found.seated,
        "seats": found.seats_digest,
        "seed_commitment": found.seed_commitment,
        "without": found.without,
    }
    record(session, role.campaign.chain, f"rounds:seats:{what}", f"allocation:{found.public_id}", role.actor, now, {**told, **more})
