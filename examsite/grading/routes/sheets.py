"""The score sheet: fill in, lock, read, reopen."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from examsite.access import staff
from examsite.campaigns.queries import rule_set
from examsite.grading import permissions
from examsite.grading.forms import SheetForm, sheet_form
from examsite.grading.models import Interview, PanelMember
from examsite.grading.operations import sheets as operations
from examsite.grading.queries import panels
from examsite.grading.queries import sheets as queries
from examsite.grading.queries.progress import panel_progress
from examsite.grading.routes import blueprint
from examsite.grading.routes.doors import address_of, at_the_table, first_declare
from examsite.grading.seats import Seat
from examsite.grading.sheet_values import total
from examsite.rules.refusal import NotFound, NotPermitted
from examsite.web.context import db, now
from examsite.web.forms import ReasonForm, saved, typed

BASE = "/campaigns/<campaign_id>/panels/<panel_id>"


@blueprint.route(f"{BASE}/interviews/<interview_id>/sheet", methods=["GET", "POST"])
@staff("panel")
def sheet(campaign_id: str, panel_id: str, interview_id: str) -> ResponseReturnValue:
    """One's own sheet of one interview; once it is locked, those of the others that are locked too."""
    seat = at_the_table(campaign_id, panel_id)
    interview = panels.interview_in(db(), seat.panel, interview_id)
    if not seat.scores:
        raise NotFound
    if (way := first_declare(seat)) is not None:
        return way
    if not permissions.may_score(seat, interview):
        raise NotPermitted("grading.recused_here")
    form = sheet_form(rule_set(seat.role.campaign).round2.components)
    if form.validate_on_submit():
        with form.refusals():
            return _written(seat, interview, form)
    elif not form.is_submitted():
        form.show(queries.newest(db(), interview, _member(seat)))
    return _page(seat, interview, form), form.status


@blueprint.get(f"{BASE}/sheets/<sheet_id>", endpoint="sheet_version")
@staff("panel", "council")
def sheet_version(campaign_id: str, panel_id: str, sheet_id: str) -> ResponseReturnValue:
    """One version of a sheet that one may read, with the others of the same member that one may read too."""
    seat = at_the_table(campaign_id, panel_id)
    queries.sheet_in(db(), seat.panel, sheet_id)
    if (way := first_declare(seat)) is not None:
        return way
    found = queries.read_sheet(db(), seat, sheet_id)
    return render_template(
        "grading/sheet_version.html",
        role=seat.role,
        panel=seat.panel,
        sheet=found,
        total=total,
        versions=queries.readable_versions(db(), seat, found),
        rules=rule_set(seat.role.campaign),
    )


@blueprint.route(f"{BASE}/sheets/<sheet_id>/reopen", methods=["GET", "POST"])
@staff("panel", "council")
def reopen_sheet(campaign_id: str, panel_id: str, sheet_id: str) -> ResponseReturnValue:
    """Reopen a locked sheet, with a reason. It shows whose sheet it is, and no score."""
    seat = at_the_table(campaign_id, panel_id)
    found = queries.sheet_in(db(), seat.panel, sheet_id)
    if not permissions.may_reopen_sheets(seat, found.interview):
        raise NotFound
    form = ReasonForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.reopen_sheet(db(), seat.role, seat.panel, found, typed(form.reason), now())
            return saved(address_of("grading.interview", seat.panel, interview_id=found.interview.public_id), "grading.sheet_reopened")
    return render_template("grading/reopen_sheet.html", role=seat.role, panel=seat.panel, sheet=found, form=form), form.status


def _written(seat: Seat, interview: Interview, form: SheetForm) -> ResponseReturnValue:
    locking = request.form.get("act") == "lock"
    write = operations.lock_sheet if locking else operations.save_sheet
    written = write(db(), seat.role, seat.panel, interview, form.scores(), typed(form.comment), form.version.data or 0, now())
    code = "grading.sheet_was_locked" if locking else "grading.sheet_saved"
    return saved(address_of("grading.sheet", seat.panel, interview_id=interview.public_id), code, version=written.version)


def _page(seat: Seat, interview: Interview, form: SheetForm) -> str:
    every = panel_progress(db(), seat.panel)
    progress = next(found for found in every if found.interview.id == interview.id)
    return render_template(
        "grading/sheet.html",
        role=seat.role,
        seat=seat,
        panel=seat.panel,
        interview=interview,
        list=every,
        progress=progress,
        own=progress.of(_member(seat)),
        others=queries.readable(seat, progress),
        rules=rule_set(seat.role.campaign),
        total=total,
        form=form,
    )


def _member(seat: Seat) -> PanelMember:
    if seat.member is None:
        raise NotFound
    return seat.member
