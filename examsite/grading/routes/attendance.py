"""Record who came: candidates by HR or the panel's head, members by the head."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from examsite.access import staff
from examsite.accounts.current import me
from examsite.campaigns.roles import Role, role_in
from examsite.grading import permissions
from examsite.grading.forms import PresenceForm
from examsite.grading.models import Interview
from examsite.grading.operations import attendance
from examsite.grading.queries import panels
from examsite.grading.routes import blueprint
from examsite.grading.routes.doors import address_of, at_the_table, managing
from examsite.grading.routes.long_lists import back_to_candidate, back_to_code
from examsite.grading.seats import seat_at
from examsite.web.context import db, now
from examsite.web.forms import ReasonForm, saved, typed


@blueprint.route("/campaigns/<campaign_id>/panels/<panel_id>/interviews/<interview_id>/presence", methods=["GET", "POST"])
@staff("panel")
def presence(campaign_id: str, panel_id: str, interview_id: str) -> ResponseReturnValue:
    """Whether a candidate came, by code for the head."""
    role = role_in(db(), me(), campaign_id)
    seat = seat_at(db(), role, panel_id)
    interview = panels.interview_in(db(), seat.panel, interview_id)
    role.must(permissions.may_record_absence(seat, interview))
    return _presence(role, interview, back_to_code(interview), by_number=False)


@blueprint.route("/campaigns/<campaign_id>/panels/<panel_id>/candidates/<candidate_id>/presence", methods=["GET", "POST"])
@staff("hr")
def candidate_presence(campaign_id: str, panel_id: str, candidate_id: str) -> ResponseReturnValue:
    """Whether a candidate came, by number for HR: at an address that no page with codes has."""
    role, panel = managing(campaign_id, panel_id)
    interview = panels.candidate_in(db(), panel, candidate_id)
    return _presence(role, interview, back_to_candidate(interview), by_number=True)


def _presence(role: Role, interview: Interview, back: str, *, by_number: bool) -> ResponseReturnValue:
    panel = interview.panel
    form = PresenceForm(state=request.args.get("state", "no_show"))
    form.offer()
    if form.validate_on_submit():
        with form.refusals():
            attendance.record_presence(db(), role, panel, interview, typed(form.state), typed(form.reason), now())
            return saved(back, "grading.presence_recorded")
    page = render_template("grading/presence.html", role=role, panel=panel, interview=interview, by_number=by_number, back=back, form=form)
    return page, form.status


@blueprint.route(
    "/campaigns/<campaign_id>/panels/<panel_id>/interviews/<interview_id>/members/<member_id>/absence", methods=["GET", "POST"]
)
@staff("panel", "council")
def absence(campaign_id: str, panel_id: str, interview_id: str, member_id: str) -> ResponseReturnValue:
    """Record a member as absent from one interview, or take that back (`?lift=1`)."""
    seat = at_the_table(campaign_id, panel_id)
    interview = panels.interview_in(db(), seat.panel, interview_id)
    member = panels.member_in(db(), seat.panel, member_id)
    lifting = request.args.get("lift") == "1"
    leaves_out = permissions.may_leave_out(seat, interview) and not lifting
    seat.role.must(permissions.may_record_absence(seat, interview) or leaves_out)
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
