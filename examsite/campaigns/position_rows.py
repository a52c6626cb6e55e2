"""Positions with their standards out of a list: the columns of the file, and its rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from examsite.lists import Column, ListReading, Row, Table, Unique, read_list
from examsite.lists.values import read_choice, read_lines, read_whole, read_words
from examsite.rules.policy import Named
from examsite.sheets import LONGEST_TEXT, Book, Value
from examsite.vietnamese import fold

MOST_SEATS = 1000
LONGEST_CRITERION = 2000
FURTHER_CRITERIA = range(2, 21)
NO_LANGUAGE = ("không", "none", "no", "-", "–", "không thi ngoại ngữ", "no language")
TABLE = Table(
    (
        Column("number", ("STT", "No.", "TT", "Số thứ tự", "#"), width=6),
        Column("code", ("Mã vị trí", "Position code", "Mã", "Code", "Mã chức danh"), required=True, width=14, longest=40),
        Column(
            "title",
            ("Tên chức danh", "Title of the post", "Chức danh", "Vị trí", "Tên vị trí", "Title", "Position"),
            required=True,
            width=34,
            longest=200,
        ),
        Column("unit", ("Đơn vị", "Unit", "Mã đơn vị", "Tên đơn vị", "Unit code"), required=True, width=30, longest=300),
        Column("level", ("Cấp của chức danh", "Level of the post", "Cấp", "Level"), required=True, width=18, longest=100),
        Column(
            "quota",
            ("Chỉ tiêu", "Seats", "Số chỉ tiêu", "Số lượng", "Chỉ tiêu cần tuyển", "Seats to fill"),
            required=True,
            width=10,
        ),
        Column("language", ("Ngoại ngữ", "Foreign language", "Language", "Ngoại ngữ của vòng 1", "Foreign language of round 1"), width=18),
        Column(
            "criteria",
            ("Tiêu chuẩn", "Standards", "Tiêu chuẩn 1", "Standard 1", "Criteria", "Criterion 1", "Các tiêu chuẩn", "Standard"),
            width=70,
        ),
        *(
            Column(f"criterion_{place}", (f"Tiêu chuẩn {place}", f"Standard {place}", f"Criterion {place}"), offered=False)
            for place in FURTHER_CRITERIA
        ),
    )
)
CRITERIA = ("criteria", *(f"criterion_{place}" for place in FURTHER_CRITERIA))
EXAMPLES: tuple[Mapping[str, Value], ...] = (
    {
        "number": "1", "code": "TP-01", "title": "Trưởng phòng Công chức, viên chức", "unit": "SNV", "level": "Trưởng phòng", "quota": "1",
        "language": "Tiếng Anh",
        "criteria": "Tốt nghiệp đại học trở lên\nCó ít nhất 5 năm công tác\nĐược quy hoạch chức danh tương đương",
    },
    {
        "number": "2", "code": "HT-01", "title": "Hiệu trưởng Trường THPT Chu Văn An", "unit": "THPT-CVA", "level": "Hiệu trưởng",
        "quota": "1", "language": "Tiếng Anh", "criteria": "Đã dạy học ít nhất 5 năm\nCó trình độ thạc sĩ",
    },
)  # fmt: skip
SHEET_NAMES = {"vi": "Vị trí", "en": "Positions"}
ONE_CODE_ONCE = Unique["PositionRow"](lambda row: row.code, "code", "positions.code_twice")


@dataclass(frozen=True, slots=True)
class PositionRow:
    """One position as read; `unit` is a code or a name, `criteria` is None where the file says nothing about them."""

    sheet: str
    row: int
    code: str
    title: str
    unit: str
    level: str
    quota: int
    language: str | None
    criteria: tuple[str, ...] | None


def read_positions(book: Book, languages: Iterable[Named]) -> ListReading[PositionRow]:
    """Every position of the file; `languages` are those of the rule set. One code in two rows is an error of each of them."""
    offered = list(languages)
    words: dict[str, str | None] = {fold(word): None for word in NO_LANGUAGE}
    for one in offered:
        spellings = (one.id, one.name.vi, one.name.en, one.name.vi.removeprefix("Tiếng "))
        words |= {fold(spelling): one.id for spelling in spellings}
    told = [f"{one.name.vi} ({one.name.en})" for one in offered] or [NO_LANGUAGE[0]]
    return read_list(book, TABLE, lambda _found: lambda row: _read(row, words, told), [ONE_CODE_ONCE])


def _read(row: Row, words: Mapping[str, str | None], told: Iterable[str]) -> PositionRow | None:
    longest = {column.name: column.longest for column in TABLE.columns}

    def text(name: str) -> str:
        return row.take(name, lambda cell, say: read_words(cell, longest[name], say)) or ""

    code, title, unit, level = text("code").upper(), text("title"), text("unit"), text("level")
    quota = row.take("quota", lambda cell, say: read_whole(cell, 1, MOST_SEATS, say))
    language = row.take("language", lambda cell, say: read_choice(cell, words, told, say))
    criteria = _criteria(row)
    if row.failed or quota is None:
        return None
    return PositionRow(row.sheet, row.number, code, title, unit, level, quota, language, criteria)


def criteria_cells(texts: Sequence[str]) -> dict[str, str]:
    """Standards as cells of a row, one a line, each behind a dash: reading takes one such mark away, so that a mark of their own stays.

    A cell holds 32,767 characters; where all together are longer, they are spread over the columns of further standards.
    """
    lines = [f"- {text}" for text in texts]
    most = len(lines) if len("\n".join(lines)) <= LONGEST_TEXT else -(-len(lines) // len(CRITERIA))
    return {name: "\n".join(lines[start : start + most]) for name, start in zip(CRITERIA, range(0, len(lines), most or 1), strict=False)}


def _criteria(row: Row) -> tuple[str, ...] | None:
    """One a line of a cell, or one a column, or both."""
    lines: list[str] = []
    for name in CRITERIA:
        lines += row.take(name, lambda cell, _say: read_lines(cell, LONGEST_CRITERION)) or ()
    return tuple(lines) or None
