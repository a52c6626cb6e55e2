"""Empty score sheets and protocols: codes, names and figures only for those who may see them at that moment."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.audit.models import LogEntry
from examsite.grading.operations import closing
from tests.conftest import NOW
from tests.grading.world import World, make_world


@pytest.fixture
def world(session: Session) -> World:
    """A panel of three with two candidates, its lots drawn and its conflicts declared."""
    world = make_world(session)
    world.begin()
    session.commit()
    return world


def address(world: World, what: str) -> str:
    return f"/campaigns/{world.campaign.public_id}/panels/{world.panel.public_id}/{what}"


def test_empty_sheets_hold_codes_only_for_the_table(world: World, browse: Callable[..., Any]) -> None:
    code = world.interview("001").code
    assert code is not None
    head = browse(world.people["head"]).get(address(world, "blank-sheets"))
    assert (head.status_code, code in head.text, "Nguyễn Thị" in head.text) == (200, True, False)
    hr = browse(world.people["hr"]).get(address(world, "blank-sheets"))
    assert (hr.status_code, code in hr.text, "Nguyễn Thị" in hr.text) == (200, False, False)
    assert hr.text.count("ex-paper") == 2
    book = load_workbook(BytesIO(browse(world.people["head"]).get(address(world, "blank-sheets.xlsx")).data))
    assert code in [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
    for who in ("coder", "watcher", "asker"):
        assert browse(world.people[who]).get(address(world, "blank-sheets")).status_code == 403


def test_the_protocol_waits_for_the_panel_then_for_the_codes(world: World, browse: Callable[..., Any], session: Session) -> None:
    def protocol(who: str) -> Any:
        return browse(world.people[who]).get(address(world, "protocol"))

    assert protocol("head").status_code == 403, "scores can still change"
    world.lock_all(["30", "20", "20"], ["30", "20", "20"], ["30", "20", "21"], number="001")
    world.lock_all(number="002")
    closing.close_panel(session, world.role("head"), world.panel, NOW)
    session.commit()
    under_codes = protocol("head")
    assert under_codes.status_code == 200
    assert "Nguyễn Thị" not in under_codes.text
    assert "70,3333…" in under_codes.text
    assert {who: protocol(who).status_code for who in ("hr", "coder", "council", "watcher")} == dict.fromkeys(
        ("hr", "coder", "council", "watcher"), 403
    )
    world.open_codes()
    session.commit()
    opened = protocol("hr")
    assert opened.status_code == 200
    assert "Nguyễn Thị A" in opened.text
    assert protocol("asker").status_code == 403
    book = load_workbook(BytesIO(browse(world.people["council"]).post(address(world, "protocol.xlsx")).data))
    taken = session.scalars(select(LogEntry.content).where(LogEntry.kind == "campaigns:list:taken")).one()
    assert f'"panel":"{world.panel.name}"' in (taken or "")
    assert 71 in [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
