"""Call the roll: who did not come, and whose exam is voided. Every entry ends as started, absent or voided."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.roles import NOBODY, Role
from examsite.db import rows_changed
from examsite.rounds import timeplan
from examsite.rounds.models import ExamSession, RosterEntry
from examsite.rounds.operations.closing import end_early
from examsite.rounds.operations.sessions import hold
from examsite.rounds.permissions import may_call_roll, may_void, may_void_begun
from examsite.rounds.queries.attendance import Attendance, attendances_in
from examsite.rounds.queries.incidents import waits_for_another, waits_for_the_chair, why_not_void
from examsite.rules.refusal import Conflict, Refused


def mark_absent(session: Session, exam: ExamSession, entry: RosterEntry, role: Role, now: datetime) -> None:
    """Record that a candidate did not come. Refuses (`rounds.may_still_enter`) while they may still come in."""
    role.must(may_call_roll(role))
    hold(session, exam, "sealed")
    [attendance] = [one for one in attendances_in(session, exam) if one.entry.id == entry.id]
    if entry.state != "listed":
        raise Refused("rounds.not_listed_any_more")
    if _may_come(attendance, now):
        raise Refused("rounds.may_still_enter")
    if not _absent(session, attendance, role, now):
        raise Conflict("changed_meanwhile")
    record(session, role.campaign.chain, "rounds:entry:absent", _about(entry), role.actor, now, {"numbers": [entry.candidate_number]})


def mark_all_absent(session: Session, exam: ExamSession, role: Role, now: datetime) -> int:
    """Record everybody as absent who did not come and may not come in any more; return how many."""
    role.must(may_call_roll(role))
    hold(session, exam, "sealed")
    waiting = [one for one in attendances_in(session, exam) if one.entry.state == "listed" and not _may_come(one, now)]
    gone = [one.entry for one in waiting if _absent(session, one, role, now)]
    if not gone:
        raise Refused("rounds.nobody_absent")
    numbers = [entry.candidate_number for entry in gone]
    record(session, role.campaign.chain, "rounds:entry:absent", f"session:{exam.public_id}", role.actor, now, {"numbers": numbers})
    return len(gone)


def void(session: Session, exam: ExamSession, entry: RosterEntry, reason: str, role: Role, now: datetime) -> None:
    """Void a candidate's exam, with a reason; what they sat is closed and kept, and counts for nothing.

    Whoever has begun, or is reported for a violation, is voided by the chair of the council alone: anybody else is refused
    (`rounds.void_begun`, `rounds.void_reported`). The chair who reported or witnessed it leaves that to a deputy, who decides about the
    report (`rounds.own_report`).
    """
    role.must(may_void(role))
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    hold(session, exam, "sealed")
    if may_void_begun(role):
        done = void_entry(session, entry, reason, role, now, unless=waits_for_another(role.account.id))
    else:
        done = void_entry(session, entry, reason, role, now, of=("listed",), unless=waits_for_the_chair())
    if not done:
        raise Refused(why_not_void(session, entry, role) or "rounds.settled_already")


def void_entry(
    session: Session,
    entry: RosterEntry,
    reason: str,
    role: Role,
    now: datetime,
    *,
    of: Collection[str] = ("listed", "started"),
    unless: ColumnElement[bool] | None = None,
    kept: Mapping[int, str] = NOBODY,
) -> bool:
    """Void an entry on a decision that was taken and checked before; False for one that is not in one of the states `of`. `kept` had to
    keep away from that decision."""
    void = update(RosterEntry).where(RosterEntry.id == entry.id, RosterEntry.state.in_(of))
    if unless is not None:
        void = void.where(~unless)
    told_on_it = {"state": "voided", "reason": reason.strip(), "decided_at": now, "decided_by_id": role.account.id}
    done = rows_changed(session, void.values(**told_on_it))
    session.refresh(entry)
    if not done:
        return False
    for sitting in entry.sittings:
        end_early(session, sitting, now)
    told = {"numbers": [entry.candidate_number], "reason": reason.strip()} | role.as_deputy(kept)
    record(session, role.campaign.chain, "rounds:entry:voided", _about(entry), role.actor, now, told)
    return True


def _may_come(attendance: Attendance, now: datetime) -> bool:
    """Whoever was at the door in time is absent only once all their time is over."""
    return attendance.in_time(now) and not timeplan.all_over(attendance.plan, now)


def _absent(session: Session, attendance: Attendance, role: Role, now: datetime) -> bool:
    """Guarded: somebody who begins, or is checked in, in this very moment is not absent."""
    entry = attendance.entry
    as_seen = RosterEntry.checked_in_at.is_not_distinct_from(entry.checked_in_at)
    listed = update(RosterEntry).where(RosterEntry.id == entry.id, RosterEntry.state == "listed", as_seen)
    return rows_changed(session, listed.values(state="absent", decided_at=now, decided_by_id=role.account.id)) == 1


def _about(entry: RosterEntry) -> str:
    return f"entry:{entry.public_id}"
