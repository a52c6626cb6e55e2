"""A save that nothing stands against is answered at the door: what Flask does around a view would cost more than the save itself.

The door knows one thing, to store and to say so. A cookie that this process has not proven yet, a token or a body that is not as it should
be, a paper that it has not read, a guard that lets nothing through: all of these go on to the view, with the moment at which they came.
"""

import json
import re
from collections.abc import Iterable
from io import BytesIO
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from werkzeug.http import parse_cookie

from examsite import clock, logs
from examsite.accounts.passwords import hash_token
from examsite.rounds.operations.save import Saved
from examsite.rounds.operations.save_at_once import save_at_once
from examsite.rounds.routes.replies import stored_told, timed
from examsite.rounds.routes.tokens import is_token_of
from examsite.rounds.save_body import LARGEST, MalformedError, parse
from examsite.web import headers, metrics
from examsite.web.context import FIRST_LINE, saving_engine_of
from examsite.web.cookies import ProvenOnce

_SAVE = re.compile(r"/exam/([A-Za-z0-9_-]{1,32})/save")


def install(app: Flask, cookies: ProvenOnce) -> None:
    """Stand before the application; whoever counts its requests is installed after this, and so stands before the door."""
    app.wsgi_app = SaveAtDoor(app, app.wsgi_app, cookies)  # type: ignore[method-assign]


class SaveAtDoor:
    """The application, and before it the quick answer to a save."""

    def __init__(self, app: Flask, inner: WSGIApplication, cookies: ProvenOnce) -> None:
        self._app, self._inner, self._cookies = app, inner, cookies

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asked = _SAVE.fullmatch(environ["PATH_INFO"]) if environ["REQUEST_METHOD"] == "POST" and not environ.get("QUERY_STRING") else None
        reply = self._save(environ, asked[1]) if asked else None
        if reply is None:
            return self._inner(environ, start_response)
        start_response("200 OK", self._headers(len(reply)))
        return [reply]

    def _save(self, environ: WSGIEnvironment, sitting: str) -> bytes | None:
        """Store what came and give the reply, or None, and then nothing was stored that the view would not find again."""
        moment = environ[FIRST_LINE] = clock.now()
        token_hash = self._asker(environ, sitting)
        sent = None if token_hash is None else _sent(environ)
        if token_hash is None or sent is None:
            return None
        try:
            body = parse(sent)
        except MalformedError:
            return None
        outcome = save_at_once(saving_engine_of(self._app), sitting, token_hash, body, moment)
        if not isinstance(outcome, Saved):
            return None
        if (said := logs.REQUEST.get()) is not None:
            said["endpoint"] = metrics.SAVE
        told = stored_told("saved", outcome.seq, outcome.deadline, outcome.receipt, "open")
        return json.dumps(timed(told, moment)).encode()

    def _asker(self, environ: WSGIEnvironment, sitting: str) -> str | None:
        """The hash of the login token, where the cookie was proven before and the token of the page belongs to both."""
        cookie = parse_cookie(environ.get("HTTP_COOKIE")).get(self._app.config["SESSION_COOKIE_NAME"])
        login = self._cookies.proven(cookie).get("_user_id") if cookie else None
        if not isinstance(login, str):
            return None
        token_hash = hash_token(login)
        given = environ.get("HTTP_X_SAVE_TOKEN", "")
        return token_hash if is_token_of(self._app, given, token_hash, sitting) else None

    def _headers(self, length: int) -> list[tuple[str, str]]:
        own = [("Content-Type", "application/json"), ("Content-Length", str(length)), ("Vary", "Cookie")]
        return own + headers.of_every_answer(secure=self._app.config["SESSION_COOKIE_SECURE"])


def _sent(environ: WSGIEnvironment) -> bytes | None:
    """What came with the request; it is laid back for the view, which may have to read it again."""
    length = environ.get("CONTENT_LENGTH", "")
    if environ.get("CONTENT_TYPE") != "application/json" or not re.fullmatch("[0-9]{1,6}", length) or int(length) > LARGEST:
        return None
    sent: Any = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = BytesIO(sent)
    return bytes(sent)
