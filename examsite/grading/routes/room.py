"""The panel's own room: today's list under codes, what members still owe, closing."""

from flask import render_template
from flask.typing import ResponseReturnValue

from examsite.access import staff
from examsite.campaigns.queries import rule_set
from examsite.grading import permissions
from examsite.grading.operations import closing
from examsite.grading.queries import panels, progress
from examsite.grading.routes import blueprint
from examsite.grading.routes.doors import address_of, at_the_table, first_declare
from examsite.grading.routes.long_lists import by_code
from examsite.web.context import db, now
from examsite.web.forms import ActForm, ReasonForm, saved, typed


@blueprint.route("/campaigns/<campaign_id>/panels/<panel_id>/room", methods=["GET", "POST"])
@staff("panel", "council")
def room(campaign_id: str, panel_id: str) -> ResponseReturnValue:
    """Today's list under codes; the head closes the panel here."""
    seat = at_the_table(campaign_id, panel_id)
    if seat.panel.state == "planned":
        return render_template("grading/room_waiting.html", role=seat.role, panel=seat.panel)
    if (way := first_declare(seat)) is not None:
        return way
    form = ActForm()
    if form.validate_on_submit():
        with form.refusals():
            closing.close_panel(db(), seat.role, seat.panel, now())
            return saved(address_of("grading.room", seat.panel), "grading.closed")
    page = render_template(
        "grading/room.html",
        role=seat.role,
        seat=seat,
        panel=seat.panel,
        rules=rule_set(seat.role.campaign),
        members=panels.scoring_members(db(), seat.panel),
        part=by_code(progress.panel_progress(db(), seat.panel)),
        missing=progress.missing_before_closing(db(), seat.panel, seat.conflicts) if seat.leads else [],
        may=permissions,
        form=form,
    )
    return page, form.status


@blueprint.route("/campaigns/<campaign_id>/panels/<panel_id>/reopen", methods=["GET", "POST"])
@staff("panel", "council")
def reopen_panel(campaign_id: str, panel_id: str) -> ResponseReturnValue:
    """Open a closed panel again, with a reason."""
    seat = at_the_table(campaign_id, panel_id)
    seat.role.must(permissions.may_reopen_panel(seat))
    form = ReasonForm()
    if form.validate_on_submit():
        with form.refusals():
            closing.reopen_panel(db(), seat.role, seat.panel, typed(form.reason), now())
            return saved(address_of("grading.room", seat.panel), "grading.panel_reopened")
    return render_template("grading/reopen_panel.html", role=seat.role, panel=seat.panel, form=form), form.status
