"""A list of positions with their standards: forty in one go, what changes, what cannot be, by cell."""

import json
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.campaigns.models import Position
from examsite.campaigns.operations import position_lists as operations
from examsite.campaigns.position_rows import PositionRow, read_positions
from examsite.campaigns.queries import rule_set
from examsite.campaigns.queries.position_lists import PositionIntake, assess
from examsite.lists import ListFile
from examsite.rules.refusal import NotPermitted, Refused
from examsite.sheets import read as read_sheets
from tests.campaigns.house import ENGLISH, House, last_entry, log_kinds
from tests.campaigns.list_file import as_csv, listed, read_here
from tests.client import Browser
from tests.factories import make_position, make_unit
from tests.list_pages import decide, send

Browse = Callable[..., Browser]


def row(code: str, **changes: str) -> dict[str, str]:
    return {
        "Mã vị trí": code,
        "Tên chức danh": "Trưởng phòng",
        "Đơn vị": "SNV",
        "Cấp của chức danh": "Phòng",
        "Chỉ tiêu": "1",
        "Ngoại ngữ": "Tiếng Anh",
    } | changes


def read(house: House, data: bytes) -> ListFile[PositionRow]:
    languages = rule_set(house.campaign).round1.languages
    return read_here("vi-tri.xlsx", data, lambda book: read_positions(book, languages))


def take(session: Session, house: House, data: bytes, now: datetime) -> PositionIntake:
    return operations.take(session, house.role(session), read(house, data), good_rows=False, now=now)


def positions(session: Session) -> dict[str, Position]:
    session.expire_all()
    return {one.code: one for one in session.scalars(select(Position).order_by(Position.code))}


@pytest.fixture
def unit(session: Session):
    return make_unit(session, "SNV", "Sở Nội vụ")


@pytest.mark.usefixtures("unit")
def test_forty_positions_in_one_go(session: Session, house: House, now: datetime) -> None:
    standards = "- Tốt nghiệp đại học trở lên\n2. Ít nhất 5 năm công tác\n\nĐược quy hoạch"
    data = listed(*(row(f"VT-{place:02d}", **{"Tiêu chuẩn (mỗi dòng một tiêu chuẩn)": standards}) for place in range(1, 41)))
    assert len(take(session, house, data, now).good) == 40
    stored = positions(session)
    assert len(stored) == 40
    assert [one.text for one in stored["VT-40"].criteria] == ["Tốt nghiệp đại học trở lên", "Ít nhất 5 năm công tác", "Được quy hoạch"]
    assert log_kinds(session, house.campaign.chain).count("campaigns:position:created") == 40
    assert len(assess(session, house.campaign, read(house, data)).known) == 40


@pytest.mark.usefixtures("unit")
@pytest.mark.parametrize(
    ("changes", "language", "unit_words"),
    [
        ({"Ngoại ngữ": "anh", "Đơn vị": "sở nội vụ"}, "en", "SNV"),
        ({"Ngoại ngữ": "Chinese", "Đơn vị": "SNV – Sở Nội vụ"}, "zh", "SNV"),
        ({"Ngoại ngữ": "Tieng Phap", "Đơn vị": "snv"}, "fr", "SNV"),
    ],
)
def test_languages_and_units_as_people_write_them(
    session: Session, house: House, now: datetime, changes: dict[str, str], language: str, unit_words: str
) -> None:
    take(session, house, as_csv([row("A", **changes)], ";"), now)
    assert (positions(session)["A"].language, positions(session)["A"].unit.code) == (language, unit_words)


@pytest.mark.usefixtures("unit")
def test_standards_in_columns_of_their_own(session: Session, house: House, now: datetime) -> None:
    data = listed(row("A", **{"Tiêu chuẩn 1": "Một", "Tiêu chuẩn 2": "Hai", "Tiêu chuẩn 3": "Ba"}), row("B", **{"Tiêu chuẩn 2": "Hai"}))
    take(session, house, data, now)
    stored = positions(session)
    assert [one.text for one in stored["A"].criteria] == ["Một", "Hai", "Ba"]
    assert [one.text for one in stored["B"].criteria] == ["Hai"]


