import unicodedata
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examsite.campaigns.application_rows import read_applications
from examsite.campaigns.application_rows.identity import PROVINCES
from examsite.sheets import Book, Cell, Kind
from tests.campaigns.application_file import GOOD, POSITIONS, codes, day, note_codes, number, one, page, read, taken


@pytest.mark.parametrize(
    ("stored", "note"),
    [
        ("001185000001", None),
        (number("1185000001"), "identity_zeros_restored"),
        (number("1185000001", "000000000000"), "identity_zeros_restored"),
        (number("1.185000001E9"), "identity_zeros_restored"),
        ("1185000001", "identity_zeros_restored"),
        ("01185000001", "identity_zeros_restored"),
        ("001 185 000 001", "identity_separators_removed"),
        ("'001185000001", "identity_separators_removed"),
    ],
)
def test_identity_numbers_that_can_be_repaired(stored, note):
    reading = one(identity=stored)
    assert taken(reading).identity_number == "001185000001"
    assert note_codes(reading) == ([note] if note else [])


@pytest.mark.parametrize(
    ("stored", "code"),
    [
        (number("1186000001"), "identity_zeros_doubtful"),
        (number("1085000001"), "identity_zeros_doubtful"),
        (number("3185000001"), "identity_zeros_doubtful"),
        ("001186000001", "identity_birth_year"),
        ("001385000001", "identity_birth_year"),
        ("001085000001", "identity_gender"),
        ("003185000001", "identity_province"),
        ("000185000001", "identity_province"),
        ("097185000001", "identity_province"),
        ("012345678", "identity_old_card"),
        (number("123456789"), "identity_old_card"),
        ("0011850000011", "identity_length"),
        ("185000001"[:8], "identity_length"),
        ("1,18500E+09", "identity_rounded"),
        (number("1185000001.5"), "identity_characters"),
        (number("-1185000001"), "identity_characters"),
        ("00118500000O", "identity_characters"),
        ("٠٠١١٨٥٠٠٠٠٠١", "identity_characters"),
    ],
)
def test_identity_numbers_that_are_refused(stored, code):
    reading = one(identity=stored)
    assert codes(reading) == [code]
    assert reading.rows == ()
    error = reading.errors[0]
    assert (error.sheet, error.row, error.column, error.title) == ("Hồ sơ", 2, "D", "Số định danh cá nhân")
    assert error.seen == (stored.text if isinstance(stored, Cell) else stored)


def test_people_born_abroad_carry_the_code_of_a_country():
    reading = one(identity="101185000001")
    assert taken(reading).identity_number == "101185000001"
    assert note_codes(reading) == ["identity_country"]


def test_the_list_of_provinces_has_63():
    assert len(PROVINCES) == 63


@pytest.mark.parametrize(
    ("birth", "gender", "digits"), [("01/01/1999", "Nam", "099"), ("01/01/2000", "Nam", "200"), ("31/12/2001", "Nữ", "301")]
)
def test_the_fourth_digit_tells_gender_and_century(birth, gender, digits):
    assert taken(one(birth=birth, gender=gender, identity=f"001{digits}000001")).gender == ("male" if gender == "Nam" else "female")


