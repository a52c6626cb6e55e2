"""A device is a browser profile, known by a long-lived random cookie of its own; the database only ever sees its hash."""

import hashlib
import re
import secrets

from flask import Flask, Response, current_app, g, request

LASTS = 400 * 24 * 3600
"""Seconds: as long as browsers keep a cookie at most."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def install(app: Flask) -> None:
    """Give a browser its cookie with the answer to the first request that asked for `own_device`."""

    @app.after_request
    def set_device(response: Response) -> Response:
        token = g.pop("new_device", None)
        if token is not None:
            secure = bool(app.config["SESSION_COOKIE_SECURE"])
            response.set_cookie(_name(), token, max_age=LASTS, path="/", secure=secure, httponly=True, samesite="Strict")
        return response


def own_device() -> str | None:
    """The hash of this browser's token; a browser without one is given one with the answer.

    None where the request came over a link of another site: such a request brings no strict cookie, and must not replace the one there is.
    """
    token = g.get("new_device") or request.cookies.get(_name(), "")
    if not _TOKEN.fullmatch(token):
        if request.headers.get("Sec-Fetch-Site") == "cross-site":
            return None
        token = g.new_device = secrets.token_urlsafe(32)
    return hashlib.sha256(token.encode()).hexdigest()


def _name() -> str:
    """Over TLS no other host and no other path can set a cookie of this name."""
    return "__Host-examsite-device" if current_app.config["SESSION_COOKIE_SECURE"] else "examsite-device"
