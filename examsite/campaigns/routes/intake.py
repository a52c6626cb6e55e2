"""A file of applications: template, upload, dry run, then taken in or dropped."""

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from examsite.access import staff
from examsite.campaigns.application_rows import application_template
from examsite.campaigns.application_rows.columns import TABLE
from examsite.campaigns.forms.applications import TakeForm, UploadForm
from examsite.campaigns.models import ApplicationUpload
from examsite.campaigns.operations import intake as operations
from examsite.campaigns.queries import applications as queries
from examsite.campaigns.queries import intake
from examsite.campaigns.queries.positions import positions_of
from examsite.campaigns.queries.screening import why_closed
from examsite.campaigns.roles import Role
from examsite.campaigns.routes import blueprint
from examsite.campaigns.routes.applications import hr_of
from examsite.lists import Finding
from examsite.lists.excerpt import excerpts
from examsite.sheets import NewSheet, read, write_xlsx
from examsite.web.context import db, now
from examsite.web.forms import saved
from examsite.web.language import reading
from examsite.wording import say

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ERRORS_SHOWN = 200


@blueprint.route("/campaigns/<campaign_id>/applications/import", methods=["GET", "POST"])
@staff("hr")
def import_applications(campaign_id: str) -> ResponseReturnValue:
    """Upload a file for its dry run."""
    role = hr_of(campaign_id)
    form = UploadForm()
    if form.validate_on_submit():
        with form.refusals():
            name, data = form.file.data.filename or "", form.file.data.read()
            _let_go_of_database()
            if data:
                read(data)
            kept = operations.upload(db(), role, name, data, now())
            db().commit()
            return redirect(_upload_address(role, kept), 303)
    page = render_template(
        "campaigns/import.html",
        role=role,
        form=form,
        waiting=intake.waiting_uploads(db(), role.campaign),
        taken=queries.imports_of(db(), role.campaign),
        closed=why_closed(db(), role.campaign),
    )
    return page, form.status


@blueprint.get("/campaigns/<campaign_id>/applications/template.xlsx")
@staff("hr")
def import_template(campaign_id: str) -> ResponseReturnValue:
    """The file to fill in; its notes list the position codes of this campaign."""
    role = hr_of(campaign_id)
    found = positions_of(db(), role.campaign)
    told = [gettext("Position %(code)s: %(title)s", code=one.code, title=one.title) for one in found]
    return _download(application_template(reading(), [*_notes(), *told], [one.code for one in found]), f"{role.campaign.code}.xlsx")


@blueprint.route("/campaigns/<campaign_id>/applications/import/<upload_id>", methods=["GET", "POST"])
@staff("hr")
def application_upload(campaign_id: str, upload_id: str) -> ResponseReturnValue:
    """The dry run of an uploaded file; sent as a form, its rows are taken in."""
    role = hr_of(campaign_id)
    kept = intake.upload_by_public_id(db(), role.campaign, upload_id)
    codes = intake.position_codes(db(), role.campaign)
    form = TakeForm()
    if form.is_submitted():
        _let_go_of_database()
    file = intake.read_file(kept.file_name, kept.content, codes)
    if form.validate_on_submit():
        with form.refusals():
            done = operations.take_upload(db(), role, kept, file, good_rows=form.good_rows, now=now())
            address = url_for("campaigns.applications", campaign_id=campaign_id)
            return saved(address, "intake.taken", taken=len(done.good), known=len(done.known), left=done.faulty)
    found = intake.assess(db(), role.campaign, file)
    page = render_template(
        "campaigns/import_result.html",
        role=role,
        form=form,
        upload=kept,
        intake=found,
        excerpts=excerpts(file.book, TABLE, found.errors),
        most=ERRORS_SHOWN,
        closed=why_closed(db(), role.campaign),
    )
    return page, form.status


@blueprint.post("/campaigns/<campaign_id>/applications/import/<upload_id>/drop")
@staff("hr")
def drop_upload(campaign_id: str, upload_id: str) -> ResponseReturnValue:
    """Decide against a file."""
    role = hr_of(campaign_id)
    operations.drop_upload(db(), role, intake.upload_by_public_id(db(), role.campaign, upload_id), now())
    return saved(url_for("campaigns.import_applications", campaign_id=campaign_id), "intake.dropped")


@blueprint.get("/campaigns/<campaign_id>/applications/import/<upload_id>/errors.xlsx")
@staff("hr")
def import_errors(campaign_id: str, upload_id: str) -> ResponseReturnValue:
    """All errors of an uploaded file as a list to work through."""
    role = hr_of(campaign_id)
    kept = intake.upload_by_public_id(db(), role.campaign, upload_id)
    file = intake.read_file(kept.file_name, kept.content, intake.position_codes(db(), role.campaign))
    found = intake.assess(db(), role.campaign, file)
    header = [gettext("Sheet"), gettext("Cell"), gettext("Column"), gettext("In the file"), gettext("What is wrong, and what to do")]
    rows = [[one.sheet, _cell(one), one.title, one.seen, say(one.code, one.params)] for one in found.errors]
    data = write_xlsx([NewSheet(gettext("To mend"), header, rows, (20, 10, 24, 30, 90))])
    return _download(data, f"{role.campaign.code}-errors.xlsx")


@blueprint.app_template_filter("cell_of")
def _cell(finding: Finding) -> str:
    """`B17`, or the row or the file that is meant as a whole."""
    if finding.column and finding.row:
        return f"{finding.column}{finding.row}"
    return say("intake.row", {"row": finding.row}) if finding.row else say("intake.whole_file")


def _let_go_of_database() -> None:
    """Nothing is written yet, but on SQLite a writing request holds the one lock; reading a file must not keep an exam waiting."""
    db().commit()


def _upload_address(role: Role, kept: ApplicationUpload) -> str:
    return url_for("campaigns.application_upload", campaign_id=role.campaign.public_id, upload_id=kept.public_id)


def _notes() -> list[str]:
    return [
        gettext("Fill in one row for each application on the first sheet. Columns with a star are needed."),
        gettext("Write days as day/month/year, such as 12/03/1985."),
        gettext("Write the personal identity number with all its 12 digits; the columns are set to text, so that zeros in front stay."),
        gettext("The file is tried out before anything is taken in; errors are told by sheet, row and column."),
    ]


def _download(data: bytes, name: str) -> Response:
    return Response(data, mimetype=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})
