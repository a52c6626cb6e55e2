"""Rooms out of a list: the columns of the file, and its rows."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from examsite.lists import Column, ListReading, Row, Table, Unique, read_list
from examsite.lists.findings import Unusable
from examsite.lists.values import Say, read_choice, read_whole, read_words
from examsite.sheets import Book, Cell, Value
from examsite.vietnamese import fold

MOST = 10_000
"""Of what a cell may count; what a room may have is the operation's question."""
TABLE = Table(
    (
        Column("number", ("STT", "No.", "TT", "Số thứ tự", "#"), width=6),
        Column("code", ("Mã phòng", "Room code", "Mã", "Code", "Phòng", "Room"), required=True, width=12, longest=40),
        Column("name", ("Tên phòng", "Room name", "Tên", "Name"), required=True, width=28, longest=120),
        Column("place", ("Địa chỉ", "Address", "Địa điểm", "Place", "Vị trí"), required=True, width=44, longest=300),
        Column("rows", ("Số hàng ghế", "Rows of seats", "Số hàng", "Rows"), width=12),
        Column("columns", ("Số chỗ mỗi hàng", "Seats in a row", "Số cột", "Columns"), width=14),
        Column("seats", ("Số chỗ", "Number of seats", "Sức chứa", "Capacity", "Seats", "Số máy"), width=12),
        Column("out_of_use", ("Chỗ không dùng được", "Seats out of use", "Chỗ hỏng", "Máy hỏng"), width=20, longest=1_000),
        Column("serves", ("Trang bị cho", "Equipped for", "Nhu cầu đặc biệt", "Special needs"), width=34),
        Column("reserved", ("Chỉ dành cho nhu cầu đặc biệt", "For special needs alone", "Phòng riêng"), width=16),
        Column("note", ("Ghi chú", "Note"), width=30, longest=1_000),
    )
)
NEED_WORDS: Mapping[str, tuple[str, str]] = {
    "step_free": ("lối đi không bậc", "access without steps"),
    "screen": ("màn hình lớn hoặc phần mềm đọc màn hình", "large screen or screen reader"),
    "quiet": ("phòng riêng yên tĩnh", "quiet room of their own"),
    "assistant": ("có chỗ cho người hỗ trợ", "room for an assistant"),
}
YES_NO: Mapping[str, tuple[str, str]] = {"yes": ("Có", "Yes"), "no": ("Không", "No")}
EXAMPLES: tuple[Mapping[str, Value], ...] = (
    {"number": "1", "code": "P101", "name": "Phòng máy 101", "place": "Tầng 1, nhà B, 12 Lý Thái Tổ", "rows": "5", "columns": "6"},
    {"number": "2", "code": "P05", "name": "Phòng yên tĩnh", "place": "Tầng 1, nhà B", "seats": "2", "serves": "phòng riêng yên tĩnh"},
)
SHEET_NAMES = {"vi": "Phòng thi", "en": "Exam rooms"}
ONE_CODE_ONCE = Unique["RoomRow"](lambda row: row.code, "code", "rooms.code_twice")
BETWEEN = re.compile(r"[,;\n]+")

_NEEDS = {fold(word): need for need, words in NEED_WORDS.items() for word in words}
_YES_NO = {fold(word): answer == "yes" for answer, words in YES_NO.items() for word in words} | {"x": True}


@dataclass(frozen=True, slots=True)
class RoomRow:
    """One room as read; what is empty in the file is None or empty here."""

    sheet: str
    row: int
    code: str
    name: str
    place: str
    rows: int | None
    columns: int | None
    seats: int | None
    out_of_use: tuple[str, ...]
    serves: tuple[str, ...]
    reserved: bool
    note: str


def read_rooms(book: Book) -> ListReading[RoomRow]:
    """Every room of the file. One code in two rows is an error of each of them."""
    return read_list(book, TABLE, lambda _found: _read, [ONE_CODE_ONCE])


def _read(row: Row) -> RoomRow | None:
    longest = {column.name: column.longest for column in TABLE.columns}

    def words(name: str) -> str:
        return row.take(name, lambda cell, say: read_words(cell, longest[name], say)) or ""

    def count(name: str) -> int | None:
        return row.take(name, _whole)

    texts = {name: words(name) for name in ("code", "name", "place", "note")}
    numbers = {name: count(name) for name in ("rows", "columns", "seats")}
    out_of_use = tuple(_pieces(words("out_of_use")))
    serves = row.take("serves", _needs) or ()
    reserved = row.take("reserved", _answer) or False
    if row.failed:
        return None
    return RoomRow(
        sheet=row.sheet,
        row=row.number,
        code=texts["code"].upper(),
        name=texts["name"],
        place=texts["place"],
        rows=numbers["rows"],
        columns=numbers["columns"],
        seats=numbers["seats"],
        out_of_use=out_of_use,
        serves=serves,
        reserved=reserved,
        note=texts["note"],
    )


def _whole(cell: Cell, say: Say) -> int:
    return read_whole(cell, 0, MOST, say)


def _answer(cell: Cell, say: Say) -> bool:
    return read_choice(cell, _YES_NO, [word for words in YES_NO.values() for word in words], say)


def _needs(cell: Cell, say: Callable[..., None]) -> tuple[str, ...]:
    found = [_NEEDS.get(fold(piece)) for piece in _pieces(read_words(cell, 300, say))]
    if None in found:
        raise Unusable("lists.choice_unknown", known=", ".join(words[0] for words in NEED_WORDS.values()))
    return tuple(need for need in NEED_WORDS if need in found)


def _pieces(text: str) -> list[str]:
    return [piece.strip() for piece in BETWEEN.split(text) if piece.strip()]
