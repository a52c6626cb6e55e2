"""The database: does it answer, is it ours and newest, does it keep what it acknowledged, does its clock agree with ours."""

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from examsite import clock, migrate
from examsite.cli.checks import Deployment, Finding, failed, ok, warning
from examsite.cli.checks.workers import served
from examsite.db import CONNECTIONS

SOME = 5
"""How many missing tables and columns are named."""
FOR_OTHERS = 10
"""Connections for the backup, the commands and whoever looks at the server."""
FAR_AWAY = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "glusterfs", "fuse.sshfs", "fuse.glusterfs", "virtiofs"})
MOUNTS = Path("/proc/mounts")
IN_MEMORY = frozenset({"tmpfs", "ramfs"})


def database(deployment: Deployment) -> Iterator[Finding]:
    """All that can be asked of the database; where it does not answer, that alone."""
    begun = perf_counter()
    try:
        with deployment.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
            yield ok("database", f"{_version(connection)} answers in {(perf_counter() - begun) * 1000:.0f} ms")
            yield _schema(connection)
            yield from _in_postgresql(connection) if connection.dialect.name == "postgresql" else _in_sqlite(deployment, connection)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or type(error).__name__).strip().partition("\n")[0]
        yield failed("database", f"does not answer: {reason}", "look at DATABASE_URL, and whether the server runs and lets this machine in")


def _version(connection: Connection) -> str:
    product = "PostgreSQL" if connection.dialect.name == "postgresql" else "SQLite"
    return f"{product} {'.'.join(map(str, connection.dialect.server_version_info or ()))}"


def _schema(connection: Connection) -> Finding:
    present, newest = migrate.revision_of(connection), migrate.newest_revision()
    if present == newest:
        if lacks := migrate.lacking(connection):
            found = f"is called newest ({newest}) and lacks {', '.join(lacks[:SOME])}{' and more' if len(lacks) > SOME else ''}"
            return failed("schema", found, "take this examsite's own database, or restore a backup of it into a new one")
        return ok("schema", f"newest ({newest})")
    return failed(
        "schema", f"stands at {present or 'nothing'}, this examsite needs {newest}", "examsite backup FILE, then: examsite db upgrade"
    )


def _in_postgresql(connection: Connection) -> Iterator[Finding]:
    said: dict[str, str] = {row.name: row.setting for row in connection.execute(text("SELECT name, setting FROM pg_settings"))}
    off = [name for name in ("fsync", "full_page_writes", "synchronous_commit") if said[name] == "off"]
    if off:
        to_do = "ALTER SYSTEM SET ... = on in the server; without it a crash loses what candidates were told is saved"
        yield failed("durability", f"off: {', '.join(off)}", to_do)
    else:
        yield ok("durability", "what is acknowledged is on the disk (fsync, full_page_writes, synchronous_commit)")
    yield _role_of_server(connection)
    yield _clock(connection)
    yield _places(said)
    yield _server_log(said)


def _role_of_server(connection: Connection) -> Finding:
    standby, superuser, encoding = connection.execute(
        text("SELECT pg_is_in_recovery(), usesuper, current_setting('server_encoding') FROM pg_user WHERE usename = current_user")
    ).one()
    if standby:
        return failed("server", "this is a standby, which takes no writes", "name the primary in DATABASE_URL")
    if encoding != "UTF8":
        return failed("server", f"keeps text as {encoding}", "make the database anew with ENCODING 'UTF8'")
    if superuser:
        return warning("server", "the site signs in as a superuser", "give it a role of its own that owns its database and nothing else")
    return ok("server", "primary, UTF-8, a role of its own")


def _clock(connection: Connection) -> Finding:
    before = clock.now()
    told = connection.scalars(text("SELECT clock_timestamp()")).one()
    after = clock.now()
    apart = max(before - told, told - after)
    if apart > clock.MAY_DIFFER:
        found = f"this machine and the database are {apart.total_seconds():.1f} s apart"
        return failed("clock", found, "let both follow the same time server (chrony)")
    return ok("clock", "this machine and the database agree")


def _places(said: dict[str, str]) -> Finding:
    needed = served().workers * CONNECTIONS + FOR_OTHERS
    there = int(said["max_connections"]) - int(said["superuser_reserved_connections"])
    found = f"{served().workers} workers may open {needed - FOR_OTHERS} connections, the server has {there} places"
    if needed > there:
        return failed(
            "connections", found, f"ALTER SYSTEM SET max_connections = {needed + 20}, and start the server again; or fewer workers"
        )
    return ok("connections", f"{found}; every further host needs as many")


def _server_log(said: dict[str, str]) -> Finding:
    """What the server writes down of statements that fail holds names and numbers of people."""
    logs_values = said.get("log_parameter_max_length", "0") != "0" and (
        said["log_statement"] in {"mod", "all"} or said["log_min_duration_statement"] != "-1"
    )
    if said["log_error_verbosity"] != "terse" or logs_values:
        to_do = "ALTER SYSTEM SET log_error_verbosity = terse; ALTER SYSTEM SET log_parameter_max_length = 0; SELECT pg_reload_conf()"
        return warning("server's log", "PostgreSQL writes values of rows, which are about people, into its own log", to_do)
    return ok("server's log", "holds no values of rows")


def _in_sqlite(deployment: Deployment, connection: Connection) -> Iterator[Finding]:
    mode = connection.scalars(text("PRAGMA journal_mode")).one()
    level = connection.scalars(text("PRAGMA synchronous")).one()
    if mode == "wal" and level >= 2:
        yield ok("durability", "what is acknowledged is on the disk (WAL, synchronous=FULL)")
    else:
        yield failed(
            "durability", f"journal_mode={mode}, synchronous={level}", "put the file on a local disk, where SQLite can use its WAL"
        )
    yield _disk_of(Path(deployment.engine.url.database or "").resolve())
    yield ok("clock", "the database is on this machine")
    yield warning("kind", "SQLite lets one write at a time, on one machine", "take PostgreSQL for more than some fifty candidates at once")


def _disk_of(path: Path) -> Finding:
    kind = _kind_of_disk(path)
    if kind in FAR_AWAY or kind in IN_MEMORY:
        why = "a network, where SQLite's locks do not hold" if kind in FAR_AWAY else "memory, which a restart empties"
        return failed("place", f"{path} lies on {kind}: {why}", "move it to a disk of this machine")
    return ok("place", f"{path} lies on a disk of this machine ({kind or 'unknown kind'})")


def _kind_of_disk(path: Path) -> str:
    """The kind of the innermost mounted place that holds the path."""
    try:
        listed = [line.split() for line in MOUNTS.read_text(encoding="utf-8").splitlines()]
    except OSError:
        return ""
    holding = [(len(place), kind) for _device, place, kind, *_rest in listed if path.is_relative_to(place.replace("\\040", " "))]
    return max(holding)[1] if holding else ""
