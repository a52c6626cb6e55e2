"""Published seed + pool + blueprint + candidate number -> that candidate's paper; lots for interviews. Repeatable by a stranger.

**The stream of numbers.** A draw has a key: SHA-256 over the UTF-8 bytes of its lines joined by one line feed (U+000A), without one
at the end. The lines of a paper are `examsite/draw/v1`, the seed as 64 small hexadecimal digits, the candidate number, the part. The
lines of an order are `examsite/order/v1`, the seed, the label. Texts are in Unicode normal form C. Block i of the stream, i = 0, 1, 2,
..., is SHA-256 over the 32 bytes of the key followed by i as 8 bytes, most significant first. Each block gives one number x: its first
8 bytes, most significant first.

**A number below n** (n from 1 to 2**64). Take the next x of the stream. If x >= 2**64 - (2**64 mod n), drop it and take the next one;
otherwise the number is x mod n. So every number below n is equally likely. A number below 1 takes an x too.

**Picking k of a list**, the order counts (the first k steps of the shuffle of Fisher and Yates). For i = 0, 1, ..., k-1: j = i + a
number below (length - i); exchange the entries i and j. The first k entries are the pick. *Shuffling* is picking all.

**A paper.** Sort the pool by item id, by code points. One stream serves the whole paper, in this order:
1. for each cell of the blueprint in its order, pick `count` of the items with its topic and difficulty, starting from sorted order;
2. join the picks in the order of the cells and shuffle the whole;
3. for each item in the order of the paper, shuffle its options from stored order; an item with fixed options keeps them, and takes
   no number.

**An order** (interview lots). Sort the names by code points and shuffle.

Before the draw only `seed_commitment(seed)` is published: SHA-256 over the line `examsite/seed/v1`, a line feed, and the seed as
64 small hexadecimal digits. The seed is shown after the session closes. The shape follows RFC 3797, with SHA-256 for its MD5.
"""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from examsite.rules import canonical
from examsite.rules.refusal import Refused

PAPER_LABEL = "examsite/draw/v1"
ORDER_LABEL = "examsite/order/v1"
SEED_LABEL = "examsite/seed/v1"
SEED_BYTES = 32

_RANGE = 2**64

T = TypeVar("T")


@dataclass(frozen=True)
class PoolItem:
    """An approved item version as the draw sees it. `item` is its public id; `options` are option ids in stored order."""

    item: str
    version: int
    topic: str
    difficulty: str
    options: tuple[str, ...]
    fixed_options: bool = False


@dataclass(frozen=True)
class Cell:
    """One line of a blueprint: so many items of this topic and this difficulty."""

    topic: str
    difficulty: str
    count: int

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError(f"a cell asks for at least one item, not {self.count}")


@dataclass(frozen=True)
class PaperItem:
    """One item of a paper, with its option ids in the order in which this candidate sees them."""

    item: str
    version: int
    options: tuple[str, ...]


@dataclass(frozen=True)
class Shortage:
    """What a bank lacks: for a cell of the blueprint, or (`cell` None) for the part as a whole."""

    cell: Cell | None
    needed: int
    have: int


class BankTooSmall(Refused):
    """The pool cannot fill the blueprint; `shortages` says where and by how much."""

    def __init__(self, shortages: tuple[Shortage, ...]) -> None:
        super().__init__("drawing.bank_too_small", cells=len(shortages))
        self.shortages = shortages


class Stream:
    """The numbers of one draw, in order. `lines` as the text above says."""

    def __init__(self, *lines: str) -> None:
        if any("\n" in line for line in lines):
            raise ValueError("the lines of a draw hold no line feed")
        text = unicodedata.normalize("NFC", "\n".join(lines))
        self._key = hashlib.sha256(text.encode("utf-8")).digest()
        self._block = 0

    def below(self, n: int) -> int:
        """A whole number from 0 to n - 1, each equally likely. Raises ValueError unless 1 <= n <= 2**64."""
        if not 1 <= n <= _RANGE:
            raise ValueError(f"no number can be drawn below {n}")
        end = _RANGE - _RANGE % n
        while (number := self._next()) >= end:
            pass
        return number % n

    def pick(self, entries: Sequence[T], count: int) -> list[T]:
        """The first `count` places of a shuffle of `entries`. Raises ValueError if there are fewer."""
        if not 0 <= count <= len(entries):
            raise ValueError(f"{count} of {len(entries)} cannot be picked")
        deck = list(entries)
        for i in range(count):
            j = i + self.below(len(deck) - i)
            deck[i], deck[j] = deck[j], deck[i]
        return deck[:count]

    def shuffle(self, entries: Sequence[T]) -> list[T]:
        return self.pick(entries, len(entries))

    def _next(self) -> int:
        block = hashlib.sha256(self._key + self._block.to_bytes(8, "big")).digest()
        self._block += 1
        return int.from_bytes(block[:8], "big")


