"""Draws for anybody, papers of a session and seats: first the commitment, then the seed and all that is needed to repeat the draw."""

from typing import Any

from flask import Response, current_app, render_template
from flask.typing import ResponseReturnValue

from examsite.access import public
from examsite.campaigns.queries import rule_set
from examsite.rounds.queries.draws import names_of_places, published_draw, published_seats
from examsite.rounds.queries.lots import public_allocation
from examsite.rounds.queries.sealing import check_rows
from examsite.rounds.queries.sessions import public_session
from examsite.rounds.routes import blueprint
from examsite.rules import canonical
from examsite.rules.refusal import NotFound
from examsite.web.context import db


@blueprint.get("/sessions/<session_id>/draw")
@public
def draw(session_id: str) -> ResponseReturnValue:
    """What was fixed at sealing; after closing also the seed, the roster, the blueprints and the digest of each paper."""
    exam = public_session(db(), session_id)
    found, rules = published_draw(exam), rule_set(exam.campaign)
    checked = check_rows(rules, found["check"]) if found else ()
    return render_template("rounds/draw.html", exam=exam, draw=found, rules=rules, checked=checked)


@blueprint.get("/sessions/<session_id>/draw.json")
@public
def draw_file(session_id: str) -> Response:
    """The same as a file for a program; only of a closed session."""
    exam = public_session(db(), session_id)
    found = published_draw(exam)
    if found is None:
        raise NotFound
    return _file(f"draw-{exam.public_id}", found)


@blueprint.get("/seats/<allocation_id>/draw")
@public
def seat_draw(allocation_id: str) -> ResponseReturnValue:
    """A draw of seats: the commitment of a draft; once it is confirmed the seed and the order of the lots; seats where
    that exposes nobody."""
    found = public_allocation(db(), allocation_id)
    draw = published_seats(found)
    names = names_of_places(db(), draw["seats"]) if draw and "seats" in draw else {}
    return render_template("rounds/seat_draw.html", found=found, draw=draw, names=names)


@blueprint.get("/seats/<allocation_id>/draw.json")
@public
def seat_draw_file(allocation_id: str) -> Response:
    """The same as a file for a program; only of a draw that gave seats."""
    draw = published_seats(public_allocation(db(), allocation_id))
    if draw is None:
        raise NotFound
    return _file(f"seats-{allocation_id}", draw)


def _file(name: str, content: dict[str, Any]) -> Response:
    answer = current_app.response_class(canonical.to_bytes(content), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return answer
