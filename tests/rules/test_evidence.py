"""What came late may add to what was acknowledged on time, and never takes anything of it away that came after."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examsite.rules.evidence import Came, Effect, Piece, Place, Save, effects, in_order

COUNTS, NEWER, UNFOUNDED = Effect.COUNTS, Effect.NEWER, Effect.UNFOUNDED


def saved(*rows: tuple[int, int, set[int]]) -> list[Save]:
    return [Save(Place(epoch, seq), frozenset(items)) for epoch, seq, items in rows]


def piece(
    came: str, epoch: int, seq: int, items: set[int], *, held: int = 1, differences: set[int] | None = None, name: str = "x"
) -> Piece:
    return Piece(name, Came(came), epoch, seq, held, frozenset(items), frozenset(differences or ()))


TABLE = {
    "after the close, the next in order: everything counts": (
        saved((1, 1, {1}), (1, 2, {2})),
        piece("late", 1, 3, {2, 3}),
        {2: COUNTS, 3: COUNTS},
    ),
    "after the close, with a gap before it: a whole answer needs nothing before it": (
        saved((1, 1, {1})),
        piece("late", 1, 5, {1, 2}),
        {1: COUNTS, 2: COUNTS},
    ),
    "after the close, from a tab that did not know the last saves": (
        saved((1, 1, {1}), (1, 2, {2}), (1, 3, {3})),
        piece("late", 1, 2, {1, 2, 3, 4}),
        {1: COUNTS, 2: NEWER, 3: NEWER, 4: COUNTS},
    ),
    "after handing in": (saved((1, 1, {1})), piece("closed", 1, 2, {1}), {1: COUNTS}),
    "nothing was ever saved": ([], piece("late", 1, 1, {7}), {7: COUNTS}),
    "the old device, an item the new one never touched": (
        saved((1, 1, {1}), (2, 2, {2})),
        piece("moved", 1, 2, {1, 3}, held=2),
        {1: COUNTS, 3: COUNTS},
    ),
    "the old device, an item the new one answered": (
        saved((1, 1, {1}), (2, 2, {1})),
        piece("moved", 1, 2, {1}, held=2),
        {1: NEWER},
    ),
    "the old device counts high, the new one still went on after it": (
        saved((1, 1, {1}), (2, 2, {1})),
        piece("moved", 1, 99, {1}, held=2),
        {1: NEWER},
    ),
    "a device without the pen states the epoch of the one that has it": (
        saved((1, 1, {1}), (2, 2, {2})),
        piece("moved", 2, 3, {1, 2}, held=2),
        {1: COUNTS, 2: NEWER},
    ),
    "a device without the pen states an epoch that never was": (
        saved((1, 1, {1}), (2, 2, {2})),
        piece("moved", 77, 3, {2}, held=2),
        {2: NEWER},
    ),
    "a device that never held the pen, while the first one holds it": (
        saved((1, 1, {1})),
        piece("moved", 1, 2, {1, 2}, held=1),
        {1: NEWER, 2: COUNTS},
    ),
    "the second of three devices": (
        saved((1, 1, {1, 2, 3}), (2, 2, {2}), (3, 3, {3})),
        piece("moved", 2, 3, {1, 2, 3}, held=3),
        {1: COUNTS, 2: COUNTS, 3: NEWER},
    ),
    "a difference right after the last save": (saved((1, 1, {5})), piece("late", 1, 2, {5}, differences={5}), {5: COUNTS}),
    "a difference to a text that is not there": (saved((1, 1, {5})), piece("late", 1, 3, {5}, differences={5}), {5: UNFOUNDED}),
    "the very first save is a difference to nothing": ([], piece("late", 1, 1, {5}, differences={5}), {5: COUNTS}),
    "the old device's difference to what it had saved": (
        saved((1, 1, {5}), (2, 2, {6})),
        piece("moved", 1, 2, {5}, held=2, differences={5}),
        {5: COUNTS},
    ),
    "the old device's difference to a text that the new one went on with": (
        saved((1, 1, {5}), (2, 2, {5})),
        piece("moved", 1, 2, {5}, held=2, differences={5}),
        {5: NEWER},
    ),
    "a whole text beside a difference that cannot be read": (
        saved((1, 1, {5})),
        piece("late", 1, 9, {4, 5}, differences={5}),
        {4: COUNTS, 5: UNFOUNDED},
    ),
    "nothing but flags": (saved((1, 1, {5})), piece("late", 1, 2, set()), {}),
}


@pytest.mark.parametrize(("saves", "evidence", "expected"), TABLE.values(), ids=TABLE.keys())
def test_what_one_piece_changes(saves: list[Save], evidence: Piece, expected: dict[int, Effect]) -> None:
    assert effects(saves, [evidence]) == {"x": expected}


def test_pieces_take_effect_in_the_order_of_their_places_not_of_their_arrival() -> None:
    late, moved = piece("late", 2, 9, {1}, held=2, name="b"), piece("moved", 1, 12, {1}, held=2, name="a")
    assert [one.name for one in in_order([late, moved])] == ["a", "b"]
    assert list(effects(saved((1, 1, {1})), [late, moved])) == ["a", "b"]


def test_at_one_place_the_later_arrival_takes_effect_last() -> None:
    first, second = piece("late", 1, 2, {1}, name="first"), piece("late", 1, 2, {1}, name="second")
    assert [one.name for one in in_order([first, second])] == ["first", "second"]
    assert [one.name for one in in_order([second, first])] == ["second", "first"]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(1, 2), (1, 3)], [COUNTS, COUNTS]),
        ([(1, 3)], [UNFOUNDED]),
        ([(1, 3), (1, 4)], [UNFOUNDED, UNFOUNDED]),
        ([(1, 2), (1, 4)], [COUNTS, UNFOUNDED]),
    ],
)
def test_differences_need_all_of_their_own_line_before_them(rows: list[tuple[int, int]], expected: list[Effect]) -> None:
    pieces = [piece("late", epoch, seq, {5}, differences={5}, name=str(seq)) for epoch, seq in rows]
    assert [found[5] for found in effects(saved((1, 1, {5})), pieces).values()] == expected


def test_a_difference_does_not_build_on_what_another_device_left() -> None:
    """The second device never saw what the first one had not sent."""
    first = piece("moved", 1, 2, {5}, held=2, name="first")
    second = piece("late", 2, 2, {5}, held=2, differences={5}, name="second")
    assert effects(saved((1, 1, {5})), [first, second]) == {"first": {5: COUNTS}, "second": {5: UNFOUNDED}}
    assert effects(saved((1, 1, {5})), [second]) == {"second": {5: COUNTS}}


def test_a_whole_text_is_a_new_ground_for_differences_of_its_own_device() -> None:
    pieces = [
        piece("moved", 1, 2, {5}, held=2, name="other"),
        piece("late", 2, 2, {5}, held=2, name="whole"),
        piece("late", 2, 3, {5}, held=2, differences={5}, name="difference"),
    ]
    assert [found[5] for found in effects(saved((1, 1, {5})), pieces).values()] == [COUNTS, COUNTS, COUNTS]


ITEMS = st.frozensets(st.integers(1, 5), min_size=1, max_size=4)


@st.composite
def sittings(draw: st.DrawFn) -> tuple[list[Save], list[Piece]]:
    """Saves as the server takes them (seq rises by one, epochs never fall), and evidence that states anything at all."""
    steps = draw(st.lists(st.tuples(st.integers(0, 1), ITEMS), max_size=8))
    epoch, saves = 1, []
    for seq, (moves, items) in enumerate(steps, start=1):
        epoch += moves
        saves.append(Save(Place(epoch, seq), items))
    stated = draw(st.lists(st.tuples(st.sampled_from(Came), st.integers(1, 9), st.integers(1, 12), ITEMS, ITEMS), max_size=6))
    pieces = []
    for number, (came, said, seq, items, differences) in enumerate(stated):
        held = epoch if came is not Came.MOVED else draw(st.integers(1, epoch))
        pieces.append(Piece(str(number), came, said if came is Came.MOVED else epoch, seq, held, items, items & differences))
    return saves, pieces


@given(sittings())
def test_nothing_of_a_device_without_the_pen_replaces_an_answer_of_the_one_that_had_it_last(case: tuple[list[Save], list[Piece]]) -> None:
    saves, pieces = case
    last = max((save.place.epoch for save in saves), default=0)
    kept = {item for save in saves if save.place.epoch == last for item in save.items}
    found = effects(saves, pieces)
    moved = [one for one in pieces if one.came is Came.MOVED and one.held_epoch <= last]
    assert all(found[one.name][item] is NEWER for one in moved for item in one.items & kept)


@given(sittings())
def test_an_answer_counts_only_after_every_acknowledged_answer_to_its_item(case: tuple[list[Save], list[Piece]]) -> None:
    saves, pieces = case
    found = effects(saves, pieces)
    for one in pieces:
        assert found[one.name].keys() == one.items
        for item, effect in found[one.name].items():
            later = any(save.place >= one.place for save in saves if item in save.items)
            assert (effect is NEWER) == later
            assert effect is not UNFOUNDED or item in one.differences


@given(sittings())
def test_whether_whole_answers_count_does_not_hang_on_other_pieces(case: tuple[list[Save], list[Piece]]) -> None:
    saves, pieces = case
    whole = [Piece(one.name, one.came, one.epoch, one.seq, one.held_epoch, one.items) for one in pieces]
    together = effects(saves, whole)
    assert all(effects(saves, [one])[one.name] == together[one.name] for one in whole)
