"""Declarative base, column types and engine: the set-up of SQLite and of PostgreSQL, and nothing of any feature."""

import json
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from threading import Lock
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import (
    Connection,
    CursorResult,
    Delete,
    Dialect,
    Engine,
    Index,
    Insert,
    MetaData,
    String,
    Text,
    Update,
    create_engine,
    event,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import DateTime, TypeDecorator

from examsite.rules import hashchain

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_TIMEOUT_MS = 20_000
REST_SECONDS = 1.0
WAITING = {"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False}
# Nothing is told to be saved before it is on the disk, whatever the server is set to. Statements come again and again, so the server plans
# them from the third time on no more than it has to.
IN_UTC = {"options": "-c timezone=utc -c synchronous_commit=on", "prepare_threshold": 2}
PAGES, SAVES = 8, 8
CONNECTIONS = 2 * PAGES + SAVES
"""The most connections that one process opens on PostgreSQL: those of pages with their overflow, and those of saves."""
_SQLITE_PASSES = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL})
_POSTGRESQL_PASSES = ("08", "40", "53300", "55P03", "57014", "57P01", "57P02", "57P03")
"""SQLSTATEs, or how they begin: connection lost, rolled back for another's sake (serialization, deadlock), too many clients, locked,
cancelled, shutting down or starting."""
_saving: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()
_saving_lock = Lock()


class Base(DeclarativeBase):
    """Every table inherits from here, so that constraint names are the same on both databases."""

    metadata = MetaData(naming_convention=NAMING)


