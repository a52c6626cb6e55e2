"""A list of staff: who is new, who has an account already; the new ones get an account each, with a code that is shown once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts import list_uploads
from examsite.accounts.models import STAFF, Account, ListUpload
from examsite.accounts.operations import actor_of, invite_staff
from examsite.accounts.permissions import may_manage_staff
from examsite.accounts.staff_rows import StaffRow
from examsite.audit.models import HOUSE
from examsite.audit.operations import record
from examsite.lists import Finding, Intake, ListFile, ListReading
from examsite.lists.findings import in_order
from examsite.rules.refusal import NotPermitted

KIND = "staff"
AT_ONCE = 1_000


@dataclass(frozen=True)
class Invited:
    """What one new member of staff is handed. The code is kept nowhere else."""

    name: str
    sign_in_name: str
    code: str


@dataclass(frozen=True)
class StaffIntake(Intake[StaffRow]):
    """What a list of staff comes to; `invited` after it was taken in."""

    invited: Sequence[Invited] = ()


def accounts_of(session: Session, rows: Sequence[StaffRow]) -> dict[str, Account]:
    """The accounts with the sign-in names of these rows, whatever their state."""
    names = sorted({row.sign_in_name for row in rows})
    found: dict[str, Account] = {}
    for start in range(0, len(names), AT_ONCE):
        some = select(Account).where(Account.sign_in_name.in_(names[start : start + AT_ONCE]))
        found |= {account.sign_in_name: account for account in session.scalars(some)}
    return found


def wrong_person(reading: ListReading[StaffRow], row: StaffRow, account: Account | None) -> Finding | None:
    """Why a row cannot mean this account: it is no staff, it is shut out, or it is somebody else's."""
    if account is None:
        return None
    if account.kind != STAFF:
        return reading.about(row, "sign_in_name", "accounts.name_taken", row.sign_in_name, name=row.sign_in_name)
    if account.disabled_at is not None:
        return reading.about(row, "sign_in_name", "staff.disabled", row.sign_in_name, name=account.display_name)
    if account.display_name != row.name:
        return reading.about(row, "name", "staff.name_differs", row.name, name=account.display_name, sign_in_name=row.sign_in_name)
    return None


def assess(session: Session, file: ListFile[StaffRow]) -> StaffIntake:
    """Hold the rows that were read against the accounts that stand. Somebody who stands in several rows gets one account."""
    reading = file.reading
    accounts = accounts_of(session, reading.rows)
    errors, known, good = list(reading.errors), [], []
    names: dict[str, str] = {}
    for row in reading.rows:
        wrong = wrong_person(reading, row, accounts.get(row.sign_in_name)) or _other_name(reading, row, names)
        if wrong is not None:
            errors.append(wrong)
        elif row.sign_in_name in accounts:
            known.append(reading.about(row, "sign_in_name", "staff.there_already", row.sign_in_name, name=row.name))
        elif row.sign_in_name in names:
            known.append(reading.about(row, "sign_in_name", "staff.named_above", row.sign_in_name, name=row.name))
        else:
            good.append(row)
        names.setdefault(row.sign_in_name, row.name)
    return StaffIntake(good, known, in_order(file.book, errors), reading.notes, file.book.notes, reading.rows_seen)


def _other_name(reading: ListReading[StaffRow], row: StaffRow, names: dict[str, str]) -> Finding | None:
    other = names.get(row.sign_in_name, row.name)
    if other == row.name:
        return None
    return reading.about(row, "name", "staff.name_differs", row.name, name=other, sign_in_name=row.sign_in_name)


def take_upload(
    session: Session, kept: ListUpload, file: ListFile[StaffRow], actor: Account, *, good_rows: bool, now: datetime
) -> StaffIntake:
    """Make an account with a code for each new member of staff of an uploaded list, and wipe the file.

    Each goes through `invite_staff` and leaves its entry in the log. All rows or none, unless `good_rows` leaves out those with errors.
    Refuses (`intake.`) `has_errors`, `no_good_rows`, and a sign-in name that somebody else took at the same moment.
    """
    _must_manage(actor)
    intake = assess(session, file)
    intake.must_be_takeable(good_rows=good_rows)
    invited, new = [], []
    for row in intake.good:
        account, code = invite_staff(session, row.sign_in_name, row.name, None, actor, now)
        invited.append(Invited(account.display_name, account.sign_in_name, code))
        new.append(account.public_id)
    list_uploads.tell_taken(session, HOUSE, KIND, file.digest, actor_of(actor), now, new=new)
    list_uploads.wipe(session, kept)
    return replace(intake, invited=tuple(invited))


def keep_who_took(session: Session, lines: int, actor: Account, now: datetime) -> None:
    """Tell the log who takes the list of staff along as a workbook, and with how many lines."""
    _must_manage(actor)
    record(session, HOUSE, "accounts:list:taken", f"list:{KIND}", actor_of(actor), now, {"list": KIND, "lines": lines})


def _must_manage(actor: Account) -> None:
    if not may_manage_staff(actor):
        raise NotPermitted("accounts.not_administrator")
