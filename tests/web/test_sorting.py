"""By which column a list is sorted: the word in the address, rows in memory, and the heads of a page."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import String, literal, select, union_all
from sqlalchemy.orm import Session

from examsite.sorting import Order, in_order, in_sql, ranked
from examsite.web.asked import asked_order
from tests.client import Browser
from tests.factories import appoint, make_campaign, make_position, make_staff

COLUMNS = ("name", "number")
ROWS = some.lists(some.tuples(some.none() | some.integers(0, 3), some.integers()), max_size=20)


@pytest.mark.parametrize(
    ("asked", "usual", "word", "carried", "towards"),
    [
        ("", "name", "name", None, ("-name", "number")),
        ("name", "name", "name", None, ("-name", "number")),
        ("-name", "name", "-name", "-name", (None, "number")),
        ("number", "name", "number", "number", (None, "-number")),
        ("-number", "name", "-number", "-number", (None, "number")),
        ("--number", "name", "name", None, ("-name", "number")),
        ("-", "name", "name", None, ("-name", "number")),
        ("NAME", "", "", None, ("name", "number")),
        ("1; drop table", "-number", "-number", None, ("name", "number")),
        ("number", "-number", "number", "number", ("name", None)),
    ],
)
def test_a_word_is_an_order_and_what_is_unknown_is_the_lists_own(
    one_app: Flask, asked: str, usual: str, word: str, carried: str | None, towards: tuple[str | None, str | None]
) -> None:
    with one_app.test_request_context("/", query_string={"sort": asked}):
        order = asked_order(COLUMNS, usual)
    assert (order.word, order.carried, tuple(order.towards(one) for one in COLUMNS)) == (word, carried, towards)


@given(ROWS, some.booleans())
def test_what_has_no_value_is_last_and_equals_stay_as_they_stood(rows: list[tuple[int | None, int]], descending: bool) -> None:
    found = in_order(rows, Order("first", descending), {"first": lambda row: row[0]})
    told = [row[0] for row in found if row[0] is not None]
    assert told == sorted(told, reverse=descending)
    assert [row[0] for row in found[len(told) :]] == [None] * (len(rows) - len(told))
    for value in {row[0] for row in rows}:
        assert [row for row in found if row[0] == value] == [row for row in rows if row[0] == value]
    assert in_order(rows, Order(), {"first": lambda row: row[0]}) == rows


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Order("value"), [3, 1, 2, 4]),
        (Order("value", descending=True), [1, 2, 3, 4]),
        (Order("rank"), [1, 2, 3, 4]),
        (Order("rank", descending=True), [4, 3, 1, 2]),
        (Order("else"), [1, 2, 3, 4]),
    ],
)
def test_the_database_sorts_alike(session: Session, order: Order, expected: list[int]) -> None:
    rows = [(1, "b"), (2, "b"), (3, "a"), (4, None)]
    table = union_all(*(select(literal(one).label("id"), literal(value, String).label("value")) for one, value in rows)).subquery()
    columns = {"value": table.c.value, "rank": ranked(table.c.value, ["b", "a"])}
    assert session.scalars(select(table.c.id).order_by(*in_sql(order, columns, table.c.id))).all() == expected


def test_heads_are_links_that_say_how_the_list_stands(session: Session, browse: Callable[..., Browser]) -> None:
    member = make_staff(session, "member")
    for title, quota in (("Đợt 10", 1), ("Đợt 2", 3), ("Ấn Độ", 3)):
        campaign = make_campaign(session, code=title.upper())
        campaign.title = title
        make_position(session, campaign, quota=quota)
        appoint(session, campaign, member, "panel")
    session.commit()
    browser = browse(member)

    def titles(word: str) -> list[str]:
        return re.findall(r"/campaigns/\S+\">(Đợt \d+|Ấn Độ)</a><div", browser.get(f"/campaigns?sort={word}").text)

    own = titles("")
    assert [titles(word) for word in ("title", "-title", "nonsense", "code")] == [
        ["Ấn Độ", "Đợt 2", "Đợt 10"], ["Đợt 10", "Đợt 2", "Ấn Độ"], own, ["Ấn Độ", "Đợt 2", "Đợt 10"],
    ]  # fmt: skip
    assert titles("-seats") == [one for one in own if one != "Đợt 10"] + ["Đợt 10"], "equals stand as in the list's own order"
    plain = browser.get("/campaigns", headers={"Accept-Language": "en"}).text
    assert "aria-sort" not in plain
    assert "Back to the usual order" not in plain
    page = browser.get("/campaigns?sort=-seats", headers={"Accept-Language": "en"}).text
    assert re.findall(r'aria-label="(\w+)"[^>]*aria-sort="(\w+)"', page) == [("Seats", "descending")]
    assert 'id="sort-seats" href="/campaigns?sort=seats#sorted">Seats' in page
    assert 'id="sort-title" href="/campaigns?sort=title#sorted">Campaign<span class="visually-hidden">, sort by this' in page
    assert "descending; turn it round" in page
    assert "Sorted by: Seats, descending" in page
