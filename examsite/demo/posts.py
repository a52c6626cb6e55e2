"""What the three campaigns of the demonstration recruit for, and how many apply: fictional offices of a fictional city."""

from dataclasses import dataclass

CITY = "UBND thành phố Lạc An"
FEWEST = 6
HEAD, DEPUTY, PRINCIPAL, VICE_PRINCIPAL = "Trưởng phòng", "Phó Trưởng phòng", "Hiệu trưởng", "Phó Hiệu trưởng"


@dataclass(frozen=True)
class Wanted:
    """One position of the demonstration, with the numbers of the people who apply for it."""

    code: str
    title: str
    level: str
    unit: str
    quota: int
    people: range

    def some(self, one_in: int) -> range:
        """The first of the people, one in so many, but never fewer than a panel needs to see."""
        return self.people[: max(len(self.people) // one_in, FEWEST)]


@dataclass(frozen=True)
class Planned:
    """One campaign of the demonstration."""

    code: str
    title: str
    wanted: tuple[Wanted, ...]


PUBLISHED = Planned(
    "LA-2026-01",
    "Đợt 1 năm 2026: Trường Tiểu học Hòa Bình và phường Kim Sơn",
    (
        Wanted("HT-HB", "Hiệu trưởng Trường Tiểu học Hòa Bình", PRINCIPAL, "TH-HB", 1, range(101, 113)),
        Wanted("PTP-VHXH", "Phó Trưởng phòng Văn hóa – Xã hội", DEPUTY, "P-KS", 2, range(121, 141)),
        Wanted("PHT-HB", "Phó Hiệu trưởng Trường Tiểu học Hòa Bình", VICE_PRINCIPAL, "TH-HB", 2, range(141, 157)),
        Wanted("TP-KTHT", "Trưởng phòng Kinh tế, Hạ tầng và Đô thị", HEAD, "P-KS", 1, range(161, 175)),
        Wanted("PCVP", "Phó Chánh Văn phòng Hội đồng nhân dân và Ủy ban nhân dân", "Phó Chánh Văn phòng", "P-KS", 1, range(181, 191)),
    ),
)
INTERVIEWS = Planned(
    "LA-2026-02",
    "Đợt 2 năm 2026: Sở Nội vụ và Sở Xây dựng",
    (
        Wanted("TP-TCCB", "Trưởng phòng Tổ chức cán bộ", HEAD, "SNV", 1, range(201, 219)),
        Wanted("PTP-QH", "Phó Trưởng phòng Quy hoạch", DEPUTY, "SXD", 2, range(221, 245)),
        Wanted("PTP-CCHC", "Phó Trưởng phòng Cải cách hành chính", DEPUTY, "SNV", 1, range(251, 267)),
        Wanted("TP-HTKT", "Trưởng phòng Hạ tầng kỹ thuật", HEAD, "SXD", 1, range(271, 285)),
    ),
)
OPEN = Planned(
    "LA-2026-03",
    "Đợt 3 năm 2026: công nghệ số, giáo dục và phường Đông Hà",
    (
        Wanted("TP-CNS", "Trưởng phòng Công nghệ số", HEAD, "SKHCN", 1, range(301, 331)),
        Wanted("PHT-LL", "Phó Hiệu trưởng Trường Trung học cơ sở Lê Lợi", VICE_PRINCIPAL, "THCS-LL", 2, range(341, 371)),
        Wanted("HT-LL", "Hiệu trưởng Trường Trung học cơ sở Lê Lợi", PRINCIPAL, "THCS-LL", 1, range(381, 401)),
        Wanted("PTP-KT", "Phó Trưởng phòng Kinh tế", DEPUTY, "P-DH", 1, range(411, 441)),
        Wanted("PTP-GDMN", "Phó Trưởng phòng Giáo dục mầm non", DEPUTY, "SGDDT", 1, range(451, 475)),
        Wanted("TP-CDS", "Trưởng phòng Chuyển đổi số và Bưu chính, Viễn thông", HEAD, "SKHCN", 1, range(481, 505)),
    ),
)
