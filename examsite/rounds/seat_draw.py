"""A draw of seats as values: rooms and candidates in, seats and digests out, and the file with which a stranger repeats it.

Sessions and rooms go by their public ids. The digest of what was given is over `{apart, candidates, filling, label, rooms}`, that of the
seats over `{number: [session, room, seat]}`; each is `rules.canonical.digest`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from examsite.rules import allocation, canonical

FORMAT = "examsite seats 1"
SITS = frozenset({"sits"})
"""In place of parts that are not told."""


@dataclass(frozen=True)
class Given:
    """All that a draw depends on beside its seed; rooms in their order, candidates by number."""

    label: str
    rooms: tuple[allocation.Room, ...]
    candidates: tuple[allocation.Candidate, ...]
    filling: str
    apart: bool

    @property
    def content(self) -> dict[str, Any]:
        """The same as plain values, for the digest and the file."""
        return {
            "apart": self.apart,
            "candidates": [[one.number, sorted(one.parts), sorted(one.needs), one.group, one.session] for one in self.candidates],
            "filling": self.filling,
            "label": self.label,
            "rooms": [
                [room.session, room.room, [[desk.name, desk.row, desk.column] for desk in room.desks], sorted(room.serves), room.reserved]
                for room in self.rooms
            ],
        }


def without_parts(given: Given) -> Given:
    """The same draw without who is exempted from what: a seat depends only on whether somebody sits any part, and whoever sits none is
    left out."""
    return replace(given, candidates=tuple(replace(one, parts=SITS) for one in given.candidates if one.parts))


def draw(seed: bytes, given: Given) -> allocation.Outcome:
    """The draw; raises as `allocation.allocate`."""
    return allocation.allocate(seed, given.label, given.rooms, given.candidates, filling=given.filling, apart=given.apart)


def seats_of(outcome: allocation.Outcome) -> dict[str, list[str]]:
    """The seats as they are stored and digested."""
    return {number: [place.session, place.room, place.seat] for number, place in sorted(outcome.seats.items())}


def given_in(content: Mapping[str, Any]) -> Given:
    """What `Given.content` was made of."""
    rooms = (
        allocation.Room(session, room, tuple(allocation.Desk(*desk) for desk in desks), frozenset(serves), reserved)
        for session, room, desks, serves, reserved in content["rooms"]
    )
    people = (
        allocation.Candidate(number, frozenset(parts), frozenset(needs), group, session)
        for number, parts, needs, group, session in content["candidates"]
    )
    return Given(content["label"], tuple(rooms), tuple(people), content["filling"], content["apart"])


def digest(value: object) -> str:
    """The digest of what was given, or of the seats."""
    return canonical.digest(value)
