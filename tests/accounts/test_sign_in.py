"""Signing in and out."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts import delays, operations
from examsite.accounts.models import LoginSession, SignInDelay
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


def failed(session: Session, source: str, failures: int, at: datetime) -> None:
    """So many failures in a row from one source, each under a name of its own."""
    session.merge(SignInDelay(key=delays.keys_for("", source)[1], failures=failures, last_failed_at=at))
    session.flush()


def one_more(session: Session, source: str, at: datetime, name: str = "sbd-1") -> int:
    return delays.add_failure(session, delays.keys_for(name, source), at)


def test_failures_of_a_source_are_forgotten_after_a_quiet_while(session: Session, later: Callable[..., datetime]) -> None:
    failed(session, "10.0.0.1", 5_000, later())
    keys = delays.keys_for("hang", "10.0.0.1")
    assert [delays.seconds_to_wait(session, keys, later(seconds=second)) for second in (0, 5, 15 * 60 + 1)] == [5, 0, 0]
    assert one_more(session, "10.0.0.1", later(minutes=15)) == 5
    assert one_more(session, "10.0.0.1", later(minutes=30, seconds=1)) == 0


def test_a_full_room_behind_one_address_is_not_held_out_and_guessing_is_slowed(session: Session, later: Callable[..., datetime]) -> None:
    failed(session, "10.0.0.1", 60 * 4 - 1, later())
    assert one_more(session, "10.0.0.1", later()) == 0
    failed(session, "10.0.0.1", 300, later())
    assert [one_more(session, "10.0.0.1", later(), f"guess-{name}") for name in range(3)] == [2, 4, 5]
    assert delays.seconds_to_wait(session, delays.keys_for("hang", "10.0.0.2"), later()) == 0


def test_whoever_gets_in_takes_their_own_slips_off_the_source(session: Session, now: datetime, officer: object) -> None:
    for _ in range(3):
        operations.sign_in(session, "hang", "wrong", "10.0.0.1", now)
    operations.sign_in(session, "nobody", "wrong", "10.0.0.1", now)
    assert isinstance(operations.sign_in(session, "hang", PASSWORD, "10.0.0.1", now), operations.SignedIn)
    counts = {row.key: row.failures for row in session.scalars(select(SignInDelay))}
    nobody, source = delays.keys_for("nobody", "10.0.0.1")
    assert counts == {nobody: 1, source: 1}


def test_the_old_password_is_not_guessed_on_the_page_that_changes_it(
    session: Session, browse: Callable[..., Browser], at: Callable[[datetime], None], later: Callable[..., datetime], officer: object
) -> None:
    browser, new = browse(officer), "another morning by the lake"
    typed = {"password": new, "again": new}
    told = [browser.post("/password", typed | {"old_password": "wrong"}).text for _ in range(5)]
    assert "Mật khẩu không đúng. Hãy nhập lại." in told[3]
    assert "Mật khẩu không đúng. Anh/chị có thể thử lại sau 2 giây." in told[4]
    assert session.scalars(select(LogEntry.kind)).all().count("accounts:session:refused") == 5
    assert browser.post("/password", typed | {"old_password": PASSWORD}).status_code == 422
    at(later(seconds=61))
    short = browser.post("/password", {"old_password": PASSWORD, "password": "short", "again": "short"})
    assert (short.status_code, "ít nhất 15" in short.text) == (422, True)
    assert browser.post("/password", typed | {"old_password": PASSWORD}).status_code == 303
    session.expire_all()
    assert isinstance(operations.sign_in(session, "hang", new, "10.0.0.1", later(seconds=61)), operations.SignedIn)


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
