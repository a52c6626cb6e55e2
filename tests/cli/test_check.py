"""`examsite check`: each line says how it stands and what to do; status 1 when something failed."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text, update

from examsite import clock
from examsite.accounts import operations
from examsite.audit.models import LogEntry
from examsite.cli import group
from examsite.cli.checks import FAILED, OK, WARNING, Check, Deployment, Finding, machine, settings
from examsite.cli.checks import database as of_database
from examsite.config import Settings
from examsite.db import make_engine, open_session
from examsite.desk.site_state import LITTLE, TOO_LITTLE
from tests.databases import Copy

KEY = "n0t-a-row-of-the-same-letters-but-a-key-for-tests"


@pytest.fixture
def run(own_database: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """`run(EXAMSITE_DEMO="1")`: the command on a deployment as it should be, but for what is given."""
    secret = tmp_path / "secret"
    secret.write_text(KEY)
    secret.chmod(0o600)
    good = {
        "DATABASE_URL": own_database.engine.url.render_as_string(hide_password=False),
        "EXAMSITE_SECRET_KEY_FILE": str(secret),
        "EXAMSITE_SECURE_COOKIES": "1",
        "EXAMSITE_TRUSTED_PROXIES": "1",
        "EXAMSITE_ORGANISATION": "Thành phố Lạc An",
        "EXAMSITE_WORKERS": "2",
    }
    return lambda **changed: CliRunner(env=good | changed).invoke(group, ["check"])


def about(result: Result, subject: str) -> str:
    """How the first line about a subject stands."""
    return next(line.split()[0] for line in result.stdout.splitlines() if line[9:].startswith(subject))


def test_a_good_deployment_and_then_one_with_faults(run: Callable[..., Result], own_database: Copy, backend: str) -> None:
    with open_session(own_database.engine) as session:
        operations.create_first_administrator(session, "admin@city.example", "Đỗ Quốc Trung", clock.now())
        session.commit()
    good = run()
    for subject in ("secret key", "secret files", "https", "proxy", "demonstration", "names", "files", "database", "schema", "clock"):
        assert about(good, subject) == OK, good.stdout
    assert about(good, "administrator") == OK
    assert "house: 1 entries, head " in good.stdout
    # The server of the tests is set to forget at a crash, which this must find; a file is as safe as its disk.
    assert about(good, "durability") == (FAILED if backend == "postgresql" else OK)
    with own_database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE campaign RENAME COLUMN title TO of_old"))
    older = run()
    assert about(older, "schema") == FAILED
    assert "lacks campaign.title\n" in older.stdout
    with own_database.engine.begin() as connection:
        connection.execute(update(LogEntry).values(head=b"\0" * 32))
        connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    bad = run(EXAMSITE_DEMO="1", EXAMSITE_SECURE_COOKIES="0", EXAMSITE_ORGANISATION="", EXAMSITE_TRUSTED_PROXIES="0")
    assert bad.exit_code == 1
    for subject, level in {
        "demonstration": FAILED,
        "https": FAILED,
        "schema": FAILED,
        "log": FAILED,
        "proxy": WARNING,
        "names": WARNING,
    }.items():
        assert about(bad, subject) == level
    assert "examsite db upgrade" in bad.stdout
    assert "Quốc Trung" not in bad.stdout


def test_settings_that_cannot_be_read_are_the_only_line(run: Callable[..., Result], tmp_path: Path) -> None:
    short = tmp_path / "short"
    short.write_text("short")
    told = run(EXAMSITE_SECRET_KEY_FILE=str(short))
    assert told.exit_code == 1
    assert told.stdout.splitlines()[-1] == "1 checks, 1 failed, 0 with a warning."
    assert "at least 32 characters" in told.stdout


def test_a_database_that_does_not_answer_is_one_failure(run: Callable[..., Result]) -> None:
    told = run(DATABASE_URL="postgresql://examsite:hidden-word@127.0.0.1:1/examsite?connect_timeout=1")
    assert (told.exit_code, about(told, "database")) == (1, FAILED)
    assert "hidden-word" not in told.stdout


@pytest.fixture
def deployment(settings: Settings) -> Iterator[Deployment]:
    engine = make_engine("sqlite:///nowhere.db")
    yield Deployment(settings, {}, engine)
    engine.dispose()


def levels(check: Check, deployment: Deployment) -> list[str]:
    return [finding.level for finding in check(deployment)]


@pytest.mark.parametrize(
    ("changed", "check", "expected"),
    [
        ({"secret_key": "abcabcabc" * 10}, settings.secret, [FAILED]),
        ({"secret_key": KEY}, settings.secret, [WARNING]),
        ({"demo": True}, settings.demonstration, [FAILED]),
        ({"secure_cookies": True, "trusted_proxies": 2}, settings.https, [OK, WARNING]),
    ],
)
def test_settings_one_by_one(deployment: Deployment, changed: dict[str, Any], check: Check, expected: list[str]) -> None:
    assert levels(check, replace(deployment, settings=replace(deployment.settings, **changed))) == expected


@pytest.mark.parametrize(("mode", "level"), [(0o600, OK), (0o400, OK), (0o604, WARNING), (0o660, WARNING)])
def test_a_secret_that_others_may_read_is_told(deployment: Deployment, tmp_path: Path, mode: int, level: str) -> None:
    (tmp_path / "key").touch()
    (tmp_path / "key").chmod(mode)
    assert levels(settings.secret_files, replace(deployment, environment={"EXAMSITE_SECRET_KEY_FILE": str(tmp_path / "key")})) == [level]


@pytest.mark.parametrize(("free", "level"), [(TOO_LITTLE - 1, FAILED), (LITTLE - 1, WARNING), (LITTLE, OK)])
def test_free_disk(deployment: Deployment, monkeypatch: pytest.MonkeyPatch, free: int, level: str) -> None:
    class Usage:
        def __init__(self) -> None:
            self.free = free

    monkeypatch.setattr(shutil, "disk_usage", lambda _place: Usage())
    assert set(levels(machine.free_disk, deployment)) == {level}


@pytest.mark.parametrize(
    ("path", "level"),
    [("/srv/site.db", OK), ("/mnt/share/site.db", FAILED), ("/mnt/share/of a city/site.db", OK), ("/dev/shm/site.db", FAILED)],
)
def test_a_file_belongs_on_a_disk_of_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, level: str) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "/dev/a / ext4 rw 0 0\nhost:/x /mnt/share nfs4 rw 0 0\n/dev/b /mnt/share/of\\040a\\040city xfs rw 0 0\n"
        "tmpfs /dev/shm tmpfs rw 0 0\n"
    )
    monkeypatch.setattr(of_database, "MOUNTS", mounts)
    finding: Finding = of_database._disk_of(Path(path))
    assert finding.level == level


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ({}, OK),
        ({"log_error_verbosity": "default"}, WARNING),
        ({"log_statement": "all"}, OK),
        ({"log_statement": "all", "log_parameter_max_length": "-1"}, WARNING),
        ({"log_min_duration_statement": "200", "log_parameter_max_length": "64"}, WARNING),
    ],
)
def test_a_server_that_writes_values_into_its_log_is_told(said: dict[str, str], level: str) -> None:
    usual = {"log_error_verbosity": "terse", "log_statement": "none", "log_min_duration_statement": "-1", "log_parameter_max_length": "0"}
    assert of_database._server_log(usual | said).level == level


@pytest.mark.parametrize(("most", "level"), [("100", OK), ("60", FAILED)])
def test_workers_need_their_connections(monkeypatch: pytest.MonkeyPatch, most: str, level: str) -> None:
    monkeypatch.setenv("EXAMSITE_WORKERS", "2")
    assert of_database._places({"max_connections": most, "superuser_reserved_connections": "3"}).level == level
