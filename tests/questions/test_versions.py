"""Versions of an item: one open at a time, frozen by review, superseded on approval, and what changed between two of them."""

from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.campaigns.models import Campaign
from examsite.campaigns.roles import role_of
from examsite.db import open_session
from examsite.questions import difference, queries
from examsite.questions.difference import Part
from examsite.questions.models import Item, ItemOption, ItemVersion
from examsite.questions.operations import reviewing, writing
from examsite.questions.writing import Choice, Written
from examsite.rules.refusal import Conflict, NotPermitted, Refused
from tests.client import Browser
from tests.databases import Copy
from tests.factories import appoint, make_campaign, make_item, make_staff
from tests.questions.conftest import Cast
from tests.questions.typed import form, wording
from tests.races import DONE, at_once

Browse = Callable[..., Browser]


@pytest.fixture
def item(session: Session, cast: Cast, now: datetime) -> Item:
    """An item of the author, approved by the reviewer."""
    role = cast.role(session, cast.author)
    found = writing.write_item(session, role, "general", None, wording(), now)
    writing.submit(session, role, found.versions[0], now)
    reviewing.approve(session, cast.role(session, cast.reviewer), found.versions[0], now)
    session.commit()
    session.expire_all()
    return found


def test_a_new_version_replaces_the_old_one_only_when_approved(session: Session, cast: Cast, item: Item, now: datetime) -> None:
    role = cast.role(session, cast.author)
    second = writing.write_version(session, role, item, wording(difficulty="hard"), now)
    assert (second.number, second.state) == (2, "draft")
    writing.submit(session, role, second, now)
    assert [found.version for found in queries.pool(session, cast.campaign, "general", None)] == [1]
    reviewing.approve(session, cast.role(session, cast.head), second, now)
    session.expire_all()
    assert [version.state for version in item.versions] == ["superseded", "approved"]
    assert [(found.version, found.difficulty) for found in queries.pool(session, cast.campaign, "general", None)] == [(2, "hard")]


def test_a_returned_version_leaves_the_approved_one_in_use(session: Session, cast: Cast, item: Item, now: datetime) -> None:
    role = cast.role(session, cast.author)
    second = writing.write_version(session, role, item, wording(difficulty="hard"), now)
    writing.submit(session, role, second, now)
    reviewing.send_back(session, cast.role(session, cast.head), second, "Too hard.", now)
    session.expire_all()
    assert [version.state for version in item.versions] == ["approved", "returned"]
    assert writing.write_version(session, role, item, wording(), now).number == 3


def test_only_one_version_is_open_at_a_time(session: Session, cast: Cast, item: Item, now: datetime) -> None:
    writing.write_version(session, cast.role(session, cast.author), item, wording(), now)
    with pytest.raises(Conflict, match="version_open"):
        writing.write_version(session, cast.role(session, cast.reviewer), item, wording(), now)


def test_a_retired_item_takes_no_version(session: Session, cast: Cast, item: Item, now: datetime) -> None:
    writing.retire(session, cast.role(session, cast.head), item, "Out of date.", now)
    session.refresh(item)
    with pytest.raises(Refused, match="item_retired"):
        writing.write_version(session, cast.role(session, cast.author), item, wording(), now)


def test_option_ids_live_on_where_the_option_does(session: Session, cast: Cast, item: Item, now: datetime) -> None:
    blue, green, red, black = item.versions[0].options
    options = (Choice("black", False), Choice("sky blue", True, blue.option_id), Choice("violet"), Choice("green"))
    second = writing.write_version(
        session, cast.role(session, cast.author), item, Written("nature", "easy", "<p>Which?</p>", options, ""), now
    )
    ids = [option.option_id for option in second.options]
    assert (ids[0], ids[1], ids[3]) == (black.option_id, blue.option_id, green.option_id)
    assert ids[2] not in {blue.option_id, green.option_id, red.option_id, black.option_id}


def test_the_author_takes_a_version_back_and_the_head_that_of_one_who_is_gone(
    session: Session, cast: Cast, item: Item, now: datetime
) -> None:
    author = cast.role(session, cast.author)
    second = writing.write_version(session, author, item, wording(), now)
    writing.submit(session, author, second, now)
    with pytest.raises(NotPermitted):
        writing.withdraw(session, cast.role(session, cast.reviewer), second, now)
    writing.withdraw(session, author, second, now)
    session.refresh(second)
    assert (second.state, second.reviewer_id) == ("returned", None)
    with pytest.raises(Conflict, match="not_open"):
        writing.withdraw(session, author, second, now)
    session.refresh(item, ["versions"])
    third = writing.write_version(session, author, item, wording(), now)
    writing.withdraw(session, cast.role(session, cast.head), third, now)
    session.refresh(third)
    assert third.state == "returned"


