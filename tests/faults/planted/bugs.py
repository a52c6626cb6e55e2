"""The bugs. Each takes the finished app and spoils one promise of it; a name that the product no longer has stops the server at once."""

import json
import re
import socket
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import wraps
from itertools import count, cycle
from types import SimpleNamespace
from typing import Any
from unicodedata import normalize
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, Response, g
from sqlalchemy import Update
from sqlalchemy.ext.compiler import compiles
from werkzeug.exceptions import InternalServerError
from werkzeug.test import run_wsgi_app

from examsite import clock
from examsite.rounds.routes import save as route
from examsite.rounds.routes import save_at_door as door
from examsite.web.context import db
from tests.faults.ground import last_tick

View = Callable[..., Response]
SAVE = "rounds.save_answers"
ANSWERS = "rounds.exam_answers"
COMMIT_AFTER_S = 0.12
FORGOTTEN = 100
CACHED_S = 5.0
LOST_ONE_IN = 6
SECOND = timedelta(seconds=1)
STEPS = (timedelta(), timedelta(hours=1), timedelta(hours=-1))
READ_BETWEEN_STEPS = 15
FAST, SLOW = STEPS[1:]


def none(_app: Flask) -> None:
    """No bug: what the checker must find clean."""


def acknowledges_before_commit(app: Flask) -> None:
    """The reply leaves, and the commit comes a moment later."""
    _take_the_long_way()
    view = app.view_functions[SAVE]

    @wraps(view)
    def hasty(**given: str) -> Response:
        session = db()
        commit = session.commit
        session.commit = lambda: None  # type: ignore[method-assign]
        reply = view(**given)
        g.pop("db", None)

        def afterwards() -> None:
            time.sleep(COMMIT_AFTER_S)
            commit()
            session.close()

        reply.call_on_close(afterwards)
        return reply

    app.view_functions[SAVE] = hasty


def last_write_wins(_app: Flask) -> None:
    """The guard asks only that a save is newer than what is stored: `last_seq < :seq`."""
    _rewrite((r"sitting\.last_seq = ", "sitting.last_seq <= "))


def anothers_sitting_is_accepted(_app: Flask) -> None:
    """Neither the token nor the login session is compared with the sitting."""
    _believe_every_token()
    _rewrite((r"sitting\.login_session_id = login_session\.id AND ", ""))


def a_replaced_machine_still_writes(_app: Flask) -> None:
    """Neither the login session nor the epoch of a save is compared with those of the sitting."""
    _rewrite((r"sitting\.login_session_id = login_session\.id AND ", ""), (r"sitting\.epoch = ", "sitting.epoch >= "))


def evidence_is_dropped(_app: Flask) -> None:
    """What comes from a machine without the pen is said to be kept, and is not."""
    if not callable(route.saving.evidence.keep):
        raise TypeError("evidence is kept elsewhere now")
    route.saving.evidence.keep = lambda *_given: True  # type: ignore[assignment]


def texts_are_composed(_app: Flask) -> None:
    """What is typed is stored in normal form, not as it was sent."""
    kept = route.parse

    def composing(raw: bytes) -> Any:
        return kept(normalize("NFC", json.dumps(json.loads(raw), ensure_ascii=False)).encode())

    route.parse = door.parse = composing


def token_is_not_checked(_app: Flask) -> None:
    """A request from any page will do, as long as the cookie is there."""
    _believe_every_token()


def deadline_is_one_off(app: Flask) -> None:
    """A clock that ticks seldom, and a save in the very tick of the close still counts."""
    clock_of_few_ticks(app)
    _rewrite((r"sitting\.closes_at > ", "sitting.closes_at >= "))


def clock_of_few_ticks(_app: Flask) -> None:
    """No bug: beside the one above it shows that the comparison is what is caught, not the clock. The close must be on a tick."""
    clock.now = lambda: last_tick(datetime.now(UTC))  # type: ignore[assignment]


def machine_clock_steps(_app: Flask) -> None:
    """No bug (X16): the machine's clock jumps an hour forward, an hour back, and home again, all the time."""
    number = count()
    stepping = SimpleNamespace(**vars(clock.time))
    stepping.time_ns = lambda: time.time_ns() + _step(next(number)) // SECOND * 1_000_000_000
    clock.time = stepping  # type: ignore[assignment]


