"""A database with something of everything in it, and the command on any database."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from examsite.backup import archive, writing
from examsite.cli import group
from examsite.db import open_session
from examsite.questions.models import Item
from tests import databases
from tests.conftest import NOW
from tests.factories import make_image, make_unit
from tests.rounds.world import make_world

Run = Callable[..., Result]


def unheard(_rows: int) -> archive.Progress:
    """For who does not look at the progress."""
    return lambda _done: None


@pytest.fixture(scope="package")
def filled(template: databases.Sqlite | databases.Postgresql) -> Iterator[databases.Copy]:
    """A sitting under way, a picture, text of every kind, and a unit that lies under one of a higher number. Nobody writes into it."""
    copy = template.copy()
    with open_session(copy.engine) as session:
        make_world(session).start()
        low, high = make_unit(session, "A", "Sở Nội vụ “𝔄” \\ \u2028 \u0001"), make_unit(session, "B", "Văn phòng\nhai dòng")
        low.parent_id = high.id
        make_image(session, session.scalars(select(Item).limit(1)).one(), bytes(range(256)))
        session.commit()
    yield copy
    template.drop(copy)


@pytest.fixture(scope="package")
def saved(filled: databases.Copy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of it."""
    target = tmp_path_factory.mktemp("backup") / "saved"
    writing.write(filled.engine, target, NOW, unheard)
    return target


@pytest.fixture
def empty(template: databases.Sqlite | databases.Postgresql) -> Iterator[databases.Copy]:
    """A second database, migrated and empty."""
    copy = template.copy()
    yield copy
    template.drop(copy)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run(url, "backup", ...)`: the command on that database."""
    monkeypatch.setenv("EXAMSITE_SECRET_KEY", "a key for tests that nobody else will ever use")

    def invoke(url: str, *words: str) -> Result:
        monkeypatch.setenv("DATABASE_URL", url)
        return CliRunner().invoke(group, list(words))

    return invoke
