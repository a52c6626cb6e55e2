"""Who sits on a panel, and which candidate stands before which."""

from flask import render_template
from flask.typing import ResponseReturnValue

from examsite.access import staff
from examsite.grading.forms import MoveForm, SeatForm
from examsite.grading.operations import panels as operations
from examsite.grading.queries import panels
from examsite.grading.routes import blueprint
from examsite.grading.routes.doors import address_of, managing
from examsite.grading.routes.panels import page_of
from examsite.grading.seats import seat_at
from examsite.rules.refusal import Refused
from examsite.web.context import db, now
from examsite.web.forms import ReasonForm, saved, typed


@blueprint.post("/campaigns/<campaign_id>/panels/<panel_id>/members")
@staff("hr")
def seat_member(campaign_id: str, panel_id: str) -> ResponseReturnValue:
    """Seat somebody of the panel board."""
    role, panel = managing(campaign_id, panel_id)
    form = SeatForm()
    if form.validate_on_submit():
        with form.refusals():
            member = operations.seat_member(db(), role, panel, typed(form.account), typed(form.duty), typed(form.reason), now())
            return saved(address_of("grading.panel", panel), "grading.member_seated", name=member.account.display_name)
    return page_of(role, panel, seating=form)


@blueprint.post("/campaigns/<campaign_id>/panels/<panel_id>/members/<member_id>/unseat")
@staff("hr")
def unseat(campaign_id: str, panel_id: str, member_id: str) -> ResponseReturnValue:
    """Take back a seat before the lots."""
    role, panel = managing(campaign_id, panel_id)
    operations.unseat_member(db(), role, panel, panels.member_in(db(), panel, member_id), now())
    return saved(address_of("grading.panel", panel), "grading.member_unseated")


@blueprint.route("/campaigns/<campaign_id>/panels/<panel_id>/members/<member_id>/head", methods=["GET", "POST"])
@staff("hr")
def hand_over(campaign_id: str, panel_id: str, member_id: str) -> ResponseReturnValue:
    """Make another member the head, with a reason."""
    role, panel = managing(campaign_id, panel_id)
    member = panels.member_in(db(), panel, member_id)
    form = ReasonForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.hand_over_head(db(), role, panel, member, typed(form.reason), now())
            return saved(address_of("grading.panel", panel), "grading.head_changed", name=member.account.display_name)
    return render_template("grading/hand_over.html", role=role, panel=panel, member=member, form=form), form.status


@blueprint.route("/campaigns/<campaign_id>/panels/<panel_id>/candidates/<candidate_id>/move", methods=["GET", "POST"])
@staff("hr")
def move(campaign_id: str, panel_id: str, candidate_id: str) -> ResponseReturnValue:
    """Move a candidate to another panel."""
    role, panel = managing(campaign_id, panel_id)
    interview = panels.candidate_in(db(), panel, candidate_id)
    form = MoveForm()
    form.offer(panels.panels_of(db(), role.campaign), panel)
    if form.validate_on_submit():
        with form.refusals():
            if not typed(form.panel):
                raise Refused("grading.panel_missing", field="panel")
            target = seat_at(db(), role, typed(form.panel)).panel
            operations.move_candidate(db(), role, panel, interview, target, now())
            return saved(address_of("grading.panel", panel), "grading.moved", panel=target.name)
    return render_template("grading/move.html", role=role, panel=panel, interview=interview, form=form), form.status
