"""Mark a sealed sitting by the key of its paper. A later key gives a later row; none is overwritten."""

from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, func, insert, select
from sqlalchemy.orm import Session

from examsite.rounds.models import Sitting, SittingMark
from examsite.rounds.queries.marking import marked
from examsite.rounds.queries.sittings import Answers

_mark = cast("Table", SittingMark.__table__)
_last = select(func.coalesce(func.max(_mark.c.number), 0)).where(_mark.c.sitting_id == bindparam("of_sitting"))
# The sitting is locked whenever it is marked, so the number after the last one is free.
_NEXT_MARK = insert(_mark).values(sitting_id=bindparam("of_sitting"), number=_last.scalar_subquery() + 1)


def mark_sitting(session: Session, sitting: Sitting, answers: Answers, now: datetime) -> None:
    """Store the machine's marks of a sitting. Refuses (`rounds.key_missing`) rather than count an item without key as wrong."""
    values = marked(session, sitting.paper, answers)
    session.connection().execute(_NEXT_MARK, values | {"of_sitting": sitting.id, "marked_at": now})
