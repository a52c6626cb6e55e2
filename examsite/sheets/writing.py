"""Writes XLSX and CSV in which no cell can ever run as a formula."""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | Decimal | date | None

STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")
LONGEST_SHEET_NAME = 31
LONGEST_TEXT = 32_767
DEFAULT_WIDTH = 18
HEADER_FILL = PatternFill("solid", fgColor="FFE8EDF3")
AS_TEXT = "@"
TEMPLATE_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class NewSheet:
    """A sheet to write: lines above the table, the header (kept in view while scrolling), the rows, the widths in characters."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Value]]
    widths: Sequence[int] = ()
    above: Sequence[Sequence[Value]] = ()


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """A column of a template; its empty cells are set to text, so that the program keeps leading zeros as typed."""

    title: str
    width: int = DEFAULT_WIDTH


@dataclass(frozen=True, slots=True)
class TemplateNames:
    """What the three sheets of a template are called."""

    data: str
    example: str
    notes: str


@dataclass(frozen=True, slots=True)
class Template:
    """A file to fill in: an empty table, an example that is not read back, and notes for the person."""

    names: TemplateNames
    columns: Sequence[TemplateColumn]
    examples: Sequence[Sequence[Value]]
    notes: Sequence[str]
    above: Sequence[Sequence[Value]] = field(default=())


def write_xlsx(sheets: Sequence[NewSheet]) -> bytes:
    """An XLSX file. Texts are stored as texts whatever they start with; characters XML cannot hold become U+FFFD."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for sheet in sheets:
        _write_sheet(workbook, sheet)
    return _saved(workbook)


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """A CSV file as Excel opens it best (UTF-8 with mark, commas). Texts that a program would run get a leading quotation sign."""
    target = StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow([_harmless(title) for title in header])
    writer.writerows([_harmless(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + target.getvalue().encode("utf-8")


def template(wanted: Template) -> bytes:
    """An XLSX template with its three sheets."""
    titles = [column.title for column in wanted.columns]
    widths = [column.width for column in wanted.columns]
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    data = _write_sheet(workbook, NewSheet(wanted.names.data, titles, (), widths, wanted.above))
    first = len(wanted.above) + 2
    for row in data.iter_rows(min_row=first, max_row=first + TEMPLATE_ROWS - 1, max_col=len(titles)):
        for cell in row:
            cell.number_format = AS_TEXT
    _write_sheet(workbook, NewSheet(wanted.names.example, titles, wanted.examples, widths, wanted.above))
    _write_sheet(workbook, NewSheet(wanted.names.notes, (), [[note] for note in wanted.notes], [100]))
    return _saved(workbook)


def _saved(workbook: Workbook) -> bytes:
    target = BytesIO()
    workbook.save(target)
    return target.getvalue()


def _write_sheet(workbook: Workbook, sheet: NewSheet) -> Worksheet:
    page: Worksheet = workbook.create_sheet(_sheet_name(sheet.name))
    for line in sheet.above:
        _append(page, line)
    if sheet.header:
        _append(page, sheet.header)
        _dress_header(page, page.max_row)
    for row in sheet.rows:
        _append(page, row)
    for index in range(1, max(len(sheet.header), len(sheet.widths)) + 1):
        page.column_dimensions[get_column_letter(index)].width = sheet.widths[index - 1] if index <= len(sheet.widths) else DEFAULT_WIDTH
    return page


def _dress_header(page: Worksheet, row: int) -> None:
    for cell in page[row]:
        cell.font = Font(bold=True)
        cell.fill = HEADER_FILL
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    page.freeze_panes = f"A{row + 1}"


def _append(page: Worksheet, values: Sequence[Value]) -> None:
    page.append([_cell(page, value) for value in values])


def _cell(page: Worksheet, value: Value) -> Cell:
    if not isinstance(value, str):
        cell = WriteOnlyCell(page)
        cell.value = value
        if isinstance(value, date):
            cell.number_format = "dd/mm/yyyy"
        return cell
    text = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)[:LONGEST_TEXT]
    cell = WriteOnlyCell(page, value=text)
    cell.data_type = "s"  # a text that starts with = was taken for a formula
    cell.number_format = AS_TEXT
    if text.startswith(STARTS_FORMULA):
        cell.quotePrefix = True  # keeps it text when somebody edits the cell
    return cell


def _sheet_name(name: str) -> str:
    return NOT_IN_SHEET_NAMES.sub(" ", name).strip("' ")[:LONGEST_SHEET_NAME] or "Sheet"


def _harmless(value: Value) -> Value:
    return f"'{value}" if isinstance(value, str) and value.startswith(STARTS_FORMULA) else value
