"""Lists as bytes: rows by the headers of a template, and the way back."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import TypeVar

from examsite.lists import ListFile, ListReading
from examsite.sheets import LIMITS, Book
from examsite.sheets.file import book_of
from examsite.sheets.writing import NewSheet, write_xlsx

R = TypeVar("R")


def read_here(name: str, data: bytes, read: Callable[[Book], ListReading[R]]) -> ListFile[R]:
    """As `lists.read_file`, but in this process, which is fifty times quicker; the tests of pages and commands have the child."""
    book = book_of(data, LIMITS)
    return ListFile(name, sha256(data).hexdigest(), book, read(book))


def listed(*rows: Mapping[str, str], name: str = "Sheet1") -> bytes:
    """These rows as an XLSX file; the header has every title that some row names."""
    titles = list(dict.fromkeys(title for row in rows for title in row))
    return write_xlsx([NewSheet(name, titles, [[row.get(title, "") for title in titles] for row in rows])])


def as_csv(rows: Sequence[Mapping[str, str]], separator: str = ";") -> bytes:
    """These rows as Excel saves a CSV file on a Vietnamese computer."""
    titles = list(rows[0])
    return "\r\n".join(separator.join(line) for line in [titles, *([row[title] for title in titles] for row in rows)]).encode("utf-8-sig")
