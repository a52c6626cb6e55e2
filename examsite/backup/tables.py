"""The tables of a database as it is, whatever version of examsite made them, and their rows as lines of text."""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Date, DateTime, Engine, LargeBinary, MetaData, String, Table, func, inspect, select
from sqlalchemy.types import TypeEngine

REVISION_TABLE = "alembic_version"
ROWS_AT_ONCE = 200
"""Some rows hold pictures, so few are held in memory at a time."""
KINDS: tuple[tuple[type[TypeEngine[Any]], str], ...] = ((DateTime, "moment"), (Date, "day"), (LargeBinary, "bytes"), (Boolean, "flag"))


@dataclass(frozen=True)
class Content:
    """What a table holds: its columns with their kinds, the number of its rows, and the SHA-256 of its lines."""

    name: str
    columns: tuple[tuple[str, str], ...]
    rows: int
    digest: str


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one moment of the database, however long it reads; writers go on undisturbed."""
    options: dict[str, Any] = {"examsite_reading": True}
    if engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.execution_options(**options).connect() as connection, connection.begin():
        yield connection


def tables_of(connection: Connection) -> list[Table]:
    """All tables but the one of the revision, by name, read from the database itself."""
    inspector, metadata = inspect(connection), MetaData()
    keys = inspector.get_multi_pk_constraint()
    found = {}
    for (_schema, name), columns in inspector.get_multi_columns().items():
        key = keys[(_schema, name)]["constrained_columns"]
        found[name] = Table(name, metadata, *(Column(one["name"], one["type"], primary_key=one["name"] in key) for one in columns))
    return [found[name] for name in sorted(found) if name != REVISION_TABLE]


def columns_of(table: Table) -> tuple[tuple[str, str], ...]:
    """Name and kind of each column. The kind is the same on both databases."""
    return tuple((column.name, _kind(column)) for column in table.columns)


def count_of(connection: Connection, table: Table) -> int:
    """The number of rows."""
    return connection.scalars(select(func.count()).select_from(table)).one()


def lines_of(connection: Connection, table: Table, columns: Sequence[tuple[str, str]]) -> Iterator[bytes]:
    """Every row as one line of JSON, by primary key, in an order that does not depend on the language of the database."""
    order = [_by_bytes(connection, column) for column in table.primary_key.columns]
    wanted = select(*(table.columns[name] for name, _ in columns)).order_by(*order)
    with connection.execution_options(yield_per=ROWS_AT_ONCE).execute(wanted) as rows:
        for row in rows:
            yield json.dumps([_told(value) for value in row], ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def values_of(line: bytes, columns: Sequence[tuple[str, str]], *, naive: bool) -> dict[str, Any]:
    """A line as a row again; `naive` where the database keeps moments without a zone. Raises ValueError where the line is none."""
    values = json.loads(line)
    if not isinstance(values, list) or len(values) != len(columns):
        raise ValueError("a line has another number of columns")
    return {name: _read(value, kind, naive=naive) for (name, kind), value in zip(columns, values, strict=True)}


def content_of(name: str, columns: tuple[tuple[str, str], ...], lines: Iterable[bytes]) -> Content:
    """Count the lines and work out their digest."""
    digest, rows = hashlib.sha256(), 0
    for line in lines:
        digest.update(line)
        rows += 1
    return Content(name, columns, rows, digest.hexdigest())


def _kind(column: Column[Any]) -> str:
    return next((kind for type_, kind in KINDS if isinstance(column.type, type_)), "plain")


def _by_bytes(connection: Connection, column: Column[Any]) -> Any:
    """PostgreSQL orders text as a language does unless told otherwise; SQLite by its bytes."""
    return column.collate("C") if isinstance(column.type, String) and connection.dialect.name == "postgresql" else column


def _told(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes | memoryview) else value


def _read(value: Any, kind: str, *, naive: bool) -> Any:
    if value is None or kind in {"plain", "flag"}:
        return value
    if kind == "bytes":
        return base64.b64decode(value, validate=True)
    if kind == "day":
        return date.fromisoformat(value)
    moment = datetime.fromisoformat(value)
    return moment.replace(tzinfo=None) if naive else moment
