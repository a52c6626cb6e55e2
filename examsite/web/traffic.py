"""Every request is counted and timed, and the ones worth reading about are logged: by endpoint, never by address or person.

It stands around the application and not in its hooks: the path of a save cannot afford more than some millionths of a second for it.
"""

import logging
import re
import secrets
from collections.abc import Iterable
from itertools import count
from time import perf_counter
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, request

from examsite import logs
from examsite.web import assets, metrics

HEADER = "X-Request-Id"
SLOW_S = 1.0
"""A request that takes longer is logged, whatever it is."""
QUIET_BLUEPRINTS = frozenset({"watch", "bootstrap"})
log = logging.getLogger("examsite.requests")
_NUMBER = re.compile(r"[0-9A-Za-z-]{8,64}", re.ASCII)


def install(app: Flask, *, proxied: bool, addresses: bool) -> None:
    """Be the first to hear of a request and the last to see its answer; so this is installed before all others.

    `proxied`: a proxy of ours stands before the site, whose number of the request is taken over. `addresses`: lines tell where from.
    """
    log.setLevel(logging.INFO)
    app.before_request(_tell_endpoint)
    app.wsgi_app = Traffic(app, app.wsgi_app, proxied=proxied, addresses=addresses)  # type: ignore[method-assign]


class Traffic:
    """The application with somebody at the door who counts."""

    def __init__(self, app: Flask, inner: WSGIApplication, *, proxied: bool, addresses: bool) -> None:
        self._app, self._inner = app, inner
        self._proxied, self._addresses = proxied, addresses
        self._quiet: dict[str, bool] = {}
        self._process, self._counted = secrets.token_hex(4), count()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        begun = perf_counter()
        said = {"request": self._number(environ), "endpoint": "none"}
        logs.REQUEST.set(said)
        answered = 500

        def answer(status: str, headers: list[tuple[str, str]], *fault: Any) -> Any:
            nonlocal answered
            answered = int(status[:3])
            headers.append((HEADER, said["request"]))
            return start_response(status, headers, *fault)

        try:
            return self._inner(environ, answer)
        finally:
            self._seen(environ, said["endpoint"], answered, perf_counter() - begun)
            logs.REQUEST.set(None)

    def _number(self, environ: WSGIEnvironment) -> str:
        """The proxy's own, or one that counts on from a beginning by chance: chance for each request would be a call of the system."""
        given = environ.get("HTTP_X_REQUEST_ID", "") if self._proxied else ""
        return given if given and _NUMBER.fullmatch(given) else f"{self._process}{next(self._counted):08x}"

    def _seen(self, environ: WSGIEnvironment, endpoint: str, status: int, took: float) -> None:
        metrics.count(endpoint, status, took)
        if status >= 400 or took >= SLOW_S or not self._is_quiet(endpoint):
            fields = {"method": environ["REQUEST_METHOD"], "status": status, "ms": round(took * 1000, 1)}
            logs.event(log, logging.INFO, "request", fields | ({"address": environ.get("REMOTE_ADDR")} if self._addresses else {}))

    def _is_quiet(self, endpoint: str) -> bool:
        """Saves, signs of life, files and health are asked so often that only their failures are worth a line.

        An acknowledged save stands in the database with its time; a line more in the log would say nothing new.
        """
        if endpoint not in self._quiet:
            view = self._app.view_functions.get(endpoint)
            blueprint = endpoint.partition(".")[0]
            self._quiet[endpoint] = getattr(view, "own_token", False) or assets.is_file(endpoint) or blueprint in QUIET_BLUEPRINTS
        return self._quiet[endpoint]


def _tell_endpoint() -> None:
    said = logs.REQUEST.get()
    if said is not None:
        said["endpoint"] = request.endpoint or "none"
