"""How the site itself is doing, for its administrators: what can be seen from within. Nothing here is about a person."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from examsite import clock, migrate
from examsite.notices.models import FAILED, QUEUED, SENDING
from examsite.notices.queries import mail_figures
from examsite.rounds.queries.clock_doubt import clock_doubt

MEGABYTE, GIGABYTE = 1024**2, 1024**3
LITTLE, TOO_LITTLE = 5 * GIGABYTE, GIGABYTE // 2
"""Below the first somebody should look before the exam; below the second the exam itself may fill the disk."""
WELL, LOOK, MEND, TOLD = "ok", "wait", "stop", "info"


@dataclass(frozen=True, slots=True)
class Line:
    """How one subject stands (`WELL`, `LOOK`, `MEND`, or `TOLD` unjudged), and the sentence `site.<code>` with its parameters."""

    level: str
    about: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)


def state_of(session: Session, now: datetime, stepped: timedelta, *, sends_mail: bool) -> list[Line]:
    """Every line. `stepped`: how far the machine's clock was set since the server's start, as `clock.step` tells it."""
    connection = session.connection()
    return [
        _database(connection),
        _schema(connection),
        *_clock(session, now, stepped),
        *_disks(connection),
        _mail(mail_figures(session), sends_mail=sends_mail),
        Line(TOLD, "backup", "backup"),
    ]


def _database(connection: Connection) -> Line:
    sqlite = connection.dialect.name == "sqlite"
    size = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    used = connection.scalars(text(size if sqlite else "SELECT pg_database_size(current_database())")).one()
    version = ".".join(map(str, connection.dialect.server_version_info or ()))
    product = f"{'SQLite' if sqlite else 'PostgreSQL'} {version}"
    return Line(WELL, "database", "database", {"product": product, "size": -(-used // MEGABYTE)})


def _schema(connection: Connection) -> Line:
    present, newest = migrate.revision_of(connection), migrate.newest_revision()
    if present == newest:
        return Line(WELL, "schema", "schema", {"newest": newest})
    return Line(MEND, "schema", "schema_old", {"present": present or "–", "newest": newest})


def _clock(session: Session, now: datetime, stepped: timedelta) -> Iterator[Line]:
    """What speaks against the clock; one good line where nothing does."""
    doubt = clock_doubt(session, now)
    if abs(stepped) > clock.MAY_DIFFER:
        yield Line(LOOK, "clock", "clock_set", {"seconds": Decimal(round(stepped.total_seconds()))})
    if doubt.ahead:
        yield Line(MEND, "clock", "clock_behind", {"seconds": Decimal(round(doubt.ahead.total_seconds()))})
    elif doubt.silent:
        yield Line(LOOK, "clock", "clock_silent", {"minutes": Decimal(doubt.silent // timedelta(minutes=1))})
    elif abs(stepped) <= clock.MAY_DIFFER:
        yield Line(WELL, "clock", "clock")


def _disks(connection: Connection) -> Iterator[Line]:
    """Room for what is uploaded and, with SQLite, for the database; the disk of another machine cannot be seen from here."""
    yield _disk("uploads", Path(tempfile.gettempdir()))
    file = connection.engine.url.database if connection.dialect.name == "sqlite" else None
    if file and (place := Path(file).absolute().parent).is_dir():
        yield _disk("database", place)


def _disk(what: str, place: Path) -> Line:
    free = shutil.disk_usage(place).free
    level = MEND if free < TOO_LITTLE else LOOK if free < LITTLE else WELL
    return Line(level, f"disk_{what}", f"disk_{what}" if level == WELL else f"disk_{what}_little", {"free": in_gigabytes(free)})


def _mail(figures: Mapping[str, int], *, sends_mail: bool) -> Line:
    waiting, given_up = figures.get(QUEUED, 0) + figures.get(SENDING, 0), figures.get(FAILED, 0)
    if not sends_mail:
        return Line(TOLD, "mail", "mail_off")
    return Line(LOOK if given_up else WELL, "mail", "mail", {"waiting": waiting, "given_up": given_up})


def in_gigabytes(size: int) -> Decimal:
    """Bytes as gigabytes with two decimals, rounded down, so that nobody is told of room that is not there."""
    return (Decimal(size) / GIGABYTE).quantize(Decimal("0.01"), rounding=ROUND_DOWN)
