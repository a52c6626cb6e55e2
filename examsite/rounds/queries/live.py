"""Read a room as its invigilators see it, live. Never an answer, never a mark."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from examsite.accounts.models import LoginSession
from examsite.campaigns.models import Application, Person
from examsite.campaigns.queries import rule_set
from examsite.rounds import timeplan
from examsite.rounds.live_room import LiveRoom, LiveRow, PresentPart
from examsite.rounds.models import ExamRoom, ExamSession, Paper, ReleaseRequest, RosterEntry, Sitting, TimeEntry, Violation
from examsite.rules import timing

SILENT_AFTER = timedelta(seconds=30)
"""A page that works gives a sign of life more often than this."""


def live_room(session: Session, exam: ExamSession, now: datetime) -> LiveRoom:
    """The room in one query, however many sit in it."""
    questions = {part.id: part.questions for part in rule_set(exam.campaign).round1.parts}
    by_entry: dict[int, list[Row[Any]]] = {}
    for found in session.execute(_everybody(exam, now)):
        by_entry.setdefault(found.id, []).append(found)
    rows = [_row(exam, sat, questions, now) for sat in by_entry.values()]
    return LiveRoom(tuple(sorted(rows, key=lambda row: (row.urgency, row.number))))


def present_part(exam: ExamSession, room: LiveRoom, now: datetime) -> PresentPart | None:
    """What the room is at: the part that most work at; before anybody works, under a shared clock, the programmed one."""
    at = Counter(row.part for row in room.rows if row.sitting_open and row.part is not None)
    if not at:
        return _programmed_part(exam, now)
    part = max(sorted(at), key=at.__getitem__)
    ends = [row.deadline for row in room.rows if row.sitting_open and row.part == part and not row.paused and row.deadline is not None]
    return PresentPart(part, min(ends, default=None), max(ends, default=None))


def _programmed_part(exam: ExamSession, now: datetime) -> PresentPart | None:
    plan = timeplan.plan_of(rule_set(exam.campaign), exam, frozenset(), ())
    if plan.schedule.clock is timing.Clock.PERSONAL:
        return None
    for window in timing.part_windows(plan):
        if window.opens_at is not None and window.deadline is not None and window.opens_at <= now < window.deadline:
            return PresentPart(window.part, window.deadline, window.deadline, programmed=True)
    return None


def _released() -> ColumnElement[bool]:
    """Another device was let in and may still come: its login goes on, or it is known again after a new sign-in."""
    goes_on = exists().where(LoginSession.id == Sitting.released_login_id, LoginSession.ended_at.is_(None))
    of_now = func.coalesce(Sitting.released_epoch, 0) == Sitting.epoch
    return and_(Sitting.released_login_id.is_not(None), of_now, or_(Sitting.released_device.is_not(None), goes_on))


def _asked_at(released: ColumnElement[bool]) -> ScalarSelect[datetime]:
    """Since when another device than the one that is in, or was let in, asks for this sitting."""
    return (
        select(func.min(ReleaseRequest.asked_at))
        .join(LoginSession, LoginSession.id == ReleaseRequest.login_session_id)
        .where(
            ReleaseRequest.sitting_id == Sitting.id,
            ReleaseRequest.epoch == Sitting.epoch,
            ReleaseRequest.login_session_id != Sitting.login_session_id,
            LoginSession.ended_at.is_(None),
            or_(~released, ReleaseRequest.login_session_id != Sitting.released_login_id),
        )
        .correlate(Sitting)
        .scalar_subquery()
    )


def _signed_in(now: datetime) -> ColumnElement[bool]:
    mine = LoginSession.account_id == Application.account_id
    return exists().where(mine, LoginSession.ended_at.is_(None), LoginSession.expires_at > now)


def _of_entry(found: Any, *where: ColumnElement[bool]) -> ScalarSelect[Any]:
    return select(found).where(*where).scalar_subquery()


def _everybody(exam: ExamSession, now: datetime) -> Select[*tuple[Any, ...]]:
    """One line a roster entry and sitting."""
    released = _released()
    papers = _of_entry(func.count(Paper.id), Paper.entry_id == RosterEntry.id)
    pauses = TimeEntry.entry_id == RosterEntry.id, TimeEntry.kind == "pause", TimeEntry.ended_at.is_(None)
    violations = _of_entry(func.count(Violation.id), Violation.entry_id == RosterEntry.id, Violation.state != "dismissed")
    return (
        select(
            RosterEntry.id,
            RosterEntry.public_id,
            RosterEntry.candidate_number,
            RosterEntry.state,
            ExamRoom.code.label("room"),
            RosterEntry.seat,
            RosterEntry.checked_in_at,
            Person.full_name,
            Sitting.part,
            Sitting.state.label("sitting_state"),
            Sitting.closes_at,
            Sitting.deadline,
            Sitting.started_at,
            Sitting.last_saved_at,
            Sitting.last_seen_at,
            Sitting.at_item,
            Sitting.unsent,
            Sitting.paused_since,
            released.label("released"),
            papers.label("papers"),
            _asked_at(released).label("asked_at"),
            _signed_in(now).label("signed_in"),
            _of_entry(func.min(TimeEntry.began_at), *pauses).label("pause_began"),
            violations.label("violations"),
        )
        .join(Application, Application.id == RosterEntry.application_id)
        .join(Person, Person.id == Application.person_id)
        .outerjoin(ExamRoom, ExamRoom.id == RosterEntry.room_id)
        .outerjoin(Sitting, Sitting.entry_id == RosterEntry.id)
        .where(RosterEntry.session_id == exam.id)
        .order_by(RosterEntry.candidate_number, Sitting.id)
    )


def _row(exam: ExamSession, sat: Sequence[Row[Any]], questions: Mapping[str, int], now: datetime) -> LiveRow:
    entry = sat[-1]
    working = next((one for one in sat if _is_open(one, now)), None)
    state = _state(exam, sat, working)
    trouble, since = _trouble(working, now) if state == "working" and working is not None else (None, None)
    if trouble is None and entry.pause_began is not None and state in ("working", "waiting", "checked_in", "expected"):
        trouble, since = "paused", entry.pause_began
    seen = working or (entry if entry.part else None)
    return LiveRow(
        entry=entry.public_id,
        number=entry.candidate_number,
        name=entry.full_name,
        room=entry.room,
        seat=entry.seat,
        state=state,
        trouble=trouble,
        since=since,
        part=seen.part if seen else None,
        at_item=working.at_item if working else None,
        questions=questions.get(seen.part, 0) if seen else 0,
        last_saved_at=max((one.last_saved_at for one in sat if one.last_saved_at is not None), default=None),
        unsent=(working.unsent or 0) if working else 0,
        deadline=working.deadline if working else None,
        sitting_open=working is not None,
        paused=entry.pause_began is not None,
        violations=entry.violations,
        may_undo=entry.state == "listed" and entry.checked_in_at is not None,
    )


def _state(exam: ExamSession, sat: Sequence[Row[Any]], working: Row[Any] | None) -> str:
    entry = sat[-1]
    if entry.state in ("absent", "voided"):
        return str(entry.state)
    if working is not None:
        return "working"
    sittings = [one for one in sat if one.part is not None]
    if entry.state == "started":
        return "finished" if len(sittings) >= entry.papers or exam.state == "closed" else "waiting"
    if entry.signed_in and (entry.checked_in_at is not None or not exam.needs_check_in):
        return "waiting"
    return "checked_in" if entry.checked_in_at is not None else "expected"


def _is_open(sitting: Row[Any], now: datetime) -> bool:
    return sitting.sitting_state == "open" and bool(sitting.closes_at > now)


def _trouble(working: Row[Any], now: datetime) -> tuple[str | None, datetime | None]:
    """What is wrong with a sitting under way, and since when; one that stands still is not expected to give signs of life."""
    if working.asked_at is not None:
        return "asks_release", working.asked_at
    seen = max(moment for moment in (working.started_at, working.last_seen_at, working.last_saved_at) if moment is not None)
    if working.released:
        return "released", seen
    if working.paused_since is not None:
        return "paused", working.paused_since
    if now - seen > SILENT_AFTER:
        return "silent", seen
    return ("unsent", seen) if working.unsent else (None, None)
