"""The rows of a file around its errors, as a person sees them in a spreadsheet program. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from examsite.lists.columns import Table
from examsite.lists.findings import Finding
from examsite.sheets import Book, Sheet, column_letter

MOST_EXCERPTS = 3
MOST_ROWS = 8
MOST_COLUMNS = 18


@dataclass(frozen=True)
class ExcerptCell:
    """What a cell holds, and whether an error is about it."""

    text: str
    faulty: bool


@dataclass(frozen=True)
class Excerpt:
    """Some rows that follow each other: `titles` are the letter and the header of each column, `rows` go by row number."""

    sheet: str
    titles: Sequence[tuple[str, str]]
    rows: Mapping[int, Sequence[ExcerptCell]]

    @property
    def first(self) -> int:
        return min(self.rows)

    @property
    def last(self) -> int:
        return max(self.rows)


def excerpts(book: Book, table: Table, errors: Sequence[Finding]) -> list[Excerpt]:
    """The first few places of the file that have errors, each with a row before and a row after it."""
    found: list[Excerpt] = []
    for sheet in book.sheets:
        faulty = {(error.row, error.column) for error in errors if error.sheet == sheet.name and error.row}
        for rows in _stretches(sorted({row for row, _column in faulty})):
            if len(found) == MOST_EXCERPTS:
                return found
            excerpt = _excerpt(sheet, table, rows, faulty)
            if excerpt is not None:
                found.append(excerpt)
    return found


def _stretches(rows: Sequence[int]) -> list[list[int]]:
    """`[17, 18, 42]` -> `[16, 17, 18, 19], [41, 42, 43]`."""
    found: list[list[int]] = []
    for row in rows:
        around = [number for number in (row - 1, row, row + 1) if number > 0]
        if found and around[0] <= found[-1][-1] + 1:
            found[-1] += [number for number in around if number > found[-1][-1]]
        else:
            found.append(around)
    return [stretch[:MOST_ROWS] for stretch in found]


def _excerpt(sheet: Sheet, table: Table, stretch: Sequence[int], faulty: set[tuple[int, str]]) -> Excerpt | None:
    header = table.header_of(sheet)
    if header is None:
        return None
    cells = sheet.rows()
    columns = sorted(header.titles)[:MOST_COLUMNS]
    rows = {
        number: [
            ExcerptCell(
                cells[number][column].text[:60] if column in cells.get(number, {}) else "",
                (number, column_letter(column)) in faulty,
            )
            for column in columns
        ]
        for number in stretch
        if number > header.row and (number in cells or number in {row for row, _column in faulty})
    }
    return Excerpt(sheet.name, [(column_letter(column), header.titles[column]) for column in columns], rows) if rows else None
