"""Declare conflicts before anything else is shown, and step back from an interview later."""

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from examsite.access import staff
from examsite.campaigns.queries import rule_set
from examsite.grading.forms import RelationForm, declaration_form
from examsite.grading.operations import conflicts
from examsite.grading.queries import panels
from examsite.grading.routes import blueprint
from examsite.grading.routes.doors import address_of, at_the_table, first_declare
from examsite.web.context import db, now
from examsite.web.forms import saved, typed


@blueprint.route("/campaigns/<campaign_id>/panels/<panel_id>/conflicts", methods=["GET", "POST"], endpoint="declaration")
@staff("panel", "council")
def declaration(campaign_id: str, panel_id: str) -> ResponseReturnValue:
    """The only page on which a member sees names; it holds no code, no order and no score."""
    seat = at_the_table(campaign_id, panel_id)
    if seat.declared or seat.panel.state not in {"drawn", "closed"}:
        return redirect(address_of("grading.room", seat.panel), 303)
    form = declaration_form(panels.candidates_by_name(db(), seat.panel), rule_set(seat.role.campaign).relations)
    if form.validate_on_submit():
        with form.refusals():
            conflicts.declare(db(), seat.role, seat.panel, form.relations(), now())
            return saved(address_of("grading.room", seat.panel), "grading.declared")
    return render_template("grading/declaration.html", role=seat.role, panel=seat.panel, form=form), form.status


@blueprint.route("/campaigns/<campaign_id>/panels/<panel_id>/interviews/<interview_id>/step-back", methods=["GET", "POST"])
@staff("panel", "council")
def step_back(campaign_id: str, panel_id: str, interview_id: str) -> ResponseReturnValue:
    """Step back from one interview, as when a relative is recognised in the room."""
    seat = at_the_table(campaign_id, panel_id)
    interview = panels.interview_in(db(), seat.panel, interview_id)
    if (way := first_declare(seat)) is not None:
        return way
    form = RelationForm()
    form.offer(rule_set(seat.role.campaign).relations)
    if form.validate_on_submit():
        with form.refusals():
            conflicts.recuse_self(db(), seat.role, seat.panel, interview, typed(form.relation), typed(form.words), now())
            return saved(address_of("grading.room", seat.panel), "grading.recused", interview=interview.code)
    return render_template("grading/step_back.html", role=seat.role, panel=seat.panel, interview=interview, form=form), form.status
