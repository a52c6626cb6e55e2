"""The server's own sign of life: one guarded statement that the sign of life of any candidate leaves behind."""

from datetime import datetime
from functools import cache
from typing import cast

from sqlalchemy import Connection, Insert, Integer, Table, bindparam, exists, select
from sqlalchemy.dialects import postgresql, sqlite

from examsite.db import UTCDateTime
from examsite.rounds.models import Heartbeat

BUCKET_SECONDS = 5
_heartbeat = cast("Table", Heartbeat.__table__)


def beat(connection: Connection, now: datetime) -> None:
    """Note that the server was reached at `now`, at most once in `BUCKET_SECONDS`; whoever comes second looks, and writes nothing."""
    connection.execute(_statement(connection.dialect.name), {"in_bucket": int(now.timestamp()) // BUCKET_SECONDS, "seen_at": now})


@cache
def _statement(dialect: str) -> Insert:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    bucket, at = bindparam("in_bucket", type_=Integer), bindparam("seen_at", type_=UTCDateTime)
    first = select(bucket, at).where(~exists().where(_heartbeat.c.bucket == bucket))
    return insert(_heartbeat).from_select(["bucket", "at"], first).on_conflict_do_nothing()
