"""Bring a database to the newest schema, with the migrations that ship beside the package."""

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from examsite.config import asset


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


@cache
def newest_revision() -> str | None:
    """The newest migration that ships with this examsite."""
    return scripts().get_current_head()


def scripts() -> ScriptDirectory:
    """All migrations that ship with this examsite."""
    return ScriptDirectory(str(asset("migrations")))
