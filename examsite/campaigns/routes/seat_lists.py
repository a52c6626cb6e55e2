"""A list of staff and their boards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from examsite.access import staff
from examsite.accounts import staff_rows
from examsite.accounts.current import me
from examsite.accounts.list_desk import ListDesk
from examsite.accounts.list_pages import open_list
from examsite.accounts.models import ListUpload
from examsite.accounts.staff_lists import StaffIntake
from examsite.accounts.staff_pages import slips_page, staff_template
from examsite.accounts.staff_rows import StaffRow, read_seats
from examsite.campaigns.operations import seat_lists as operations
from examsite.campaigns.operations.taking import list_taken
from examsite.campaigns.permissions import may_appoint
from examsite.campaigns.queries.boards import seats
from examsite.campaigns.queries.seat_lists import assess
from examsite.campaigns.roles import Role, role_in
from examsite.campaigns.routes import blueprint
from examsite.lists import Finding, Intake, ListFile, ListReading
from examsite.sheets import Book
from examsite.web.context import db, now
from examsite.wording import say


@dataclass(frozen=True)
class SeatsDesk(ListDesk[StaffRow]):
    """The seats of one campaign's boards, brought by its HR board or the chair of its council."""

    role: Role

    kind = operations.KIND
    table = staff_rows.SEATS
    tab = "campaigns.boards"
    sheet_names = staff_rows.SHEET_NAMES
    names_people = True

    @classmethod
    def enter(cls, **ids: str) -> "SeatsDesk":
        role = role_in(db(), me(), ids["campaign_id"])
        role.must(may_appoint(role))
        return cls(role)

    @property
    def home(self) -> tuple[str, str]:
        return gettext("Boards"), url_for("campaigns.boards", campaign_id=self.role.campaign.public_id)

    def template(self, language: str) -> bytes:
        return staff_template(language)

    def read(self, book: Book) -> ListReading[StaffRow]:
        return read_seats(book)

    def assess(self, file: ListFile[StaffRow]) -> Intake[StaffRow]:
        return assess(db(), self.role, file)

    def take(self, kept: ListUpload, file: ListFile[StaffRow], *, good_rows: bool) -> Intake[StaffRow]:
        return operations.take_upload(db(), self.role, kept, file, good_rows=good_rows, now=now())

    def standing(self, language: str) -> Sequence[Mapping[str, str]]:
        held = [seat for members in seats(db(), self.role.campaign).values() for seat in members]
        return [staff_rows.cells(seat.account, seat.board, seat.duty, language) for seat in held]

    def keep_who_took(self, lines: int) -> None:
        list_taken(db(), self.role, self.kind, lines, now())

    def shown(self, done: Intake[StaffRow]) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        rows = [[row.name, row.sign_in_name, say(f"board.{row.board}"), say(f"duty.{row.duty}")] for row in done.good]
        return [gettext("Name"), gettext("Sign-in name"), gettext("Board"), gettext("Duty")], rows

    def way(self, finding: Finding, _upload: ListUpload) -> tuple[str, str] | None:
        """To the boards, where a seat is ended."""
        return (gettext("Open the boards"), self.home[1]) if finding.code == "seats.other_duty" else None

    def taken(self, done: Intake[StaffRow]) -> ResponseReturnValue:
        """Where people were invited, the answer is the only place where their codes are ever shown."""
        if isinstance(done, StaffIntake) and done.invited:
            db().commit()
            return slips_page(self, done.invited)
        return super().taken(done)


open_list(blueprint, staff("hr", "council"), "/campaigns/<campaign_id>/boards/import", SeatsDesk)
