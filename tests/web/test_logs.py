"""The log of a real site: one JSON object a line, and nothing personal even when an exception holds a name."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examsite import logs
from examsite.campaigns.models import Unit
from examsite.web import traffic
from tests.client import Browser
from tests.factories import make_unit

NAME = "Nguyễn Thị Bảo Ngọc"
NUMBER = "079188001234"

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What was logged, read back."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonLines())
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


def record(name: str, level: int, message: object, *arguments: object) -> dict[str, Any]:
    made = logging.LogRecord(name, level, "somewhere.py", 7, message, arguments, None)
    line: dict[str, Any] = json.loads(logs.JsonLines().format(made))
    return line


@pytest.mark.parametrize(
    ("name", "level", "message", "arguments", "told"),
    [
        ("examsite", logging.ERROR, "database busy: %s", ("OperationalError",), "database busy: OperationalError"),
        ("examsite.sheets", logging.ERROR, "ended with %s: %s", (1, NAME), "ended with 1: …"),
        ("examsite", logging.ERROR, "no such person: %s", ("Nam",), "no such person: …"),
        ("examsite", logging.ERROR, "no such person: %s", ([NAME],), "no such person: …"),
        ("examsite", logging.INFO, "request", (), "request"),
        ("gunicorn.error", logging.INFO, "Listening at: %s (%s)", ("http://127.0.0.1:8000", 7), "Listening at: http://127.0.0.1:8000 (7)"),
        ("gunicorn.error", logging.CRITICAL, "WORKER TIMEOUT (pid:%s)", (7,), "WORKER TIMEOUT (pid:7)"),
        ("gunicorn.error", logging.ERROR, "Error handling request %s", (f"/people?name={NAME}",), "Error handling request …"),
        ("gunicorn.error", logging.WARNING, f"Invalid request from ip=192.0.2.7: {NAME}", (), ""),
        ("a.library", logging.ERROR, f"cannot read {NAME}", (), ""),
        ("a.library", logging.ERROR, "cannot read %(who)s", ({"who": NAME},), "cannot read %(who)s"),
        ("a.library", logging.ERROR, "%d of %d", ("1", "2"), "%d of %d"),
    ],
)
def test_of_a_message_only_the_fixed_part_is_told(name: str, level: int, message: str, arguments: tuple[object, ...], told: str) -> None:
    assert record(name, level, message, *arguments)["event"] == told


def test_a_request_is_told_by_its_endpoint(browse: Callable[..., Browser], lines: Lines) -> None:
    answer = browse().get(f"/public/{NUMBER}?name={NAME}", headers={"X-Request-Id": "chosen-by-the-reader"})
    assert answer.status_code == 404
    [line] = [line for line in lines() if line["event"] == "request"]
    assert (line["endpoint"], line["method"], line["status"], line["level"]) == ("desk.public_campaign", "GET", 404, "info")
    assert line["request"] == answer.headers["X-Request-Id"] != "chosen-by-the-reader"
    assert line["ms"] >= 0
    assert set(line) == {"time", "level", "event", "worker", "request", "endpoint", "method", "status", "ms"}


def test_what_is_asked_every_second_is_told_only_when_it_fails(app: Flask, lines: Lines) -> None:
    client = app.test_client()
    client.get("/health/live")
    client.get("/static/app.css").close()
    assert lines() == []
    assert client.post("/exam/nobody/save", json={}).status_code == 401
    assert [line["endpoint"] for line in lines()] == ["rounds.save_answers"]


def test_an_exception_with_a_name_in_it_tells_no_name(app: Flask, lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        try:
            raise KeyError(NUMBER)
        except KeyError as error:
            raise ValueError(f"{NAME} is not there") from error

    monkeypatch.setitem(app.view_functions, "watch.live", fail)
    answer = app.test_client().get(f"/health/live?who={NAME}")
    assert answer.status_code == 500
    fault, request = lines()
    assert (fault["event"], fault["level"], fault["endpoint"]) == ("unexpected error", "error", "watch.live")
    assert fault["fault"]["type"] == "builtins.ValueError"
    assert fault["fault"]["cause"]["type"] == "builtins.KeyError"
    assert fault["fault"]["at"][-1].endswith(" fail")
    assert fault["request"] == request["request"] == answer.headers["X-Request-Id"]
    nothing_personal(lines())


def test_a_row_that_the_database_refuses_tells_the_constraint_and_no_value(session: Session, lines: Lines) -> None:
    """PostgreSQL puts the values into its message; SQLAlchemy would put the parameters of the statement beside it."""
    unit = make_unit(session, NUMBER, NAME)
    with pytest.raises(IntegrityError) as refused:
        session.execute(insert(Unit).values(public_id=unit.public_id, code=NUMBER, name=NAME))
    assert NAME not in str(refused.value).partition("DETAIL")[0]
    logging.getLogger("examsite").error("unexpected error", exc_info=refused.value)
    [line] = lines()
    assert line["fault"]["type"] == "sqlalchemy.exc.IntegrityError"
    assert {"sqlstate", "sqlite_errorname"} & set(line["fault"])
    nothing_personal([line])


@pytest.mark.parametrize(("wanted", "address"), [(False, None), (True, "192.0.2.7")])
def test_addresses_of_people_are_told_only_where_the_operator_wants_them(lines: Lines, wanted: bool, address: str | None) -> None:
    small = Flask("small")
    traffic.install(small, proxied=True, addresses=wanted)
    answer = small.test_client().get("/", environ_base={"REMOTE_ADDR": "192.0.2.7"}, headers={"X-Request-Id": "0123456789abcdef"})
    [line] = lines()
    assert line.get("address") == address
    assert line["request"] == answer.headers["X-Request-Id"] == "0123456789abcdef"
    bad = small.test_client().get("/", headers={"X-Request-Id": "Nguyễn Văn An".encode().decode("latin-1")})
    assert len(bad.headers["X-Request-Id"]) == 16


def nothing_personal(told: list[dict[str, Any]]) -> None:
    text = json.dumps(told, ensure_ascii=False)
    for word in (*NAME.split(), NUMBER):
        assert word not in text
