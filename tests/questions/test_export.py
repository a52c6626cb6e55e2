"""Questions as a file: who may, what is told before, what the log keeps, and the way back in."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite import sheets
from examsite.audit.models import LogEntry
from examsite.questions.intake import Source, sort_out
from examsite.questions.models import Item, ItemImage
from examsite.questions.operations.exporting import send_out
from examsite.questions.queries.banks import bank_of
from examsite.questions.queries.items import ItemFilter
from examsite.questions.queries.outgoing import to_send
from examsite.questions.writing import checked
from examsite.rules.refusal import NotPermitted, Refused
from tests.client import Browser
from tests.factories import make_item
from tests.questions.conftest import Cast

Browse = Callable[..., Browser]
ENGLISH = {"Accept-Language": "en"}


def picture(item: Item) -> ItemImage:
    facts = {"number": 1, "alt": "Sơ đồ", "media_type": "image/png", "width": 1, "height": 1, "digest": "0" * 64, "content": b"x"}
    return ItemImage(version_id=item.versions[0].id, **facts)


@pytest.fixture
def bank(session: Session, cast: Cast) -> list[Item]:
    people = {"author": cast.author, "reviewer": cast.reviewer}
    items = [
        make_item(session, cast.campaign, topic="Luật", stem="=SUM(A1) là gì?", options=("=1+1", "một", "@x", "{~}"), **people),
        make_item(session, cast.campaign, topic="Hiến pháp", stem="Có hình?", **people),
        make_item(session, cast.campaign, "language", topic="Verbs", language="en", stem="He ... ?", approved=False, **people),
    ]
    session.add(picture(items[1]))
    session.commit()
    return items


@pytest.mark.usefixtures("bank")
@pytest.mark.parametrize(("chosen", "ending"), [("xlsx", "xlsx"), ("gift", "gift")])
def test_what_the_filter_shows_leaves_and_comes_back(session: Session, cast: Cast, browse: Browse, chosen: str, ending: str) -> None:
    browser, address = browse(cast.author), f"{cast.address}/export?bank=general"
    assert f"{cast.address}/export?bank=general" in browser.get(f"{cast.address}?bank=general").text
    page = browser.get(address, headers=ENGLISH).text
    assert "1 pictures below the question are left out" in page
    answer = browser.post(address, {"format": chosen})
    assert answer.status_code == 200
    name = answer.headers["Content-Disposition"]
    assert name.startswith('attachment; filename="BANK-1-general-20')
    assert name.endswith(f'.{ending}"')
    bank = bank_of(cast.campaign, "general", None)
    found = sort_out(Source(bank, "x", answer.data), {})
    written = [checked(item.written) for _version, item in to_send(session, cast.campaign, ItemFilter(bank=bank))]
    assert ([one.written for one in found.ready], found.rejected) == (written, ())
    assert "Câu 2: 1 hình dưới câu hỏi không được đưa vào tệp" in (answer.text if chosen == "gift" else words(answer.data))


def words(data: bytes) -> str:
    book = sheets.read(data)
    assert not any(cell.formula for sheet in book.sheets for cell in sheet.cells)
    return "\n".join(cell.text for cell in book.sheets[-1].cells)


@pytest.mark.usefixtures("bank")
def test_each_time_stands_in_the_log_without_a_word_of_a_question(session: Session, cast: Cast, now: datetime) -> None:
    items = send_out(session, cast.role(session, cast.head), ItemFilter(topic="Luật"), "gift", now)
    assert [item.number for item in items] == [1]
    entry = session.scalars(select(LogEntry).where(LogEntry.kind == "questions:items:exported")).one()
    assert entry.content is not None
    assert '"items":1' in entry.content
    assert '"filter":{"topic":"Luật"}' in entry.content
    assert "SUM" not in entry.content


@pytest.mark.usefixtures("bank")
def test_everything_leaves_with_a_sheet_for_each_bank(cast: Cast, browse: Browse) -> None:
    data = browse(cast.author).post(f"{cast.address}/export", {"format": "xlsx"}, headers=ENGLISH).data
    assert [sheet.name for sheet in sheets.read(data).sheets] == ["General knowledge", "Foreign language English", "Notes"]


def test_the_version_that_counts_leaves(session: Session, cast: Cast, bank: list[Item]) -> None:
    draft = make_item(session, cast.campaign, stem="Mới?", author=cast.author, reviewer=cast.reviewer, approved=False).versions[0]
    draft.item_id, draft.number = bank[0].id, 2
    session.flush()
    session.expire_all()
    assert "SUM" in to_send(session, cast.campaign, ItemFilter(topic="law"))[0][1].written.stem
    assert "Mới" in to_send(session, cast.campaign, ItemFilter(topic="law", state="in_review"))[0][1].written.stem


@pytest.mark.usefixtures("bank")
def test_refusals_and_who_may(session: Session, cast: Cast, browse: Browse, now: datetime) -> None:
    for account, status in ((cast.supervisor, 403), (cast.hr, 403), (cast.council, 403), (cast.stranger, 404), (None, 303)):
        assert browse(account).get(f"{cast.address}/export").status_code == status
        assert browse(account).post(f"{cast.address}/export", {"format": "xlsx"}).status_code == status
    browser = browse(cast.author)
    assert browser.post(f"{cast.address}/export", {"format": "pdf"}).status_code == 422
    assert browser.post(f"{cast.address}/export?text=nothing-like-it", {"format": "xlsx"}).status_code == 422
    assert browser.get(f"{cast.address}/export?text=nothing-like-it").status_code == 200
    with pytest.raises(NotPermitted):
        send_out(session, cast.role(session, cast.supervisor), ItemFilter(), "xlsx", now)
    with pytest.raises(Refused, match="nothing"):
        send_out(session, cast.role(session, cast.author), ItemFilter(text="nothing-like-it"), "xlsx", now)
    assert session.scalars(select(LogEntry.kind).where(LogEntry.kind == "questions:items:exported")).all() == []
