from datetime import date
from decimal import Decimal
from io import BytesIO

import openpyxl

from examsite import sheets
from examsite.sheets import Kind
from examsite.sheets.writing import NewSheet, Template, TemplateColumn, TemplateNames, template, write_xlsx

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=cmd|'/c calc'!A1", "#N/A", "{=1}"]


def test_no_text_becomes_a_formula_in_xlsx():
    data = write_xlsx([NewSheet("Danh sách", ["=A", "B"], [[text, "x"] for text in DANGEROUS])])
    (sheet,) = sheets.read(data).sheets
    assert [cell.text.replace("\r", "\n") for cell in sheet.cells if cell.column == 1] == [
        "=A",
        *[text.replace("\r", "\n") for text in DANGEROUS],
    ]
    assert {(cell.kind, cell.formula) for cell in sheet.cells} == {(Kind.TEXT, False)}
    page = openpyxl.load_workbook(BytesIO(data)).active
    assert {cell.data_type for row in page for cell in row} <= {"s", "inlineStr"}
    assert page["A2"].quotePrefix


def test_values_widths_and_the_frozen_header_in_xlsx():
    rows = [["Ánh", 7, Decimal("49.95"), date(1985, 3, 12), None, "bell \x07"]]
    data = write_xlsx(
        [NewSheet("a/b: [tên] rất rất rất rất rất dài", list("ABCDEF"), rows, [30, 5], above=[["Tiêu đề"]]), NewSheet("Hai", ["x"], [])]
    )
    first, second = sheets.read(data).sheets
    assert first.name == "a b   tên  rất rất rất rất rất "[:31]
    assert second.name == "Hai"
    assert [(cell.reference, cell.kind, cell.text) for cell in first.cells if cell.row == 3] == [
        ("A3", Kind.TEXT, "Ánh"),
        ("B3", Kind.NUMBER, "7"),
        ("C3", Kind.NUMBER, "49.95"),
        ("D3", Kind.DATE, "1985-03-12"),
        ("F3", Kind.TEXT, "bell \ufffd"),
    ]
    page = openpyxl.load_workbook(BytesIO(data)).worksheets[0]
    assert page.freeze_panes == "A3"
    assert [page.column_dimensions[letter].width for letter in "ABC"] == [30, 5, 18]


def test_a_template_has_an_empty_table_of_text_cells_an_example_and_notes():
    columns = [TemplateColumn("Họ và tên", 30), TemplateColumn("Số định danh", 16)]
    data = template(
        Template(TemplateNames("Dữ liệu", "Ví dụ", "Ghi chú"), columns, [["Lê Chi", "001185000001"]], ["Một", "Hai"], above=[["mẫu", 1]])
    )
    table, example, notes = sheets.read(data).sheets
    assert [(cell.reference, cell.text) for cell in table.cells] == [
        ("A1", "mẫu"),
        ("B1", "1"),
        ("A2", "Họ và tên"),
        ("B2", "Số định danh"),
    ]
    assert [cell.text for cell in example.cells if cell.row == 3] == ["Lê Chi", "001185000001"]
    assert [cell.text for cell in notes.cells] == ["Một", "Hai"]
    page = openpyxl.load_workbook(BytesIO(data)).worksheets[0]
    assert {cell.number_format for row in page.iter_rows(min_row=3, max_row=1000, max_col=2) for cell in row} == {"@"}
    assert page.freeze_panes == "A3"
