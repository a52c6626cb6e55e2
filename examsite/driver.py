"""Statements handed to the driver itself, for the few paths on which SQLAlchemy's own bookkeeping would cost more than the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Lock
from typing import Any, cast

from sqlalchemy import Dialect, Engine, Executable
from sqlalchemy.exc import OperationalError
from sqlalchemy.sql.compiler import SQLCompiler

from examsite.db import BUSY_TIMEOUT_MS

_turns = Lock()


class DriverStatement:
    """A statement made into text once, and run as often as it is asked for."""

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        compiled = cast("SQLCompiler", cast("Any", statement).compile(dialect=dialect))
        self._text = str(compiled)
        self._order = compiled.positiontup
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}

    def run(self, driver: Any, values: dict[str, Any]) -> Any:
        """Its first row as the driver gives it, or None. `values` by name; moments are written as SQLAlchemy would write them."""
        if self._order is None:
            return driver.execute(self._text, self._fixed | values).fetchone()
        given = self._fixed | values
        return driver.execute(self._text, [_as_sqlite_writes(given[name]) for name in self._order]).fetchone()


@contextmanager
def driver_connection(engine: Engine) -> Iterator[Any]:
    """A connection of the pool as the driver has it; one that failed is not used again. Raises OperationalError."""
    try:
        pooled = engine.raw_connection()
    except engine.dialect.loaded_dbapi.Error as error:  # the pool lets through what the driver raised
        raise OperationalError("a connection of the driver", None, error) from error
    try:
        yield pooled.driver_connection
    except engine.dialect.loaded_dbapi.Error as error:
        pooled.invalidate(error)
        raise OperationalError("a statement of the driver", None, error) from error
    finally:
        pooled.close()


@contextmanager
def taking_turns(dialect: Dialect) -> Iterator[None]:
    """Let the short writers of this process come one after the other where the database knows only one at a time.

    SQLite makes those that wait ask again after pauses that grow; a lock hands on at once, and only one of each process is left asking.
    Whoever waited for as long as the database itself would let it goes on without its turn, and is told by the database.
    """
    mine = dialect.name == "sqlite" and _turns.acquire(timeout=BUSY_TIMEOUT_MS / 1000)
    try:
        yield
    finally:
        if mine:
            _turns.release()


def moment_of(stored: datetime | str | None) -> Any:
    """A moment as a driver gave it: PostgreSQL's has a zone, SQLite's is text in UTC; None stays None."""
    if isinstance(stored, str):
        return datetime.fromisoformat(stored).replace(tzinfo=UTC)
    return stored if stored is None else stored.astimezone(UTC)


def _as_sqlite_writes(value: Any) -> Any:
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(value, datetime) else value
