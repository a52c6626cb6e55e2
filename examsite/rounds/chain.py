"""The chain of one sitting: what each link commits to, and how the database takes a step inside one statement.

Links are numbered by `seq`: 0 is the start, 1 to n the acknowledged saves, n + 1 the sealing, and what follows it are decisions that late
evidence counts (or no longer counts); each of these says all that counts from then on. Time given after the sealing leaves the link
`reopened`; saves go on behind it, to another sealing. Each link binds the sitting, its place, the device, the moment and the text of what
was sent, so that none can be moved, exchanged or edited unseen.
"""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import LargeBinary, Table, insert
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import FunctionElement

from examsite.rounds.models import SittingEvent
from examsite.rules import canonical, hashchain

APPEND = insert(cast("Table", SittingEvent.__table__)).inline()
"""The one way in which a link enters the table; its values are those of `NewLink.row`."""
START, SAVE, SEAL, ADMITTED, REOPENED = "start", "save", "seal", "admitted", "reopened"


@dataclass(frozen=True)
class NewLink:
    """One link before it has its head: `body` is the canonical text that is stored and committed to."""

    kind: str
    seq: int
    epoch: int
    body: str
    received_at: datetime
    salt: bytes
    commitment: bytes

    @property
    def body_digest(self) -> str:
        """SHA-256 of the text, by which a repeated save is known."""
        return canonical.digest_bytes(self.body.encode())

    def row(self, sitting_id: int, head: bytes) -> dict[str, Any]:
        """The columns of the event that stores this link."""
        return {
            "sitting_id": sitting_id,
            "seq": self.seq,
            "epoch": self.epoch,
            "kind": self.kind,
            "body": self.body,
            "body_digest": self.body_digest,
            "received_at": self.received_at,
            "salt": self.salt,
            "commitment": self.commitment,
            "head": head,
        }


def content(sitting: str, seq: int, epoch: int, received_at: datetime, body: str) -> dict[str, object]:
    """What a link commits to; `sitting` is the public id."""
    return {"body": body, "epoch": epoch, "received_at": received_at, "seq": seq, "sitting": sitting}


def commitment_kind(kind: str) -> str:
    """The kind under which a link of this sort is committed to."""
    return f"rounds:sitting:{kind}"


def new_link(kind: str, sitting: str, seq: int, epoch: int, received_at: datetime, body: str) -> NewLink:
    """A link with a fresh salt."""
    salt = secrets.token_bytes(hashchain.SALT_BYTES)
    bound = hashchain.commitment(commitment_kind(kind), salt, content(sitting, seq, epoch, received_at, body))
    return NewLink(kind, seq, epoch, body, received_at, salt, bound)


def text_of(value: object) -> str:
    """Canonical text of a value, as the body of a link."""
    return canonical.to_bytes(value).decode()


def value_of(body: str) -> Any:
    """The value of a stored body."""
    return json.loads(body)


def values_of(bodies: Iterable[str]) -> Any:
    """The values of many stored bodies in their order; they are read together, which takes a third of the time."""
    return json.loads(f"[{','.join(bodies)}]")


class chain_step(FunctionElement[bytes]):  # noqa: N801 - it is the name of an SQL function
    """`hashchain.step(head, commitment)` as an SQL expression, so that the head moves in the statement that guards it."""

    name = "chain_step"
    type = LargeBinary()
    inherit_cache = True


@compiles(chain_step, "sqlite")
def _in_sqlite(element: chain_step, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"chain_step({compiler.process(element.clauses, **kwargs)})"


@compiles(chain_step, "postgresql")
def _in_postgresql(element: chain_step, compiler: SQLCompiler, **kwargs: Any) -> str:
    head, commitment = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"sha256('\\x02'::bytea || {head} || CAST({commitment} AS bytea))"
