"""The signed cookie of a browser, proven once: it stays the same for hours, and a save every few seconds should not pay for it again."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

from examsite.web.assets import LASTING

REMEMBERED = 8192
"""Cookies; each takes a few hundred bytes."""
NOTHING: Mapping[str, Any] = {}


class ProvenOnce(SecureCookieSessionInterface):
    """Flask's own sessions, but a signature that held is not computed anew. Whether a login still stands is asked of the database."""

    def __init__(self) -> None:
        self._proven: dict[str, dict[str, Any]] = {}

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        cookie = request.cookies.get(self.get_cookie_name(app))
        known = self._proven.get(cookie) if cookie else None
        if known is not None:
            return self.session_class(known)
        opened = super().open_session(app, request)
        if cookie and opened and all(isinstance(value, str | bool) for value in opened.values()):
            if len(self._proven) >= REMEMBERED:
                self._proven.clear()
            self._proven[cookie] = dict(opened)
        return opened

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """What everybody may keep brings no cookie and does not vary by one."""
        if response.headers.get("Cache-Control") != LASTING:
            super().save_session(app, session, response)

    def proven(self, cookie: str) -> Mapping[str, Any]:
        """What a cookie says that this process has proven before; nothing where it has not."""
        return self._proven.get(cookie, NOTHING)


def install(app: Flask) -> ProvenOnce:
    """Use it for all requests."""
    app.session_interface = sessions = ProvenOnce()
    return sessions
