"""Postpone an exam session before its start, with a reason that its candidates read."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.roles import Role
from examsite.db import rows_changed
from examsite.rounds.models import ExamSession, RosterEntry, SessionPostponement
from examsite.rounds.operations.announcing import tell_session_postponed
from examsite.rounds.operations.ledger import lock
from examsite.rounds.operations.sessions import about, checked_times, hold, hold_for_planning
from examsite.rounds.permissions import may_postpone
from examsite.rounds.queries.preflight import shortages, told
from examsite.rounds.queries.sessions import has_begun
from examsite.rules.refusal import Refused


def postpone(
    session: Session, exam: ExamSession, opens_at: datetime, closes_at: datetime | None, reason: str, role: Role, now: datetime
) -> None:
    """Move the start of a session to a later time. Roster, seats and sealed papers stay; check-ins and the code of the room begin anew.

    `closes_at` is the new latest end under a personal start. Refuses (`rounds.`) `postpone_begun`,
    `postpone_earlier`, `sealing_waits`, times as `plan_session` does, and, of sealed papers, times by which somebody would get less than
    their due (`preflight.`): the preflight before the sealing was of other times.
    """
    role.must(may_postpone(role, exam))
    why = reason.strip()
    if not why:
        raise Refused("reason_missing", field="reason")
    if exam.state == "planned":
        hold_for_planning(session, exam)
    else:
        hold(session, exam, "sealed")
        # Whoever begins in this very moment is seen here, or sees there that the times are others now.
        lock(session, exam, None, "postponements")
    if has_begun(session, exam, now):
        raise Refused("rounds.postpone_begun")
    if opens_at <= exam.opens_at:
        raise Refused("rounds.postpone_earlier", field="opens_at")
    before = (exam.opens_at, exam.closes_at)
    exam.closes_at = checked_times(role.campaign, opens_at, closes_at, now)
    exam.opens_at = opens_at
    if exam.state == "sealed" and (short := told(exam, shortages(session, exam))):
        code, _part, params = short[0]
        raise Refused(code, field="opens_at", **params)
    undone = _begin_door_anew(session, exam)
    _keep(session, exam, before, why, role, now)
    data = {"before": before[0], "opens_at": opens_at, "closes_at": exam.closes_at, "reason": why, "check_ins": undone} | role.as_deputy()
    record(session, role.campaign.chain, "rounds:session:postponed", about(exam), role.actor, now, data)
    tell_session_postponed(session, exam, why, now)


def _begin_door_anew(session: Session, exam: ExamSession) -> int:
    """Whoever was let in is let in again on the day; return how many had been."""
    exam.access_code = None
    here = update(RosterEntry).where(RosterEntry.session_id == exam.id, RosterEntry.checked_in_at.is_not(None))
    return rows_changed(session, here.values(checked_in_at=None, checked_in_by_id=None, identity_document=None))


def _keep(session: Session, exam: ExamSession, before: tuple[datetime, datetime | None], why: str, role: Role, now: datetime) -> None:
    session.add(
        SessionPostponement(
            session_id=exam.id,
            from_opens_at=before[0],
            from_closes_at=before[1],
            to_opens_at=exam.opens_at,
            reason=why,
            postponed_at=now,
            postponed_by_id=role.account.id,
        )
    )
    session.flush()
