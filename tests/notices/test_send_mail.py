"""Mail leaves once, in the reader's language; what fails is tried again after growing pauses, then given up and shown."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from smtplib import (
    SMTPConnectError,
    SMTPException,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.cli.mail import send_due
from examsite.config import SettingError, read_settings
from examsite.db import open_session
from examsite.notices import queue
from examsite.notices.models import OutgoingMail
from examsite.notices.operations import Message, Recipient, tell
from examsite.notices.smtp import fault_of
from tests.client import Browser
from tests.conftest import NOW
from tests.databases import Copy
from tests.factories import make_staff
from tests.notices.sink import Sink, listening

PUBLISHED = Message(
    "list_published", {"list": "list.round1", "campaign": "Đợt 1 năm 2026"}, "results.public_list", {"publication_id": "abc"}
)
MAIL = {
    "DATABASE_URL": "sqlite:///x.db",
    "EXAMSITE_SECRET_KEY": "k" * 40,
    "EXAMSITE_MAIL_HOST": "mail.city.example",
    "EXAMSITE_MAIL_FROM": "exam@city.example",
    "EXAMSITE_PUBLIC_URL": "https://exam.city.example/",
}


@pytest.fixture(scope="module")
def sink() -> Iterator[Sink]:
    with listening() as found:
        yield found


@pytest.fixture
def server(sink: Sink) -> Sink:
    """The server of the module, with nothing in it and no moods."""
    sink.letters.clear()
    sink.replies.clear()
    sink.hang_up = False
    return sink


@pytest.fixture
def send(one_app: Flask, own_database: Copy, server: Sink, at: Callable[[datetime], None]) -> Callable[..., tuple[int, int]]:
    """`send(minutes=5)`: one round of the sender that much after the fixed moment."""

    def round_at(**later: int) -> tuple[int, int]:
        at(NOW + timedelta(**later))
        return send_due(one_app, own_database.engine, server.settings)

    return round_at


def wait_for(own_database: Copy, *recipients: Recipient) -> None:
    with open_session(own_database.engine) as session:
        tell(session, recipients, PUBLISHED, NOW)
        session.commit()


def only(own_database: Copy) -> OutgoingMail:
    with open_session(own_database.engine, read_only=True) as session:
        return session.scalars(select(OutgoingMail)).one()


def test_each_gets_one_letter_in_their_language(own_database: Copy, server: Sink, send: Callable[..., tuple[int, int]]) -> None:
    an, ben = Recipient(None, "an@city.example"), Recipient(None, "ben@city.example", "en")
    wait_for(own_database, an, ben, an, Recipient(None, ""))
    assert send() == (2, 0)
    assert send(hours=1) == (0, 0)
    first, second = sorted(server.letters, key=lambda letter: letter["To"])
    assert (first["To"], second["To"]) == ("an@city.example", "ben@city.example")
    assert first["From"] == "Thi tuyển <exam@city.example>"
    assert "đã được công bố" in first["Subject"]
    assert "the list is published" in second.get_content()
    assert "https://exam.city.example/lists/abc" in first.get_content()
    assert first["Message-ID"] != second["Message-ID"]


def test_growing_pauses_then_it_is_given_up(own_database: Copy, server: Sink, send: Callable[..., tuple[int, int]]) -> None:
    wait_for(own_database, Recipient(None, "full@city.example"))
    server.replies["full@city.example"] = "452 full"
    minutes = 0
    for pause in queue.PAUSES:
        assert send(minutes=minutes) == (0, 1)
        minutes += int(pause.total_seconds() // 60)
        assert send(minutes=minutes - 1) == (0, 0)
        assert only(own_database).state == "queued"
    assert send(minutes=minutes) == (0, 1)
    given_up = only(own_database)
    assert (given_up.state, given_up.tries, given_up.last_error) == ("failed", 7, "SMTPRecipientsRefused 452")
    assert send(days=9) == (0, 0)


def test_what_can_never_leave_is_given_up_at_once(own_database: Copy, server: Sink, send: Callable[..., tuple[int, int]]) -> None:
    server.replies["nobody@city.example"] = "550 no such user an@city.example"
    wait_for(own_database, Recipient(None, "nobody@city.example"), Recipient(None, "two\nlines@city.example"))
    assert send() == (0, 2)
    with open_session(own_database.engine, read_only=True) as session:
        found = {mail.state: mail.last_error for mail in session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))}
    assert found == {"failed": "ValueError"}
    assert not server.letters


def test_what_waited_for_more_than_a_week_is_news_no_more(own_database: Copy, server: Sink, send: Callable[..., tuple[int, int]]) -> None:
    wait_for(own_database, Recipient(None, "an@city.example"))
    assert send(days=7, seconds=1) == (0, 1), "whoever runs the command is told that some mail was given up"
    assert (only(own_database).state, only(own_database).last_error) == ("failed", "too old")
    assert not server.letters


def test_a_server_that_hangs_up_costs_one_mail_one_try(own_database: Copy, server: Sink, send: Callable[..., tuple[int, int]]) -> None:
    wait_for(own_database, Recipient(None, "an@city.example"), Recipient(None, "ben@city.example"))
    server.hang_up = True
    assert send() == (0, 1)
    server.hang_up = False
    assert send(minutes=2) == (2, 0)


def test_an_address_that_the_server_cannot_write_stops_nobody_elses_letter(
    own_database: Copy, server: Sink, send: Callable[..., tuple[int, int]]
) -> None:
    wait_for(own_database, Recipient(None, "đỗ@city.example"), Recipient(None, "ben@city.example"))
    assert send() == (1, 1)
    assert [letter["To"] for letter in server.letters] == ["ben@city.example"]
    with open_session(own_database.engine, read_only=True) as session:
        found = {mail.state: mail.last_error for mail in session.scalars(select(OutgoingMail))}
    assert found == {"failed": "SMTPNotSupportedError", "sent": ""}


@pytest.mark.parametrize(
    ("error", "gone"),
    [
        (SMTPServerDisconnected("closed"), True),
        (ConnectionResetError(), True),
        (TimeoutError(), True),
        (SMTPConnectError(554, "no"), True),
        (SMTPHeloError(501, "no"), True),
        (SMTPSenderRefused(421, b"closing", "exam@city.example"), True),
        (SMTPRecipientsRefused({"an@city.example": (421, b"closing")}), True),
        (SMTPSenderRefused(451, b"later", "exam@city.example"), False),
        (SMTPRecipientsRefused({"an@city.example": (550, b"unknown")}), False),
        (SMTPNotSupportedError("no SMTPUTF8"), False),
        (SMTPException("odd"), False),
        (ValueError(), False),
    ],
)
def test_only_a_lost_connection_ends_a_run(error: Exception, gone: bool) -> None:
    assert fault_of(error).server_gone is gone


def test_a_server_that_is_away_costs_nothing(own_database: Copy, one_app: Flask, at: Callable[[datetime], None]) -> None:
    wait_for(own_database, Recipient(None, "an@city.example"))
    at(NOW)
    away = Sink(port=1).settings
    assert send_due(one_app, own_database.engine, away) == (0, 1)
    assert (only(own_database).state, only(own_database).tries) == ("queued", 0)


def test_two_senders_never_take_the_same_mail_and_a_dead_one_gives_it_back(own_database: Copy) -> None:
    wait_for(own_database, Recipient(None, "an@city.example"))
    with open_session(own_database.engine) as one:
        first = queue.claim(one, NOW)
        one.commit()
    assert first is not None
    with open_session(own_database.engine) as two:
        assert queue.claim(two, NOW + queue.CLAIM_LASTS - timedelta(seconds=1)) is None
        again = queue.claim(two, NOW + queue.CLAIM_LASTS)
        two.commit()
    assert again is not None
    with open_session(own_database.engine) as late:
        queue.failed(late, first, "late", NOW, for_good=True)
        late.commit()
    assert (only(own_database).state, only(own_database).tries) == ("sending", 2)


def test_the_administrator_sees_what_was_given_up_and_tries_again(session: Session, browse: Callable[..., Browser]) -> None:
    tell(session, [Recipient(None, "an@city.example")], PUBLISHED, NOW)
    mail = session.scalars(select(OutgoingMail)).one()
    mail.state, mail.tries, mail.last_error = "failed", 7, "SMTPRecipientsRefused 550"
    administrator, officer = make_staff(session, "admin", house_role="administrator"), make_staff(session, "hr", house_role="hr_officer")
    session.commit()
    assert browse(officer).get("/mail").status_code == 403
    assert browse(officer).post(f"/mail/{mail.public_id}/again").status_code == 403
    browser = browse(administrator)
    assert "SMTPRecipientsRefused 550" in browser.get("/mail").text
    assert browser.post(f"/mail/{mail.public_id}/again").status_code == 303
    assert browser.post(f"/mail/{mail.public_id}/again").status_code == 409
    session.refresh(mail)
    assert (mail.state, mail.tries) == ("queued", 0)


def test_without_a_mail_server_nobody_is_told_to_mend_it(
    session: Session, one_app: Flask, browse: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(session, [Recipient(None, "an@city.example")], PUBLISHED, NOW - timedelta(days=2))
    browser = browse(make_staff(session, "admin", house_role="administrator"))
    task, sentence = "Thư không gửi đi được", "chưa có máy chủ thư"
    assert task not in browser.get("/home").text
    assert sentence in browser.get("/mail").text
    monkeypatch.setitem(one_app.config, "SENDS_MAIL", True)
    assert task in browser.get("/home").text
    assert sentence not in browser.get("/mail").text


def test_settings_of_mail(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("s3cret\n")
    found = read_settings(MAIL | {"EXAMSITE_MAIL_PASSWORD_FILE": str(secret)}).mail
    assert found is not None
    assert (found.port, found.security, found.password, found.public_url) == (587, "starttls", "s3cret", "https://exam.city.example")
    assert read_settings(MAIL | {"EXAMSITE_DEMO": "1"}).mail is None
    assert read_settings(MAIL | {"EXAMSITE_DEMO": "1", "EXAMSITE_MAIL_IN_DEMONSTRATION": "1"}).mail is not None
    assert read_settings(MAIL | {"EXAMSITE_MAIL_HOST": ""}).mail is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EXAMSITE_MAIL_SECURITY", "ssl"),
        ("EXAMSITE_MAIL_FROM", ""),
        ("EXAMSITE_PUBLIC_URL", "exam.city.example"),
        ("EXAMSITE_MAIL_PORT", "smtp"),
        ("EXAMSITE_MAIL_PASSWORD_FILE", "/no/such/file"),
    ],
)
def test_nonsense_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name):
        read_settings(MAIL | {name: value})
