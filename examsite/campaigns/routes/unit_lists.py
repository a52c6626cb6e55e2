"""A list of units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from examsite.access import hr_officer
from examsite.accounts.current import me
from examsite.accounts.list_desk import HouseDesk
from examsite.accounts.list_pages import open_list
from examsite.accounts.models import ListUpload
from examsite.campaigns import unit_rows
from examsite.campaigns.operations import unit_lists as operations
from examsite.campaigns.permissions import may_edit_units
from examsite.campaigns.queries.unit_lists import NO_PARENT, UnitIntake, assess, parents_of
from examsite.campaigns.queries.units import tree
from examsite.campaigns.routes import blueprint
from examsite.campaigns.unit_rows import UnitRow, read_units
from examsite.lists import Intake, ListFile, ListReading, list_template
from examsite.sheets import Book
from examsite.web.context import db, now


@dataclass(frozen=True)
class UnitsDesk(HouseDesk[UnitRow]):
    """The units of the house, brought by an HR officer."""

    kind = operations.KIND
    table = unit_rows.TABLE
    sheet_names = unit_rows.SHEET_NAMES
    may = staticmethod(may_edit_units)

    @property
    def home(self) -> tuple[str, str]:
        return gettext("Units"), url_for("campaigns.units")

    def template(self, language: str) -> bytes:
        """Units that stand are offered as those to belong to."""
        notes = [
            gettext("Fill in one row for each unit on the first sheet. Columns with a star are needed."),
            gettext("A unit belongs to another one by its code. Leave the cell blank for a unit at the top of the house."),
            gettext("The unit above may stand in the same file, before or after, or in the house already."),
            gettext("A unit that stands already is known by its code: another name or place in the file changes it, once you agree."),
        ]
        known = [branch.unit.code for branch in tree(db())]
        return list_template(unit_rows.TABLE, language, unit_rows.SHEET_NAMES[language], unit_rows.EXAMPLES, notes, {"parent": known})

    def read(self, book: Book) -> ListReading[UnitRow]:
        return read_units(book)

    def assess(self, file: ListFile[UnitRow]) -> UnitIntake:
        return assess(db(), file)

    def take(self, kept: ListUpload, file: ListFile[UnitRow], *, good_rows: bool) -> Intake[UnitRow]:
        return operations.take_upload(db(), kept, file, me(), good_rows=good_rows, now=now())

    def standing(self, language: str) -> Sequence[Mapping[str, str]]:
        del language
        units = [branch.unit for branch in tree(db())]
        above = parents_of(units)
        return [{"code": unit.code, "name": unit.name, "parent": above[unit.code]} for unit in units]

    def shown(self, done: Intake[UnitRow]) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        rows = [[row.name, row.code, row.parent or NO_PARENT] for row in done.good]
        return [gettext("Unit"), gettext("Code"), gettext("Belongs to")], rows


open_list(blueprint, hr_officer, "/units/import", UnitsDesk)
