"""A list of positions with their standards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from examsite.access import staff
from examsite.accounts.current import me
from examsite.accounts.list_desk import ListDesk
from examsite.accounts.list_pages import open_list
from examsite.accounts.models import ListUpload
from examsite.campaigns import position_rows
from examsite.campaigns.models import Position
from examsite.campaigns.operations import position_lists as operations
from examsite.campaigns.permissions import may_edit_positions
from examsite.campaigns.position_rows import PositionRow, read_positions
from examsite.campaigns.queries import rule_set
from examsite.campaigns.queries.position_lists import PositionIntake, assess, unit_words
from examsite.campaigns.queries.positions import positions_of
from examsite.campaigns.queries.units import tree
from examsite.campaigns.roles import Role, role_in
from examsite.campaigns.routes import blueprint
from examsite.lists import Intake, ListFile, ListReading, list_template
from examsite.rules.policy import Named
from examsite.sheets import Book
from examsite.web.context import db, now
from examsite.web.language import pick


@dataclass(frozen=True)
class PositionsDesk(ListDesk[PositionRow]):
    """The positions of one draft, brought by its HR board."""

    role: Role
    languages: Sequence[Named]

    kind = operations.KIND
    table = position_rows.TABLE
    tab = "campaigns.positions"
    sheet_names = position_rows.SHEET_NAMES

    @classmethod
    def enter(cls, **ids: str) -> "PositionsDesk":
        role = role_in(db(), me(), ids["campaign_id"])
        role.must(may_edit_positions(role))
        return cls(role, rule_set(role.campaign).round1.languages)

    @property
    def home(self) -> tuple[str, str]:
        return gettext("Positions"), url_for("campaigns.positions", campaign_id=self.role.campaign.public_id)

    @property
    def closed(self) -> str | None:
        return None if self.role.campaign.stage == "draft" else "campaigns.no_draft"

    def template(self, language: str) -> bytes:
        """Units of the house and languages of the rules are offered."""
        notes = [
            gettext("Fill in one row for each position on the first sheet. Columns with a star are needed."),
            gettext("Name the unit by its code or its name; it has to stand among the units of the house."),
            gettext("Write the standards into one cell, one a line, or into columns of their own: Standard 1, Standard 2 and so on."),
            gettext("A position that stands already is known by its code: what the file says otherwise changes it, once you agree."),
        ]
        spoken = [pick(one.name) for one in self.languages]
        choices = {"unit": [unit_words(branch.unit) for branch in tree(db())], "language": spoken}
        return list_template(position_rows.TABLE, language, position_rows.SHEET_NAMES[language], position_rows.EXAMPLES, notes, choices)

    def read(self, book: Book) -> ListReading[PositionRow]:
        return read_positions(book, self.languages)

    def assess(self, file: ListFile[PositionRow]) -> PositionIntake:
        return assess(db(), self.role.campaign, file)

    def take(self, kept: ListUpload, file: ListFile[PositionRow], *, good_rows: bool) -> Intake[PositionRow]:
        return operations.take_upload(db(), self.role, kept, file, good_rows=good_rows, now=now())

    def standing(self, language: str) -> Sequence[Mapping[str, str]]:
        spoken = {one.id: one.name.vi if language == "vi" else one.name.en for one in self.languages}
        return [_cells(position, spoken) for position in positions_of(db(), self.role.campaign)]

    def shown(self, done: Intake[PositionRow]) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        spoken = {one.id: pick(one.name) for one in self.languages}
        post = [gettext("Position"), gettext("Code"), gettext("Unit"), gettext("Level of the post")]
        rows = [
            [
                row.title,
                row.code,
                row.unit,
                row.level,
                str(row.quota),
                spoken.get(row.language or "", ""),
                "" if row.criteria is None else str(len(row.criteria)),
            ]
            for row in done.good
        ]
        return [*post, gettext("Seats"), gettext("Language"), gettext("Criteria")], rows


def _cells(position: Position, spoken: Mapping[str, str]) -> dict[str, str]:
    return {
        "code": position.code,
        "title": position.title,
        "unit": unit_words(position.unit),
        "level": position.level,
        "quota": str(position.quota),
        "language": spoken.get(position.language or "", ""),
        **position_rows.criteria_cells([criterion.text for criterion in position.criteria]),
    }


open_list(blueprint, staff("hr"), "/campaigns/<campaign_id>/positions/import", PositionsDesk)
