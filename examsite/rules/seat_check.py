"""What is wrong with seats as they stand: no such seat, a room that does not fit or is used twice, people who should be in two places."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

KINDS = (
    "person_twice",
    "room_twice",
    "over_capacity",
    "no_such_seat",
    "room_not_used",
    "room_unusable",
    "need_not_met",
    "needs_nothing",
    "withdrawn",
)


@dataclass(frozen=True)
class Use:
    """A session's use of a room, [begins, ends). `own`: it belongs to what is being checked; others only get in its way."""

    session: str
    room: str
    begins: datetime
    ends: datetime
    seats: frozenset[str]
    serves: frozenset[str]
    reserved: bool
    usable: bool
    own: bool = True


@dataclass(frozen=True)
class Seated:
    """Somebody with a seat in a session. `room` None: no room was allocated, and nothing about it is checked."""

    number: str
    person: str
    session: str
    room: str | None
    seat: str | None
    needs: frozenset[str] = frozenset()
    eligible: bool = True


@dataclass(frozen=True)
class Engaged:
    """A person listed for a session, [begins, ends), whether of this campaign or of another."""

    person: str
    session: str
    begins: datetime
    ends: datetime


@dataclass(frozen=True)
class Clash:
    """One thing that is wrong: one of KINDS, where, with whom, and with which other session."""

    kind: str
    session: str
    room: str | None = None
    number: str | None = None
    other: str | None = None


def clashes(seated: Sequence[Seated], uses: Sequence[Use], engaged: Iterable[Engaged]) -> tuple[Clash, ...]:
    """Everything that is wrong, in the order of KINDS and then of what is given. Times touch without overlapping: [begins, ends)."""
    found = [*_people_twice(seated, engaged), *_rooms(uses, seated), *_seats(uses, seated)]
    return tuple(sorted(found, key=lambda one: KINDS.index(one.kind)))


def _people_twice(seated: Sequence[Seated], engaged: Iterable[Engaged]) -> Iterator[Clash]:
    by_person: dict[str, list[Engaged]] = {}
    for listed in engaged:
        by_person.setdefault(listed.person, []).append(listed)
    for one in seated:
        mine = by_person.get(one.person, [])
        here = next((each for each in mine if each.session == one.session), None)
        for other in mine:
            if here is not None and other.session != one.session and _overlap(here, other):
                yield Clash("person_twice", one.session, one.room, one.number, other.session)


def _rooms(uses: Sequence[Use], seated: Sequence[Seated]) -> Iterator[Clash]:
    by_room: dict[str, list[Use]] = {}
    for use in uses:
        by_room.setdefault(use.room, []).append(use)
    for same in by_room.values():
        for one, other in combinations(same, 2):
            if (one.own or other.own) and one.session != other.session and _overlap(one, other):
                mine, theirs = (one, other) if one.own else (other, one)
                yield Clash("room_twice", mine.session, mine.room, None, theirs.session)
    for use in uses:
        inside = sum((one.session, one.room) == (use.session, use.room) for one in seated) if use.own else 0
        if inside > len(use.seats):
            yield Clash("over_capacity", use.session, use.room)
        if use.own and not use.usable:
            yield Clash("room_unusable", use.session, use.room)


def _seats(uses: Sequence[Use], seated: Sequence[Seated]) -> Iterator[Clash]:
    by_place = {(use.session, use.room): use for use in uses}
    for one in seated:
        if not one.eligible:
            yield Clash("withdrawn", one.session, one.room, one.number)
        elif one.room is not None:
            kind = _wrong(one, by_place.get((one.session, one.room)))
            if kind:
                yield Clash(kind, one.session, one.room, one.number)


def _wrong(one: Seated, use: Use | None) -> str | None:
    if use is None:
        return "room_not_used"
    if one.seat not in use.seats:
        return "no_such_seat"
    if not one.needs <= use.serves:
        return "need_not_met"
    return "needs_nothing" if use.reserved and not one.needs else None


def _overlap(one: Use | Engaged, other: Use | Engaged) -> bool:
    return one.begins < other.ends and other.begins < one.ends
