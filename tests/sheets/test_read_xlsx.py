from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.formula import ArrayFormula

from examsite import sheets
from examsite.sheets import LIMITS, Area, Kind
from examsite.sheets.file import book_of
from examsite.sheets.writing import NewSheet, write_xlsx

STYLES = (
    '<numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" formatCode="000000000000"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="30"/><xf numFmtId="22"/></cellXfs>'
)


def only(data: bytes) -> sheets.Sheet:
    (sheet,) = book_of(data, LIMITS).sheets
    return sheet


def values(data: bytes) -> list[tuple[str, Kind, str]]:
    return [(cell.reference, cell.kind, cell.text) for cell in only(data).cells]


def test_texts_inline_shared_and_in_runs_come_out_as_stored(raw_xlsx):
    shared = (
        '<si><t xml:space="preserve"> Nguyễn  An </t></si>'
        '<si><r><rPr><b/></rPr><t>Trần </t></r><r><t>Bình</t></r><rPh sb="0" eb="1"><t>not this</t></rPh></si>'
        "<si><t>a_x000D_b</t></si>"
    )
    body = (
        '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c>'
        '<c r="D1" t="inlineStr"><is><r><t>Lê </t></r><r><t>Chi</t></r></is></c></row></sheetData>'
    )
    assert values(raw_xlsx(body, shared=shared)) == [
        ("A1", Kind.TEXT, " Nguyễn  An "),
        ("B1", Kind.TEXT, "Trần Bình"),
        ("C1", Kind.TEXT, "a\rb"),
        ("D1", Kind.TEXT, "Lê Chi"),
    ]


def test_an_escape_of_what_no_text_holds_stays_as_it_stands(raw_xlsx):
    escapes = ["_x0000_", "_x0001_", "_x007F_", "_xD800_", "_xDFFF_", "_xFFFE_", "_xffff_", "_xFDD0_"]
    cells = "".join(f'<c r="{"ABCDEFGH"[place]}1" t="inlineStr"><is><t>a{one}b</t></is></c>' for place, one in enumerate(escapes))
    assert [text for _, _, text in values(raw_xlsx(f'<sheetData><row r="1">{cells}</row></sheetData>'))] == [f"a{one}b" for one in escapes]
    kept = '<c r="A1" t="inlineStr"><is><t>_x0009_a_x000A_b_x00e1_</t></is></c>'
    assert values(raw_xlsx(f'<sheetData><row r="1">{kept}</row></sheetData>')) == [("A1", Kind.TEXT, "\ta\nbá")]


def test_numbers_keep_their_digits_and_format(raw_xlsx):
    cells = '<c r="C2" s="2"><v>1085012345</v></c><c r="D2"><v>1.085012345E9</v></c><c r="E2"><v>0.5</v></c>'
    body = f'<sheetData><row r="2">{cells}</row></sheetData>'
    first, second, third = only(raw_xlsx(body, styles=STYLES)).cells
    assert (first.text, first.number_format, first.whole_number) == ("1085012345", "000000000000", 1_085_012_345)
    assert (second.text, second.whole_number) == ("1.085012345E9", 1_085_012_345)
    assert third.whole_number is None
    assert {cell.kind for cell in (first, second, third)} == {Kind.NUMBER}


@pytest.mark.parametrize(
    ("serial", "style", "date_1904", "day"),
    [
        ("31118", 1, False, date(1985, 3, 12)),
        ("29656", 1, True, date(1985, 3, 12)),
        ("1", 1, False, date(1900, 1, 1)),
        ("59", 1, False, date(1900, 2, 28)),
        ("61", 1, False, date(1900, 3, 1)),
        ("0", 1, True, date(1904, 1, 1)),
        ("31118.25", 4, False, date(1985, 3, 12)),
        ("31118", 3, False, date(1985, 3, 12)),
        ("2958465", 1, False, date(9999, 12, 31)),
    ],
)
def test_date_serials_in_both_systems(raw_xlsx, serial, style, date_1904, day):
    workbook = f'<workbookPr date1904="{int(date_1904)}"/><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets>'
    body = f'<sheetData><row r="1"><c r="A1" s="{style}"><v>{serial}</v></c></row></sheetData>'
    (cell,) = only(raw_xlsx(body, styles=STYLES, workbook=workbook)).cells
    assert (cell.kind, cell.day) == (Kind.DATE, day)


@pytest.mark.parametrize("serial", ["60", "0", "-5", "2958466", "99999999"])
def test_a_serial_that_names_no_day_stays_a_number(raw_xlsx, serial):
    body = f'<sheetData><row r="1"><c r="A1" s="1"><v>{serial}</v></c></row></sheetData>'
    (cell,) = only(raw_xlsx(body, styles=STYLES)).cells
    assert (cell.kind, cell.text, cell.day) == (Kind.NUMBER, serial, None)


