"""A site with one bug in it, forked from a process that has read the product and its templates already: ten cost little more than one."""

import multiprocessing
from functools import cache
from multiprocessing.context import ForkServerProcess

from flask import Flask
from sqlalchemy.orm import configure_mappers
from werkzeug.serving import WSGIRequestHandler, make_server

from examsite import app as product
from examsite.config import Settings
from examsite.db import make_engine
from tests.faults.planted import bugs
from tests.faults.site import KEY, free_port, wait_until_up

nursery = multiprocessing.get_context("forkserver")
nursery.set_forkserver_preload(["tests.faults.planted.nursery"])


class KeptOpen(WSGIRequestHandler):
    """Connections stay open between requests, and replies leave at once, as with the server of the product; nothing is logged."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        return


class PlantedSite:
    """One process that serves the spoilt app in threads."""

    def __init__(self, database_url: str, bug: str) -> None:
        self._port = free_port()
        self._given = (database_url, bug, self._port)
        self.url = f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> "PlantedSite":
        self._start()
        return self

    def __exit__(self, *_fault: object) -> None:
        self._end()

    def kill(self) -> None:
        """End it in the middle of whatever it does, and come back once another answers."""
        self._end()
        self._start()

    def _start(self) -> None:
        self._process: ForkServerProcess = nursery.Process(target=serve, args=self._given)
        self._process.start()
        wait_until_up(self._port, lambda: f"its exit code is {self._process.exitcode}")

    def _end(self) -> None:
        self._process.kill()
        self._process.join()
        self._process.close()


@cache
def whole_app() -> Flask:
    """The product's app with all that a first request would make, on no database yet."""
    app = product.create_app(Settings(database_url="sqlite://", secret_key=KEY))
    for name in app.jinja_env.list_templates(filter_func=lambda name: name.startswith(("rounds/", "accounts/"))):
        app.jinja_env.get_template(name)
    configure_mappers()
    app.test_client().get("/sign-in", headers={"Accept-Language": "en"})
    return app


def serve(database_url: str, bug: str, port: int) -> None:
    """Serve the product's app with one bug in it until killed."""
    app = whole_app()
    app.extensions["examsite.engine"] = make_engine(database_url)
    bugs.BUGS[bug](app)
    make_server("127.0.0.1", port, app, threaded=True, request_handler=KeptOpen).serve_forever()
