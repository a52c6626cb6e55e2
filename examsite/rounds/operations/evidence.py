"""What came late: keep it, within bounds, and decide once for each piece whether it counts."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Table, func, literal, select

from examsite.db import insert_once, new_public_id
from examsite.rounds import chain
from examsite.rounds.models import LateEvidence

MOST_PIECES = 100
MOST_CHARACTERS = 256 * 1024
"""How much one sitting may leave as evidence. A page that was cut off sends what waits in one piece, or a few; more is no candidate."""

_late = cast("Table", LateEvidence.__table__)


def keep(connection: Connection, sitting_id: int, login_id: int, held_epoch: int, link: chain.NewLink, why: str) -> bool:
    """Keep what came too late, once; whether it is kept now. False: this sitting has left as much as it may.

    The bounds stand in the statement; of requests in the very same moment each may still find room, so the bound is passed by a few at most.
    """
    row: dict[str, Any] = {
        "public_id": new_public_id(),
        "sitting_id": sitting_id,
        "login_session_id": login_id,
        "seq": link.seq,
        "epoch": link.epoch,
        "held_epoch": held_epoch,
        "why": why,
        "body": link.body,
        "body_digest": link.body_digest,
        "received_at": link.received_at,
    }
    mine = _late.c.sitting_id == sitting_id
    pieces = select(func.count()).select_from(_late).where(mine).scalar_subquery()
    characters = select(func.coalesce(func.sum(func.length(_late.c.body)), 0)).where(mine).scalar_subquery()
    values = select(*(literal(value, _late.c[name].type) for name, value in row.items()))
    bounded = values.where(pieces < MOST_PIECES, characters <= MOST_CHARACTERS - len(link.body))
    connection.execute(insert_once(connection.dialect, _late).from_select(list(row), bounded))
    same = (mine, _late.c.epoch == link.epoch, _late.c.seq == link.seq, _late.c.body_digest == link.body_digest)
    return connection.scalar(select(_late.c.id).where(*same)) is not None