def test_booleans_errors_iso_dates_and_formulas(raw_xlsx):
    body = (
        '<sheetData><row r="1"><c r="A1" t="b"><v>1</v></c><c r="B1" t="e"><v>#N/A</v></c><c r="C1" t="d"><v>1985-03-12</v></c>'
        '<c r="D1" t="str"><f>UPPER("an")</f><v>AN</v></c><c r="E1"><f>1+1</f><v>2</v></c><c r="F1"><f>1+1</f></c></row></sheetData>'
    )
    cells = only(raw_xlsx(body)).cells
    assert [(cell.kind, cell.text, cell.formula) for cell in cells] == [
        (Kind.BOOLEAN, "true", False),
        (Kind.ERROR, "#N/A", False),
        (Kind.DATE, "1985-03-12", False),
        (Kind.TEXT, "AN", True),
        (Kind.NUMBER, "2", True),
        (Kind.UNCALCULATED, "", True),
    ]


def test_rows_and_cells_without_references_are_counted(raw_xlsx):
    body = (
        "<sheetData><row><c><v>1</v></c><c/><c><v>2</v></c></row>"
        '<row r="4"><c r="B4"><v>3</v></c><c><v>4</v></c></row><row><c><v>5</v></c></row></sheetData>'
    )
    assert [(cell.reference, cell.text) for cell in only(raw_xlsx(body)).cells] == [
        ("A1", "1"),
        ("C1", "2"),
        ("B4", "3"),
        ("C4", "4"),
        ("A5", "5"),
    ]


def test_styles_down_to_the_last_row_and_column_are_no_data(raw_xlsx):
    """What LibreOffice saves after a whole column, a whole row or the whole sheet was formatted."""
    body = (
        '<sheetPr filterMode="false"/><dimension ref="A1:B1048576"/><cols><col min="1" max="16384" style="1" width="11.5"/></cols>'
        '<sheetData><row r="1" customFormat="true" s="1" spans="1:16384"><c r="A1" s="1" t="inlineStr"><is><t>An</t></is></c>'
        '<c r="XFD1" s="1"/></row><row r="1048575" hidden="false" ht="12.8"/>'
        '<row r="1048576" ht="12.8"><c r="A1048576" s="1"/></row></sheetData>'
    )
    assert values(raw_xlsx(body, styles=STYLES)) == [("A1", Kind.TEXT, "An")]


def test_merged_areas_hidden_sheets_and_hidden_rows(raw_xlsx):
    body = (
        '<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="2" hidden="1"><c r="A2"><v>2</v></c></row>'
        '<row r="3" hidden="1"/></sheetData>'
        '<mergeCells count="1"><mergeCell ref="A1:$C$2"/></mergeCells>'
    )
    workbook = '<sheets><sheet name="Một" sheetId="1" r:id="rId1"/><sheet name="Hai" sheetId="2" state="veryHidden" r:id="rId2"/></sheets>'
    second = (
        '<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData>'
        '<x:row r="1"><x:c r="A1"><x:v>9</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    one, two = book_of(raw_xlsx(body, workbook=workbook, more={"xl/worksheets/sheet2.xml": second}), LIMITS).sheets
    assert (one.name, one.hidden, one.merged, one.hidden_rows) == ("Một", False, (Area(1, 1, 2, 3),), frozenset({2}))
    assert one.merged[0].covers(2, 3)
    assert not one.merged[0].covers(3, 3)
    assert (two.name, two.hidden, two.cells[0].text) == ("Hai", True, "9")


def test_a_file_saved_by_openpyxl(raw_xlsx):
    workbook = Workbook()
    page = workbook.active
    page.title = "Dữ liệu"
    page.append(["Họ và tên", 12, date(1985, 3, 12), datetime.fromisoformat("1985-03-12T06:00"), True, "=1+1", None])
    page["H1"] = ArrayFormula("H1", "=SUM(B1:B1)")
    target = BytesIO()
    workbook.save(target)
    sheet = only(target.getvalue())
    assert sheet.name == "Dữ liệu"
    assert [(cell.letter, cell.kind, cell.text) for cell in sheet.cells] == [
        ("A", Kind.TEXT, "Họ và tên"),
        ("B", Kind.NUMBER, "12"),
        ("C", Kind.DATE, "1985-03-12"),
        ("D", Kind.DATE, "1985-03-12T06:00:00"),
        ("E", Kind.BOOLEAN, "true"),
        ("F", Kind.UNCALCULATED, ""),
        ("H", Kind.UNCALCULATED, ""),
    ]


def test_five_thousand_rows_fit_the_limits():
    data = write_xlsx([NewSheet("Hồ sơ", ["STT", *"ABCDEFGHIJKLMN"], [[n, *["Nguyễn Văn A"] * 14] for n in range(5_000)])])
    assert len(only(data).cells) == 5_001 * 15
