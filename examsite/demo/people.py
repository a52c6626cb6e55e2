"""Fictional people. Which name goes with which number is a fixed choice, so that the demonstration looks the same wherever it is built."""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

FAMILY = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Đinh",
    "Phan",
    "Trịnh",
    "Mai",
    "Tạ",
)
MIDDLE = {
    "male": ("Văn", "Đức", "Quang", "Minh", "Hữu", "Xuân", "Thành", "Anh", "Quốc", "Ngọc", "Công", "Tiến"),
    "female": ("Thị", "Thị Thu", "Thị Ngọc", "Thanh", "Thị Minh", "Phương", "Thị Hồng", "Bích", "Thị Kim", "Thùy"),
}
GIVEN = {
    "male": ("An", "Bình", "Cường", "Dũng", "Đạt", "Giang", "Hải", "Hiếu", "Hùng", "Huy", "Khải", "Khoa", "Lâm", "Long", "Nam", "Nghĩa",
             "Phong", "Phúc", "Quân", "Sơn", "Tài", "Thắng", "Tuấn", "Việt", "Vinh"),
    "female": ("Anh", "Chi", "Dung", "Hà", "Hạnh", "Hằng", "Hiền", "Hoa", "Hương", "Lan", "Linh", "Loan", "Mai", "Nga", "Ngân", "Nguyệt",
               "Nhung", "Oanh", "Phượng", "Quyên", "Thảo", "Trang", "Tuyết", "Vân", "Yến"),
}  # fmt: skip
WORKPLACES = (
    "Phòng Hạ tầng, UBND phường Đông Hà",
    "Văn phòng Sở Nội vụ",
    "Phòng Kinh tế, UBND phường Kim Sơn",
    "Trung tâm Phục vụ hành chính công phường Bình Minh",
    "Phòng Văn hóa – Xã hội, UBND phường Tân An",
    "Trường Trung học cơ sở Lê Lợi",
    "Trường Tiểu học Hòa Bình",
    "Phòng Quy hoạch, Sở Xây dựng",
    "Trung tâm Chuyển đổi số thành phố",
    "Phòng Công nghệ số, Sở Khoa học và Công nghệ",
)
POSTS = ("Chuyên viên chính", "Phó Trưởng phòng", "Chuyên viên", "Tổ trưởng chuyên môn", "Giáo viên", "Phó Hiệu trưởng")
DEGREES = (
    "Thạc sĩ Quản lý công",
    "Cử nhân Luật",
    "Kỹ sư Công nghệ thông tin",
    "Thạc sĩ Quản lý giáo dục",
    "Cử nhân Kinh tế",
    "Kiến trúc sư quy hoạch",
)


@dataclass(frozen=True)
class Invented:
    """One applicant as the office's spreadsheet has them."""

    name: str
    gender: str
    birth_date: date
    identity_number: str
    workplace: str
    post: str
    degree: str
    phone: str
    email: str


def choice(label: str, count: int) -> int:
    """A fixed pick from 0 to count - 1 for a label."""
    return int.from_bytes(hashlib.sha256(f"demo/{label}".encode()).digest()[:6]) % count


def invent(number: int) -> Invented:
    """Person number `number`; different numbers have different identity numbers, and names that rarely meet."""
    gender = ("male", "female")[choice(f"gender/{number}", 2)]
    name = " ".join(
        (
            FAMILY[choice(f"family/{number}", len(FAMILY))],
            MIDDLE[gender][choice(f"middle/{number}", len(MIDDLE[gender]))],
            GIVEN[gender][(number * 7 + choice(f"given/{number}", 3)) % len(GIVEN[gender])],
        )
    )
    birth_date = date(1976, 1, 5) + timedelta(days=choice(f"birth/{number}", 16 * 365))
    return Invented(
        name,
        gender,
        birth_date,
        f"001{0 if gender == 'male' else 1}{birth_date.year % 100:02d}{number:06d}",
        WORKPLACES[choice(f"workplace/{number}", len(WORKPLACES))],
        POSTS[choice(f"post/{number}", len(POSTS))],
        DEGREES[choice(f"degree/{number}", len(DEGREES))],
        f"09{choice(f'phone/{number}', 10**8):08d}",
        f"ts{number:04d}@lacan.example",
    )
