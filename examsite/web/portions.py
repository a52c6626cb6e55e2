"""A long list a page at a time; page 0 is the whole of it, for print and for whoever searches by the browser."""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

from examsite.sorting import Order

T = TypeVar("T")
WHOLE = 0


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


def portion(things: Sequence[T], page: int, most: int, size: Callable[[T], int] = lambda _thing: 1) -> Portion[T]:
    """The things of this page (the nearest one there is): a page takes things while their sizes come to `most`, and always one."""
    page_of = _paged([size(thing) for thing in things], most)
    if page == WHOLE:
        return Portion(things, 0, WHOLE, page_of)
    here = min(max(1, page), max(page_of, default=1))
    shown = [thing for thing, its_page in zip(things, page_of, strict=True) if its_page == here]
    return Portion(shown, sum(its_page < here for its_page in page_of), here, page_of)


def asked_page() -> int:
    """The page that the address names; the first where it names none."""
    return request.args.get("page", 1, int)


def asked_order(known: Container[str], usual: str = "") -> Order:
    """By which of these columns the address asks to sort; the list's own order where it names none of them."""
    return Order.of(request.args.get("sort", ""), known, usual)


def _paged(sizes: Sequence[int], most: int) -> list[int]:
    pages: list[int] = []
    page, taken = 1, 0
    for size in sizes:
        if taken and taken + size > most:
            page, taken = page + 1, 0
        pages.append(page)
        taken += size
    return pages
