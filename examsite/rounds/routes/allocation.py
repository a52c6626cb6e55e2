"""Seats of round 1: drawn by lot, confirmed, moved by hand; clashes, people without a seat, special needs."""

from flask import Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from examsite.access import staff
from examsite.accounts.current import me
from examsite.campaigns.models import Application
from examsite.campaigns.navigation import register
from examsite.campaigns.queries import has_round1
from examsite.campaigns.queries.applications import application_by_public_id
from examsite.campaigns.roles import Role, role_in
from examsite.portions import portion
from examsite.rounds import permissions, seat_draw
from examsite.rounds.operations import allocation as operations
from examsite.rounds.operations import seat_moves, special_needs
from examsite.rounds.queries import exam_rooms, lots
from examsite.rounds.queries.seat_page import seat_page
from examsite.rounds.queries.seating import Hall, Seating, seating_of
from examsite.rounds.routes import blueprint
from examsite.rounds.seating_forms import ConfirmForm, DrawForm, MoveForm, NeedForm
from examsite.rules import canonical
from examsite.rules.refusal import NotFound
from examsite.web.asked import asked_page
from examsite.web.context import db, now
from examsite.web.forms import BaseForm, ReasonForm, saved, typed

MOST_WAITING = 50
LONGEST_SEARCH = 100
BOARDS = ("hr", "invigilation", "council", "supervision")
register("rounds.allocation", _("Rooms and seats"), place=62, boards=BOARDS, allows=lambda role: has_round1(role.campaign))


@blueprint.get("/campaigns/<campaign_id>/seats")
@staff(*BOARDS)
def allocation(campaign_id: str) -> ResponseReturnValue:
    """The seats as they stand, or as the draft would have them."""
    return _page(_seeing(campaign_id))


@blueprint.post("/campaigns/<campaign_id>/seats/draw")
@staff("hr")
def draw_seats(campaign_id: str) -> ResponseReturnValue:
    """Draw a draft."""
    role, form = _moving(campaign_id), DrawForm()
    if form.validate_on_submit():
        with form.refusals():
            ticks = {"apart": bool(form.apart.data), "keep_sessions": bool(form.keep_sessions.data)}
            operations.draw_seats(db(), role, typed(form.filling), now(), reason=typed(form.reason), **ticks)
            return saved(_address(role), "seats.drawn")
    return _page(role, form)


@blueprint.post("/campaigns/<campaign_id>/seats/<allocation_id>/confirm")
@staff("hr")
def confirm_seats(campaign_id: str, allocation_id: str) -> ResponseReturnValue:
    """Give everybody the seat of the draft."""
    role, form = _moving(campaign_id), ConfirmForm()
    draft = lots.allocation_in(db(), role.campaign, allocation_id)
    if form.validate_on_submit():
        with form.refusals():
            count = operations.confirm_seats(db(), draft, typed(form.digest), role, now())
            return saved(_address(role), "seats.confirmed", count=count)
    return _page(role, refused=form)


@blueprint.post("/campaigns/<campaign_id>/seats/<allocation_id>/drop")
@staff("hr")
def drop_seats(campaign_id: str, allocation_id: str) -> ResponseReturnValue:
    """Throw the draft away, with a reason."""
    role, form = _moving(campaign_id), ReasonForm()
    draft = lots.allocation_in(db(), role.campaign, allocation_id)
    if form.validate_on_submit():
        with form.refusals():
            operations.drop_draft(db(), draft, typed(form.reason), role, now())
            return saved(_address(role), "seats.dropped")
    return _page(role, refused=form)


@blueprint.post("/campaigns/<campaign_id>/seats/late")
@staff("hr")
def seat_late(campaign_id: str) -> ResponseReturnValue:
    """Lots for those who have no seat."""
    role, form = _moving(campaign_id), BaseForm()
    if form.validate_on_submit():
        with form.refusals():
            return saved(_address(role), "seats.late_seated", count=operations.seat_late(db(), role, now()))
    return _page(role, refused=form)


