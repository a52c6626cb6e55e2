"""The server's own sign of life: one guarded statement that the sign of life of any candidate leaves behind."""

from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Integer, Table, bindparam, exists, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from examsite.db import UTCDateTime
from examsite.driver import DriverStatement
from examsite.rounds.models import BUCKET_SECONDS, Heartbeat

_heartbeat = cast("Table", Heartbeat.__table__)


def beat(driver: Any, dialect: Any, now: datetime) -> None:
    """Note that the server was reached at `now`, at most once in `BUCKET_SECONDS`; whoever comes second looks, and writes nothing.

    `driver` is the driver's connection, as the save path has it.
    """
    _statement(dialect).run(driver, {"in_bucket": int(now.timestamp()) // BUCKET_SECONDS, "seen_at": now})


def beat_in(session: Session, now: datetime) -> None:
    """The same in the transaction of a page that has no sitting yet."""
    connection = session.connection()
    beat(connection.connection.driver_connection, connection.dialect, now)


@cache
def _statement(dialect: Any) -> DriverStatement:
    insert = sqlite.insert if dialect.name == "sqlite" else postgresql.insert
    bucket, at = bindparam("in_bucket", type_=Integer), bindparam("seen_at", type_=UTCDateTime)
    first = select(bucket, at).where(~exists().where(_heartbeat.c.bucket == bucket))
    once = insert(_heartbeat).from_select(["bucket", "at"], first).on_conflict_do_nothing()
    return DriverStatement(once.returning(_heartbeat.c.bucket), dialect)