def test_what_stands_changes_only_where_the_file_says_so(session: Session, house: House, now: datetime, unit) -> None:
    make_position(session, house.campaign, "A", "Trưởng phòng", unit=unit, criteria=("Một", "Hai"))
    make_position(session, house.campaign, "B", "Trưởng phòng", unit=unit, criteria=("Một", "Hai"))
    session.commit()
    kept = {one.text: one.public_id for one in positions(session)["B"].criteria}
    changed = {"Chỉ tiêu": "2", "Cấp của chức danh": "Division", "Tiêu chuẩn": "Hai\nBa"}
    taken = take(session, house, listed(row("A", **{"Cấp của chức danh": "Division"}), row("B", **changed)), now)
    assert [one.row for one in taken.known] == [2]
    assert [(one.code, one.title) for one in taken.changed] == [
        ("positions.changed", "Chỉ tiêu"),
        ("positions.criteria_changed", "Tiêu chuẩn"),
    ]
    assert taken.changed[1].params == {"code": "B", "gone": "Một", "added": "Ba"}
    stored = positions(session)
    assert (stored["B"].quota, [one.text for one in stored["B"].criteria]) == (2, ["Hai", "Ba"])
    assert stored["B"].criteria[0].public_id == kept["Hai"]
    told = json.loads(last_entry(session, house.campaign.chain))["data"]
    assert (told["changed"], told["changed_rows"], "new" in told) == ([stored["B"].public_id], 1, False)
    assert [one.text for one in stored["A"].criteria] == ["Một", "Hai"]


@pytest.mark.usefixtures("unit")
@pytest.mark.parametrize(
    ("changes", "cell", "code"),
    [
        ({"Đơn vị": "Sở Y tế"}, "C2", "positions.unit_unknown"),
        ({"Chỉ tiêu": "0"}, "E2", "lists.number_out_of_range"),
        ({"Chỉ tiêu": "hai"}, "E2", "lists.number_out_of_range"),
        ({"Ngoại ngữ": "Tiếng Lào"}, "F2", "lists.choice_unknown"),
        ({"Ngoại ngữ": "không"}, "F2", "campaigns.language_missing"),
        ({"Tên chức danh": ""}, "B2", "lists.required"),
        ({"Tiêu chuẩn": "Một\nMột"}, "G2", "campaigns.criterion_twice"),
        ({"Tiêu chuẩn": "x" * 2001}, "G2", "lists.too_long"),
    ],
)
def test_errors_by_cell(session: Session, house: House, changes: dict[str, str], cell: str, code: str) -> None:
    (error,) = assess(session, house.campaign, read(house, listed(row("A", **changes)))).errors
    assert (f"{error.column}{error.row}", error.code) == (cell, code)


@pytest.mark.usefixtures("unit")
def test_two_units_of_one_name_and_one_code_in_two_rows(session: Session, house: House) -> None:
    make_unit(session, "SNV2", "Sở Nội vụ")
    found = assess(session, house.campaign, read(house, listed(row("A"), row("a"), row("B", **{"Đơn vị": "Sở Nội vụ"}))))
    assert [(one.row, one.code) for one in found.errors] == [
        (2, "positions.code_twice"),
        (3, "positions.code_twice"),
        (4, "positions.unit_several"),
    ]


@pytest.mark.usefixtures("unit")
def test_the_pages_from_the_template_to_the_list(session: Session, house: House, browse: Browse) -> None:
    browser, address = browse(house.hr), f"{house.address}/positions/import"
    assert address in browser.get(f"{house.address}/positions").text
    book = read_sheets(browser.get(f"{house.address}/positions/template.xlsx").data)
    assert {"SNV – Sở Nội vụ", "Tiếng Pháp"} <= {cell.text for cell in book.sheets[3].cells}
    waiting = send(browser, address, listed(row("A"), row("B", **{"Chỉ tiêu": "x"}))).location
    page = browser.get(waiting, headers=ENGLISH).text
    assert '<span class="ex-cellref">E3</span>' in page
    assert "Enter a whole number from 1 to 1000." in page
    assert decide(browser, waiting, "good").status_code == 303
    assert list(positions(session)) == ["A"]


@pytest.mark.usefixtures("unit")
def test_only_the_hr_board_and_only_in_a_draft(session: Session, house: House, browse: Browse, now: datetime) -> None:
    address = f"{house.address}/positions/import"
    for account, status in ((house.chair, 403), (house.author, 403), (house.outsider, 404), (None, 303)):
        assert browse(account).get(address).status_code == status
        assert send(browse(account), address, listed(row("A"))).status_code == status
    with pytest.raises(NotPermitted):
        operations.take(session, house.role(session, house.chair), read(house, listed(row("A"))), good_rows=False, now=now)
    waiting = send(browse(house.hr), address, listed(row("A"))).location
    house.campaign.stage = "announced"
    session.commit()
    assert 'type="file"' not in browse(house.hr).get(address).text
    assert 'name="rows"' not in browse(house.hr).get(waiting).text
    assert decide(browse(house.hr), waiting).status_code == 422
    assert send(browse(house.hr), address, listed(row("B"))).status_code == 422
    with pytest.raises(Refused, match="no_draft"):
        take(session, house, listed(row("A")), now)
    assert positions(session) == {}
