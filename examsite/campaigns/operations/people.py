"""Correct a misspelt name or a wrong date of birth of a person, whom all campaigns share: the log and a row keep both."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, contains_eager

from examsite.accounts.models import Account
from examsite.audit.operations import record
from examsite.campaigns import ages
from examsite.campaigns.models import Application, Campaign, Person, PersonCorrection
from examsite.campaigns.operations.campaigns import locked
from examsite.campaigns.operations.life_notices import tell_person_corrected
from examsite.campaigns.operations.screening import reason_of
from examsite.campaigns.permissions import may_correct_people
from examsite.campaigns.roles import Role
from examsite.db import rows_changed
from examsite.rules import canonical
from examsite.rules.refusal import Conflict, NotFound, Refused
from examsite.vietnamese import fold, name_sort_key, tidy

LONGEST_NAME = 200


@dataclass(frozen=True)
class PersonFacts:
    """What a person is called, born when; `gender` is `male` or `female`."""

    full_name: str
    birth_date: date
    gender: str


def correct_person(
    session: Session,
    role: Role,
    application: Application,
    full_name: str,
    birth_date: date,
    reason: str,
    now: datetime,
    *,
    seen: str | None = None,
) -> None:
    """Put the right name and date of birth in the place of the wrong ones, everywhere but on lists that are published.

    See `replace_facts`. `seen` is the `shown_person` of the page on which somebody filled this in; without one nobody looked. Refuses
    a person who is no longer so (Conflict `campaigns.changed_meanwhile`), and (`people.`) `closed`, `name_missing`, `name_long`,
    `birth_range`, `nothing_corrected`.
    """
    role.must(may_correct_people(role))
    if application.campaign_id != role.campaign.id:
        raise NotFound
    why = reason_of(reason)
    if locked(session, role.campaign).stage == "closed":
        raise Refused("people.closed")
    person, name = application.person, tidy(full_name)
    if seen is not None:
        session.refresh(person)
        if seen != shown_person(person):
            raise Conflict("campaigns.changed_meanwhile")
    _check(person, name, birth_date, now)
    replace_facts(session, role, person, PersonFacts(name, birth_date, person.gender), why, now)
    tell_person_corrected(session, person, now)


def shown_person(person: Person) -> str:
    """What a page showed of a person, in one short text."""
    return canonical.digest([person.full_name, person.birth_date.isoformat(), person.gender])[:16]


def replace_facts(session: Session, role: Role, person: Person, facts: PersonFacts, reason: str, now: datetime) -> None:
    """Give a person other words than those that were loaded, and keep both.

    The person is the same in all campaigns: for each that is not closed, a row and an entry in its log keep what was and what became of
    it, and each account of the person gets the new name. Of two at once the second is told (Conflict `changed_meanwhile`).
    """
    before = PersonFacts(person.full_name, person.birth_date, person.gender)
    _replace(session, person, facts)
    everywhere = select(Application).join(Application.campaign).options(contains_eager(Application.campaign))
    open_ones = everywhere.where(Application.person_id == person.id, Campaign.stage != "closed").order_by(Application.id)
    for application in session.scalars(open_ones).all():
        if (before.full_name, before.birth_date) != (facts.full_name, facts.birth_date):
            session.add(_correction(role, application, before, facts, reason, now))
        about = f"application:{application.public_id}"
        data = _told(before, facts) | {"reason": reason}
        record(session, application.campaign.chain, "campaigns:person:corrected", about, role.actor, now, data)


def _check(person: Person, name: str, birth_date: date, now: datetime) -> None:
    if not name:
        raise Refused("people.name_missing", field="full_name")
    if len(name) > LONGEST_NAME:
        raise Refused("people.name_long", field="full_name", longest=LONGEST_NAME)
    if birth_date.year not in ages.birth_years(now):
        raise Refused(ages.NOBODY, field="birth_date", **ages.told(now))
    if (name, birth_date) == (person.full_name, person.birth_date):
        raise Refused("people.nothing_corrected")


def _replace(session: Session, person: Person, facts: PersonFacts) -> None:
    """Guarded by what stood before: of two corrections at once the second is told."""
    as_before = (Person.id == person.id, Person.full_name == person.full_name, Person.birth_date == person.birth_date)
    values = asdict(facts) | {"name_fold": fold(facts.full_name), "name_sort_key": name_sort_key(facts.full_name)}
    guarded = update(Person).where(*as_before, Person.gender == person.gender)
    if rows_changed(session, guarded.values(**values)) != 1:
        raise Conflict("changed_meanwhile")
    theirs = select(Application.account_id).where(Application.person_id == person.id, Application.account_id.is_not(None))
    session.execute(update(Account).where(Account.id.in_(theirs)).values(display_name=facts.full_name))


def _correction(
    role: Role, application: Application, before: PersonFacts, after: PersonFacts, reason: str, now: datetime
) -> PersonCorrection:
    return PersonCorrection(
        application_id=application.id,
        old_name=before.full_name,
        new_name=after.full_name,
        old_birth_date=before.birth_date,
        new_birth_date=after.birth_date,
        reason=reason,
        corrected_at=now,
        corrected_by_id=role.account.id,
    )


def _told(before: PersonFacts, after: PersonFacts) -> dict[str, object]:
    told: dict[str, object] = {
        "name": [before.full_name, after.full_name],
        "birth_date": [before.birth_date.isoformat(), after.birth_date.isoformat()],
    }
    return told if before.gender == after.gender else told | {"gender": [before.gender, after.gender]}
