"""From the sheets of a file to applications, with every error and repair by sheet, row and column. No database."""

from collections.abc import Collection, Sequence
from datetime import date

from examsite.campaigns.application_rows.columns import CLASSIFIED, table_with
from examsite.campaigns.application_rows.findings import ApplicationRow, ImportReading
from examsite.campaigns.application_rows.identity import read_identity_number
from examsite.campaigns.application_rows.values import (
    read_day,
    read_gender,
    read_grade,
    read_name,
    read_phone,
    read_position,
    read_years,
    shows_month_first,
)
from examsite.lists import FoundTable, Row, Unique, read_list
from examsite.lists.values import read_email, read_text, read_words
from examsite.sheets import Book

FREE_TEXT = ("workplace", "current_post", "qualification", "languages", "claimed_priority", "claimed_exemption")
DATES = ("birth_date", "joined_on")
ONE_PERSON_ONCE = Unique[ApplicationRow](lambda row: row.identity_number, "identity_number", "applications.identity_twice")


def read_applications(book: Book, known_positions: Collection[str], years: Sequence[int] = ()) -> ImportReading:
    """Every application of the file, read as `lists.read_list` does.

    `known_positions` are the position codes of the campaign, `years` those whose classification may stand in columns of their own. One
    identity number in two rows is an error of each of them.
    """
    known = frozenset(known_positions)
    return read_list(book, table_with(years), lambda found: _Reader(found, known, years).read, [ONE_PERSON_ONCE])


class _Reader:
    """Reads the rows of one table; whether its days are written month first is seen from the whole column."""

    def __init__(self, found: FoundTable, known_positions: frozenset[str], years: Sequence[int]) -> None:
        self.known_positions, self.years = known_positions, years
        self.date_1904 = found.sheet.date_1904
        self.longest = {column.name: column.longest for column in found.columns.values()}
        self.month_first = {name: shows_month_first(found.column(name)) for name in DATES}

    def read(self, row: Row) -> ApplicationRow | None:
        birth_date = self._day(row, "birth_date")
        gender = row.take("gender", read_gender)
        identity_number = row.take(
            "identity_number", lambda cell, say: read_identity_number(cell, read_text(cell, 100, say), birth_date, gender, say)
        )
        full_name = row.take("full_name", lambda cell, say: read_name(cell, self.longest["full_name"], say))
        position = row.take("position", lambda cell, say: read_position(cell, self.known_positions, say))
        words = self._words(row)
        phone = row.take("phone", read_phone)
        email = row.take("email", lambda cell, say: read_email(cell, self.longest["email"], say))
        years_of_service = row.take("years_of_service", read_years)
        joined_on = self._day(row, "joined_on")
        grades = [(year, row.take(f"{CLASSIFIED}{year}", read_grade)) for year in self.years]
        if row.failed or not (identity_number and full_name and birth_date and gender and position):
            return None
        return ApplicationRow(
            sheet=row.sheet,
            row=row.number,
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
            classifications=tuple((year, grade) for year, grade in grades if grade),
        )

    def _words(self, row: Row) -> dict[str, str]:
        def words(name: str) -> str:
            return row.take(name, lambda cell, say: read_words(cell, self.longest[name], say)) or ""

        return {name: words(name) for name in FREE_TEXT}

    def _day(self, row: Row, name: str) -> date | None:
        month_first = self.month_first[name]
        return row.take(name, lambda cell, say: read_day(cell, date_1904=self.date_1904, month_first_seen=month_first, say=say))
