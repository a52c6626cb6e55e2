"""Keep the rooms of the house, and say which session uses which."""

from collections.abc import Collection, Iterable
from dataclasses import fields
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.accounts.operations import actor_of
from examsite.audit.models import HOUSE
from examsite.audit.operations import record
from examsite.campaigns.operations.unique import unless_taken
from examsite.campaigns.roles import Role
from examsite.rounds.models import ExamRoom, ExamSession, SessionRoom
from examsite.rounds.operations.announcing import tell_room_changed
from examsite.rounds.operations.sessions import about, hold_for_planning
from examsite.rounds.permissions import may_keep_rooms, may_plan
from examsite.rounds.queries.exam_rooms import RoomChoice, room_choices
from examsite.rounds.queries.seating import seated_in
from examsite.rounds.room_facts import RoomFacts, checked
from examsite.rules import canonical
from examsite.rules.refusal import Conflict, NotPermitted, Refused


def create_room(session: Session, facts: RoomFacts, actor: Account, now: datetime) -> ExamRoom:
    """Add a room. Refuses (`rooms.`): `text_missing`, `seats_missing`, `seats_range`, `seat_unknown`, `serves_nothing`, `code_taken`."""
    must_be_allowed(actor)
    wanted = checked(facts)
    room = ExamRoom(created_at=now, **wanted)
    with unless_taken(session, Refused("rooms.code_taken", field="code", room=wanted["code"])):
        session.add(room)
    record(session, HOUSE, "rounds:room:created", f"room:{room.public_id}", actor_of(actor), now, wanted)
    return room


def change_room(session: Session, room: ExamRoom, facts: RoomFacts, actor: Account, now: datetime, *, seen: str | None = None) -> None:
    """Change a room; who sits on a seat that goes is shown among the clashes. `seen` is the `shown` of the page on which somebody filled
    this in; without one nobody looked. Refuses as `create_room`, and a room that is no longer so (Conflict `changed_meanwhile`)."""
    must_be_allowed(actor)
    wanted = checked(facts)
    session.refresh(room, with_for_update=True)
    if seen not in (None, shown(room)):
        raise Conflict("changed_meanwhile")
    before = {name: getattr(room, name) for name in wanted}
    if before == wanted:
        return
    with unless_taken(session, Refused("rooms.code_taken", field="code", room=wanted["code"])):
        for name, value in wanted.items():
            setattr(room, name, value)
    record(session, HOUSE, "rounds:room:changed", f"room:{room.public_id}", actor_of(actor), now, {"before": before, "after": wanted})
    if (before["name"], before["place"]) != (room.name, room.place):
        tell_room_changed(session, room, now)


def shown(room: ExamRoom) -> str:
    """What a page showed of a room, in one short text."""
    facts = {field.name: getattr(room, field.name) for field in fields(RoomFacts)}
    return canonical.digest(facts)[:16]


def rooms_shown(choices: Iterable[RoomChoice]) -> str:
    """Which rooms a page showed as those of a session, in one short text."""
    return canonical.digest(sorted(choice.room.public_id for choice in choices if choice.chosen))[:16]


def use_rooms(session: Session, exam: ExamSession, rooms: Collection[str], role: Role, now: datetime, *, seen: str | None = None) -> None:
    """Let a planned session use these rooms (by public ids) and no others. `seen` is the `rooms_shown` of the page on which they were
    ticked; without one nobody looked.

    Refuses other rooms than were shown (Conflict `changed_meanwhile`), (`rooms.`) `unknown` and `people_inside`, a room that is not used
    any more while people sit in it; and as `hold_for_planning`.
    """
    role.must(may_plan(role))
    hold_for_planning(session, exam)
    choices = {choice.room.public_id: choice for choice in room_choices(session, exam)}
    if seen not in (None, rooms_shown(choices.values())):
        raise Conflict("changed_meanwhile")
    if set(rooms) - choices.keys():
        raise Refused("rooms.unknown", field="rooms")
    gone = [choice.room for public_id, choice in choices.items() if choice.chosen and public_id not in rooms]
    new = [choices[public_id].room for public_id in choices if public_id in rooms and not choices[public_id].chosen]
    if not gone and not new:
        return
    inside = seated_in(session, exam)
    for room in gone:
        if inside[room.id]:
            raise Refused("rooms.people_inside", field="rooms", room=room.code, count=inside[room.id])
    session.execute(delete(SessionRoom).where(SessionRoom.session_id == exam.id, SessionRoom.room_id.in_([room.id for room in gone])))
    session.add_all(SessionRoom(session_id=exam.id, room_id=room.id) for room in new)
    session.flush()
    told = {"added": [room.code for room in new], "removed": [room.code for room in gone]}
    record(session, role.campaign.chain, "rounds:session:rooms", about(exam), role.actor, now, told)


def must_be_allowed(actor: Account) -> None:
    """Refuse with 403 whoever does not keep the rooms."""
    if not may_keep_rooms(actor):
        raise NotPermitted("access.wrong_role")
