"""Record who came: candidates by HR or the panel's head, members by the head."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from examsite.access import staff
from examsite.accounts.current import me
from examsite.campaigns.roles import role_in
from examsite.grading import permissions
from examsite.grading.forms import PresenceForm
from examsite.grading.operations import attendance
from examsite.grading.queries import panels
from examsite.grading.routes import blueprint
from examsite.grading.routes.doors import address_of, at_the_table
from examsite.grading.routes.long_lists import back_to
from examsite.grading.seats import seat_at
from examsite.web.context import db, now
from examsite.web.forms import ReasonForm, saved, typed


@blueprint.route("/campaigns/<campaign_id>/panels/<panel_id>/interviews/<interview_id>/presence", methods=["GET", "POST"])
@staff("hr", "panel")
def presence(campaign_id: str, panel_id: str, interview_id: str) -> ResponseReturnValue:
    """Whether a candidate came: by number for HR, by code for the head."""
    role = role_in(db(), me(), campaign_id)
    seat = seat_at(db(), role, panel_id)
    interview = panels.interview_in(db(), seat.panel, interview_id)
    role.must(permissions.may_record_presence(seat, interview))
    by_number = permissions.may_manage_panels(role)
    back = back_to("grading.panel" if by_number else "grading.room", interview)
    form = PresenceForm(state=request.args.get("state", "no_show"))
    form.offer()
    if form.validate_on_submit():
        with form.refusals():
            attendance.record_presence(db(), role, seat.panel, interview, typed(form.state), typed(form.reason), now())
            return saved(back, "grading.presence_recorded")
    page = render_template(
        "grading/presence.html", role=role, panel=seat.panel, interview=interview, by_number=by_number, back=back, form=form
    )
    return page, form.status


@blueprint.route(
    "/campaigns/<campaign_id>/panels/<panel_id>/interviews/<interview_id>/members/<member_id>/absence", methods=["GET", "POST"]
)
@staff("panel")
def absence(campaign_id: str, panel_id: str, interview_id: str, member_id: str) -> ResponseReturnValue:
    """Record a member as absent from one interview, or take that back (`?lift=1`)."""
    seat = at_the_table(campaign_id, panel_id)
    interview = panels.interview_in(db(), seat.panel, interview_id)
    member = panels.member_in(db(), seat.panel, member_id)
    seat.role.must(permissions.may_record_absence(seat, interview))
    lifting = request.args.get("lift") == "1"
    form = ReasonForm()
    if form.validate_on_submit():
        with form.refusals():
            act = attendance.lift_absence if lifting else attendance.record_absence
            act(db(), seat.role, seat.panel, interview, member, typed(form.reason), now())
            code = "grading.absence_lifted" if lifting else "grading.absence_recorded"
            back = address_of("grading.interview", seat.panel, interview_id=interview_id)
            return saved(back, code, member=member.account.display_name)
    page = render_template(
        "grading/absence.html", role=seat.role, panel=seat.panel, interview=interview, member=member, lifting=lifting, form=form
    )
    return page, form.status
