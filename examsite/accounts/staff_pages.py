"""The pages of a list of staff, and the slips with the codes of those who were invited."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from examsite.accounts import queries, staff_rows
from examsite.accounts import staff_lists as operations
from examsite.accounts.current import me
from examsite.accounts.list_desk import HouseDesk, ListDesk
from examsite.accounts.list_pages import XLSX
from examsite.accounts.models import ListUpload
from examsite.accounts.operations import CODE_LASTS
from examsite.accounts.permissions import may_manage_staff
from examsite.accounts.staff_lists import Invited, StaffIntake
from examsite.accounts.staff_rows import BOARD_WORDS, DUTY_WORDS, StaffRow, read_staff
from examsite.lists import Intake, ListFile, ListReading, list_template
from examsite.rules.policy import BOARDS
from examsite.sheets import Book
from examsite.sheets.writing import NewSheet, write_xlsx
from examsite.web.context import db, now


@dataclass(frozen=True)
class StaffDesk(HouseDesk[StaffRow]):
    """The staff of the house, brought by an administrator."""

    kind = operations.KIND
    table = staff_rows.STAFF
    sheet_names = staff_rows.SHEET_NAMES
    names_people = True
    may = staticmethod(may_manage_staff)

    @property
    def home(self) -> tuple[str, str]:
        return gettext("Staff accounts"), url_for("accounts.staff_list")

    def template(self, language: str) -> bytes:
        return staff_template(language)

    def read(self, book: Book) -> ListReading[StaffRow]:
        return read_staff(book)

    def assess(self, file: ListFile[StaffRow]) -> StaffIntake:
        return operations.assess(db(), file)

    def take(self, kept: ListUpload, file: ListFile[StaffRow], *, good_rows: bool) -> StaffIntake:
        return operations.take_upload(db(), kept, file, me(), good_rows=good_rows, now=now())

    def standing(self, language: str) -> Sequence[Mapping[str, str]]:
        """Those who can sign in: a row that names somebody who was shut out could not be taken in again."""
        del language
        return [staff_rows.cells(account) for account in queries.staff(db()) if account.disabled_at is None]

    def keep_who_took(self, lines: int) -> None:
        operations.keep_who_took(db(), lines, me(), now())

    def shown(self, done: Intake[StaffRow]) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        return [gettext("Name"), gettext("Sign-in name")], [[row.name, row.sign_in_name] for row in done.good]

    def taken(self, done: Intake[StaffRow]) -> ResponseReturnValue:
        """The answer is the only place where the codes are ever shown."""
        if isinstance(done, StaffIntake) and done.invited:
            db().commit()
            return slips_page(self, done.invited)
        return super().taken(done)


def staff_template(language: str) -> bytes:
    """The file that both pages read: who is to get an account, and who sits on which board."""
    notes = [
        gettext("Fill in one row for each seat on a board. Columns with a star are needed; somebody on two boards stands in two rows."),
        gettext("An administrator takes the file in on the page of staff accounts: that makes the accounts and their activation codes."),
        gettext("Then the HR board takes the same file in on the page of boards: that gives the seats. Without a duty one is a member."),
        gettext("The sign-in name is an e-mail address, or small letters without marks and blanks. Somebody who has an account keeps it."),
    ]
    which = 0 if language == "vi" else 1
    choices = {
        "board": [BOARD_WORDS[board][which] for board in BOARDS],
        "duty": [words[which] for words in DUTY_WORDS.values()],
    }
    return list_template(staff_rows.STAFF, language, staff_rows.SHEET_NAMES[language], staff_rows.EXAMPLES, notes, choices)


def slips_page(desk: ListDesk[Any], invited: Sequence[Invited]) -> ResponseReturnValue:
    """Slips to hand out, and the same as a file; a second request would find the codes nowhere."""
    sheet = f"data:{XLSX};base64,{b64encode(_as_sheet(invited)).decode()}"
    return render_template("lists/invited.html", desk=desk, role=desk.role, invited=invited, sheet=sheet, expires=now() + CODE_LASTS)


def _as_sheet(invited: Sequence[Invited]) -> bytes:
    header = [gettext("Name"), gettext("Sign-in name"), gettext("Activation code"), gettext("Where to use it")]
    address = url_for("accounts.activate", _external=True)
    rows = [(one.name, one.sign_in_name, one.code, address) for one in invited]
    return write_xlsx([NewSheet(gettext("Activation codes"), header, rows, (28, 28, 36, 36))])
