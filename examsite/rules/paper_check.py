"""Drawn papers + bank + blueprint -> whether each paper is what it should be, and how the papers compare.

Written against the draw, not with it: it knows nothing of seeds and streams, and looks only at what came out.

**Each paper**: as many questions as the blueprint asks for; no item twice; only items of the bank that the part and language draw from,
each in its approved version; all options of an item and no other, in stored order where the order is fixed; each cell of the blueprint
met exactly.

**All papers of a bank**: the expected difficulty of a paper is the mean weight of its items, where the lightest level of difficulty weighs
1 and each harder one 1 more. It may lie at most `BAND` from the mean of all papers. Papers that meet the same blueprint have the same
expected difficulty, so what is found should be no spread at all; it is computed all the same, from the papers.

Exposure is told, and refuses nothing: how often each item of the bank is used, and how many items two papers share on average.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from examsite.rules.drawing import Cell, PaperItem, PoolItem

BAND = Fraction(1, 10)
"""How far the expected difficulty of a paper may lie from the mean of all, in levels."""

Paper = Sequence[PaperItem]


@dataclass(frozen=True)
class Fault:
    """The first thing that is wrong with the paper of one candidate: a code, and the item that it is about where it is about one.

    Codes: paper.length, paper.twice, paper.foreign (not in the bank), paper.version, paper.options, paper.cell, paper.difficulty.
    """

    number: str
    code: str
    item: str = ""


@dataclass(frozen=True)
class Distribution:
    """How the papers of one bank compare. `used` holds each item of the bank with how many papers have it, by item id.

    `easiest`, `mean` and `hardest` are expected difficulties; `shared` is how many items two papers have in common, on average over all
    pairs, None for fewer than two papers.
    """

    papers: int
    questions: int
    easiest: Fraction
    mean: Fraction
    hardest: Fraction
    shared: Fraction | None
    used: tuple[tuple[str, int], ...]

    @property
    def least(self) -> int:
        """How many papers have the item that is used least."""
        return min(times for _item, times in self.used)

    @property
    def most(self) -> int:
        """How many papers have the item that is used most."""
        return max(times for _item, times in self.used)

    @property
    def unused(self) -> int:
        """How many items of the bank are in no paper."""
        return sum(times == 0 for _item, times in self.used)


def check_papers(
    papers: Mapping[str, Paper], pool: Sequence[PoolItem], blueprint: Sequence[Cell], levels: Sequence[str]
) -> Distribution | Fault:
    """Check the papers of one bank, by candidate number; how they compare, or the first fault in the order of the candidates.

    `levels` names the levels of difficulty from the lightest on. Raises ValueError for no papers at all, and KeyError for an item of the
    bank whose level is not among them.
    """
    if not papers:
        raise ValueError("there are no papers to check")
    bank = {item.item: item for item in pool}
    wanted = Counter({(cell.topic, cell.difficulty): cell.count for cell in blueprint})
    for number, paper in papers.items():
        if fault := _fault(number, paper, bank, wanted):
            return fault
    weights = {level: weight for weight, level in enumerate(levels, start=1)}
    expected = {number: _expected(paper, bank, weights) for number, paper in papers.items()}
    mean = sum(expected.values(), Fraction(0)) / len(expected)
    for number, difficulty in expected.items():
        if abs(difficulty - mean) > BAND:
            return Fault(number, "paper.difficulty")
    return _distribution(papers, bank, expected, mean)


def _fault(number: str, paper: Paper, bank: Mapping[str, PoolItem], wanted: Counter[tuple[str, str]]) -> Fault | None:
    if len(paper) != wanted.total():
        return Fault(number, "paper.length")
    seen: set[str] = set()
    for one in paper:
        if code := _item_fault(one, bank.get(one.item), seen):
            return Fault(number, code, one.item)
        seen.add(one.item)
    cells = Counter((bank[one.item].topic, bank[one.item].difficulty) for one in paper)
    return None if cells == wanted else Fault(number, "paper.cell")


def _item_fault(one: PaperItem, known: PoolItem | None, seen: set[str]) -> str | None:
    if known is None:
        return "paper.foreign"
    if one.item in seen:
        return "paper.twice"
    if one.version != known.version:
        return "paper.version"
    whole = one.options == known.options if known.fixed_options else sorted(one.options) == sorted(known.options)
    return None if whole else "paper.options"


def _expected(paper: Paper, bank: Mapping[str, PoolItem], weights: Mapping[str, int]) -> Fraction:
    return Fraction(sum(weights[bank[one.item].difficulty] for one in paper), len(paper))


def _distribution(
    papers: Mapping[str, Paper], bank: Mapping[str, PoolItem], expected: Mapping[str, Fraction], mean: Fraction
) -> Distribution:
    times = Counter(one.item for paper in papers.values() for one in paper)
    return Distribution(
        papers=len(papers),
        questions=len(next(iter(papers.values()))),
        easiest=min(expected.values()),
        mean=mean,
        hardest=max(expected.values()),
        shared=_shared(times, len(papers)),
        used=tuple((item, times[item]) for item in sorted(bank)),
    )


def _shared(times: Mapping[str, int], papers: int) -> Fraction | None:
    """An item in n papers is shared by n (n - 1) / 2 of the pairs."""
    if papers < 2:
        return None
    return Fraction(sum(n * (n - 1) for n in times.values()), papers * (papers - 1))
