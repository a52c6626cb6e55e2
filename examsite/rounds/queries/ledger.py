"""The ledger of time as it stands, and the preview of what an act would do to it: who gets what, and every end from -> to."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from examsite.campaigns.models import Application, Person
from examsite.campaigns.queries import rule_set
from examsite.rounds import timeplan
from examsite.rounds.models import ExamSession, RosterEntry, Sitting, TimeEntry
from examsite.rounds.queries.attendance import Attendance, attendances_in
from examsite.rounds.queries.sittings import was_handed_in
from examsite.rules import canonical, timing
from examsite.rules.refusal import NotFound
from examsite.rules.timing import TimeKind

GIVEN = ("lengthened", "reopened")
"""Outcomes of a preview by which a candidate gets what was asked for."""


@dataclass(frozen=True)
class Want:
    """What an act would give to a candidate.

    `part` None: a grant or correction goes to the part the candidate is in, a start to the first part they sit, an accommodation to every
    part. `percent` is for accommodations. `reopen_handed_in`: also a part that the candidate handed in themselves. `outage`: the bounds of
    the outage that a grant makes good.
    """

    kind: TimeKind
    part: str | None
    seconds: int = 0
    percent: int = 0
    reopen_handed_in: bool = False
    outage: tuple[datetime, datetime] | None = None


@dataclass(frozen=True)
class PartChange:
    """The times of one part before and after. None: under a personal clock that the candidate has not started."""

    part: str
    old_start: datetime | None
    old_end: datetime | None
    new_start: datetime | None
    new_end: datetime | None


@dataclass(frozen=True)
class PreviewRow:
    """One candidate. `lines` would be written, `reopened` names the parts whose sittings would be open again.

    `outcome`: lengthened, reopened (its time was over: it stands still until the act, then the seconds run); and where nothing would be
    given: handed_in, missed (its time is over and it was not begun), begun (too late for a postponed start or an accommodation),
    too_late (the new end, or late entry, would have passed), exempt, absent, voided, over (nothing is left to lengthen).
    """

    entry: str
    number: str
    name: str
    outcome: str
    changes: tuple[PartChange, ...] = ()
    lines: tuple[timeplan.NewLine, ...] = ()
    reopened: frozenset[str] = frozenset()

    @property
    def given(self) -> bool:
        """Whether this candidate gets something."""
        return self.outcome in GIVEN


@dataclass(frozen=True)
class Preview:
    """What an act would do, candidate by candidate; `digest` is what the confirmation carries."""

    rows: tuple[PreviewRow, ...]
    digest: str

    @property
    def given(self) -> tuple[PreviewRow, ...]:
        """The rows of those who get something."""
        return tuple(row for row in self.rows if row.given)

    @property
    def others(self) -> tuple[PreviewRow, ...]:
        """The rows of those who get nothing."""
        return tuple(row for row in self.rows if not row.given)


def preview(session: Session, exam: ExamSession, entries: Collection[str] | None, want: Want, now: datetime) -> Preview:
    """What `want` would do to the candidates with these public ids (None: the room). Raises NotFound for an id of another session."""
    listed = attendances_in(session, exam)
    chosen = {one.entry.public_id for one in listed} if entries is None else set(entries)
    return _preview(session, exam, listed, dict.fromkeys(chosen, want), now)


def preview_each(session: Session, exam: ExamSession, wants: Mapping[str, Want], now: datetime) -> Preview:
    """The same with a want of their own for each candidate, by public id."""
    return _preview(session, exam, attendances_in(session, exam), wants, now)


def ledger_of(session: Session, exam: ExamSession) -> list[TimeEntry]:
    """Every entry of a session, the newest first."""
    rows = (
        select(TimeEntry)
        .join(TimeEntry.entry)
        .options(joinedload(TimeEntry.entry), joinedload(TimeEntry.decided_by))
        .where(RosterEntry.session_id == exam.id)
        .order_by(TimeEntry.id.desc())
    )
    return list(session.scalars(rows))


@dataclass(frozen=True)
class LedgerRow:
    """Entries of one act that are alike, with the numbers of those who got them."""

    entry: TimeEntry
    numbers: tuple[str, ...]


def ledger_rows(session: Session, exam: ExamSession) -> list[LedgerRow]:
    """The ledger of a session, the newest act first; what one act gave to several in the same way is one row."""
    alike: dict[tuple[object, ...], list[TimeEntry]] = {}
    for line in ledger_of(session, exam):
        key = (line.batch, line.kind, line.part, line.seconds, line.percent, line.began_at, line.ended_at)
        alike.setdefault(key, []).append(line)
    return [LedgerRow(lines[0], tuple(sorted(line.entry.candidate_number for line in lines))) for lines in alike.values()]


def candidates_in(session: Session, exam: ExamSession) -> list[tuple[str, str, str]]:
    """Public id, candidate number and name of everybody who may be given time, by candidate number."""
    names = names_in(session, exam)
    rows = select(RosterEntry).where(RosterEntry.session_id == exam.id, RosterEntry.state.in_(("listed", "started")))
    listed = session.scalars(rows.order_by(RosterEntry.candidate_number))
    return [(entry.public_id, entry.candidate_number, names[entry.application_id]) for entry in listed]


def names_in(session: Session, exam: ExamSession) -> dict[int, str]:
    """The names of a session's candidates, by the row of their application."""
    people = (
        select(Application.id, Person.full_name).join(Application.person).join(RosterEntry, RosterEntry.application_id == Application.id)
    )
    return {row.id: row.full_name for row in session.execute(people.where(RosterEntry.session_id == exam.id))}


