"""`examsite import-units` and `examsite import-positions`: exit status, reasons on standard error, and what stands afterwards."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from examsite.audit.models import LogEntry
from examsite.campaigns.models import Position, Unit
from examsite.cli import group
from examsite.db import open_session
from tests import databases
from tests.campaigns.house import build
from tests.campaigns.list_file import listed

Run = Callable[..., Result]
UNITS = ({"Mã đơn vị": "SNV", "Tên đơn vị": "Sở Nội vụ"}, {"Mã đơn vị": "VP", "Tên đơn vị": "Văn phòng", "Thuộc đơn vị": "SNV"})
POSITION = {"Mã vị trí": "TP-01", "Tên chức danh": "Trưởng phòng", "Đơn vị": "SNV", "Cấp của chức danh": "Phòng", "Chỉ tiêu": "1"}
SPOKEN = {"Ngoại ngữ": "Tiếng Anh"}


@pytest.fixture
def run(own_database: databases.Copy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """`run(command, *options, rows=...)`: the command with a file of these rows, on a house with a draft called LA-2026-01."""
    with open_session(own_database.engine) as session:
        build(session)
        session.commit()
    monkeypatch.setenv("DATABASE_URL", own_database.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("EXAMSITE_SECRET_KEY", "a key for tests that nobody else will ever use")

    def command(name: str, *options: str, rows: tuple[Mapping[str, str], ...] = UNITS) -> Result:
        path = tmp_path / "list.xlsx"
        path.write_bytes(listed(*rows))
        campaign = ["LA-2026-01"] if name == "import-positions" else []
        return CliRunner().invoke(group, [name, *campaign, str(path), *options])

    return command


def stored(own_database: databases.Copy, table: type) -> int:
    with open_session(own_database.engine, read_only=True) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_units_then_positions(run: Run, own_database: databases.Copy) -> None:
    looked = run("import-units", "--dry-run")
    assert (looked.exit_code, stored(own_database, Unit)) == (0, 0)
    assert "Chạy thử" in looked.stdout
    taken = run("import-units")
    assert (taken.exit_code, stored(own_database, Unit)) == (0, 2)
    again = run("import-units", "--by", "hang")
    assert (again.exit_code, stored(own_database, Unit)) == (0, 2)
    position = run("import-positions", "--by", "hang", rows=(POSITION | SPOKEN,))
    assert (position.exit_code, stored(own_database, Position)) == (0, 1), position.output
    with open_session(own_database.engine, read_only=True) as session:
        actors = dict(session.execute(select(LogEntry.kind, LogEntry.actor_name).where(LogEntry.kind.like("campaigns:%:created"))).all())
    assert actors["campaigns:unit:created"] == "examsite"
    assert actors["campaigns:position:created"] == "Phạm Thu Hằng"


def test_errors_are_told_by_cell_and_nothing_is_taken_but_good_rows(run: Run, own_database: databases.Copy) -> None:
    run("import-units")
    wrong = POSITION | SPOKEN | {"Mã vị trí": "TP-02", "Đơn vị": "Không có"}
    for options in ((), ("--dry-run",)):
        refused = run("import-positions", "--by", "hang", *options, rows=(POSITION | SPOKEN, wrong))
        assert (refused.exit_code, stored(own_database, Position)) == (1, 0)
        assert "C3 (Đơn vị)" in refused.stderr
    assert run("import-positions", "--by", "hang", "--good-rows", rows=(POSITION | SPOKEN, wrong)).exit_code == 0
    assert stored(own_database, Position) == 1


def test_who_may_and_wrong_usage(run: Run, own_database: databases.Copy) -> None:
    for words, status in (
        (("import-units", "--by", "nobody"), 1),
        (("import-units", "--by", "author"), 1),
        (("import-positions", "--by", "author"), 1),
        (("import-positions", "--by", "outsider"), 1),
        (("import-positions",), 2),
        (("import-units", "--nonsense"), 2),
    ):
        result = run(*words)
        assert (result.exit_code, stored(own_database, Unit)) == (status, 0), words
        assert result.stderr, words
