"""The minutes of an exam session: who came, what happened, what was decided, and the digests that bind it all."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsite.audit.queries import head_of
from examsite.rounds.models import ExamSession, Incident, LateEvidence, RosterEntry, Sitting, TimeEntry, Violation
from examsite.rounds.queries.attendance import Attendance, attendances_in
from examsite.rounds.queries.incidents import incidents_in, violations_in
from examsite.rounds.queries.ledger import ledger_of, names_in
from examsite.rounds.queries.outage_decisions import Ruling, rulings_in
from examsite.rounds.queries.sittings import ended_early, is_closed, was_handed_in
from examsite.rules import hashchain, timing
from examsite.rules.policy import RuleSet

LATE_AFTER = timedelta(minutes=1)
"""Nobody presses the button in the very second of the start."""


@dataclass(frozen=True)
class Named:
    """One candidate in the minutes; `reason` why voided, `when` they came if they came late."""

    number: str
    name: str
    reason: str = ""
    when: datetime | None = None


@dataclass(frozen=True)
class Minutes:
    """Everything that the page prints. `sittings_root` binds the chains of all sittings; `log_head` the log of the campaign so far."""

    counts: Mapping[str, int]
    absent: tuple[Named, ...]
    voided: tuple[Named, ...]
    late: tuple[Named, ...]
    missing: tuple[Named, ...]
    incidents: tuple[Incident, ...]
    violations: tuple[Violation, ...]
    ledger: tuple[TimeEntry, ...]
    outages: tuple[Ruling, ...]
    names: Mapping[int, str]
    documents: Mapping[str, int]
    log_head: str
    sittings_root: str | None


def session_minutes(session: Session, exam: ExamSession, now: datetime) -> Minutes:
    """The minutes as they stand now; final once the session is closed."""
    listed = attendances_in(session, exam)
    names = names_in(session, exam)
    heads = sorted(sitting.head for one in listed for sitting in one.sittings.values())
    entries = [one.entry for one in listed]
    return Minutes(
        counts=_counts(session, exam, listed, now),
        absent=_named(entries, names, "absent"),
        voided=_named(entries, names, "voided"),
        late=tuple(_late(one, names) for one in listed if _came_late(one)),
        missing=_named(entries, names, "listed"),
        incidents=tuple(incidents_in(session, exam)),
        violations=tuple(violations_in(session, exam)),
        ledger=tuple(reversed(ledger_of(session, exam))),
        outages=rulings_in(session, exam),
        names=names,
        documents=Counter(entry.identity_document for entry in entries if entry.identity_document),
        log_head=head_of(session, exam.campaign.chain),
        sittings_root=hashchain.merkle_root(heads).hex() if heads else None,
    )


def sanction_names(rules: RuleSet) -> dict[str, dict[str, str]]:
    """The sanctions of the rule set by id, in both languages, in their order."""
    return {kind.id: {"vi": kind.name.vi, "en": kind.name.en} for kind in rules.penalties.kinds}


def _counts(session: Session, exam: ExamSession, listed: list[Attendance], now: datetime) -> dict[str, int]:
    states = Counter(one.entry.state for one in listed)
    sittings = [sitting for one in listed for sitting in one.sittings.values()]
    ends = Counter(_end_of(sitting, now) for sitting in sittings)
    late = select(func.count(LateEvidence.id)).join(Sitting, Sitting.id == LateEvidence.sitting_id).join(Sitting.entry)
    return {
        "listed": len(listed),
        "present": states["started"] + sum(one.entry.state == "voided" and bool(one.sittings) for one in listed),
        "absent": states["absent"],
        "voided": states["voided"],
        "checked_in": sum(one.entry.checked_in_at is not None for one in listed),
        "begun": len(sittings),
        **{name: ends[name] for name in ("handed_in", "closed", "voided_begun", "open")},
        "late_evidence": session.scalar(late.where(RosterEntry.session_id == exam.id)) or 0,
    }


def _end_of(sitting: Sitting, now: datetime) -> str:
    """How a sitting ended: each in one way, so that the count closes."""
    if not is_closed(sitting, now):
        return "open"
    if was_handed_in(sitting):
        return "handed_in"
    return "voided_begun" if sitting.state == "closed" and ended_early(sitting) else "closed"


def _named(entries: list[RosterEntry], names: Mapping[int, str], state: str) -> tuple[Named, ...]:
    return tuple(Named(one.candidate_number, names[one.application_id], one.reason) for one in entries if one.state == state)


def _came_late(one: Attendance) -> bool:
    """Under a shared clock, whoever came in after the opening of the first part that they sit, with what was given; under a personal one
    nobody can be late."""
    plan = one.reckoned
    if plan.schedule.clock is timing.Clock.PERSONAL:
        return False
    came = one.entry.checked_in_at or one.entry.started_at
    opened = next((window.opens_at for window in timing.part_windows(plan) if window.opens_at is not None), None)
    return came is not None and opened is not None and came > opened + LATE_AFTER


def _late(one: Attendance, names: Mapping[int, str]) -> Named:
    return Named(one.entry.candidate_number, names[one.entry.application_id], when=one.entry.checked_in_at or one.entry.started_at)
