"""Yearly classifications for applications that are in already: found by the number, shown before they are written, the old kept."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime

import pytest
from sqlalchemy import select

from examsite.audit.models import LogEntry
from examsite.campaigns.models import Application, YearlyClassification
from examsite.campaigns.operations import year_lists as operations
from examsite.campaigns.operations.dossiers import record_year, years_of
from examsite.campaigns.queries import screening
from examsite.campaigns.queries.year_lists import YearIntake, assess
from examsite.campaigns.year_rows import YearRow, read_years
from examsite.lists import ListFile
from examsite.rules.refusal import NotPermitted, Refused
from examsite.sheets.writing import NewSheet, write_xlsx
from tests.campaigns.intake_file import HEADER, Desk, good_row
from tests.campaigns.list_file import read_here
from tests.client import Browser
from tests.conftest import NOW
from tests.factories import make_application, make_person
from tests.list_pages import decide, send

TITLES = ("Họ và tên", "CCCD", "Xếp loại năm 2025", "Classification 2024", "Quyết định")
FIRST, SECOND = "001185000001", "001185000002"


def years(*rows: Sequence[str]) -> bytes:
    return write_xlsx([NewSheet("x", TITLES, rows)])


def read(data: bytes, name: str = "xep-loai.xlsx") -> ListFile[YearRow]:
    return read_here(name, data, lambda book: read_years(book, years_of(NOW)))


def come_to(desk: Desk, *rows: Sequence[str]) -> YearIntake:
    return assess(desk.session, desk.campaign, read(years(*rows)))


@pytest.fixture
def filled(desk: Desk, now: datetime) -> Desk:
    """Two applications; of the first person one year was recorded by hand."""
    people = [
        make_person(desk.session, name, number, gender="female") for name, number in (("Nguyễn Thị Ánh", FIRST), ("Đỗ Thị Bình", SECOND))
    ]
    application, _second = (make_application(desk.session, desk.position, person=person) for person in people)
    record_year(desk.session, desk.role, application, 2025, "completed", "QĐ 1", now)
    desk.session.commit()
    return desk


def applications(desk: Desk) -> list[Application]:
    return list(desk.session.scalars(select(Application).order_by(Application.id)))


def standing(desk: Desk) -> list[tuple[int, int, str, str]]:
    one = YearlyClassification
    rows = desk.session.scalars(select(one).where(one.superseded_at.is_(None)).order_by(one.application_id, one.year)).all()
    first = applications(desk)[0].id
    return [(row.application_id - first + 1, row.year, row.grade, row.source) for row in rows]


def test_years_are_added_and_corrected_and_the_log_keeps_what_was(filled: Desk, now: datetime) -> None:
    file = read(years(("nguyen thi anh", "1185000001", "HTXSNV", "Tốt", ""), ("", SECOND, "", "Hoàn thành", "QĐ 7")))
    done = operations.take(filled.session, filled.role, file, good_rows=False, now=now)
    assert [note.code for note in done.notes if note.code.startswith("years")] == ["years.zeros_restored"]
    assert [(one.code, one.title, one.seen, one.params["before"]) for one in done.changed] == [
        ("years.changes", "Xếp loại năm 2025", "HTXSNV", "grade.completed")
    ]
    assert standing(filled) == [
        (1, 2024, "good", "xep-loai.xlsx"),
        (1, 2025, "excellent", "xep-loai.xlsx"),
        (2, 2024, "completed", "QĐ 7"),
    ]
    (entry,) = screening.history(filled.session, applications(filled)[0])[:1]
    told = json.loads(entry.content or "")["data"]
    assert (entry.kind, told["taken"], told["file"]) == ("campaigns:classifications:imported", 3, file.digest)
    assert [(one["before"], one["after"]["grade"]) for one in told["changed"]] == [({"grade": "completed", "source": "QĐ 1"}, "excellent")]
    added = {applications(filled)[0].public_id, applications(filled)[1].public_id}
    assert (told["new_rows"], set(told["new"]), len(told["digest"])) == (2, added, 64)
    assert FIRST not in (entry.content or "")
    again = assess(filled.session, filled.campaign, file)
    assert (again.good, [one.code for one in again.known], again.entries) == ([], ["years.same", "years.same"], [])


def test_what_cannot_be_is_told_at_its_cell(filled: Desk, now: datetime) -> None:
    file = read(
        years(
            ("", "001185000009", "Tốt", "", ""),
            ("Trần Văn Ba", FIRST, "Tốt", "", ""),
            ("", "001185000008", "Giỏi", "", ""),
            ("", "12345", "Tốt", "", ""),
            ("", SECOND, "Tốt", "", ""),
        )
    )
    found = assess(filled.session, filled.campaign, file)
    assert [(one.code, one.row, one.title) for one in found.errors] == [
        ("years.nobody", 2, "CCCD"),
        ("years.other_name", 3, "Họ và tên"),
        ("applications.grade_unknown", 4, "Xếp loại năm 2025"),
        ("applications.identity_length", 5, "CCCD"),
    ]
    with pytest.raises(Refused, match="has_errors"):
        operations.take(filled.session, filled.role, file, good_rows=False, now=now)
    operations.take(filled.session, filled.role, file, good_rows=True, now=now)
    assert standing(filled) == [(1, 2025, "completed", "QĐ 1"), (2, 2025, "good", "xep-loai.xlsx")]


def test_a_decision_alone_is_a_change_and_a_blank_row_none(filled: Desk) -> None:
    found = come_to(filled, ("", FIRST, "Hoàn thành", "", "QĐ 2"), ("", SECOND, "", "", "QĐ 2"))
    assert [(one.code, one.params["after"]) for one in found.changed] == [("years.other_source", "QĐ 2")]
    assert (len(found.good), [one.code for one in found.known]) == (1, ["years.same"])
    assert come_to(filled, ("", FIRST, "Hoàn thành", "", "")).entries == [], "without a decision that which stands is as good"


def test_the_file_of_applications_is_understood(filled: Desk) -> None:
    rows = [[*good_row(1).values(), "Tốt"]]
    file = read(write_xlsx([NewSheet("x", [*HEADER, "Xếp loại năm 2023"], rows)]))
    assert ([entry.year for entry in assess(filled.session, filled.campaign, file).entries], file.reading.notes) == ([2023], ())
    known = filled.take(write_xlsx([NewSheet("x", [*HEADER, "Xếp loại năm 2023"], rows)]), NOW).known
    assert [one.code for one in known] == ["intake.there_already_years"]


def test_who_and_until_when(filled: Desk, now: datetime) -> None:
    file = read(years(("", FIRST, "Tốt", "", "")))
    role = filled.role
    with pytest.raises(NotPermitted):
        operations.take(filled.session, type(role)(role.account, role.campaign, {}), file, good_rows=False, now=now)
    filled.campaign.stage = "closed"
    filled.session.flush()
    with pytest.raises(Refused, match=r"documents\.closed"):
        operations.take(filled.session, filled.role, file, good_rows=False, now=now)


def test_the_pages(filled: Desk, browse: Callable[..., Browser]) -> None:
    browser, list_page = browse(filled.hr), f"/campaigns/{filled.campaign.public_id}/applications"
    place = f"{list_page}/classifications/import"
    assert place in browser.get(list_page).text
    assert "Tải tệp mẫu" in browser.get(place).text
    assert browser.get(f"{list_page}/classifications/template.xlsx").status_code == 200
    out = browser.post(f"{list_page}/classifications/list.xlsx").data
    assert filled.session.scalar(select(LogEntry.kind).order_by(LogEntry.id.desc()).limit(1)) == "campaigns:list:taken"
    assert [(row.identity_number, row.grades) for row in read(out).reading.rows] == [
        (FIRST, ((2025, "completed", "Hoàn thành nhiệm vụ"),)),
        (SECOND, ()),
    ]
    sent = send(browser, place, years(("", FIRST, "HTXSNV", "", ""), ("", "001185000009", "Tốt", "", "")))
    page = browser.get(sent.location).text
    assert "“Hoàn thành nhiệm vụ” đổi thành “Hoàn thành xuất sắc nhiệm vụ”" in page
    assert '<span class="ex-cellref">B3</span>' in page
    assert browser.get(f"{sent.location}/errors.xlsx").status_code == 200
    assert decide(browser, sent.location, "good").status_code == 303
    assert [line[2] for line in standing(filled)] == ["excellent"]
