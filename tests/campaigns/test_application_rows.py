from dataclasses import replace
from datetime import date

import pytest

from examsite import sheets
from examsite.campaigns.application_rows import ApplicationRow, application_template, read_applications
from examsite.sheets import Area, Book, Sheet
from tests.campaigns.application_file import GOOD, POSITIONS, cell, codes, note_codes, page, read, taken


def test_a_good_row_is_taken_without_a_word():
    reading = read(GOOD)
    assert reading.notes == ()
    assert reading.rows_seen == 1
    assert taken(reading) == ApplicationRow(
        sheet="Hồ sơ",
        row=2,
        identity_number="001185000001",
        full_name="Nguyễn Thị Ánh",
        birth_date=date(1985, 3, 12),
        gender="female",
        position_code="TP-01",
        workplace="Phòng Nội vụ",
        current_post="",
        qualification="",
        languages="",
        phone="0912345678",
        email="anh@example.vn",
        claimed_priority="",
        claimed_exemption="",
        years_of_service=14,
        joined_on=date(2011, 8, 1),
    )


def test_headers_in_english_any_order_without_marks_and_with_remarks():
    row = {
        "POSITION CODE (*)": "TP-01",
        "gioi tinh": "Male",
        "Full name": "Đỗ Văn Đức",
        "So CCCD": "036079000001",
        "NGÀY, THÁNG, NĂM SINH": "05/11/1979",
    }
    assert taken(read(row)).full_name == "Đỗ Văn Đức"


def test_title_lines_above_the_header_and_blank_rows_are_passed_over():
    sheet = page(GOOD, {"Họ và tên": ""}, GOOD | {"Số định danh cá nhân": "001185000002"}, header_row=4)
    above = cell(1, 1, "DANH SÁCH NGƯỜI DỰ TUYỂN")
    reading = read_applications(Book((replace(sheet, cells=(above, *sheet.cells)),)), POSITIONS)
    assert [row.row for row in reading.rows] == [5, 7]
    assert reading.rows_seen == 2


def test_one_person_in_two_rows_and_sheets_is_an_error_of_each():
    book = Book((page(GOOD, GOOD | {"Số định danh cá nhân": "001185000002"}), page(GOOD, name="Sheet2")))
    reading = read_applications(book, POSITIONS)
    assert [row.row for row in reading.rows] == [3]
    assert [(error.sheet, error.row, error.params) for error in reading.errors] == [
        ("Hồ sơ", 2, {"rows": "Sheet2 2", "value": "001185000001"}),
        ("Sheet2", 2, {"rows": "Hồ sơ 2", "value": "001185000001"}),
    ]
    assert set(codes(reading)) == {"identity_twice"}


def test_a_merged_cell_leaves_the_rows_below_blank():
    second = {key: value for key, value in GOOD.items() if key != "Đơn vị công tác hiện tại"} | {"Số định danh cá nhân": "001185000002"}
    sheet = replace(page(GOOD, second), merged=(Area(1, 1, 1, 3), Area(2, 8, 3, 8)))
    reading = read_applications(Book((sheet,)), POSITIONS)
    assert [row.row for row in reading.rows] == [2]
    (error,) = reading.errors
    assert (error.row, error.column, error.code, error.params) == (3, "H", "lists.merged", {"first": 2, "last": 3})


def test_many_merged_areas_end_in_time():
    areas = (Area(2, 1, 1_000_000, 16_000),) * 20_000
    rows = [GOOD | {"Số định danh cá nhân": f"001185{number:06d}", "Email": ""} for number in range(300)]
    reading = read_applications(Book((replace(page(*rows), merged=areas),)), POSITIONS)
    assert set(codes(reading)) == {"merged"}


def test_columns_missing_doubled_and_unknown():
    row = {key: value for key, value in GOOD.items() if key != "Giới tính"} | {"Họ tên": "x", "Chiều cao": "170"}
    reading = read(row)
    assert codes(reading) == ["column_missing", "column_twice"]
    assert reading.errors[0].params == {"wanted": "Giới tính", "wanted_en": "Gender"}
    assert (reading.errors[1].title, reading.errors[1].params) == ("Họ tên", {"first": "Họ và tên"})
    assert [(note.code, note.title) for note in reading.notes] == [("lists.column_unknown", "Chiều cao")]
    assert reading.rows == ()


def test_sheets_that_are_not_read():
    table = page(GOOD)
    hidden = replace(page(GOOD, name="Cũ"), hidden=True)
    example = page(GOOD, name="Ví dụ")
    other = Sheet("Ghi chép", (cell(1, 1, "x", "Ghi chép"),))
    reading = read_applications(Book((other, example, hidden, table)), POSITIONS)
    assert taken(reading).sheet == "Hồ sơ"
    assert [(note.sheet, note.code) for note in reading.notes] == [
        ("Ghi chép", "lists.sheet_without_table"),
        ("Cũ", "lists.sheet_hidden"),
    ]
    assert codes(read_applications(Book((other, example, hidden)), POSITIONS)) == ["no_table"]
    assert codes(read_applications(Book(()), POSITIONS)) == ["no_table"]


def test_hidden_rows_are_read_and_said():
    reading = read_applications(Book((replace(page(GOOD), hidden_rows=frozenset({2})),)), POSITIONS)
    assert taken(reading).row == 2
    assert note_codes(reading) == ["row_hidden"]


def test_a_table_without_rows():
    assert codes(read()) == ["no_rows"]
    assert codes(read({"STT": "1", **dict.fromkeys(GOOD, "")})) == ["no_rows"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_template_is_empty_and_its_example_would_be_taken(language):
    book = sheets.read(application_template(language, ["Một câu."]))
    reading = read_applications(book, POSITIONS)
    assert (codes(reading), reading.notes) == (["no_rows"], ())
    shown = book.sheets[1]
    moved = read_applications(Book((replace(shown, name="S"),)), POSITIONS)
    assert [row.full_name for row in moved.rows] == ["Nguyễn Thị Minh Ánh", "Đỗ Văn Đức"]
    assert (moved.errors, moved.notes) == ((), ())


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_csv_file_with_lost_zeros_from_bytes_to_rows(separator):
    lines = ["STT,Họ và tên,Ngày sinh,Giới tính,CCCD,Mã vị trí,SĐT", "1,Nguyễn Thị Ánh,12/03/1985,nữ,1185000001,TP-01,912345678"]
    data = "\r\n".join(lines).replace(",", separator).encode("utf-8-sig")
    reading = read_applications(sheets.read(data), POSITIONS)
    row = taken(reading)
    assert (row.sheet, row.row, row.identity_number, row.phone) == ("", 2, "001185000001", "0912345678")
    assert note_codes(reading) == ["identity_zeros_restored", "phone_zero_restored"]
