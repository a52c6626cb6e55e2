"""A list of yearly classifications for applications that are in already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext, ngettext

from examsite.access import staff
from examsite.accounts.list_desk import ListDesk
from examsite.accounts.list_pages import open_list
from examsite.accounts.models import ListUpload
from examsite.campaigns import permissions, year_rows
from examsite.campaigns.application_rows.columns import CLASSIFIED
from examsite.campaigns.operations import year_lists as operations
from examsite.campaigns.operations.dossiers import years_of
from examsite.campaigns.operations.taking import list_taken
from examsite.campaigns.queries.year_lists import YearIntake, applicants_with_numbers, assess, standing_years
from examsite.campaigns.roles import Role
from examsite.campaigns.routes import blueprint
from examsite.campaigns.routes.applications import hr_of
from examsite.campaigns.year_rows import YearRow, read_years
from examsite.lists import Finding, Intake, ListFile, ListReading, Table, list_template
from examsite.sheets import Book
from examsite.web.context import db, now
from examsite.wording import say


@dataclass(frozen=True)
class ClassificationsDesk(ListDesk[YearRow]):
    """The yearly classifications of those who applied, brought by the HR board of the campaign."""

    role: Role
    years: range

    kind = operations.KIND
    tab = "campaigns.applications"
    below = "campaigns/years_standing.html"
    sheet_names = year_rows.SHEET_NAMES
    names_people = True

    @classmethod
    def enter(cls, **ids: str) -> "ClassificationsDesk":
        role = hr_of(ids["campaign_id"])
        role.must(permissions.may_keep_dossiers(role))
        return cls(role, years_of(now()))

    @property
    def table(self) -> Table:
        return year_rows.year_table(self.years)

    @property
    def home(self) -> tuple[str, str]:
        return gettext("Applications"), url_for("campaigns.applications", campaign_id=self.role.campaign.public_id)

    @property
    def closed(self) -> str | None:
        return "documents.closed" if self.role.campaign.stage == "closed" else None

    def template(self, language: str) -> bytes:
        notes = [
            gettext("Fill in one row for each person. People are found by the personal identity number of their application."),
            gettext("Write a grade into the column of its year; other years may be added in the same way. A blank cell changes nothing."),
            gettext("The decision that says so may be named in its own column; where it is blank, the name of the file stands for it."),
        ]
        grades = {f"{CLASSIFIED}{year}": tuple(year_rows.GRADE_WORDS[language].values()) for year in self.years}
        return list_template(self.table, language, year_rows.SHEET_NAMES[language], year_rows.examples(self.years), notes, grades)

    def read(self, book: Book) -> ListReading[YearRow]:
        return read_years(book, self.years)

    def assess(self, file: ListFile[YearRow]) -> YearIntake:
        return assess(db(), self.role.campaign, file)

    def take(self, kept: ListUpload, file: ListFile[YearRow], *, good_rows: bool) -> YearIntake:
        return operations.take_upload(db(), self.role, kept, file, good_rows=good_rows, now=now())

    def standing(self, language: str) -> Sequence[Mapping[str, str]]:
        """Everybody who applied, with what stands; the decisions stay on the site, since each year has its own."""
        people = applicants_with_numbers(db(), self.role.campaign)
        found, words = standing_years(db(), [one.id for _number, one in people]), year_rows.GRADE_WORDS[language]
        return [
            {"identity_number": number, "full_name": one.full_name}
            | {f"{CLASSIFIED}{year}": words[graded.grade] for year, graded in found.get(one.id, {}).items()}
            for number, one in people
        ]

    def keep_who_took(self, lines: int) -> None:
        list_taken(db(), self.role, self.kind, lines, now())

    def shown(self, done: Intake[YearRow]) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        entries = done.entries if isinstance(done, YearIntake) else ()
        rows = [[one.applicant.full_name, str(one.year), say(f"grade.{one.grade}"), one.source] for one in entries]
        return [gettext("Name"), gettext("Year"), gettext("Classification"), gettext("Decision that says so")], rows

    def button(self, count: int) -> str:
        return str(ngettext("Record the years of %(num)s person", "Record the years of %(num)s people", count))

    def way(self, finding: Finding, _upload: ListUpload) -> tuple[str, str] | None:
        """To the list, where the right number can be looked up by the name."""
        return (gettext("Open the applications"), self.home[1]) if finding.code == "years.nobody" else None


open_list(blueprint, staff("hr"), "/campaigns/<campaign_id>/applications/classifications/import", ClassificationsDesk)
