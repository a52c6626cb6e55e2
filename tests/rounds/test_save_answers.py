"""Every answer the save path can give, and what it leaves in the tables."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from examsite.accounts import operations as accounts
from examsite.accounts.models import Account
from examsite.rounds.models import LateEvidence, SittingEvent
from examsite.rounds.queries.sittings import answers_of
from examsite.rounds.save_body import LARGEST
from tests.client import Browser
from tests.conftest import NOW
from tests.rounds.page import Page
from tests.rounds.world import World, options_of

SECOND = timedelta(seconds=1)
CLOSE = NOW + timedelta(minutes=60, seconds=30)
"""The deadline of the general part with its grace."""


def choice(exam_page: Page, item: int, option: int = 0) -> list[object]:
    return [item, "choice", options_of(exam_page.sitting)[item - 1][option]]


def saves(session: Session) -> list[SittingEvent]:
    return list(session.scalars(select(SittingEvent).where(SittingEvent.kind == "save").order_by(SittingEvent.seq)))


def late(session: Session) -> list[LateEvidence]:
    return list(session.scalars(select(LateEvidence)))


def test_a_save_is_stored_and_answered_with_its_receipt(exam_page: Page, world: World) -> None:
    answer = exam_page.save(1, [choice(exam_page, 1), [1, "flag", True]])
    assert answer.status_code == 200
    [event] = saves(world.session)
    assert answer.json == {
        "outcome": "saved",
        "seq": 1,
        "server_now": "2026-11-09T01:00:00.000Z",
        "deadline": "2026-11-09T02:00:00.000Z",
        "state": "open",
        "receipt": event.head.hex()[:16],
    }
    sitting = world.reload(exam_page.sitting)
    assert (sitting.last_seq, sitting.head, sitting.last_saved_at) == (1, event.head, NOW)


def test_the_last_event_of_an_item_is_its_answer(exam_page: Page, world: World) -> None:
    exam_page.save(1, [choice(exam_page, 1, 0), choice(exam_page, 2, 1), [3, "flag", True]])
    exam_page.save(2, [choice(exam_page, 1, 3), [3, "flag", False], [4, "flag", True]])
    exam_page.save(3, [[2, "choice", None]])
    stored = answers_of(world.session, world.reload(exam_page.sitting))
    assert stored.choices == {1: options_of(exam_page.sitting)[0][3], 2: None}
    assert stored.flags == {4}
    assert stored.answered() == 1


def test_the_same_again_gives_the_same_receipt_and_one_event(exam_page: Page, world: World) -> None:
    first = exam_page.save(1, [choice(exam_page, 1)])
    exam_page.save(2, [choice(exam_page, 2)])
    again = exam_page.save(1, [choice(exam_page, 1)])
    assert again.status_code == 200
    assert (again.json["outcome"], again.json["receipt"]) == ("repeated", first.json["receipt"])
    assert len(saves(world.session)) == 2


def test_the_same_number_with_another_body_is_refused_and_changes_nothing(exam_page: Page, world: World) -> None:
    exam_page.save(1, [choice(exam_page, 1)])
    other = exam_page.save(1, [choice(exam_page, 1, 2)])
    assert (other.status_code, other.json["outcome"], other.json["last_seq"]) == (409, "differs", 1)
    assert answers_of(world.session, world.reload(exam_page.sitting)).choices[1] == options_of(exam_page.sitting)[0][0]


@pytest.mark.parametrize("seq", [2, 3, 2**31 - 1])
def test_a_gap_is_refused_and_says_where_to_go_on(exam_page: Page, world: World, seq: int) -> None:
    answer = exam_page.save(seq, [choice(exam_page, 1)])
    assert (answer.status_code, answer.json["outcome"], answer.json["last_seq"]) == (409, "gap", 0)
    assert saves(world.session) == []


def test_a_device_that_lost_the_pen_is_told_so_and_what_it_sent_is_kept(
    exam_page: Page, world: World, take_over: Callable[[], Page]
) -> None:
    exam_page.save(1, [choice(exam_page, 1)])
    second = take_over()
    told = exam_page.save(2, [choice(exam_page, 2)])
    assert (told.status_code, told.json["outcome"], told.json["epoch"]) == (409, "moved", 2)
    assert [(one.why, one.seq, one.epoch) for one in late(world.session)] == [("moved", 2, 1)]
    assert second.save(2, [choice(exam_page, 2, 3)], epoch=2).json["outcome"] == "saved"
    assert exam_page.save(1, [choice(exam_page, 1)]).json["outcome"] == "repeated"


def test_the_epoch_alone_does_not_give_the_pen(exam_page: Page, world: World, take_over: Callable[[], Page]) -> None:
    take_over()
    assert exam_page.save(1, [choice(exam_page, 1)], epoch=2).json["outcome"] == "moved"
    assert saves(world.session) == []


@pytest.mark.parametrize(
    ("moment", "status", "outcome"),
    [
        (CLOSE - timedelta(seconds=30) - SECOND, 200, "saved"),
        (CLOSE - timedelta(seconds=30), 200, "saved"),
        (CLOSE - timedelta(microseconds=1), 200, "saved"),
        (CLOSE, 410, "late"),
        (CLOSE + SECOND, 410, "late"),
    ],
)
def test_the_close_is_the_first_moment_that_is_too_late(
    exam_page: Page, world: World, at: Callable[[datetime], None], moment: datetime, status: int, outcome: str
) -> None:
    at(moment)
    answer = exam_page.save(1, [choice(exam_page, 1)])
    assert (answer.status_code, answer.json["outcome"]) == (status, outcome)
    assert len(saves(world.session)) == (1 if status == 200 else 0)
    assert [one.why for one in late(world.session)] == ([] if status == 200 else ["late"])


def test_late_evidence_is_kept_once_and_never_counted(exam_page: Page, world: World, at: Callable[[datetime], None]) -> None:
    at(CLOSE)
    exam_page.save(1, [choice(exam_page, 1)])
    exam_page.save(1, [choice(exam_page, 1)])
    [kept] = late(world.session)
    assert json.loads(kept.body) == [choice(exam_page, 1)]
    assert answers_of(world.session, world.reload(exam_page.sitting)).choices == {}


def test_a_repeat_after_the_close_still_gets_its_receipt(exam_page: Page, at: Callable[[datetime], None]) -> None:
    first = exam_page.save(1, [choice(exam_page, 1)])
    at(CLOSE + SECOND)
    again = exam_page.save(1, [choice(exam_page, 1)])
    assert (again.status_code, again.json["outcome"], again.json["state"]) == (200, "repeated", "closed")
    assert again.json["receipt"] == first.json["receipt"]


def test_nothing_is_saved_after_handing_in(exam_page: Page, world: World) -> None:
    exam_page.save(1, [choice(exam_page, 1)])
    exam_page.browser.post(exam_page.address + "/submit", {"last_seq": "1"})
    answer = exam_page.save(2, [choice(exam_page, 2)])
    assert (answer.status_code, answer.json["outcome"], answer.json["state"]) == (410, "closed", "submitted")
    assert [one.why for one in late(world.session)] == ["closed"]


def test_another_candidates_sitting_is_not_there(exam_page: Page, world: World, open_page: Callable[..., Page]) -> None:
    other = open_page("002")
    stolen = Page(exam_page.app, world, other.browser, exam_page.sitting)  # the right token for the wrong person
    answer = stolen.save(1, [choice(exam_page, 1)])
    assert (answer.status_code, answer.json["outcome"]) == (404, "not_yours")
    assert saves(world.session) == []
    assert late(world.session) == []


def test_a_sitting_that_does_not_exist_is_not_there(exam_page: Page) -> None:
    exam_page.world.session.expunge(exam_page.sitting)
    exam_page.sitting.public_id = "no-such-sitting"
    nowhere = Page(exam_page.app, exam_page.world, exam_page.browser, exam_page.sitting)
    assert nowhere.save(1, [[1, "choice", None]]).status_code == 404


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ([[5, "choice", None]], "item_unknown"),
        ([[5, "flag", True]], "item_unknown"),
        ([[1, "choice", "nonsense"]], "option_unknown"),
    ],
)
def test_what_is_not_on_the_paper_is_malformed(exam_page: Page, world: World, answers: list[list[object]], code: str) -> None:
    answer = exam_page.save(1, answers)
    assert (answer.status_code, answer.json["outcome"], answer.json["code"]) == (422, "malformed", code)
    assert saves(world.session) == []


def test_an_option_of_another_item_is_malformed(exam_page: Page, world: World) -> None:
    foreign = options_of(exam_page.sitting)[1][0]
    assert exam_page.save(1, [[1, "choice", foreign]]).json["code"] == "option_unknown"
    assert saves(world.session) == []


def test_somebody_who_is_not_signed_in_is_told_to_sign_in(exam_page: Page, browse: Callable[..., Browser]) -> None:
    exam_page.browser = browse()
    answer = exam_page.save(1, [choice(exam_page, 1)])
    assert (answer.status_code, answer.json["outcome"]) == (401, "signed_out")


def test_an_ended_login_session_saves_nothing(exam_page: Page, world: World) -> None:
    assert exam_page.login is not None
    accounts.sign_out(world.session, exam_page.login, NOW)
    world.session.commit()
    answer = exam_page.save(1, [choice(exam_page, 1)])
    assert (answer.status_code, answer.json["outcome"]) == (401, "signed_out")
    assert saves(world.session) == []


def test_a_login_session_that_ran_out_saves_nothing(exam_page: Page, world: World, at: Callable[[datetime], None]) -> None:
    assert exam_page.login is not None
    exam_page.login.expires_at = NOW
    world.session.commit()
    assert exam_page.save(1, [choice(exam_page, 1)]).status_code == 401


def test_a_disabled_account_saves_nothing(exam_page: Page, world: World) -> None:
    world.session.execute(update(Account).where(Account.id == world.candidates["001"].id).values(disabled_at=NOW))
    world.session.commit()
    assert exam_page.save(1, [choice(exam_page, 1)]).status_code == 401
    assert saves(world.session) == []


@pytest.mark.parametrize("token", ["", "nonsense", "ŵ"])
def test_a_wrong_token_is_refused_before_anything_else(exam_page: Page, world: World, token: str) -> None:
    answer = exam_page.save(1, [choice(exam_page, 1)], token=token)
    assert (answer.status_code, answer.json["outcome"]) == (403, "bad_token")
    assert saves(world.session) == []


def test_the_token_of_another_sitting_is_refused(exam_page: Page, open_page: Callable[..., Page]) -> None:
    other = open_page("002")
    assert exam_page.save(1, [choice(exam_page, 1)], token=other.token).status_code == 403


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "not_json"),
        ("{", "not_json"),
        ("[" * 30_000, "not_json"),
        (b"\xff\xfe", "not_json"),
        ("[]", "fields"),
        ('{"seq":1,"epoch":1}', "fields"),
        ('{"seq":1,"epoch":1,"answers":[],"more":1}', "fields"),
        ('{"seq":1,"epoch":1,"answers":[]}', "answers"),
        ('{"seq":1,"epoch":1,"answers":{}}', "answers"),
        ('{"seq":0,"epoch":1,"answers":[[1,"flag",true]]}', "seq"),
        ('{"seq":true,"epoch":1,"answers":[[1,"flag",true]]}', "seq"),
        ('{"seq":1.0,"epoch":1,"answers":[[1,"flag",true]]}', "seq"),
        ('{"seq":"1","epoch":1,"answers":[[1,"flag",true]]}', "seq"),
        ('{"seq":2147483648,"epoch":1,"answers":[[1,"flag",true]]}', "seq"),
        ('{"seq":1,"epoch":0,"answers":[[1,"flag",true]]}', "epoch"),
        ('{"seq":1,"epoch":null,"answers":[[1,"flag",true]]}', "epoch"),
        ('{"seq":1,"epoch":1,"answers":[1]}', "answer"),
        ('{"seq":1,"epoch":1,"answers":[[1,"flag"]]}', "answer"),
        ('{"seq":1,"epoch":1,"answers":[[1,"flag",1]]}', "answer"),
        ('{"seq":1,"epoch":1,"answers":[[1,"flag",null]]}', "answer"),
        ('{"seq":1,"epoch":1,"answers":[[1,"choice",7]]}', "answer"),
        ('{"seq":1,"epoch":1,"answers":[[1,"choice",["a"]]]}', "answer"),
        ('{"seq":1,"epoch":1,"answers":[[1,"choice",""]]}', "answer"),
        ('{"seq":1,"epoch":1,"answers":[[1,"choice","a b"]]}', "answer"),
        ('{"seq":1,"epoch":1,"answers":[[1,"essay","a"]]}', "answer"),
        ('{"seq":1,"epoch":1,"answers":[[0,"flag",true]]}', "item"),
        ('{"seq":1,"epoch":1,"answers":[["1","flag",true]]}', "item"),
        ('{"seq":1,"epoch":1,"answers":[[true,"flag",true]]}', "item"),
    ],
)
def test_a_body_of_another_shape_is_malformed(exam_page: Page, world: World, body: str | bytes, code: str) -> None:
    answer = exam_page.send(body)
    assert (answer.status_code, answer.json["outcome"], answer.json["code"]) == (422, "malformed", code)
    assert saves(world.session) == []


def test_two_hundred_answers_fit_and_one_more_does_not(exam_page: Page) -> None:
    flags = [[1 + number % 4, "flag", number % 2 == 0] for number in range(201)]
    assert exam_page.save(1, flags).json["code"] == "answers"
    assert exam_page.save(1, flags[:200]).json["outcome"] == "saved"


def test_a_body_over_the_limit_and_another_content_type_are_malformed(exam_page: Page) -> None:
    assert exam_page.send("x" * (LARGEST + 1)).json["code"] == "too_large"
    body = json.dumps({"seq": 1, "epoch": 1, "answers": [[1, "flag", True]]})
    assert exam_page.send(body, content_type="text/plain").json["code"] == "content_type"
    assert exam_page.send(body + " " * (64 * 1024 - len(body))).json["outcome"] == "saved"
