"""Write down what went wrong in the room: a machine, the room, power, the server, an error in the paper."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.roles import Role
from examsite.db import new_public_id
from examsite.rounds.models import CAUSES, ExamSession, Incident, IncidentEntry, RosterEntry
from examsite.rounds.operations.sessions import about
from examsite.rounds.permissions import may_record_in_room
from examsite.rules.refusal import NotFound, Refused


def record_incident(
    session: Session,
    exam: ExamSession,
    kind: str,
    entries: Collection[str],
    what: str,
    done: str,
    happened_at: datetime,
    role: Role,
    now: datetime,
) -> Incident:
    """Record one incident: `kind` as the causes of the ledger of time, `entries` the public ids of those concerned (none: the room).

    Refuses a session that is only planned, what lies ahead (`rounds.not_happened_yet`), and one without what happened or what was done
    about it.
    """
    role.must(may_record_in_room(role))
    if exam.state == "planned":
        raise Refused("rounds.not_sealed")
    check_happened(happened_at, now)
    if kind not in CAUSES:
        raise Refused("rounds.incident_kind_missing", field="kind")
    for field, text in (("what", what), ("done", done)):
        if not text.strip():
            raise Refused(f"rounds.incident_{field}_missing", field=field)
    concerned = _concerned(session, exam, entries)
    incident = Incident(
        public_id=new_public_id(),
        session_id=exam.id,
        kind=kind,
        happened_at=happened_at,
        what=what.strip(),
        done=done.strip(),
        recorded_at=now,
        recorded_by_id=role.account.id,
        concerned=[IncidentEntry(entry_id=entry.id) for entry in concerned],
    )
    session.add(incident)
    session.flush()
    told = {
        "done": incident.done,
        "happened_at": happened_at,
        "incident": incident.public_id,
        "kind": kind,
        "numbers": [entry.candidate_number for entry in concerned],
        "what": incident.what,
    }
    record(session, role.campaign.chain, "rounds:incident:recorded", about(exam), role.actor, now, told)
    return incident


def check_happened(happened_at: datetime, now: datetime) -> None:
    """Nothing is written down before it happened."""
    if happened_at > now:
        raise Refused("rounds.not_happened_yet", field="happened_at")


def _concerned(session: Session, exam: ExamSession, entries: Collection[str]) -> list[RosterEntry]:
    wanted = select(RosterEntry).where(RosterEntry.session_id == exam.id, RosterEntry.public_id.in_(entries))
    found = list(session.scalars(wanted.order_by(RosterEntry.candidate_number)))
    if len(found) != len(set(entries)):
        raise NotFound
    return found
