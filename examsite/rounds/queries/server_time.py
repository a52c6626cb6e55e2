"""What time it is for the server, as far as another process can be sure of it."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsite.rounds.models import Heartbeat

WORST_STEP = timedelta(hours=1)
"""By how much the clock of a machine is taken to be wrong at most: by a zone, or by summer time."""


def surely_past(session: Session, now: datetime) -> datetime:
    """The latest moment that has surely passed for the server, when this process reads `now` on a clock that somebody may have set.

    It is the last sign of life that reached the server, or `now` less the worst step, whichever is later, but never later than `now`.
    """
    heard = session.scalar(select(func.max(Heartbeat.at)))
    return min(now, max(heard, now - WORST_STEP)) if heard is not None else now - WORST_STEP
