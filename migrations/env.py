"""Run migrations on the engine that examsite/migrate.py hands over.

SQLite cannot alter a table in place: Alembic copies it, and copying a parent table while foreign keys are on deletes its children in
silence. So they are switched off here, and checked before the commit.
"""

from importlib import import_module

from alembic import context
from sqlalchemy import Engine, text

from examsite.db import Base

for room in ("audit", "accounts", "holidays", "notices", "campaigns", "questions", "rounds", "grading", "results"):
    import_module(f"examsite.{room}.models")


def run(engine: Engine) -> None:
    """Run all migrations in one transaction."""
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=sqlite, compare_type=True)
        with context.begin_transaction():
            context.run_migrations()
            if sqlite and connection.execute(text("PRAGMA foreign_key_check")).first():
                raise RuntimeError("a migration would leave rows that point to nothing; nothing was changed")
        connection.commit()
        if sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")


run(context.config.attributes["engine"])
