"""From the sheets of a file to applications, with every error and repair by sheet, row and column. No database."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from examsite.campaigns.application_rows.columns import TEMPLATE_SHEETS, Column, Header, find_header
from examsite.campaigns.application_rows.findings import ApplicationRow, Finding, Findings, ImportReading, Param, Unusable
from examsite.campaigns.application_rows.identity import Say, read_identity_number
from examsite.campaigns.application_rows.values import (
    read_day,
    read_email,
    read_gender,
    read_name,
    read_phone,
    read_position,
    read_text,
    read_words,
    read_years,
    shows_month_first,
)
from examsite.sheets import Area, Book, Cell, Sheet
from examsite.vietnamese import fold

MOST_MERGED_CELLS_NAMED = 5_000
FREE_TEXT = ("workplace", "current_post", "qualification", "languages", "claimed_priority", "claimed_exemption")
DATES = ("birth_date", "joined_on")
Value = TypeVar("Value")


def read_applications(book: Book, known_positions: Collection[str]) -> ImportReading:
    """Every application of the file.

    `known_positions` are the position codes of the campaign. All visible sheets with a table are read, the example and the notes
    of the template are not; hidden sheets, other sheets, hidden rows and unknown columns are noted. One identity number in two
    rows is an error of each of them. Nothing is raised: what is wrong is in `errors`, and such rows are not in `rows`.
    """
    findings = Findings([], [])
    rows: list[ApplicationRow] = []
    seen = 0
    tables = 0
    for sheet, header in _tables(book, findings):
        tables += 1
        if _header_is_usable(sheet, header, findings):
            reader = _TableReader(sheet, header, frozenset(known_positions), findings)
            rows += reader.read()
            seen += reader.rows_seen
    if not tables:
        findings.refuse_place(book.sheets[0].name if book.sheets else "", 0, "no_table")
    elif not seen and not findings.errors:
        findings.refuse_place(book.sheets[0].name, 0, "no_rows")
    unique = _without_doubles(rows, findings)
    return ImportReading(tuple(unique), _in_order(book, findings.errors), _in_order(book, findings.notes), seen)


def _in_order(book: Book, findings: list[Finding]) -> tuple[Finding, ...]:
    position = {sheet.name: index for index, sheet in enumerate(book.sheets)}
    return tuple(sorted(findings, key=lambda one: (position.get(one.sheet, 0), one.row)))


def _tables(book: Book, findings: Findings) -> Iterator[tuple[Sheet, Header]]:
    for sheet in book.sheets:
        if fold(sheet.name) in TEMPLATE_SHEETS or not sheet.cells:
            continue
        header = find_header(sheet)
        if header is None:
            findings.remark_place(sheet.name, 0, "sheet_without_table")
        elif sheet.hidden:
            findings.remark_place(sheet.name, 0, "sheet_hidden")
        else:
            yield sheet, header


def _header_is_usable(sheet: Sheet, header: Header, findings: Findings) -> bool:
    for column in header.missing:
        findings.refuse_place(sheet.name, header.row, "column_missing", wanted=column.headers[0], wanted_en=column.headers[1])
    for first, second in header.doubles:
        first_title = header.titles[first]
        findings.refuse_place(sheet.name, header.row, "column_twice", column=second, title=header.titles[second], first=first_title)
    for number in header.unknown:
        findings.remark_place(sheet.name, header.row, "column_unknown", column=number, title=header.titles[number])
    return not header.missing and not header.doubles


def _without_doubles(rows: list[ApplicationRow], findings: Findings) -> list[ApplicationRow]:
    by_number: dict[str, list[ApplicationRow]] = defaultdict(list)
    for row in rows:
        by_number[row.identity_number].append(row)
    for number, same in by_number.items():
        for row in same if len(same) > 1 else ():
            others = ", ".join(f"{other.sheet} {other.row}".strip() for other in same if other is not row)
            params: dict[str, Param] = {"rows": others, "value": number}
            findings.errors.append(Finding(row.sheet, row.row, "", "", "applications.identity_twice", params, number))
    return [row for row in rows if len(by_number[row.identity_number]) == 1]


@dataclass(slots=True)
class _RowReader:
    """One row of the table: gives the value of a column, or None after an error was recorded."""

    sheet: Sheet
    row: int
    cells: dict[str, tuple[Cell, str]]
    findings: Findings
    failed: bool = False

    def take(self, name: str, read: Callable[[Cell, Say], Value]) -> Value | None:
        """None for an absent cell too; required columns were looked at before."""
        if name not in self.cells:
            return None
        cell, title = self.cells[name]

        def say(code: str, **params: Param) -> None:
            self.findings.remark(cell, title, f"applications.{code}", params)

        try:
            return read(cell, say)
        except Unusable as reason:
            self.findings.refuse(cell, title, reason.code, reason.params)
            self.failed = True
            return None


class _TableReader:
    def __init__(self, sheet: Sheet, header: Header, known_positions: frozenset[str], findings: Findings) -> None:
        self.sheet, self.header, self.findings = sheet, header, findings
        self.known_positions = known_positions
        self.number_of = {column.name: number for number, column in header.known.items()}
        self.longest = {column.name: column.longest for column in header.known.values()}
        all_rows = sheet.rows()
        self.rows = {number: self._known_cells(cells) for number, cells in all_rows.items() if number > header.row}
        self.merged = _merged_cells(sheet.merged, sorted(self.rows), header.known)
        self.month_first = {name: shows_month_first(row[name][0] for row in self.rows.values() if name in row) for name in DATES}
        self.rows_seen = 0

    def _known_cells(self, cells: dict[int, Cell]) -> dict[str, tuple[Cell, str]]:
        return {
            column.name: (cells[number], self.header.titles[number])
            for number, column in self.header.known.items()
            if number in cells and (cells[number].text.strip() or cells[number].formula)
        }

    def read(self) -> list[ApplicationRow]:
        found = []
        for number, cells in self.rows.items():
            if not cells.keys() - {"number"}:
                continue
            self.rows_seen += 1
            row = self._row(_RowReader(self.sheet, number, cells, self.findings))
            if row is not None:
                found.append(row)
        return found

    def _row(self, reader: _RowReader) -> ApplicationRow | None:
        if reader.row in self.sheet.hidden_rows:
            self.findings.remark_place(self.sheet.name, reader.row, "row_hidden")
        self._check_blanks(reader)
        birth_date = self._day(reader, "birth_date")
        gender = reader.take("gender", read_gender)
        identity_number = reader.take(
            "identity_number", lambda cell, say: read_identity_number(cell, read_text(cell, 100, say), birth_date, gender, say)
        )
        full_name = reader.take("full_name", lambda cell, say: read_name(cell, self.longest["full_name"], say))
        position = reader.take("position", lambda cell, say: read_position(cell, self.known_positions, say))
        words = self._words(reader)
        phone = reader.take("phone", read_phone)
        email = reader.take("email", lambda cell, say: read_email(cell, self.longest["email"], say))
        years_of_service = reader.take("years_of_service", read_years)
        joined_on = self._day(reader, "joined_on")
        if reader.failed or not (identity_number and full_name and birth_date and gender and position):
            return None
        return ApplicationRow(
            sheet=self.sheet.name,
            row=reader.row,
            identity_number=identity_number,
            full_name=full_name,
            birth_date=birth_date,
            gender=gender,
            position_code=position,
            **words,
            phone=phone or "",
            email=email or "",
            years_of_service=years_of_service,
            joined_on=joined_on,
        )

    def _words(self, reader: _RowReader) -> dict[str, str]:
        def words(name: str) -> str:
            return reader.take(name, lambda cell, say: read_words(cell, self.longest[name], say)) or ""

        return {name: words(name) for name in FREE_TEXT}

    def _day(self, reader: _RowReader, name: str) -> date | None:
        month_first = self.month_first[name]
        return reader.take(name, lambda cell, say: read_day(cell, date_1904=self.sheet.date_1904, month_first_seen=month_first, say=say))

    def _check_blanks(self, reader: _RowReader) -> None:
        """A merged cell fills only its first row; the others look filled to the eye and are not."""
        for number, column in self.header.known.items():
            if column.name in reader.cells or column.name == "number":
                continue
            area = self.merged.get((reader.row, number))
            if area is None and not column.required:
                continue
            title = self.header.titles[number]
            if area is not None:
                self.findings.refuse_place(
                    self.sheet.name, reader.row, "merged", column=number, title=title, first=area.top, last=area.bottom
                )
            else:
                self.findings.refuse_place(self.sheet.name, reader.row, "required", column=number, title=title)
            reader.failed = True


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
