"""Lists as documents: what they hold, what they rest on, what they wait for."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from operator import methodcaller
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.audit.models import LogEntry
from examsite.documents import lists
from examsite.rules.refusal import Refused
from tests.factories import appoint, make_staff
from tests.results.ground import Ground, make_ground


@pytest.fixture
def ground(session: Session, now: datetime) -> Ground:
    """Two candidates of one position with scores, one of them exempted from the language part; the codes are open."""
    ground = make_ground(session, now)
    for number, name in (("001", "Trần Thị Bình"), ("002", "=HYPERLINK(1)")):
        ground.candidate(number, name)
        ground.enters(number)
    ground.scores("001", ("30", "20", "20"))
    ground.scores("002", ("20.5", "20", "20"))
    ground.opens()
    session.commit()
    return ground


@pytest.fixture
def reader(app: Flask) -> Any:
    """A request in English."""
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


@pytest.mark.usefixtures("reader")
def test_a_ranking_before_it_is_published_says_that_it_is_a_draft(ground: Ground) -> None:
    document = lists.ranking(ground.session, ground.campaign)
    assert (document.title, document.settled) == ("Provisional ranking", False)
    assert document.standing == "Not published yet: as it would be computed now."
    [table] = document.tables
    first, second = table.rows
    assert list(first[:3]) == ["1", "001", "Trần Thị Bình"]
    assert Decimal("70.00") in first
    assert Decimal("20.5") in second
    assert "Quota: 1" in table.facts


@pytest.mark.usefixtures("reader")
def test_a_published_list_is_printed_as_it_was_published(ground: Ground) -> None:
    ground.published("eligible")
    document = lists.eligible(ground.session, ground.campaign)
    assert document.settled
    assert document.standing == "As published on 09/11/2026, version 1."
    ground.application("001").person.full_name = "Another Name"
    assert [row[2] for row in lists.eligible(ground.session, ground.campaign).tables[0].rows] == ["Trần Thị Bình", "=HYPERLINK(1)"]
    assert len(document.digest) == 64


@pytest.mark.usefixtures("reader")
def test_the_rejected_stand_with_their_reason_and_nowhere_else(ground: Ground) -> None:
    refused = ground.candidate("003", "Lê Văn Cường", state="rejected")
    refused.candidate_number, refused.decision_reason = None, "No degree."
    ground.session.flush()
    [table] = lists.rejected(ground.session, ground.campaign).tables
    assert [list(row) for row in table.rows] == [[1, "Lê Văn Cường", "Office 003", "Head of division", "No degree."]]
    assert "Lê Văn Cường" not in str(lists.eligible(ground.session, ground.campaign))


@pytest.mark.usefixtures("reader")
def test_a_list_that_cannot_be_computed_yet_is_refused_with_the_reason(ground: Ground) -> None:
    with pytest.raises(Refused, match=r"results\.official_first"):
        lists.recommendations(ground.session, ground.campaign)


def test_pages_and_workbooks(ground: Ground, browse: Callable[..., Any]) -> None:
    ground.published("eligible")
    ground.session.commit()
    browser = browse(ground.hr)
    base = f"/campaigns/{ground.campaign.public_id}/documents"
    page = browser.get(base).text
    for kind in ("eligible", "rejected", "round1", "ranking", "round1_signatures"):
        assert f'href="{base}/{kind}"' in page
        shown = browser.get(f"{base}/{kind}")
        assert shown.status_code == 200
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in shown.text
    assert f'href="{base}/recommendations"' not in page, "it waits for the official ranking"
    book = load_workbook(BytesIO(browser.post(f"{base}/ranking.xlsx").data))
    entry = ground.session.scalars(select(LogEntry.content).where(LogEntry.kind == "campaigns:list:taken")).one()
    assert '"list":"ranking"' in str(entry)
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}, "no cell is a formula"
    assert "=HYPERLINK(1)" in {cell.value for cell in cells}
    assert any(cell.value == 70 and cell.data_type == "n" for cell in cells)
    assert browser.get(f"{base}/nonsense").status_code == 404


READERS = {"hr", "hr_second", "chair", "council", "supervisor"}


@pytest.mark.parametrize("kind", ["eligible", "rejected", "round1", "ranking", "round1_signatures"])
def test_only_who_may_read_the_same_on_the_site(ground: Ground, browse: Callable[..., Any], kind: str) -> None:
    boards = {board: make_staff(ground.session, f"only-{board}") for board in ("question", "invigilation", "code", "panel")}
    for board, account in boards.items():
        appoint(ground.session, ground.campaign, account, board)
    other = make_ground(ground.session, ground.now, "LA-2026-08")
    ground.session.commit()
    allowed = READERS | ({"invigilation"} if kind == "round1_signatures" else set())
    people = {name: getattr(ground, name) for name in READERS} | boards
    for ending in ("", ".xlsx"):
        address = f"/campaigns/{ground.campaign.public_id}/documents/{kind}{ending}"
        ask = methodcaller("post" if ending else "get", address)
        found = {name for name, account in people.items() if ask(browse(account)).status_code == 200}
        assert found == allowed
        assert ask(browse(other.hr)).status_code == 404
        assert ask(browse()).status_code == 303