@blueprint.get("/campaigns/<campaign_id>/seats/<allocation_id>.json")
@staff(*BOARDS)
def seats_file(campaign_id: str, allocation_id: str) -> Response:
    """A confirmed draw as a file with which anybody repeats it."""
    role = _seeing(campaign_id)
    found = lots.allocation_in(db(), role.campaign, allocation_id)
    if found.state not in ("confirmed", "replaced"):
        raise NotFound
    content: dict[str, object] = {"format": seat_draw.FORMAT, "seed": found.seed, "seed_commitment": found.seed_commitment}
    content |= {"given": found.given, "seats": found.seats}
    answer = current_app.response_class(canonical.to_bytes(content), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="seats-{role.campaign.code}.json"'
    return answer


@blueprint.route("/campaigns/<campaign_id>/seats/of/<application_id>", methods=["GET", "POST"])
@staff("hr")
def move_seat(campaign_id: str, application_id: str) -> ResponseReturnValue:
    """Move one candidate by hand: first the room is chosen, then the seat."""
    role = _moving(campaign_id)
    application = application_by_public_id(db(), role.campaign, application_id)
    seating = seating_of(db(), role.campaign)
    hall, form = seating.hall(request.args.get("hall", "")), MoveForm()
    if hall is not None:
        form.offer(hall)
        if form.validate_on_submit():
            with form.refusals():
                return _moved(role, application, hall, form)
    page = {"role": role, "seating": seating, "hall": hall, "form": form, "one": seating.candidate(application_id)}
    if page["one"] is None:
        raise NotFound
    return render_template("rounds/seating/move.html", **page), form.status


@blueprint.route("/campaigns/<campaign_id>/seats/needs", methods=["GET", "POST"])
@staff("hr")
def record_needs(campaign_id: str) -> ResponseReturnValue:
    """The special needs, and a form for one more."""
    role, form = _moving(campaign_id), NeedForm()
    if request.method == "GET":
        form.number.data = request.args.get("number", "")[:20]
    if form.validate_on_submit():
        with form.refusals():
            special_needs.record_need(db(), typed(form.number), typed(form.need), typed(form.evidence), role, now())
            return saved(url_for("rounds.record_needs", campaign_id=campaign_id), "needs.recorded")
    standing = exam_rooms.standing_needs(db(), role.campaign)
    return render_template("rounds/seating/needs.html", role=role, form=form, standing=standing), form.status


@blueprint.post("/campaigns/<campaign_id>/seats/needs/<need_id>/end")
@staff("hr")
def end_need(campaign_id: str, need_id: str) -> ResponseReturnValue:
    """End a need."""
    role = _moving(campaign_id)
    special_needs.end_need(db(), exam_rooms.need_in(db(), role.campaign, need_id), role, now())
    return saved(url_for("rounds.record_needs", campaign_id=campaign_id), "needs.ended")


def _seeing(campaign_id: str) -> Role:
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_see_seats(role))
    return role


def _moving(campaign_id: str) -> Role:
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_move(role))
    return role


def _moved(role: Role, application: Application, hall: Hall, form: MoveForm) -> ResponseReturnValue:
    seat, other = form.chosen
    seat_moves.move(db(), application, hall.held, seat, other, typed(form.reason), role, now())
    told = {"number": application.candidate_number, "seat": f"{hall.room.code}, {seat}"}
    return saved(_address(role, hall), "seats.moved", **told)


def _page(role: Role, form: DrawForm | None = None, refused: BaseForm | None = None) -> ResponseReturnValue:
    seating = seating_of(db(), role.campaign)
    page = seat_page(db(), role.campaign, seating, request.args.get("hall", ""))
    shown = form or _form_of(seating, page.draft is not None)
    words = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    waiting = portion(page.lacking_called(words), asked_page(), MOST_WAITING)
    view = {"role": role, "page": page, "form": shown, "refused": refused, "may_move": permissions.may_move(role)}
    view |= {"waiting": waiting, "words": words, "most": MOST_WAITING}
    status = max(shown.status, refused.status if refused else 200)
    return render_template("rounds/seating/allocation.html", **view), status


def _form_of(seating: Seating, drafted: bool) -> DrawForm:
    """A fresh form; whoever was listed by hand is kept in the session unless HR says otherwise."""
    by_hand = any(one.session_id is not None and one.seat is None for one in seating.candidates)
    return DrawForm(formdata=None, keep_sessions=by_hand and not drafted)


def _address(role: Role, hall: Hall | None = None) -> str:
    return url_for("rounds.allocation", campaign_id=role.campaign.public_id, hall=hall.held.public_id if hall else None)
