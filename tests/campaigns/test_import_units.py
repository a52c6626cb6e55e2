"""A list of units: the tree from a file, what is new, what changes, what cannot be, by cell."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.models import ListUpload
from examsite.accounts.operations import actor_of
from examsite.audit.models import HOUSE
from examsite.campaigns.models import Unit
from examsite.campaigns.operations import unit_lists as operations
from examsite.campaigns.queries.unit_lists import UnitIntake, assess, parents_of
from examsite.campaigns.unit_rows import UnitRow, read_units
from examsite.lists import ListFile
from examsite.rules.refusal import NotPermitted, Refused
from examsite.sheets import read as read_sheets
from tests.campaigns.house import ENGLISH, House, last_entry, log_kinds
from tests.campaigns.list_file import as_csv, listed, read_here
from tests.factories import make_unit
from tests.list_pages import decide, send


def unit(code: str, name: str = "", parent: str = "") -> dict[str, str]:
    return {"Mã đơn vị": code, "Tên đơn vị": name or f"Đơn vị {code}", "Thuộc đơn vị": parent}


def read(data: bytes) -> ListFile[UnitRow]:
    return read_here("don-vi.xlsx", data, read_units)


def take(session: Session, house: House, data: bytes, now: datetime, *, good_rows: bool = False) -> UnitIntake:
    return operations.take(session, read(data), actor_of(house.hr), good_rows=good_rows, now=now)


def tree(session: Session) -> dict[str, str]:
    return parents_of(session.scalars(select(Unit)))


def found(intake: UnitIntake) -> list[tuple[str, str]]:
    return [(f"{error.column}{error.row}", error.code) for error in intake.errors]


def test_a_tree_in_any_order_by_code_and_by_name(session: Session, house: House, now: datetime) -> None:
    rows = [unit("c", parent="Phòng B"), unit("B", "Phòng B", "A"), unit("A"), unit("D", parent="đơn vị a")]
    taken = take(session, house, as_csv(rows), now)
    assert tree(session) == {"A": "", "B": "A", "C": "B", "D": "A"}
    assert (len(taken.good), taken.changed, taken.known) == (4, [], [])
    assert log_kinds(session, HOUSE).count("campaigns:unit:created") == 4
    told = json.loads(last_entry(session, HOUSE))["data"]
    assert (told["list"], told["new_rows"], "changed" in told) == ("units", 4, False)
    assert set(told["new"]) == set(session.scalars(select(Unit.public_id).where(Unit.code.in_(list("ABCD")))))


def test_what_stands_is_told_apart_same_renamed_moved(session: Session, house: House, now: datetime) -> None:
    top = make_unit(session, "A", "Sở A")
    for code in ("B", "C", "D"):
        make_unit(session, code, f"Đơn vị {code}", top)
    data = listed(unit("A", "Sở A"), unit("B", parent="A"), unit("C", "Tên mới", "A"), unit("D", parent="C"), unit("E", parent="D"))
    taken = take(session, house, data, now)
    assert [known.row for known in taken.known] == [2, 3]
    assert [(one.code, one.column, one.row) for one in taken.changed] == [("units.renamed", "B", 4), ("units.moved", "C", 5)]
    assert (taken.changing, len(taken.good)) == (2, 3)
    assert tree(session) == {"A": "", "B": "A", "C": "A", "D": "C", "E": "D"}
    again = assess(session, read(data))
    assert (len(again.known), again.good) == (5, [])


def test_a_swap_of_two_units_is_taken_and_a_circle_is_not(session: Session, house: House, now: datetime) -> None:
    make_unit(session, "B", "Đơn vị B", make_unit(session, "A", "Đơn vị A"))
    take(session, house, listed(unit("A", parent="B"), unit("B")), now)
    assert tree(session) == {"A": "B", "B": ""}
    wrong = assess(session, read(listed(unit("B", parent="A"), unit("X", parent="Y"), unit("Y", parent="X"), unit("Z", parent="Z"))))
    assert found(wrong) == [("C2", "units.circle"), ("C3", "units.circle"), ("C4", "units.circle"), ("C5", "units.circle")]


@pytest.mark.parametrize(
    ("rows", "errors"),
    [
        ([unit("A", parent="NONE")], [("C2", "units.parent_unknown")]),
        ([unit("A", parent="NONE"), unit("B", parent="A")], [("C2", "units.parent_unknown"), ("C3", "units.parent_unknown")]),
        ([unit("A", "Phòng"), unit("B", "Phòng"), unit("C", parent="phong")], [("C4", "units.parent_several")]),
        ([unit("A"), unit("a")], [("A2", "units.code_twice"), ("A3", "units.code_twice")]),
        ([unit("", "Phòng")], [("A2", "lists.required")]),
        ([unit("A" * 41)], [("A2", "lists.too_long")]),
        ([unit("A", "x" * 201)], [("B2", "lists.too_long")]),
    ],
)
def test_errors_by_cell(session: Session, rows: list[dict[str, str]], errors: list[tuple[str, str]]) -> None:
    assert found(assess(session, read(listed(*rows)))) == errors


def test_all_or_none_or_the_good_rows(session: Session, house: House, now: datetime) -> None:
    data = listed(unit("A"), unit("B", parent="NONE"))
    with pytest.raises(Refused, match="has_errors"):
        take(session, house, data, now)
    assert tree(session) == {}
    assert take(session, house, data, now, good_rows=True).faulty == 1
    assert tree(session) == {"A": ""}
    with pytest.raises(Refused, match="no_good_rows"):
        take(session, house, listed(unit("B", parent="NONE")), now, good_rows=True)


def test_text_that_looks_like_a_formula_stays_text(session: Session, house: House, now: datetime) -> None:
    take(session, house, listed(unit("001", "=HYPERLINK(1)")), now)
    assert session.scalars(select(Unit)).one().name == "=HYPERLINK(1)"


def test_the_pages_from_the_template_to_the_tree(session: Session, house: House, browse) -> None:
    make_unit(session, "OLD", "Tên cũ")
    session.commit()
    browser = browse(house.hr)
    assert "/units/import" in browser.get("/units").text
    assert "Nhập danh sách đơn vị" in browser.get("/units/import").text
    book = read_sheets(browser.get("/units/template.xlsx").data)
    assert [sheet.name for sheet in book.sheets] == ["Đơn vị", "Ví dụ", "Hướng dẫn", "Danh mục"]
    assert "OLD" in [cell.text for cell in book.sheets[3].cells]
    waiting = send(browser, "/units/import", listed(unit("A"), unit("OLD", "Tên mới"), unit("B", parent="?"))).location
    page = browser.get(waiting, headers=ENGLISH).text
    for words in ("C4", "Neither the house nor a good row", "“Tên cũ”", "1 row changes what stands already", "Take in the 2 good rows"):
        assert words in page
    assert decide(browser, waiting, "all").status_code == 422
    done = decide(browser, waiting, "good")
    assert "Đã thêm 1 đơn vị, sửa 1 đơn vị; 0 đơn vị đã có từ trước, 1 hàng không nhập." in browser.get(done.location).text
    assert tree(session) == {"A": "", "OLD": ""}


def test_many_errors_come_a_page_at_a_time_and_by_column(house: House, browse) -> None:
    browser = browse(house.hr)
    rows = [unit(f"{number}", f"Đơn vị {number}", parent="?") for number in range(60)] + [{"Mã đơn vị": "", "Tên đơn vị": "Không mã"}]
    waiting = send(browser, "/units/import", listed(*rows)).location
    first = browser.get(waiting).text
    assert "C51" in first
    assert "C52" not in first
    assert "Thuộc đơn vị (60)" in first
    assert "C61" in browser.get(f"{waiting}?page=2").text
    only = browser.get(waiting, query_string={"column": "Mã đơn vị"}).text
    assert "A62" in only
    assert ">C51<" not in only


def test_what_changed_since_the_dry_run_is_shown_again_first(session: Session, house: House, browse) -> None:
    browser = browse(house.hr)
    waiting = send(browser, "/units/import", listed(unit("A", "Tên mới"))).location
    shown = browser.get(waiting).text
    digest = shown.split('name="digest" value="')[1][:64]
    make_unit(session, "A", "Người khác thêm")
    session.commit()
    answer = browser.post(waiting, {"rows": "all", "digest": digest})
    assert answer.status_code == 422
    assert "Kết quả của tệp đã thay đổi" in answer.text
    assert session.scalars(select(Unit.name)).one() == "Người khác thêm"
    assert decide(browser, waiting).status_code == 303


def test_only_hr_officers(session: Session, house: House, browse, now: datetime) -> None:
    for account, status in ((house.chair, 403), (house.administrator, 403), (None, 303)):
        for address in ("/units/import", "/units/template.xlsx"):
            assert browse(account).get(address).status_code == status
        assert send(browse(account), "/units/import", listed(unit("A"))).status_code == status
    with pytest.raises(NotPermitted):
        operations.take_upload(session, ListUpload(), read(listed(unit("A"))), house.administrator, good_rows=False, now=now)


def test_a_list_that_libreoffice_saved(session: Session, samples: Path) -> None:
    make_unit(session, "UBND", "Ủy ban nhân dân thành phố Lạc An")
    found = assess(session, read((samples / "libreoffice" / "don-vi.xlsx").read_bytes()))
    assert [(row.code, row.parent) for row in found.good] == [("SNV", "UBND"), ("STC", "UBND")]
    assert [(one.row, one.code) for one in found.errors] == [(5, "units.parent_unknown"), (6, "lists.required")]
    assert [one.row for one in found.known] == [3]
