"""The room as its invigilators see it, live: who is there, who works at what, and who needs somebody. Never an answer, never a mark."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from examsite.accounts.models import LoginSession
from examsite.campaigns.models import Application, Person
from examsite.campaigns.queries import rule_set
from examsite.rounds import timeplan
from examsite.rounds.models import ExamRoom, ExamSession, Paper, ReleaseRequest, RosterEntry, Sitting, TimeEntry, Violation
from examsite.rules import timing
from examsite.sorting import Order, in_order
from examsite.vietnamese import fold, name_sort_key

SILENT_AFTER = timedelta(seconds=30)
"""A page that works gives a sign of life more often than this."""
TROUBLES = ("asks_release", "released", "silent", "unsent", "paused")
"""What needs somebody, the most urgent first."""
FILTERS: Mapping[str, frozenset[str]] = {
    "trouble": frozenset(),
    "working": frozenset({"working"}),
    "waiting": frozenset({"waiting"}),
    "checked_in": frozenset({"checked_in"}),
    "absent": frozenset({"expected", "absent"}),
    "finished": frozenset({"finished"}),
}
"""The states that each filter shows; `trouble` goes by trouble instead. `voided` stands under no filter of its own."""


@dataclass(frozen=True)
class LiveRow:
    """One candidate now.

    `state`: expected (not here yet), absent, checked_in, waiting (signed in, or between two parts), working, finished, voided. `trouble`:
    one of TROUBLES, or None; `since` is when that began, or when the state did. `at_item` of `questions` is the item in view of `part`.
    """

    entry: str
    number: str
    name: str
    room: str | None
    seat: str | None
    state: str
    trouble: str | None
    since: datetime | None
    part: str | None
    at_item: int | None
    questions: int
    last_saved_at: datetime | None
    unsent: int
    deadline: datetime | None
    sitting_open: bool
    paused: bool
    violations: int
    may_undo: bool

    def silent_for(self, now: datetime) -> int:
        """Whole seconds since the last sign of life."""
        return 0 if self.since is None else max(0, (now - self.since) // timing.SECOND)


@dataclass(frozen=True)
class LiveRoom:
    """Everybody on the roster: `rows` with trouble on top, then by candidate number; `seats` by seat."""

    rows: tuple[LiveRow, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many stand under each filter, and in all."""
        return {"all": len(self.rows)} | {name: len(self.shown(name)) for name in FILTERS}

    @property
    def troubled(self) -> tuple[LiveRow, ...]:
        """Who needs somebody, the most urgent first."""
        return tuple(row for row in self.rows if row.trouble)

    @property
    def seats(self) -> tuple[LiveRow, ...]:
        """The map of the rooms: by room, by seat as people count, then those without one by number."""
        return tuple(sorted(self.rows, key=lambda row: (row.room or "", row.seat is None, _natural(row.seat or ""), row.number)))

    @property
    def maps(self) -> tuple[tuple[str, tuple[LiveRow, ...]], ...]:
        """The map of each room with its code; one without a code where the session has no rooms."""
        return tuple((room, tuple(rows)) for room, rows in groupby(self.seats, key=lambda row: row.room or ""))

    @property
    def rooms(self) -> tuple[str, ...]:
        """The codes of the rooms that people sit in."""
        return tuple(room for room, _rows in self.maps if room)

    def inside(self, room: str) -> "LiveRoom":
        """The same for one of the session's rooms; the whole for a room that nobody sits in."""
        return LiveRoom(tuple(row for row in self.rows if row.room == room)) if room in self.rooms else self

    def shown(self, name: str) -> tuple[LiveRow, ...]:
        """The rows under a filter; all of them where it is none."""
        if name == "trouble":
            return self.troubled
        states = FILTERS.get(name)
        return self.rows if states is None else tuple(row for row in self.rows if row.state in states)

    def listed(self, name: str, words: str, order: Order) -> list[LiveRow]:
        """The rows under a filter whose number or name holds these words, marks and capitals apart, as sorted."""
        wanted = fold(words)
        return in_order((row for row in self.shown(name) if wanted in fold(f"{row.number} {row.name}")), order, SORTS)


@dataclass(frozen=True)
class PresentPart:
    """What a room is at, with the earliest and the latest end of those who work at it; both None while all their clocks stand still.

    `programmed`: nobody works at anything, and part and end are those of the programme.
    """

    part: str
    earliest: datetime | None
    latest: datetime | None
    programmed: bool = False


STATES = ("expected", "checked_in", "waiting", "working", "finished", "absent", "voided")
SORTS: Mapping[str, Callable[[LiveRow], Any]] = {
    "seat": lambda row: (row.room or "", _natural(row.seat)) if row.seat else None,
    "name": lambda row: name_sort_key(row.name),
    "number": lambda row: row.number,
    "state": lambda row: (STATES.index(row.state), _urgency(row)),
    "saved": lambda row: row.last_saved_at,
}
"""What the columns of the list are sorted by; its own order has trouble on top."""


def live_room(session: Session, exam: ExamSession, now: datetime) -> LiveRoom:
    """The room in one query, however many sit in it."""
    questions = {part.id: part.questions for part in rule_set(exam.campaign).round1.parts}
    by_entry: dict[int, list[Row[Any]]] = {}
    for found in session.execute(_everybody(exam, now)):
        by_entry.setdefault(found.id, []).append(found)
    rows = [_row(exam, sat, questions, now) for sat in by_entry.values()]
    return LiveRoom(tuple(sorted(rows, key=lambda row: (_urgency(row), row.number))))


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


def _everybody(exam: ExamSession, now: datetime) -> Select[*tuple[Any, ...]]:
    """One line a roster entry and sitting."""
    papers = select(func.count(Paper.id)).where(Paper.entry_id == RosterEntry.id).scalar_subquery()
    released = _released()
    asked = (
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
    signed_in = exists().where(
        LoginSession.account_id == Application.account_id, LoginSession.ended_at.is_(None), LoginSession.expires_at > now
    )
    paused = select(func.min(TimeEntry.began_at)).where(
        TimeEntry.entry_id == RosterEntry.id, TimeEntry.kind == "pause", TimeEntry.ended_at.is_(None)
    )
    violations = select(func.count(Violation.id)).where(Violation.entry_id == RosterEntry.id, Violation.state != "dismissed")
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
            Sitting.closed_at,
            Sitting.last_saved_at,
            Sitting.last_seen_at,
            Sitting.at_item,
            Sitting.unsent,
            Sitting.paused_since,
            released.label("released"),
            papers.label("papers"),
            asked.label("asked_at"),
            signed_in.label("signed_in"),
            paused.scalar_subquery().label("pause_began"),
            violations.scalar_subquery().label("violations"),
        )
        .join(Application, Application.id == RosterEntry.application_id)
        .join(Person, Person.id == Application.person_id)
        .outerjoin(ExamRoom, ExamRoom.id == RosterEntry.room_id)
        .outerjoin(Sitting, and_(Sitting.entry_id == RosterEntry.id))
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


def _urgency(row: LiveRow) -> int:
    return TROUBLES.index(row.trouble) if row.trouble else len(TROUBLES)


def _natural(seat: str) -> list[tuple[int, str]]:
    """`B2` before `B10`: runs of digits count as numbers."""
    pieces: Iterable[str] = re.findall(r"\d+|\D+", seat)
    return [(int(piece), "") if piece.isascii() and piece.isdigit() else (-1, piece.casefold()) for piece in pieces]