def part_at(attendance: Attendance, now: datetime) -> str | None:
    """The part a candidate is in: the first whose time is not over, or else the last one that the deadline closed; None for neither."""
    sittings, paused = attendance.sittings, attendance.pause
    closed = None
    for window in timing.part_windows(attendance.reckoned):
        sitting = sittings.get(window.part)
        if window.part in attendance.exempt or (sitting is not None and was_handed_in(sitting)):
            continue
        if window.deadline is None or window.deadline > now or (paused is not None and paused.part == window.part):
            return window.part
        closed = window.part if sitting is not None else closed
    return closed


def _preview(session: Session, exam: ExamSession, listed: Sequence[Attendance], wants: Mapping[str, Want], now: datetime) -> Preview:
    names = names_in(session, exam)
    if wants.keys() - {one.entry.public_id for one in listed}:
        raise NotFound
    rows = tuple(
        _row(one, names[one.entry.application_id], wants[one.entry.public_id], now) for one in listed if one.entry.public_id in wants
    )
    return Preview(rows, canonical.digest([_told(row, wants[row.entry]) for row in rows]))


def _told(row: PreviewRow, want: Want) -> dict[str, object]:
    """What the digest is taken over. New ends of a part that is opened again run from the moment of the act, so they are left out."""
    ends = [[change.part, change.old_end, None if row.reopened else change.new_end] for change in row.changes]
    asked = asdict(replace(want, outage=None)) | {"outage": list(want.outage or ())}
    return {"asked": asked, "ends": ends, "entry": row.entry, "outcome": row.outcome}


def _row(attendance: Attendance, name: str, want: Want, now: datetime) -> PreviewRow:
    entry = attendance.entry
    bare = PreviewRow(entry.public_id, entry.candidate_number, name, "over")
    if entry.state in ("absent", "voided"):
        return replace(bare, outcome=entry.state)
    if not attendance.plan.sat:
        return replace(bare, outcome="exempt")
    if want.kind is TimeKind.ACCOMMODATION:
        return _accommodated(attendance, bare, want, now)
    if want.kind is TimeKind.START:
        return _postponed(attendance, bare, want, now)
    return _lengthened(attendance, bare, want, now)


def _accommodated(attendance: Attendance, bare: PreviewRow, want: Want, now: datetime) -> PreviewRow:
    """Before the session: nothing was begun, and the programmed start lies ahead (personal clock: the candidate's own)."""
    shared = attendance.plan.schedule.clock is timing.Clock.SHARED
    if attendance.entry.sittings or (shared and now >= attendance.exam.opens_at):
        return replace(bare, outcome="begun")
    if want.part is not None and want.part in attendance.exempt:
        return replace(bare, outcome="exempt")
    return _with(attendance, bare, "lengthened", (timeplan.NewLine(want.kind.value, want.part, want.seconds, want.percent),))


