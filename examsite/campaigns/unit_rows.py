"""Units out of a list: the columns of the file, and its rows."""

from collections.abc import Mapping
from dataclasses import dataclass

from examsite.lists import Column, ListReading, Row, Table, Unique, read_list
from examsite.lists.values import read_words
from examsite.sheets import Book, Value

TABLE = Table(
    (
        Column("number", ("STT", "No.", "TT", "Số thứ tự", "#"), width=6),
        Column("code", ("Mã đơn vị", "Unit code", "Mã", "Code"), required=True, width=16, longest=40),
        Column("name", ("Tên đơn vị", "Unit name", "Tên", "Name", "Đơn vị", "Unit"), required=True, width=44, longest=200),
        Column(
            "parent",
            ("Thuộc đơn vị", "Belongs to", "Đơn vị cấp trên", "Mã đơn vị cấp trên", "Trực thuộc", "Thuộc", "Parent", "Parent code"),
            width=24,
            longest=300,
        ),
    ),
    fewest=2,
)
EXAMPLES: tuple[Mapping[str, Value], ...] = (
    {"number": "1", "code": "SNV", "name": "Sở Nội vụ"},
    {"number": "2", "code": "SNV-CCVC", "name": "Phòng Công chức, viên chức", "parent": "SNV"},
    {"number": "3", "code": "THPT-CVA", "name": "Trường THPT Chu Văn An", "parent": "SGDDT"},
)
SHEET_NAMES = {"vi": "Đơn vị", "en": "Units"}
ONE_CODE_ONCE = Unique["UnitRow"](lambda row: row.code, "code", "units.code_twice")


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit as read; `parent` is the code or the name of the unit it belongs to, empty at the top of the house."""

    sheet: str
    row: int
    code: str
    name: str
    parent: str


def read_units(book: Book) -> ListReading[UnitRow]:
    """Every unit of the file. One code in two rows is an error of each of them."""
    return read_list(book, TABLE, lambda _found: _read, [ONE_CODE_ONCE])


def _read(row: Row) -> UnitRow | None:
    longest = {column.name: column.longest for column in TABLE.columns}

    def words(name: str) -> str:
        return row.take(name, lambda cell, say: read_words(cell, longest[name], say)) or ""

    code, name, parent = words("code").upper(), words("name"), words("parent")
    return None if row.failed else UnitRow(row.sheet, row.number, code, name, parent)
