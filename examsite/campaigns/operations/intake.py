"""Take applications in: from a file after its dry run, from the operator's command, or one typed on a form."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from examsite.accounts import list_uploads
from examsite.accounts.models import Account, ListUpload
from examsite.audit.operations import Actor, record
from examsite.campaigns.application_rows import ApplicationRow
from examsite.campaigns.models import Application, ApplicationImport, Campaign, Person, YearlyClassification
from examsite.campaigns.operations.reception import held_open
from examsite.campaigns.operations.withdrawals import withdraw
from examsite.campaigns.permissions import may_import_applications
from examsite.campaigns.queries.intake import FileReading, Intake, assess, people_of, position_codes
from examsite.campaigns.roles import Role
from examsite.db import insert_once, new_public_id
from examsite.lists import Finding
from examsite.rules import canonical
from examsite.rules.refusal import Conflict, Refused
from examsite.vietnamese import fold, name_sort_key

KIND = "applications"
PORTION = 500

Progress = Callable[[int], object]


def upload(session: Session, role: Role, name: str, data: bytes, now: datetime) -> ListUpload:
    """Keep a file until somebody has decided about it after the dry run; see `list_uploads.keep`. Refuses as `reception.held_open`."""
    role.must(may_import_applications(role))
    campaign = held_open(session, role.campaign)
    return list_uploads.keep(session, chain=campaign.chain, kind=KIND, name=name, data=data, actor=role.account, now=now)


def drop_upload(session: Session, role: Role, kept: ListUpload, now: datetime) -> None:
    """Decide against a file: nothing of it is taken and its content is wiped."""
    role.must(may_import_applications(role))
    list_uploads.drop(session, kept, role.account, now)


def take_upload(session: Session, role: Role, kept: ListUpload, file: FileReading, *, good_rows: bool, now: datetime) -> Intake:
    """Take in an uploaded file, read anew, and wipe its content; see `take`. Refuses a second taking at the same moment."""
    role.must(may_import_applications(role))
    intake = take(session, role, file, good_rows=good_rows, now=now)
    list_uploads.wipe(session, kept)
    return intake


def take(session: Session, role: Role, file: FileReading, *, good_rows: bool, now: datetime) -> Intake:
    """Take in the applications of a file and say what it came to.

    All rows or none, unless `good_rows` leaves out those with errors. Rows whose person has applied for the same position already
    are passed over, so that the same file twice changes nothing. A person who is known from another campaign stays the same person.
    Refuses as `reception.held_open`, and (`intake.`) `has_errors`, `no_good_rows`.
    Classifications of years that stand in columns of their own are recorded with the new applications.
    """
    role.must(may_import_applications(role))
    return _take(session, role.campaign, file, role.actor, good_rows=good_rows, now=now)


def take_as_operator(
    session: Session,
    campaign: Campaign,
    file: FileReading,
    actor: Actor,
    *,
    good_rows: bool,
    now: datetime,
    progress: Progress = lambda _rows: None,
) -> Intake:
    """As `take`, for the operator's command, whose right is the shell; `progress` is told how many rows more are stored."""
    return _take(session, campaign, file, actor, good_rows=good_rows, now=now, progress=progress)


def add_typed(
    session: Session, role: Role, file: FileReading, now: datetime, *, instead_of: Application | None = None
) -> tuple[str, Sequence[Finding]]:
    """Take in the one application that was typed on a form; the log says which one it stands instead of, if any.

    Returns its public id and no findings, or an empty id and what has to be mended: a value, since there may be several.
    """
    role.must(may_import_applications(role))
    campaign = held_open(session, role.campaign)
    intake = assess(session, campaign, file, now)
    if intake.errors or intake.known:
        return "", [*intake.errors, *intake.known]
    (public_id,) = _store(session, campaign, intake.good, None, now, lambda _rows: None)
    _classify(session, {public_id: intake.good[0]}, file.name, role.actor, now)
    years = {str(year): grade for year, grade in intake.good[0].classifications}
    beside: dict[str, object] = {"classifications": years, "instead_of": instead_of.public_id if instead_of else "", "file": file.digest}
    data = {"position": intake.good[0].position_code} | {name: value for name, value in beside.items() if value}
    record(session, campaign.chain, "campaigns:application:received", f"application:{public_id}", role.actor, now, data)
    return public_id, ()


def take_instead(session: Session, role: Role, first: Application, file: FileReading, why: str, now: datetime) -> str:
    """Withdraw the first application of a person, with the reason, and take the one of `file` in, in one act; return its public id.

    `file` holds this one row, of the same person for another position. Assumed: one application a person and campaign, since no rule
    that is known here allows more; whoever wants another position gives the first one up. Refuses as `withdrawals.withdraw` and
    `reception.held_open`, `intake.other_person`, and whatever is wrong with the row.
    """
    role.must(may_import_applications(role))
    held_open(session, role.campaign)
    (row,) = file.reading.rows or (None,)
    if row is None or first.campaign_id != role.campaign.id or first.person.identity_number != row.identity_number:
        raise Refused("intake.other_person", field="identity_number")
    withdraw(session, role, first, why, now)
    public_id, findings = add_typed(session, role, file, now, instead_of=first)
    if findings:
        raise Refused(findings[0].code, field=None, **cast("dict[str, Any]", findings[0].params))
    return public_id


