"""Searching the bank: words without marks, every condition alone and together, pages, and a steady number of queries."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from examsite.questions.models import Item
from examsite.questions.operations import writing
from examsite.questions.queries import items as queries
from examsite.questions.queries.banks import bank_of
from examsite.sorting import Order
from examsite.vietnamese import name_sort_key
from tests.client import Browser
from tests.factories import CREATED, make_campaign, make_item
from tests.questions.conftest import Cast
from tests.questions.typed import wording

Browse = Callable[..., Browser]


@pytest.fixture
def bank(session: Session, cast: Cast) -> dict[str, Item]:
    """Six items, each different in one thing that can be searched for."""
    campaign = cast.campaign
    found = {
        "hanoi": make_item(session, campaign, stem="Thủ đô Hà Nội được mở rộng năm nào?", topic="địa lý"),
        "law": make_item(session, campaign, stem="Điều 3 quy định gì?", difficulty="hard", author=cast.author),
        "english": make_item(session, campaign, "language", language="en", stem="Choose the verb."),
        "french": make_item(session, campaign, "language", language="fr", stem="Choisissez le verbe."),
        "waiting": make_item(session, campaign, stem="100% of what?", approved=False),
        "retired": make_item(session, campaign, stem="Out of date?"),
    }
    found["retired"].retired_at = CREATED
    found["law"].name = "gk-law-007"
    make_item(session, make_campaign(session, code="ELSE"), stem="Hà Nội elsewhere")
    session.commit()
    return found


def _found(session: Session, cast: Cast, bank: dict[str, Item], wanted: queries.ItemFilter) -> set[str]:
    names = {item.id: name for name, item in bank.items()}
    return {names[item.id] for item, _version in queries.search(session, cast.campaign, wanted).rows}


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({}, {"hanoi", "law", "english", "french", "waiting"}),
        ({"text": "ha noi"}, {"hanoi"}),
        ({"text": "  THU DO  HÀ nội "}, {"hanoi"}),
        ({"text": "dieu 3"}, {"law"}),
        ({"text": "GK-LAW"}, {"law"}),
        ({"text": "3"}, {"law", "english"}),
        ({"text": "100%"}, {"waiting"}),
        ({"text": "%"}, {"waiting"}),
        ({"text": "_"}, set()),
        ({"topic": "địa lý"}, {"hanoi"}),
        ({"difficulty": "hard"}, {"law"}),
        ({"state": "approved"}, {"hanoi", "law", "english", "french"}),
        ({"state": "in_review"}, {"waiting"}),
        ({"state": "draft"}, set()),
        ({"state": "retired"}, {"retired"}),
        ({"text": "ha noi", "difficulty": "hard"}, set()),
    ],
)
def test_each_condition_narrows(session: Session, cast: Cast, bank: dict[str, Item], wanted: dict[str, str], names: set[str]) -> None:
    assert _found(session, cast, bank, queries.ItemFilter(**wanted)) == names


def test_part_language_and_author_narrow(session: Session, cast: Cast, bank: dict[str, Item]) -> None:
    french = bank_of(cast.campaign, "language", "fr")
    assert _found(session, cast, bank, queries.ItemFilter(bank=french)) == {"french"}
    assert _found(session, cast, bank, queries.ItemFilter(author=cast.author.public_id)) == {"law"}
    assert _found(session, cast, bank, queries.ItemFilter(author="nobody")) == set()


def test_the_newest_version_is_searched_and_the_approved_one_is_named(session: Session, cast: Cast, now: datetime) -> None:
    item = make_item(session, cast.campaign, stem="Old words")
    writing.write_version(session, cast.role(session, cast.author), item, wording("<p>New words</p>"), now)
    page = queries.search(session, cast.campaign, queries.ItemFilter(text="new words"))
    assert [(found.id, version.number) for found, version in page.rows] == [(item.id, 2)]
    assert page.approved == {item.id: 1}
    assert queries.search(session, cast.campaign, queries.ItemFilter(text="old words")).total == 0
    assert queries.search(session, cast.campaign, queries.ItemFilter(state="approved")).total == 1


@pytest.mark.parametrize(("page", "shown", "rows"), [(1, 1, 25), (2, 2, 2), (9, 2, 2), (0, 1, 25), (-3, 1, 25)])
def test_pages_hold_twenty_five_and_never_run_out(session: Session, cast: Cast, page: int, shown: int, rows: int) -> None:
    for _ in range(27):
        make_item(session, cast.campaign)
    found = queries.search(session, cast.campaign, queries.ItemFilter(), page)
    assert (found.page, found.pages, found.total, len(found.rows)) == (shown, 2, 27, rows)
    numbers = [item.number for item, _ in found.rows]
    assert numbers == sorted(numbers, reverse=True)


def test_columns_sort_in_the_order_of_their_words(session: Session, cast: Cast, bank: dict[str, Item]) -> None:
    bank["english"].versions[0].topic = "Ẩm thực"
    bank["french"].versions[0].topic = "ăn mặc"
    session.flush()
    names = {item.id: name for name, item in bank.items()}

    def sorted_by(word: str) -> list[str]:
        order = Order.of(word, queries.SORTS, "-number")
        found = queries.search(session, cast.campaign, queries.ItemFilter(), order=order)
        return [names[item.id] for item, _version in found.rows]

    assert sorted_by("") == ["waiting", "french", "english", "law", "hanoi"]
    assert [one for one in sorted_by("topic") if one in ("english", "french", "hanoi")] == ["french", "english", "hanoi"]
    assert (sorted_by("-difficulty")[0], sorted_by("state")[0]) == ("law", "waiting")
    assert sorted_by("author") == sorted(sorted_by(""), key=lambda name: name_sort_key(bank[name].versions[0].author.display_name))


def test_the_page_lists_what_matches_and_keeps_the_conditions(session: Session, browse: Browse, cast: Cast) -> None:
    for number in range(30):
        make_item(session, cast.campaign, stem=f"Câu về đất đai {number}?", topic="đất đai")
    make_item(session, cast.campaign, stem="Something else?")
    session.commit()
    page = browse(cast.author).get(f"{cast.address}?text=dat+dai&topic=%C4%91%E1%BA%A5t+%C4%91ai").text
    assert "Tìm thấy 30 câu hỏi" in page
    assert "Something else?" not in page
    assert "page=2&amp;text=dat+dai" in page
    assert "Trang 1 trên 2" in page
    turned = browse(cast.author).get(f"{cast.address}?text=dat+dai&sort=number").text
    assert ("đất đai 0?" in turned, "đất đai 29?" in turned) == (True, False)
    assert "page=2&amp;text=dat+dai&amp;sort=number" in turned
    assert 'type="hidden" name="sort" value="number"' in turned
    empty = browse(cast.author).get(f"{cast.address}?text=khong-co").text
    assert "Không có câu hỏi nào phù hợp" in empty


def test_nonsense_in_the_address_is_no_fault(browse: Browse, cast: Cast) -> None:
    answer = browse(cast.author).get(f"{cast.address}?page=x&bank=nothing&state=%27&difficulty=--&author=1")
    assert answer.status_code == 200


def test_drafts_of_the_reader_come_first(session: Session, browse: Browse, cast: Cast, now: datetime) -> None:
    writing.write_item(session, cast.role(session, cast.author), "general", None, wording("<p>Mine alone?</p>"), now)
    session.commit()
    assert "Anh/chị cần làm tiếp" in browse(cast.author).get(cast.address).text
    assert "Anh/chị cần làm tiếp" not in browse(cast.reviewer).get(cast.address).text


def test_a_list_of_three_asks_no_more_than_a_list_of_one(session: Session, cast: Cast) -> None:
    statements: list[str] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *args: statements.append(args[2]))

    def asked() -> int:
        session.flush()
        session.expire_all()
        _ = cast.campaign.id
        statements.clear()
        for _item, version in queries.search(session, cast.campaign, queries.ItemFilter()).rows:
            assert version.author.display_name
        return len(statements)

    make_item(session, cast.campaign)
    one = asked()
    make_item(session, cast.campaign)
    make_item(session, cast.campaign, author=cast.author)
    assert asked() == one
