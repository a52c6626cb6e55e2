"""Bring a backup back into an empty database, and prove that what came back is what was saved before it is committed."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, insert, inspect, text

from examsite import migrate
from examsite.backup import archive
from examsite.backup.archive import BackupError, Manifest, Progress
from examsite.backup.tables import ROWS_AT_ONCE, Content, columns_of, content_of, count_of, lines_of, tables_of, values_of

ELSEWHERE = "Nothing was written. Make a new empty database, name it in DATABASE_URL and try again."


def restore(engine: Engine, source: Path, begin: Callable[[int], Progress]) -> Manifest:
    """Bring `source` back, with the schema it was saved under, in one transaction; then bring the schema to the newest.

    The file is read and compared with its manifest before anything is written, and the database is read and compared before the commit.
    `begin` is told the number of rows and gives what hears of the progress. Raises BackupError and leaves the database empty.
    """
    manifest = archive.check(source)
    _make_ready(engine, manifest)
    with engine.begin() as connection:
        tables = _empty_tables(connection, manifest)
        _fill(connection, tables, source, manifest, begin(manifest.rows))
        _compare(connection, tables, manifest)
    migrate.upgrade(engine)
    return manifest


def _make_ready(engine: Engine, manifest: Manifest) -> None:
    """Give an empty database the schema of the backup. One that has a schema already must have that one."""
    known = {script.revision for script in migrate.scripts().walk_revisions()}
    if manifest.revision not in known:
        raise BackupError(
            f"The backup was made by a newer examsite ({manifest.product}), whose schema this one does not know. Nothing was written. "
            "Install that version, restore, and go on with it."
        )
    with engine.connect() as connection:
        fresh = not inspect(connection).get_table_names()
    if not fresh:
        return
    migrate.upgrade(engine, manifest.revision)
    with engine.begin() as connection:  # what migrations put into new tables is in the backup too
        _without_order(connection, tables_of(connection))
        for table in tables_of(connection):
            connection.execute(delete(table))


def _empty_tables(connection: Connection, manifest: Manifest) -> dict[str, Table]:
    """The tables to fill; refuses a database that holds anything at all."""
    present = migrate.revision_of(connection)
    if present != manifest.revision:
        raise BackupError(f"The database stands at schema {present}, the backup at {manifest.revision}. {ELSEWHERE}")
    tables = tables_of(connection)
    if {table.name: set(columns_of(table)) for table in tables} != {table.name: set(table.columns) for table in manifest.tables}:
        raise BackupError(f"The tables of the database are not those of the backup, though the schema has the same number. {ELSEWHERE}")
    filled = [table.name for table in tables if count_of(connection, table)]
    if filled:
        raise BackupError(f"The database is not empty: there are rows in {', '.join(filled)}. {ELSEWHERE}")
    return {table.name: table for table in tables}


def _fill(connection: Connection, tables: dict[str, Table], source: Path, manifest: Manifest, progress: Progress) -> None:
    constraints = _without_order(connection, list(tables.values()))
    naive = connection.dialect.name == "sqlite"
    for content in manifest.tables:
        rows = (values_of(line, content.columns, naive=naive) for line in archive.lines(source, content.name))
        for some in _some(rows):
            connection.execute(insert(tables[content.name]), some)
            progress(len(some))
    _with_order_again(connection, constraints)
    _count_on(connection, tables)


def _compare(connection: Connection, tables: dict[str, Table], manifest: Manifest) -> None:
    for saved in manifest.tables:
        back = content_of(saved.name, saved.columns, lines_of(connection, tables[saved.name], saved.columns))
        if back != saved:
            raise BackupError(f"{saved.name}: {_difference(saved, back)}. Nothing was kept. Report this with both version numbers.")


def _difference(saved: Content, back: Content) -> str:
    return (
        f"{saved.rows} rows were saved and {back.rows} came back"
        if saved.rows != back.rows
        else "the rows that came back are not those saved"
    )


def _without_order(connection: Connection, tables: Iterable[Table]) -> list[tuple[str, str]]:
    """Let rows come in any order within this transaction: what they point to is checked at its end. Gives what must be undone."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        return []
    keys = inspect(connection).get_multi_foreign_keys(filter_names=[table.name for table in tables])
    found = [(name, str(key["name"])) for (_schema, name), several in keys.items() for key in several]
    for table, constraint in found:
        _alter(connection, table, constraint, "DEFERRABLE INITIALLY DEFERRED")
    return found


def _with_order_again(connection: Connection, constraints: Iterable[tuple[str, str]]) -> None:
    """Check now what every row points to, and put the constraints back as they were."""
    if connection.dialect.name == "sqlite":
        if connection.execute(text("PRAGMA foreign_key_check")).first():
            raise BackupError("Rows of the backup point to rows that it does not hold. Nothing was kept. Use another backup.")
        return
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    for table, constraint in constraints:
        _alter(connection, table, constraint, "NOT DEFERRABLE")


def _alter(connection: Connection, table: str, constraint: str, how: str) -> None:
    quote = connection.dialect.identifier_preparer.quote
    connection.execute(text(f"ALTER TABLE {quote(table)} ALTER CONSTRAINT {quote(constraint)} {how}"))


def _count_on(connection: Connection, tables: dict[str, Table]) -> None:
    """PostgreSQL goes on numbering behind the highest number that came back; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables.values():
        for column in table.primary_key.columns:
            sequence = connection.scalar(
                text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": table.name, "column": column.name}
            )
            highest = connection.scalar(text(f'SELECT max("{column.name}") FROM "{table.name}"')) if sequence else None  # noqa: S608 - names of our schema
            if highest is not None:
                connection.execute(text("SELECT setval(:sequence, :highest)"), {"sequence": sequence, "highest": highest})


def _some(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while some := list(islice(rows, ROWS_AT_ONCE)):
        yield some
