"""Seats by lot: everybody at most once, as many as can sit, needs met, neighbours apart, and the same from the same seed."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examsite.rules.allocation import EVENLY, FILLINGS, IN_ORDER, SCATTERED, Candidate, Outcome, Place, Room, allocate, desks

SEED = bytes(range(32))
STEP, SCREEN = frozenset({"step_free"}), frozenset({"screen"})
SITS = frozenset({"general"})


def room(session: str, name: str, seats: int, serves: frozenset[str] = frozenset(), *, reserved: bool = False) -> Room:
    return Room(session, name, desks(seats), serves, reserved)


def people(*numbers: str, needs: frozenset[str] = frozenset(), session: str | None = None) -> list[Candidate]:
    return [Candidate(number, SITS, needs, "", session) for number in numbers]


def rooms_of(outcome: Outcome) -> dict[str, str]:
    return {number: f"{place.session}{place.room}" for number, place in outcome.seats.items()}


@st.composite
def halls(draw: st.DrawFn) -> tuple[list[Room], list[Candidate]]:
    needs = st.sets(st.sampled_from(["step_free", "screen"])).map(frozenset)
    count = draw(st.integers(0, 6))
    places = [
        Room(draw(st.sampled_from("AB")), str(i), desks(draw(st.integers(1, 4))), draw(needs), draw(st.booleans())) for i in range(count)
    ]
    sessions = st.sampled_from([None, None, "A", "B"])
    wanted = draw(st.integers(0, 16))
    parts = st.sampled_from([SITS, SITS, SITS, frozenset[str]()])
    rare = st.one_of(st.just(frozenset[str]()), needs)
    return places, [Candidate(f"{i:02d}", draw(parts), draw(rare), draw(st.sampled_from("xyz")), draw(sessions)) for i in range(wanted)]


def most(places: list[Room], wanted: list[Candidate]) -> int:
    """How many of these can sit at all, by trying: each takes a seat, and whoever is in the way looks for another."""
    seats = [(place, desk.name) for place in places for desk in place.desks]
    taken: dict[int, Candidate] = {}

    def find(one: Candidate, seen: set[int]) -> bool:
        for at, (place, _name) in enumerate(seats):
            fits = one.needs <= place.serves and one.session in (None, place.session) and (bool(one.needs) or not place.reserved)
            if fits and at not in seen:
                seen.add(at)
                if at not in taken or find(taken[at], seen):
                    taken[at] = one
                    return True
        return False

    return sum(find(one, set()) for one in wanted if one.parts)


@settings(max_examples=60, deadline=None)
@given(halls(), st.sampled_from(FILLINGS), st.booleans())
def test_every_promise_holds_for_any_hall(hall: tuple[list[Room], list[Candidate]], filling: str, apart: bool) -> None:
    places, wanted = hall
    outcome = allocate(SEED, "x", places, wanted, filling=filling, apart=apart)
    by_number = {one.number: one for one in wanted}
    by_room = {(place.session, place.room): place for place in places}
    assert len(set(outcome.seats.values())) == len(outcome.seats)
    for number, place in outcome.seats.items():
        one, held = by_number[number], by_room[place.session, place.room]
        assert place.seat in {desk.name for desk in held.desks}
        assert one.needs <= held.serves
        assert one.session in (None, held.session)
        assert one.needs or not held.reserved
    lacking = [number for shortage in outcome.shortages for number in shortage.numbers]
    assert sorted([*outcome.seats, *lacking, *outcome.exempt]) == sorted(by_number)
    assert len(outcome.seats) == most(places, wanted)
    assert len([one for one in wanted if one.needs and one.number in outcome.seats]) == most(places, [one for one in wanted if one.needs])
    assert outcome == allocate(SEED, "x", places, list(reversed(wanted)), filling=filling, apart=apart)


@pytest.mark.parametrize(
    ("filling", "expected"),
    [(EVENLY, {"Aa": 2, "Ab": 4, "Ba": 2}), (IN_ORDER, {"Aa": 4, "Ab": 4}), (SCATTERED, {"Aa": 2, "Ab": 4, "Ba": 2})],
)
def test_rooms_fill_as_was_chosen(filling: str, expected: dict[str, int]) -> None:
    places = [room("A", "a", 4), room("A", "b", 8), room("B", "a", 4)]
    outcome = allocate(SEED, "x", places, people(*"12345678"), filling=filling)
    found = list(rooms_of(outcome).values())
    counts = {name: found.count(name) for name in sorted(set(found))}
    assert counts == expected or filling == SCATTERED
    assert sum(counts.values()) == 8


def test_whoever_needs_a_room_moves_on_for_one_who_has_no_other() -> None:
    """The only room with a screen has one seat; however the lots fall, the one who needs the screen gets it."""
    places = [room("A", "both", 1, STEP | SCREEN), room("A", "step", 1, STEP)]
    for label in "abcdefgh":
        outcome = allocate(SEED, label, places, [*people("1", needs=STEP), *people("2", needs=SCREEN)])
        assert rooms_of(outcome) == {"1": "Astep", "2": "Aboth"}


def test_what_lacks_is_told_for_whom() -> None:
    places = [room("A", "a", 1), room("B", "a", 1, STEP)]
    outcome = allocate(SEED, "x", places, [*people("1", "2", needs=STEP), *people("3", "4", session="A"), *people("5")])
    told = {(one.needs, one.session): len(one.numbers) for one in outcome.shortages}
    assert told == {(("step_free",), None): 1, ((), "A"): 1, ((), None): 1}
    assert outcome.lacking == 3


def test_nobody_without_needs_sits_in_a_reserved_room() -> None:
    outcome = allocate(SEED, "x", [room("A", "a", 5, STEP, reserved=True)], [*people("1"), *people("2", needs=STEP)])
    assert rooms_of(outcome) == {"2": "Aa"}


def test_whoever_sits_nothing_needs_no_seat() -> None:
    outcome = allocate(SEED, "x", [room("A", "a", 5)], [Candidate("1", frozenset()), *people("2")])
    assert (outcome.exempt, outcome.shortages, list(outcome.seats)) == (("1",), (), ["2"])


@pytest.mark.parametrize("groups", ["xxyy", "xxxyy", "xxxxyyzz", "xxxxyyy", "xyz"])
def test_neighbours_are_of_different_groups_where_that_can_be(groups: str) -> None:
    wanted = [Candidate(str(place), SITS, group=group) for place, group in enumerate(groups)]
    for label in "abcd":
        outcome = allocate(SEED, label, [room("A", "a", len(groups))], wanted)
        row = [wanted[int(number)].group for number in sorted(outcome.seats, key=lambda one: int(outcome.seats[one].seat))]
        assert all(left != right for left, right in pairwise(row)), row


def test_another_seed_or_label_gives_other_seats() -> None:
    places, wanted = [room("A", "a", 20)], people(*(f"{n:02d}" for n in range(20)))
    first = allocate(SEED, "x", places, wanted)
    assert first == allocate(SEED, "x", places, wanted)
    assert first.seats != allocate(SEED, "y", places, wanted).seats
    assert first.seats != allocate(bytes(32), "x", places, wanted).seats


def test_a_known_draw_stays_what_it_was() -> None:
    """Whoever repeats a draw years later gets the same seats."""
    places = [Room("s1", "p1", desks(4, 2, 2)), room("s1", "p2", 3, STEP, reserved=True), room("s2", "p1", 4)]
    wanted = [*people("0001", "0002", "0003", "0004", "0005"), *people("0006", needs=STEP), *people("0007", session="s2")]
    found = {
        number: (place.session, place.room, place.seat) for number, place in allocate(SEED, "LA/seats/1", places, wanted).seats.items()
    }
    assert found == KNOWN


KNOWN = {
    "0001": ("s2", "p1", "2"),
    "0002": ("s1", "p1", "A1"),
    "0003": ("s1", "p1", "B1"),
    "0004": ("s1", "p1", "A2"),
    "0005": ("s2", "p1", "3"),
    "0006": ("s1", "p2", "1"),
    "0007": ("s2", "p1", "1"),
}


@pytest.mark.parametrize(
    ("count", "rows", "columns", "names"),
    [(3, None, None, ["1", "2", "3"]), (4, 2, 2, ["A1", "A2", "B1", "B2"]), (26, 26, 1, [f"{chr(65 + n)}1" for n in range(26)])],
)
def test_seats_have_names(count: int, rows: int | None, columns: int | None, names: list[str]) -> None:
    assert [desk.name for desk in desks(count, rows, columns)] == names


@pytest.mark.parametrize(
    ("places", "wanted", "filling", "seed"),
    [
        ([room("A", "a", 1)], people("1", "1"), EVENLY, SEED),
        ([room("A", "a", 1), room("A", "a", 2)], [], EVENLY, SEED),
        ([Room("A", "a", (*desks(1), *desks(1)))], [], EVENLY, SEED),
        ([], [], "as I like", SEED),
        ([], [], EVENLY, SEED[:-1]),
    ],
)
def test_nonsense_is_refused(places: list[Room], wanted: list[Candidate], filling: str, seed: bytes) -> None:
    with pytest.raises(ValueError, match=r"twice|fill|bytes"):
        allocate(seed, "x", places, wanted, filling=filling)


def test_more_rows_than_letters_are_refused() -> None:
    with pytest.raises(ValueError, match="27 rows"):
        desks(54, 27, 2)


def test_a_place_tells_session_room_and_seat() -> None:
    [place] = allocate(SEED, "x", [room("A", "a", 1)], people("1")).seats.values()
    assert place == Place("A", "a", "1")
