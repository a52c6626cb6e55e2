"""A list of yearly classifications against the applications that are in: what it adds, what it changes, and what cannot be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from examsite.campaigns.application_rows.columns import CLASSIFIED
from examsite.campaigns.models import GONE, Application, Campaign, Person, YearlyClassification
from examsite.campaigns.queries.intake import batches
from examsite.campaigns.year_rows import YearRow
from examsite.lists import Finding, Intake, ListFile, ListReading
from examsite.lists.findings import in_order
from examsite.vietnamese import fold


@dataclass(frozen=True, slots=True)
class Applicant:
    """Whose application a row of the list is about."""

    id: int
    public_id: str
    full_name: str


@dataclass(frozen=True, slots=True)
class Graded:
    """What stands for one year: the row's id, the grade, the decision that said so."""

    id: int
    grade: str
    source: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One year to be written; `before` is what it supersedes, `seen` what the cell said."""

    applicant: Applicant
    year: int
    grade: str
    source: str
    before: Graded | None
    seen: str


@dataclass(frozen=True)
class YearIntake(Intake[YearRow]):
    """What a list of classifications comes to; `entries` are what its good rows write."""

    entries: Sequence[Entry] = ()


def assess(session: Session, campaign: Campaign, file: ListFile[YearRow]) -> YearIntake:
    """Hold the rows that were read against the applications of the campaign, found by the personal identity number.

    A year that has none yet is added, another grade is a change; a named decision changes the one that stood, none leaves it. A blank
    cell changes nothing, and a row that says what stands, or nothing, is passed over.
    """
    reading = file.reading
    applicants = _applicants(session, campaign, [row.identity_number for row in reading.rows])
    standing = standing_years(session, [one.id for one in applicants.values()])
    errors, known, changed, good, entries = list(reading.errors), [], [], [], []
    for row in reading.rows:
        applicant = applicants.get(row.identity_number)
        if applicant is None or _other_name(row, applicant):
            errors.append(_nobody(reading, row, applicant))
            continue
        mine = _entries(row, applicant, standing.get(applicant.id, {}), file.name)
        if not mine:
            known.append(reading.about(row, "identity_number", "years.same", row.identity_number, name=applicant.full_name))
            continue
        good.append(row)
        entries += mine
        changed += [_told(reading, row, entry) for entry in mine if entry.before]
    told = (good, known, in_order(file.book, errors), reading.notes, file.book.notes, reading.rows_seen, changed)
    return YearIntake(*told, entries=entries)


def standing_years(session: Session, applications: Sequence[int]) -> dict[int, dict[int, Graded]]:
    """What stands, by the application's id and the year."""
    found: dict[int, dict[int, Graded]] = {}
    one = YearlyClassification
    for some in batches(applications):
        wanted = select(one.application_id, one.year, one.id, one.grade, one.source)
        for row in session.execute(wanted.where(one.application_id.in_(some), one.superseded_at.is_(None))):
            found.setdefault(row.application_id, {})[row.year] = Graded(row.id, row.grade, row.source)
    return found


def applicants_with_numbers(session: Session, campaign: Campaign) -> list[tuple[str, Applicant]]:
    """Everybody who applied, by name, with the personal identity number."""
    return list(_by_number(session, _wanted(campaign)).items())


def _applicants(session: Session, campaign: Campaign, numbers: Sequence[str]) -> dict[str, Applicant]:
    found: dict[str, Applicant] = {}
    for some in batches(numbers):
        found |= _by_number(session, _wanted(campaign).where(Person.identity_number.in_(some)))
    return found


def _by_number(session: Session, wanted: Select[int, str, str, str]) -> dict[str, Applicant]:
    """By name. Of several applications of one person the one that runs, or the newest."""
    newest_last = wanted.order_by(Person.name_sort_key, Application.state.not_in(GONE), Application.id)
    return {row.identity_number: Applicant(row.id, row.public_id, row.full_name) for row in session.execute(newest_last)}


def _wanted(campaign: Campaign) -> Select[int, str, str, str]:
    columns = (Application.id, Application.public_id, Person.full_name, Person.identity_number)
    return select(*columns).join(Person, Person.id == Application.person_id).where(Application.campaign_id == campaign.id)


def _other_name(row: YearRow, applicant: Applicant) -> bool:
    """Spelling of marks aside: a number that was mistyped into somebody else's must not grade the wrong person."""
    return bool(row.full_name) and fold(row.full_name) != fold(applicant.full_name)


def _nobody(reading: ListReading[YearRow], row: YearRow, applicant: Applicant | None) -> Finding:
    if applicant is None:
        return reading.about(row, "identity_number", "years.nobody", row.identity_number)
    return reading.about(row, "full_name", "years.other_name", row.full_name, name=applicant.full_name)


def _entries(row: YearRow, applicant: Applicant, standing: Mapping[int, Graded], file_name: str) -> list[Entry]:
    found = []
    for year, grade, seen in row.grades:
        before = standing.get(year)
        source = row.source or (file_name[-300:] if before is None or before.grade != grade else before.source)
        if before is None or (before.grade, before.source) != (grade, source):
            found.append(Entry(applicant, year, grade, source, before, seen))
    return found


def _told(reading: ListReading[YearRow], row: YearRow, entry: Entry) -> Finding:
    column, who = f"{CLASSIFIED}{entry.year}", {"name": entry.applicant.full_name, "year": str(entry.year)}
    before, grade = entry.before, f"grade.{entry.grade}"
    if before is None or before.grade == entry.grade:
        sources = {"before": before.source if before else "", "after": entry.source}
        return reading.about(row, "source", "years.other_source", entry.source, **who, **sources)
    return reading.about(row, column, "years.changes", entry.seen, **who, before=f"grade.{before.grade}", after=grade)
