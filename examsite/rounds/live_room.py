"""A room of an exam at one moment: who is there, who works at what, and who needs somebody, as invigilators look at it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from examsite.rules import timing
from examsite.sorting import Order, in_order
from examsite.vietnamese import fold, name_sort_key

TROUBLES = ("asks_release", "released", "silent", "unsent", "paused")
"""What needs somebody, the most urgent first."""
FILTERS: Mapping[str, frozenset[str]] = {
    "trouble": frozenset(),
    "working": frozenset({"working"}),
    "waiting": frozenset({"waiting"}),
    "checked_in": frozenset({"checked_in"}),
    "absent": frozenset({"expected", "absent"}),
    "finished": frozenset({"finished"}),
}
"""The states that each filter shows; `trouble` goes by trouble instead. `voided` stands under no filter of its own."""


@dataclass(frozen=True)
class LiveRow:
    """One candidate now.

    `state`: expected (not here yet), absent, checked_in, waiting (signed in, or between two parts), working, finished, voided. `trouble`:
    one of TROUBLES, or None; `since` is when that began, or when the state did. `at_item` of `questions` is the item in view of `part`.
    """

    entry: str
    number: str
    name: str
    room: str | None
    seat: str | None
    state: str
    trouble: str | None
    since: datetime | None
    part: str | None
    at_item: int | None
    questions: int
    last_saved_at: datetime | None
    unsent: int
    deadline: datetime | None
    sitting_open: bool
    paused: bool
    violations: int
    may_undo: bool

    @property
    def urgency(self) -> int:
        """The place among those who need somebody; all others come after them."""
        return TROUBLES.index(self.trouble) if self.trouble else len(TROUBLES)

    def silent_for(self, now: datetime) -> int:
        """Whole seconds since the last sign of life."""
        return 0 if self.since is None else max(0, (now - self.since) // timing.SECOND)


@dataclass(frozen=True)
class LiveRoom:
    """Everybody on the roster: `rows` with trouble on top, then by candidate number; `seats` by seat."""

    rows: tuple[LiveRow, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many stand under each filter, and in all."""
        return {"all": len(self.rows)} | {name: len(self.shown(name)) for name in FILTERS}

    @property
    def troubled(self) -> tuple[LiveRow, ...]:
        """Who needs somebody, the most urgent first."""
        return tuple(row for row in self.rows if row.trouble)

    @property
    def seats(self) -> tuple[LiveRow, ...]:
        """The map of the rooms: by room, by seat as people count, then those without one by number."""
        return tuple(sorted(self.rows, key=lambda row: (row.room or "", row.seat is None, _natural(row.seat or ""), row.number)))

    @property
    def maps(self) -> tuple[tuple[str, tuple[LiveRow, ...]], ...]:
        """The map of each room with its code; one without a code where the session has no rooms."""
        return tuple((room, tuple(rows)) for room, rows in groupby(self.seats, key=lambda row: row.room or ""))

    @property
    def rooms(self) -> tuple[str, ...]:
        """The codes of the rooms that people sit in."""
        return tuple(room for room, _rows in self.maps if room)

    def inside(self, room: str) -> "LiveRoom":
        """The same for one of the session's rooms; the whole for a room that nobody sits in."""
        return LiveRoom(tuple(row for row in self.rows if row.room == room)) if room in self.rooms else self

    def shown(self, name: str) -> tuple[LiveRow, ...]:
        """The rows under a filter; all of them where it is none."""
        if name == "trouble":
            return self.troubled
        states = FILTERS.get(name)
        return self.rows if states is None else tuple(row for row in self.rows if row.state in states)

    def listed(self, name: str, words: str, order: Order) -> list[LiveRow]:
        """The rows under a filter whose number or name holds these words, marks and capitals apart, as sorted."""
        wanted = fold(words)
        return in_order((row for row in self.shown(name) if wanted in fold(f"{row.number} {row.name}")), order, SORTS)


@dataclass(frozen=True)
class PresentPart:
    """What a room is at, with the earliest and the latest end of those who work at it; both None while all their clocks stand still.

    `programmed`: nobody works at anything, and part and end are those of the programme.
    """

    part: str
    earliest: datetime | None
    latest: datetime | None
    programmed: bool = False


STATES = ("expected", "checked_in", "waiting", "working", "finished", "absent", "voided")
SORTS: Mapping[str, Callable[[LiveRow], Any]] = {
    "seat": lambda row: (row.room or "", _natural(row.seat)) if row.seat else None,
    "name": lambda row: name_sort_key(row.name),
    "number": lambda row: row.number,
    "state": lambda row: (STATES.index(row.state), row.urgency),
    "saved": lambda row: row.last_saved_at,
}
"""What the columns of the list are sorted by; its own order has trouble on top."""


def _natural(seat: str) -> list[tuple[int, str]]:
    """`B2` before `B10`: runs of digits count as numbers."""
    pieces: Iterable[str] = re.findall(r"\d+|\D+", seat)
    return [(int(piece), "") if piece.isascii() and piece.isdigit() else (-1, piece.casefold()) for piece in pieces]
