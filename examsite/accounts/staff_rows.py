"""Staff and their boards out of a list: the columns of the file, and its rows. Two pages read the same file: one invites, one appoints."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from examsite.accounts.models import Account
from examsite.lists import Column, ListReading, Row, Table, Unique, Unusable, read_list
from examsite.lists.values import Say, read_choice, read_words
from examsite.rules.policy import BOARDS
from examsite.sheets import Book, Cell, Value
from examsite.vietnamese import fold

LONGEST_SIGN_IN_NAME = 120
SIGN_IN_NAME = re.compile(r"[a-z0-9][a-z0-9._+\-]*(@[a-z0-9\-]+(\.[a-z0-9\-]+)+)?")
BOARD_COLUMN = Column("board", ("Ban", "Board", "Hội đồng, ban", "Ban, hội đồng"), width=24)
COLUMNS = (
    Column("number", ("STT", "No.", "TT", "Số thứ tự", "#"), width=6),
    Column("name", ("Họ và tên", "Full name", "Họ tên", "Name", "Tên"), required=True, width=30, longest=200),
    Column(
        "sign_in_name",
        ("Tên đăng nhập hoặc email", "Sign-in name or e-mail", "Tên đăng nhập", "Sign-in name", "Email", "E-mail", "Thư điện tử"),
        required=True,
        width=32,
        longest=LONGEST_SIGN_IN_NAME,
    ),
    BOARD_COLUMN,
    Column("duty", ("Nhiệm vụ", "Duty", "Chức trách", "Vai trò"), width=18),
)
STAFF = Table(COLUMNS, fewest=2)
SEATS = Table(tuple(replace(column, required=True) if column is BOARD_COLUMN else column for column in COLUMNS))
BOARD_WORDS: Mapping[str, tuple[str, ...]] = {
    "hr": ("Bộ phận nhân sự", "HR board", "Nhân sự", "HR", "Ban nhân sự", "Tổ chức cán bộ"),
    "council": ("Hội đồng", "Council", "Hội đồng thi tuyển", "Hội đồng tuyển dụng"),
    "question": ("Ban đề thi", "Question board", "Đề thi", "Ban ra đề"),
    "invigilation": ("Ban coi thi", "Invigilation board", "Coi thi"),
    "code": ("Ban phách", "Code board", "Phách"),
    "marking": ("Ban chấm thi", "Marking board", "Chấm thi"),
    "remarking": ("Ban phúc khảo", "Re-marking board", "Phúc khảo"),
    "panel": ("Ban phỏng vấn", "Interview board", "Phỏng vấn", "Interview panel"),
    "supervision": ("Ban giám sát", "Supervision board", "Giám sát"),
}
DUTY_WORDS: Mapping[str, tuple[str, ...]] = {
    "member": ("thành viên", "member", "ủy viên", "uỷ viên"),
    "secretary": ("thư ký", "secretary", "ủy viên thư ký"),
    "deputy": ("phó chủ tịch", "deputy chair", "deputy", "phó chủ tịch hội đồng", "vice-chair"),
    "head": ("trưởng", "head", "trưởng ban", "chủ tịch", "chủ tịch hội đồng", "chair"),
}
EXAMPLES: tuple[Mapping[str, Value], ...] = (
    {"number": "1", "name": "Nguyễn Thị Minh Ánh", "sign_in_name": "minhanh@example.vn", "board": "Hội đồng", "duty": "trưởng"},
    {"number": "2", "name": "Đỗ Văn Đức", "sign_in_name": "vanduc", "board": "Ban đề thi", "duty": "thành viên"},
)
SHEET_NAMES = {"vi": "Cán bộ", "en": "Staff"}
ONE_SEAT_ONCE = Unique["StaffRow"](lambda row: f"{row.sign_in_name} {row.board}", "board", "staff.seat_twice")


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One person, and the seat on a board where the file gives one; `board` is empty where it gives none."""

    sheet: str
    row: int
    name: str
    sign_in_name: str
    board: str
    duty: str


def read_staff(book: Book) -> ListReading[StaffRow]:
    """Every person of the file; boards and duties are left unread."""
    return read_list(book, STAFF, lambda _found: lambda row: _read(row, with_seat=False))


def cells(account: Account, board: str = "", duty: str = "", language: str = "vi") -> dict[str, str]:
    """One person as a row of the file, with the seat on a board where one is given."""
    which = 0 if language == "vi" else 1
    seat = {"board": BOARD_WORDS[board][which], "duty": DUTY_WORDS[duty][which]} if board else {}
    return {"name": account.display_name, "sign_in_name": account.sign_in_name, **seat}


def read_seats(book: Book) -> ListReading[StaffRow]:
    """Every seat of the file. One person twice on one board is an error of each row."""
    return read_list(book, SEATS, lambda _found: lambda row: _read(row, with_seat=True), [ONE_SEAT_ONCE])


def _read(row: Row, *, with_seat: bool) -> StaffRow | None:
    name = row.take("name", lambda cell, say: read_words(cell, 200, say))
    sign_in_name = row.take("sign_in_name", _sign_in_name)
    board = row.take("board", _board) if with_seat else ""
    duty = row.take("duty", _duty) if with_seat else ""
    if row.failed or not name or not sign_in_name:
        return None
    return StaffRow(row.sheet, row.number, name, sign_in_name, board or "", duty or "member")


def _sign_in_name(cell: Cell, say: Say) -> str:
    """As people type it to sign in: in small letters, without marks and blanks; an e-mail address will do."""
    name = read_words(cell, LONGEST_SIGN_IN_NAME, say).lower()
    if not SIGN_IN_NAME.fullmatch(name):
        raise Unusable("staff.sign_in_name_form")
    return name


def _board(cell: Cell, say: Say) -> str:
    return read_choice(cell, _spellings(BOARD_WORDS), [BOARD_WORDS[board][0] for board in BOARDS], say)


def _duty(cell: Cell, say: Say) -> str:
    return read_choice(cell, _spellings(DUTY_WORDS), [words[0] for words in DUTY_WORDS.values()], say)


def _spellings(words: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {fold(spelling): value for value, spellings in words.items() for spelling in spellings}
