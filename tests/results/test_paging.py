"""A long list a page at a time: every line on one page, no page overfull, the quota line once and in its place."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from examsite.results.paging import list_page

PASSED = 4


def section(title: str, count: int, inside: int = 0) -> dict[str, Any]:
    lines = [{"candidate_number": f"{title}{place}", "result": "inside" if place < inside else "outside"} for place in range(count)]
    return {"title": title, "quota": inside, "lines": lines}


@given(some.lists(some.integers(0, 25), min_size=1, max_size=4), some.integers(PASSED, 12))
def test_the_pages_together_are_the_list(counts: list[int], most: int) -> None:
    whole = [section(str(place), count, inside=count // 2) for place, count in enumerate(counts)]
    pages = list_page(whole, 1, most).pages
    shown = [piece for page in range(1, pages + 1) for piece in list_page(whole, page, most).shown]
    assert [line for piece in shown for line in piece["lines"]] == [line for one in whole for line in one["lines"]]
    assert all(len(piece["lines"]) <= most for piece in shown)
    for place, one in enumerate(whole, 1):
        mine = [piece for piece in shown if piece["place"] == place]
        assert [piece["start"] for piece in mine] == [sum(len(before["lines"]) for before in mine[:at]) for at in range(len(mine))]
        cuts = [piece["start"] + piece["cut"] for piece in mine if piece["cut"] in range(len(piece["lines"]))]
        assert cuts == ([one["quota"]] if 0 < one["quota"] < len(one["lines"]) else [])
    assert [piece["lines"] for piece in list_page(whole, 0, most).shown] == [one["lines"] for one in whole]


@pytest.mark.parametrize(("asked", "here", "lines"), [(1, 1, 67), (2, 2, 67), (3, 3, 66), (9, 3, 66), (0, 0, 200)])
def test_a_position_longer_than_a_page_goes_on_in_pieces_of_about_one_length(asked: int, here: int, lines: int) -> None:
    found = list_page([section("A", 200, inside=70), section("B", 2)], asked)
    assert (found.page, found.pages, len(found.shown[0]["lines"])) == (here, 3, lines)
    assert found.heads == [("A", 1, 1), ("B", 2, 3)]


def test_among_lines_that_do_not_stand_by_place_stands_no_quota_line() -> None:
    lines = [{"candidate_number": f"00{place}", "result": result} for place, result in enumerate(("outside", "inside", "outside"))]
    assert list_page([{"title": "A", "quota": 1, "lines": lines}], 1).shown[0]["cut"] is None


def test_among_lines_that_were_chosen_stands_no_quota_line() -> None:
    assert list_page([section("A", 9, inside=3)], 1, cuts=False).shown[0]["cut"] is None
