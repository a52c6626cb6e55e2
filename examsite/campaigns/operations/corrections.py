"""Correct what an application says: a slip in a file, or a person whom two campaigns know by different words."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import cast

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.application_rows import ApplicationRow
from examsite.campaigns.models import Application, ApplicationCorrection, CriterionFinding, Person
from examsite.campaigns.operations.entitlements import let_exemptions_lapse
from examsite.campaigns.operations.intake import facts_of
from examsite.campaigns.operations.life_notices import tell_person_corrected
from examsite.campaigns.operations.people import PersonFacts, replace_facts, shown_person
from examsite.campaigns.operations.reception import held_open
from examsite.campaigns.operations.screening import reason_of
from examsite.campaigns.operations.unique import unless_taken
from examsite.campaigns.permissions import may_import_applications
from examsite.campaigns.queries.intake import FileReading, age_against, people_of, position_codes
from examsite.campaigns.roles import Role
from examsite.db import rows_changed
from examsite.lists import Finding
from examsite.rules import canonical
from examsite.rules.refusal import Conflict, Refused

FACTS = ("workplace", "current_post", "qualification", "phone", "email", "claimed_priority", "claimed_exemption", "extra")
FURTHER = ("languages", "years_of_service", "joined_on")
"""What `extra` may hold."""
TOLD = frozenset({"position", "qualification", "claimed_priority", "claimed_exemption", *FURTHER})
"""What the log tells word by word: what decides about eligibility and rank. Who somebody is, where they work and how they are reached
stands in the row alone."""


def correct(
    session: Session, role: Role, application: Application, file: FileReading, reason: str, now: datetime, *, seen: str | None = None
) -> Sequence[Finding]:
    """Replace what an undecided application and its person say by what was typed; return what has to be mended, if anything.

    `seen` is the `shown` of the page on which somebody filled this in, refused where it is no longer so (Conflict
    `campaigns.changed_meanwhile`); without one nobody looked.

    Nothing that it said is lost: a row beside it (`ApplicationCorrection`) keeps each entry that changed as it was and as it is. The log
    names them all and tells those that are not personal (`TOLD`), with a digest over the whole row; name, date of birth and gender, which
    other campaigns share, go the way of `people.replace_facts`, which keeps both. Refuses as `reception.held_open`, and (`intake.`)
    `correct_undecided`, `identity_taken`, `identity_shared`, `position_judged`, `nothing_corrected`.
    """
    role.must(may_import_applications(role))
    held_open(session, role.campaign)
    session.refresh(application)
    if application.state != "received":
        raise Refused("intake.correct_undecided")
    if seen is not None:
        _must_be(session, application, seen)
    if file.reading.errors:
        return file.reading.errors
    (row,) = file.reading.rows
    if (too_young_or_old := age_against(file.reading, row, now)) is not None:
        return (too_young_or_old,)
    why = reason_of(reason)
    former = said(application)
    changed = [
        *_correct_number(session, application, row),
        *_correct_person(session, role, application.person, row, why, now),
        *_correct_application(session, role, application, row, now),
    ]
    if not changed:
        raise Refused("intake.nothing_corrected")
    session.expire(application.person)
    _keep_both(session, role, application, former, why, now)
    return ()


def said(application: Application) -> dict[str, str]:
    """What an application and its person say, entry by entry, as text; days as 2026-11-09, a position by its code."""
    person, extra = application.person, cast("Mapping[str, object]", application.extra or {})
    return {
        "full_name": person.full_name,
        "birth_date": person.birth_date.isoformat(),
        "gender": person.gender,
        "identity_number": person.identity_number,
        "position": application.position.code,
        **{name: getattr(application, name) for name in FACTS if name != "extra"},
        **{name: str(extra.get(name, "")) for name in FURTHER},
    }


def _keep_both(session: Session, role: Role, application: Application, former: Mapping[str, str], reason: str, now: datetime) -> None:
    """What was and what became of it: all of it in a row, in the log what is not personal."""
    present = said(application)
    names = sorted(name for name in present if present[name] != former[name])
    kept = ApplicationCorrection(
        application_id=application.id,
        before={name: former[name] for name in names},
        after={name: present[name] for name in names},
        reason=reason,
        corrected_at=now,
        corrected_by_id=role.account.id,
    )
    session.add(kept)
    session.flush()  # gives the salt
    data: dict[str, object] = {"entries": names, "reason": reason, "digest": digest_of(kept)}
    if told := [name for name in names if name in TOLD]:
        data |= {"before": {name: former[name] for name in told}, "after": {name: present[name] for name in told}}
    about = f"application:{application.public_id}"
    record(session, role.campaign.chain, "campaigns:application:corrected", about, role.actor, now, data)


def digest_of(kept: ApplicationCorrection) -> str:
    """What the log names of a correction: SHA-256 over its salt and all entries before and after it."""
    return canonical.digest({"salt": kept.salt, "before": kept.before, "after": kept.after})


def shown(application: Application) -> str:
    """What a page showed of an application and its person, in one short text."""
    facts = [getattr(application, name) for name in FACTS]
    return canonical.digest([shown_person(application.person), application.person.identity_number, application.position.code, facts])[:16]


def _must_be(session: Session, application: Application, seen: str) -> None:
    session.refresh(application)
    session.refresh(application.person)
    if seen != shown(application):
        raise Conflict("campaigns.changed_meanwhile")


def _correct_number(session: Session, application: Application, row: ApplicationRow) -> list[str]:
    """Another identity number, only while nothing but this one application rests on the present one."""
    person = application.person
    if row.identity_number == person.identity_number:
        return []
    other = people_of(session, [row.identity_number]).get(row.identity_number)
    if other is not None:
        raise Refused("intake.identity_taken", field="identity_number", name=other.full_name)
    elsewhere = or_(Application.id != application.id, Application.account_id.is_not(None))
    rests_on_it = select(Application.id).where(Application.person_id == person.id, elsewhere).exists()
    alone = update(Person).where(Person.id == person.id, Person.identity_number == person.identity_number, ~rests_on_it)
    with unless_taken(session, Conflict("changed_meanwhile")):
        moved = rows_changed(session, alone.values(identity_number=row.identity_number).execution_options(synchronize_session=False))
    if moved != 1:
        raise Refused("intake.identity_shared", field="identity_number")
    session.expire(person, ["identity_number"])
    return ["identity_number"]


def _correct_person(session: Session, role: Role, person: Person, row: ApplicationRow, reason: str, now: datetime) -> list[str]:
    wanted = PersonFacts(row.full_name, row.birth_date, row.gender)
    changed = [name for name, value in asdict(wanted).items() if getattr(person, name) != value]
    if changed:
        replace_facts(session, role, person, wanted, reason, now)
    if {"full_name", "birth_date"} & {*changed}:
        tell_person_corrected(session, person, now)
    return changed


def _correct_application(session: Session, role: Role, application: Application, row: ApplicationRow, now: datetime) -> list[str]:
    former, position = application.position, position_codes(session, application.campaign)[row.position_code]
    judged = select(CriterionFinding.id).where(CriterionFinding.application_id == application.id).limit(1)
    if position != application.position_id and session.scalar(judged) is not None:
        raise Refused("intake.position_judged", field="position")
    changed = _set(application, {**facts_of(row), "position_id": position})
    session.flush()
    if position != former.id:
        session.expire(application, ["position"])
        let_exemptions_lapse(session, role, application, former, now)
    return changed


def _set(target: Application, wanted: dict[str, object]) -> list[str]:
    changed = [name for name, value in wanted.items() if getattr(target, name) != value]
    for name in changed:
        setattr(target, name, wanted[name])
    return changed
