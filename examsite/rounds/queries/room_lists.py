"""A list of rooms against those that stand: which are new, which change, which are there already, which cannot be and why."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.lists import Finding, Intake, ListFile, ListReading
from examsite.lists.findings import in_order
from examsite.rounds.models import ExamRoom
from examsite.rounds.room_facts import RoomFacts, checked
from examsite.rounds.room_rows import RoomRow
from examsite.rules.refusal import Refused
from examsite.vietnamese import tidy


def assess(session: Session, file: ListFile[RoomRow]) -> Intake[RoomRow]:
    """Hold the rows that were read against the rooms of the house; a room is known by its code.

    What stands as the file says is passed over, whatever is otherwise is told as a change. An empty note leaves the one that stands, as
    does one that differs in line ends alone; whether the room can be used is not a matter of the list.
    """
    reading = file.reading
    rooms = {room.code: room for room in session.scalars(select(ExamRoom).execution_options(populate_existing=True))}
    good: list[RoomRow] = []
    known: list[Finding] = []
    changed: list[Finding] = []
    errors = list(reading.errors)
    for row in reading.rows:
        room = rooms.get(row.code)
        try:
            wanted = checked(facts_of(row, room))
        except Refused as refusal:
            errors.append(_refused(reading, row, refusal))
            continue
        alters = _changes(reading, row, room, wanted) if room else []
        if room is not None and not alters:
            known.append(reading.about(row, "code", "rooms.same", row.code, room=row.code))
            continue
        good.append(row)
        changed += alters
    return Intake(good, known, in_order(file.book, errors), reading.notes, file.book.notes, reading.rows_seen, changed)


def facts_of(row: RoomRow, room: ExamRoom | None) -> RoomFacts:
    """What a row says about a room, with what the list does not say as it stands."""
    return RoomFacts(
        code=row.code,
        name=row.name,
        place=row.place,
        seats=row.seats if row.rows is None and row.columns is None else None,
        rows=row.rows,
        columns=row.columns,
        out_of_use=row.out_of_use,
        serves=row.serves,
        reserved=row.reserved,
        usable=room.usable if room else True,
        note=row.note if room is None or row.note not in ("", tidy(room.note)) else room.note,
    )


def _changes(reading: ListReading[RoomRow], row: RoomRow, room: ExamRoom, wanted: dict[str, object]) -> list[Finding]:
    return [
        reading.about(row, name, "rooms.list_changed", _told(after), before=_told(getattr(room, name)), after=_told(after))
        for name, after in wanted.items()
        if getattr(room, name) != after
    ]


def _refused(reading: ListReading[RoomRow], row: RoomRow, refusal: Refused) -> Finding:
    params = {name: value if isinstance(value, int) else str(value) for name, value in refusal.params.items()}
    seen = _told(getattr(row, refusal.field or "code", ""))
    return reading.about(row, refusal.field or "code", refusal.code, seen, **params)


def _told(value: object) -> str:
    """A value of a room as the file would write it."""
    if isinstance(value, (list, tuple)):
        return ", ".join(str(one) for one in value) or "–"
    return "–" if value in (None, "") else str(value)
