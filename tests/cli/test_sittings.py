"""`examsite close-due-sittings` and `examsite check-sittings`."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, update

from examsite.cli import group
from examsite.db import open_session
from examsite.notices.models import OutgoingMail
from examsite.notices.operations import Message, Recipient, tell
from examsite.rounds.models import ExamSession, Heartbeat, Sitting, SittingEvent, SittingMark
from tests.conftest import NOW
from tests.databases import Copy
from tests.rounds.world import make_world


@pytest.fixture
def run(own_database: Copy, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """`run("check-sittings")`: the command on a database with one sitting under way."""
    with open_session(own_database.engine) as session:
        make_world(session).start()
        session.commit()
    monkeypatch.setenv("DATABASE_URL", own_database.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("EXAMSITE_SECRET_KEY", "a key for tests that nobody else will ever use")
    return lambda *words: CliRunner().invoke(group, words)


@pytest.mark.parametrize(("heard", "minutes"), [(61 * 60, 61), (30 * 60, 121)])
def test_due_sittings_are_written_down_once(
    run: Callable[..., Result], own_database: Copy, at: Callable[[datetime], None], heard: int, minutes: int
) -> None:
    at(NOW)
    assert run("close-due-sittings").output == "Sittings written down as closed: 0\n"
    at(NOW + timedelta(minutes=61))  # by this machine's clock, which may have been set an hour too far
    assert run("close-due-sittings").output == "Sittings written down as closed: 0\n"
    with open_session(own_database.engine) as session:
        session.add(Heartbeat(bucket=1, at=NOW + timedelta(seconds=heard)))
        session.commit()
    at(NOW + timedelta(minutes=minutes))
    assert run("close-due-sittings").output == "Sittings written down as closed: 1\n"
    assert run("close-due-sittings").exit_code == 0
    with open_session(own_database.engine, read_only=True) as session:
        assert session.scalars(select(Sitting.state)).one() == "closed"


@pytest.mark.parametrize(("server", "left"), [("", ["week"]), ("mail.city.example", ["over", "week"])])
def test_mail_that_can_never_leave_is_forgotten_after_a_week(
    run: Callable[..., Result],
    own_database: Copy,
    at: Callable[[datetime], None],
    monkeypatch: pytest.MonkeyPatch,
    server: str,
    left: list[str],
) -> None:
    for name, value in (("HOST", server), ("FROM", "exam@city.example")):
        monkeypatch.setenv(f"EXAMSITE_MAIL_{name}", value)
    monkeypatch.setenv("EXAMSITE_PUBLIC_URL", "https://exam.city.example")
    with open_session(own_database.engine) as session:
        for name, age in (("over", timedelta(days=7, seconds=1)), ("week", timedelta(days=7))):
            tell(session, [Recipient(None, name)], Message("list_published"), NOW - age)
        session.add(Heartbeat(bucket=1, at=NOW))
        session.commit()
    at(NOW)
    assert run("close-due-sittings").exit_code == 0
    with open_session(own_database.engine, read_only=True) as session:
        assert sorted(session.scalars(select(OutgoingMail.address))) == left


def test_a_broken_sitting_is_named(run: Callable[..., Result], own_database: Copy) -> None:
    whole = run("check-sittings")
    assert (whole.exit_code, whole.output) == (0, "1 sittings with 1 events hold.\n")
    with open_session(own_database.engine) as session:
        session.execute(update(SittingEvent).values(epoch=7))
        session.commit()
    broken = run("check-sittings")
    assert broken.exit_code == 1
    assert "candidate 001, part general" in broken.output
    assert "event 0 is broken: what it says is not what was committed to" in broken.output


def test_marks_and_sessions_that_do_not_hold_are_named(
    run: Callable[..., Result], own_database: Copy, at: Callable[[datetime], None]
) -> None:
    at(NOW + timedelta(hours=3))
    with open_session(own_database.engine) as session:
        session.add(Heartbeat(bucket=1, at=NOW + timedelta(hours=2)))
        session.commit()
    run("close-due-sittings")
    assert run("check-sittings").exit_code == 0
    with open_session(own_database.engine) as session:
        session.execute(update(SittingMark).values(correct=4, blank=0))
        session.execute(update(ExamSession).values(state="closed"))
        session.commit()
    checked = run("check-sittings")
    assert checked.exit_code == 1
    assert "event 1 is broken: the marks that are stored are not what the answers come to by the key of the paper" in checked.output
    assert "session Ca 1: it stands closed and the log does not say so once" in checked.output


def test_help_says_what_cannot_be_found(run: Callable[..., Result]) -> None:
    assert "It cannot find" in run("check-sittings", "--help").output
