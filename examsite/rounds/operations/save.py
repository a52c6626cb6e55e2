"""The save path: one guarded UPDATE and one INSERT in one transaction, and the reply after it. Nothing is overwritten.

It signs the candidate in by itself, inside the guard, and touches no form and no mapped object: thousands save every minute, and a save
must not wait for anything but its own sitting.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, Table, and_, bindparam, select, update
from sqlalchemy.orm import Session

from examsite.accounts.models import Account, LoginSession
from examsite.campaigns.models import Application
from examsite.rounds import chain
from examsite.rounds.answer_shapes import answer_fault
from examsite.rounds.models import RosterEntry, Sitting, SittingEvent
from examsite.rounds.operations import evidence
from examsite.rounds.queries.sittings import Options, paper_options
from examsite.rounds.save_body import SaveBody


@dataclass(frozen=True)
class Saved:
    """Stored, and it will not be lost. `receipt` is the head of the chain after it."""

    seq: int
    deadline: datetime
    receipt: bytes


@dataclass(frozen=True)
class Repeated:
    """The same was stored before: the receipt is the one given then, `state` is how the sitting stands now."""

    seq: int
    deadline: datetime
    receipt: bytes
    state: str


@dataclass(frozen=True)
class Gap:
    """Something before it is missing; the page sends again from after `last_seq`."""

    last_seq: int


@dataclass(frozen=True)
class Differs:
    """This place is taken by something else; the page sends again from after `last_seq`."""

    last_seq: int


@dataclass(frozen=True)
class Moved:
    """Another device holds the pen; what came is kept as evidence, unless this sitting left too much already."""

    epoch: int
    kept: bool


@dataclass(frozen=True)
class Late:
    """It came after the close: kept as evidence (unless this sitting left too much already), not counted."""

    deadline: datetime
    closes_at: datetime
    kept: bool


@dataclass(frozen=True)
class Closed:
    """The sitting was handed in or ended before: kept as evidence (unless this sitting left too much already), not counted."""

    state: str
    deadline: datetime
    kept: bool


@dataclass(frozen=True)
class SignedOut:
    """The login session ended, ran out, or the account is disabled."""


@dataclass(frozen=True)
class NotYours:
    """There is no such sitting for this person."""


@dataclass(frozen=True)
class Malformed:
    """An item that is not on the paper, or an option that the item does not have."""

    code: str


Outcome = Saved | Repeated | Gap | Differs | Moved | Late | Closed | SignedOut | NotYours | Malformed

_sitting, _login, _account = (cast("Table", model.__table__) for model in (Sitting, LoginSession, Account))
_event = cast("Table", SittingEvent.__table__)
_entry, _application = (cast("Table", model.__table__) for model in (RosterEntry, Application))

STANDING = and_(
    _login.c.token_hash == bindparam("token_hash"),
    _login.c.ended_at.is_(None),
    _login.c.expires_at > bindparam("now"),
    _account.c.id == _login.c.account_id,
    _account.c.disabled_at.is_(None),
)
EXTEND = (
    update(_sitting)
    .where(
        _sitting.c.public_id == bindparam("sitting"),
        _sitting.c.login_session_id == _login.c.id,
        STANDING,
        _sitting.c.epoch == bindparam("at_epoch"),
        _sitting.c.state == "open",
        _sitting.c.last_seq == bindparam("after"),
        _sitting.c.closes_at > bindparam("now"),
    )
    .values(
        last_seq=bindparam("seq"),
        last_saved_at=bindparam("now"),
        last_seen_at=bindparam("now"),
        head=chain.chain_step(_sitting.c.head, bindparam("commitment")),
    )
    .returning(_sitting.c.id, _sitting.c.head, _sitting.c.deadline)
)
_LOOK = (
    select(
        _sitting.c.id,
        _sitting.c.epoch,
        _sitting.c.state,
        _sitting.c.last_seq,
        _sitting.c.deadline,
        _sitting.c.closes_at,
        _sitting.c.login_session_id,
        _login.c.id.label("login_id"),
    )
    .select_from(_sitting.join(_entry, _entry.c.id == _sitting.c.entry_id).join(_application, _application.c.id == _entry.c.application_id))
    .where(_sitting.c.public_id == bindparam("sitting"), _application.c.account_id == _account.c.id, STANDING)
)
_SIGNED_IN = select(_login.c.id).where(STANDING)
_STORED = select(_event.c.epoch, _event.c.kind, _event.c.body_digest, _event.c.head).where(
    _event.c.sitting_id == bindparam("sitting"), _event.c.seq == bindparam("seq")
)


def save_answers(session: Session, sitting: str, token_hash: str, body: SaveBody, now: datetime) -> Outcome:
    """Store answers of the sitting with this public id, for the login session of this token hash.

    Never raises for what a candidate may run into: every outcome is a value, and the caller commits in any case, because some of them
    (`Late`, `Closed`, `Moved`) keep evidence.
    """
    options = paper_options(session, sitting)
    if options is None:
        return NotYours()
    if fault := fault_in(body, options):
        return Malformed(fault)
    connection = session.connection()
    link = chain.new_link(chain.SAVE, sitting, body.seq, body.epoch, now, body.text)
    asker = {"sitting": sitting, "token_hash": token_hash, "now": now}
    outcome = _extend(connection, asker, link) or _explain(connection, asker, link)
    # A neighbour may have finished between the two looks: then it is this save's turn after all.
    return outcome or _extend(connection, asker, link) or Gap(body.seq - 1)


def fault_in(body: SaveBody, options: Options) -> str | None:
    """What no page of ours sends for this paper, as a code; None when all is well."""
    for item, kind, value in body.answers:
        if item not in options:
            return "item_unknown"
        if fault := answer_fault(kind, value, options[item]):
            return fault
    return None


def _extend(connection: Connection, asker: dict[str, Any], link: chain.NewLink) -> Saved | None:
    """Move the counter and the head if everything allows it, and append the event; None when the guard let nothing through."""
    values = {"at_epoch": link.epoch, "after": link.seq - 1, "seq": link.seq, "commitment": link.commitment}
    row = connection.execute(EXTEND, asker | values).one_or_none()
    if row is None:
        return None
    connection.execute(chain.APPEND, link.row(row.id, row.head))
    return Saved(link.seq, row.deadline, row.head)


def _explain(connection: Connection, asker: dict[str, Any], link: chain.NewLink) -> Outcome | None:
    """Why the guard let nothing through, and keep what came as evidence where it may matter; None when it would let it through now."""
    row = connection.execute(_LOOK, asker).one_or_none()
    if row is None:
        signed_in = connection.execute(_SIGNED_IN, {"token_hash": asker["token_hash"], "now": asker["now"]}).one_or_none()
        return NotYours() if signed_in else SignedOut()
    stored = connection.execute(_STORED, {"sitting": row.id, "seq": link.seq}).one_or_none()
    if stored is not None and (stored.kind, stored.epoch, stored.body_digest) == (chain.SAVE, link.epoch, link.body_digest):
        return Repeated(link.seq, row.deadline, stored.head, _state(row, asker["now"]))
    if row.epoch != link.epoch or row.login_session_id != row.login_id:
        return Moved(row.epoch, _keep(connection, row, link, "moved"))
    if row.state != "submitted" and asker["now"] >= row.closes_at:
        return Late(row.deadline, row.closes_at, _keep(connection, row, link, "late"))
    if row.state != "open":
        return Closed(row.state, row.deadline, _keep(connection, row, link, "closed"))
    if link.seq == row.last_seq + 1:
        return None
    return Gap(row.last_seq) if link.seq > row.last_seq else Differs(row.last_seq)


def _state(row: Row[*tuple[Any, ...]], now: datetime) -> str:
    return "closed" if row.state == "open" and now >= row.closes_at else str(row.state)


def _keep(connection: Connection, row: Row[*tuple[Any, ...]], link: chain.NewLink, why: str) -> bool:
    """Keep what came as evidence; False when this sitting has left as much as it may."""
    return evidence.keep(connection, row.id, row.login_id, row.epoch, link, why)
