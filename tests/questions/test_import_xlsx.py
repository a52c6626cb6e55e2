"""Taking in the XLSX template: the file that the page gives out, filled in, comes back as items; faults are named by sheet and cell."""

import io
from collections.abc import Callable
from datetime import datetime

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.questions.intake import Source
from examsite.questions.models import ItemVersion
from examsite.questions.operations import importing
from examsite.questions.queries.banks import bank_of
from examsite.questions.queries.files import dry_run
from examsite.sheets import SheetRefused
from tests.client import Browser
from tests.questions.conftest import Cast

Browse = Callable[..., Browser]
GOOD = ["HC-1", "Hiến pháp", "dễ", "Nhiệm kỳ Quốc hội là mấy năm?", "4 năm", "=5 năm", None, None, None, None, "B", "Điều 71"]
NO_KEY = [None, "Hiến pháp", "khó", "Câu không có đáp án?", "một", "hai", None, None, None, None, "F", None]


def _filled(blank: bytes, *rows: list[str | None]) -> bytes:
    book = load_workbook(io.BytesIO(blank))
    sheet = book.worksheets[0]
    for number, row in enumerate(rows, start=3):
        for column, text in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            cell.value = text
            if text and text.startswith("="):
                cell.data_type = "s"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.fixture
def blank(browse: Browse, cast: Cast) -> bytes:
    answer = browse(cast.author).get(f"{cast.address}/template.xlsx")
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return answer.data


def _source(cast: Cast, data: bytes) -> Source:
    return Source(bank_of(cast.campaign, "general", None), "questions.xlsx", data)


def test_the_template_filled_in_is_taken(session: Session, cast: Cast, blank: bytes, now: datetime) -> None:
    intake = importing.take(session, cast.role(session, cast.author), _source(cast, _filled(blank, GOOD)), leave_faulty=False, now=now)
    assert [ready.name for ready in intake.ready] == ["HC-1"]
    version = session.scalars(select(ItemVersion)).one()
    assert (version.state, version.topic, version.difficulty) == ("in_review", "Hiến pháp", "easy")
    assert version.stem == "<p>Nhiệm kỳ Quốc hội là mấy năm?</p>"
    assert [(option.text, option.is_key) for option in version.options] == [("4 năm", False), ("=5 năm", True)]


def test_faults_are_named_by_sheet_and_cell(session: Session, cast: Cast, blank: bytes) -> None:
    intake = dry_run(session, cast.campaign, _source(cast, _filled(blank, GOOD, NO_KEY)))
    assert len(intake.ready) == 1
    (fault,) = intake.rejected
    assert (fault.place.sheet, fault.place.column, fault.place.line) == ("Câu hỏi", "K", 4)
    assert fault.code == "items.key_beyond_options"


def test_the_same_rows_from_gift_and_from_a_sheet_are_one_question(session: Session, cast: Cast, blank: bytes, now: datetime) -> None:
    gift = "Nhiệm kỳ QUỐC HỘI là mấy năm? {=\\=5 năm ~4 năm}".encode()
    importing.take(session, cast.role(session, cast.author), _source(cast, gift), leave_faulty=False, now=now)
    intake = dry_run(session, cast.campaign, _source(cast, _filled(blank, GOOD)))
    assert (intake.ready, len(intake.duplicates)) == ((), 1)


def test_the_page_shows_the_cell_in_words(browse: Browse, cast: Cast, blank: bytes) -> None:
    author = browse(cast.author)
    data = {"bank": "general", "difficulty": "medium", "file": (io.BytesIO(_filled(blank, GOOD, NO_KEY)), "q.xlsx")}
    answer = author.post(f"{cast.address}/import", data, content_type="multipart/form-data")
    page = author.get(answer.location).text
    assert "K4" in page
    assert "Đáp án đúng ghi là F nhưng không có phương án đó" in page


def test_the_template_itself_holds_nothing_to_take(session: Session, cast: Cast, blank: bytes) -> None:
    intake = dry_run(session, cast.campaign, _source(cast, blank))
    assert (intake.ready, [fault.code for fault in intake.rejected]) == ((), ["items.nothing_found"])


def test_a_workbook_that_is_damaged_is_refused_on_the_page(session: Session, browse: Browse, cast: Cast, blank: bytes) -> None:
    with pytest.raises(SheetRefused):
        dry_run(session, cast.campaign, _source(cast, blank[: len(blank) // 2]))
    data = {"bank": "general", "difficulty": "medium", "file": (io.BytesIO(blank[:-100]), "q.xlsx")}
    answer = browse(cast.author).post(f"{cast.address}/import", data, content_type="multipart/form-data")
    assert answer.status_code == 422
