"""What reading a file of applications gives: rows that can be taken, and what is wrong or was repaired, each with its place."""

from dataclasses import dataclass
from datetime import date

from examsite.sheets import Cell, column_letter

Param = str | int
LONGEST_SEEN = 100


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """One application as read and repaired; `gender` is `male` or `female`, `sheet` and `row` say where it stood."""

    sheet: str
    row: int
    identity_number: str
    full_name: str
    birth_date: date
    gender: str
    position_code: str
    workplace: str
    current_post: str
    qualification: str
    languages: str
    phone: str
    email: str
    claimed_priority: str
    claimed_exemption: str
    years_of_service: int | None
    joined_on: date | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to tell the person who sent the file.

    `column` is the letter and `title` the header as it stands in the file, both empty where a whole row or sheet is meant
    (`row` is 0 for a whole sheet); `seen` is what the cell holds.
    """

    sheet: str
    row: int
    column: str
    title: str
    code: str
    params: dict[str, Param]
    seen: str = ""


@dataclass(frozen=True, slots=True)
class ImportReading:
    """Rows without any error, in file order; errors and repairs (`notes`) in file order; `rows_seen` counts all rows with data."""

    rows: tuple[ApplicationRow, ...]
    errors: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    rows_seen: int


class Unusable(Exception):  # noqa: N818 - caught inside this room, where it becomes a Finding
    """A cell whose value cannot be taken."""

    def __init__(self, code: str, **params: Param) -> None:
        super().__init__(code)
        self.code = f"applications.{code}"
        self.params = params


@dataclass(slots=True)
class Findings:
    """Collects while a file is read."""

    errors: list[Finding]
    notes: list[Finding]

    def refuse(self, cell: Cell, title: str, code: str, params: dict[str, Param]) -> None:
        self.errors.append(_at(cell, title, code, params))

    def remark(self, cell: Cell, title: str, code: str, params: dict[str, Param]) -> None:
        self.notes.append(_at(cell, title, code, params))

    def refuse_place(self, sheet: str, row: int, code: str, *, column: int = 0, title: str = "", **params: Param) -> None:
        self.errors.append(Finding(sheet, row, column_letter(column), title, f"applications.{code}", params))

    def remark_place(self, sheet: str, row: int, code: str, *, column: int = 0, title: str = "", **params: Param) -> None:
        self.notes.append(Finding(sheet, row, column_letter(column), title, f"applications.{code}", params))


def _at(cell: Cell, title: str, code: str, params: dict[str, Param]) -> Finding:
    return Finding(cell.sheet, cell.row, cell.letter, title, code, params, cell.text[:LONGEST_SEEN])
