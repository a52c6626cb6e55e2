"""Correct a misspelt name or a wrong date of birth once the application is decided: the log and a row keep both."""

from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from examsite.accounts.models import Account
from examsite.audit.operations import record
from examsite.campaigns.models import Application, Person, PersonCorrection
from examsite.campaigns.operations.campaigns import locked
from examsite.campaigns.operations.life_notices import tell_person_corrected
from examsite.campaigns.operations.screening import reason_of
from examsite.campaigns.permissions import may_correct_people
from examsite.campaigns.roles import Role
from examsite.db import rows_changed
from examsite.rules.refusal import Conflict, NotFound, Refused
from examsite.vietnamese import fold, name_sort_key, tidy

LONGEST_NAME = 200
YOUNGEST, OLDEST = 18, 80


def correct_person(
    session: Session, role: Role, application: Application, full_name: str, birth_date: date, reason: str, now: datetime
) -> None:
    """Put the right name and date of birth in the place of the wrong ones, everywhere but on lists that are published.

    The person is the same in all campaigns: those that are not closed get an entry in their log too, and each account of the person the
    new name. Refuses (`people.`) `closed`, `name_missing`, `name_long`, `birth_range`, `nothing_corrected`.
    """
    role.must(may_correct_people(role))
    if application.campaign_id != role.campaign.id:
        raise NotFound
    why = reason_of(reason)
    if locked(session, role.campaign).stage == "closed":
        raise Refused("people.closed")
    person, name = application.person, tidy(full_name)
    _check(person, name, birth_date, now)
    correction = PersonCorrection(
        application_id=application.id,
        old_name=person.full_name,
        new_name=name,
        old_birth_date=person.birth_date,
        new_birth_date=birth_date,
        reason=why,
        corrected_at=now,
        corrected_by_id=role.account.id,
    )
    session.add(correction)
    _replace(session, person, name, birth_date)
    _log(session, role, person, correction, now)
    tell_person_corrected(session, person, now)


def _check(person: Person, name: str, birth_date: date, now: datetime) -> None:
    if not name:
        raise Refused("people.name_missing", field="full_name")
    if len(name) > LONGEST_NAME:
        raise Refused("people.name_long", field="full_name", longest=LONGEST_NAME)
    if not YOUNGEST <= now.year - birth_date.year <= OLDEST:
        raise Refused("people.birth_range", field="birth_date")
    if (name, birth_date) == (person.full_name, person.birth_date):
        raise Refused("people.nothing_corrected")


def _replace(session: Session, person: Person, name: str, birth_date: date) -> None:
    """Guarded by what stood before: of two corrections at once the second is told."""
    as_before = update(Person).where(Person.id == person.id, Person.full_name == person.full_name, Person.birth_date == person.birth_date)
    values = {"full_name": name, "name_fold": fold(name), "name_sort_key": name_sort_key(name), "birth_date": birth_date}
    if rows_changed(session, as_before.values(**values)) != 1:
        raise Conflict("changed_meanwhile")
    theirs = select(Application.account_id).where(Application.person_id == person.id, Application.account_id.is_not(None))
    session.execute(update(Account).where(Account.id.in_(theirs)).values(display_name=name))


def _log(session: Session, role: Role, person: Person, correction: PersonCorrection, now: datetime) -> None:
    data = {
        "name": [correction.old_name, correction.new_name],
        "birth_date": [correction.old_birth_date.isoformat(), correction.new_birth_date.isoformat()],
        "reason": correction.reason,
    }
    everywhere = select(Application).options(joinedload(Application.campaign)).where(Application.person_id == person.id)
    for application in session.scalars(everywhere.order_by(Application.id)):
        if application.campaign.stage != "closed":
            about = f"application:{application.public_id}"
            record(session, application.campaign.chain, "campaigns:person:corrected", about, role.actor, now, data)
