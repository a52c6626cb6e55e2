"""The columns of an application file: their headers in both languages, and the template that carries them."""

from collections.abc import Sequence
from dataclasses import dataclass

from examsite.sheets import Cell, Sheet, Template, TemplateColumn, TemplateNames, Value, header_key, template

HEADER_WITHIN_ROWS = 30
FEWEST_HEADERS = 3
TEMPLATE_SHEETS = frozenset({"vi du", "example", "huong dan", "notes"})


@dataclass(frozen=True, slots=True)
class Column:
    """`headers`: the Vietnamese and the English header of the template, then others that are understood."""

    name: str
    headers: tuple[str, ...]
    required: bool = False
    width: int = 18
    longest: int = 300

    def title(self, language: str) -> str:
        return self.headers[0 if language == "vi" else 1] + (" *" if self.required else "")


COLUMNS = (
    Column("number", ("STT", "No.", "TT", "Số thứ tự", "#"), width=6),
    Column("full_name", ("Họ và tên", "Full name", "Họ tên", "Họ, tên", "Name"), required=True, width=28, longest=200),
    Column(
        "birth_date", ("Ngày sinh", "Date of birth", "Ngày tháng năm sinh", "Ngày, tháng, năm sinh", "Birth date"), required=True, width=14
    ),
    Column("gender", ("Giới tính", "Gender", "Sex"), required=True, width=10),
    Column(
        "identity_number",
        (
            "Số định danh cá nhân",
            "Personal identity number",
            "Số CCCD",
            "CCCD",
            "Số căn cước",
            "Căn cước công dân",
            "Số định danh",
            "Identity number",
        ),
        required=True,
        width=20,
    ),
    Column("workplace", ("Đơn vị công tác hiện tại", "Current workplace", "Đơn vị công tác", "Nơi công tác", "Workplace"), width=32),
    Column("current_post", ("Chức vụ hiện tại", "Current post", "Chức vụ", "Chức vụ, chức danh hiện tại", "Current position"), width=24),
    Column(
        "position",
        ("Mã vị trí dự tuyển", "Position code", "Mã vị trí", "Vị trí dự tuyển", "Mã chức danh dự tuyển"),
        required=True,
        longest=40,
    ),
    Column("qualification", ("Trình độ chuyên môn", "Qualification", "Trình độ", "Trình độ đào tạo"), width=28),
    Column("languages", ("Ngoại ngữ", "Foreign language", "Trình độ ngoại ngữ", "Foreign languages")),
    Column("phone", ("Điện thoại", "Phone", "Số điện thoại", "SĐT", "ĐTDĐ", "Telephone", "Mobile"), width=14),
    Column("email", ("Email", "E-mail", "Thư điện tử", "Địa chỉ email", "Hộp thư"), width=28, longest=200),
    Column("claimed_priority", ("Đối tượng ưu tiên", "Priority group", "Ưu tiên", "Diện ưu tiên"), width=24),
    Column("claimed_exemption", ("Miễn thi ngoại ngữ", "Language exemption", "Căn cứ miễn thi ngoại ngữ", "Miễn ngoại ngữ"), width=28),
    Column("years_of_service", ("Số năm công tác", "Years of service", "Thâm niên công tác"), width=10),
    Column("joined_on", ("Ngày vào cơ quan", "Date of joining", "Ngày vào ngành", "Ngày tuyển dụng"), width=14),
)
REQUIRED = tuple(column for column in COLUMNS if column.required)


BY_KEY = {header_key(header) or header: column for column in COLUMNS for header in column.headers}


@dataclass(frozen=True, slots=True)
class Header:
    """Where the table of a sheet starts: its header row, the known columns by number, all titles by number, doubles."""

    row: int
    known: dict[int, Column]
    titles: dict[int, str]
    doubles: tuple[tuple[int, int], ...]

    @property
    def missing(self) -> tuple[Column, ...]:
        present = {column.name for column in self.known.values()}
        return tuple(column for column in REQUIRED if column.name not in present)

    @property
    def unknown(self) -> tuple[int, ...]:
        doubled = {second for _, second in self.doubles}
        return tuple(number for number in self.titles if number not in self.known and number not in doubled)


def find_header(sheet: Sheet) -> Header | None:
    """The row among the first thirty that names the most columns, if it names at least three."""
    best: Header | None = None
    for number, cells in sheet.rows().items():
        if number > HEADER_WITHIN_ROWS:
            break
        header = _header(number, cells)
        if len(header.known) >= FEWEST_HEADERS and (best is None or len(header.known) > len(best.known)):
            best = header
    return best


def _header(row: int, cells: dict[int, Cell]) -> Header:
    known: dict[int, Column] = {}
    first: dict[str, int] = {}
    doubles: list[tuple[int, int]] = []
    titles = {number: " ".join(cell.text.split()) for number, cell in cells.items() if cell.text.strip()}
    for number, title in titles.items():
        column = BY_KEY.get(header_key(title) or title)
        if column is None:
            continue
        if column.name in first:
            doubles.append((first[column.name], number))
            continue
        first[column.name] = number
        known[number] = column
    return Header(row, known, titles, tuple(doubles))


EXAMPLES: tuple[tuple[Value, ...], ...] = (
    ("1", "Nguyễn Thị Minh Ánh", "12/03/1985", "Nữ", "001185012345", "Phòng Nội vụ", "Phó Trưởng phòng", "TP-01",
     "Thạc sĩ Luật", "Tiếng Anh", "0912345678", "minhanh@example.vn", "", "", "14", "01/08/2011"),
    ("2", "Đỗ Văn Đức", "05/11/1979", "Nam", "036079004321", "Văn phòng", "Chuyên viên chính", "TP-01",
     "Đại học Kinh tế", "Tiếng Anh", "0987654321", "vanduc@example.vn", "Thương binh", "Đại học Ngôn ngữ Anh", "20", "15/09/2005"),
)  # fmt: skip
SHEET_NAMES = {
    "vi": TemplateNames("Hồ sơ", "Ví dụ", "Hướng dẫn"),
    "en": TemplateNames("Applications", "Example", "Notes"),
}


def application_template(language: str, notes: Sequence[str]) -> bytes:
    """The XLSX file to fill in, with headers in `vi` or `en`; `notes` are sentences for the third sheet."""
    columns = [TemplateColumn(column.title(language), column.width) for column in COLUMNS]
    return template(Template(SHEET_NAMES[language], columns, EXAMPLES, notes))
