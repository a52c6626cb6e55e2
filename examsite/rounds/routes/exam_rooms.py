"""The rooms of the house, and which of them a session uses."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from examsite.access import hr_officer, staff
from examsite.accounts.current import me
from examsite.campaigns.roles import role_in
from examsite.rounds import permissions
from examsite.rounds.operations import exam_rooms as operations
from examsite.rounds.queries import exam_rooms as queries
from examsite.rounds.queries.seating import seated_in
from examsite.rounds.queries.sessions import session_in
from examsite.rounds.routes import blueprint
from examsite.rounds.seating_forms import RoomForm, SessionRoomsForm, chosen_of
from examsite.web.context import db, now
from examsite.web.forms import saved, typed


@blueprint.get("/rooms")
@staff()
def exam_rooms() -> ResponseReturnValue:
    """All rooms of the house."""
    return render_template("rounds/seating/rooms.html", rows=queries.room_rows(db()), may_edit=permissions.may_keep_rooms(me()))


@blueprint.route("/rooms/new", methods=["GET", "POST"])
@hr_officer
def new_exam_room() -> ResponseReturnValue:
    """Add a room."""
    form = RoomForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.create_room(db(), form.facts, me(), now())
            return saved(url_for("rounds.exam_rooms"), "rooms.created")
    return render_template("rounds/seating/room.html", form=form, room=None), form.status


@blueprint.route("/rooms/<room_id>", methods=["GET", "POST"])
@hr_officer
def edit_exam_room(room_id: str) -> ResponseReturnValue:
    """Change a room."""
    found = queries.room_by_public_id(db(), room_id)
    form = RoomForm() if request.method == "POST" else RoomForm.of(found)
    if form.validate_on_submit():
        with form.refusals():
            operations.change_room(db(), found, form.facts, me(), now(), seen=typed(form.seen))
            return saved(url_for("rounds.exam_rooms"), "rooms.changed")
    form.catch_up_with(found)
    return render_template("rounds/seating/room.html", form=form, room=found), form.status


@blueprint.route("/campaigns/<campaign_id>/sessions/<session_id>/rooms", methods=["GET", "POST"])
@staff("hr")
def session_rooms(campaign_id: str, session_id: str) -> ResponseReturnValue:
    """Choose the rooms of a session."""
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_plan(role))
    exam = session_in(db(), role, session_id)
    form = SessionRoomsForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.use_rooms(db(), exam, chosen_of(form), role, now(), seen=typed(form.seen))
            return saved(url_for("rounds.allocation", campaign_id=campaign_id), "rooms.used")
    choices = queries.room_choices(db(), exam)
    if request.method == "GET":
        form.seen.data = operations.rooms_shown(choices)
    form.catch_up_with(operations.rooms_shown(choices), [choice.room for choice in choices if choice.chosen])
    chosen = chosen_of(form) if request.method == "POST" else [one.room.public_id for one in choices if one.chosen]
    page = {"role": role, "exam": exam, "form": form, "choices": choices, "chosen": chosen, "inside": seated_in(db(), exam)}
    return render_template("rounds/seating/session_rooms.html", **page), form.status
