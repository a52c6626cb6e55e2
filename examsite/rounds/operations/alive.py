"""The sign of life of an exam page: it is told how things stand, and the invigilator sees that it is there.

It comes from thousands of pages every few seconds, so it reads in one statement, writes only what is worth a write, and asks for no more
than the save path does.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import Connection, Engine, Table, bindparam, select, update

from examsite.accounts.models import Account, LoginSession
from examsite.campaigns.models import Application
from examsite.driver import DriverStatement, driver_connection, moment_of, taking_turns
from examsite.rounds.models import RosterEntry, Sitting
from examsite.rounds.operations.heartbeat import beat
from examsite.rounds.operations.save import STANDING, NotYours, SignedOut
from examsite.rounds.save_body import SignOfLife

WORTH_A_WRITE = timedelta(seconds=15)
"""A page that was seen this recently, and says the same again, is not written down anew."""


@dataclass(frozen=True)
class Alive:
    """How the sitting stands. `holds_pen`: whether the asking login session may still save. `state`: open, submitted or closed."""

    holds_pen: bool
    state: str
    epoch: int
    last_seq: int
    deadline: datetime
    closes_at: datetime
    paused_since: datetime | None


Standing = Alive | SignedOut | NotYours
_sitting, _login, _account, _entry, _application = (
    cast("Table", model.__table__) for model in (Sitting, LoginSession, Account, RosterEntry, Application)
)
_READ = ("state", "epoch", "last_seq", "deadline", "closes_at", "paused_since", "last_seen_at", "at_item", "unsent")
_LOOK = (
    select(_sitting.c.id, *(_sitting.c[name] for name in _READ), (_sitting.c.login_session_id == _login.c.id).label("holds_pen"))
    .select_from(_sitting.join(_entry, _entry.c.id == _sitting.c.entry_id).join(_application, _application.c.id == _entry.c.application_id))
    .where(_sitting.c.public_id == bindparam("sitting"), _application.c.account_id == _account.c.id, STANDING)
)
_SIGNED_IN = select(_login.c.id).where(STANDING)
_SEEN = (
    update(_sitting)
    .where(_sitting.c.id == bindparam("id"), _sitting.c.state == "open")
    .values(last_seen_at=bindparam("now"), at_item=bindparam("at"), unsent=bindparam("unsent"))
    .returning(_sitting.c.id)
)


def sign_of_life(
    engine: Engine | Connection, sitting: str, token_hash: str, sign: SignOfLife, now: datetime
) -> Alive | SignedOut | NotYours:
    """Say how this sitting stands, and remember that its page is there. `engine` as for `save_at_once`; raises OperationalError."""
    if isinstance(engine, Connection):
        return _answer(engine.connection.driver_connection, engine.dialect, sitting, token_hash, sign, now)
    with driver_connection(engine) as driver:
        return _answer(driver, engine.dialect, sitting, token_hash, sign, now)


def _answer(driver: Any, dialect: Any, sitting: str, token_hash: str, sign: SignOfLife, now: datetime) -> Standing:
    look, signed_in, seen = _statements(dialect)
    asker = {"token_hash": token_hash, "now": now}
    row = look.run(driver, asker | {"sitting": sitting})
    if row is None:
        return NotYours() if signed_in.run(driver, asker) else SignedOut()
    number, state, epoch, last_seq, *moments, at, unsent, holds_pen = row
    deadline, closes_at, paused_since, last_seen = map(moment_of, moments)
    if holds_pen and state == "open" and (_is_stale(last_seen, now) or (at, unsent) != (sign.at, sign.unsent)):
        with taking_turns(dialect):
            seen.run(driver, {"id": number, "now": now, "at": sign.at, "unsent": sign.unsent})
            beat(driver, dialect, now)
    shown = "closed" if state == "open" and now >= closes_at else state
    return Alive(bool(holds_pen), shown, epoch, last_seq, deadline, closes_at, paused_since)


def _is_stale(last_seen: datetime | None, now: datetime) -> bool:
    return last_seen is None or now - last_seen >= WORTH_A_WRITE


@cache
def _statements(dialect: Any) -> tuple[DriverStatement, DriverStatement, DriverStatement]:
    return DriverStatement(_LOOK, dialect), DriverStatement(_SIGNED_IN, dialect), DriverStatement(_SEEN, dialect)
