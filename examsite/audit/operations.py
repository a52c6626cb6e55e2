"""Leave an entry in the log, in the transaction of the act itself."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.orm import Session

from examsite.audit.models import LogChain, LogEntry
from examsite.db import insert_once
from examsite.rules import canonical, hashchain

_chain, _entry = (cast("Table", model.__table__) for model in (LogChain, LogEntry))
# Every act runs these, and a room signs in within minutes: they are built once.
_STEP = (
    update(_chain)
    .where(_chain.c.name == bindparam("chain"))
    .values(last_number=_chain.c.last_number + bindparam("count"))
    .returning(_chain.c.id, _chain.c.last_number, _chain.c.head)
)
_APPEND = insert(_entry)
_HEAD = update(_chain).where(_chain.c.id == bindparam("chain")).values(head=bindparam("newest"))


@dataclass(frozen=True)
class Actor:
    """Who acts, as the log names them: a public id and the name at that moment."""

    public_id: str
    name: str


SYSTEM = Actor("system", "examsite")


@dataclass(frozen=True)
class Entry:
    """What one entry says.

    `kind` has three parts, room:subject:action; `about` names the object as subject:public-id; `data` holds what changed, as values
    that `rules/canonical.py` takes.
    """

    kind: str
    about: str
    data: Mapping[str, object]


def record(session: Session, chain: str, kind: str, about: str, actor: Actor, now: datetime, data: Mapping[str, object]) -> None:
    """Append one entry to `chain`; see `Entry` for its parts."""
    record_all(session, chain, [Entry(kind, about, data)], actor, now)


def record_all(session: Session, chain: str, entries: Sequence[Entry], actor: Actor, now: datetime) -> None:
    """Append entries to `chain`, in this order, for an act that touches many objects at once.

    The chain's row is locked first, so that two writers never share a number.
    """
    if not entries:
        return
    session.flush()  # an act that its own constraints refuse fails before it is told
    chain_id, last, head = _next_links(session, chain, len(entries))
    rows = []
    for number, entry in enumerate(entries, last - len(entries) + 1):
        row = _row(number, entry, actor, now)
        head = row["head"] = hashchain.step(head, row["commitment"])
        rows.append(row | {"chain_id": chain_id})
    session.execute(_APPEND, rows)
    session.execute(_HEAD, {"chain": chain_id, "newest": head})


def _row(number: int, entry: Entry, actor: Actor, now: datetime) -> dict[str, Any]:
    content = {
        "about": entry.about,
        "actor": actor.public_id,
        "actor_name": actor.name,
        "at": now,
        "data": dict(entry.data),
        "kind": entry.kind,
        "number": number,
    }
    salt = secrets.token_bytes(hashchain.SALT_BYTES)
    return {
        "number": number,
        "at": now,
        "kind": entry.kind,
        "about": entry.about,
        "actor": actor.public_id,
        "actor_name": actor.name,
        "content": canonical.to_bytes(content).decode(),
        "salt": salt,
        "commitment": hashchain.commitment(entry.kind, salt, content),
    }


def _next_links(session: Session, chain: str, count: int) -> tuple[int, int, bytes]:
    """The chain's id, the number of the last of `count` new entries, and the head before them."""
    step = {"chain": chain, "count": count}
    row = session.execute(_STEP, step).one_or_none()
    if row is None:
        _begin_chain(session, chain)
        row = session.execute(_STEP, step).one()
    return row.id, row.last_number, row.head


def _begin_chain(session: Session, chain: str) -> None:
    """Of two who write the first entry in the same moment one begins the chain; the other waits for it and goes on behind."""
    begun = insert_once(session.get_bind().dialect, LogChain).values(name=chain, last_number=0, head=hashchain.GENESIS)
    session.execute(begun)
