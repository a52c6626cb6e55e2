"""Record what a candidate needs of their room, on evidence, and end it."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.models import Application
from examsite.campaigns.operations.unique import unless_taken
from examsite.campaigns.roles import Role
from examsite.db import rows_changed
from examsite.rounds.models import SpecialNeed
from examsite.rounds.permissions import may_accommodate
from examsite.rules import allocation
from examsite.rules.refusal import Conflict, Refused


def record_need(session: Session, number: str, need: str, evidence: str, role: Role, now: datetime) -> SpecialNeed:
    """Record a need (one of `allocation.NEEDS`) of the eligible candidate with this number.

    Refuses (`needs.`) `unknown`, `evidence_missing`, `nobody` and `stands_already`. The log names the need, never the evidence.
    """
    role.must(may_accommodate(role))
    if need not in allocation.NEEDS:
        raise Refused("needs.unknown", field="need")
    if not evidence.strip():
        raise Refused("needs.evidence_missing", field="evidence")
    wanted = select(Application).where(Application.campaign_id == role.campaign.id, Application.candidate_number == number.strip())
    application = session.scalar(wanted.where(Application.state == "eligible"))
    if application is None:
        raise Refused("needs.nobody", field="number", number=number.strip())
    found = SpecialNeed(
        application_id=application.id, need=need, evidence=evidence.strip(), recorded_at=now, recorded_by_id=role.account.id
    )
    with unless_taken(session, Refused("needs.stands_already", field="need", number=number.strip())):
        session.add(found)
    _log(session, "recorded", application, need, role, now)
    return found


def end_need(session: Session, found: SpecialNeed, role: Role, now: datetime) -> None:
    """End a need that stands; what was recorded stays readable in the log."""
    role.must(may_accommodate(role))
    standing = update(SpecialNeed).where(SpecialNeed.id == found.id, SpecialNeed.ended_at.is_(None))
    if not rows_changed(session, standing.values(ended_at=now)):
        raise Conflict("changed_meanwhile")
    _log(session, "ended", found.application, found.need, role, now)


def _log(session: Session, what: str, application: Application, need: str, role: Role, now: datetime) -> None:
    told = {"need": need, "number": application.candidate_number}
    record(session, role.campaign.chain, f"rounds:need:{what}", f"application:{application.public_id}", role.actor, now, told)
