"""One head, and what the migrations build is what the models say, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from examsite.db import Base
from examsite.migrate import configuration, is_current
from tests.databases import Copy


def test_there_is_one_head(own_database: Copy) -> None:
    assert len(ScriptDirectory.from_config(configuration(own_database.engine)).get_heads()) == 1
    assert is_current(own_database.engine)


def test_models_and_schema_agree(connection: Connection) -> None:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    assert compare_metadata(context, Base.metadata) == []
