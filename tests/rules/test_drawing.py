import hashlib
import json
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examsite.rules import drawing
from examsite.rules.drawing import BankTooSmall, Cell, PaperItem, PoolItem, Shortage, Stream

VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "vectors" / "drawing.json").read_text(encoding="utf-8"))
SEED = bytes.fromhex(VECTORS["seed"])
POOL = [PoolItem(**{**entry, "options": tuple(entry["options"])}) for entry in VECTORS["pool"]]
BLUEPRINT = [Cell(**entry) for entry in VECTORS["blueprint"]]


class Stranger:
    """The draw once more, from the published text alone: plain lists and dicts, nothing of the module under test."""

    def __init__(self, *lines: str) -> None:
        self.key = hashlib.sha256(unicodedata.normalize("NFC", "\n".join(lines)).encode()).digest()
        self.i = 0

    def below(self, n: int) -> int:
        while True:
            x = int(hashlib.sha256(self.key + self.i.to_bytes(8, "big")).hexdigest()[:16], 16)
            self.i += 1
            if x < 2**64 - (2**64 % n):
                return x % n

    def pick(self, entries: list[Any], k: int) -> list[Any]:
        rest, taken = list(entries), []
        for _ in range(k):
            j = self.below(len(rest))
            taken.append(rest[j])
            rest[j] = rest[0]
            rest = rest[1:]
        return taken

    @classmethod
    def paper(cls, seed: str, number: str, part: str, pool: list[dict[str, Any]], blueprint: list[dict[str, Any]]) -> list[dict[str, Any]]:
        stream = cls("examsite/draw/v1", seed, number, part)
        picked: list[dict[str, Any]] = []
        for cell in blueprint:
            fitting = [entry for entry in pool if entry["topic"] == cell["topic"] and entry["difficulty"] == cell["difficulty"]]
            picked += stream.pick(sorted(fitting, key=lambda entry: str(entry["item"])), cell["count"])
        paper = []
        for entry in stream.pick(picked, len(picked)):
            options = entry["options"] if entry["fixed_options"] else stream.pick(entry["options"], len(entry["options"]))
            paper.append({"item": entry["item"], "version": entry["version"], "options": options})
        return paper


def as_dicts(paper: tuple[PaperItem, ...]) -> list[dict[str, Any]]:
    return [{"item": entry.item, "version": entry.version, "options": list(entry.options)} for entry in paper]


def bank(*sizes: tuple[str, str, int]) -> list[PoolItem]:
    return [PoolItem(f"{topic}-{level}-{n}", 1, topic, level, ("a", "b", "c", "d")) for topic, level, size in sizes for n in range(size)]


@pytest.mark.parametrize("vector", VECTORS["papers"], ids=lambda vector: f"{vector['number']} {vector['part']}")
def test_papers_of_the_vectors(vector: dict[str, Any]) -> None:
    paper = drawing.draw_paper(SEED, vector["number"], vector["part"], POOL, BLUEPRINT)
    assert as_dicts(paper) == vector["items"]
    assert drawing.paper_digest(paper) == vector["digest"]


