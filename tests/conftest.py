"""Fixtures: a real database (SQLite or PostgreSQL by `--backend`), the app on it, a fixed clock, no sockets but loopback."""

import gc
import os
import shutil
import socket
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from examsite import clock
from examsite.app import create_app
from examsite.config import Settings
from examsite.db import open_session
from hatch_build import compile_catalogues
from tests import databases
from tests.client import Browser

# How long an example takes depends on who else uses the machine, and says nothing about a rule. A run that fails should fail again, so the
# examples are the same each time; `HYPOTHESIS_PROFILE=search` looks for new ones, and for many more of them.
hypothesis_settings.register_profile("timeless", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.register_profile("repeatable", hypothesis_settings.get_profile("timeless"), derandomize=True)
hypothesis_settings.register_profile("search", hypothesis_settings.get_profile("timeless"), max_examples=3000)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

# While all is loaded, nearly everything stays: the collector of cyclic garbage would walk through it in vain until it is frozen below.
gc.disable()

NOW = datetime(2026, 11, 9, 1, 0, tzinfo=UTC)
"""The fixed moment of tests: Monday 09/11/2026, 08:00 in Hanoi."""

ONCE = (
    "browser/test_campaigns.py", "browser/test_devices.py", "browser/test_front_door.py", "browser/test_item_kinds.py",
    "browser/test_live_room.py", "browser/test_practice.py", "browser/test_reopened.py", "browser/test_sitting.py",
    "browser/test_sitting_troubles.py", "campaigns/test_import_cli.py", "campaigns/test_import_lists_cli.py",
    "campaigns/test_libreoffice_file.py", "demo/test_acts_by_role.py", "demo/test_language.py", "demo/test_pages_in_browser.py",
    "faults/test_checker_alone.py", "faults/test_planted_bugs.py", "faults/test_verdict.py", "policies", "questions/test_import_xlsx.py",
    "questions/test_question_xlsx.py", "questions/test_round_trip.py", "rules", "sheets", "test_architecture.py", "test_deploy.py",
    "test_guides.py", "test_messages.py", "test_richtext.py", "test_vietnamese.py", "test_wheel.py",
)  # fmt: skip
"""What says the same whichever database lies below: pure rules, files, the wheel, what a page does by itself in a browser. These get the
marker `once`, and `make test` runs them with SQLite only; what they send to the server is tried on both databases without a browser."""

FIRST = ("browser/test_walk.py", "demo/test_roles.py")
"""The longest test, and beside it those that build the demonstration, so that no worker waits for either at the beginning or at the end."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--backend", choices=["sqlite", "postgresql"], default="sqlite", help="the database that all tests run on")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        _prepare(config)
    # Each worker makes several apps of the same templates; they are compiled once in a run.
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": FileSystemBytecodeCache(os.environ[databases.SHARED])}


def _prepare(config: pytest.Config) -> None:
    """What the workers of a run find ready: catalogues, a folder for what they share, a server."""
    compile_catalogues()
    folder = databases.scratch_folder()
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    os.environ[databases.SHARED] = str(folder)
    if config.getoption("--backend") == "postgresql":
        if databases.SERVER not in os.environ:
            os.environ[databases.SERVER] = databases.start_postgresql(folder / "server")
        config.add_cleanup(lambda: databases.drop_kept(os.environ[databases.SERVER]))


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None]:
    """Mark what runs once, and let those that all others would wait for begin."""
    folder = Path(__file__).parent
    missing = [name for name in (*ONCE, *FIRST) if not (folder / name).exists()]
    assert not missing, f"there is no {missing} in tests any more"
    of_once = {path for path in {item.path for item in items} if any(path.is_relative_to(folder / name) for name in ONCE)}
    for item in items:
        if item.path in of_once:
            item.add_marker("once")
    yield
    first = [folder / name for name in FIRST]
    items.sort(key=lambda item: first.index(item.path) if item.path in first else len(first))


def pytest_collection_finish() -> None:
    """What was loaded for the tests stays until their end: the collector of cyclic garbage need not walk through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Both databases see the same tests: say how many of these this run had."""
    both = sum("once" not in report.keywords for report in terminalreporter.stats.get("passed", []) if report.when == "call")
    terminalreporter.write_line(f"{both} of these touch a database and run on SQLite and on PostgreSQL alike")


def pytest_make_parametrize_id(val: object) -> str | None:
    """Long content is no name for a test; some of it differs from process to process, and then workers cannot agree on what there is."""
    return "content" if isinstance(val, bytes | str) and len(val) > 200 else None


@pytest.fixture(scope="session")
def backend(request: pytest.FixtureRequest) -> str:
    """`sqlite` or `postgresql`."""
    return str(request.config.getoption("--backend"))


@pytest.fixture(scope="session")
def template(backend: str) -> Iterator[databases.Template]:
    """The migrated database that all copies come from."""
    if backend == "postgresql":
        postgresql = databases.Postgresql(os.environ[databases.SERVER])
        yield postgresql
        postgresql.close()
    else:
        folder = databases.scratch_folder()
        yield databases.Sqlite(folder)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def shared_engine(template: databases.Template) -> Iterator[Engine]:
    """One database for all tests that live inside an outer transaction."""
    copy = template.copy()
    yield copy.engine
    template.drop(copy)


@pytest.fixture
def own_database(template: databases.Template) -> Iterator[databases.Copy]:
    """A database of one's own, for races, other processes and browsers."""
    copy = template.copy()
    yield copy
    template.drop(copy)


@pytest.fixture
def beneath(shared_engine: Engine) -> Engine:
    """The database below a test: an empty one, unless a folder keeps one in which the world of its tests stands already."""
    return shared_engine


@pytest.fixture
def connection(beneath: Engine) -> Iterator[Connection]:
    """A connection inside an outer transaction: what is tested may really commit, and nothing remains."""
    with beneath.connect() as connection:
        outer = connection.begin()
        yield connection
        outer.rollback()


@pytest.fixture
def session(connection: Connection) -> Iterator[Session]:
    """A session for arranging and for looking; commit what requests should see."""
    with open_session(connection) as session:
        yield session


@pytest.fixture
def now() -> datetime:
    """The fixed moment of tests."""
    return NOW


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Settings of a site under test."""
    return Settings(database_url="sqlite:///unused.db", secret_key="a key for tests that nobody else will ever use")


@pytest.fixture(scope="session")
def one_app(settings: Settings, shared_engine: Engine) -> Flask:
    """The app, built once; each test puts its own connection under it."""
    app = create_app(settings, shared_engine)
    app.testing = False  # error pages are part of what is tested
    return app


@pytest.fixture
def app(one_app: Flask, connection: Connection) -> Iterator[Flask]:
    """The app on this test's connection."""
    usual = one_app.extensions["examsite.engine"]
    one_app.extensions["examsite.engine"] = connection
    yield one_app
    one_app.extensions["examsite.engine"] = usual


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A bare client, not signed in."""
    return app.test_client()


@pytest.fixture
def browse(app: Flask, session: Session, at: Callable[[datetime], None]) -> Callable[..., Browser]:
    """`browse(account)`: a client signed in as that account, which fetches form tokens by itself; `browse()`: not signed in."""
    at(NOW)

    def sign_in(account: object | None = None) -> Browser:
        return Browser(app, session, account, clock.now())

    return sign_in


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """`at(moment)`: from now on every request begins at that moment."""

    def set_clock(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    return set_clock


@pytest.fixture
def later() -> Callable[..., datetime]:
    """`later(minutes=5)`: that much after the fixed moment."""
    return lambda **span: NOW + timedelta(**span)


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test speaks to another machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else "localhost"
        if host not in {"localhost", "127.0.0.1", "::1"}:
            raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def samples() -> Path:
    """Real files written by other programs."""
    return Path(__file__).parent / "samples"
