"""When each interview should begin: by the order drawn, the minutes of the rules and the pause; changed one by one with a reason."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.queries import rule_set
from examsite.campaigns.roles import Role
from examsite.db import rows_changed
from examsite.grading.models import Interview, Panel
from examsite.grading.operations.announcing import tell_interview_moved
from examsite.grading.permissions import may_manage_panels
from examsite.grading.seats import held
from examsite.rules.refusal import Conflict, Refused

WAITING = "waiting"


def planned_start(starts_at: datetime, number: int, minutes: int, pause_minutes: int) -> datetime:
    """When the interview at this place of the order should begin, with `minutes` for each before it and a pause after each."""
    return starts_at + (number - 1) * timedelta(minutes=minutes + pause_minutes)


@dataclass(frozen=True, slots=True)
class Replanned:
    """What a plan changed, by place in the order: times before and after, and the places whose time was agreed one by one and stays."""

    times: tuple[tuple[int, datetime | None, datetime], ...]
    kept: tuple[int, ...]


def plan_all(session: Session, panel: Panel, before: tuple[datetime, int] | None = None) -> Replanned:
    """Give every interview that waits its time; the caller holds the panel and leaves the log entry. Where another plan stood, `before` is
    the start and the pause that it followed: a time that differs from it was agreed with the candidate alone, and stays."""
    minutes = rule_set(panel.campaign).round2.slot_minutes
    columns = (Interview.id, Interview.number, Interview.planned_at)
    waiting = select(*columns).where(Interview.panel_id == panel.id, Interview.state == WAITING).order_by(Interview.number)
    times: list[tuple[int, datetime | None, datetime]] = []
    kept: list[int] = []
    for interview_id, number, at in session.execute(waiting).all():
        if number is None:  # before the lots there is no order to plan by
            continue
        planned = planned_start(panel.starts_at, number, minutes, panel.pause_minutes)
        if before is not None and at not in (None, planned_start(before[0], number, minutes, before[1])):
            kept.append(number)
        elif at != planned:
            session.execute(update(Interview).where(Interview.id == interview_id).values(planned_at=planned))
            times.append((number, at, planned))
    return Replanned(tuple(times), tuple(kept))


def replan(session: Session, role: Role, panel: Panel, interview: Interview, at: datetime, reason: str, now: datetime) -> None:
    """Put the planned start of one interview elsewhere, with a reason.

    Refused: `reason_missing`, `grading.plan_past` (the new time has passed), `grading.plan_begun` (the candidate is recorded as present
    or absent); Conflict before the lots and once the panel is closed.
    """
    role.must(may_manage_panels(role))
    held(session, role, panel, "drawn")
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    if at <= now:
        raise Refused("grading.plan_past", field="at")
    before = interview.planned_at
    if interview.gone:
        raise Refused("grading.no_sheet_needed")
    if interview.state != WAITING:
        raise Refused("grading.plan_begun")
    moved = update(Interview).where(Interview.id == interview.id, Interview.state == WAITING).values(planned_at=at)
    if rows_changed(session, moved) != 1:
        raise Conflict("changed_meanwhile")
    session.expire(interview)
    # Named by candidate number and not by interview: the log must not lead from a number to a sheet.
    data = {"candidate": interview.application.candidate_number, "before": before, "at": at, "reason": reason.strip()}
    record(session, role.campaign.chain, "grading:timetable:changed", f"panel:{panel.public_id}", role.actor, now, data)
    tell_interview_moved(session, panel, interview, at, reason, now)
