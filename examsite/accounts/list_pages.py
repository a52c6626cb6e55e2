"""The pages of every list that comes as a file: template, upload, dry run with each error by its cell, then taken in or dropped; and
the list as it stands, in the same columns.

A room describes its list as a `ListDesk` and opens it with `open_list`; the pages, the file between them and the confirmation of
exactly what was shown are the same for all.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from examsite import sheets
from examsite.accounts import list_uploads as uploads
from examsite.accounts.forms import TakeForm, UploadForm
from examsite.accounts.list_desk import ListDesk
from examsite.lists import Finding, list_workbook, read_file
from examsite.lists.excerpt import excerpts
from examsite.portions import portion
from examsite.rules.refusal import Conflict, NotFound
from examsite.sheets.writing import NewSheet, write_xlsx
from examsite.web.asked import asked_page
from examsite.web.context import db
from examsite.web.forms import saved, typed
from examsite.web.language import reading
from examsite.wording import say

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 200
MOST_ERRORS = 50

View = Callable[..., ResponseReturnValue]


def open_list(blueprint: Blueprint, access: Callable[[View], View], address: str, desk: type[ListDesk[Any]]) -> None:
    """Put the pages of a list on a blueprint.

    `address` ends with `/import`, as `/campaigns/<campaign_id>/rooms/import` does; the template and the workbook lie beside it. `access`
    is the decorator that each of them wears.
    """
    blueprint.add_app_template_filter(cell_of)
    beside = address.removesuffix("import")
    pages: tuple[tuple[str, str, Callable[..., ResponseReturnValue], list[str]], ...] = (
        ("import", address, _import_page, ["GET", "POST"]),
        ("template", f"{beside}template.xlsx", _template, ["GET"]),
        ("upload", f"{address}/<upload_id>", _dry_run, ["GET", "POST"]),
        ("drop", f"{address}/<upload_id>/drop", _drop, ["POST"]),
        ("errors", f"{address}/<upload_id>/errors.xlsx", _errors, ["GET"]),
    )
    if desk.sheet_names:
        pages += (("workbook", f"{beside}list.xlsx", _workbook, ["POST"] if desk.names_people else ["GET"]),)
    for name, rule, page, methods in pages:
        blueprint.add_url_rule(rule, f"{desk.kind}_{name}", access(_view(desk, page)), methods=methods)


def _view(desk: type[ListDesk[Any]], page: Callable[..., ResponseReturnValue]) -> View:
    def view(upload_id: str | None = None, **ids: str) -> ResponseReturnValue:
        here = desk.enter(**ids)
        if upload_id is None:
            return page(here)
        try:
            return page(here, upload_id)
        except (Conflict, NotFound) as refusal:
            if request.method != "POST" or refusal.code != uploads.GONE:
                raise
            return _decided_already(here)

    return view


def _decided_already(desk: ListDesk[Any]) -> ResponseReturnValue:
    """A second click, or somebody else's: whatever the first decided stands in the list itself."""
    db().rollback()
    flash(say(uploads.GONE), "wait")
    return redirect(desk.home[1], 303)


def _import_page(desk: ListDesk[Any]) -> ResponseReturnValue:
    """Upload a file for its dry run."""
    form = UploadForm()
    if form.validate_on_submit():
        with form.refusals():
            name, data = form.file.data.filename or "", form.file.data.read()
            _let_go_of_database()
            if data:
                sheets.read(data)
            kept = desk.keep(name, data)
            db().commit()
            return redirect(desk.address("upload", upload_id=kept.public_id), 303)
    waiting = uploads.waiting_uploads(db(), desk.chain, desk.kind)
    return render_template("lists/import.html", desk=desk, role=desk.role, form=form, waiting=waiting), form.status


def _template(desk: ListDesk[Any]) -> ResponseReturnValue:
    """The file to fill in."""
    return download(desk.template(reading()), f"{desk.file_name}.xlsx")


def _workbook(desk: ListDesk[Any]) -> ResponseReturnValue:
    """The list as it stands. One that carries names away leaves its entry in the log."""
    language = reading()
    rows = desk.standing(language)
    if desk.names_people:
        desk.keep_who_took(len(rows))
        db().commit()
    return download(list_workbook(desk.table, language, desk.sheet_names[language], rows), f"{desk.file_name}-list.xlsx")


def _dry_run(desk: ListDesk[Any], upload_id: str) -> ResponseReturnValue:
    """The dry run of an uploaded file; sent as a form, its rows are taken in, if they still come to what was shown."""
    kept = uploads.upload_by_public_id(db(), desk.chain, desk.kind, upload_id)
    form = TakeForm()
    if form.is_submitted():
        _let_go_of_database()
    file = read_file(kept.file_name, kept.content, desk.read)
    if form.validate_on_submit():
        with form.refusals():
            done = desk.take(kept, file, good_rows=form.good_rows)
            if done.digest(file) != typed(form.digest):
                raise Conflict("lists.changed_since")
            return desk.taken(done)
    if form.refused:
        kept = uploads.upload_by_public_id(db(), desk.chain, desk.kind, upload_id)
    found = desk.assess(file)
    page = render_template(
        "lists/dry_run.html",
        desk=desk,
        role=desk.role,
        form=form,
        upload=kept,
        intake=found,
        digest=found.digest(file),
        shown=desk.shown(found),
        excerpts=excerpts(file.book, desk.table, found.errors),
        most=SHOWN,
        **_errors_asked_for(found.errors),
    )
    return page, form.status


def _errors_asked_for(errors: Sequence[Finding]) -> dict[str, Any]:
    """The errors of one column of the file or of all, a page at a time, and how many each column has."""
    counts = Counter(one.title for one in errors)
    column = request.args.get("column")
    wanted = errors if column not in counts else [one for one in errors if one.title == column]
    return {"columns": counts.most_common(), "column": column, "part": portion(wanted, asked_page(), MOST_ERRORS)}


def _drop(desk: ListDesk[Any], upload_id: str) -> ResponseReturnValue:
    """Decide against a file."""
    desk.drop(uploads.upload_by_public_id(db(), desk.chain, desk.kind, upload_id))
    return saved(desk.address("import"), "intake.dropped")


def _errors(desk: ListDesk[Any], upload_id: str) -> ResponseReturnValue:
    """All errors of an uploaded file as a list to work through."""
    kept = uploads.upload_by_public_id(db(), desk.chain, desk.kind, upload_id)
    found = desk.assess(read_file(kept.file_name, kept.content, desk.read))
    header = [gettext("Sheet"), gettext("Cell"), gettext("Column"), gettext("In the file"), gettext("What is wrong, and what to do")]
    rows = [[one.sheet, cell_of(one), one.title, one.seen, say(one.code, one.params)] for one in found.errors]
    return download(write_xlsx([NewSheet(gettext("To mend"), header, rows, (20, 10, 24, 30, 90))]), f"{desk.file_name}-errors.xlsx")


def cell_of(finding: Finding) -> str:
    """`B17`, or the row or the file that is meant as a whole."""
    if finding.column and finding.row:
        return f"{finding.column}{finding.row}"
    return say("intake.row", {"row": finding.row}) if finding.row else say("intake.whole_file")


def download(data: bytes, name: str) -> Response:
    """An XLSX file as the answer."""
    return Response(data, mimetype=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _let_go_of_database() -> None:
    """Nothing is written yet, but on SQLite a writing request holds the one lock; reading a file must not keep an exam waiting."""
    db().commit()
