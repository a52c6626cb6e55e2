"""From the sheets of a file to the rows of a list, with every error and repair by sheet, row and column."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from examsite.lists.columns import COUNTER, Column, Header, Table, holds_data
from examsite.lists.findings import Finding, Findings, ListReading, Param, R, Unusable, in_order
from examsite.lists.values import Say
from examsite.sheets import Area, Book, Cell, Sheet, column_letter

MOST_MERGED_CELLS_NAMED = 5_000
Value = TypeVar("Value")


@dataclass(frozen=True)
class Unique(Generic[R]):
    """What only one row of a file may have: rows that share `value` are errors of each of them, told with `code` at `column`."""

    value: Callable[[R], str]
    column: str
    code: str


@dataclass(slots=True)
class Row:
    """One row of the table: gives the value of a column, or None after an error was recorded."""

    sheet: str
    number: int
    cells: dict[str, tuple[Cell, str]]
    findings: Findings
    failed: bool = False

    def take(self, name: str, read: Callable[[Cell, Say], Value]) -> Value | None:
        """None for an absent cell too; required columns were looked at before."""
        if name not in self.cells:
            return None
        cell, title = self.cells[name]

        def say(code: str, **params: Param) -> None:
            self.findings.remark(cell, title, code, params)

        try:
            return read(cell, say)
        except Unusable as reason:
            self.findings.refuse(cell, title, reason.code, reason.params)
            self.failed = True
            return None


class FoundTable:
    """The table of one sheet: its header, and of each row the cells of known columns by their names."""

    def __init__(self, sheet: Sheet, header: Header) -> None:
        self.sheet, self.header = sheet, header
        self.columns = {column.name: column for column in header.known.values()}
        self.rows = {number: self._known_cells(cells) for number, cells in sheet.rows().items() if number > header.row}
        self._merged = _merged_cells(sheet.merged, sorted(self.rows), header.known)

    def column(self, name: str) -> Iterator[Cell]:
        """The filled cells of one column."""
        return (row[name][0] for row in self.rows.values() if name in row)

    def filled(self, findings: Findings) -> Iterator[Row]:
        """The rows that hold something besides their number; blank and hidden ones are told."""
        for number, cells in self.rows.items():
            if cells.keys() - {COUNTER}:
                row = Row(self.sheet.name, number, cells, findings)
                if number in self.sheet.hidden_rows:
                    findings.remark_place(self.sheet.name, number, "lists.row_hidden")
                self._check_blanks(row)
                yield row

    def _known_cells(self, cells: dict[int, Cell]) -> dict[str, tuple[Cell, str]]:
        return {
            column.name: (cells[number], self.header.titles[number])
            for number, column in self.header.known.items()
            if number in cells and (cells[number].text.strip() or cells[number].formula)
        }

    def _check_blanks(self, row: Row) -> None:
        """A merged cell fills only its first row; the others look filled to the eye and are not."""
        for number, column in self.header.known.items():
            if column.name in row.cells or column.name == COUNTER:
                continue
            area = self._merged.get((row.number, number))
            if area is None and not column.required:
                continue
            title, where = self.header.titles[number], (self.sheet.name, row.number)
            if area is not None:
                row.findings.refuse_place(*where, "lists.merged", column=number, title=title, first=area.top, last=area.bottom)
            else:
                row.findings.refuse_place(*where, "lists.required", column=number, title=title)
            row.failed = True


RowReader = Callable[[Row], R | None]


def read_list(
    book: Book, table: Table, reader_of: Callable[[FoundTable], RowReader[R]], unique: Sequence[Unique[R]] = ()
) -> ListReading[R]:
    """Every row of a list.

    `reader_of` is given each table that was found and answers with the reader of its rows; a reader gives the row, or None after
    it had an error recorded. All visible sheets with a table are read, the other sheets of a template are not; hidden sheets, sheets
    without a table, hidden rows and unknown columns are noted. Nothing is raised: what is wrong is in `errors`, and such rows are
    not in `rows`.
    """
    findings = Findings([], [])
    rows: list[R] = []
    seen = 0
    found = [one for one in _tables(book, table, findings) if _header_is_usable(*one, table, findings)]
    for sheet, header in found:
        one = FoundTable(sheet, header)
        read = reader_of(one)
        for row in one.filled(findings):
            seen += 1
            value = read(row)
            if value is not None and not row.failed:
                rows.append(value)
    if not seen and not findings.errors:
        code = "lists.no_rows" if found else "lists.no_table"
        findings.refuse_place(book.sheets[0].name if book.sheets else "", 0, code)
    columns = {
        (sheet.name, column.name): (column_letter(number), header.titles[number])
        for sheet, header in found
        for number, column in header.known.items()
    }
    reading = ListReading(tuple(rows), tuple(findings.errors), tuple(findings.notes), seen, columns)
    for rule in unique:
        reading = _without_doubles(reading, rule)
    return ListReading(reading.rows, in_order(book, reading.errors), in_order(book, reading.notes), seen, columns)


def _tables(book: Book, table: Table, findings: Findings) -> Iterator[tuple[Sheet, Header]]:
    for sheet in filter(holds_data, book.sheets):
        header = table.header_of(sheet)
        if header is None:
            findings.remark_place(sheet.name, 0, "lists.sheet_without_table")
        elif sheet.hidden:
            findings.remark_place(sheet.name, 0, "lists.sheet_hidden")
        else:
            yield sheet, header


def _header_is_usable(sheet: Sheet, header: Header, table: Table, findings: Findings) -> bool:
    missing = table.missing(header)
    for column in missing:
        findings.refuse_place(sheet.name, header.row, "lists.column_missing", wanted=column.headers[0], wanted_en=column.headers[1])
    for first, second in header.doubles:
        told = {"first": header.titles[first]}
        findings.refuse_place(sheet.name, header.row, "lists.column_twice", column=second, title=header.titles[second], **told)
    for number in header.unknown:
        findings.remark_place(sheet.name, header.row, "lists.column_unknown", column=number, title=header.titles[number])
    return not missing and not header.doubles


def _without_doubles(reading: ListReading[R], rule: Unique[R]) -> ListReading[R]:
    groups: dict[str, list[R]] = defaultdict(list)
    for row in reading.rows:
        groups[rule.value(row)].append(row)
    errors: list[Finding] = []
    for value, same in groups.items():
        for row in same if len(same) > 1 else ():
            others = ", ".join(f"{other.sheet} {other.row}".strip() for other in same if other is not row)
            errors.append(reading.about(row, rule.column, rule.code, value, rows=others, value=value))
    single = tuple(row for row in reading.rows if len(groups[rule.value(row)]) == 1)
    return ListReading(single, (*reading.errors, *errors), reading.notes, reading.rows_seen, reading.columns)


def _merged_cells(areas: tuple[Area, ...], rows: list[int], known: dict[int, Column]) -> dict[tuple[int, int], Area]:
    """Cells of the table that a merged area covers and leaves blank; the first five thousand are enough to say so."""
    covered: dict[tuple[int, int], Area] = {}
    visits = 0
    for area in areas:
        columns = [number for number in known if area.left <= number <= area.right]
        for row in rows[bisect_left(rows, area.top) : bisect_right(rows, area.bottom)] if columns else ():
            visits += len(columns)
            if visits > MOST_MERGED_CELLS_NAMED:
                return covered
            covered |= {(row, number): area for number in columns if (row, number) != (area.top, area.left)}
    return covered
