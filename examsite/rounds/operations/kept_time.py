"""Extra time that was recorded on evidence belongs to the person: whoever leaves a roster and comes back to one has it again.

It stands in the ledger of a roster entry and goes with the entry; the log keeps it, and gives it back.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.audit.models import LogChain, LogEntry
from examsite.audit.operations import Actor, record
from examsite.audit.queries import data_of
from examsite.campaigns.models import Application, Campaign
from examsite.db import new_public_id
from examsite.rounds.models import ExamSession, RosterEntry, TimeEntry
from examsite.rules.timing import TimeKind

LEFT = ("rounds:roster:removed", "rounds:roster:left")
Line = Mapping[str, str | int | None]


def dropped_time(session: Session, entry: RosterEntry) -> dict[str, object]:
    """Delete the ledger of an entry that goes, and return what the log keeps of it; empty where there was none."""
    mine = TimeEntry.entry_id == entry.id
    rows = session.execute(select(TimeEntry, Account.public_id).join(TimeEntry.decided_by).where(mine).order_by(TimeEntry.id)).all()
    session.execute(delete(TimeEntry).where(mine))
    if not rows:
        return {}
    return {"application": entry.application.public_id, "time_entries": [_told(line, decider) for line, decider in rows]}


def give_back_time(session: Session, campaign: Campaign, applications: Collection[int], actor: Actor, now: datetime) -> None:
    """Those of these applications (by id) who have just come to a roster get the extra time that they had on the one they left last.

    Only what they are entitled to: a grant or a later start made good what happened in one session. Evidence, decider and day are those of
    then; the log says of each session to whom it was given back.
    """
    kept = _kept(session, campaign)
    listed = (
        select(RosterEntry, Application.public_id, ExamSession)
        .join(RosterEntry.application)
        .join(RosterEntry.session)
        .where(Application.public_id.in_(kept), ~select(TimeEntry.id).where(TimeEntry.entry_id == RosterEntry.id).exists())
        .order_by(ExamSession.id, RosterEntry.candidate_number)
    )
    found: dict[ExamSession, list[dict[str, object]]] = {}
    for entry, application, exam in session.execute(listed) if kept else ():
        if entry.application_id in applications:
            _write(session, entry, kept[application])
            lines = [[line["kind"], line["part"], line["seconds"], line["percent"]] for line in kept[application]]
            found.setdefault(exam, []).append({"lines": lines, "number": entry.candidate_number})
    for exam, told in found.items():
        about = f"session:{exam.public_id}"
        record(session, campaign.chain, "rounds:time:given_back", about, actor, now, {"candidates": told})


def _told(line: TimeEntry, decider: str) -> dict[str, object]:
    return {
        "cause": line.cause,
        "decided_at": line.decided_at,
        "decided_by": decider,
        "kind": line.kind,
        "part": line.part,
        "percent": line.percent,
        "reason": line.reason,
        "seconds": line.seconds,
    }


def _kept(session: Session, campaign: Campaign) -> dict[str, list[Line]]:
    """What each application had when it left a roster last, by public id."""
    left = select(LogEntry).join(LogChain).where(LogChain.name == campaign.chain, LogEntry.kind.in_(LEFT))
    found: dict[str, list[Line]] = {}
    for entry in session.scalars(left.where(LogEntry.content.contains('"time_entries"')).order_by(LogEntry.number)):
        data = data_of(entry)
        application, rows = data.get("application"), data.get("time_entries")
        if isinstance(application, str) and isinstance(rows, list):
            found[application] = [row for row in rows if row["kind"] == TimeKind.ACCOMMODATION]
    return {application: lines for application, lines in found.items() if lines}


def _write(session: Session, entry: RosterEntry, lines: Collection[Line]) -> None:
    batch = new_public_id()
    for line in lines:
        decider = select(Account.id).where(Account.public_id == line["decided_by"]).scalar_subquery()
        as_before = {name: line[name] for name in ("cause", "kind", "part", "percent", "reason", "seconds")}
        decided_at = datetime.fromisoformat(str(line["decided_at"]))
        new = {"public_id": new_public_id(), "entry_id": entry.id, "batch": batch, "decided_at": decided_at, "decided_by_id": decider}
        session.execute(insert(TimeEntry).values(**as_before, **new))
    counted = update(RosterEntry).where(RosterEntry.id == entry.id).values(ledger_version=RosterEntry.ledger_version + 1)
    session.execute(counted)
    session.refresh(entry)
