"""The practice room: the exam's pages and protocol for whoever is eligible, and no trace of it where exams are kept."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from examsite.accounts.models import LoginSession
from examsite.audit.models import LogEntry
from examsite.campaigns.models import Application
from examsite.rounds.models import Heartbeat, LateEvidence, Practice, Sitting, SittingEvent, SittingMark
from examsite.rounds.operations import practice
from examsite.rounds.practice_paper import ADDRESS, practice_items, practice_options
from examsite.rounds.queries.practice import answers_in, practice_by_login
from examsite.rounds.routes.tokens import save_token
from examsite.rules.refusal import Refused
from tests.client import Browser
from tests.conftest import NOW
from tests.factories import make_application, make_campaign, make_position, make_staff
from tests.rounds.world import make_world

MINUTE = timedelta(minutes=1)
EXAM_TABLES = (Sitting, SittingEvent, SittingMark, LateEvidence, Heartbeat, LogEntry)


def make_candidate(session: Session, state: str = "eligible", stage: str = "screened", **changes: Any) -> Application:
    campaign = make_campaign(session, stage=stage, changes=changes)
    found = make_application(session, make_position(session, campaign), "Lê Thị Minh Nguyệt", state, "0117", account=True)
    session.commit()
    return found


class Room:
    """The practice room in one browser."""

    def __init__(self, app: Flask, session: Session, browser: Browser) -> None:
        self.browser = browser
        newest = select(LoginSession).where(LoginSession.account_id == browser.account.id).order_by(LoginSession.id.desc())  # type: ignore[attr-defined]
        self.login = session.scalars(newest).first()
        assert self.login is not None
        with app.app_context():
            self.token = save_token(self.login.token_hash, ADDRESS)

    def send(self, way: str, body: object, token: str | None = None) -> TestResponse:
        headers = {"X-Save-Token": self.token if token is None else token}
        text = body if isinstance(body, str) else json.dumps(body)
        return self.browser.client.post(f"/exam/practice/{way}", data=text, content_type="application/json", headers=headers)

    def save(self, seq: int, answers: list[list[Any]], epoch: int = 1) -> tuple[int, str]:
        reply = self.send("save", {"seq": seq, "epoch": epoch, "answers": answers})
        return reply.status_code, reply.get_json()["outcome"]


def test_the_paper_is_the_same_in_both_languages_and_the_essay_stands_last() -> None:
    shapes = [
        [(one.number, one.kind, one.wording.marking_rule, one.wording.to_choose, one.order) for one in items]
        for items in (practice_items(language, essay=True) for language in ("vi", "en"))
    ]
    assert shapes[0] == shapes[1]
    kinds = [one.kind for one in practice_items("vi", essay=True)]
    assert (set(kinds), kinds[-1]) == ({"single_choice", "multiple_response", "short_text", "numeric", "essay"}, "essay")
    assert len(practice_items("en", essay=False)) == len(practice_options()) - 1 == 8
    assert all(
        vi.wording.stem != en.wording.stem
        for vi, en in zip(practice_items("vi", essay=True), practice_items("en", essay=True), strict=True)
    )


def test_a_candidate_practises_from_room_to_receipt_and_no_exam_knows(app: Flask, session: Session, browse: Callable[..., Browser]) -> None:
    mine = make_candidate(session)
    before = [session.scalar(select(func.count()).select_from(table)) for table in EXAM_TABLES]
    browser = browse(mine.account)
    assert "/exam/practice" in browser.get("/home").text
    assert "Bắt đầu làm thử" in browser.get("/exam/practice").text
    assert browser.post("/exam/practice/start").headers["Location"] == "/exam/practice"
    page = browser.get("/exam/practice").text
    assert "không có giám thị" in page
    assert "giơ tay báo giám thị" not in page
    for words in ('data-save-url="/exam/practice/save"', 'data-review-url="/exam/practice/review"', "is-practice", "Đây là bài làm thử"):
        assert words in page
    assert "textarea" not in page  # this campaign has no essay
    room = Room(app, session, browser)
    several = [option for option, _text in practice_items("vi", essay=False)[3].options]
    answers = [[1, "choice", "1-2"], [4, "choices", several[:2]], [6, "text", "sẵn sàng"], [3, "flag", True]]
    assert room.save(1, answers) == (200, "saved")
    assert room.save(1, answers) == (200, "repeated")
    assert room.save(1, [[1, "choice", "1-1"]]) == (409, "differs")
    assert room.save(3, [[1, "choice", "1-1"]]) == (409, "gap")
    assert room.save(2, [[1, "choice", "1-1"], [6, "text", ""]], epoch=2) == (409, "moved")
    assert room.save(2, [[1, "choice", "1-1"], [6, "text", ""]]) == (200, "saved")
    assert room.send("alive", {"at": 1, "unsent": 0}).get_json()["last_seq"] == 2
    held = browser.get("/exam/practice/answers").get_json()
    assert (held["answers"], held["texts"], held["flags"]) == ({"1": "1-1"}, {"6": ""}, [3])
    assert "is-practice" in browser.get("/exam/practice/review").text
    assert browser.post("/exam/practice/submit").headers["Location"] == "/exam/practice/receipt"
    receipt = browser.get("/exam/practice/receipt").text
    assert "LÀM THỬ" in receipt
    assert room.save(3, [[1, "choice", "1-2"]]) == (410, "closed")
    assert browser.get("/exam/practice/review").status_code == 303
    assert browser.post("/exam/practice/start").status_code == 303
    assert room.save(3, [[1, "choice", "1-2"]]) == (409, "moved")  # a page of the run before
    assert [session.scalar(select(func.count()).select_from(table)) for table in EXAM_TABLES] == before


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("nonsense", 422, "not_json"),
        ({"seq": 1, "epoch": 1, "answers": [[99, "choice", "1-1"]]}, 422, "item_unknown"),
        ({"seq": 1, "epoch": 1, "answers": [[1, "choice", "1-9"]]}, 422, "option_unknown"),
        ({"seq": 1, "epoch": 1, "answers": [[1, "text", "x"]]}, 422, "kind_wrong"),
    ],
)
def test_what_no_page_of_ours_sends(
    app: Flask, session: Session, browse: Callable[..., Browser], body: object, status: int, code: str
) -> None:
    browser = browse(make_candidate(session).account)
    browser.post("/exam/practice/start")
    reply = Room(app, session, browser).send("save", body)
    assert (reply.status_code, reply.get_json()["code"]) == (status, code)


def test_a_token_of_an_exam_or_of_another_is_none_here(app: Flask, session: Session, browse: Callable[..., Browser]) -> None:
    mine = make_candidate(session)
    browser = browse(mine.account)
    room = Room(app, session, browser)
    body = {"seq": 1, "epoch": 1, "answers": [[1, "choice", "1-1"]]}
    assert room.send("save", body).status_code == 401  # nothing was begun
    browser.post("/exam/practice/start")
    with app.app_context():
        of_a_sitting = save_token(room.login.token_hash, "s" * 26)  # type: ignore[union-attr]
    assert room.send("save", body, of_a_sitting).status_code == 403
    assert practice_by_login(session, "another", NOW) is None
    room.login.ended_at = NOW  # type: ignore[union-attr]
    session.commit()
    assert room.send("save", body).status_code == 401


@pytest.mark.parametrize("state", ["received", "rejected", "withdrawn", "ended"])
def test_only_the_eligible_practise(session: Session, browse: Callable[..., Browser], state: str) -> None:
    browser = browse(make_candidate(session, state).account)
    assert "Bắt đầu làm thử" not in browser.get("/exam/practice").text
    assert "Làm thử trong phòng thi" not in browser.get("/home").text
    assert browser.post("/exam/practice/start").status_code == 303
    assert session.scalar(select(func.count()).select_from(Practice)) == 0


def test_not_for_staff_nor_for_strangers(session: Session, browse: Callable[..., Browser]) -> None:
    staff = make_staff(session, "somebody")
    session.commit()
    for address in ("/exam/practice", "/exam/practice/answers", "/exam/practice/review", "/exam/practice/receipt"):
        assert browse(staff).get(address).status_code == 403
        assert browse().get(address).status_code == 303
    assert browse(staff).post("/exam/practice/start").status_code == 403


def test_it_ends_after_ten_minutes_or_when_the_own_session_starts(session: Session) -> None:
    world = make_world(session)
    account, other = world.candidates["001"], world.candidates["002"]
    run = practice.begin(session, account, NOW - 30 * MINUTE)
    assert run.deadline == NOW - 20 * MINUTE
    late = practice.begin(session, other, NOW - 4 * MINUTE)
    assert late.deadline == NOW  # the session starts
    assert practice.begin(session, other, NOW - 3 * MINUTE).id == late.id
    first, epoch = run.public_id, run.epoch
    again = practice.begin(session, account, NOW - 15 * MINUTE)
    assert (again.id, again.public_id != first, again.epoch) == (run.id, True, epoch + 1)
    with pytest.raises(Refused, match=r"rounds\.no_practice"):
        practice.begin(session, account, NOW)


def test_what_is_older_than_a_day_is_deleted_by_whoever_begins_next(session: Session) -> None:
    mine = make_candidate(session)
    other = make_application(session, mine.position, "Vũ Hoàng Nam", "eligible", "0131", account=True)
    assert mine.account is not None
    assert other.account is not None
    practice.begin(session, mine.account, NOW - timedelta(days=1))
    run = practice.begin(session, other.account, NOW)
    assert session.scalars(select(Practice.account_id)).all() == [other.account_id]
    assert answers_in(run).values() == {}
    practice.sweep(session, NOW + timedelta(days=1))
    assert session.scalars(select(Practice)).all() == []


def test_an_essay_where_the_exam_may_have_one(session: Session, browse: Callable[..., Browser]) -> None:
    browser = browse(make_candidate(session, **{"parts.general.kind": "mixed"}).account)
    browser.post("/exam/practice/start")
    assert "textarea" in browser.get("/exam/practice", headers={"Accept-Language": "en"}).text
