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
    assert isinstance(operations.sign_in(session, "hang", PASSWORD, "10.0.0.1", now), operations.TurnedAway)
    assert isinstance(operations.sign_in(session, "hang", PASSWORD, "10.0.0.1", later(seconds=61)), operations.SignedIn)


@pytest.mark.parametrize(
    ("kind", "failures", "wait"),
    [
        ("pair", 4, 0), ("pair", 5, 2), ("pair", 6, 4), ("pair", 7, 8), ("pair", 8, 16), ("pair", 9, 32), ("pair", 10, 60),
        ("pair", 1_000, 60),
        ("name", 20, 0), ("name", 21, 2), ("name", 22, 4), ("name", 23, 5), ("name", 1_000, 5),
        ("source", 300, 0), ("source", 301, 2), ("source", 302, 4), ("source", 303, 5), ("source", 5_000, 5),
    ],
)  # fmt: skip
def test_how_long_the_next_try_waits(session: Session, later: Callable[..., datetime], kind: str, failures: int, wait: int) -> None:
    keys = delays.keys_for("hang", "10.0.0.1")
    (key,) = (key for key in keys if key.startswith(f"{kind}:"))
    session.add(SignInDelay(key=key, failures=failures, last_failed_at=later()))
    session.flush()
    assert delays.seconds_to_wait(session, keys, later()) == wait
    assert delays.seconds_to_wait(session, keys, later(seconds=max(0, wait - 1))) == min(wait, 1)
    assert delays.seconds_to_wait(session, keys, later(seconds=wait)) == 0
    elsewhere, other = delays.keys_for("hang", "10.0.0.2"), delays.keys_for("lan", "10.0.0.1")
    assert delays.seconds_to_wait(session, elsewhere, later()) == (wait if kind == "name" else 0)
    assert delays.seconds_to_wait(session, other, later()) == (wait if kind == "source" else 0)


def test_a_stranger_who_keeps_failing_does_not_keep_the_owner_out(
    session: Session, later: Callable[..., datetime], officer: object
) -> None:
    """Half an hour of it, as often as it is looked at; at the worst moment the owner waits five seconds."""
    owner = delays.keys_for("hang", "10.0.0.1")
    looked_at, waits = 0, []
    for second in range(0, 1800, 5):
        stranger = delays.keys_for("hang", "10.0.0.66")
        if not delays.seconds_to_wait(session, stranger, later(seconds=second)):
            delays.add_failure(session, stranger, later(seconds=second))
            looked_at += 1
        waits.append(delays.seconds_to_wait(session, owner, later(seconds=second)))
    assert looked_at < 45
    assert max(waits) == 5
    assert waits.count(0) > len(waits) * 0.85
    assert isinstance(operations.sign_in(session, "hang", PASSWORD, "10.0.0.1", later(seconds=1805)), operations.SignedIn)


def test_failures_from_everywhere_leave_five_seconds(session: Session, later: Callable[..., datetime], officer: object) -> None:
    for source in range(60):
        delays.add_failure(session, delays.keys_for("hang", f"10.1.0.{source}"), later())
    assert isinstance(operations.sign_in(session, "hang", PASSWORD, "10.0.0.1", later(seconds=4)), operations.TurnedAway)
    assert isinstance(operations.sign_in(session, "hang", PASSWORD, "10.0.0.1", later(seconds=5)), operations.SignedIn)


def test_a_try_that_came_too_early_lengthens_nothing(session: Session, now: datetime, officer: object) -> None:
    for _ in range(50):
        operations.sign_in(session, "hang", "wrong", "10.0.0.1", now)
    assert {row.failures for row in session.scalars(select(SignInDelay))} == {5}


def failed(session: Session, source: str, failures: int, at: datetime) -> None:
    """So many failures in a row from one source, each under a name of its own."""
    session.merge(SignInDelay(key=delays.keys_for("", source)[2], failures=failures, last_failed_at=at))
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
    pair, nobody, source = delays.keys_for("nobody", "10.0.0.1")
    assert counts == {pair: 1, nobody: 1, source: 1, delays.keys_for("hang", "")[1]: 0}


def test_whoever_gets_in_takes_no_stranger_s_failures_away(session: Session, now: datetime, officer: object) -> None:
    for _ in range(2):
        operations.sign_in(session, "hang", "wrong", "10.0.0.66", now)
    operations.sign_in(session, "hang", "wrong", "10.0.0.1", now)
    assert isinstance(operations.sign_in(session, "hang", PASSWORD, "10.0.0.1", now), operations.SignedIn)
    counts = {row.key: row.failures for row in session.scalars(select(SignInDelay))}
    pair, name, source = delays.keys_for("hang", "10.0.0.66")
    assert counts == {pair: 2, name: 2, source: 2, delays.keys_for("", "10.0.0.1")[2]: 0}


def test_old_slips_take_nothing_off_what_counts_now(session: Session, later: Callable[..., datetime], officer: object) -> None:
    for _ in range(3):
        operations.sign_in(session, "hang", "wrong", "10.0.0.1", later())
    operations.sign_in(session, "nobody", "wrong", "10.0.0.1", later(minutes=16))
    assert isinstance(operations.sign_in(session, "hang", PASSWORD, "10.0.0.1", later(minutes=16)), operations.SignedIn)
    counts = {row.key: row.failures for row in session.scalars(select(SignInDelay))}
    assert counts[delays.keys_for("", "10.0.0.1")[2]] == 1


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


@pytest.mark.parametrize("address", ["//[", "https://[", "//elsewhere.example/", "/\\elsewhere.example"])
def test_what_is_no_address_of_ours_leads_home(browse: Callable[..., Browser], officer: object, address: str) -> None:
    browser = browse()
    sent = {"csrf_token": browser._form_token(), "sign_in_name": "hang", "password": PASSWORD}
    answer = browser.client.post("/sign-in", query_string={"next": address}, data=sent)
    assert (answer.status_code, answer.location) == (303, "/home")
    assert browse().post("/language/en", {"back": address}).status_code == 303
