"""A file of applications against what the campaign has already: which rows can be taken, which are there, which cannot and why."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite import lists
from examsite.campaigns import ages
from examsite.campaigns.application_rows import ApplicationRow, ImportReading, read_applications
from examsite.campaigns.application_rows.columns import COLUMNS, TABLE
from examsite.campaigns.models import GONE, Application, Campaign, Person, Position
from examsite.campaigns.queries.positions import closures
from examsite.lists import Finding
from examsite.lists.findings import in_order
from examsite.sheets import Book, Cell, Kind, Sheet, column_letter

Value = TypeVar("Value")

AT_ONCE = 1_000
TYPED_ROW = 2
BLANK = "lists.required"
FIRST = "application"
"""The parameter of a finding that names the application which the person has already, by its public id."""
ELSEWHERE = "intake.applied_elsewhere"

FileReading = lists.ListFile[ApplicationRow]
Intake = lists.Intake[ApplicationRow]


@dataclass(frozen=True, slots=True)
class Applied:
    """An application that a person has in the campaign: for the position of this code; `gone`: withdrawn or ended."""

    position: str
    public_id: str
    gone: bool


def read_file(name: str, data: bytes, positions: Iterable[str], years: Sequence[int] = ()) -> FileReading:
    """Read a file in a child process, without the database; `years` are those whose classification may stand in it.

    Raises SheetRefused where it cannot be read at all.
    """
    return lists.read_file(name, data, lambda book: read_applications(book, frozenset(positions), years))


def read_typed(values: Mapping[str, str], positions: Iterable[str]) -> FileReading:
    """What a person typed into a form, by the names of the columns of a file, under the same checks; nothing at all is a row of blanks."""
    cells = [Cell("", 1, place, Kind.TEXT, column.headers[0]) for place, column in enumerate(COLUMNS, start=1)]
    for place, column in enumerate(COLUMNS, start=1):
        if text := values.get(column.name, "").strip():
            cells.append(Cell("", TYPED_ROW, place, Kind.TEXT, text))
    book = Book((Sheet("", tuple(cells)),))
    empty = len(cells) == len(COLUMNS)
    return FileReading("", "", book, _blank() if empty else read_applications(book, frozenset(positions)))


def _blank() -> ImportReading:
    """An empty form: a file would have no row there, a person has every required field to fill."""
    letters = {column.name: column_letter(place) for place, column in enumerate(COLUMNS, start=1)}
    errors = (Finding("", TYPED_ROW, letters[column.name], column.headers[0], BLANK, {}) for column in TABLE.required)
    return ImportReading((), tuple(errors), (), 1)


def column_of(finding: Finding) -> str | None:
    """The name of the column that a finding about typed values is about; None where it is about the whole."""
    letters = {column_letter(place): column.name for place, column in enumerate(COLUMNS, start=1)}
    return letters.get(finding.column)


def position_codes(session: Session, campaign: Campaign) -> dict[str, int]:
    """The positions of a campaign that applications are taken for: their codes, and their rows."""
    rows = session.execute(select(Position.code, Position.id).where(Position.campaign_id == campaign.id).order_by(Position.code))
    closed = closures(session, campaign)
    return {row.code: row.id for row in rows if row.id not in closed}


def assess(session: Session, campaign: Campaign, file: FileReading, now: datetime) -> Intake:
    """Hold the rows that were read against the day, the people that are known and the applications that the campaign has."""
    reading = file.reading
    people = people_of(session, [row.identity_number for row in reading.rows])
    applied = _applied_for(session, campaign, [person.id for person in people.values()])
    good: list[ApplicationRow] = []
    known: list[Finding] = []
    errors, notes = list(reading.errors), list(reading.notes)
    for row in reading.rows:
        person = people.get(row.identity_number)
        before = applied.get(person.id, []) if person else []
        error, already = _against(reading, row, person, before)
        if error is None and already is None:
            error = age_against(reading, row, now)
        if error is not None:
            errors.append(error)
        elif already is not None:
            known.append(already)
        else:
            good.append(row)
            if before:
                notes.append(reading.about(row, "identity_number", "intake.applied_before", row.identity_number, **_told(row, before)))
    return Intake(good, known, list(in_order(file.book, errors)), in_order(file.book, notes), file.book.notes, reading.rows_seen)


def age_against(reading: ImportReading, row: ApplicationRow, now: datetime) -> Finding | None:
    """The error of a row about somebody who is too young or too old to apply; reading knows no clock, so it is found here."""
    if row.birth_date.year in ages.birth_years(now):
        return None
    return reading.about(row, "birth_date", ages.NOBODY, f"{row.birth_date:%d/%m/%Y}", **ages.told(now))


def people_of(session: Session, identity_numbers: Sequence[str]) -> dict[str, Person]:
    """The people with these personal identity numbers, by number."""
    found: dict[str, Person] = {}
    for some in batches(sorted(set(identity_numbers))):
        found |= {person.identity_number: person for person in session.scalars(select(Person).where(Person.identity_number.in_(some)))}
    return found


def _applied_for(session: Session, campaign: Campaign, people: Sequence[int]) -> dict[int, list[Applied]]:
    """The applications that each of these people has, by person, oldest first."""
    found: dict[int, list[Applied]] = {}
    for some in batches(people):
        rows = session.execute(
            select(Application.person_id, Application.public_id, Application.state, Position.code)
            .join(Position, Position.id == Application.position_id)
            .where(Application.campaign_id == campaign.id, Application.person_id.in_(some))
            .order_by(Application.id)
        )
        for row in rows:
            found.setdefault(row.person_id, []).append(Applied(row.code, row.public_id, row.state in GONE))
    return found


def batches(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    """These values so many at a time as one statement takes."""
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]


def _against(
    reading: ImportReading, row: ApplicationRow, person: Person | None, applied: Sequence[Applied]
) -> tuple[Finding | None, Finding | None]:
    """The error of a row, or the note that it is there already, or neither. What a person gave up keeps nobody from another position,
    but is not taken in once more by the same file."""

    def about(code: str, **params: str) -> Finding:
        return reading.about(row, "identity_number", code, row.identity_number, **params)

    if person is not None and (person.full_name, person.birth_date) != (row.full_name, row.birth_date):
        known = {"known_name": person.full_name, "known_birth": f"{person.birth_date:%d/%m/%Y}"}
        return about("intake.person_differs", name=row.full_name, birth=f"{row.birth_date:%d/%m/%Y}", **known), None
    running = [one for one in applied if not one.gone]
    same = [one for one in running or applied if one.position == row.position_code]
    if same:
        return None, about("intake.there_already_years" if row.classifications else "intake.there_already", **_told(row, same))
    return (about(ELSEWHERE, **_told(row, running)), None) if running else (None, None)


def _told(row: ApplicationRow, applied: Sequence[Applied]) -> dict[str, str]:
    return {"name": row.full_name, "position": applied[-1].position, FIRST: applied[-1].public_id}
