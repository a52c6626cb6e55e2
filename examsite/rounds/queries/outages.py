"""Time that candidates lost to our own outages, found from facts in the database: signs of life, saves, starts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.rounds import timeplan
from examsite.rounds.models import ExamSession, Heartbeat, RosterEntry, Sitting, SittingEvent
from examsite.rounds.queries.attendance import Attendance, attendances_in
from examsite.rounds.queries.ledger import Preview, Want, names_in, preview_each
from examsite.rules import outage
from examsite.rules.timing import TimeKind

MANY = 2
"""One candidate who falls silent has trouble of their own; when this many do at once, the server was not reached."""
COMES_BACK = timedelta(minutes=2)
"""Whoever begins a part so soon after an outage is taken to have waited for it."""


LOOKED_AT = timedelta(hours=12)
"""How long after the last end the first sign of life after an outage is looked for."""
FAR = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Loss:
    """What an outage cost one candidate: seconds of the running time of one part. `granted`: it was made good already."""

    entry: str
    number: str
    name: str
    part: str
    seconds: int
    granted: bool


@dataclass(frozen=True)
class Outage:
    """A silence of the server while several were working. `began_at` is the last sign before it, `ended_at` the first after it."""

    began_at: datetime
    ended_at: datetime
    losses: tuple[Loss, ...]

    @property
    def open_losses(self) -> tuple[Loss, ...]:
        """What was not made good yet."""
        return tuple(loss for loss in self.losses if not loss.granted)

    @property
    def seconds(self) -> int:
        """How long it was, in whole seconds."""
        return -((self.began_at - self.ended_at) // timedelta(seconds=1))


def outages(session: Session, exam: ExamSession, now: datetime) -> tuple[Outage, ...]:
    """Every outage of a session so far, the earliest first, with what it cost each candidate; nothing is given by finding it."""
    listed = attendances_in(session, exam)
    names = names_in(session, exam)
    silent = [gap for gap in outage.gaps(_signs(session, exam, listed, now)) if _silent(listed, gap) >= MANY]
    found = [Outage(gap.began_at, gap.ended_at, _losses(listed, names, gap)) for gap in silent]
    return tuple(one for one in found if one.losses)


def outage_at(session: Session, exam: ExamSession, began_at: datetime, now: datetime) -> Outage | None:
    """The outage that began at this moment."""
    return next((one for one in outages(session, exam, now) if one.began_at == began_at), None)


def preview_outage(session: Session, exam: ExamSession, lost: Outage, now: datetime) -> Preview:
    """What granting to each candidate what they lost, and were not given yet, would do."""
    bounds = (lost.began_at, lost.ended_at)
    wants = {loss.entry: Want(TimeKind.GRANT, loss.part, loss.seconds, outage=bounds) for loss in lost.open_losses}
    return preview_each(session, exam, wants, now)


def _signs(session: Session, exam: ExamSession, listed: list[Attendance], now: datetime) -> set[datetime]:
    """When the server is known to have been reached, from the session's opening until its last end or now."""
    ends = [sitting.closes_at for one in listed for sitting in one.entry.sittings]
    until = min(now, exam.closed_at or now, max(ends, default=now) + LOOKED_AT)
    beats = select(Heartbeat.at).where(Heartbeat.at >= exam.opens_at - COMES_BACK, Heartbeat.at <= until)
    events = (
        select(SittingEvent.received_at)
        .join(Sitting, Sitting.id == SittingEvent.sitting_id)
        .join(RosterEntry, RosterEntry.id == Sitting.entry_id)
        .where(RosterEntry.session_id == exam.id)
    )
    seen = {sitting.last_seen_at for one in listed for sitting in one.entry.sittings if sitting.last_seen_at is not None}
    return {*session.scalars(beats), *session.scalars(events), *seen}


def _silent(listed: list[Attendance], gap: outage.Gap) -> int:
    """How many had more time running inside the gap than one who works is ever silent: a break is quiet too, and no outage."""
    longest = outage.LONGEST_SILENCE.total_seconds()
    return sum(any(_lost(one, sitting, gap) > longest for sitting in one.entry.sittings) for one in listed)


def _lost(attendance: Attendance, sitting: Sitting, gap: outage.Gap) -> int:
    span = _span(attendance, sitting, gap)
    return outage.lost_seconds(gap, *span, _stopped(attendance)) if span else 0


def _losses(listed: list[Attendance], names: Mapping[int, str], gap: outage.Gap) -> tuple[Loss, ...]:
    found = []
    for one in listed:
        if one.entry.state == "voided":
            continue
        for sitting in one.entry.sittings:
            seconds = _lost(one, sitting, gap)
            if seconds:
                entry = one.entry
                granted = _granted(one, sitting.part, gap)
                found.append(Loss(entry.public_id, entry.candidate_number, names[entry.application_id], sitting.part, seconds, granted))
                break
    return tuple(found)


def _span(attendance: Attendance, sitting: Sitting, gap: outage.Gap) -> tuple[datetime, datetime] | None:
    """When this sitting's time ran, as the ledger stood when the gap began; None when none of it fell into the gap."""
    before = tuple(line for line in attendance.ledger if line.decided_at <= gap.began_at)
    then = replace(attendance, ledger=before).reckoned
    window = timeplan.window_of(then, sitting.part)
    if window.opens_at is None or window.deadline is None:
        return None
    waited = sitting.started_at <= gap.ended_at + COMES_BACK
    begins = window.opens_at if waited else sitting.started_at
    handed_in = sitting.closed_at if sitting.state == "submitted" else None
    ends = min(window.deadline, handed_in or window.deadline)
    return (begins, ends) if begins < gap.ended_at and ends > gap.began_at else None


def _stopped(attendance: Attendance) -> list[tuple[datetime, datetime]]:
    """When a pause had stopped the clock. One written with its end is the time a part stood closed before it was opened again: no answer
    to the gap."""
    pauses = [line for line in attendance.ledger if line.kind == TimeKind.PAUSE and line.ended_at != line.decided_at]
    return [(line.began_at, line.ended_at or FAR) for line in pauses if line.began_at is not None]


def _granted(attendance: Attendance, part: str, gap: outage.Gap) -> bool:
    return any(
        line.kind == TimeKind.GRANT
        and line.part == part
        and line.began_at is not None
        and line.ended_at is not None
        and line.began_at < gap.ended_at
        and line.ended_at > gap.began_at
        for line in attendance.ledger
    )
