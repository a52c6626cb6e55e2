"""Sanctions in round 2: whoever leads the panel records the breach, the council's chair decides about it."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.queries import rule_set
from examsite.campaigns.roles import Role
from examsite.db import new_public_id, rows_changed
from examsite.grading.models import Interview, Panel, Sanction
from examsite.grading.permissions import may_decide_sanction, may_record_sanction
from examsite.grading.queries.sanctions import shown
from examsite.grading.seats import held_by
from examsite.rules.refusal import Conflict, NotFound, Refused

IMPOSED, DROPPED = "imposed", "dropped"


def record_sanction(session: Session, role: Role, panel: Panel, interview: Interview, kind: str, reason: str, now: datetime) -> Sanction:
    """Record a breach in an interview whose candidate came; it counts once the chair imposes it (`penalties.kinds`).

    Refused: `grading.sanction_unknown`, `reason_missing`, `grading.sanction_nobody_came`, `grading.no_sheet_needed` (the
    candidate takes part no more); Conflict once the panel is closed.
    """
    held_by(session, role, panel, lambda seat: may_record_sanction(seat, interview), "drawn")
    if kind not in {known.id for known in rule_set(role.campaign).penalties.kinds}:
        raise Refused("grading.sanction_unknown", field="kind")
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    if interview.gone:
        raise Refused("grading.no_sheet_needed")
    if interview.state != "present":
        raise Refused("grading.sanction_nobody_came")
    sanction = Sanction(
        public_id=new_public_id(),
        interview_id=interview.id,
        kind=kind,
        reason=reason.strip(),
        recorded_at=now,
        recorded_by_id=role.account.id,
    )
    session.add(sanction)
    session.flush()
    data = {"sanction": sanction.public_id, "kind": kind, "reason": sanction.reason}
    record(session, role.campaign.chain, "grading:sanction:recorded", f"interview:{interview.public_id}", role.actor, now, data)
    return sanction


def decide_sanction(
    session: Session,
    role: Role,
    panel: Panel,
    interview: Interview,
    sanction: Sanction,
    outcome: str,
    reason: str,
    now: datetime,
    *,
    seen: str | None = None,
) -> None:
    """Impose a sanction or drop it, with a reason. As long as the panel is open the chair may decide otherwise; the log keeps both.

    Refused: `grading.sanction_outcome_missing`, `reason_missing`, `grading.sanction_own` (by whoever recorded it); Conflict once the panel
    is closed, or where somebody decided meanwhile: `seen` is the `shown` of the page on which this was decided, None where no page was.
    """
    before = sanction.outcome
    as_read = (Sanction.outcome.is_not_distinct_from(before), Sanction.decided_at.is_not_distinct_from(sanction.decided_at))
    seat = held_by(session, role, panel, lambda place: may_decide_sanction(place, interview, sanction), "drawn")
    if sanction.interview_id != interview.id:
        raise NotFound
    _check(sanction, role, outcome, reason)
    if seen not in (None, shown(sanction)):
        raise Conflict("changed_meanwhile")
    in_place = seat.in_place(interview, sanction)
    decided = {"outcome": outcome, "decision": reason.strip(), "in_place": in_place, "decided_at": now, "decided_by_id": role.account.id}
    if rows_changed(session, update(Sanction).where(Sanction.id == sanction.id, *as_read).values(**decided)) != 1:
        raise Conflict("changed_meanwhile")
    session.expire(sanction)
    data = {"sanction": sanction.public_id, "kind": sanction.kind, "before": before, "reason": reason.strip()}
    data |= {"in_place": in_place} if in_place else {}
    record(session, role.campaign.chain, f"grading:sanction:{outcome}", f"interview:{interview.public_id}", role.actor, now, data)


def take_back_own(session: Session, role: Role, interview: Interview) -> list[str]:
    """Sanctions in this interview that the person decided wait for a decision again; return them, for the log of what took them back."""
    own = (Sanction.interview_id == interview.id, Sanction.decided_by_id == role.account.id)
    undecided = {"outcome": None, "decision": "", "in_place": "", "decided_at": None, "decided_by_id": None}
    found = session.scalars(update(Sanction).where(*own).values(**undecided).returning(Sanction.public_id)).all()
    return sorted(found)


def _check(sanction: Sanction, role: Role, outcome: str, reason: str) -> None:
    if outcome not in (IMPOSED, DROPPED):
        raise Refused("grading.sanction_outcome_missing", field="outcome")
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    if sanction.recorded_by_id == role.account.id:
        raise Refused("grading.sanction_own")
