"""The live room: the page, the fragment that it asks for every few seconds, and the opening of the room."""

from datetime import datetime
from hashlib import sha256

from flask import Response, current_app, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from examsite.access import staff
from examsite.accounts.current import me
from examsite.campaigns.queries import rule_set
from examsite.campaigns.roles import Role, role_in
from examsite.rounds import permissions
from examsite.rounds.live_room import FILTERS, SORTS
from examsite.rounds.models import ExamSession
from examsite.rounds.operations import access_code
from examsite.rounds.queries.live import live_room, present_part
from examsite.rounds.queries.open_outages import open_outages
from examsite.rounds.queries.sessions import session_in
from examsite.rounds.routes import blueprint
from examsite.web.asked import asked_order
from examsite.web.context import db, now
from examsite.web.forms import saved

LONGEST_SEARCH = 100
BOARDS = ("invigilation", "hr", "council", "supervision")
SEATS_AT_MOST = 400
"""A larger room is shown as its list alone."""


@blueprint.get("/campaigns/<campaign_id>/sessions/<session_id>/live")
@staff(*BOARDS)
def live(campaign_id: str, session_id: str) -> ResponseReturnValue:
    """The room now; a script keeps it so, and without one a link asks anew."""
    role, exam = seeing_room(campaign_id, session_id)
    return render_template("rounds/room_staff/live.html", **_view(role, exam, now()))


@blueprint.get("/campaigns/<campaign_id>/sessions/<session_id>/live/rows")
@staff(*BOARDS)
def live_rows(campaign_id: str, session_id: str) -> Response:
    """The changing part of the page; 304 while nothing changed."""
    role, exam = seeing_room(campaign_id, session_id)
    text = render_template("rounds/room_staff/rows.html", **_view(role, exam, now()))
    answer = make_response(text)
    answer.cache_control.no_cache = True
    answer.cache_control.private = True
    answer.set_etag(_version(text))
    answer.make_conditional(request)
    return answer


@blueprint.post("/campaigns/<campaign_id>/sessions/<session_id>/live/open")
@staff("invigilation")
def open_room(campaign_id: str, session_id: str) -> ResponseReturnValue:
    """Make the access code of the room, or a new one."""
    role = role_in(db(), me(), campaign_id)
    exam = session_in(db(), role, session_id)
    access_code.open_room(db(), exam, role, now())
    return saved(url_for("rounds.live", campaign_id=campaign_id, session_id=session_id), "rounds.room_opened")


def seeing_room(campaign_id: str, session_id: str) -> tuple[Role, ExamSession]:
    """The role of somebody who may see what happens in the room, and the session."""
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_see_room(role))
    return role, session_in(db(), role, session_id)


def _version(text: str) -> str:
    """Of what people see, without the token of the forms, which is another one each second and none of which ends before its session."""
    return sha256(text.replace(generate_csrf(), "").encode()).hexdigest()[:32]


def _view(role: Role, exam: ExamSession, moment: datetime) -> dict[str, object]:
    whole = live_room(db(), exam, moment)
    within = request.args.get("room", "")
    show = request.args.get("show", "")
    words = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    order = asked_order(SORTS)
    shown = whole.inside(within)
    return {
        "role": role,
        "exam": exam,
        "room": shown,
        "rooms": whole.rooms,
        "within": within if within in whole.rooms else "",
        "show": show if show in FILTERS else "",
        "words": words,
        "order": order,
        "rows": shown.listed(show, words, order),
        "filters": tuple(FILTERS),
        "present": present_part(exam, shown, moment),
        "parts": {one.id: one.name for one in rule_set(exam.campaign).round1.parts},
        "mapped": 0 < len(shown.rows) <= SEATS_AT_MOST,
        "may": permissions,
        "offers": current_app.view_functions.__contains__,
        "outages": open_outages(db(), exam, moment),
        "read_at": moment,
    }
