"""The door: find a candidate, check them in, go on with the next; take a check-in back."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from examsite.access import staff
from examsite.accounts.current import me
from examsite.campaigns.roles import Role, role_in
from examsite.rounds import permissions
from examsite.rounds.models import ExamSession
from examsite.rounds.operations import check_in as operations
from examsite.rounds.queries.check_in import door
from examsite.rounds.queries.sessions import entry_in, session_in
from examsite.rounds.room_forms import CheckInForm
from examsite.rounds.routes import blueprint
from examsite.web.context import db, now
from examsite.web.forms import ReasonForm, saved, typed

LONGEST_SEARCH = 100


@blueprint.get("/campaigns/<campaign_id>/sessions/<session_id>/check-in")
@staff("invigilation")
def check_in(campaign_id: str, session_id: str) -> ResponseReturnValue:
    """Search by number or name; the one that was found stands ready to be checked in."""
    role, exam = _at_the_door(campaign_id, session_id)
    return _page(role, exam, request.args.get("q", "")[:LONGEST_SEARCH], CheckInForm(formdata=None))


@blueprint.post("/campaigns/<campaign_id>/sessions/<session_id>/roster/<entry_id>/check-in")
@staff("invigilation")
def check_in_candidate(campaign_id: str, session_id: str, entry_id: str) -> ResponseReturnValue:
    """Check one candidate in; the search is ready for the next."""
    role, exam = _at_the_door(campaign_id, session_id)
    entry = entry_in(db(), exam, entry_id)
    form = CheckInForm()
    if form.validate_on_submit():
        with form.refusals():
            told = (typed(form.document), typed(form.seat))
            operations.check_in(db(), exam, entry, *told, role, now(), seat_reason=typed(form.seat_reason))
            return saved(_address(role, exam), "rounds.checked_in", number=entry.candidate_number)
    return _page(role, exam, entry.candidate_number, form), form.status


@blueprint.route("/campaigns/<campaign_id>/sessions/<session_id>/roster/<entry_id>/undo-check-in", methods=["GET", "POST"])
@staff("invigilation")
def undo_check_in(campaign_id: str, session_id: str, entry_id: str) -> ResponseReturnValue:
    """Take a check-in back, with a reason."""
    role, exam = _at_the_door(campaign_id, session_id)
    entry = entry_in(db(), exam, entry_id)
    form = ReasonForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.undo_check_in(db(), entry, typed(form.reason), role, now())
            return saved(_address(role, exam), "rounds.check_in_undone", number=entry.candidate_number)
    return render_template("rounds/room_staff/undo_check_in.html", role=role, exam=exam, entry=entry, form=form), form.status


def _at_the_door(campaign_id: str, session_id: str) -> tuple[Role, ExamSession]:
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_check_in(role))
    return role, session_in(db(), role, session_id)


def _page(role: Role, exam: ExamSession, words: str, form: CheckInForm) -> str:
    return render_template(
        "rounds/room_staff/check_in.html",
        role=role,
        exam=exam,
        words=words,
        door=door(db(), exam, words),
        form=form,
        may=permissions,
    )


def _address(role: Role, exam: ExamSession) -> str:
    return url_for("rounds.check_in", campaign_id=role.campaign.public_id, session_id=exam.public_id)
