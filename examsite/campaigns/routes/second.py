"""A second application by the same person, in a file that waits: which of the two it is to be."""

from dataclasses import replace

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from examsite.access import staff
from examsite.accounts import list_uploads as uploads
from examsite.campaigns.operations.intake import take_instead
from examsite.campaigns.queries.applications import running_of
from examsite.campaigns.queries.intake import FileReading
from examsite.campaigns.queries.positions import positions_of
from examsite.campaigns.routes import blueprint
from examsite.campaigns.routes.intake import ApplicationsDesk
from examsite.lists import read_file
from examsite.rules.refusal import NotFound
from examsite.web.context import db, now
from examsite.web.forms import ReasonForm, saved, typed


@blueprint.route("/campaigns/<campaign_id>/applications/import/<upload_id>/second", methods=["GET", "POST"])
@staff("hr")
def second_application(campaign_id: str, upload_id: str) -> ResponseReturnValue:
    """Keep the first and leave the row out, or withdraw the first and take the row in; the file goes on waiting."""
    desk = ApplicationsDesk.enter(campaign_id=campaign_id)
    kept = uploads.upload_by_public_id(db(), desk.chain, desk.kind, upload_id)
    form = ReasonForm()
    if form.is_submitted():
        db().commit()  # reading a file must not hold the one lock of SQLite
    file = _of_row(read_file(kept.file_name, kept.content, desk.read))
    (row,) = file.reading.rows
    first = running_of(db(), desk.role.campaign, row.identity_number)
    back = desk.address("upload", upload_id=upload_id)
    if first.position.code == row.position_code:  # a second click: the row has been taken in
        return redirect(back, 303)
    if form.validate_on_submit():
        with form.refusals():
            take_instead(db(), desk.role, first, file, typed(form.reason), now())
            return saved(back, "intake.taken_instead", name=row.full_name)
    page = render_template(
        "campaigns/second_application.html",
        role=desk.role,
        desk=desk,
        upload=kept,
        first=first,
        row=row,
        wanted=next(one for one in positions_of(db(), desk.role.campaign) if one.code == row.position_code),
        form=form,
        closed=desk.closed,
    )
    return page, form.status


def _of_row(file: FileReading) -> FileReading:
    """The file with the one row that the address names, or NotFound."""
    place = (request.args.get("sheet", ""), request.args.get("row", 0, int))
    rows = tuple(row for row in file.reading.rows if (row.sheet, row.row) == place)
    if not rows:
        raise NotFound
    return replace(file, reading=replace(file.reading, rows=rows, errors=(), notes=(), rows_seen=1))
