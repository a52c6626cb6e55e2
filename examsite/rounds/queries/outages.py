"""Time that candidates lost to our own outages, found from facts in the database: signs of life, saves, starts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.models import LoginSession
from examsite.rounds import timeplan
from examsite.rounds.models import ExamSession, Heartbeat, RosterEntry, Sitting, SittingEvent
from examsite.rounds.queries.attendance import Attendance, attendances_in
from examsite.rounds.queries.ledger import LedgerRow, Preview, Want, ledger_rows, names_in, preview_each
from examsite.rounds.queries.outage_decisions import Ruling, rulings_in
from examsite.rules import canonical, outage, timing
from examsite.rules.timing import TimeKind

MANY = 2
"""One candidate who falls silent has trouble of their own; when this many do at once, the server was not reached."""
COMES_BACK = timedelta(minutes=2)
"""Whoever begins a part so soon after an outage is taken to have waited for it."""
WAITED = timedelta(hours=1)
"""How long before the opening the last sign before an outage over the start is looked for: the waiting rooms are open by then."""
LOOKED_AT = timedelta(hours=12)
"""How long after the last end the first sign of life after an outage is looked for."""
BY_HAND = (TimeKind.GRANT, TimeKind.CORRECTION, TimeKind.START)
FAR = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Loss:
    """What an outage cost one candidate: seconds of the running time of one part. `granted`: it was made good already.
    `decision`: how it was decided, empty while nobody has.

    `waiting`: they have begun nothing, because the server was away when the first part they sit began; so its start is moved.
    """

    entry: str
    number: str
    name: str
    part: str
    seconds: int
    granted: bool
    waiting: bool = False
    decision: str = ""


@dataclass(frozen=True)
class Outage:
    """A silence of the server while several were working or waiting for the start. `began_at` is the last sign before it, `ended_at` the
    first after it."""

    began_at: datetime
    ended_at: datetime
    losses: tuple[Loss, ...]
    rulings: tuple[Ruling, ...] = ()

    @property
    def open_losses(self) -> tuple[Loss, ...]:
        """What nobody has decided on: of a candidate who began only after the others were decided on, that one's alone."""
        return tuple(loss for loss in self.losses if not loss.granted and not loss.decision)

    @property
    def digest(self) -> str:
        """What whoever declines it has seen: its bounds and who lost how much."""
        lost = [[loss.entry, loss.part, loss.seconds] for loss in self.open_losses]
        return canonical.digest([self.began_at, self.ended_at, lost])

    @property
    def seconds(self) -> int:
        """How long it was, in whole seconds."""
        return -((self.began_at - self.ended_at) // timedelta(seconds=1))


def outages(session: Session, exam: ExamSession, now: datetime) -> tuple[Outage, ...]:
    """Every outage of a session so far, the earliest first, with what it cost each candidate; nothing is given by finding it."""
    listed = attendances_in(session, exam)
    names = names_in(session, exam)
    logins = _logins(session, listed)
    silent = [gap for gap in outage.gaps(_signs(session, exam, listed, now)) if _silent(listed, logins, gap) >= MANY]
    rulings = rulings_in(session, exam) if silent else ()
    found = [_decided(Outage(gap.began_at, gap.ended_at, _losses(listed, names, gap)), rulings) for gap in silent]
    return tuple(one for one in found if one.losses)


def outage_at(session: Session, exam: ExamSession, began_at: datetime, now: datetime) -> Outage | None:
    """The outage that began at this moment, or about then: the moment is what somebody was shown, and the last sign before an outage may be
    read some seconds apart once candidates are back (their last sign is overwritten) or a slow request has been written down."""
    found = outages(session, exam, now)
    return next((one for one in found if one.began_at - outage.LONGEST_SILENCE < began_at < one.ended_at), None)


def given_by_hand(session: Session, exam: ExamSession, lost: Outage) -> list[LedgerRow]:
    """What was given by hand since the outage began to those who lost time in it, the newest first: perhaps for these very minutes."""
    numbers = {loss.number for loss in lost.losses}
    since = (
        row
        for row in ledger_rows(session, exam)
        if row.entry.kind in BY_HAND and row.entry.began_at is None and row.entry.decided_at >= lost.began_at
    )
    theirs = (replace(row, numbers=tuple(number for number in row.numbers if number in numbers)) for row in since)
    return [row for row in theirs if row.numbers]


def preview_outage(session: Session, exam: ExamSession, lost: Outage, now: datetime) -> Preview:
    """What granting to each candidate what they lost, and were not given yet, would do."""
    bounds = (lost.began_at, lost.ended_at)
    kinds = {True: TimeKind.START, False: TimeKind.GRANT}
    wants = {loss.entry: Want(kinds[loss.waiting], loss.part, loss.seconds, outage=bounds) for loss in lost.open_losses}
    return preview_each(session, exam, wants, now)


def _decided(lost: Outage, rulings: tuple[Ruling, ...]) -> Outage:
    """The same with what was decided on it."""
    mine = tuple(one for one in rulings if one.meets(lost.began_at, lost.ended_at))
    decisions = {number: one.decision for one in mine for number in one.numbers}
    return replace(lost, rulings=mine, losses=tuple(replace(loss, decision=decisions.get(loss.number, "")) for loss in lost.losses))


def _signs(session: Session, exam: ExamSession, listed: list[Attendance], now: datetime) -> set[datetime]:
    """When the server is known to have been reached, from an hour before the session's opening until its last end or now."""
    ends = [sitting.closes_at for one in listed for sitting in one.entry.sittings]
    until = min(now, exam.closed_at or now, max(ends, default=now) + LOOKED_AT)
    beats = select(Heartbeat.at).where(Heartbeat.at >= exam.opens_at - WAITED, Heartbeat.at <= until)
    events = (
        select(SittingEvent.received_at)
        .join(Sitting, Sitting.id == SittingEvent.sitting_id)
        .join(RosterEntry, RosterEntry.id == Sitting.entry_id)
        .where(RosterEntry.session_id == exam.id)
    )
    seen = {sitting.last_seen_at for one in listed for sitting in one.entry.sittings if sitting.last_seen_at is not None}
    return {*session.scalars(beats), *session.scalars(events), *seen}


def _logins(session: Session, listed: list[Attendance]) -> dict[int, list[LoginSession]]:
    """When the candidates were signed in, by account: whoever is, and has begun nothing, has the waiting room open."""
    accounts = [one.entry.application.account_id for one in listed]
    found: dict[int, list[LoginSession]] = {}
    for login in session.scalars(select(LoginSession).where(LoginSession.account_id.in_(accounts))):
        found.setdefault(login.account_id, []).append(login)
    return found


def _silent(listed: list[Attendance], logins: Mapping[int, list[LoginSession]], gap: outage.Gap) -> int:
    """How many had more time running inside the gap than one who is there is ever silent: a break is quiet too, and no outage."""
    longest = outage.LONGEST_SILENCE.total_seconds()
    working = sum(any(_lost(one, sitting, gap) > longest for sitting in one.entry.sittings) for one in listed)
    return working + sum(_signed_in(one, logins, gap.began_at) and _lost_waiting(one, gap)[1] > longest for one in listed)


def _signed_in(attendance: Attendance, logins: Mapping[int, list[LoginSession]], moment: datetime) -> bool:
    account = attendance.entry.application.account_id
    return any(
        login.created_at <= moment < min(login.expires_at, login.ended_at or login.expires_at) for login in logins.get(account or 0, ())
    )


def _lost_waiting(attendance: Attendance, gap: outage.Gap) -> tuple[str, int]:
    """The first part of somebody who has begun nothing, and what its programmed time lost to a gap that lay over its start."""
    if attendance.entry.state != "listed" or attendance.entry.sittings or not attendance.plan.sat:
        return "", 0
    part = attendance.plan.sat[0].part
    window = timeplan.window_of(_before(attendance, gap), part)
    if window.opens_at is None or window.deadline is None or gap.began_at > window.opens_at + outage.LONGEST_SILENCE:
        return part, 0
    return part, outage.lost_seconds(gap, window.opens_at, window.deadline, _stopped(attendance))


def _lost(attendance: Attendance, sitting: Sitting, gap: outage.Gap) -> int:
    span = _span(attendance, sitting, gap)
    return outage.lost_seconds(gap, *span, _stopped(attendance)) if span else 0


def _losses(listed: list[Attendance], names: Mapping[int, str], gap: outage.Gap) -> tuple[Loss, ...]:
    found = []
    for one in listed:
        if one.entry.state == "voided":
            continue
        lost = ((sitting.part, _lost(one, sitting, gap), False) for sitting in one.entry.sittings)
        for part, seconds, waiting in (*lost, (*_lost_waiting(one, gap), True)):
            if seconds:
                who = (one.entry.public_id, one.entry.candidate_number, names[one.entry.application_id])
                found.append(Loss(*who, part, seconds, _granted(one, part, gap), waiting))
                break
    return tuple(found)


def _before(attendance: Attendance, gap: outage.Gap) -> timing.TimePlan:
    """The plan of a candidate as the ledger stood when the gap began."""
    return replace(attendance, ledger=tuple(line for line in attendance.ledger if line.decided_at <= gap.began_at)).reckoned


def _span(attendance: Attendance, sitting: Sitting, gap: outage.Gap) -> tuple[datetime, datetime] | None:
    """When this sitting's time ran, as the ledger stood when the gap began; None when none of it fell into the gap."""
    window = timeplan.window_of(_before(attendance, gap), sitting.part)
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
        line.kind in (TimeKind.GRANT, TimeKind.START)
        and line.part == part
        and line.began_at is not None
        and line.ended_at is not None
        and line.began_at < gap.ended_at
        and line.ended_at > gap.began_at
        for line in attendance.ledger
    )
