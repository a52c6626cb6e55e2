"""Builds files of applications as their cells, around one good row."""

from examsite.campaigns.application_rows import ApplicationRow, ImportReading, read_applications
from examsite.sheets import Book, Cell, Kind, Sheet

POSITIONS = {"TP-01", "PTP-02", "007"}
GOOD = {
    "Họ và tên": "Nguyễn Thị Ánh",
    "Ngày sinh": "12/03/1985",
    "Giới tính": "Nữ",
    "Số định danh cá nhân": "001185000001",
    "Mã vị trí dự tuyển": "TP-01",
    "Điện thoại": "0912345678",
    "Email": "anh@example.vn",
    "Đơn vị công tác hiện tại": "Phòng Nội vụ",
    "Số năm công tác": "14",
    "Ngày vào cơ quan": "01/08/2011",
}


def cell(row: int, column: int, value: object, sheet: str = "Hồ sơ", **more: object) -> Cell:
    if isinstance(value, Cell):
        return value._replace(sheet=sheet, row=row, column=column)
    return Cell(sheet, row, column, Kind.TEXT, str(value), **more)


def number(text: str, number_format: str = "General") -> Cell:
    return Cell("", 0, 0, Kind.NUMBER, text, number_format)


def day(text: str) -> Cell:
    return Cell("", 0, 0, Kind.DATE, text)


def page(*rows: dict[str, object], name: str = "Hồ sơ", header_row: int = 1) -> Sheet:
    titles = list(dict.fromkeys(title for row in rows for title in row)) or list(GOOD)
    cells = [cell(header_row, index, title, name) for index, title in enumerate(titles, start=1)]
    for row_number, row in enumerate(rows, start=header_row + 1):
        cells += [cell(row_number, titles.index(title) + 1, value, name) for title, value in row.items() if value != ""]
    return Sheet(name, tuple(cells))


def read(*rows: dict[str, object], **options: int) -> ImportReading:
    return read_applications(Book((page(*rows, **options),)), POSITIONS)


def one(**changes: object) -> ImportReading:
    return read(GOOD | {TITLES[name]: value for name, value in changes.items()})


TITLES = {
    "name": "Họ và tên",
    "birth": "Ngày sinh",
    "gender": "Giới tính",
    "identity": "Số định danh cá nhân",
    "position": "Mã vị trí dự tuyển",
    "phone": "Điện thoại",
    "email": "Email",
    "workplace": "Đơn vị công tác hiện tại",
    "years": "Số năm công tác",
    "joined": "Ngày vào cơ quan",
}


def codes(reading: ImportReading) -> list[str]:
    return [error.code.partition(".")[2] for error in reading.errors]


def note_codes(reading: ImportReading) -> list[str]:
    return [note.code.partition(".")[2] for note in reading.notes]


def taken(reading: ImportReading) -> ApplicationRow:
    assert reading.errors == ()
    (row,) = reading.rows
    return row
