"""A sitting for another device: the candidate's question, and the invigilator's release."""

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from examsite.access import candidate, staff
from examsite.accounts.current import me, my_login
from examsite.campaigns.roles import Role, role_in
from examsite.rounds import permissions
from examsite.rounds.models import ExamSession, RosterEntry
from examsite.rounds.operations import devices, sittings
from examsite.rounds.queries import devices as queries
from examsite.rounds.queries import sessions
from examsite.rounds.queries.sittings import my_sitting
from examsite.rounds.room_forms import ReleaseForm
from examsite.rounds.routes import blueprint
from examsite.rounds.routes.replies import json_reply
from examsite.rules.refusal import Refused
from examsite.web.context import db, now
from examsite.web.device import own_device
from examsite.web.forms import saved, typed


@blueprint.get("/exam/<sitting_id>/device")
@candidate
def device_standing(sitting_id: str) -> Response:
    """How the sitting stands for this device, for the page that waits for a release."""
    sitting = my_sitting(db(), me(), sitting_id)
    return json_reply(200, {"standing": queries.standing(sitting, my_login(), own_device(), now())})


@blueprint.post("/exam/<sitting_id>/ask-release")
@candidate
def ask_release(sitting_id: str) -> ResponseReturnValue:
    """Ask the invigilator to release the sitting for this device."""
    devices.ask_release(db(), me(), my_login(), sitting_id, now(), own_device())
    return saved(url_for("rounds.exam_room", sitting_id=sitting_id), "rounds.release_asked")


@blueprint.post("/exam/<sitting_id>/take-over")
@candidate
def take_over(sitting_id: str) -> ResponseReturnValue:
    """Go on with this sitting on this device."""
    sittings.take_over(db(), me(), my_login(), sitting_id, now(), own_device())
    db().commit()
    return redirect(url_for("rounds.exam_room", sitting_id=sitting_id), 303)


@blueprint.route("/campaigns/<campaign_id>/sessions/<session_id>/roster/<entry_id>/release", methods=["GET", "POST"])
@staff("invigilation")
def release(campaign_id: str, session_id: str, entry_id: str) -> ResponseReturnValue:
    """Release the part that a candidate is working on for one device that asks, with a reason."""
    role, exam, entry = _at_the_seat(campaign_id, session_id, entry_id)
    sitting = queries.open_sitting(db(), entry, now())
    asked = [one for one in queries.open_requests(db(), exam, now()) if one.entry == entry.public_id]
    form = ReleaseForm()
    if form.validate_on_submit():
        with form.refusals():
            if sitting is None:
                raise Refused("rounds.nothing_to_release")
            first = devices.release(db(), sitting, typed(form.asked), typed(form.reason), role, now())
            code = "rounds.released" if first else "rounds.release_repeated"
            return saved(_room_of(exam), code, number=entry.candidate_number)
    let_in = sitting is not None and queries.is_released(sitting)
    page = render_template("rounds/release.html", role=role, exam=exam, entry=entry, sitting=sitting, asked=asked, let_in=let_in, form=form)
    return page, form.status


@blueprint.post("/campaigns/<campaign_id>/sessions/<session_id>/roster/<entry_id>/release/withdraw")
@staff("invigilation")
def withdraw_release(campaign_id: str, session_id: str, entry_id: str) -> ResponseReturnValue:
    """Take back a release that no device has used."""
    role, exam, entry = _at_the_seat(campaign_id, session_id, entry_id)
    sitting = queries.open_sitting(db(), entry, now())
    if sitting is None:
        raise Refused("rounds.nothing_to_release")
    devices.withdraw_release(db(), sitting, role, now())
    return saved(_room_of(exam), "rounds.release_withdrawn", number=entry.candidate_number)


def _at_the_seat(campaign_id: str, session_id: str, entry_id: str) -> tuple[Role, ExamSession, RosterEntry]:
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_release(role))
    exam = sessions.session_in(db(), role, session_id)
    return role, exam, sessions.entry_in(db(), exam, entry_id)


def _room_of(exam: ExamSession) -> str:
    return url_for("rounds.session", campaign_id=exam.campaign.public_id, session_id=exam.public_id)
