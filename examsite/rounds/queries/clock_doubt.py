"""What the database says against the clock, for whoever starts a server: its newest traces lie ahead, or far back while candidates sat."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsite.audit.models import LogEntry
from examsite.rounds.models import ExamSession, Heartbeat, RosterEntry, Sitting

MAY_DIFFER = timedelta(seconds=5)
"""Hosts that write into one database may be this far apart."""
LONG = timedelta(minutes=10)
"""A restart, even of the machine, takes less; and nobody with this much time left falls silent together with everybody else."""
NONE = timedelta()


@dataclass(frozen=True)
class ClockDoubt:
    """`ahead`: how far the newest trace lies after the clock. `silent`: how long no page was heard, though `sitting` candidates had time
    left at the last sign. Either is zero where there is nothing to doubt."""

    ahead: timedelta = NONE
    silent: timedelta = NONE
    sitting: int = 0


def clock_doubt(session: Session, now: datetime) -> ClockDoubt:
    """A clock that was set back leaves traces after `now`; one that was set forward cannot be told from a server that was long away."""
    last_sign = session.scalars(select(Heartbeat.at).order_by(Heartbeat.bucket.desc()).limit(1)).first()
    last_entry = session.scalars(select(LogEntry.at).order_by(LogEntry.id.desc()).limit(1)).first()
    newest = max((moment for moment in (last_sign, last_entry) if moment is not None), default=now)
    if newest > now + MAY_DIFFER:
        return ClockDoubt(ahead=newest - now)
    if last_sign is None or now <= last_sign + LONG:
        return ClockDoubt()
    sitting = _sitting_at(session, last_sign)
    return ClockDoubt(silent=now - last_sign, sitting=sitting) if sitting else ClockDoubt()


def _sitting_at(session: Session, moment: datetime) -> int:
    """Candidates of sessions not closed yet who had time left then and have not handed in; what was closed since by its deadline counts."""
    sat = (
        select(func.count(Sitting.entry_id.distinct()))
        .join(Sitting.entry)
        .join(ExamSession, ExamSession.id == RosterEntry.session_id)
        .where(ExamSession.state == "sealed", RosterEntry.state == "started")
        .where(Sitting.state != "submitted", Sitting.started_at <= moment, Sitting.closes_at > moment + LONG)
    )
    return session.scalars(sat).one()
