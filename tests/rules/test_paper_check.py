"""Whatever is drawn passes the check, and whatever is done to a drawn paper is named with its candidate."""

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examsite.rules.drawing import Cell, PaperItem, PoolItem, draw_paper
from examsite.rules.paper_check import Distribution, Fault, Paper, check_papers

LEVELS = ("easy", "medium", "hard")


def bank(sizes: dict[tuple[str, str], int], fixed: bool = False) -> list[PoolItem]:
    return [
        PoolItem(f"{topic}-{level}-{n}", n + 1, topic, level, ("a", "b", "c", "d"), fixed)
        for (topic, level), size in sizes.items()
        for n in range(size)
    ]


POOL = bank({("law", "easy"): 4, ("law", "hard"): 3, ("office", "medium"): 2})
BLUEPRINT = [Cell("law", "easy", 2), Cell("law", "hard", 1), Cell("office", "medium", 1)]


def drawn(numbers: str = "123", pool: list[PoolItem] | None = None, blueprint: list[Cell] | None = None) -> dict[str, Paper]:
    return {number: draw_paper(bytes(32), number, "general", pool or POOL, blueprint or BLUEPRINT) for number in numbers}


def found(papers: dict[str, Paper]) -> Distribution | Fault:
    return check_papers(papers, POOL, BLUEPRINT, LEVELS)


def test_drawn_papers_pass_and_have_no_spread() -> None:
    result = found(drawn())
    assert isinstance(result, Distribution)
    assert (result.papers, result.questions) == (3, 4)
    assert result.easiest == result.mean == result.hardest == Fraction(1 + 1 + 3 + 2, 4)
    assert sum(times for _item, times in result.used) == 12
    assert [item for item, _times in result.used] == sorted(item.item for item in POOL)


def exchange(place: int, item: PaperItem) -> Callable[[Paper], Paper]:
    return lambda paper: (*paper[:place], item, *paper[place + 1 :])


def other(level: str, paper: Paper) -> PaperItem:
    taken = {one.item for one in paper}
    found = next(item for item in POOL if item.difficulty == level and item.item not in taken)
    return PaperItem(found.item, found.version, found.options)


def of_level(level: str, paper: Paper) -> int:
    return next(place for place, one in enumerate(paper) if f"-{level}-" in one.item)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda paper: paper[:-1], "paper.length"),
        (lambda paper: (*paper, other("easy", paper)), "paper.length"),
        (lambda paper: (*paper[:-1], paper[0]), "paper.twice"),
        (lambda paper: exchange(0, PaperItem("elsewhere", 1, ("a", "b", "c", "d")))(paper), "paper.foreign"),
        (lambda paper: exchange(0, PaperItem(paper[0].item, 99, paper[0].options))(paper), "paper.version"),
        (lambda paper: exchange(0, PaperItem(paper[0].item, paper[0].version, ("a", "b", "c")))(paper), "paper.options"),
        (lambda paper: exchange(0, PaperItem(paper[0].item, paper[0].version, ("a", "b", "c", "c")))(paper), "paper.options"),
        (lambda paper: exchange(0, PaperItem(paper[0].item, paper[0].version, ("a", "b", "c", "x")))(paper), "paper.options"),
        (lambda paper: exchange(of_level("easy", paper), other("hard", paper))(paper), "paper.cell"),
    ],
)
def test_a_spoilt_paper_is_named_with_its_candidate(spoil: Callable[[Paper], Paper], code: str) -> None:
    papers = drawn()
    papers["2"] = spoil(papers["2"])
    result = found(papers)
    assert isinstance(result, Fault)
    assert (result.number, result.code) == ("2", code)


def test_an_item_exchanged_within_its_cell_is_no_fault() -> None:
    papers = drawn()
    place = of_level("easy", papers["2"])
    papers["2"] = exchange(place, other("easy", papers["2"]))(papers["2"])
    assert isinstance(found(papers), Distribution)


def test_options_of_an_item_with_a_fixed_order_keep_it() -> None:
    pool = bank({("law", "easy"): 1}, fixed=True)
    blueprint = [Cell("law", "easy", 1)]
    right, wrong = (PaperItem("law-easy-0", 1, options) for options in (("a", "b", "c", "d"), ("b", "a", "c", "d")))
    assert isinstance(check_papers({"1": (right,)}, pool, blueprint, LEVELS), Distribution)
    assert check_papers({"1": (wrong,)}, pool, blueprint, LEVELS) == Fault("1", "paper.options", "law-easy-0")


