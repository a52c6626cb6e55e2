"""The sign of life of an exam page: what it is told, what is written down, and who gets no answer."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from examsite.accounts import operations as accounts
from examsite.rounds.models import Heartbeat
from examsite.rounds.routes.replies import iso
from tests.client import Browser
from tests.conftest import NOW
from tests.rounds.page import Page
from tests.rounds.world import MINUTE, World

SECOND = timedelta(seconds=1)


def sign(page: Page, at: object = 1, unsent: object = 0, token: str | None = None) -> TestResponse:
    headers = {"X-Save-Token": page.token if token is None else token}
    body = json.dumps({"at": at, "unsent": unsent})
    return page.browser.client.post(page.address + "/alive", data=body, content_type="application/json", headers=headers)


def test_a_page_is_told_how_its_sitting_stands(exam_page: Page) -> None:
    answer = sign(exam_page)
    assert answer.status_code == 200
    assert answer.json == {
        "outcome": "alive",
        "state": "open",
        "epoch": 1,
        "last_seq": 0,
        "deadline": iso(NOW + 60 * MINUTE),
        "closes_at": iso(NOW + 60 * MINUTE + 30 * SECOND),
        "paused_since": None,
        "server_now": iso(NOW),
    }


def test_time_given_and_a_pause_are_told(exam_page: Page, world: World) -> None:
    exam_page.sitting.deadline += 5 * MINUTE
    exam_page.sitting.paused_since = NOW + MINUTE
    world.session.commit()
    told = sign(exam_page).json
    assert (told["deadline"], told["paused_since"]) == (iso(NOW + 65 * MINUTE), iso(NOW + MINUTE))


def test_the_invigilator_sees_where_the_page_is(exam_page: Page, world: World) -> None:
    sign(exam_page, at=3, unsent=2)
    seen = world.reload(exam_page.sitting)
    assert (seen.last_seen_at, seen.at_item, seen.unsent) == (NOW, 3, 2)


@pytest.mark.parametrize(("later", "at_item", "written"), [(14, 1, False), (15, 1, True), (1, 2, True)])
def test_only_what_is_worth_it_is_written(
    exam_page: Page, world: World, at: Callable[[datetime], None], later: int, at_item: int, written: bool
) -> None:
    sign(exam_page)
    at(NOW + later * SECOND)
    sign(exam_page, at=at_item)
    assert world.reload(exam_page.sitting).last_seen_at == (NOW + later * SECOND if written else NOW)


@pytest.mark.parametrize(("seconds", "state"), [(3629, "open"), (3630, "closed")])
def test_a_sitting_past_its_close_is_said_to_be_closed(exam_page: Page, at: Callable[[datetime], None], seconds: int, state: str) -> None:
    at(NOW + seconds * SECOND)
    assert sign(exam_page).json["state"] == state


def test_the_server_was_there_when_a_page_was(exam_page: Page, world: World) -> None:
    sign(exam_page)
    assert world.session.scalars(select(Heartbeat.at)).all() == [NOW]


def test_a_page_that_lost_the_pen_is_told_so_and_leaves_no_trace(exam_page: Page, world: World) -> None:
    login, _token = world.sign_in("001")
    exam_page.sitting.login_session_id, exam_page.sitting.epoch = login.id, 2
    world.session.commit()
    answer = sign(exam_page, at=4)
    assert (answer.status_code, answer.json["outcome"], answer.json["epoch"]) == (409, "moved", 2)
    assert world.reload(exam_page.sitting).at_item is None


def test_another_candidates_page_gets_nothing(exam_page: Page, world: World, open_page: Callable[..., Page]) -> None:
    stolen = Page(exam_page.app, world, open_page("002").browser, exam_page.sitting)
    answer = sign(stolen)
    assert (answer.status_code, answer.json["outcome"]) == (404, "not_yours")


def test_a_wrong_token_gets_nothing(exam_page: Page) -> None:
    assert sign(exam_page, token="wrong").status_code == 403


def test_an_ended_login_session_is_told_to_sign_in(exam_page: Page, world: World) -> None:
    assert exam_page.login is not None
    accounts.sign_out(world.session, exam_page.login, NOW)
    world.session.commit()
    assert sign(exam_page).json["outcome"] == "signed_out"


def test_somebody_not_signed_in_is_told_to_sign_in(exam_page: Page, browse: Callable[..., Browser]) -> None:
    exam_page.browser = browse()
    assert sign(exam_page).status_code == 401


@pytest.mark.parametrize(("at_item", "unsent"), [(0, 0), (-1, 0), ("1", 0), (1, -1), (1, True), (1, 100_001), (None, 0)])
def test_a_body_that_no_page_sends_is_malformed(exam_page: Page, at_item: object, unsent: object) -> None:
    assert sign(exam_page, at_item, unsent).status_code == 422
