"""Take in a list of seats on boards."""

from datetime import datetime

from sqlalchemy.orm import Session

from examsite.accounts import list_uploads
from examsite.accounts.models import ListUpload
from examsite.accounts.operations import invite_staff
from examsite.accounts.staff_lists import Invited, StaffIntake
from examsite.accounts.staff_rows import StaffRow
from examsite.campaigns.operations import boards
from examsite.campaigns.operations.campaigns import locked
from examsite.campaigns.permissions import may_appoint
from examsite.campaigns.queries.seat_lists import assess
from examsite.campaigns.roles import Role
from examsite.lists import ListFile

KIND = "boards"


def take_upload(session: Session, role: Role, kept: ListUpload, file: ListFile[StaffRow], *, good_rows: bool, now: datetime) -> StaffIntake:
    """Give the seats of an uploaded list, and wipe the file: all rows or none, unless `good_rows` leaves out those with errors.

    Each goes through `boards.appoint`, so that no rule on boards is passed by; somebody without an account is invited first, through
    `invite_staff`, which only an administrator may. Refuses (`intake.`) `has_errors`, `no_good_rows`, and what these refuse.
    """
    role.must(may_appoint(role))
    locked(session, role.campaign)
    intake = assess(session, role, file)
    intake.must_be_takeable(good_rows=good_rows)
    accounts = dict(intake.accounts)
    invited, new = [], []
    for row in intake.good:
        if row.sign_in_name not in accounts:
            account, code = invite_staff(session, row.sign_in_name, row.name, None, role.account, now)
            accounts[row.sign_in_name] = account
            invited.append(Invited(account.display_name, account.sign_in_name, code))
        new.append(boards.appoint(session, role, accounts[row.sign_in_name], row.board, row.duty, now).public_id)
    list_uploads.tell_taken(session, role.campaign.chain, KIND, file.digest, role.actor, now, new=new)
    list_uploads.wipe(session, kept)
    told = (intake.good, intake.known, intake.errors, intake.notes, intake.file_notes, intake.rows_seen)
    return StaffIntake(*told, invited=tuple(invited))
