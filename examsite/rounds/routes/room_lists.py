"""A list of rooms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from examsite.access import hr_officer
from examsite.accounts.current import me
from examsite.accounts.list_desk import HouseDesk
from examsite.accounts.list_pages import open_list
from examsite.accounts.models import ListUpload
from examsite.lists import Intake, ListFile, ListReading, list_template
from examsite.rounds import room_rows
from examsite.rounds.models import ExamRoom
from examsite.rounds.operations import room_lists as operations
from examsite.rounds.permissions import may_keep_rooms
from examsite.rounds.queries.exam_rooms import room_rows as all_rooms
from examsite.rounds.queries.room_lists import assess
from examsite.rounds.room_rows import RoomRow, read_rooms
from examsite.rounds.routes import blueprint
from examsite.sheets import Book
from examsite.web.context import db, now


@dataclass(frozen=True)
class RoomsDesk(HouseDesk[RoomRow]):
    """The rooms of the house, brought by an HR officer."""

    kind = operations.KIND
    table = room_rows.TABLE
    sheet_names = room_rows.SHEET_NAMES
    may = staticmethod(may_keep_rooms)

    @property
    def home(self) -> tuple[str, str]:
        return gettext("Exam rooms"), url_for("rounds.exam_rooms")

    def template(self, language: str) -> bytes:
        """The needs that a room may serve are offered as choices."""
        notes = [
            gettext("Fill in one row for each room on the first sheet. Columns with a star are needed."),
            gettext("Give rows and seats in a row, and seats are called A1, A2 and so on; or give the number of seats alone."),
            gettext("Several seats out of use, or several needs, stand in one cell with commas between them."),
            gettext("A room that stands already is known by its code: whatever the file says otherwise changes it, once you agree."),
        ]
        place = 0 if language == "vi" else 1
        choices = {
            "serves": [words[place] for words in room_rows.NEED_WORDS.values()],
            "reserved": [words[place] for words in room_rows.YES_NO.values()],
        }
        return list_template(room_rows.TABLE, language, room_rows.SHEET_NAMES[language], room_rows.EXAMPLES, notes, choices)

    def read(self, book: Book) -> ListReading[RoomRow]:
        return read_rooms(book)

    def assess(self, file: ListFile[RoomRow]) -> Intake[RoomRow]:
        return assess(db(), file)

    def take(self, kept: ListUpload, file: ListFile[RoomRow], *, good_rows: bool) -> Intake[RoomRow]:
        return operations.take_upload(db(), kept, file, me(), good_rows=good_rows, now=now())

    def standing(self, language: str) -> Sequence[Mapping[str, str]]:
        return [_cells(line.room, 0 if language == "vi" else 1) for line in all_rooms(db())]

    def shown(self, done: Intake[RoomRow]) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        rows = [[row.code, row.name, row.place, _seats(row)] for row in done.good]
        return [gettext("Room"), gettext("Name"), gettext("Address"), gettext("Number of seats")], rows


def _cells(room: ExamRoom, place: int) -> dict[str, str]:
    grid = {"rows": str(room.rows), "columns": str(room.columns)} if room.rows is not None else {"seats": str(room.seats)}
    return {
        "code": room.code,
        "name": room.name,
        "place": room.place,
        **grid,
        "out_of_use": ", ".join(room.out_of_use),
        "serves": ", ".join(room_rows.NEED_WORDS[need][place] for need in room.serves),
        "reserved": room_rows.YES_NO["yes"][place] if room.reserved else "",
        "note": room.note,
    }


def _seats(row: RoomRow) -> str:
    return f"{row.rows} × {row.columns}" if row.rows is not None else str(row.seats)


open_list(blueprint, hr_officer, "/rooms/import", RoomsDesk)