class Source:
    """A pool with its blueprint, checked and sorted once, so that thousands of papers can be drawn from it.

    The order of `pool` does not matter. Raises BankTooSmall with the exact shortages, ValueError for an item id that stands twice in the
    pool, a cell that stands twice in the blueprint, and an empty blueprint.
    """

    def __init__(self, pool: Iterable[PoolItem], blueprint: Sequence[Cell]) -> None:
        items = _sorted_pool(pool)
        _check_blueprint(blueprint)
        if lacking := shortage(items, blueprint, multiple=1):
            raise BankTooSmall(lacking)
        fitting: dict[tuple[str, str], list[PoolItem]] = {}
        for item in items:
            fitting.setdefault((item.topic, item.difficulty), []).append(item)
        self._cells = tuple((fitting[cell.topic, cell.difficulty], cell.count) for cell in blueprint)

    def paper(self, seed: bytes, number: str, part: str) -> tuple[PaperItem, ...]:
        """The paper of the candidate with this number in this part. Raises ValueError for a seed that has not 32 bytes."""
        stream = Stream(PAPER_LABEL, _seed_text(seed), number, part)
        picked: list[PoolItem] = []
        for fitting, count in self._cells:
            picked += stream.pick(fitting, count)
        return tuple(_shown(item, stream) for item in stream.shuffle(picked))


def draw_paper(seed: bytes, number: str, part: str, pool: Iterable[PoolItem], blueprint: Sequence[Cell]) -> tuple[PaperItem, ...]:
    """One paper; raises as `Source` and `Source.paper`."""
    return Source(pool, blueprint).paper(seed, number, part)


def shortage(pool: Iterable[PoolItem], blueprint: Sequence[Cell], multiple: int) -> tuple[Shortage, ...]:
    """What the approved items of a part's bank lack; empty when papers can be drawn.

    First the cells in their order, each against its own count; last the part, which needs `multiple` times the length of a paper
    (three times: Circular 6/2020/TT-BNV, article 19), counted over the whole bank of the part.
    """
    if multiple < 1:
        raise ValueError(f"a bank holds at least one paper, not {multiple}")
    items = list(pool)
    have = Counter((item.topic, item.difficulty) for item in items)
    lines = [Shortage(cell, cell.count, have[cell.topic, cell.difficulty]) for cell in blueprint]
    lines.append(Shortage(None, multiple * sum(cell.count for cell in blueprint), len(items)))
    return tuple(line for line in lines if line.have < line.needed)


def paper_digest(paper: Sequence[PaperItem]) -> str:
    """SHA-256 over the canonical bytes of the list of items in paper order, each with its fields item, options and version."""
    return canonical.digest(tuple(paper))


def pool_digest(pool: Iterable[PoolItem]) -> str:
    """SHA-256 over the canonical bytes of the pool sorted by item id: what is sealed with the seed, so that neither changes after."""
    return canonical.digest(_sorted_pool(pool))


def draw_order(seed: bytes, label: str, names: Iterable[str]) -> list[str]:
    """`names` in the order of the lots; `label` says what is drawn. Their order of input does not matter; a name given twice is refused."""
    entries = sorted(names)
    if len(set(entries)) != len(entries):
        raise ValueError("a name stands twice among the lots")
    return Stream(ORDER_LABEL, _seed_text(seed), label).shuffle(entries)


def seed_commitment(seed: bytes) -> str:
    """What is published of the seed at sealing, as 64 hexadecimal digits."""
    return canonical.digest_bytes(f"{SEED_LABEL}\n{_seed_text(seed)}".encode())


def _seed_text(seed: bytes) -> str:
    if len(seed) != SEED_BYTES:
        raise ValueError(f"a seed has {SEED_BYTES} bytes, this one has {len(seed)}")
    return seed.hex()


def _sorted_pool(pool: Iterable[PoolItem]) -> list[PoolItem]:
    items = sorted(pool, key=lambda item: item.item)
    if len({item.item for item in items}) != len(items):
        raise ValueError("an item stands twice in the pool")
    return items


def _check_blueprint(blueprint: Sequence[Cell]) -> None:
    if not blueprint:
        raise ValueError("a blueprint has at least one cell")
    if len({(cell.topic, cell.difficulty) for cell in blueprint}) != len(blueprint):
        raise ValueError("a cell stands twice in the blueprint")


def _shown(item: PoolItem, stream: Stream) -> PaperItem:
    options = item.options if item.fixed_options else tuple(stream.shuffle(item.options))
    return PaperItem(item.item, item.version, options)
