"""Yearly classifications out of a list: the columns of the file, and its rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from examsite.campaigns.application_rows.columns import CLASSIFIED, GRADES, table_with
from examsite.campaigns.application_rows.identity import read_identity_number
from examsite.campaigns.application_rows.values import GRADES as UNDERSTOOD
from examsite.campaigns.application_rows.values import read_grade
from examsite.lists import Column, ListReading, Param, Row, Table, Unique, read_list
from examsite.lists.values import Say, read_text, read_words
from examsite.sheets import Book, Value

KEPT = ("number", "full_name", "identity_number")
SOURCE = Column(
    "source",
    ("Quyết định xếp loại", "Decision that says so", "Số, ngày quyết định", "Quyết định", "Căn cứ", "Decision", "Source"),
    width=40,
)
SHEET_NAMES = {"vi": "Xếp loại", "en": "Classification"}
ONE_PERSON_ONCE = Unique["YearRow"](lambda row: row.identity_number, "identity_number", "applications.identity_twice")
GRADE_WORDS = {language: dict(zip(dict.fromkeys(UNDERSTOOD.values()), words, strict=True)) for language, words in GRADES.items()}
"""What each grade is called in the template, by language and code."""


@dataclass(frozen=True, slots=True)
class YearRow:
    """One person with what was read by year, as the grade and the words of the cell; `source` is the decision that says so, empty where
    the list names none."""

    sheet: str
    row: int
    identity_number: str
    full_name: str
    source: str
    grades: tuple[tuple[int, str, str], ...]


def year_table(years: Sequence[int]) -> Table:
    """The table with a column for each of these years, newest first. The other columns of a file of applications are understood and
    passed over, so that the same workbook may be used."""
    return Table((*(_column(column) for column in table_with(years).columns), SOURCE), fewest=2)


def _column(column: Column) -> Column:
    if column.name.startswith(CLASSIFIED):
        return column
    return replace(column, required=column.name == "identity_number", offered=column.name in KEPT)


def examples(years: Sequence[int]) -> tuple[Mapping[str, Value], ...]:
    """Two rows of the template; the newest full year comes first."""
    told = (("Nguyễn Thị Minh Ánh", "001185012345", "Hoàn thành xuất sắc nhiệm vụ", "Quyết định số 12/QĐ-SNV ngày 15/12/2025"),
            ("Đỗ Văn Đức", "036079004321", "Hoàn thành tốt nhiệm vụ", ""))  # fmt: skip
    return tuple(
        {"number": str(number), "full_name": name, "identity_number": identity, f"{CLASSIFIED}{years[1]}": grade, "source": source}
        for number, (name, identity, grade, source) in enumerate(told, start=1)
    )


def read_years(book: Book, years: Sequence[int]) -> ListReading[YearRow]:
    """Every person of the file. One identity number in two rows is an error of each of them."""
    return read_list(book, year_table(years), lambda _found: lambda row: _read(row, years), [ONE_PERSON_ONCE])


def _read(row: Row, years: Sequence[int]) -> YearRow | None:
    number = row.take(
        "identity_number", lambda cell, say: read_identity_number(cell, read_text(cell, 100, say), None, None, _of_this_list(say))
    )
    name = row.take("full_name", lambda cell, say: read_words(cell, 200, say)) or ""
    source = row.take("source", lambda cell, say: read_text(cell, SOURCE.longest, say)) or ""
    grades = [(year, row.take(f"{CLASSIFIED}{year}", read_grade)) for year in years]
    if row.failed or not number:
        return None
    told = tuple((year, grade, row.cells[f"{CLASSIFIED}{year}"][0].text.strip()) for year, grade in grades if grade)
    return YearRow(row.sheet, row.number, number, name, source, told)


def _of_this_list(say: Say) -> Callable[..., None]:
    """Zeros that were put back are confirmed here by the application that the number finds, not by a date of birth."""

    def told(code: str, **params: Param) -> None:
        say("years.zeros_restored" if code == "applications.identity_zeros_restored" else code, **params)

    return told
