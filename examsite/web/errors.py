"""A refusal becomes a page with a sentence and a way on; nobody is shown a stack trace or a code alone."""

from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Flask, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from examsite.access import login_manager
from examsite.db import passes_by_itself
from examsite.rules.refusal import Conflict, NotFound, NotPermitted, Refused
from examsite.wording import say

STATUS: dict[type[Refused], int] = {NotFound: 404, NotPermitted: 403, Conflict: 409}


def install(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(Refused, refused)
    app.register_error_handler(CSRFError, forgery)
    app.register_error_handler(HTTPException, refused_by_http)
    app.register_error_handler(PoolTimeout, busy)
    app.register_error_handler(OperationalError, of_database)
    app.register_error_handler(Exception, broken)
    login_manager.unauthorized_handler(ask_to_sign_in)


def refused(error: Refused) -> ResponseReturnValue:
    """The sentence of a refusal, with the status that fits its kind."""
    return _page(STATUS.get(type(error), 422), say(error.code, error.params))


def forgery(_error: CSRFError) -> ResponseReturnValue:
    """A form that was not ours, or from before the last sign-in."""
    return _page(400, say("web.forgery"), way_back(same=_has_a_form()))


def refused_by_http(error: HTTPException) -> ResponseReturnValue:
    """Whatever the framework refuses: no such page, wrong method, too large."""
    status = error.code or 500
    code = f"web.http_{status}"
    sentence = say(code if status in {400, 404, 405, 413} else "web.http_other")
    return _page(status, sentence, way_back(same=status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and _has_a_form()))


def busy(error: Exception) -> ResponseReturnValue:
    """The database has no place free now: say so quickly, and when to come back."""
    current_app.logger.error("database busy: %s", type(error).__name__)
    page, status = _page(503, say("web.busy"))
    return page, status, {"Retry-After": "2"}


def of_database(error: OperationalError) -> ResponseReturnValue:
    """What passes by itself is worth another try; a database that is older than the program, or full, is a fault like any other."""
    return busy(error) if passes_by_itself(error) else broken(error)


def broken(error: Exception) -> ResponseReturnValue:
    """A fault of ours: logged in full, told in one sentence."""
    current_app.logger.error("unexpected error", exc_info=error)
    return _page(500, say("web.broken"))


def ask_to_sign_in() -> ResponseReturnValue:
    """Send somebody who is not signed in to the sign-in page, and back afterwards."""
    wanted = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect(url_for("accounts.sign_in", next=wanted if wanted != "/" else None), 303)


def way_back(*, same: bool = False) -> str:
    """The page of ours that the reader came from, or the first page; this very address only with `same`."""
    try:
        came_from = urlsplit(request.referrer or "")
    except ValueError:  # no address at all
        return "/"
    if came_from.netloc == request.host and (same or came_from.path != request.path):
        return came_from.path + (f"?{came_from.query}" if came_from.query else "")
    return "/"


def _has_a_form() -> bool:
    """Whether what was sent here came from a page of this very address."""
    return request.url_rule is not None and "GET" in (request.url_rule.methods or ())


def _page(status: int, sentence: str, back: str | None = None) -> tuple[str, int]:
    # Of a fault the page does not ask the database who is reading: it would fail with it once more.
    signed_in = status < 500 and _is_signed_in()
    if not signed_in:
        g._login_user = login_manager.anonymous_user()  # noqa: SLF001 - where Flask-Login looks first
    again = request.full_path.rstrip("?") if status >= HTTPStatus.INTERNAL_SERVER_ERROR and request.method == "GET" else None
    page = {"status": status, "sentence": sentence, "again": again, "back": back or way_back(), "signed_in": signed_in}
    return render_template("error.html", **page), status


def _is_signed_in() -> bool:
    """Whether somebody is signed in; nobody, as far as the page goes, while the database cannot say so."""
    try:
        return bool(current_user and current_user.is_authenticated)
    except SQLAlchemyError as error:
        current_app.logger.error("nobody can say who is reading: %s", type(error).__name__)
        return False
