"""A save is answered at the door where nothing stands against it, and by the view, in the same words, where anything does."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from examsite import clock
from examsite.rounds.models import LateEvidence, SittingEvent
from examsite.rounds.operations.save_at_once import save_at_once
from examsite.rounds.routes import save_at_door
from examsite.rounds.save_body import LARGEST
from tests.conftest import NOW
from tests.rounds.page import Page
from tests.rounds.world import MINUTE, World, options_of

Passed = Callable[[], int]


@pytest.fixture
def known_page(exam_page: Page) -> Page:
    """A page whose cookie and paper this process knows, by the first save of the sitting."""
    assert exam_page.save(1, [answer_of(exam_page)]).status_code == 200
    return exam_page


@pytest.fixture
def viewed(known_page: Page, monkeypatch: pytest.MonkeyPatch) -> Passed:
    """`viewed()`: how many requests came to the view since."""
    views = known_page.app.view_functions
    view, times = views["rounds.save_answers"], list[object]()

    @wraps(view)
    def counted(**given: str) -> Any:
        times.append(given)
        return view(**given)

    monkeypatch.setitem(views, "rounds.save_answers", counted)
    return lambda: len(times)


def answer_of(page: Page, option: int = 0) -> list[object]:
    return [1, "choice", options_of(page.sitting)[0][option]]


def told(answer: TestResponse) -> dict[str, Any]:
    assert isinstance(answer.json, dict)
    return answer.json


def post(page: Page, changed: dict[str, Any] | None = None) -> TestResponse:
    """The second save of the sitting, with anything about its request changed."""
    body = json.dumps({"seq": 2, "epoch": 1, "answers": [answer_of(page, 1)]})
    usual = {"path": page.address + "/save", "data": body, "content_type": "application/json", "headers": {"X-Save-Token": page.token}}
    request = usual | (changed or {})
    return page.browser.client.post(request.pop("path"), **request)


def test_nothing_comes_to_the_view_and_the_headers_are_the_same(known_page: Page, viewed: Passed, world: World) -> None:
    at_door = post(known_page)
    assert (viewed(), at_door.status_code, told(at_door)["outcome"], told(at_door)["seq"]) == (0, 200, "saved", 2)
    again = post(known_page)
    assert (viewed(), told(again)) == (1, told(at_door) | {"outcome": "repeated"})
    once = {"Content-Length", "X-Request-Id"}
    assert {header for header in at_door.headers if header[0] not in once} == {header for header in again.headers if header[0] not in once}
    assert len(at_door.headers) == len(again.headers)
    assert world.session.query(SittingEvent).filter_by(sitting_id=known_page.sitting.id, kind="save").count() == 2


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"headers": {}}, 403),
        ({"headers": {"X-Save-Token": "ư"}}, 403),
        ({"content_type": "text/plain"}, 422),
        ({"content_type": "application/json; charset=utf-8"}, 200),
        ({"query_string": {"a": "1"}}, 200),
        ({"query_string": "a=%00"}, 400),
        ({"data": b""}, 422),
        ({"data": b"\xff{"}, 422),
        ({"data": b" " * (LARGEST + 1)}, 422),
        ({"data": json.dumps({"seq": 3, "epoch": 1, "answers": [[1, "flag", True]]})}, 409),
        ({"data": json.dumps({"seq": 2, "epoch": 2, "answers": [[1, "flag", True]]})}, 409),
        ({"data": json.dumps({"seq": 2, "epoch": 1, "answers": [[1000, "flag", True]]})}, 422),
        ({"path": "/exam/none/save"}, 403),
        ({"path": "/exam/no one/save"}, 403),
    ],
)
def test_whatever_is_unusual_is_answered_by_the_view(known_page: Page, viewed: Passed, changed: dict[str, Any], status: int) -> None:
    assert (post(known_page, changed).status_code, viewed()) == (status, 1 if status != 400 else 0)


def test_a_cookie_that_nobody_proved_yet_goes_the_long_way_once(known_page: Page, viewed: Passed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_page.app.session_interface, "_proven", {})
    assert told(post(known_page))["outcome"] == "saved"
    assert viewed() == 1
    third = json.dumps({"seq": 3, "epoch": 1, "answers": [answer_of(known_page)]})
    assert (told(post(known_page, {"data": third}))["seq"], viewed()) == (3, 1)


def test_a_spoilt_cookie_opens_nothing(known_page: Page, viewed: Passed) -> None:
    client = known_page.browser.client
    name = known_page.app.config["SESSION_COOKIE_NAME"]
    kept = client.get_cookie(name)
    assert kept is not None
    client.set_cookie(name, kept.value[:-2] + ("AA" if not kept.value.endswith("AA") else "BB"))
    assert (post(known_page).status_code, viewed()) == (401, 1)


def test_a_save_whose_reply_got_lost_is_found_by_the_view(known_page: Page, viewed: Passed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stored, and the connection to the database broke before it said so."""

    def broken(*given: Any) -> None:
        save_at_once(*given)

    monkeypatch.setattr(save_at_door, "save_at_once", broken)
    answer = post(known_page)
    assert (answer.status_code, told(answer)["outcome"], told(answer)["seq"], viewed()) == (200, "repeated", 2, 1)


def test_the_moment_at_the_door_is_the_one_that_counts(known_page: Page, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A save that goes on to the view is as punctual as it was when it came, however long the door took."""
    asked = list[datetime]()

    def later() -> datetime:
        asked.append(NOW + len(asked) * MINUTE)
        return asked[-1]

    monkeypatch.setattr(clock, "now", later)
    answer = post(known_page, {"data": json.dumps({"seq": 2, "epoch": 2, "answers": [[1, "flag", True]]})})
    [kept] = world.session.scalars(select(LateEvidence))
    assert (answer.status_code, kept.received_at, asked) == (409, NOW, [NOW])
