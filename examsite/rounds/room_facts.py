"""What people say about a room, checked before it becomes a row."""

from collections.abc import Sequence
from dataclasses import dataclass

from examsite.rules import allocation
from examsite.rules.refusal import Refused
from examsite.vietnamese import tidy

MOST_SEATS = 2_000
MOST_COLUMNS = 60


@dataclass(frozen=True)
class RoomFacts:
    """What people say about a room. Either `rows` and `columns` or `seats`; `out_of_use` names seats that cannot be used."""

    code: str
    name: str
    place: str
    seats: int | None = None
    rows: int | None = None
    columns: int | None = None
    out_of_use: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
    reserved: bool = False
    usable: bool = True
    note: str = ""


def checked(facts: RoomFacts) -> dict[str, object]:
    """The columns of a room, or a refusal that names the field."""
    texts = {"code": tidy(facts.code).upper(), "name": tidy(facts.name), "place": tidy(facts.place)}
    for field, text in texts.items():
        if not text:
            raise Refused("rooms.text_missing", field=field)
    seats = _seats(facts)
    if facts.reserved and not facts.serves:
        raise Refused("rooms.serves_nothing", field="reserved")
    return {
        **texts,
        "seats": seats,
        "rows": facts.rows,
        "columns": facts.columns,
        "out_of_use": _out_of_use(facts, seats),
        "serves": [need for need in allocation.NEEDS if need in facts.serves],
        "reserved": facts.reserved,
        "usable": facts.usable,
        "note": facts.note.strip(),
    }


def _seats(facts: RoomFacts) -> int:
    if facts.rows is None and facts.columns is None:
        if facts.seats is None:
            raise Refused("rooms.seats_missing", field="seats")
        return _within("seats", facts.seats, MOST_SEATS)
    if facts.rows is None or facts.columns is None:
        raise Refused("rooms.grid_half", field="columns" if facts.columns is None else "rows")
    return _within("rows", facts.rows, allocation.MOST_ROWS) * _within("columns", facts.columns, MOST_COLUMNS)


def _within(field: str, number: int, most: int) -> int:
    if not 1 <= number <= most:
        raise Refused("rooms.seats_range", field=field, most=most)
    return number


def _out_of_use(facts: RoomFacts, seats: int) -> Sequence[str]:
    names = [desk.name for desk in allocation.desks(seats, facts.rows, facts.columns)]
    wanted = {tidy(name).upper() for name in facts.out_of_use}
    if unknown := wanted - set(names):
        raise Refused("rooms.seat_unknown", field="out_of_use", seat=min(unknown))
    if len(wanted) == len(names):
        raise Refused("rooms.no_seat_left", field="out_of_use")
    return [name for name in names if name in wanted]
