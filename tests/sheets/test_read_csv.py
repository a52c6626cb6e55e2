import unicodedata
from dataclasses import replace

import pytest

from examsite.sheets import LIMITS, Kind, Note
from examsite.sheets.file import book_of

TABLE = "STT,Họ và tên,Ngày sinh\r\n1,Nguyễn Thị Ánh,12/03/1985\r\n2,Đỗ Văn Bường,01/04/1990\r\n"
EXPECTED = [["STT", "Họ và tên", "Ngày sinh"], ["1", "Nguyễn Thị Ánh", "12/03/1985"], ["2", "Đỗ Văn Bường", "01/04/1990"]]


def table(data: bytes) -> list[list[str]]:
    (sheet,) = book_of(data, LIMITS).sheets
    assert {cell.kind for cell in sheet.cells} == {Kind.TEXT}
    return [[cell.text for cell in row.values()] for row in sheet.rows().values()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators(encoding, separator):
    assert table(TABLE.replace(",", separator).encode(encoding)) == EXPECTED


def test_utf_16_without_a_mark_is_noted():
    assert book_of(TABLE.encode("utf-16-le"), LIMITS).notes == (Note("sheets.read_as", {"encoding": "UTF-16"}),)
    assert book_of(TABLE.encode("utf-16"), LIMITS).notes == ()


def windows_1258(text: str) -> bytes:
    """Each tone as a byte of its own, as that encoding has it."""
    for vowel in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY":
        for mark in "\u0300\u0301\u0303\u0309\u0323":
            composed = unicodedata.normalize("NFC", vowel + mark)
            text = text.replace(composed, vowel + mark)
    return text.encode("cp1258")


def test_windows_1258_is_read_where_it_is_unmistakable():
    data = windows_1258(TABLE)
    assert table(data) == EXPECTED
    assert book_of(data, LIMITS).notes == (Note("sheets.read_as", {"encoding": "Windows-1258"}),)


TCVN3 = b"STT,H\xe4 v\xb5 t\xaan,Ng\xb5y sinh\r\n1,Nguy\xd4n Th\xde Chi,12/03/1985\r\n"
VISCII = b"STT,H\xf7 v\xe0 t\xean,Ng\xe0y sinh\r\n1,Nguy\xaen Th\xb8 \xc1nh,12/03/1985\r\n"
ONE_LETTER = b"STT,Ten\r\n1,\xd0ao Thi An\r\n"


@pytest.mark.parametrize("data", [TCVN3, VISCII, ONE_LETTER, "STT,Tên\r\n1,José Müñoz\r\n".encode("latin-1")])
def test_encodings_that_cannot_be_told_apart_are_refused(refusal, data):
    code, params = refusal(data)
    assert code == "sheets.old_encoding"
    assert params["row"] in (1, 2)


def test_letters_lost_before_saving_are_refused(refusal):
    assert refusal("STT,Tên\n1,Nguy\ufffdn An\n".encode()) == ("sheets.lost_letters", {"row": 2})


def test_quoted_fields_keep_separators_line_ends_and_quotation_marks():
    assert table(b'a;b\r\n"x; y";"line 1\nline 2 ""q"""\r\nlast;1\r\n') == [["a", "b"], ["x; y", 'line 1\nline 2 "q"'], ["last", "1"]]


def test_a_separator_named_in_the_first_line():
    (sheet,) = book_of(b"sep=;\r\na;b,c\r\n", LIMITS).sheets
    assert [(cell.reference, cell.text) for cell in sheet.cells] == [("A2", "a"), ("B2", "b,c")]


def test_blank_lines_and_fields_keep_the_row_numbers():
    (sheet,) = book_of(b"a,b\n\n,,\n1,,2\n\n\n", LIMITS).sheets
    assert [cell.reference for cell in sheet.cells] == ["A1", "B1", "A4", "C4"]


def test_commas_inside_texts_do_not_beat_the_real_separator():
    text = "Tên;Đơn vị\nAn;Phòng A, Sở B\nChi;Phòng C, Sở D\n"
    assert table(text.encode()) == [["Tên", "Đơn vị"], ["An", "Phòng A, Sở B"], ["Chi", "Phòng C, Sở D"]]


def test_an_unclear_separator_is_refused(refusal):
    assert refusal(b"a;b,c\n1;2,3\n")[0] == "sheets.separator_unclear"


def test_one_column_needs_no_separator():
    assert table("Họ và tên\nAn\n".encode()) == [["Họ và tên"], ["An"]]


def test_an_open_quotation_mark_is_refused(refusal):
    code, params = refusal(b'a,b\n1,2\n"3,4\n5,6\n')
    assert (code, params["row"]) == ("sheets.quotation_marks", 3)


@pytest.mark.parametrize("data", [b"a\x01b,c\n", b"\x00\x00\x01\x02\x03", b"\xff\xfea"])
def test_what_is_no_text_is_refused(refusal, data):
    assert refusal(data)[0] == "sheets.not_a_table"


def test_limits(refusal):
    small = replace(LIMITS, rows=2, columns=2, cell_characters=3)
    assert len(book_of(b"a,b\n1,2\n\n,,,\n", small).sheets[0].cells) == 4
    assert refusal(b"a,b\n1,2\n3,4\n", small) == ("sheets.too_many_rows", {"sheet": "", "row": 3, "limit": 2})
    assert refusal(b"a,b,c\n", small) == ("sheets.too_many_columns", {"sheet": "", "column": 3, "limit": 2})
    assert refusal(b"a,bbbb\n", small) == ("sheets.cell_too_long", {"sheet": "", "row": 1, "limit": 3})
    assert refusal(b"a,b\n1,2\n", replace(LIMITS, cells=3))[0] == "sheets.too_many_cells"
