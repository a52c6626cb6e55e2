"""Write a backup: one moment of the database, read while the site goes on, checked before the file gets its name."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine, Table, select

from examsite import migrate
from examsite.backup import archive
from examsite.backup.archive import BackupError, Chain, Manifest, Progress
from examsite.backup.tables import columns_of, count_of, lines_of, snapshot, tables_of

OWNER_ALONE = 0o600
CHAINS = "log_chain"


def write(engine: Engine, target: Path, now: datetime, begin: Callable[[int], Progress]) -> Manifest:
    """Save everything in `target`, which must not exist yet; only its owner may read it.

    `begin` is told the number of rows and gives what hears of the progress. The file has its name only once it is whole, read back and
    on the disk. Raises BackupError, and OSError where the disk refuses.
    """
    if os.path.lexists(target):
        raise BackupError(f"{target} exists already. A backup never replaces a file: choose another name.")
    with _draft(target) as (draft, file):
        with snapshot(engine) as connection:
            manifest = _fill(file, connection, now, begin)
        file.flush()
        os.fsync(file.fileno())
        if archive.check(draft) != manifest:
            raise BackupError("What was written does not read back the same: the disk is not to be trusted. Nothing was kept.")
        _give_name(draft, target)
    return manifest


def _fill(file: IO[bytes], connection: Connection, now: datetime, begin: Callable[[int], Progress]) -> Manifest:
    revision = migrate.revision_of(connection)
    if revision is None:
        raise BackupError("The database has no schema, so there is nothing to save. Run: examsite db upgrade")
    tables = tables_of(connection)
    progress = begin(sum(count_of(connection, table) for table in tables))
    contents = tuple(archive.pack(file, ((table.name, columns_of(table), _told(connection, table, progress)) for table in tables)))
    manifest = Manifest(now.isoformat(), version("examsite"), connection.dialect.name, revision, contents, _chains(connection, tables))
    archive.seal(file, manifest)
    return manifest


def _told(connection: Connection, table: Table, progress: Progress) -> Iterator[bytes]:
    for line in lines_of(connection, table, columns_of(table)):
        progress(1)
        yield line


def _chains(connection: Connection, tables: list[Table]) -> tuple[Chain, ...]:
    found = next((table for table in tables if table.name == CHAINS), None)
    if found is None:
        return ()
    rows = connection.execute(select(found.c.name, found.c.last_number, found.c.head)).all()
    return tuple(Chain(name, entries, bytes(head).hex()) for name, entries, head in sorted(rows))


@contextmanager
def _draft(target: Path) -> Iterator[tuple[Path, IO[bytes]]]:
    """A file beside the target under another name, gone at the end whatever happens."""
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    try:
        os.fchmod(descriptor, OWNER_ALONE)
        with os.fdopen(descriptor, "w+b") as file:
            yield Path(name), file
    finally:
        Path(name).unlink(missing_ok=True)


def _give_name(draft: Path, target: Path) -> None:
    """A link never replaces what is there. A disk without links, such as a memory stick, gets the name by a rename."""
    try:
        os.link(draft, target)
    except FileExistsError:
        raise BackupError(f"{target} was made by somebody else in the meantime. Nothing was kept: choose another name.") from None
    except OSError:
        if os.path.lexists(target):
            raise BackupError(f"{target} was made by somebody else in the meantime. Nothing was kept: choose another name.") from None
        draft.rename(target)
    with suppress(OSError):  # not every disk can be told to write down a folder
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
