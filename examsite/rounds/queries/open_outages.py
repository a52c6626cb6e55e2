"""Outages that wait for a decision, for pages that ask every few seconds: worked out anew only when something can have changed them."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsite.rounds.models import BUCKET_SECONDS, ExamSession, Heartbeat, OutageDecision, RosterEntry, Sitting, TimeEntry
from examsite.rounds.queries.outages import WAITED, Outage, outages
from examsite.rules.outage import LONGEST_SILENCE

REMEMBERED = 200
_BUCKETS = LONGEST_SILENCE.seconds // BUCKET_SECONDS
_known: dict["_State", tuple[Outage, ...]] = {}


class _State(NamedTuple):
    """What the outages of a session follow from, as far as it can change: when the server was silent, who has begun, what was given,
    what was decided."""

    exam: str
    state: str
    opens_at: datetime
    silences: tuple[int, ...]
    sittings: int
    sealed: int
    entries: int
    entry: int
    decided: int


def open_outages(session: Session, exam: ExamSession, now: datetime) -> tuple[Outage, ...]:
    """The outages of a session that cost somebody time on which nobody has decided yet, the earliest first; none before its papers are
    sealed, since nobody has begun anything."""
    if exam.state == "planned":
        return ()
    silences = _silences(session, exam, min(now, exam.closed_at or now))
    if not silences:
        return ()
    state = _state(session, exam, silences)
    if state not in _known:
        if len(_known) >= REMEMBERED:
            _known.clear()
        _known[state] = tuple(one for one in outages(session, exam, now) if one.open_losses)
    return _known[state]


def _silences(session: Session, exam: ExamSession, now: datetime) -> tuple[int, ...]:
    """The buckets of heartbeats that came after a silence: more signs of life may shorten it, and none can make another."""
    first, last = (int(moment.timestamp()) // BUCKET_SECONDS for moment in (exam.opens_at - WAITED, now))
    before = (Heartbeat.bucket - func.lag(Heartbeat.bucket).over(order_by=Heartbeat.bucket)).label("before")
    beats = select(Heartbeat.bucket, before).where(Heartbeat.bucket.between(first, last)).subquery()
    return tuple(session.scalars(select(beats.c.bucket).where(beats.c.before >= _BUCKETS).order_by(beats.c.bucket)))


def _state(session: Session, exam: ExamSession, silences: tuple[int, ...]) -> _State:
    mine = RosterEntry.session_id == exam.id
    begun = select(func.count(), func.count(Sitting.closed_at)).select_from(Sitting).join(Sitting.entry).where(mine)
    given = select(func.count(TimeEntry.id), func.count(TimeEntry.ended_at)).join(TimeEntry.entry).where(mine)
    decided = select(func.count(OutageDecision.id)).join(OutageDecision.entry).where(mine)
    counted = (*session.execute(begun).one(), *session.execute(given).one(), session.scalars(decided).one())
    return _State(exam.public_id, exam.state, exam.opens_at, silences, *counted)