@pytest.mark.parametrize("vector", VECTORS["papers"], ids=lambda vector: f"{vector['number']} {vector['part']}")
def test_a_stranger_draws_the_same_papers(vector: dict[str, Any]) -> None:
    paper = Stranger.paper(VECTORS["seed"], vector["number"], vector["part"], VECTORS["pool"], VECTORS["blueprint"])
    assert paper == vector["items"]
    text = json.dumps(paper, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == vector["digest"]


@pytest.mark.parametrize("vector", VECTORS["orders"], ids=lambda vector: f"{vector['label']}, {len(vector['names'])} names")
def test_orders_of_the_vectors(vector: dict[str, Any]) -> None:
    assert drawing.draw_order(SEED, vector["label"], reversed(vector["names"])) == vector["order"]
    stranger = Stranger("examsite/order/v1", VECTORS["seed"], vector["label"])
    assert stranger.pick(sorted(vector["names"]), len(vector["names"])) == vector["order"]


@pytest.mark.parametrize("vector", VECTORS["numbers"], ids=lambda vector: vector["below"])
def test_numbers_of_the_vectors(vector: dict[str, Any]) -> None:
    ours, stranger, bound = Stream(*vector["lines"]), Stranger(*vector["lines"]), int(vector["below"])
    assert [str(ours.below(bound)) for _ in vector["first"]] == vector["first"]
    assert [str(stranger.below(bound)) for _ in vector["first"]] == vector["first"]


def test_seed_and_pool_are_bound_as_published() -> None:
    expected = hashlib.sha256(f"examsite/seed/v1\n{VECTORS['seed']}".encode()).hexdigest()
    assert drawing.seed_commitment(SEED) == expected == VECTORS["seed_commitment"]
    text = json.dumps(sorted(VECTORS["pool"], key=lambda entry: str(entry["item"])), sort_keys=True, separators=(",", ":"))
    assert drawing.pool_digest(reversed(POOL)) == hashlib.sha256(text.encode()).hexdigest() == VECTORS["pool_digest"]


def test_numbers_past_the_last_whole_multiple_are_dropped() -> None:
    """Below 2**63 + 1 nearly half of all numbers would be biased; taking the rest modulo gives others than those that stay."""
    lines, bound = ("a", "b"), 2**63 + 1
    raw = Stream(*lines)
    fair = [number for number in (raw.below(2**64) for _ in range(40)) if number < bound]
    stream = Stream(*lines)
    assert 0 < len(fair) < 40
    assert [stream.below(bound) for _ in fair] == fair


def test_the_first_number_to_drop_is_the_whole_multiple_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = iter([2**64 - 1, 2**63 + 1, 2**63])
    monkeypatch.setattr(Stream, "_next", lambda _: next(raw))
    assert Stream("a").below(2**63 + 1) == 2**63


@pytest.mark.parametrize("n", [0, -1, 2**64 + 1])
def test_no_number_below_nothing(n: int) -> None:
    with pytest.raises(ValueError, match="below"):
        Stream("a").below(n)


@pytest.mark.parametrize("count", [-1, 4])
def test_no_more_is_picked_than_there_is(count: int) -> None:
    with pytest.raises(ValueError, match="cannot be picked"):
        Stream("a").pick([1, 2, 3], count)


def test_every_order_of_three_comes_about_as_often() -> None:
    orders = Counter(tuple(drawing.draw_order(SEED, f"lot {n}", "abc")) for n in range(1200))
    assert len(orders) == 6
    assert all(150 <= times <= 250 for times in orders.values())


def test_the_key_decides_every_part_of_a_draw() -> None:
    other = bytes(32)
    papers = {
        drawing.draw_paper(seed, number, part, POOL, BLUEPRINT) for seed in (SEED, other) for number in ("1", "11") for part in ("a", "1a")
    }
    assert len(papers) == 8


def test_both_writings_of_a_letter_are_one_candidate() -> None:
    one, other = (drawing.draw_paper(SEED, unicodedata.normalize(form, "Số-1"), "p", POOL, BLUEPRINT) for form in ("NFC", "NFD"))
    assert one == other


def test_a_line_feed_cannot_move_the_border_between_lines() -> None:
    with pytest.raises(ValueError, match="line feed"):
        drawing.draw_paper(SEED, "1\n2", "p", POOL, BLUEPRINT)


def test_fixed_options_keep_their_order() -> None:
    pool = [PoolItem("q", 1, "t", "easy", tuple("abcdefgh"), fixed_options=True)]
    papers = {drawing.draw_paper(SEED, str(n), "p", pool, [Cell("t", "easy", 1)]) for n in range(20)}
    assert papers == {(PaperItem("q", 1, tuple("abcdefgh")),)}


def test_cells_are_mixed_over_the_whole_part() -> None:
    pool, blueprint = bank(("x", "easy", 5), ("y", "easy", 5)), [Cell("x", "easy", 5), Cell("y", "easy", 5)]
    firsts = Counter(drawing.draw_paper(SEED, str(n), "p", pool, blueprint)[0].item[0] for n in range(40))
    assert set(firsts) == {"x", "y"}


LAW, ETHICS = Cell("law", "easy", 4), Cell("ethics", "hard", 2)


@pytest.mark.parametrize(
    ("law", "ethics", "other", "multiple", "expected"),
    [
        (12, 6, 0, 3, ()),
        (12, 5, 0, 3, (Shortage(None, 18, 17),)),
        (12, 5, 1, 3, ()),
        (4, 2, 12, 3, ()),
        (4, 2, 0, 1, ()),
        (3, 2, 20, 3, (Shortage(LAW, 4, 3),)),
        (3, 2, 0, 1, (Shortage(LAW, 4, 3), Shortage(None, 6, 5))),
        (4, 1, 13, 3, (Shortage(ETHICS, 2, 1),)),
        (0, 0, 0, 3, (Shortage(LAW, 4, 0), Shortage(ETHICS, 2, 0), Shortage(None, 18, 0))),
    ],
)
def test_shortages(law: int, ethics: int, other: int, multiple: int, expected: tuple[Shortage, ...]) -> None:
    pool = bank(("law", "easy", law), ("ethics", "hard", ethics), ("law", "hard", other))
    assert drawing.shortage(pool, [LAW, ETHICS], multiple) == expected


def test_a_short_bank_draws_nothing() -> None:
    with pytest.raises(BankTooSmall) as refused:
        drawing.draw_paper(SEED, "1", "p", bank(("law", "easy", 3), ("law", "hard", 9)), [LAW])
    assert refused.value.shortages == (Shortage(LAW, 4, 3),)


@pytest.mark.parametrize(
    ("seed", "pool", "blueprint", "reason"),
    [
        (SEED[:31], POOL, BLUEPRINT, "seed"),
        (SEED + b"x", POOL, BLUEPRINT, "seed"),
        (SEED, [*POOL, POOL[0]], BLUEPRINT, "twice in the pool"),
        (SEED, POOL, [*BLUEPRINT, BLUEPRINT[0]], "twice in the blueprint"),
        (SEED, POOL, [], "at least one cell"),
    ],
)
def test_inputs_that_could_not_be_repeated_are_refused(seed: bytes, pool: list[PoolItem], blueprint: list[Cell], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        drawing.draw_paper(seed, "1", "p", pool, blueprint)


def test_empty_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one item"):
        Cell("law", "easy", 0)
    with pytest.raises(ValueError, match="at least one paper"):
        drawing.shortage(POOL, BLUEPRINT, 0)
    with pytest.raises(ValueError, match="twice among the lots"):
        drawing.draw_order(SEED, "l", ["An", "An"])


SIZES = st.dictionaries(
    st.tuples(st.sampled_from("xyz"), st.sampled_from(["easy", "hard"])), st.tuples(st.integers(1, 5), st.integers(0, 5)), min_size=1
)
Sizes = dict[tuple[str, str], tuple[int, int]]


@settings(max_examples=60)
@given(SIZES, st.binary(min_size=32, max_size=32), st.text("0123456789", min_size=1, max_size=5), st.data())
def test_every_paper_meets_its_blueprint_and_the_order_of_the_pool_never_matters(
    sizes: Sizes, seed: bytes, number: str, data: st.DataObject
) -> None:
    pool = bank(*((topic, level, count + more) for (topic, level), (count, more) in sizes.items()))
    blueprint = [Cell(topic, level, count) for (topic, level), (count, _) in sizes.items()]
    paper = drawing.draw_paper(seed, number, "p", data.draw(st.permutations(pool)), blueprint)
    assert paper == drawing.draw_paper(seed, number, "p", pool, blueprint)
    stored = {item.item: item for item in pool}
    assert len({entry.item for entry in paper}) == len(paper)
    cells = Counter((stored[entry.item].topic, stored[entry.item].difficulty) for entry in paper)
    assert cells == {(cell.topic, cell.difficulty): cell.count for cell in blueprint}
    assert all(sorted(entry.options) == sorted(stored[entry.item].options) for entry in paper)


@given(st.sets(st.text(max_size=5), max_size=10), st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=5))
def test_an_order_holds_every_name_once(names: set[str], label: str) -> None:
    order = drawing.draw_order(SEED, label, names)
    assert sorted(order) == sorted(names)
    assert order == drawing.draw_order(SEED, label, order)
