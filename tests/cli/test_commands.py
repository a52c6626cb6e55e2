"""The operator's command: what it prints, and the exit codes that scripts trust."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, update

from examsite import clock
from examsite.accounts.models import ADMINISTRATOR, Account
from examsite.accounts.operations import activate
from examsite.audit.models import LogEntry
from examsite.cli import group
from examsite.config import SettingError
from examsite.db import open_session
from tests import databases

Run = Callable[..., Result]


@pytest.fixture
def run(own_database: databases.Copy, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("DATABASE_URL", own_database.url)
    monkeypatch.setenv("EXAMSITE_SECRET_KEY", "a key for tests that nobody else will ever use")

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(group, list(words))

    return invoke


def test_help_names_every_command(run: Run) -> None:
    shown = run("--help").output
    for name in (
        "backup",
        "campaigns",
        "check",
        "check-log",
        "check-sittings",
        "close-due-sittings",
        "create-admin",
        "db",
        "import-candidates",
        "import-positions",
        "import-questions",
        "import-units",
        "restore",
        "send-mail",
        "serve",
    ):
        assert name in shown


@pytest.mark.parametrize("words", [("no-such-command",), ("create-admin",), ("import-candidates", "LA-2026-01")])
def test_wrong_usage_is_status_2(run: Run, words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2


def test_the_first_administrator_chooses_a_password_with_the_code(run: Run, own_database: databases.Copy) -> None:
    made = run("create-admin", "admin@city.example", "--name", "Đỗ Quốc Trung")
    assert made.exit_code == 0
    code = made.output.split("Activation code: ")[1].strip()
    with open_session(own_database.engine) as session:
        account = activate(session, code, "a quiet morning by the lake", clock.now())
        assert account.house_role == ADMINISTRATOR
        session.commit()
    again = run("create-admin", "ADMIN@city.example", "--name", "Somebody Else")
    assert (again.exit_code, again.output) == (1, "The sign-in name admin@city.example is taken. Choose another one.\n")


def test_check_log_names_the_entry_that_was_edited(run: Run, own_database: databases.Copy) -> None:
    run("create-admin", "one@city.example", "--name", "One")
    run("create-admin", "two@city.example", "--name", "Two")
    assert run("check-log").exit_code == 0
    with open_session(own_database.engine) as session:
        session.execute(update(LogEntry).where(LogEntry.number == 2).values(actor_name="Nobody"))
        session.commit()
        assert session.scalars(select(Account)).all()
    checked = run("check-log")
    assert checked.exit_code == 1
    assert "house: entry 2 is broken" in checked.output


def test_check_log_finds_a_head_that_was_noted_earlier(run: Run) -> None:
    run("create-admin", "one@city.example", "--name", "One")
    noted = run("check-log").output.split("head ")[1][:64]
    run("create-admin", "two@city.example", "--name", "Two")
    found = run("check-log", "--head", f"{noted[:6].upper()}-{noted[6:20]}")
    assert found.exit_code == 0
    assert f"The head {noted} stands in house after entry 2 of " in found.output
    rewritten = run("check-log", "--head", "0" * 12)
    assert rewritten.exit_code == 1
    assert "stands in no chain" in rewritten.output
    for wrong in (noted[:11], "not a head at all", noted + "0"):
        assert run("check-log", "--head", wrong).exit_code == 2


def test_a_head_behind_a_broken_entry_says_nothing(run: Run, own_database: databases.Copy) -> None:
    for name in ("one", "two", "three"):
        run("create-admin", f"{name}@city.example", "--name", name)
    noted = run("check-log").output.split("head ")[1][:64]
    with open_session(own_database.engine) as session:
        session.execute(update(LogEntry).where(LogEntry.number == 2).values(content=None, salt=None, actor_name="Nobody"))
        session.commit()
    checked = run("check-log", "--head", noted)
    assert checked.exit_code == 1
    assert "house: entry 2 is broken: what it says was taken out of it" in checked.output
    assert "its head says nothing" in checked.output


def test_check_log_says_what_it_cannot_find(run: Run) -> None:
    shown = run("check-log", "--help").output
    assert "It cannot find" in shown


def test_an_upgrade_can_be_repeated(run: Run) -> None:
    assert run("db", "upgrade").exit_code == 0
    assert run("db", "upgrade").exit_code == 0


def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    answer = CliRunner().invoke(group, ["check-log"])
    assert isinstance(answer.exception, SettingError)
    assert "DATABASE_URL" in str(answer.exception)


def test_without_a_mail_server_nothing_is_sent_and_it_says_so(run: Run) -> None:
    refused = run("send-mail")
    assert refused.exit_code == 1
    assert "EXAMSITE_MAIL_HOST" in refused.output
