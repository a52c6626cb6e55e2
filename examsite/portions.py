"""A long list a page at a time: cut in memory, or counted and cut by the database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
WHOLE = 0
"""The page that is the whole of a list in memory, for print and for whoever searches by the browser."""


@dataclass(frozen=True, slots=True)
class Portion(Generic[T]):
    """The things of one page; `before` of them stand on earlier pages, and `page_of` says the page of each of all."""

    shown: Sequence[T]
    before: int
    page: int
    page_of: Sequence[int]

    @property
    def pages(self) -> int:
        """How many pages there are; one also where there is nothing."""
        return max(self.page_of, default=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where a page begins in a list of `total` that the database cuts: `before` rows stand on earlier pages."""

    total: int
    before: int
    page: int
    pages: int


FIRST = Stretch(0, 0, 1, 1)
"""The first page of a list that nobody counted."""


def portion(things: Sequence[T], page: int, most: int, size: Callable[[T], int] = lambda _thing: 1) -> Portion[T]:
    """The things of this page (the nearest one there is): a page takes things while their sizes come to `most`, and always one."""
    page_of = _paged([size(thing) for thing in things], most)
    if page == WHOLE:
        return Portion(things, 0, WHOLE, page_of)
    here = min(max(1, page), max(page_of, default=1))
    shown = [thing for thing, its_page in zip(things, page_of, strict=True) if its_page == here]
    return Portion(shown, sum(its_page < here for its_page in page_of), here, page_of)


def stretch(total: int, page: int, most: int) -> Stretch:
    """This page (the nearest one there is) of a list of which `most` rows fit on a page."""
    pages = max(1, -(-total // most))
    here = min(max(1, page), pages)
    return Stretch(total, (here - 1) * most, here, pages)


def _paged(sizes: Sequence[int], most: int) -> list[int]:
    pages: list[int] = []
    page, taken = 1, 0
    for size in sizes:
        if taken and taken + size > most:
            page, taken = page + 1, 0
        pages.append(page)
        taken += size
    return pages
