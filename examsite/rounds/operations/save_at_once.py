"""A save at once: the guard, the step of the chain and the event, as the driver itself runs them, in a transaction of their own.

The statements are those of `save.py`, made into text once. In PostgreSQL they are one statement, so one journey to the database; SQLite
begins, writes and commits by hand. Whatever the guard lets not through, and whatever fails, is left to `save.save_answers`, which looks
again, explains and keeps evidence; a save whose reply got lost in between is known there by its place and digest.
"""

import logging
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Connection, Engine, Table, bindparam, insert, select
from sqlalchemy.exc import SQLAlchemyError

from examsite.driver import DriverStatement, driver_connection, moment_of, taking_turns
from examsite.rounds import chain
from examsite.rounds.models import SittingEvent
from examsite.rounds.operations.save import EXTEND, Malformed, Saved, fault_in
from examsite.rounds.queries.sittings import known_options
from examsite.rounds.save_body import SaveBody

log = logging.getLogger(__name__)
_event = cast("Table", SittingEvent.__table__)
_SENT = ("seq", "epoch", "kind", "body", "body_digest", "received_at", "salt", "commitment")
Stored = tuple[datetime, bytes]
"""The deadline of the sitting and the head of its chain after the save."""


def save_at_once(engine: Engine | Connection, sitting: str, token_hash: str, body: SaveBody, now: datetime) -> Saved | Malformed | None:
    """Store answers and commit them, where the paper is known to this process and nothing stands against it; otherwise None.

    `engine` is the one of the save path (in tests a connection, whose transaction takes everything in).
    """
    options = known_options(sitting)
    if options is None:
        return None
    if fault := fault_in(body, options):
        return Malformed(fault)
    link = chain.new_link(chain.SAVE, sitting, body.seq, body.epoch, now, body.text)
    values = {"sitting": sitting, "token_hash": token_hash, "now": now, "at_epoch": link.epoch, "after": link.seq - 1} | link.row(0, b"")
    stored = _store(engine, values)
    return None if stored is None else Saved(link.seq, *stored)


def _store(engine: Engine | Connection, values: dict[str, Any]) -> Stored | None:
    """None when it was not stored, or nobody can say whether it was."""
    if isinstance(engine, Connection):
        store = _in_sqlite if engine.dialect.name == "sqlite" else _in_postgresql
        return store(engine.connection.driver_connection, engine.dialect, values)
    try:
        with driver_connection(engine) as driver, taking_turns(engine.dialect):
            return (_alone_in_sqlite if engine.dialect.name == "sqlite" else _in_postgresql)(driver, engine.dialect, values)
    except SQLAlchemyError as error:
        log.warning("a save at once failed and is looked at again: %s", type(error).__name__)
        return None


def _in_postgresql(driver: Any, dialect: Any, values: dict[str, Any]) -> Stored | None:
    row = _one_statement(dialect).run(driver, values)
    return None if row is None else (moment_of(row[0]), bytes(row[1]))


def _alone_in_sqlite(driver: Any, dialect: Any, values: dict[str, Any]) -> Stored | None:
    driver.execute("BEGIN IMMEDIATE")
    try:
        stored = _in_sqlite(driver, dialect, values)
    except BaseException:
        driver.execute("ROLLBACK")
        raise
    driver.execute("COMMIT")
    return stored


def _in_sqlite(driver: Any, dialect: Any, values: dict[str, Any]) -> Stored | None:
    extend, append = _two_statements(dialect)
    row = extend.run(driver, values)
    if row is None:
        return None
    append.run(driver, values | {"sitting_id": row[0], "head": row[1]})
    return moment_of(row[2]), row[1]


@cache
def _one_statement(dialect: Any) -> DriverStatement:
    moved = EXTEND.cte("moved")
    sent = [bindparam(name, type_=_event.c[name].type) for name in _SENT]
    event = select(moved.c.id, *sent, moved.c.head)
    added = insert(_event).from_select(["sitting_id", *_SENT, "head"], event).cte("added")
    return DriverStatement(select(moved.c.deadline, moved.c.head).add_cte(added), dialect)


@cache
def _two_statements(dialect: Any) -> tuple[DriverStatement, DriverStatement]:
    columns = ("sitting_id", *_SENT, "head")
    return DriverStatement(EXTEND, dialect), DriverStatement(chain.APPEND.values({name: bindparam(name) for name in columns}), dialect)
