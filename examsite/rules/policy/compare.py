"""Two rule sets beside each other, value by value."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from examsite.rules.policy.change import FIXED
from examsite.rules.policy.entries import RuleEntry, Words
from examsite.rules.policy.explain import Chapter, Row, explain

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pair:
    """One key in both sets; None where a set has no such value."""

    key: str
    left: Row | None
    right: Row | None

    @property
    def row(self) -> Row:
        """The row that says what the key is about: of the left set, where it has one."""
        row = self.left or self.right
        if row is None:
            raise ValueError(self.key)
        return row

    @property
    def differs(self) -> bool:
        """Whether the two sets say something else."""
        return self.left is None or self.right is None or self.left.value != self.right.value

    @property
    def other_text(self) -> bool:
        """Whether they say the same for another reason: another article, or another certainty."""
        if self.differs or self.left is None or self.right is None:
            return False
        return (self.left.article, self.left.status) != (self.right.article, self.right.status)


@dataclass(frozen=True, slots=True)
class Lone:
    """One thing that only one of the sets has, such as a part: all its values together; `head` is the row with its name."""

    head: Row
    rows: tuple[Row, ...]
    on_left: bool


@dataclass(frozen=True, slots=True)
class PairedChapter:
    title: Words
    pairs: tuple[Pair, ...]

    def lines(self, *, whole: bool) -> tuple[Pair | Lone, ...]:
        """What a page shows: every value or only what differs, the values of a thing that one set alone has gathered under its name."""
        things: dict[str, list[Pair]] = {}
        for pair in self.pairs:
            if whole or pair.differs:
                things.setdefault(_thing(pair.key), []).append(pair)
        found: list[Pair | Lone] = []
        for thing, pairs in things.items():
            lone = _lone(thing, pairs)
            if lone and not (lone.rows or whole):
                continue  # a mere name: the list that names it differs too, and says so
            found += [lone] if lone else pairs
        return tuple(found)


def compare(left: Sequence[RuleEntry], right: Sequence[RuleEntry]) -> tuple[PairedChapter, ...]:
    """Every value of both sets under its chapter, in the order of the left set; what only the right one has stands where it has it.

    Values are compared as they are told, in words; the values that name a set are left out.
    """
    ours, theirs = explain(left), explain(right)
    titles = _merged([chapter.title for chapter in ours], [chapter.title for chapter in theirs])
    paired = (PairedChapter(title, _pairs(_rows(ours, title), _rows(theirs, title))) for title in titles)
    return tuple(chapter for chapter in paired if chapter.pairs)


def _rows(chapters: Sequence[Chapter], title: Words) -> dict[str, Row]:
    return {row.key: row for chapter in chapters if chapter.title == title for row in chapter.rows if row.key not in FIXED}


def _pairs(ours: dict[str, Row], theirs: dict[str, Row]) -> tuple[Pair, ...]:
    return tuple(Pair(key, ours.get(key), theirs.get(key)) for key in _merged(list(ours), list(theirs)))


def _merged(ours: Sequence[T], theirs: Sequence[T]) -> list[T]:
    """All items once: ours in order, each that only they have behind the one it follows with them."""
    found, place = list(ours), 0
    for item in theirs:
        if item in found:
            place = max(place, found.index(item) + 1)
        else:
            found.insert(place, item)
            place += 1
    return found


def _thing(key: str) -> str:
    """What a key is about: `parts.general` of `parts.general.minutes`; the key itself where it is about no named thing."""
    return ".".join(key.split(".")[:2])


def _lone(thing: str, pairs: Sequence[Pair]) -> Lone | None:
    heads = [pair for pair in pairs if pair.key == f"{thing}.name"]
    left = all(pair.right is None for pair in pairs)
    if not heads or not (left or all(pair.left is None for pair in pairs)):
        return None
    return Lone(heads[0].row, tuple(pair.row for pair in pairs if pair is not heads[0]), left)