class UTCDateTime(TypeDecorator[datetime]):
    """Aware moments only: a naive one is refused, and what is read is always in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """Decimals kept as text: SQLite would turn a Numeric into a floating-point number without a word."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        if value is None:
            return None
        if not isinstance(value, Decimal) or not value.is_finite():
            raise TypeError(f"{value!r} is no finite decimal")
        return format(value, "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        return None if value is None else Decimal(value)


class ExactFraction(TypeDecorator[Fraction]):
    """Fractions kept as text, such as `17/3`: points that no decimal could hold."""

    impl = String(80)
    cache_ok = True

    def process_bind_param(self, value: Fraction | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        if value is not None and not isinstance(value, Fraction):
            raise TypeError(f"{value!r} is no fraction")
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Fraction | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        return None if value is None else Fraction(value)


class JsonText(TypeDecorator[Any]):
    """JSON kept as text, so that what comes back is byte for byte what was stored, on both databases."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002 - the signature is SQLAlchemy's
        return None if value is None else json.loads(value)


def new_public_id() -> str:
    """A random id for URLs: 128 bits, never a database number."""
    return secrets.token_urlsafe(16)


def unique_where(name: str, *columns: str, where: str) -> Index:
    """A unique index over the rows that meet a condition, on both databases."""
    return Index(name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where))


class PublicId:
    """Mixin for rows that a URL may name."""

    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)


def make_engine(url: str) -> Engine:
    """An engine with the set-up that the promises rest on: durable commits, foreign keys, UTC."""
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args=WAITING, hide_parameters=True)
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = create_engine(
        url,
        pool_size=PAGES,
        max_overflow=PAGES,
        pool_timeout=5,
        pool_use_lifo=True,  # a connection that was just used knows the statements; taking turns, each would have to learn them
        connect_args=IN_UTC,
        hide_parameters=True,
    )
    _ping_after_rest(engine)
    return engine


def saving(engine: Engine) -> Engine:
    """The engine of the save path on the same database: every statement is a transaction of its own unless one is begun by hand.

    It has a small pool of its own, so that no import and no report can keep a candidate's save waiting. It ends with `engine`.
    """
    with _saving_lock:
        if engine not in _saving:
            _saving[engine] = _make_saving_engine(engine)
        return _saving[engine]


def passes_by_itself(error: DBAPIError) -> bool:
    """Whether the same request may well succeed a moment later: the database could not be reached, or somebody else was in the way.

    A table or column that is missing, a full disk and the like stay until somebody mends them. A driver that gives no number did not get
    through to the database at all.
    """
    if (number := getattr(error.orig, "sqlite_errorcode", None)) is not None:
        return number & 0xFF in _SQLITE_PASSES
    state = getattr(error.orig, "sqlstate", None)
    return state is None or state.startswith(_POSTGRESQL_PASSES)


@lru_cache(maxsize=4)
def reading(engine: Engine) -> Engine:
    """The same pool for requests that only look: the database itself refuses a write. Made once, for a process has one engine."""
    return engine.execution_options(examsite_reading=True, postgresql_readonly=True)


def open_session(engine: Engine | Connection, *, read_only: bool = False) -> Session:
    """A session on its own transaction; the caller commits or closes it. On a connection it lives inside that connection's transaction."""
    if isinstance(engine, Connection):
        return Session(engine, expire_on_commit=False, join_transaction_mode="create_savepoint")
    return Session(reading(engine) if read_only else engine, expire_on_commit=False)


def end_reading(session: Session) -> None:
    """Close a session that only looked, by a commit: it has nothing to take back, and the driver of PostgreSQL forgets all statements that
    a connection knows whenever a transaction is rolled back. What was changed in memory alone is left behind, as always.
    """
    with session, suppress(DBAPIError):
        session.expunge_all()
        session.commit()


@contextmanager
def looking(engine: Engine | Connection) -> Iterator[Session]:
    """A session that only looks, for work beside the requests."""
    session = open_session(engine, read_only=True)
    try:
        yield session
    finally:
        end_reading(session)


def rows_changed(session: Session, statement: Update | Delete) -> int:
    """Run a guarded UPDATE or DELETE and say how many rows it met: the guard against races is in the statement."""
    result = cast("CursorResult[Any]", session.execute(statement, execution_options={"synchronize_session": "auto"}))
    return result.rowcount


def insert_once(dialect: Dialect, into: Any) -> Insert:
    """An INSERT that adds nothing where a unique constraint says that the row is there already, whoever was quicker."""
    insert = sqlite.insert if dialect.name == "sqlite" else postgresql.insert
    return insert(into).on_conflict_do_nothing()


def _make_saving_engine(engine: Engine) -> Engine:
    if engine.dialect.name == "sqlite":
        found = create_engine(engine.url, pool_reset_on_return=None, connect_args=WAITING, hide_parameters=True)
        event.listen(found, "connect", _set_up_sqlite)
    else:
        found = create_engine(
            engine.url,
            isolation_level="AUTOCOMMIT",
            pool_reset_on_return=None,
            pool_size=SAVES,
            max_overflow=0,
            pool_timeout=5,
            connect_args=IN_UTC,
            hide_parameters=True,
        )
        _ping_after_rest(found)
    event.listen(engine, "engine_disposed", lambda _engine: found.dispose())
    return found


def _ping_after_rest(engine: Engine) -> None:
    """Ask a connection whether it is alive after it has rested, not at every use: that would be a round trip more for each save."""

    def used(_connection: Any, record: Any) -> None:
        record.info["used"] = time.monotonic()

    def ask(connection: Any, record: Any, _pooled: Any) -> None:
        if time.monotonic() - record.info["used"] > REST_SECONDS:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error

    event.listen(engine, "connect", used)
    event.listen(engine, "checkin", used)
    event.listen(engine, "checkout", ask)


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own BEGIN is switched off: ours says whether the transaction writes, see _begin_sqlite.
    connection.isolation_level = None
    connection.create_function("chain_step", 2, hashchain.step, deterministic=True)
    for statement in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
        connection.execute(f"PRAGMA {statement}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once when another writer was quicker, whatever the
    # busy timeout; so writers take the lock at their first statement, and readers are not allowed to write at all.
    looks_only = connection.get_execution_options().get("examsite_reading", False)
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if looks_only else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if looks_only else "BEGIN IMMEDIATE")
