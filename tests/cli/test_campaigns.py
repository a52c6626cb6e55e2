"""`examsite campaigns`: the short codes, one a line."""

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from examsite.cli import group
from examsite.db import open_session
from tests.databases import Copy
from tests.factories import make_campaign

NO_LOCALE = dict.fromkeys(("LC_ALL", "LC_MESSAGES", "LANG"))


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


@pytest.mark.parametrize(
    ("locale", "stage", "older"),
    [
        ({"LANG": "vi_VN.UTF-8"}, "Công bố", "Cơ sở dữ liệu chưa ở lược đồ mới nhất."),
        ({"LANG": "en_GB.UTF-8"}, "Announced", "The database is not at the newest schema."),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "vi_VN.UTF-8"}, "Công bố", "Cơ sở dữ liệu chưa ở lược đồ mới nhất."),
        ({"LANG": "C.UTF-8"}, "Công bố", "Cơ sở dữ liệu chưa ở lược đồ mới nhất."),
    ],
)
def test_it_speaks_one_language_by_the_locale(
    own_database: Copy, runner: CliRunner, locale: dict[str, str], stage: str, older: str
) -> None:
    with open_session(own_database.engine) as session:
        make_campaign(session, stage="announced")
        session.commit()
        spoken = NO_LOCALE | locale
        assert f"({stage})\n" in runner.invoke(group, ["campaigns"], env=spoken).output
        session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
        session.commit()
    refused = runner.invoke(group, ["campaigns"], env=spoken)
    assert (refused.exit_code, refused.output.startswith(older)) == (1, True)


def test_none_yet_prints_nothing(runner: CliRunner) -> None:
    result = runner.invoke(group, ["campaigns"])
    assert (result.exit_code, result.output) == (0, "")
