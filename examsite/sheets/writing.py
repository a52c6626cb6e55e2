"""Writes XLSX in which no cell can ever run as a formula."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from examsite.sheets.values import LONGEST_TEXT, Value

STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""Spreadsheets read `_x0041_` as the character A; its first sign has to be written in the same way."""
NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")
LONGEST_SHEET_NAME = 31
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
    """A column of a template; its empty cells are set to text, so that the program keeps leading zeros as typed.

    `choices` are offered as a drop-down list; another value is taken after a warning.
    """

    title: str
    width: int = DEFAULT_WIDTH
    choices: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class TemplateNames:
    """What the sheets of a template are called; that of the choices is written only where a column has some."""

    data: str
    example: str
    notes: str
    choices: str = "Choices"


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


def template(wanted: Template) -> bytes:
    """An XLSX template with its sheets."""
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
    _offer_choices(workbook, data, wanted, first)
    return _saved(workbook)


def _offer_choices(workbook: Workbook, data: Worksheet, wanted: Template, first: int) -> None:
    """A drop-down list refers to a sheet of its own: written into the rule itself, its values may not exceed 255 characters."""
    chosen = [(place, column) for place, column in enumerate(wanted.columns, start=1) if column.choices]
    if not chosen:
        return
    longest = max(len(column.choices) for _place, column in chosen)
    rows = [[column.choices[row] if row < len(column.choices) else None for _place, column in chosen] for row in range(longest)]
    titles, widths = [column.title for _place, column in chosen], [column.width for _place, column in chosen]
    page = _write_sheet(workbook, NewSheet(wanted.names.choices, titles, rows, widths))
    for number, (place, column) in enumerate(chosen, start=1):
        letter, target = get_column_letter(number), get_column_letter(place)
        area = f"{quote_sheetname(page.title)}!${letter}$2:${letter}${len(column.choices) + 1}"
        rule = DataValidation(type="list", formula1=area, allow_blank=True, errorStyle="warning", showErrorMessage=True)
        rule.add(f"{target}{first}:{target}{first + TEMPLATE_ROWS - 1}")
        data.add_data_validation(rule)


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
    text = LOOKS_ESCAPED.sub("_x005F_", ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)[:LONGEST_TEXT])
    cell = WriteOnlyCell(page, value=text)
    cell.data_type = "s"  # a text that starts with = was taken for a formula
    cell.number_format = AS_TEXT
    if text.startswith(STARTS_FORMULA):
        cell.quotePrefix = True  # keeps it text when somebody edits the cell
    return cell


def _sheet_name(name: str) -> str:
    return NOT_IN_SHEET_NAMES.sub(" ", name).strip("' ")[:LONGEST_SHEET_NAME] or "Sheet"