def test_the_page_writes_a_new_version_and_shows_what_changed(session: Session, browse: Browse, cast: Cast, item: Item) -> None:
    ids = tuple(option.option_id for option in item.versions[0].options)
    author, address = browse(cast.author), f"{cast.address}/{item.public_id}"
    assert "phiên bản 2" in author.get(f"{address}/edit").text
    typed = form("Which colour is the clear sky?", ("blue", "green", "red", "grey"), ids=ids, submit="1")
    assert author.post(f"{address}/edit", typed).status_code == 303
    page = browse(cast.reviewer).get(address).text
    assert "<ins>clear " in page
    assert "<del>black</del><ins>grey</ins>" in page
    assert author.get(f"{address}/edit").status_code == 409
    session.expire_all()
    assert [option.option_id for option in item.versions[1].options] == list(ids)


def test_sending_the_same_form_twice_leaves_one_draft(session: Session, browse: Browse, cast: Cast, item: Item) -> None:
    author, address = browse(cast.author), f"{cast.address}/{item.public_id}/edit"
    for _ in range(2):
        assert author.post(address, form("Which?", draft="1")).status_code == 303
    session.expire_all()
    assert [version.state for version in item.versions] == ["approved", "draft"]


def _version(stem: str, options: list[tuple[str, str, bool]], **fields: str) -> ItemVersion:
    plain = {"topic": "law", "difficulty": "easy", "basis": ""} | fields
    rows = [ItemOption(number=place, option_id=name, text=text, is_key=key) for place, (name, text, key) in enumerate(options)]
    return ItemVersion(number=1, stem=stem, options=rows, **plain)


OLD = _version("<p>One two three</p>", [("a", "yes", True), ("b", "no", False)])


@pytest.mark.parametrize(
    ("new", "whats"),
    [
        (_version("<p>One two three</p>", [("a", "yes", True), ("b", "no", False)]), []),
        (_version("<p>One 2 three</p>", [("a", "yes", True), ("b", "no", False)]), ["stem"]),
        (_version("<p>One <b>two</b> three</p>", [("a", "yes", True), ("b", "no", False)]), ["stem"]),
        (_version("<p>One two three</p>", [("a", "yes", False), ("b", "no", True)]), ["key"]),
        (_version("<p>One two three</p>", [("a", "yes", True), ("b", "no", False), ("c", "perhaps", False)]), ["option"]),
        (_version("<p>One two three</p>", [("a", "yes", True)]), ["option"]),
        (_version("<p>One two three</p>", [("b", "no", False), ("a", "yes", True)]), ["options"]),
        (
            _version("<p>One two three</p>", [("a", "yes", True), ("b", "no", False)], topic="facts", difficulty="hard"),
            ["topic", "difficulty"],
        ),
        (_version("<p>One two three</p>", [("a", "yes", True), ("b", "no", False)], basis="<p>Article 1</p>"), ["basis"]),
    ],
)
def test_each_field_that_changed_is_named(new: ItemVersion, whats: list[str]) -> None:
    assert [change.what for change in difference.between(OLD, new)] == whats


def test_words_are_laid_over_each_other() -> None:
    pieces = [(piece.part, piece.text) for piece in difference.words("Điều 3, khoản 1.", "Điều 4, khoản 1.")]
    assert pieces == [(Part.SAME, "Điều "), (Part.GONE, "3"), (Part.NEW, "4"), (Part.SAME, ", khoản 1.")]


def test_neighbouring_changes_are_read_as_one() -> None:
    pieces = [(piece.part, piece.text) for piece in difference.words("cho hộ gia đình?", "cho cá nhân?")]
    assert pieces == [(Part.SAME, "cho "), (Part.GONE, "hộ gia đình"), (Part.NEW, "cá nhân"), (Part.SAME, "?")]


@given(st.text(alphabet="ab .,", max_size=12), st.text(alphabet="ab .,", max_size=12))
def test_both_texts_can_be_read_out_of_their_difference(old: str, new: str) -> None:
    pieces = difference.words(old, new)
    assert "".join(piece.text for piece in pieces if piece.part is not Part.NEW) == old
    assert "".join(piece.text for piece in pieces if piece.part is not Part.GONE) == new


def test_of_two_authors_at_once_one_begins_the_version(own_database: Copy, now: datetime) -> None:
    with open_session(own_database.engine) as session:
        campaign = make_campaign(session)
        authors = [make_staff(session, name) for name in ("one", "two")]
        for author in authors:
            appoint(session, campaign, author, "question")
        found = make_item(session, campaign)
        session.commit()
        found_id = found.id

    def acting(author: Account) -> Callable[[Session, Item], object]:
        def act(session: Session, item: Item) -> None:
            role = role_of(session, session.get_one(Account, author.id), session.get_one(Campaign, campaign.id))
            writing.write_version(session, role, item, wording(), now)

        return act

    outcomes = at_once(own_database, lambda session: session.get_one(Item, found_id), *map(acting, authors))
    assert sorted(outcomes) == [DONE, "questions.version_open"]