def _take(
    session: Session,
    campaign: Campaign,
    file: FileReading,
    actor: Actor,
    *,
    good_rows: bool,
    now: datetime,
    progress: Progress = lambda _rows: None,
) -> Intake:
    campaign = held_open(session, campaign)
    intake = assess(session, campaign, file, now)
    intake.must_be_takeable(good_rows=good_rows)
    if not intake.good:
        return intake
    batch = _batch(session, campaign, file, intake, actor, now)
    public_ids = _store(session, campaign, intake.good, batch, now, progress)
    classified = _classify(session, dict(zip(public_ids, intake.good, strict=True)), file.name, actor, now)
    data = {
        "file": file.digest,
        "taken": len(public_ids),
        "known": len(intake.known),
        "refused": intake.faulty,
        "digest": canonical.digest(sorted(public_ids)),
        "new": _by_position(public_ids, intake.good),
        **({"classifications": classified} if classified else {}),
    }
    record(session, campaign.chain, "campaigns:applications:imported", f"import:{batch.public_id}", actor, now, data)
    return intake


def _by_position(public_ids: Sequence[str], rows: Sequence[ApplicationRow]) -> dict[str, list[str]]:
    """Which applications are new, for which position: ids alone, since the log holds no entries of people."""
    found: dict[str, list[str]] = {}
    for public_id, row in zip(public_ids, rows, strict=True):
        found.setdefault(row.position_code, []).append(public_id)
    return found


def _batch(session: Session, campaign: Campaign, file: FileReading, intake: Intake, actor: Actor, now: datetime) -> ApplicationImport:
    batch = ApplicationImport(
        public_id=new_public_id(),
        campaign_id=campaign.id,
        file_name=file.name[-300:],
        file_digest=file.digest,
        rows_taken=len(intake.good),
        rows_refused=intake.faulty,
        imported_at=now,
        imported_by=actor.name,
    )
    session.add(batch)
    session.flush()  # the applications name it
    return batch


def _store(
    session: Session, campaign: Campaign, rows: Sequence[ApplicationRow], batch: ApplicationImport | None, now: datetime, progress: Progress
) -> list[str]:
    """Insert people who are new and one application for each row; return the public ids of the applications in file order."""
    people = _people(session, rows, now)
    positions = position_codes(session, campaign)
    values = [_application(campaign, row, people[row.identity_number], positions, batch, now) for row in rows]
    for start in range(0, len(values), PORTION):
        portion = values[start : start + PORTION]
        session.execute(insert(Application), portion)
        progress(len(portion))
    return [str(value["public_id"]) for value in values]


def _classify(session: Session, rows: Mapping[str, ApplicationRow], source: str, actor: Actor, now: datetime) -> int:
    """Record the yearly classifications that the rows of new applications, by their public ids, bring along; return how many.

    The operator's command has to name in whose name (`intake.by_needed`).
    """
    telling = [public_id for public_id, row in rows.items() if row.classifications]
    if not telling:
        return 0
    recorder = session.scalar(select(Account.id).where(Account.public_id == actor.public_id))
    if recorder is None:
        raise Refused("intake.by_needed")
    common = {"source": source[-300:], "recorded_at": now, "recorded_by_id": recorder}
    count = 0
    for start in range(0, len(telling), PORTION):
        wanted = select(Application.id, Application.public_id).where(Application.public_id.in_(telling[start : start + PORTION]))
        grades = [(row.id, *told) for row in session.execute(wanted) for told in rows[row.public_id].classifications]
        values = [{"application_id": one, "year": year, "grade": grade, **common} for one, year, grade in grades]
        session.execute(insert(YearlyClassification), values)
        count += len(values)
    return count


def _people(session: Session, rows: Sequence[ApplicationRow], now: datetime) -> dict[str, Person]:
    """The people of these rows. Two campaigns may meet the same new person at the same moment: then both keep the one row."""
    known = people_of(session, [row.identity_number for row in rows])
    new = sorted((row for row in rows if row.identity_number not in known), key=lambda row: row.identity_number)
    if not new:
        return known
    session.execute(insert_once(session.get_bind().dialect, Person), [_person(row, now) for row in new])
    added = people_of(session, [row.identity_number for row in new])
    for row in new:
        person = added[row.identity_number]
        if (person.full_name, person.birth_date) != (row.full_name, row.birth_date):
            raise Conflict("changed_meanwhile")
    return known | added


def _person(row: ApplicationRow, now: datetime) -> dict[str, object]:
    return {
        "public_id": new_public_id(),
        "identity_number": row.identity_number,
        "full_name": row.full_name,
        "name_fold": fold(row.full_name),
        "name_sort_key": name_sort_key(row.full_name),
        "birth_date": row.birth_date,
        "gender": row.gender,
        "created_at": now,
    }


def _application(
    campaign: Campaign,
    row: ApplicationRow,
    person: Person,
    positions: Mapping[str, int],
    batch: ApplicationImport | None,
    now: datetime,
) -> dict[str, object]:
    return {
        "public_id": new_public_id(),
        "campaign_id": campaign.id,
        "position_id": positions[row.position_code],
        "person_id": person.id,
        "import_id": batch.id if batch else None,
        "state": "received",
        "received_at": now,
        **facts_of(row),
    }


def facts_of(row: ApplicationRow) -> dict[str, object]:
    """What a row says besides person and position, by the columns of the application."""
    return {
        "workplace": row.workplace,
        "current_post": row.current_post,
        "qualification": row.qualification,
        "phone": row.phone,
        "email": row.email,
        "claimed_priority": row.claimed_priority,
        "claimed_exemption": row.claimed_exemption,
        "extra": _extra(row),
    }


def _extra(row: ApplicationRow) -> dict[str, object]:
    """What a file may tell and no rule asks for."""
    told: dict[str, object] = {
        "languages": row.languages,
        "years_of_service": row.years_of_service,
        "joined_on": row.joined_on.isoformat() if row.joined_on else None,
    }
    return {name: value for name, value in told.items() if value not in ("", None)}