@given(
    st.sampled_from(sorted(PROVINCES)),
    st.dates(date(1920, 1, 1), date(2015, 12, 31)),
    st.sampled_from(["Nam", "Nữ"]),
    st.integers(0, 999_999),
)
def test_zeros_lost_by_excel_come_back_for_everybody(province, born, gender, rest):
    century_and_gender = 2 * (born.year // 100 - 19) + (gender == "Nữ")
    identity = f"{province}{century_and_gender}{born.year % 100:02d}{rest:06d}"
    row = taken(one(identity=number(str(int(identity))), birth=f"{born:%d/%m}/{born.year}", gender=gender))
    assert row.identity_number == identity


@pytest.mark.parametrize(
    "stored",
    [
        "12/03/1985",
        "12/3/1985",
        "12-03-1985",
        "12.03.1985",
        "1985-03-12",
        "1985-03-12 00:00:00",
        " 12 / 3 / 1985 ",
        "ngày 12 tháng 3 năm 1985",
        day("1985-03-12"),
        day("1985-03-12T07:00:00"),
    ],
)
def test_ways_to_write_a_day(stored):
    assert taken(one(birth=stored)).birth_date == date(1985, 3, 12)


@pytest.mark.parametrize(("date_1904", "serial"), [(False, "31118"), (True, "29656")])
def test_a_bare_serial_is_a_day_and_is_said(date_1904, serial):
    sheet = replace(page(GOOD | {"Ngày sinh": number(serial)}), date_1904=date_1904)
    reading = read_applications(Book((sheet,)), POSITIONS)
    assert taken(reading).birth_date == date(1985, 3, 12)
    assert [(note.code, note.params) for note in reading.notes] == [("applications.date_from_serial", {"value": "12/03/1985"})]


@pytest.mark.parametrize(
    ("stored", "code"),
    [
        ("30/02/1985", "date_impossible"),
        ("29/02/1985", "date_impossible"),
        ("00/03/1985", "date_impossible"),
        ("32/03/1985", "date_impossible"),
        ("12/13/1985", "date_month_first"),
        ("03/25/1985", "date_month_first"),
        ("12/03/85", "date_short_year"),
        ("1985", "date_year_only"),
        (number("1985"), "date_year_only"),
        (number("12031985"), "date_unreadable"),
        (number("31118.5"), "date_unreadable"),
        ("tháng 3/1985", "date_unreadable"),
        ("12/03-1985", "date_unreadable"),
        ("12/03/1885", "date_out_of_range"),
        (day("1905-01-01"), "date_out_of_range"),
        (Cell("", 0, 0, Kind.ERROR, "#VALUE!"), "cell_error"),
        (Cell("", 0, 0, Kind.UNCALCULATED, "", formula=True), "formula_without_value"),
        (Cell("", 0, 0, Kind.BOOLEAN, "true"), "date_unreadable"),
    ],
)
def test_days_that_are_refused(stored, code):
    reading = one(birth=stored)
    assert codes(reading) == [code]
    assert reading.errors[0].column == "B"


def test_where_one_day_has_the_month_first_no_other_short_one_is_trusted():
    second = GOOD | {"Số định danh cá nhân": "001185000002"}
    reading = read(
        GOOD | {"Ngày sinh": "03/25/1985"},
        second | {"Ngày sinh": "03/12/1985"},
        second | {"Ngày sinh": "03/03/1985"},
        second | {"Ngày sinh": "25/12/1985", "Số định danh cá nhân": "001185000003"},
        second | {"Ngày sinh": "1985-03-12", "Số định danh cá nhân": "001185000004"},
    )
    assert codes(reading) == ["date_month_first", "date_ambiguous"]
    assert [row.row for row in reading.rows] == [4, 5, 6]


def test_one_slip_among_good_days_is_an_error_of_its_row_alone():
    days = ["03/25/1985", "03/12/1985", "25/12/1985", "26/12/1985"]
    reading = read(*(GOOD | {"Ngày sinh": day, "Số định danh cá nhân": f"00118500000{index}"} for index, day in enumerate(days)))
    assert codes(reading) == ["date_month_first"]
    assert [row.row for row in reading.rows] == [3, 4, 5]


@pytest.mark.parametrize(
    ("changes", "note", "field", "value"),
    [
        ({"name": unicodedata.normalize("NFD", "Nguyễn Thị Ánh")}, "composed", "full_name", "Nguyễn Thị Ánh"),
        ({"name": "Nguyễn\u00a0Thị  Ánh\u200b"}, "blanks_removed", "full_name", "Nguyễn Thị Ánh"),
        ({"name": "H'Hen Niê"}, None, "full_name", "H'Hen Niê"),
        ({"name": " Nguyễn Thị Ánh "}, None, "full_name", "Nguyễn Thị Ánh"),
        ({"workplace": "Phòng A\nSở B"}, "blanks_removed", "workplace", "Phòng A Sở B"),
        ({"workplace": Cell("", 0, 0, Kind.TEXT, "Phòng A", formula=True)}, "formula_value_taken", "workplace", "Phòng A"),
        ({"phone": number("912345678")}, "phone_zero_restored", "phone", "0912345678"),
        ({"phone": "+84 912 345 678"}, "phone_prefix_replaced", "phone", "0912345678"),
        ({"phone": "0912.345.678"}, None, "phone", "0912345678"),
        ({"phone": "024 3825 1234"}, None, "phone", "02438251234"),
        ({"position": "tp-01"}, "position_matched", "position_code", "TP-01"),
        ({"position": "TP -01"}, "position_matched", "position_code", "TP-01"),
        ({"position": number("7")}, "position_matched", "position_code", "007"),
        ({"years": number("0")}, None, "years_of_service", 0),
        ({"years": "14 năm"}, None, "years_of_service", 14),
        ({"years": "60"}, None, "years_of_service", 60),
        ({"joined": ""}, None, "joined_on", None),
    ],
)
def test_repairs_each_with_a_word(changes, note, field, value):
    reading = one(**changes)
    assert getattr(taken(reading), field) == value
    assert note_codes(reading) == ([note] if note else [])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": ""}, "required"),
        ({"gender": " "}, "required"),
        ({"name": "Nguyễn Văn 2"}, "name_characters"),
        ({"name": "NguyÔn V¨n An"}, "name_characters"),
        ({"name": "NguyÔn An"}, "name_characters"),
        ({"name": "Nguyễn " + "A" * 200}, "too_long"),
        ({"name": day("1985-03-12")}, "date_where_text_belongs"),
        ({"gender": "khác"}, "gender_unknown"),
        ({"gender": number("1")}, "gender_unknown"),
        ({"position": "XX"}, "position_unknown"),
        ({"phone": "12345"}, "phone_invalid"),
        ({"phone": "01612345678"}, "phone_invalid"),
        ({"email": "anh@example"}, "email_invalid"),
        ({"email": "anh@example.vn, b@example.vn"}, "email_invalid"),
        ({"email": "ánh@example.vn"}, "email_invalid"),
        ({"email": "anh@example..vn"}, "email_invalid"),
        ({"years": "61"}, "years_invalid"),
        ({"years": "-1"}, "years_invalid"),
        ({"joined": "31/06/2011"}, "date_impossible"),
        ({"workplace": Cell("", 0, 0, Kind.ERROR, "#REF!")}, "cell_error"),
    ],
)
def test_refusals(changes, code):
    reading = one(**changes)
    assert codes(reading) == [code]
    assert reading.rows == ()


def test_every_error_of_a_row_is_told_at_once():
    reading = one(name="", birth="1985", position="XX", phone="1")
    assert codes(reading) == ["required", "date_year_only", "position_unknown", "phone_invalid"]
    assert [error.column for error in reading.errors] == ["A", "B", "E", "F"]


def test_an_unknown_position_names_the_known_ones():
    assert one(position="XX").errors[0].params == {"known": "007, PTP-02, TP-01"}
