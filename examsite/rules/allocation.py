"""Candidates + sessions with rooms + a published seed -> the seat of each, by lot. Repeatable by a stranger.

The stream of numbers, shuffling and picking are those of `rules.drawing`; the lines of the stream are `examsite/seats/v1`, the seed as 64
small hexadecimal digits, the label. The rooms come in the order given, which is that of the sessions and of the rooms in each.

1. Whoever sits no part (exempted from all) needs no seat and is left out.
2. The numbers of the others, sorted by code points, are shuffled: the order of the lots.
3. In that order everybody gets a room, in four turns: (a) those with needs, in reserved rooms alone; (b) those with needs who have none
   yet, in all rooms; (c) those whose session is settled, (d) everybody else, both in rooms that are not reserved. A room suits whoever's
   needs it serves and whose session, if that is settled, it belongs to. Of the suitable rooms with a free seat the lot goes to: the first
   in order (`in_order`); the one with the smallest share of its seats taken, the first of equals (`evenly`); the one that holds the x-th
   free seat of them all, counted from 0 in order, x being the next number of the stream below their count (`scattered`).
   Where no suitable room has a free seat, turns (a) to (c) look for a chain: going through the suitable rooms in order, and through the
   people with needs in each in the order in which they came, depth first and each room once, the first found who can go elsewhere does.
   So whoever has a seat keeps one, and as many get one as can (Berge's theorem).
4. Room by room in order, the people of a room in the order of the lots take its first seats (`scattered`: seats picked from all its free
   ones, then put in their order). With `apart`, each seat goes to the first of those left for whom these are least, in this order: sits
   beside one of the same group in the row (1 or 0); their group is not more than half of those left (1 or 0); sits behind one of the
   same group (1 or 0). Along one row nobody then sits beside one of the same group, if there is a way to seat them so.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from string import ascii_uppercase

from examsite.rules.drawing import SEED_BYTES, Stream

LABEL = "examsite/seats/v1"
NEEDS = ("step_free", "screen", "quiet", "assistant")
"""What a candidate may need of a room."""
EVENLY, IN_ORDER, SCATTERED = "evenly", "in_order", "scattered"
FILLINGS = (EVENLY, IN_ORDER, SCATTERED)
MOST_ROWS = len(ascii_uppercase)


@dataclass(frozen=True)
class Desk:
    """A seat with its name and where it stands: the row counted from the front, the column from the left, both from 1."""

    name: str
    row: int
    column: int


@dataclass(frozen=True)
class Room:
    """A room in one session, with its free seats in their order; `serves`: the needs it is equipped for; `reserved`: for those alone."""

    session: str
    room: str
    desks: tuple[Desk, ...]
    serves: frozenset[str] = frozenset()
    reserved: bool = False


@dataclass(frozen=True)
class Candidate:
    """Whoever is to be seated. `parts`: those they sit; `group`: who should not sit side by side; `session`: where that is settled."""

    number: str
    parts: frozenset[str]
    needs: frozenset[str] = frozenset()
    group: str = ""
    session: str | None = None


@dataclass(frozen=True)
class Place:
    """Where somebody sits."""

    session: str
    room: str
    seat: str


@dataclass(frozen=True)
class Shortage:
    """Seats that lack, one for each of `numbers`: for people with these needs, in this session where it is settled (None: any)."""

    needs: tuple[str, ...]
    session: str | None
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """The seat of each number; what lacks; who needs none, by number."""

    seats: dict[str, Place]
    shortages: tuple[Shortage, ...]
    exempt: tuple[str, ...]

    @property
    def lacking(self) -> int:
        """How many seats lack in all."""
        return sum(len(one.numbers) for one in self.shortages)


def desks(count: int, rows: int | None = None, columns: int | None = None) -> tuple[Desk, ...]:
    """The seats of a room: A1, A2, ... row by row, or 1 to `count` in one row. Raises ValueError for more rows than letters."""
    if rows is None or columns is None:
        return tuple(Desk(str(place), 1, place) for place in range(1, count + 1))
    if rows > MOST_ROWS:
        raise ValueError(f"{rows} rows have no letters")
    return tuple(Desk(f"{ascii_uppercase[row - 1]}{column}", row, column) for row in range(1, rows + 1) for column in range(1, columns + 1))


def order_of_lots(seed: bytes, label: str, numbers: Iterable[str]) -> tuple[str, ...]:
    """The order in which those who need a seat get one (step 2 above): it follows from the seed, the label and their numbers alone."""
    return tuple(Stream(LABEL, seed.hex(), label).shuffle(sorted(numbers)))


def allocate(
    seed: bytes, label: str, rooms: Sequence[Room], candidates: Iterable[Candidate], *, filling: str = EVENLY, apart: bool = True
) -> Outcome:
    """Seats for everybody, as the text above says; the order of `candidates` does not matter, that of `rooms` does.

    Raises ValueError for a number, a room or a seat that stands twice, a seed that has not 32 bytes and an unknown filling.
    """
    everybody = sorted(candidates, key=lambda one: one.number)
    _check(seed, rooms, everybody, filling)
    stream = Stream(LABEL, seed.hex(), label)
    order = stream.shuffle([one for one in everybody if one.parts])
    hall = _Hall(rooms, filling, stream)
    hall.fill(order)
    seats = {one.number: Place(room.session, room.room, desk.name) for room, one, desk in hall.seated(order, apart=apart)}
    return Outcome(seats, _shortages(one for one in everybody if one.parts and one.number not in seats), _exempt(everybody))


class _Hall:
    """All rooms while they fill: which room each person has, and who is in each, in the order in which they came."""

    def __init__(self, rooms: Sequence[Room], filling: str, stream: Stream) -> None:
        self._rooms, self._filling, self._stream = rooms, filling, stream
        self._inside: list[list[Candidate]] = [[] for _ in rooms]
        self._open: frozenset[int] = frozenset()

    def fill(self, order: Sequence[Candidate]) -> None:
        """The four turns."""
        reserved = [place for place, room in enumerate(self._rooms) if room.reserved]
        common = [place for place, room in enumerate(self._rooms) if not room.reserved]
        needing = [one for one in order if one.needs]
        self._open = frozenset(reserved)
        left = [one for one in needing if not self._place(one, reserved)]
        self._open = frozenset(range(len(self._rooms)))
        for one in left:
            self._place(one, range(len(self._rooms)))
        for one in order:
            if one.session is not None and not one.needs:
                self._place(one, common)
        for one in order:
            if one.session is None and not one.needs:
                self._take(one, common)

    def seated(self, order: Sequence[Candidate], *, apart: bool) -> Iterable[tuple[Room, Candidate, Desk]]:
        """Everybody who has a room, with their seat."""
        lots = {one.number: lot for lot, one in enumerate(order)}
        for room, inside in zip(self._rooms, self._inside, strict=True):
            people = sorted(inside, key=lambda one: lots[one.number])
            taken = self._seats_for(room, len(people))
            for one, desk in zip(_arranged(people, taken) if apart else people, taken, strict=True):
                yield room, one, desk

    def _seats_for(self, room: Room, count: int) -> Sequence[Desk]:
        if self._filling != SCATTERED:
            return room.desks[:count]
        return [room.desks[place] for place in sorted(self._stream.pick(range(len(room.desks)), count))]

    def _place(self, one: Candidate, among: Iterable[int]) -> bool:
        """A seat for somebody in one of these rooms, if need be by moving others; False where there is no way."""
        rooms = list(among)
        return self._take(one, rooms) or self._displace(one, rooms, set())

    def _take(self, one: Candidate, among: Iterable[int]) -> bool:
        free = [place for place in among if self._suits(one, place) and self._free(place)]
        if not free:
            return False
        self._inside[self._choose(free)].append(one)
        return True

    def _displace(self, one: Candidate, among: Sequence[int], tried: set[int]) -> bool:
        for place in among:
            if place in tried or not self._suits(one, place):
                continue
            tried.add(place)
            for other in self._movable(place):
                elsewhere = sorted(self._open - {place})
                if self._take(other, elsewhere) or self._displace(other, elsewhere, tried):
                    self._inside[place].remove(other)
                    self._inside[place].append(one)
                    return True
        return False

    def _movable(self, place: int) -> list[Candidate]:
        """Those with needs; whoever has none could go nowhere where the one that waits could not go."""
        return [other for other in self._inside[place] if other.needs]

    def _suits(self, one: Candidate, place: int) -> bool:
        room = self._rooms[place]
        return one.needs <= room.serves and one.session in (None, room.session)

    def _free(self, place: int) -> int:
        return len(self._rooms[place].desks) - len(self._inside[place])

    def _choose(self, free: Sequence[int]) -> int:
        if self._filling == IN_ORDER:
            return free[0]
        if self._filling == EVENLY:
            return min(free, key=lambda place: (Fraction(len(self._inside[place]), len(self._rooms[place].desks)), place))
        x = self._stream.below(sum(self._free(place) for place in free))
        for place in free:
            if x < self._free(place):
                return place
            x -= self._free(place)
        raise AssertionError("a number below the sum lies in one of its terms")


def _arranged(people: Sequence[Candidate], taken: Sequence[Desk]) -> list[Candidate]:
    """The same people so that, seat by seat, neighbours are of different groups as far as possible."""
    left, found = list(people), list[Candidate]()
    counts = Counter(one.group for one in people)
    group_at: dict[tuple[int, int], str] = {}
    for desk in taken:
        beside, before = group_at.get((desk.row, desk.column - 1)), group_at.get((desk.row - 1, desk.column))
        crowded = len(left) // 2
        lot = min(
            range(len(left)),
            key=lambda lot: (left[lot].group == beside, counts[left[lot].group] <= crowded, left[lot].group == before, lot),
        )
        one = left.pop(lot)
        counts[one.group] -= 1
        group_at[desk.row, desk.column] = one.group
        found.append(one)
    return found


def _shortages(left: Iterable[Candidate]) -> tuple[Shortage, ...]:
    found: dict[tuple[tuple[str, ...], str | None], list[str]] = {}
    for one in left:
        found.setdefault((tuple(sorted(one.needs)), one.session), []).append(one.number)
    return tuple(Shortage(needs, session, tuple(numbers)) for (needs, session), numbers in found.items())


def _exempt(everybody: Iterable[Candidate]) -> tuple[str, ...]:
    return tuple(one.number for one in everybody if not one.parts)


def _check(seed: bytes, rooms: Sequence[Room], everybody: Sequence[Candidate], filling: str) -> None:
    if len(seed) != SEED_BYTES:
        raise ValueError(f"a seed has {SEED_BYTES} bytes, this one has {len(seed)}")
    if filling not in FILLINGS:
        raise ValueError(f"{filling} is no way to fill rooms")
    names: list[Sequence[object]] = [[one.number for one in everybody], [(room.session, room.room) for room in rooms]]
    for found in (*names, *([desk.name for desk in room.desks] for room in rooms)):
        if len(set(found)) != len(found):
            raise ValueError("a number, a room or a seat stands twice")
