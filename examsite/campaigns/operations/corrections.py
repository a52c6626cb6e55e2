"""Correct what an application says: a slip in a file, or a person whom two campaigns know by different words."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.application_rows import ApplicationRow
from examsite.campaigns.models import Application, CriterionFinding, Person
from examsite.campaigns.operations.intake import facts_of
from examsite.campaigns.operations.reception import held_open
from examsite.campaigns.operations.unique import unless_taken
from examsite.campaigns.permissions import may_import_applications
from examsite.campaigns.queries.intake import FileReading, people_of, position_codes
from examsite.campaigns.roles import Role
from examsite.lists import Finding
from examsite.rules.refusal import Conflict, Refused
from examsite.vietnamese import fold, name_sort_key, tidy


def correct(session: Session, role: Role, application: Application, file: FileReading, reason: str, now: datetime) -> Sequence[Finding]:
    """Replace what an undecided application and its person say by what was typed; return what has to be mended, if anything.

    The log names the entries that changed and the reason, not the private values themselves. Refuses as `reception.held_open`, and
    (`intake.`) `correct_undecided`, `identity_taken`, `position_judged`, `nothing_corrected`.
    """
    role.must(may_import_applications(role))
    held_open(session, role.campaign)
    session.refresh(application, ["state"])
    if application.state != "received":
        raise Refused("intake.correct_undecided")
    if file.reading.errors:
        return file.reading.errors
    why = tidy(reason)
    if not why:
        raise Refused("reason_missing", field="reason")
    (row,) = file.reading.rows
    changed = [*_correct_person(session, application.person, row), *_correct_application(session, application, row)]
    if not changed:
        raise Refused("intake.nothing_corrected")
    data = {"entries": sorted(changed), "reason": why}
    about = f"application:{application.public_id}"
    record(session, role.campaign.chain, "campaigns:application:corrected", about, role.actor, now, data)
    return ()


def _correct_person(session: Session, person: Person, row: ApplicationRow) -> list[str]:
    other = people_of(session, [row.identity_number]).get(row.identity_number)
    if other is not None and other.id != person.id:
        raise Refused("intake.identity_taken", field="identity_number", name=other.full_name)
    wanted = {
        "identity_number": row.identity_number,
        "full_name": row.full_name,
        "birth_date": row.birth_date,
        "gender": row.gender,
    }
    with unless_taken(session, Conflict("changed_meanwhile")):
        changed = _set(person, wanted)
        if "full_name" in changed:
            person.name_fold, person.name_sort_key = fold(row.full_name), name_sort_key(row.full_name)
    return changed


def _correct_application(session: Session, application: Application, row: ApplicationRow) -> list[str]:
    position = position_codes(session, application.campaign)[row.position_code]
    judged = select(CriterionFinding.id).where(CriterionFinding.application_id == application.id).limit(1)
    if position != application.position_id and session.scalar(judged) is not None:
        raise Refused("intake.position_judged", field="position")
    return _set(application, {**facts_of(row), "position_id": position})


def _set(target: Person | Application, wanted: dict[str, object]) -> list[str]:
    changed = [name for name, value in wanted.items() if getattr(target, name) != value]
    for name in changed:
        setattr(target, name, wanted[name])
    return changed
