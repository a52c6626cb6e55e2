"""Every request is counted and timed, and the ones worth reading about are logged: by endpoint, never by address or person."""

import logging
import re
import secrets
from collections.abc import Callable
from time import perf_counter
from typing import Any

from flask import Flask, Response, g, request

from examsite import logs
from examsite.web import metrics

HEADER = "X-Request-Id"
SLOW_S = 1.0
"""A request that takes longer is logged, whatever it is."""
QUIET_BLUEPRINTS = frozenset({"watch", "bootstrap"})
log = logging.getLogger("examsite.requests")
_NUMBER = re.compile(r"[0-9A-Za-z-]{8,64}")


def install(app: Flask, *, proxied: bool, addresses: bool) -> None:
    """Be the first to hear of a request and the last to see its answer; so this is installed before all others.

    `proxied`: a proxy of ours stands before the site, whose number of the request is taken over. `addresses`: lines tell where from.
    """
    quiet = _QuietEndpoints(app)
    log.setLevel(logging.INFO)

    @app.before_request
    def begin() -> None:
        g.begun = perf_counter()
        g.request_number = _number(request.headers.get(HEADER, "") if proxied else "")
        logs.REQUEST.set({"request": g.request_number, "endpoint": request.endpoint})

    @app.after_request
    def seen(response: Response) -> Response:
        took = perf_counter() - g.begun
        endpoint, status = request.endpoint or "none", response.status_code
        metrics.count(endpoint, status, took)
        if status >= 400 or took >= SLOW_S or not quiet(endpoint):
            logs.event(log, logging.INFO, "request", _fields(status, took, addresses=addresses))
        response.headers[HEADER] = g.request_number
        return response

    @app.teardown_request
    def over(_error: BaseException | None) -> None:
        logs.REQUEST.set(None)


class _QuietEndpoints:
    """Endpoints that are asked so often that only their failures are worth a line: saves, signs of life, files, health.

    An acknowledged save stands in the database with its time; a line more in the log would say nothing new.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._known: dict[str, bool] = {}

    def __call__(self, endpoint: str) -> bool:
        if endpoint not in self._known:
            view: Callable[..., Any] | None = self._app.view_functions.get(endpoint)
            self._known[endpoint] = (
                getattr(view, "own_token", False) or endpoint == "static" or endpoint.partition(".")[0] in QUIET_BLUEPRINTS
            )
        return self._known[endpoint]


def _number(given: str) -> str:
    return given if _NUMBER.fullmatch(given) else secrets.token_hex(8)


def _fields(status: int, took: float, *, addresses: bool) -> dict[str, Any]:
    fields: dict[str, Any] = {"method": request.method, "status": status, "ms": round(took * 1000, 1)}
    return fields | {"address": request.remote_addr} if addresses else fields
