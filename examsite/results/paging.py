"""A list of positions a page at a time: a position with more lines than a page takes goes on over several."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from examsite.portions import WHOLE, portion
from examsite.results.contents import Section, cut_at

MOST_LINES = 100
_HEAD = 3
"""How many lines the head of a position is worth."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list; page 0 is the whole of it.

    A piece of `shown` is a section with the lines of this page alone, and besides: `place` (its position counts from 1), `start` (how many
    lines stand before), `cut` (before which of these lines the quota line stands, or None), and `every`, the lines of the whole position.
    `heads` are title, place and page of each position that has a title.
    """

    shown: Sequence[Section]
    page: int
    pages: int
    heads: Sequence[tuple[str, int, int]]


def list_page(sections: Sequence[Section], page: int, most: int = MOST_LINES, *, cuts: bool = True) -> ListPage:
    """The page of this number, or the nearest there is. `cuts=False`: the lines are a choice, so that no quota line stands among them."""
    if not cuts:
        sections = [{**section, "quota_line": False} for section in sections]
    pieces = [piece for place, section in enumerate(sections, 1) for piece in _pieces(section, place, most - _HEAD)]
    part = portion(pieces, page, most, _size)
    heads = [
        (piece["title"], piece["place"], its_page)
        for piece, its_page in zip(pieces, part.page_of, strict=True)
        if piece["start"] == 0 and piece.get("title")
    ]
    whole = [_piece(section, place, 0, len(section["lines"]), _cut(section)) for place, section in enumerate(sections, 1)]
    return ListPage(whole if part.page == WHOLE else part.shown, part.page, part.pages, heads)


def _pieces(section: Section, place: int, most: int) -> Iterator[Section]:
    """Pieces of about the same length, so that no page is left with a line or two."""
    count, cut = len(section["lines"]), _cut(section)
    length = -(-count // max(1, -(-count // most))) or 1
    for start in range(0, max(1, count), length):
        yield _piece(section, place, start, length, cut)


def _cut(section: Section) -> int | None:
    return cut_at(section) if section.get("quota_line", True) else None


def _piece(section: Section, place: int, start: int, length: int, cut: int | None) -> dict[str, Any]:
    every = section["lines"]
    return {
        **section,
        "lines": every[start : start + length],
        "every": every,
        "place": place,
        "start": start,
        "cut": None if cut is None else cut - start,
    }


def _size(piece: Section) -> int:
    return len(piece["lines"]) + _HEAD
