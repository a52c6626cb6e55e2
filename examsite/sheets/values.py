"""What a spreadsheet file holds, as plain values: typed cells with their place, and the limits of what is read."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import NamedTuple

from examsite.rules.refusal import Refused

Value = str | int | Decimal | date | None
"""What a cell that we write may hold."""
LONGEST_TEXT = 32_767
"""Characters of a cell: spreadsheets take no more."""


class SheetRefused(Refused):
    """A file that is not read at all; `code` starts with `sheets.` and `params` fill its sentence."""


class Kind(StrEnum):
    """What a cell holds. `UNCALCULATED` is a formula whose result the file does not carry."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    ERROR = "error"
    UNCALCULATED = "uncalculated"


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps on one file. Rows and columns are the raw numbers of the cells that hold something, counted from 1."""

    file_bytes: int = 20_000_000
    rows: int = 20_000
    columns: int = 100
    cells: int = 300_000
    characters: int = 10_000_000
    cell_characters: int = LONGEST_TEXT
    zip_members: int = 200
    zip_bytes: int = 50_000_000
    zip_ratio: int = 100
    cpu_seconds: int = 10
    wall_seconds: int = 20
    memory_bytes: int = 512 * 1024 * 1024


LIMITS = Limits()

SAME_SHEET_AREA = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})(?::\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6}))?")


class Cell(NamedTuple):
    """One cell that holds something. A tuple, because a file has tens of thousands.

    `text` is the text exactly as stored; for a number its digits as stored, for a date ISO 8601, for a boolean `true` or
    `false`, for an error its sign (`#N/A`). `formula` says that the value is the stored result of a formula.
    """

    sheet: str
    row: int
    column: int
    kind: Kind
    text: str
    number_format: str = ""
    formula: bool = False

    @property
    def letter(self) -> str:
        return column_letter(self.column)

    @property
    def reference(self) -> str:
        return f"{self.letter}{self.row}"

    @property
    def whole_number(self) -> int | None:
        """The value of a number cell without a fraction, else None."""
        if self.kind is not Kind.NUMBER:
            return None
        number = as_decimal(self.text)
        return int(number) if number is not None and number == number.to_integral_value() else None

    @property
    def day(self) -> date | None:
        """The day of a date cell, else None; a time of day is left out."""
        return datetime.fromisoformat(self.text).date() if self.kind is Kind.DATE else None


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of merged cells; its value belongs to the top left cell."""

    top: int
    left: int
    bottom: int
    right: int

    def covers(self, row: int, column: int) -> bool:
        return self.top <= row <= self.bottom and self.left <= column <= self.right


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: only the cells that hold something, row by row in order. A CSV file is one sheet with an empty name."""

    name: str
    cells: tuple[Cell, ...]
    hidden: bool = False
    merged: tuple[Area, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    date_1904: bool = False

    def rows(self) -> dict[int, dict[int, Cell]]:
        """Cells by row number, then by column number, both from 1; blank rows are absent."""
        found: dict[int, dict[int, Cell]] = {}
        for cell in self.cells:
            found.setdefault(cell.row, {})[cell.column] = cell
        return found


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was understood rather than read, for the person to check: a code and its parameters."""

    code: str
    params: dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Book:
    """A whole file as read."""

    sheets: tuple[Sheet, ...]
    notes: tuple[Note, ...] = ()


def column_letter(column: int) -> str:
    """1 -> A, 26 -> Z, 27 -> AA."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """A -> 1, Z -> 26, AA -> 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def area_of(reference: str) -> Area | None:
    """`A1:C3` or `B2` as an area; None where it is not a reference inside a sheet."""
    match = SAME_SHEET_AREA.fullmatch(reference)
    if match is None:
        return None
    left, top, right, bottom = match.groups()
    return Area(int(top), column_number(left), int(bottom or top), column_number(right or left))


def as_decimal(text: str) -> Decimal | None:
    """A stored number as an exact decimal; None for nonsense, infinities and numbers no sheet can hold."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) <= 308 else None


def moment_of_serial(serial: Decimal, *, date_1904: bool) -> datetime | None:
    """The moment that a date serial names, to the second; None outside 1900-01-01 to 9999-12-31.

    The 1900 system counts a 29 February 1900 that never was (serial 60): it is refused, and earlier serials are one day off.
    """
    whole = int(serial // 1)
    seconds = int(((serial - whole) * 86_400).to_integral_value())
    if date_1904:
        start = datetime(1904, 1, 1)  # noqa: DTZ001 - a sheet's dates have no zone
    else:
        if whole < 1 or whole == 60:
            return None
        start = datetime(1899, 12, 31 if whole < 60 else 30)  # noqa: DTZ001
    if not 0 <= whole <= 2_958_465:
        return None
    try:
        return start + timedelta(days=whole, seconds=seconds)
    except OverflowError:
        return None