def follows_the_machine_clock(_app: Flask) -> None:
    """Saves are timed by a clock that is an hour fast at one reading, an hour slow at the next: two saves after the close find it out."""
    readings = cycle((FAST, SLOW))
    door.clock = SimpleNamespace(now=lambda: datetime.now(UTC) + next(readings))  # type: ignore[assignment]


def replies_are_lost(app: Flask) -> None:
    """No bug (X02): what is committed is answered with a fault of the server, or the line is cut instead of an answer."""
    inner, number = app.wsgi_app, count(1)

    def cut_off(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not environ["PATH_INFO"].endswith("/save"):
            return inner(environ, start_response)
        lost = next(number) % LOST_ONE_IN
        if lost == 1:
            run_wsgi_app(inner, environ, buffered=True)
            return InternalServerError()(environ, start_response)
        reply = inner(environ, start_response)
        if lost == 2:
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        return reply

    app.wsgi_app = cut_off  # type: ignore[method-assign]


def drops_one_in_a_hundred(app: Flask) -> None:
    """Every hundredth save is rolled back and acknowledged."""
    _take_the_long_way()
    number, view = count(1), app.view_functions[SAVE]

    @wraps(view)
    def forgetful(**given: str) -> Response:
        if next(number) % FORGOTTEN == 0:
            session = db()
            session.commit = session.rollback  # type: ignore[method-assign]
        return view(**given)

    app.view_functions[SAVE] = forgetful


def another_body_is_acknowledged(_app: Flask) -> None:
    """A place that is taken is acknowledged again, whatever comes for it."""
    kept = route.saving.save_answers

    def agreeable(session: Any, sitting: str, token_hash: str, body: Any, now: datetime) -> Any:
        outcome = kept(session, sitting, token_hash, body, now)
        if isinstance(outcome, route.saving.Differs):
            return route.saving.Repeated(body.seq, now, bytes(32), "open")
        return outcome

    route.saving.save_answers = agreeable  # type: ignore[assignment]


def reads_are_stale(app: Flask) -> None:
    """What the server holds is read from a copy that is seconds behind."""
    view = app.view_functions[ANSWERS]
    copies: dict[str, tuple[float, bytes]] = {}

    @wraps(view)
    def from_a_copy(sitting_id: str) -> Response:
        made, body = copies.get(sitting_id, (0.0, b""))
        if time.monotonic() - made < CACHED_S:
            return Response(body, mimetype="application/json")
        reply = view(sitting_id=sitting_id)
        if reply.status_code == 200:
            copies[sitting_id] = (time.monotonic(), reply.get_data())
        return reply

    app.view_functions[ANSWERS] = from_a_copy


BUGS: dict[str, Callable[[Flask], None]] = {
    bug.__name__: bug
    for bug in (
        none,
        acknowledges_before_commit,
        last_write_wins,
        anothers_sitting_is_accepted,
        token_is_not_checked,
        a_replaced_machine_still_writes,
        evidence_is_dropped,
        texts_are_composed,
        deadline_is_one_off,
        clock_of_few_ticks,
        machine_clock_steps,
        follows_the_machine_clock,
        replies_are_lost,
        drops_one_in_a_hundred,
        another_body_is_acknowledged,
        reads_are_stale,
    )
}


def _step(reading: int) -> timedelta:
    """How far the machine's clock is off at this reading of it."""
    return STEPS[reading // READ_BETWEEN_STEPS % len(STEPS)]


def _believe_every_token() -> None:
    if not callable(route.is_save_token) or not callable(door.is_token_of):
        raise TypeError("the token of the save path is checked elsewhere now")
    route.is_save_token = door.is_token_of = lambda *_given: True


def _take_the_long_way() -> None:
    """Only the long way has a commit of its own to postpone."""
    if not callable(door.save_at_once):
        raise TypeError("saves at once are elsewhere now")
    door.save_at_once = lambda *_given: None


def _rewrite(*comparisons: tuple[str, str]) -> None:
    """Spoil comparisons in the statement that moves a sitting on, whichever way it is run."""

    @compiles(Update)
    def visit(statement: Update, compiler: Any, **given: Any) -> str:
        text: str = compiler.visit_update(statement, **given)
        if "last_seq=" not in text:
            return text
        for guard, spoilt in comparisons:
            text, times = re.subn(guard, spoilt, text)
            if times != 1:
                raise ValueError(f"the guard has no {guard!r} any more: {text}")
        return text
