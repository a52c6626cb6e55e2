"""The columns of an application file: their headers in both languages, and the template that carries them."""

from collections.abc import Mapping, Sequence

from examsite.lists import Column, Table, list_template
from examsite.sheets import Value

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
TABLE = Table(COLUMNS)
CLASSIFIED = "classification_"
OFFERED_YEARS = 3


def table_with(years: Sequence[int]) -> Table:
    """The table with a column for the classification of each of these years, newest first; the template offers the last full years."""
    offered = years[1 : OFFERED_YEARS + 1]
    return Table((*COLUMNS, *(_year_column(year, year in offered) for year in years)))


def _year_column(year: int, offered: bool) -> Column:
    headers = (f"Xếp loại năm {year}", f"Classification {year}", f"Xếp loại {year}", f"Xếp loại chất lượng năm {year}", f"Năm {year}")
    return Column(f"{CLASSIFIED}{year}", headers, width=26, offered=offered)


EXAMPLES: tuple[Mapping[str, Value], ...] = tuple(
    dict(zip((column.name for column in COLUMNS), values, strict=True))
    for values in (
        ("1", "Nguyễn Thị Minh Ánh", "12/03/1985", "Nữ", "001185012345", "Phòng Nội vụ", "Phó Trưởng phòng", "TP-01",
         "Thạc sĩ Luật", "Tiếng Anh", "0912345678", "minhanh@example.vn", "", "", "14", "01/08/2011"),
        ("2", "Đỗ Văn Đức", "05/11/1979", "Nam", "036079004321", "Văn phòng", "Chuyên viên chính", "TP-01",
         "Đại học Kinh tế", "Tiếng Anh", "0987654321", "vanduc@example.vn", "Thương binh", "Đại học Ngôn ngữ Anh", "20", "15/09/2005"),
    )
)  # fmt: skip
SHEET_NAMES = {"vi": "Hồ sơ", "en": "Applications"}
GENDERS = {"vi": ("Nam", "Nữ"), "en": ("Male", "Female")}
GRADES = {
    "vi": ("Hoàn thành xuất sắc nhiệm vụ", "Hoàn thành tốt nhiệm vụ", "Hoàn thành nhiệm vụ", "Không hoàn thành nhiệm vụ"),
    "en": ("Excellent", "Good", "Completed", "Not completed"),
}
"""The four grades of the yearly assessment, best first, as `models.GRADES` has them."""


def application_template(language: str, notes: Sequence[str], positions: Sequence[str] = (), years: Sequence[int] = ()) -> bytes:
    """The XLSX file to fill in, with headers in `vi` or `en`; `notes` are sentences for the third sheet, `positions` the codes to offer,
    `years` those whose classification may stand in it, newest first."""
    grades = {f"{CLASSIFIED}{year}": GRADES[language] for year in years}
    choices = {"gender": GENDERS[language], "position": positions, **grades}
    return list_template(table_with(years), language, SHEET_NAMES[language], EXAMPLES, notes, choices)
