"""Signing in and out."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts import operations
from examsite.accounts.models import LoginSession
from examsite.audit.models import LogEntry
from tests.client import Browser
from tests.factories import PASSWORD, make_staff


@pytest.fixture
def officer(session: Session) -> object:
    account = make_staff(session, "hang", "Phạm Thu Hằng", password=True)
    session.commit()
    return account


def test_right_password_opens_a_session_and_leaves_an_entry(session: Session, browse: Callable[..., Browser], officer: object) -> None:
    answer = browse().post("/sign-in", {"sign_in_name": "HANG", "password": PASSWORD})
    assert answer.status_code == 303
    assert session.scalars(select(LoginSession)).one().ended_at is None
    assert "accounts:session:opened" in session.scalars(select(LogEntry.kind)).all()


def test_wrong_password_and_unknown_name_read_the_same(browse: Callable[..., Browser], officer: object) -> None:
    wrong = browse().post("/sign-in", {"sign_in_name": "hang", "password": "not this one"})
    unknown = browse().post("/sign-in", {"sign_in_name": "nobody", "password": "not this one"})
    assert wrong.status_code == unknown.status_code == 422
    sentence = "Tên đăng nhập hoặc mật khẩu không đúng"
    assert sentence in wrong.text
    assert sentence in unknown.text


def test_failures_in_a_row_make_the_next_try_wait_and_then_it_goes_on(
    session: Session, now: datetime, later: Callable[..., datetime], officer: object
) -> None:
    for _ in range(5):
        operations.sign_in(session, "hang", "wrong", "10.0.0.1", now)
    assert isinstance(operations.sign_in(session, "hang", PASSWORD, "10.0.0.2", now), operations.TurnedAway)
    assert isinstance(operations.sign_in(session, "hang", PASSWORD, "10.0.0.2", later(seconds=61)), operations.SignedIn)


def test_sign_out_ends_the_session_on_the_server(session: Session, browse: Callable[..., Browser], officer: object) -> None:
    browser = browse(officer)
    assert browser.get("/password").status_code == 200
    browser.post("/sign-out")
    assert session.scalars(select(LoginSession)).one().ended_at is not None
    assert browse(None).get("/password").status_code == 303


def test_a_form_without_its_token_is_refused(browse: Callable[..., Browser], officer: object) -> None:
    answer = browse(officer).client.post("/sign-out", headers={"Accept-Language": "en"})
    assert answer.status_code == 400
    assert "reload the page" in answer.text
