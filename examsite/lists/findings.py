"""What reading a list gives: rows that can be taken, and what is wrong or was repaired, each with its place."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from examsite import sheets
from examsite.rules import canonical
from examsite.rules.policy import Words
from examsite.rules.refusal import Refused
from examsite.sheets import Book, Cell, Note, column_letter

Param = str | int | Words
"""What fills a sentence; words in both languages are put into the reader's."""
LONGEST_SEEN = 100


class Placed(Protocol):
    """A row that knows where it stood."""

    @property
    def sheet(self) -> str: ...

    @property
    def row(self) -> int: ...


R = TypeVar("R", bound=Placed)


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


class Unusable(Exception):  # noqa: N818 - caught while the list is read, where it becomes a Finding
    """A cell whose value cannot be taken; `code` names the sentence."""

    def __init__(self, code: str, **params: Param) -> None:
        super().__init__(code)
        self.code = code
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
        self.errors.append(Finding(sheet, row, column_letter(column), title, code, params))

    def remark_place(self, sheet: str, row: int, code: str, *, column: int = 0, title: str = "", **params: Param) -> None:
        self.notes.append(Finding(sheet, row, column_letter(column), title, code, params))


def _at(cell: Cell, title: str, code: str, params: dict[str, Param]) -> Finding:
    return Finding(cell.sheet, cell.row, cell.letter, title, code, params, cell.text[:LONGEST_SEEN])


@dataclass(frozen=True)
class ListReading(Generic[R]):
    """Rows without any error, in file order; errors and repairs (`notes`) in file order; `rows_seen` counts all rows with data.

    `columns` gives the letter and the title of each column by the name of the sheet and of the column.
    """

    rows: tuple[R, ...]
    errors: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    rows_seen: int
    columns: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def about(self, row: Placed, column: str, sentence: str, seen: str = "", **params: Param) -> Finding:
        """A finding about one cell of a row that was read well; the whole row where the file has no such column."""
        letter, title = self.columns.get((row.sheet, column), ("", ""))
        return Finding(row.sheet, row.row, letter, title, sentence, params, seen[:LONGEST_SEEN])


@dataclass(frozen=True)
class ListFile(Generic[R]):
    """A file as it was read: its name and SHA-256, the cells, and the rows in them."""

    name: str
    digest: str
    book: Book
    reading: ListReading[R]


@dataclass(frozen=True)
class Intake(Generic[R]):
    """What a file comes to where it is to be taken in, all in file order.

    `good` rows can be taken; those of them that change what stands already are told in `changed` besides. `known` rows are there
    already and are passed over; `errors` keep their rows out; `notes` are repairs.
    """

    good: Sequence[R]
    known: Sequence[Finding]
    errors: Sequence[Finding]
    notes: Sequence[Finding]
    file_notes: Sequence[Note]
    rows_seen: int
    changed: Sequence[Finding] = ()

    @property
    def faulty(self) -> int:
        """How many rows cannot be taken."""
        return self.rows_seen - len(self.good) - len(self.known)

    @property
    def changing(self) -> int:
        """How many of the good rows change what stands already."""
        return len({(one.sheet, one.row) for one in self.changed})

    def must_be_takeable(self, *, good_rows: bool) -> None:
        """All rows or none, unless the person chose the good ones. Refuses (`intake.`) `has_errors`, `no_good_rows`."""
        if self.errors and not good_rows:
            raise Refused("intake.has_errors", count=len(self.errors))
        if self.errors and not self.good:
            raise Refused("intake.no_good_rows")

    def digest(self, file: ListFile[R]) -> str:
        """What a person agrees to after the dry run: this file, these rows taken, these changes; SHA-256."""
        told = [[one.sheet, one.row, one.code, dict(one.params)] for one in (*self.changed, *self.known)]
        return canonical.digest({"file": file.digest, "taken": [[row.sheet, row.row] for row in self.good], "told": told})


def read_file(name: str, data: bytes, read: Callable[[Book], ListReading[R]]) -> ListFile[R]:
    """Read a file in a child process, then its rows by `read`. Raises SheetRefused where it cannot be read at all."""
    book = sheets.read(data)
    return ListFile(name, hashlib.sha256(data).hexdigest(), book, read(book))


def in_order(book: Book, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Findings as a person meets them in the file."""
    place = {sheet.name: number for number, sheet in enumerate(book.sheets)}
    return tuple(sorted(findings, key=lambda one: (place.get(one.sheet, 0), one.row)))
