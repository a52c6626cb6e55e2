"""A database that cannot be reached: one sentence, 503, and when to come back; never a second fault while the first is told."""

import json
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Dialect, create_engine, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from examsite import driver
from examsite.db import passes_by_itself
from examsite.driver import driver_connection, taking_turns

SIGNED_IN = {"_user_id": "a token of some login session", "_fresh": True}


def unreachable() -> sqlite3.Connection:
    raise sqlite3.OperationalError("too many clients already")


@pytest.fixture
def cut_off(one_app: Flask) -> Iterator[FlaskClient]:
    """Somebody who is signed in, on a site whose database refuses every connection."""
    usual = one_app.extensions["examsite.engine"]
    one_app.extensions["examsite.engine"] = create_engine("sqlite://", creator=unreachable)
    client = one_app.test_client()
    with client.session_transaction() as cookie:
        cookie.update(SIGNED_IN)
    yield client
    one_app.extensions["examsite.engine"] = usual


@pytest.mark.parametrize("address", ["/exam", "/campaigns", "/exam/anything/answers"])
def test_a_page_says_so_and_when_to_come_back(cut_off: FlaskClient, address: str) -> None:
    answer = cut_off.get(address, headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert f'href="{address}">Open this page again' in answer.text
    assert "Sign in" not in answer.text, "nobody knows whether the reader is signed in"


def fault(**told: object) -> OperationalError:
    """An error as a driver raises it, with the number that it gives."""
    cause = sqlite3.OperationalError("as the driver says it")
    for name, value in told.items():
        setattr(cause, name, value)
    return OperationalError("a statement", None, cause)


@pytest.mark.parametrize(
    ("told", "passes"),
    [
        ({}, True),  # no connection
        ({"sqlite_errorcode": sqlite3.SQLITE_BUSY}, True),
        ({"sqlite_errorcode": sqlite3.SQLITE_BUSY_SNAPSHOT}, True),
        ({"sqlite_errorcode": sqlite3.SQLITE_LOCKED}, True),
        ({"sqlite_errorcode": sqlite3.SQLITE_CANTOPEN}, True),
        ({"sqlite_errorcode": sqlite3.SQLITE_ERROR}, False),  # no such table or column
        ({"sqlite_errorcode": sqlite3.SQLITE_FULL}, False),
        ({"sqlite_errorcode": sqlite3.SQLITE_READONLY}, False),
        ({"sqlstate": None}, True),  # the server went away
        *[({"sqlstate": state}, True) for state in ("08006", "40001", "40P01", "53300", "55P03", "57014", "57P01", "57P02", "57P03")],
        *[({"sqlstate": state}, False) for state in ("42P01", "42703", "53100", "57P04", "58030")],
    ],
)
def test_only_what_passes_by_itself_is_called_busy(told: dict[str, object], passes: bool) -> None:
    assert passes_by_itself(fault(**told)) is passes


def test_a_database_older_than_the_program_is_a_fault_and_not_busy(session: Session, client: FlaskClient) -> None:
    session.execute(text("ALTER TABLE campaign RENAME TO of_another_version"))
    answer = client.get("/", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.headers.get("Retry-After")) == (500, None)
    assert "<h1" in answer.text


def test_no_such_page_is_said_also_where_nobody_can_say_who_is_reading(cut_off: FlaskClient) -> None:
    answer = cut_off.get("/no-such-page", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert "<h1" in answer.text
    assert "Sign out" not in answer.text


@pytest.mark.parametrize("address", ["/exam/anything/submit", "/campaigns/new"])
def test_a_form_without_its_token_is_refused_as_such(cut_off: FlaskClient, address: str) -> None:
    answer = cut_off.post(address, data={"reason": "typed before"}, headers={"Accept-Language": "en"})
    assert answer.status_code == 400
    assert "<h1" in answer.text


def test_a_save_is_not_refused_but_left_open(cut_off: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("examsite.rounds.routes.save.is_save_token", lambda *_: True)
    body = json.dumps({"seq": 1, "epoch": 1, "answers": [[1, "flag", True]]})
    answer = cut_off.post("/exam/anything/save", data=body, content_type="application/json", headers={"X-Save-Token": "any"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


def test_a_connection_of_the_driver_fails_with_the_same_error_as_all_others() -> None:
    with pytest.raises(OperationalError), driver_connection(create_engine("sqlite://", creator=unreachable)):
        pass


@pytest.mark.parametrize(("dialect", "within", "entered"), [(sqlite.dialect(), 0.05, False), (postgresql.dialect(), 10, True)])
def test_short_writers_take_turns_where_the_database_has_room_for_one(dialect: Dialect, within: float, entered: bool) -> None:
    def write() -> str:
        with taking_turns(dialect):
            return "written"

    with ThreadPoolExecutor(1) as pool, taking_turns(dialect):
        beside = pool.submit(write)
        assert bool(wait([beside], timeout=within).done) is entered
    assert beside.result() == "written"


def test_whoever_waited_too_long_goes_on_and_asks_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "BUSY_TIMEOUT_MS", 1)
    with taking_turns(sqlite.dialect()):
        with ThreadPoolExecutor(1) as pool, taking_turns(sqlite.dialect()):
            assert pool.submit(lambda: "written").result() == "written"
        assert driver._turns.locked(), "a turn that nobody had is not given back"
    assert not driver._turns.locked()
