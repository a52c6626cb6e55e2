"""The columns of a list: their headers in both languages, and where the table of a sheet begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from examsite.sheets import Cell, Sheet, header_key
from examsite.vietnamese import fold

HEADER_WITHIN_ROWS = 30
COUNTER = "number"
"""The column that only counts the rows; a row that holds nothing else is blank."""
NOT_DATA = frozenset({"vi du", "example", "huong dan", "notes", "danh muc", "choices"})
"""The sheets of a template beside its first, by their folded names."""


@dataclass(frozen=True, slots=True)
class Column:
    """`headers`: the Vietnamese and the English header of the template, then others that are understood.

    A column that is not `offered` is read where a file has it and left out of the template.
    """

    name: str
    headers: tuple[str, ...]
    required: bool = False
    width: int = 18
    longest: int = 300
    offered: bool = True

    def title(self, language: str) -> str:
        return self.headers[0 if language == "vi" else 1] + (" *" if self.required else "")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the table of a sheet starts: its header row, the known columns by number, all titles by number, doubles."""

    row: int
    known: dict[int, Column]
    titles: dict[int, str]
    doubles: tuple[tuple[int, int], ...]

    @property
    def unknown(self) -> tuple[int, ...]:
        doubled = {second for _, second in self.doubles}
        return tuple(number for number in self.titles if number not in self.known and number not in doubled)


@dataclass(frozen=True)
class Table:
    """The columns that a list may have; `fewest` of them in one row make that row the header."""

    columns: tuple[Column, ...]
    fewest: int = 3

    @cached_property
    def required(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.required)

    @cached_property
    def by_key(self) -> dict[str, Column]:
        return {header_key(header) or header: column for column in self.columns for header in column.headers}

    def missing(self, header: Header) -> tuple[Column, ...]:
        """The required columns that a header lacks."""
        present = {column.name for column in header.known.values()}
        return tuple(column for column in self.required if column.name not in present)

    def header_of(self, sheet: Sheet) -> Header | None:
        """The row among the first thirty that names the most columns, if it names enough of them."""
        best: Header | None = None
        for number, cells in sheet.rows().items():
            if number > HEADER_WITHIN_ROWS:
                break
            header = self._header(number, cells)
            if len(header.known) >= self.fewest and (best is None or len(header.known) > len(best.known)):
                best = header
        return best

    def _header(self, row: int, cells: dict[int, Cell]) -> Header:
        known: dict[int, Column] = {}
        first: dict[str, int] = {}
        doubles: list[tuple[int, int]] = []
        titles = {number: " ".join(cell.text.split()) for number, cell in cells.items() if cell.text.strip()}
        for number, title in titles.items():
            column = self.by_key.get(header_key(title) or title)
            if column is None:
                continue
            if column.name in first:
                doubles.append((first[column.name], number))
                continue
            first[column.name] = number
            known[number] = column
        return Header(row, known, titles, tuple(doubles))


def holds_data(sheet: Sheet) -> bool:
    """Whether a sheet may be the list itself: not one of the others of a template, and not empty."""
    return fold(sheet.name) not in NOT_DATA and bool(sheet.cells)


def offered(columns: Sequence[Column]) -> list[Column]:
    """The columns that a template shows."""
    return [column for column in columns if column.offered]
