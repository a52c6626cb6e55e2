"""The staff of the demonstration: who they are, and which boards they sit on."""

from dataclasses import dataclass

PASSWORD = "lac an demonstration 2026"  # noqa: S105 - printed on purpose; everybody here is fictional


@dataclass(frozen=True)
class Member:
    """One member of staff; `seats` are (board, duty) in every campaign of the demonstration."""

    sign_in_name: str
    name: str
    seats: tuple[tuple[str, str], ...] = ()
    house_role: str | None = None


ADMINISTRATOR = Member("admin", "Đỗ Quốc Trung", house_role="administrator")
HR = Member("hang", "Phạm Thu Hằng", house_role="hr_officer")
STAFF = (
    Member("phuc", "Lê Hữu Phúc", (("hr", "member"),)),
    Member("thao", "Trần Thị Thảo", (("council", "head"),)),
    Member("khanh", "Nguyễn Duy Khánh", (("council", "secretary"),)),
    Member("vinh", "Hoàng Quang Vinh", (("council", "member"),)),
    Member("mai", "Vũ Ngọc Mai", (("council", "member"),)),
    Member("son", "Đặng Thái Sơn", (("council", "deputy"),)),
    Member("lan", "Bùi Thị Lan", (("question", "head"),)),
    Member("nghia", "Phan Trọng Nghĩa", (("question", "member"),)),
    Member("dung", "Tạ Tiến Dũng", (("invigilation", "head"),)),
    Member("nga", "Trịnh Thúy Nga", (("invigilation", "member"),)),
    Member("oanh", "Đinh Thị Oanh", (("code", "head"),)),
    Member("quyen", "Lý Thanh Quyên", (("code", "member"),)),
    Member("long", "Ngô Bảo Long", (("panel", "head"),)),
    Member("huong", "Mai Thị Hương", (("panel", "member"),)),
    Member("tuan", "Dương Anh Tuấn", (("panel", "member"),)),
    Member("chau", "Nguyễn Bảo Châu", (("panel", "member"),)),
    Member("kien", "Đỗ Trung Kiên", (("panel", "member"),)),
    Member("nhung", "Lê Thị Tuyết Nhung", (("panel", "member"),)),
    Member("giang", "Hồ Hương Giang", (("supervision", "head"),)),
)
