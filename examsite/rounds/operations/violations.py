"""Violations of the rules of the room: an invigilator reports, the chair of the council decides, and what follows is the rule set's."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.audit.operations import record
from examsite.campaigns.operations.campaigns import locked
from examsite.campaigns.queries import rule_set
from examsite.campaigns.roles import Role, role_of
from examsite.db import new_public_id, rows_changed
from examsite.rounds import timeplan
from examsite.rounds.models import ExamSession, RosterEntry, Violation
from examsite.rounds.operations.incidents import check_happened
from examsite.rounds.operations.roll import void_entry
from examsite.rounds.permissions import involved_in, may_decide_violation, may_record_in_room
from examsite.rounds.queries.attendance import attendance_of
from examsite.rounds.queries.evidence import round1_published
from examsite.rules.policy import RuleSet
from examsite.rules.refusal import Conflict, NotFound, Refused
from examsite.rules.scoring import cancels


@dataclass(frozen=True)
class Report:
    """What an invigilator writes down. `proposed` is a sanction and `part` a part of the rule set; an empty `statement`: none was made."""

    part: str
    proposed: str
    happened_at: datetime
    facts: str
    statement: str = ""
    witness: Account | None = None


def report_violation(session: Session, exam: ExamSession, entry: RosterEntry, report: Report, role: Role, now: datetime) -> Violation:
    """Report a violation of one candidate.

    Without a statement of the candidate a second invigilator has to witness it (`rounds.witness_missing`), somebody else than the one who
    reports (`rounds.witness_same`), of the invigilation board (`rounds.witness_stranger`). Refuses an unknown sanction or part,
    a part that the candidate does not sit (`rounds.violation_exempt`), missing facts, and what lies ahead.
    """
    role.must(may_record_in_room(role))
    check_happened(report.happened_at, now)
    rules = rule_set(role.campaign)
    if exam.state == "planned":
        raise Refused("rounds.not_sealed")
    if report.proposed not in _kinds(rules):
        raise Refused("rounds.sanction_missing", field="level")
    if report.part not in timeplan.parts_by_id(rules):
        raise Refused("rounds.no_such_part", field="part")
    if report.part in attendance_of(session, entry).exempt:
        raise Refused("rounds.violation_exempt", field="part")
    if not report.facts.strip():
        raise Refused("rounds.facts_missing", field="facts")
    _check_witness(session, report, role)
    violation = Violation(
        public_id=new_public_id(),
        entry_id=entry.id,
        part=report.part,
        proposed=report.proposed,
        happened_at=report.happened_at,
        facts=report.facts.strip(),
        statement=report.statement.strip(),
        reported_at=now,
        reported_by_id=role.account.id,
        witness_id=report.witness.id if report.witness else None,
    )
    session.add(violation)
    session.flush()
    told = {
        "facts": violation.facts,
        "happened_at": violation.happened_at,
        "number": entry.candidate_number,
        "part": violation.part,
        "proposed": violation.proposed,
        "statement": violation.statement,
        "witness": report.witness.public_id if report.witness else None,
    }
    record(session, role.campaign.chain, "rounds:violation:reported", _about(violation), role.actor, now, told)
    return violation


def decide_violation(session: Session, violation: Violation, level: str | None, reason: str, role: Role, now: datetime) -> None:
    """Confirm a reported violation at a level of the rule set, or dismiss it (None), with a reason; once.

    A sanction that cancels voids the candidate's exam, also of a session that is closed. Refuses (`rounds.own_report`) whoever reported or
    witnessed it: where that is the chair, a deputy decides; (`rounds.violation_decided`) one that was decided before, and
    (`rounds.violation_published`) a sanction after the result of round 1, which would no longer be what was published.
    """
    if violation.entry.session.campaign_id != role.campaign.id:
        raise NotFound
    role.must(may_decide_violation(role, violation) or role.heads("council"))
    if not may_decide_violation(role, violation):
        raise Refused("rounds.own_report")
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    rules = rule_set(role.campaign)
    if level is not None and level not in _kinds(rules):
        raise Refused("rounds.sanction_missing", field="level")
    locked(session, role.campaign)  # nothing is published while this is decided
    if level is not None and round1_published(session, role.campaign):
        raise Refused("rounds.violation_published")
    decided = {"level": level, "decided_at": now, "decided_by_id": role.account.id, "decision_reason": reason.strip()}
    reported = update(Violation).where(Violation.id == violation.id, Violation.state == "reported")
    if not rows_changed(session, reported.values(state="confirmed" if level else "dismissed", **decided)):
        raise Conflict("rounds.violation_decided")
    session.refresh(violation)
    involved = involved_in(violation)
    told = {"level": level, "number": violation.entry.candidate_number, "reason": reason.strip()} | role.as_deputy(involved)
    action = f"rounds:violation:{violation.state}"
    record(session, role.campaign.chain, action, _about(violation), role.actor, now, told)
    if level is not None and cancels([level], rules.penalties):
        void_entry(session, violation.entry, reason, role, now, kept=involved)


def _check_witness(session: Session, report: Report, role: Role) -> None:
    if report.witness is None:
        if not report.statement.strip():
            raise Refused("rounds.witness_missing", field="witness")
        return
    if report.witness.id == role.account.id:
        raise Refused("rounds.witness_same", field="witness")
    if not role_of(session, report.witness, role.campaign).on("invigilation"):
        raise Refused("rounds.witness_stranger", field="witness")


def _kinds(rules: RuleSet) -> frozenset[str]:
    return frozenset(kind.id for kind in rules.penalties.kinds)


def _about(violation: Violation) -> str:
    return f"violation:{violation.public_id}"
