import zipfile
from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest

from examsite.sheets import LIMITS
from examsite.sheets.file import book_of


def one_cell(reference: str, row: int) -> str:
    return f'<sheetData><row r="{row}"><c r="{reference}"><v>1</v></c></row></sheetData>'


def test_openpyxl_itself_uses_defusedxml():
    assert openpyxl.DEFUSEDXML


@pytest.mark.parametrize(
    ("reference", "row", "code"),
    [("A20000", 20_000, None), ("A20001", 20_001, "sheets.too_many_rows"), ("CV1", 1, None), ("CW1", 1, "sheets.too_many_columns")],
)
def test_raw_row_and_column_numbers_are_capped(raw_xlsx, refusal, reference, row, code):
    data = raw_xlsx(one_cell(reference, row))
    if code is None:
        assert book_of(data, LIMITS).sheets[0].cells[0].reference == reference
    else:
        assert refusal(data)[0] == code


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A2"><v>1</v></c></row>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        '<row r="2"/><row r="1"/>',
        '<row r="0"/>',
        '<row r="-1"/>',
        '<row r="1048577"/>',
        f'<row r="{"9" * 5000}"/>',
        '<row r="1"><c r="XFE1"><v>1</v></c></row>',
        '<row r="1"><c r="1A"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>0</v></c></row>',
        f'<row r="1"><c r="A1" t="s"><v>{"9" * 5000}</v></c></row>',
        '<row r="1"><c r="A1"><v>nan</v></c></row>',
        '<row r="1"><c r="A1"><v>1e999999999</v></c></row>',
        '<row r="1"><c r="A1" t="d"><v>yesterday</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></row>',
    ],
)
def test_a_sheet_that_contradicts_itself_is_damaged(raw_xlsx, refusal, rows):
    assert refusal(raw_xlsx(f"<sheetData>{rows}</sheetData>"))[0] == "sheets.damaged"


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet><sheetData>&b;</sheetData></worksheet>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>'
OUTSIDE = '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><worksheet/>'


@pytest.mark.parametrize("xml", [BOMB, EXTERNAL, OUTSIDE])
@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", "_rels/.rels"])
def test_entities_and_document_types_are_refused_in_every_part(raw_xlsx, refusal, name, xml):
    assert refusal(raw_xlsx(one_cell("A1", 1), more={name: xml}))[0] == "sheets.xml_forbidden"


def test_many_members(raw_xlsx, refusal):
    data = raw_xlsx("", more={f"xl/media/{number}": "" for number in range(200)})
    assert refusal(data)[0] == "sheets.zip_members"


def test_a_member_that_unpacks_to_far_more_than_it_weighs(raw_xlsx, refusal):
    assert refusal(raw_xlsx("", more={"xl/media/x": "0" * 2_000_000}))[0] == "sheets.zip_ratio"


def test_members_that_declare_too_much_in_sum(raw_xlsx, refusal):
    small = replace(LIMITS, zip_bytes=10_000)
    assert refusal(raw_xlsx("", more={"xl/media/x": "0" * 20_000}), small)[0] == "sheets.zip_bytes"


@pytest.mark.parametrize("name", ["../evil", "xl/../../evil", "/etc/passwd", "xl\\..\\evil"])
def test_members_that_point_outside(raw_xlsx, refusal, name):
    assert refusal(raw_xlsx("", more={name: "x"}))[0] == "sheets.zip_path"


def test_a_symbolic_link(raw_xlsx, refusal):
    target = BytesIO(raw_xlsx(""))
    with zipfile.ZipFile(target, "a") as archive:
        link = zipfile.ZipInfo("xl/link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert refusal(target.getvalue())[0] == "sheets.zip_path"


def test_members_that_share_their_bytes(raw_xlsx, refusal):
    target = BytesIO(raw_xlsx(one_cell("A1", 1)))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/media/x", "0" * 500)
        archive.filelist[-1].header_offset = archive.filelist[0].header_offset
    assert refusal(target.getvalue())[0] == "sheets.zip_overlap"


def test_a_truncated_and_a_corrupted_file(raw_xlsx, refusal):
    data = raw_xlsx(one_cell("A1", 1))
    assert refusal(data[: len(data) // 2])[0] == "sheets.damaged"
    place = data.index(b"xl/worksheets/sheet1.xml") + 30
    assert refusal(data[:place] + bytes(byte ^ 0x55 for byte in data[place : place + 20]) + data[place + 20 :])[0] == "sheets.damaged"


def test_too_many_cells_and_too_much_text(raw_xlsx, refusal):
    body = "<sheetData>" + "<row><c><v>1</v></c><c><v>22</v></c></row>" * 5 + "</sheetData>"
    assert refusal(raw_xlsx(body), replace(LIMITS, cells=9))[0] == "sheets.too_many_cells"
    assert refusal(raw_xlsx(body), replace(LIMITS, characters=14))[0] == "sheets.too_much_text"
    assert len(book_of(raw_xlsx(body), replace(LIMITS, cells=10, characters=15)).sheets[0].cells) == 10


def test_one_long_text_that_every_cell_repeats(raw_xlsx, refusal):
    body = "<sheetData>" + "<row><c t='s'><v>0</v></c></row>" * 400 + "</sheetData>"
    assert refusal(raw_xlsx(body, shared=f"<si><t>{'a' * 32_000}</t></si>"))[0] == "sheets.too_much_text"


def test_a_text_longer_than_any_cell(raw_xlsx, refusal):
    body = f'<sheetData><row r="3"><c t="inlineStr"><is><t>{"a" * 32_768}</t></is></c></row></sheetData>'
    assert refusal(raw_xlsx(body)) == ("sheets.cell_too_long", {"sheet": "Hồ sơ", "row": 3, "limit": 32_767})


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "sheets.empty_file"),
        (b"  \r\n ", "sheets.empty_file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "Workbook".encode("utf-16-le"), "sheets.legacy_xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "sheets.encrypted"),
        (b"<html><body><table><tr><td>1</td></tr></table>", "sheets.web_page"),
        (b"\xef\xbb\xbf\r\n <!DOCTYPE html>", "sheets.web_page"),
        ("\ufeff<table>".encode("utf-16-le"), "sheets.web_page"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "sheets.web_page"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "sheets.web_page"),
        (b"%PDF-1.7\n", "sheets.not_a_table"),
        (b"\x89PNG\r\n\x1a\n", "sheets.not_a_table"),
        (b"PK\x03\x04 and then nothing", "sheets.damaged"),
    ],
)
def test_other_kinds_of_file_are_named(refusal, data, code):
    assert refusal(data)[0] == code


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["mimetype", "content.xml", "META-INF/manifest.xml"], "sheets.open_document"),
        (["[Content_Types].xml", "_rels/.rels", "xl/workbook.bin"], "sheets.binary_xlsb"),
        (["[Content_Types].xml", "_rels/.rels", "word/document.xml"], "sheets.not_a_workbook"),
        (["photo.jpg"], "sheets.not_a_workbook"),
    ],
)
def test_other_zips_are_named(raw_zip, refusal, names, code):
    assert refusal(raw_zip(dict.fromkeys(names, "x")))[0] == code
