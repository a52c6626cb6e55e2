"""The file: a zip with one file of lines for each table, and a manifest that says what they must come to."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from examsite.backup.tables import Content, content_of

FORMAT = "examsite-backup/1"
MANIFEST = "manifest.json"
Progress = Callable[[int], None]
"""Told how many rows more are done."""


class BackupError(Exception):
    """Why nothing was saved or brought back, and what to do, as a sentence for the operator."""


class DamagedError(BackupError):
    """The file is not what was written once."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The file is damaged or no backup of examsite: {why}. Nothing was written. Use another backup.")


@dataclass(frozen=True)
class Chain:
    """The end of one chain of the log at the moment of the backup."""

    name: str
    entries: int
    head: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `revision` is the schema, `made_at` a moment in UTC, `database` the kind of the database it came from."""

    made_at: str
    product: str
    database: str
    revision: str
    tables: tuple[Content, ...]
    chains: tuple[Chain, ...]

    @property
    def rows(self) -> int:
        """All rows of all tables."""
        return sum(table.rows for table in self.tables)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over everything that the backup says, since the manifest holds the digest of each table."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    def to_bytes(self) -> bytes:
        """The manifest as it stands in the file."""
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False, indent=1, sort_keys=True).encode()


def pack(file: IO[bytes], tables: Iterable[tuple[str, tuple[tuple[str, str], ...], Iterable[bytes]]]) -> Iterator[Content]:
    """Write each table into the zip and say what it came to; the caller ends with `seal`."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, columns, lines in tables:
            with archive.open(_member(name), "w", force_zip64=True) as member:
                yield content_of(name, columns, _written(member, lines))


def seal(file: IO[bytes], manifest: Manifest) -> None:
    """Add the manifest; without it the file is no backup."""
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, manifest.to_bytes())


def check(path: Path) -> Manifest:
    """Read the whole file and compare it with its manifest. Raises DamagedError, and OSError where it cannot be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _manifest(archive.read(MANIFEST))
            _same_members(archive, manifest)
            for table in manifest.tables:
                if content_of(table.name, table.columns, _lines(archive, table.name)) != table:
                    raise DamagedError(f"the rows of {table.name} are not those that were saved")
            return manifest
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as fault:
        raise DamagedError("it cannot be unpacked") from fault
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise DamagedError("its manifest cannot be read") from fault


def lines(path: Path, table: str) -> Iterator[bytes]:
    """The rows of one table of a file that was checked."""
    with zipfile.ZipFile(path) as archive:
        yield from _lines(archive, table)


def _lines(archive: zipfile.ZipFile, table: str) -> Iterator[bytes]:
    with archive.open(_member(table)) as member:
        yield from member


def _written(member: IO[bytes], lines: Iterable[bytes]) -> Iterator[bytes]:
    for line in lines:
        member.write(line)
        yield line


def _member(table: str) -> str:
    return f"tables/{table}.jsonl"


def _manifest(content: bytes) -> Manifest:
    said: dict[str, Any] = json.loads(content)
    if said.pop("format") != FORMAT:
        raise BackupError("The file was written by another version of examsite, whose format this one does not know. Nothing was written.")
    tables = tuple(Content(one["name"], _pairs(one["columns"]), int(one["rows"]), str(one["digest"])) for one in said.pop("tables"))
    chains = tuple(Chain(**one) for one in said.pop("chains"))
    return Manifest(**said, tables=tables, chains=chains)


def _pairs(columns: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, kind) for name, kind in columns)


def _same_members(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    if sorted(archive.namelist()) != sorted([MANIFEST, *(_member(table.name) for table in manifest.tables)]):
        raise DamagedError("it does not hold the tables that its manifest names")