@pytest.mark.parametrize("others", [2, 3, 10])
def test_a_paper_outside_the_band_is_refused(others: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers that meet the blueprint cannot leave the band; so the cells are taken out of the way, and the band must hold alone."""
    monkeypatch.setattr("examsite.rules.paper_check._fault", lambda *_: None)
    pool = bank({("law", "easy"): 1, ("law", "hard"): 1})
    easy, hard = (PaperItem(f"law-{level}-0", 1, ("a", "b", "c", "d")) for level in ("easy", "hard"))
    papers: dict[str, Paper] = {str(n): (easy,) for n in range(others)} | {"x": (hard,)}
    result = check_papers(papers, pool, [Cell("law", "easy", 1)], LEVELS)
    assert isinstance(result, Fault)


def test_the_band_is_a_tenth_of_a_level_and_its_edge_is_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("examsite.rules.paper_check._fault", lambda *_: None)
    pool = bank({("law", "easy"): 5, ("law", "medium"): 1})
    easy = [PaperItem(f"law-easy-{n}", n + 1, ("a", "b", "c", "d")) for n in range(5)]
    medium = PaperItem("law-medium-0", 1, ("a", "b", "c", "d"))
    papers: dict[str, Paper] = {"1": tuple(easy), "2": (*easy[:4], medium)}
    result = check_papers(papers, pool, [Cell("law", "easy", 5)], LEVELS)
    assert isinstance(result, Distribution)
    assert (result.easiest, result.mean, result.hardest) == (1, Fraction(11, 10), Fraction(6, 5))
    papers["2"] = (*easy[:3], medium, medium)
    assert check_papers(papers, pool, [Cell("law", "easy", 5)], LEVELS) == Fault("1", "paper.difficulty")


def test_no_papers_are_not_passed_off_as_good_ones() -> None:
    with pytest.raises(ValueError, match="no papers"):
        check_papers({}, POOL, BLUEPRINT, LEVELS)


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[PoolItem], list[Cell], int]:
    """A bank that can fill its blueprint, and a number of candidates."""
    keys = [(topic, level) for topic in ("law", "office", "nature") for level in LEVELS]
    cells = draw(st.lists(st.sampled_from(keys), min_size=1, max_size=6, unique=True))
    blueprint = [Cell(*key, draw(st.integers(1, 4))) for key in cells]
    sizes = {(cell.topic, cell.difficulty): cell.count + draw(st.integers(0, 3)) for cell in blueprint}
    return bank(sizes, draw(st.booleans())), blueprint, draw(st.integers(1, 8))


@given(cases())
def test_whatever_is_drawn_passes_with_zero_spread(case: tuple[list[PoolItem], list[Cell], int]) -> None:
    pool, blueprint, candidates = case
    papers = drawn("12345678"[:candidates], pool, blueprint)
    result = check_papers(papers, pool, blueprint, LEVELS)
    assert isinstance(result, Distribution)
    assert result.easiest == result.hardest == result.mean
    assert sum(times for _item, times in result.used) == candidates * result.questions
    assert 0 <= result.least <= result.most <= candidates


@given(cases())
def test_what_two_papers_share_is_counted_pair_by_pair(case: tuple[list[PoolItem], list[Cell], int]) -> None:
    pool, blueprint, candidates = case
    papers = drawn("12345678"[:candidates], pool, blueprint)
    result = check_papers(papers, pool, blueprint, LEVELS)
    assert isinstance(result, Distribution)
    sets = [{one.item for one in paper} for paper in papers.values()]
    pairs = [len(a & b) for place, a in enumerate(sets) for b in sets[:place]]
    assert result.shared == (Fraction(sum(pairs), len(pairs)) if pairs else None)


@given(cases(), st.data())
def test_any_item_of_any_paper_that_is_replaced_by_another_cell_is_found(
    case: tuple[list[PoolItem], list[Cell], int], data: st.DataObject
) -> None:
    pool, blueprint, candidates = case
    papers = drawn("12345678"[:candidates], pool, blueprint)
    known = {item.item: item for item in pool}
    number = data.draw(st.sampled_from(sorted(papers)))
    place = data.draw(st.integers(0, len(papers[number]) - 1))
    old, new = known[papers[number][place].item], data.draw(st.sampled_from(pool))
    papers[number] = exchange(place, PaperItem(new.item, new.version, new.options))(papers[number])
    result = check_papers(papers, pool, blueprint, LEVELS)
    taken = [one.item for one in papers[number]]
    harmless = (new.topic, new.difficulty) == (old.topic, old.difficulty) and len(set(taken)) == len(taken)
    assert isinstance(result, Distribution) == harmless
    assert harmless or (isinstance(result, Fault) and result.number == number)
