"""`examsite campaigns`: the short codes, one a line."""

import pytest
from click.testing import CliRunner

from examsite.cli import group
from examsite.db import open_session
from tests.databases import Copy
from tests.factories import make_campaign


@pytest.fixture
def runner(own_database: Copy) -> CliRunner:
    return CliRunner(env={"DATABASE_URL": own_database.url, "EXAMSITE_SECRET_KEY": "a key for tests that nobody else will ever use"})


def test_code_first_then_title_and_stage(own_database: Copy, runner: CliRunner) -> None:
    with open_session(own_database.engine) as session:
        make_campaign(session, code="LA-2026-01", stage="announced")
        make_campaign(session, code="LA-2026-02")
        session.commit()
    result = runner.invoke(group, ["campaigns"])
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.output.splitlines()] == ["LA-2026-02", "LA-2026-01"]
    assert result.output.splitlines()[1] == "LA-2026-01  Campaign LA-2026-01  (Công bố)"


def test_none_yet_prints_nothing(runner: CliRunner) -> None:
    result = runner.invoke(group, ["campaigns"])
    assert (result.exit_code, result.output) == (0, "")
