"""A list of applications: template, upload, dry run, then taken in or dropped."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext

from examsite.access import staff
from examsite.accounts.list_desk import ListDesk
from examsite.accounts.list_pages import open_list
from examsite.accounts.models import ListUpload
from examsite.campaigns.application_rows import ApplicationRow, ImportReading, application_template, read_applications
from examsite.campaigns.application_rows.columns import TABLE
from examsite.campaigns.models import ApplicationImport
from examsite.campaigns.operations import intake as operations
from examsite.campaigns.operations.dossiers import years_of
from examsite.campaigns.queries import applications as queries
from examsite.campaigns.queries import intake
from examsite.campaigns.queries.intake import FileReading, Intake
from examsite.campaigns.queries.positions import positions_of
from examsite.campaigns.queries.screening import why_closed
from examsite.campaigns.roles import Role
from examsite.campaigns.routes import blueprint
from examsite.campaigns.routes.applications import hr_of
from examsite.lists import Finding
from examsite.sheets import Book
from examsite.web.context import db, now


@dataclass(frozen=True)
class ApplicationsDesk(ListDesk[ApplicationRow]):
    """The applications of one campaign, brought by its HR board."""

    role: Role
    positions: dict[str, int]

    kind = operations.KIND
    table = TABLE
    tab = "campaigns.applications"
    below = "campaigns/imports_taken.html"

    @classmethod
    def enter(cls, **ids: str) -> "ApplicationsDesk":
        role = hr_of(ids["campaign_id"])
        return cls(role, intake.position_codes(db(), role.campaign))

    @property
    def home(self) -> tuple[str, str]:
        return gettext("Applications"), url_for("campaigns.applications", campaign_id=self.role.campaign.public_id)

    @property
    def closed(self) -> str | None:
        return why_closed(db(), self.role.campaign)

    @property
    def file_name(self) -> str:
        return self.role.campaign.code

    @property
    def imports(self) -> list[ApplicationImport]:
        """The files that were taken in before."""
        return queries.imports_of(db(), self.role.campaign)

    def template(self, language: str) -> bytes:
        """Its notes list the position codes of this campaign."""
        found = positions_of(db(), self.role.campaign)
        told = [gettext("Position %(code)s: %(title)s", code=one.code, title=one.title) for one in found]
        return application_template(language, [*_notes(), *told], [one.code for one in found], years_of(now()))

    def read(self, book: Book) -> ImportReading:
        return read_applications(book, self.positions, years_of(now()))

    def assess(self, file: FileReading) -> Intake:
        return intake.assess(db(), self.role.campaign, file, now())

    def keep(self, name: str, data: bytes) -> ListUpload:
        return operations.upload(db(), self.role, name, data, now())

    def drop(self, kept: ListUpload) -> None:
        operations.drop_upload(db(), self.role, kept, now())

    def take(self, kept: ListUpload, file: FileReading, *, good_rows: bool) -> Intake:
        return operations.take_upload(db(), self.role, kept, file, good_rows=good_rows, now=now())

    def way(self, finding: Finding, upload: ListUpload) -> tuple[str, str] | None:
        """To the application that the person has already, or to the choice between the two."""
        first, campaign = finding.params.get(intake.FIRST), self.role.campaign.public_id
        if first is None:
            return None
        if finding.code == intake.ELSEWHERE and not self.closed:
            place: dict[str, Any] = {"upload_id": upload.public_id, "sheet": finding.sheet, "row": finding.row}
            return gettext("Choose between the two"), url_for("campaigns.second_application", campaign_id=campaign, **place)
        return gettext("Open the first application"), url_for("campaigns.application", campaign_id=campaign, application_id=first)

    def button(self, count: int) -> str:
        return str(ngettext("Take in %(num)s application", "Take in %(num)s applications", count))


def _notes() -> list[str]:
    return [
        gettext("Fill in one row for each application on the first sheet. Columns with a star are needed."),
        gettext("Write days as day/month/year, such as 12/03/1985."),
        gettext("Write the personal identity number with all its 12 digits; the columns are set to text, so that zeros in front stay."),
        gettext("The columns of yearly classification may stay empty or be left out; other years may be added in the same way."),
        gettext("The file is tried out before anything is taken in; errors are told by sheet, row and column."),
    ]


open_list(blueprint, staff("hr"), "/campaigns/<campaign_id>/applications/import", ApplicationsDesk)
