"""Do one thing to many applications: all of it in one transaction with one entry in the log, or none of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.models import Application, ApplicationNote, CriterionFinding, PositionClosure
from examsite.campaigns.operations.campaigns import locked
from examsite.campaigns.operations.dossiers import LONGEST_NOTE
from examsite.campaigns.operations.reception import held_open
from examsite.campaigns.permissions import may_screen
from examsite.campaigns.queries.screening import TOGETHER, Judged
from examsite.campaigns.queries.together import ACTS, ALL_MET, MET, MOST, NOTE, Planned, Together, plan
from examsite.campaigns.roles import Role
from examsite.db import new_public_id, rows_changed
from examsite.rules.refusal import Conflict, NotFound, Refused
from examsite.vietnamese import tidy


def act_on_many(
    session: Session, role: Role, applications: Sequence[Application], wanted: Together, seen: Mapping[str, str], now: datetime
) -> int:
    """Judge a criterion of many applications, find them all eligible, or write the same note to each; return how many were changed.

    `seen` is the stamp of each application as the page showed it, by public id. Those that the act has nothing to change in are passed
    over. Refuses as `reception.held_open`, and (`together.`) `nobody`, `too_many`, `act_unknown`, `why_missing`, `nothing_to_do`;
    `changed_meanwhile` (Conflict) where one is no longer as the page showed it: then nothing is done to any.
    """
    role.must(may_screen(role))
    if wanted.act == NOTE:
        _hold(session, role)
    else:
        held_open(session, role.campaign)
    why = _checked(role, applications, wanted)
    _refresh(session, applications)
    planned = plan(session, applications, wanted)
    changed = [one for one in planned if seen.get(one.application.public_id) != one.stamp]
    if changed:
        raise Conflict("together.changed_meanwhile", count=len(changed))
    touched = [one for one in planned if one.changes]
    if not touched:
        raise Refused("together.nothing_to_do")
    _write(session, role, touched, wanted, why, now)
    _log(session, role, touched, wanted, why, now)
    return len(touched)


def _refresh(session: Session, applications: Sequence[Application]) -> None:
    """As they stand now that nothing moves any more, in one question."""
    mine = select(Application).where(Application.id.in_([application.id for application in applications]))
    session.scalars(mine.execution_options(populate_existing=True)).all()


def _hold(session: Session, role: Role) -> None:
    if locked(session, role.campaign).stage == "closed":
        raise Refused("documents.closed")


def _checked(role: Role, applications: Collection[Application], wanted: Together) -> str:
    if not applications:
        raise Refused("together.nobody")
    if len(applications) > MOST:
        raise Refused("together.too_many", most=MOST)
    if any(application.campaign_id != role.campaign.id for application in applications):
        raise NotFound
    if wanted.act not in ACTS:
        raise Refused("together.act_unknown", field="act")
    why = wanted.why.strip() if wanted.act == NOTE else tidy(wanted.why)
    if not why:
        raise Refused("together.why_missing", field="why")
    if len(why) > LONGEST_NOTE:
        raise Refused("dossiers.note_long", field="why", longest=LONGEST_NOTE)
    return why


def _write(session: Session, role: Role, touched: Sequence[Planned], wanted: Together, why: str, now: datetime) -> None:
    if wanted.act == NOTE:
        session.execute(insert(ApplicationNote), [_note(role, one.application, why, now) for one in touched])
        return
    _judge(session, role, touched, wanted.act in (MET, ALL_MET), why, now)
    if wanted.act == ALL_MET:
        _find_eligible(session, role, touched, now)


def _judge(session: Session, role: Role, touched: Sequence[Planned], met: bool, why: str, now: datetime) -> None:
    """Findings that say it already keep their own words."""
    new = [(one.application, found) for one in touched for found in one.found if found.current is None or found.current.met is not met]
    old = [found.current.id for _application, found in new if found.current is not None]
    superseded = update(CriterionFinding).where(CriterionFinding.id.in_(old), CriterionFinding.superseded_at.is_(None))
    if old and rows_changed(session, superseded.values(superseded_at=now)) != len(old):
        raise Conflict("changed_meanwhile")
    if new:
        session.execute(insert(CriterionFinding), [_finding(role, application, found, met, why, now) for application, found in new])


def _find_eligible(session: Session, role: Role, touched: Sequence[Planned], now: datetime) -> None:
    ids = [one.application.id for one in touched]
    closed = select(PositionClosure.id).where(PositionClosure.position_id == Application.position_id).exists()
    undecided = update(Application).where(Application.id.in_(ids), Application.state == "received", ~closed)
    values = {"state": "eligible", "decision_reason": "", "decided_at": now, "decided_by_id": role.account.id}
    if rows_changed(session, undecided.values(**values).execution_options(synchronize_session=False)) != len(ids):
        raise Conflict("changed_meanwhile")


def _finding(role: Role, application: Application, found: Judged, met: bool, why: str, now: datetime) -> dict[str, object]:
    return {
        "application_id": application.id,
        "criterion_id": found.criterion.id,
        "met": met,
        "why": why,
        "found_at": now,
        "found_by_id": role.account.id,
    }


def _note(role: Role, application: Application, text: str, now: datetime) -> dict[str, object]:
    return {
        "public_id": new_public_id(),
        "application_id": application.id,
        "text": text,
        "written_at": now,
        "written_by_id": role.account.id,
    }


def _log(session: Session, role: Role, touched: Sequence[Planned], wanted: Together, why: str, now: datetime) -> None:
    """One entry that names each application with the criteria that were judged of it."""
    named = {one.application.public_id: [found.criterion.public_id for found in one.found] for one in touched}
    data = {"act": wanted.act, "why": why, "applications": named}
    record(session, role.campaign.chain, TOGETHER, f"campaign:{role.campaign.public_id}", role.actor, now, data)
