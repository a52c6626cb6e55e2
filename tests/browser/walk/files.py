"""The files that people bring: a spreadsheet of applications, and questions in GIFT."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from openpyxl import Workbook

HEADER = (
    "Họ và tên", "Ngày sinh", "Giới tính", "Số định danh cá nhân", "Đơn vị công tác hiện tại", "Mã vị trí dự tuyển", "Đối tượng ưu tiên",
)  # fmt: skip
AN, BINH, CUC = "Trần Văn An", "Lê Thị Bình", "Phạm Thị Cúc"
POSITION = "TP-CNS"
# The second identity number stands as a number in its cell, so the program that saved the file dropped its two zeros.
ROWS = (
    (AN, date(1985, 3, 12), "Nam", "001085000017", "Sở Nội vụ", POSITION, ""),
    (BINH, date(1987, 11, 30), "Nữ", 1187000025, "Sở Xây dựng", POSITION, "Hoàn thành nghĩa vụ quân sự"),
    (CUC, "05/07/1990", "Nữ", "001190000033", "UBND phường Đông Hà", POSITION, ""),
)
RESTORED = "001187000025"

GENERAL = {
    "law/easy": {
        "Quốc hội là cơ quan gì?": ("Cơ quan quyền lực nhà nước cao nhất", "Cơ quan hành chính", "Cơ quan xét xử"),
        "Ai ban hành nghị định?": ("Chính phủ", "Bộ trưởng", "Tòa án nhân dân tối cao"),
        "Ai ban hành luật?": ("Quốc hội", "Chính phủ", "Bộ Tư pháp"),
        "Cơ quan nào xét xử?": ("Tòa án nhân dân", "Viện kiểm sát nhân dân", "Thanh tra Chính phủ"),
    },
    "office/medium": {
        "Văn bản đến được đăng ký ở đâu?": ("Tại văn thư cơ quan", "Tại phòng kế toán", "Tại kho lưu trữ"),
        "Ai ký thay người đứng đầu?": ("Cấp phó của người đứng đầu", "Văn thư", "Kế toán trưởng"),
        "Công văn thuộc loại văn bản nào?": ("Văn bản hành chính", "Văn bản quy phạm pháp luật", "Văn bản chuyên ngành"),
        "Hồ sơ được nộp lưu vào đâu?": ("Lưu trữ cơ quan", "Phòng họp", "Thư viện"),
    },
}
ENGLISH = {
    "grammar/easy": {
        "She _____ here since 2019.": ("has worked", "is working", "works"),
        "The letter _____ yesterday.": ("was sent", "is sent", "sends"),
        "If it rains, we _____ inside.": ("will stay", "stayed", "would have stayed"),
        "There _____ two offices on this floor.": ("are", "is", "be"),
    },
}
KEYS = {stem: options[0] for bank in (GENERAL, ENGLISH) for items in bank.values() for stem, options in items.items()}
ESSAY = "::open::Anh/chị hãy trình bày kế hoạch của mình. {}\n"


def write_applications(folder: Path) -> Path:
    """The spreadsheet as an office saves it: dates as dates or text, one identity number without its zeros."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Hồ sơ"
    for row in (HEADER, *ROWS):
        sheet.append(row)
    for cell in sheet["B"][1:]:
        cell.number_format = "DD/MM/YYYY"
    path = folder / "ho-so.xlsx"
    book.save(path)
    return path


def write_general(folder: Path) -> Path:
    """General questions, and at the end an open one that no machine can mark."""
    return _write(folder / "kien-thuc-chung.gift", _gift(GENERAL) + ESSAY)


def write_english(folder: Path) -> Path:
    """English questions."""
    return _write(folder / "english.gift", _gift(ENGLISH))


def _gift(bank: Mapping[str, Mapping[str, tuple[str, ...]]]) -> str:
    blocks = []
    for path, items in bank.items():
        topic, difficulty = path.split("/")
        blocks.append(f"$CATEGORY: {topic}\n")
        for stem, (key, *others) in items.items():
            wrong = "".join(f"~{other}\n" for other in others)
            blocks.append(f"// [tag:difficulty:{difficulty}]\n{stem} {{\n{wrong}={key}\n####Căn cứ\\: giáo trình.\n}}\n")
    return "\n".join(blocks) + "\n"


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path
