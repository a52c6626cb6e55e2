"""Stop the clock of candidates and let it run again. A pause gives exactly the time it took, a begun second counted in full."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.roles import Role
from examsite.db import new_public_id, rows_changed
from examsite.rounds import timeplan
from examsite.rounds.models import ExamSession, TimeEntry
from examsite.rounds.operations.ledger import align, check_words, lock
from examsite.rounds.operations.sessions import about, hold
from examsite.rounds.permissions import may_pause
from examsite.rounds.queries.attendance import Attendance, attendances_in
from examsite.rounds.queries.ledger import whole_seconds
from examsite.rounds.queries.pauses import pausable
from examsite.rules import timing
from examsite.rules.refusal import NotFound, Refused


def pause_time(
    session: Session, exam: ExamSession, entries: Collection[str] | None, cause: str, reason: str, role: Role, now: datetime
) -> int:
    """Stop the clock of the candidates with these public ids (None: the room); return of how many.

    Nothing opens and nothing closes for them until `resume_time`; what they save is stored. Those who are absent, voided, done or paused
    already are left as they are; refuses (`rounds.nobody_to_pause`) when nobody else was named.
    """
    role.must(may_pause(role))
    check_words(cause, reason)
    hold(session, exam, "sealed")
    lock(session, exam, entries)
    concerned = [(one, part) for one in _named(session, exam, entries) if (part := pausable(one, now)) is not None]
    if not concerned:
        raise Refused("rounds.nobody_to_pause")
    batch = new_public_id()
    for one, part in concerned:
        row = {"entry_id": one.entry.id, "batch": batch, "kind": timing.TimeKind.PAUSE.value, "part": part[0], "began_at": now}
        why = {"cause": cause, "reason": reason.strip(), "decided_by_id": role.account.id, "decided_at": now}
        session.execute(insert(TimeEntry).values(public_id=new_public_id(), **row, **why))
    align(session, exam, {one.entry.id for one, _ in concerned}, now)
    numbers = [one.entry.candidate_number for one, _ in concerned]
    told = {"batch": batch, "cause": cause, "numbers": numbers, "reason": reason.strip()}
    record(session, exam.campaign.chain, "rounds:time:paused", about(exam), role.actor, now, told)
    return len(concerned)


def resume_time(session: Session, exam: ExamSession, entries: Collection[str] | None, role: Role, now: datetime) -> int:
    """Let the clock run again for these candidates (None: for everybody who is paused); return for how many. Each gets the seconds lost."""
    role.must(may_pause(role))
    hold(session, exam, "sealed")
    lock(session, exam, entries)
    paused = [one for one in _named(session, exam, entries) if one.pause is not None]
    given = {one.entry.candidate_number: seconds for one in paused if (seconds := _end(session, one, now)) is not None}
    if not given:
        raise Refused("rounds.nobody_paused")
    align(session, exam, {one.entry.id for one in paused}, now)
    told = {"seconds": given}
    record(session, exam.campaign.chain, "rounds:time:resumed", about(exam), role.actor, now, told)
    return len(given)


def _named(session: Session, exam: ExamSession, entries: Collection[str] | None) -> list[Attendance]:
    listed = attendances_in(session, exam)
    if entries is None:
        return listed
    if set(entries) - {one.entry.public_id for one in listed}:
        raise NotFound
    return [one for one in listed if one.entry.public_id in entries]


def _end(session: Session, attendance: Attendance, now: datetime) -> int | None:
    """Give a running pause its end, once; its seconds, counted from when the part it stopped had opened. None if somebody was quicker."""
    pause = attendance.pause
    if pause is None or pause.began_at is None:
        return None
    plan = attendance.reckoned
    opened = timeplan.window_of(plan, pause.part).opens_at if pause.part is not None else plan.schedule.opens_at
    seconds = whole_seconds(max(pause.began_at, opened or pause.began_at), now)
    running = update(TimeEntry).where(TimeEntry.id == pause.id, TimeEntry.ended_at.is_(None))
    return seconds if rows_changed(session, running.values(ended_at=now, seconds=seconds)) else None
