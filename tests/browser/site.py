"""The site as browsers meet it: a real server on a database of its own, and people who are signed in."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition, Thread
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from playwright.sync_api import Page
from sqlalchemy.orm import Session
from werkzeug.serving import WSGIRequestHandler, make_server

from examsite import clock
from examsite.accounts.models import Account
from examsite.accounts.operations import open_login
from examsite.db import open_session
from tests import databases


class Quiet(WSGIRequestHandler):
    """A request leaves no line among the results of the tests."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        return


class Counted:
    """An app that knows how many of its requests are under way: a database is not taken away from under one."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._busy = 0
        self._changed = Condition()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with self._changed:
            self._busy += 1
        try:
            return self.app(environ, start_response)
        finally:
            with self._changed:
                self._busy -= 1
                self._changed.notify_all()

    def wait_until_idle(self) -> None:
        """Come back once no request is under way."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._busy == 0, timeout=30), "a request does not come to its end"


@dataclass(frozen=True)
class LiveSite:
    """One running site: `url` begins every address, `session()` looks into its database."""

    app: Flask
    url: str
    database: databases.Copy

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session of the test's own; commit what the browser should see."""
        with open_session(self.database.engine) as session:
            yield session

    def sign_in(self, page: Page, account: Account) -> None:
        """Sign somebody in on a page's browser, without the form: an open login session and its cookie."""
        with self.session() as session:
            token = open_login(session, account, clock.now())
            session.commit()
        serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        cookie = serializer.dumps({"_user_id": token, "_fresh": True})
        page.context.add_cookies([{"name": self.app.config["SESSION_COOKIE_NAME"], "value": cookie, "url": self.url}])


def to_its_end(app: Flask | Counted) -> WSGIApplication:
    """The app with every reply read and closed before it is sent.

    The development server leaves a reply open where the browser hung up meanwhile: a file that nobody closes.
    """

    def read_out(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        reply = app(environ, start_response)
        try:
            return [b"".join(reply)]
        finally:
            if hasattr(reply, "close"):
                reply.close()

    return read_out


@contextmanager
def served(app: Flask | Counted) -> Iterator[str]:
    """Serve an app on a free port of this machine; gives the address it answers at."""
    server = make_server("127.0.0.1", 0, to_its_end(app), threaded=True, request_handler=Quiet)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="live-site")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
