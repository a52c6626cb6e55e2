"""The time and the database session of one request. The time is read at its first line; GET writes nothing, and the database sees to it."""

from datetime import datetime
from itertools import chain

from flask import Flask, abort, current_app, g, request
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from examsite import clock
from examsite.db import end_reading, open_session, saving

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
FIRST_LINE = "examsite.now"
"""Where a request keeps its moment that was at the door before it came to Flask."""
_ENGINE = "examsite.engine"


def install(app: Flask, engine: Engine | Connection) -> None:
    """Give the app its engine, and each request its time and, when first asked for, its session."""
    app.extensions[_ENGINE] = engine
    app.before_request(_read_clock)
    app.before_request(_refuse_nul)
    app.teardown_request(_close)


def engine_of(app: Flask) -> Engine | Connection:
    """The engine (in tests, the connection) that this app works on."""
    found: Engine | Connection = app.extensions[_ENGINE]
    return found


def now() -> datetime:
    """The moment this request began, in UTC."""
    moment: datetime = g.now
    return moment


def db() -> Session:
    """The session of this request: one transaction, committed by the route once, or not at all."""
    if "db" not in g:
        g.db = open_session(engine_of(current_app), read_only=request.method in SAFE_METHODS)
    session: Session = g.db
    return session


def saving_engine() -> Engine | Connection:
    """What the save path runs on: a pool of its own beside the one of all other requests."""
    return saving_engine_of(current_app)


def saving_engine_of(app: Flask) -> Engine | Connection:
    """The same outside a request."""
    found = engine_of(app)
    return found if isinstance(found, Connection) else saving(found)


def _read_clock() -> None:
    g.now = request.environ.get(FIRST_LINE) or clock.now()


def _refuse_nul() -> None:
    """No keyboard types the character NUL and PostgreSQL stores none; whoever sends one is looking for a fault."""
    if "\0" in request.path or b"%00" in request.query_string:
        abort(400)
    if request.mimetype in FORMS:
        names = (file.filename or "" for files in request.files.listvalues() for file in files)
        if any("\0" in text for text in chain(names, *request.form.listvalues())):
            abort(400)


def _close(_error: BaseException | None) -> None:
    session = g.pop("db", None)
    if session is None:
        return
    if request.method in SAFE_METHODS and isinstance(engine_of(current_app), Engine):
        end_reading(session)
    else:
        session.close()
