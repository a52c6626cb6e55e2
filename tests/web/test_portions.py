"""A long list a page at a time."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from examsite.portions import WHOLE, portion, stretch

SIZES = some.lists(some.integers(0, 9), max_size=30)


@pytest.mark.parametrize(
    ("page", "shown", "here"),
    [(1, [3, 4], 1), (2, [9], 2), (3, [2, 2], 3), (99, [2, 2], 3), (-1, [3, 4], 1), (WHOLE, [3, 4, 9, 2, 2], 0)],
)
def test_a_page_takes_what_fits_and_always_one(page: int, shown: list[int], here: int) -> None:
    found = portion([3, 4, 9, 2, 2], page, 7, size=int)
    assert (found.shown, found.page, found.pages) == (shown, here, 3)


@given(SIZES, some.integers(1, 12))
def test_the_pages_together_are_the_list(sizes: list[int], most: int) -> None:
    pages = portion(sizes, 1, most, size=int).pages
    parts = [portion(sizes, page, most, size=int) for page in range(1, pages + 1)]
    assert [one for part in parts for one in part.shown] == sizes
    assert [part.before for part in parts] == [sum(len(earlier.shown) for earlier in parts[:place]) for place in range(pages)]
    assert all(sum(part.shown) <= most or sum(size > 0 for size in part.shown) == 1 for part in parts)


@given(some.integers(0, 40), some.integers(-2, 50).filter(bool), some.integers(1, 12))
def test_what_the_database_cuts_is_the_same_page(total: int, page: int, most: int) -> None:
    here, cut = stretch(total, page, most), portion(range(total), page, most)
    assert (here.page, here.pages, here.before, here.total) == (cut.page, cut.pages, cut.before, total)
