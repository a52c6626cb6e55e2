"""Leave an entry in the log, in the transaction of the act itself."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from examsite.audit.models import LogChain, LogEntry
from examsite.db import insert_once
from examsite.rules import canonical, hashchain


@dataclass(frozen=True)
class Actor:
    """Who acts, as the log names them: a public id and the name at that moment."""

    public_id: str
    name: str


SYSTEM = Actor("system", "examsite")


def record(session: Session, chain: str, kind: str, about: str, actor: Actor, now: datetime, data: Mapping[str, object]) -> None:
    """Append one entry to `chain`.

    `kind` has three parts, room:subject:action; `about` names the object as subject:public-id; `data` holds what changed, as values
    that `rules/canonical.py` takes. The chain's row is locked first, so that two writers never share a number.
    """
    chain_id, number, head = _next_link(session, chain)
    content = {
        "about": about,
        "actor": actor.public_id,
        "actor_name": actor.name,
        "at": now,
        "data": dict(data),
        "kind": kind,
        "number": number,
    }
    salt = secrets.token_bytes(hashchain.SALT_BYTES)
    commitment = hashchain.commitment(kind, salt, content)
    new_head = hashchain.step(head, commitment)
    session.execute(
        insert(LogEntry).values(
            chain_id=chain_id,
            number=number,
            at=now,
            kind=kind,
            about=about,
            actor=actor.public_id,
            actor_name=actor.name,
            content=canonical.to_bytes(content).decode(),
            salt=salt,
            commitment=commitment,
            head=new_head,
        )
    )
    session.execute(update(LogChain).where(LogChain.id == chain_id).values(head=new_head), execution_options={"synchronize_session": False})


def _next_link(session: Session, chain: str) -> tuple[int, int, bytes]:
    step = (
        update(LogChain)
        .where(LogChain.name == chain)
        .values(last_number=LogChain.last_number + 1)
        .returning(LogChain.id, LogChain.last_number, LogChain.head)
        .execution_options(synchronize_session=False)
    )
    row = session.execute(step).one_or_none()
    if row is None:
        _begin_chain(session, chain)
        row = session.execute(step).one()
    return row.id, row.last_number, row.head


def _begin_chain(session: Session, chain: str) -> None:
    """Of two who write the first entry in the same moment one begins the chain; the other waits for it and goes on behind."""
    begun = insert_once(session.get_bind().dialect, LogChain).values(name=chain, last_number=0, head=hashchain.GENESIS)
    session.execute(begun)
