"""For whoever watches the site: is it alive, is it ready, and what does it do. Nothing here is about a person."""

import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from ipaddress import ip_address

from flask import Blueprint, Flask, Response, abort, current_app, jsonify, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from examsite import clock, migrate
from examsite.access import public
from examsite.web import metrics
from examsite.web.context import db, now

Doubts = Callable[[Session, datetime], Mapping[str, float]]
_DOUBTS = "examsite.doubts"
blueprint = Blueprint("watch", __name__)


def doubt(app: Flask, question: Doubts) -> None:
    """Let the database be asked what speaks against the clock whenever somebody asks whether the site is ready."""
    app.extensions[_DOUBTS] = question


@blueprint.get("/health/live")
@public
def live() -> Response:
    """This worker answers. Whoever gets no answer here starts the site again."""
    return jsonify(alive=True)


@blueprint.get("/health/ready")
@public
def ready() -> tuple[Response, int]:
    """The database answers and stands at the newest schema; 503 tells a proxy to send nobody here. A machine's clock that was set since
    the start is told and stops nothing: exams go on by the server's own. So is what in the database speaks against that one."""
    try:
        if migrate.revision_of(db().connection()) != migrate.newest_revision():
            return jsonify(ready=False, why="schema"), 503
        doubts = current_app.extensions[_DOUBTS](db(), now())
    except SQLAlchemyError:
        return jsonify(ready=False, why="database"), 503
    off = clock.step()
    stepped = {"clock_off_seconds": round(off.total_seconds(), 1)} if abs(off) > clock.MAY_DIFFER else {}
    return jsonify(ready=True, **doubts, **stepped), 200


@blueprint.get("/metrics")
@public
def figures() -> Response:
    """Counts and times for Prometheus; for this machine itself, and for whoever has the token. To others the page is not there."""
    if not (_from_this_machine() or _has_token()):
        abort(404)
    content, kind = metrics.told()
    return Response(content, content_type=kind)


def _from_this_machine() -> bool:
    """Asked directly, without a proxy: a proxy on this machine speaks for others."""
    if request.headers.get("X-Forwarded-For") or request.headers.get("Forwarded"):
        return False
    before_proxies = request.environ.get("werkzeug.proxy_fix.orig", request.environ)
    try:
        return ip_address(str(before_proxies.get("REMOTE_ADDR", ""))).is_loopback
    except ValueError:
        return False


def _has_token() -> bool:
    wanted = str(current_app.config["METRICS_TOKEN"])
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(wanted) and hmac.compare_digest(given.encode(), wanted.encode())