def _postponed(attendance: Attendance, bare: PreviewRow, want: Want, now: datetime) -> PreviewRow:
    part = want.part or attendance.plan.sat[0].part
    if part in attendance.exempt:
        return replace(bare, outcome="exempt")
    if part in attendance.sittings or attendance.plan.schedule.clock is timing.Clock.PERSONAL:
        return replace(bare, outcome="begun")
    row = _with(attendance, bare, "lengthened", (timeplan.NewLine(want.kind.value, part, want.seconds, 0, *(want.outage or (None, None))),))
    plan = _plan(attendance, row.lines)
    over = cast("datetime", timeplan.window_of(plan, part).deadline) <= now
    in_time = attendance.in_time(now) or timeplan.may_enter(attendance.rules, plan, now)
    barred = attendance.entry.state == "listed" and not in_time
    return replace(bare, outcome="too_late") if over or barred else row


def _lengthened(attendance: Attendance, bare: PreviewRow, want: Want, now: datetime) -> PreviewRow:
    part = want.part or part_at(attendance, now)
    if part is None:
        return replace(bare, outcome="handed_in" if attendance.sittings else "missed")
    if part in attendance.exempt:
        return replace(bare, outcome="exempt")
    sitting = attendance.sittings.get(part)
    end = timeplan.window_of(attendance.reckoned, part).deadline
    over = end is not None and end <= now and not (attendance.pause is not None and attendance.pause.part == part)
    if outcome := _nothing_for(sitting, want, over):
        return replace(bare, outcome=outcome)
    given = timeplan.NewLine(want.kind.value, part, want.seconds, 0, *(want.outage or (None, None)))
    if sitting is None or (sitting.state == "open" and not over):
        return _with(attendance, bare, "lengthened", (given,))
    stood = (_stood_still(part, end, now),) if over and end is not None else ()
    return _with(attendance, bare, "reopened", (*stood, given), frozenset({part}))


def _nothing_for(sitting: Sitting | None, want: Want, over: bool) -> str | None:
    if sitting is None:
        return "missed" if over else None
    return "handed_in" if was_handed_in(sitting) and not want.reopen_handed_in else None


def _stood_still(part: str, end: datetime, now: datetime) -> timeplan.NewLine:
    """From its end until it is opened again a part stood still: that is a pause, so that what is given then is time to work in."""
    return timeplan.NewLine(TimeKind.PAUSE.value, part, whole_seconds(end, now), 0, end, now)


def whole_seconds(begin: datetime, end: datetime) -> int:
    """Seconds from `begin` to `end`, a begun one counted in full, 0 at least."""
    return max(0, -((begin - end) // timing.SECOND))


def _with(
    attendance: Attendance,
    bare: PreviewRow,
    outcome: str,
    lines: tuple[timeplan.NewLine, ...],
    reopened: frozenset[str] = frozenset(),
) -> PreviewRow:
    before, after = timing.part_windows(attendance.reckoned), timing.part_windows(_plan(attendance, lines, reopened))
    changes = tuple(
        PartChange(old.part, old.opens_at, old.deadline, new.opens_at, new.deadline)
        for old, new in zip(before, after, strict=True)
        if old.part not in attendance.exempt and (old != new or old.deadline is None)
    )
    return replace(bare, outcome=outcome, changes=changes, lines=lines, reopened=reopened)


def _plan(attendance: Attendance, lines: tuple[timeplan.NewLine, ...], reopened: frozenset[str] = frozenset()) -> timing.TimePlan:
    """The candidate's plan as it would be with these lines."""
    ledger: tuple[timeplan.Line, ...] = (*attendance.ledger, *lines)
    return timeplan.plan_of(
        attendance.rules, attendance.exam, attendance.exempt, attendance.entry.sittings, ledger, held=False, reopened=reopened
    )


def parts_of(exam: ExamSession) -> list[tuple[str, dict[str, str]]]:
    """The parts of the exam with their names, in order, for pages that let one choose."""
    return [(part.id, {"vi": part.name.vi, "en": part.name.en}) for part in rule_set(exam.campaign).round1.parts]
