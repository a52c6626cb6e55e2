"""Bring a database to the newest schema, with the migrations that ship beside the package."""

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from examsite.config import asset
from examsite.db import Base


def configuration(engine: Engine) -> Config:
    """Alembic's configuration for one engine; no ini file is needed."""
    config = Config()
    config.set_main_option("script_location", str(asset("migrations")))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Apply every migration that is still missing, up to `revision`."""
    command.upgrade(configuration(engine), revision)


def is_current(engine: Engine) -> bool:
    """Whether the database stands at the newest migration."""
    with engine.connect() as connection:
        return revision_of(connection) == newest_revision()


def revision_of(connection: Connection) -> str | None:
    """The migration that a database stands at; None where there is no schema."""
    return MigrationContext.configure(connection).get_current_revision()


def lacking(connection: Connection) -> list[str]:
    """The tables, and columns as `table.column`, that this examsite works with and the database does not have.

    A database can be called newest and lack some: one that was made by hand, or by a build from before a release.
    """
    columns = inspect(connection).get_multi_columns()
    there = {name: {column["name"] for column in found} for (_schema, name), found in columns.items()}
    tables = Base.metadata.sorted_tables
    columns_of = ((table, column) for table in tables if table.name in there for column in table.columns)
    return [table.name for table in tables if table.name not in there] + [
        str(column) for table, column in columns_of if column.name not in there[table.name]
    ]


@cache
def newest_revision() -> str | None:
    """The newest migration that ships with this examsite."""
    return scripts().get_current_head()


def scripts() -> ScriptDirectory:
    """All migrations that ship with this examsite."""
    return ScriptDirectory(str(asset("migrations")))
