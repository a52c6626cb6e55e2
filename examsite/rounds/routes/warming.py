"""Before a session opens, each worker makes ready what a whole room will ask of it in one second: wordings, keys, pieces of pages.

It does so beside the requests and in small steps, each of some thousandths of a second. Nothing depends on it: whatever is not ready is
made when somebody asks for it.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from threading import Event, Thread
from typing import TypeVar

from flask import Flask, g, render_template
from sqlalchemy.orm import Session

from examsite import clock
from examsite.db import looking
from examsite.rounds.queries.marking import learn_keys
from examsite.rounds.queries.room import learn_wordings
from examsite.rounds.queries.waiting import waiting_room
from examsite.rounds.queries.warming import Asked, Sealed, asked_by_papers, sealed_ahead, somebody_of
from examsite.rounds.routes import paper_page
from examsite.web.context import engine_of
from examsite.web.language import LANGUAGES

EVERY_S, BREATH_S = 60.0, 0.01
FEW = 5
"""Items in one step."""
PAGES = ("base.html", "menu.html", "macros.html", "accounts/sign_in.html")
ROOM = ("rounds/frame.html", "rounds/parts.html", "rounds/room.html", "rounds/waiting.html", "rounds/review.html", "rounds/receipt.html")
PIECES = ("rounds/items/", "rounds/fixed/")
Answer = TypeVar("Answer")
log = logging.getLogger(__name__)


def keep_warm(app: Flask) -> None:
    """Look for sessions ahead now and every minute, for as long as this process lives."""
    Thread(target=_look_every_minute, args=(app,), name="warming", daemon=True).start()


def make_ready(app: Flask, now: datetime, ready: set[Sealed]) -> Iterator[None]:
    """Make ready what the sessions ahead need and do not have, a step each time it is asked for one; `ready` is kept between looks."""
    for sealed in _ask(app, lambda session: sealed_ahead(session, now)):
        if sealed not in ready:
            yield from _templates(app)
            yield from _waiting_room(app, sealed.exam, now)
            yield from _papers(app, sealed.exam)
            ready.add(sealed)


def _look_every_minute(app: Flask) -> None:
    pause, ready = Event(), set[Sealed]()
    while True:
        try:
            for _step in make_ready(app, clock.now(), ready):
                pause.wait(BREATH_S)
        except Exception:
            log.exception("what a session needs could not be made ready")
        pause.wait(EVERY_S)


def _ask(app: Flask, question: Callable[[Session], Answer]) -> Answer:
    with looking(engine_of(app)) as session:
        return question(session)


def _templates(app: Flask) -> Iterator[None]:
    for name in (*PAGES, *ROOM, *app.jinja_env.list_templates(filter_func=lambda name: name.startswith(PIECES))):
        app.jinja_env.get_template(name)
        yield


def _waiting_room(app: Flask, exam: int, now: datetime) -> Iterator[None]:
    """The page of somebody, seen by nobody: its statements, the rules and the words are known from then on."""
    for language in LANGUAGES:
        with app.test_request_context(headers={"Accept-Language": language}), looking(engine_of(app)) as session:
            g.now = now
            account = somebody_of(session, exam)
            if account is not None:
                render_template("rounds/waiting.html", view=waiting_room(session, account, now))
        yield


def _papers(app: Flask, exam: int) -> Iterator[None]:
    seen, last = set[Asked](), 0
    while found := _ask(app, lambda session: asked_by_papers(session, exam, last)):  # noqa: B023 - it is asked at once
        last, asked = found
        new = list(asked - seen)
        seen |= asked
        yield
        for place in range(0, len(new), FEW):
            yield from _items(app, new[place : place + FEW])


def _items(app: Flask, asked: list[Asked]) -> Iterator[None]:
    versions = {(one.item, one.version) for one in asked}
    wordings = _ask(app, lambda session: learn_wordings(session, versions))
    _ask(app, lambda session: learn_keys(session, versions))
    yield
    for language in LANGUAGES:
        with app.test_request_context(headers={"Accept-Language": language}):
            for one in asked:
                paper_page.make_ready(wordings[one.item, one.version], one.total)
        yield
