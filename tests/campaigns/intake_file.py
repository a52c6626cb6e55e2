"""Files of applications as bytes, and an HR officer's campaign to take them in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.campaigns.application_rows import read_applications
from examsite.campaigns.models import Campaign, Position
from examsite.campaigns.operations import intake
from examsite.campaigns.operations.dossiers import years_of
from examsite.campaigns.queries.intake import FileReading, Intake, position_codes
from examsite.campaigns.roles import Role, role_of
from examsite.sheets.writing import NewSheet, write_xlsx
from tests.campaigns.list_file import read_here
from tests.conftest import NOW
from tests.factories import make_campaign, make_position, make_staff

HEADER = ("Họ và tên", "Ngày sinh", "Giới tính", "Số định danh cá nhân", "Mã vị trí dự tuyển", "Điện thoại", "Email", "Ngoại ngữ")


@dataclass(frozen=True)
class Desk:
    """A campaign that receives applications, seen by its HR officer."""

    session: Session
    hr: Account
    campaign: Campaign
    position: Position

    @property
    def role(self) -> Role:
        return role_of(self.session, self.hr, self.campaign)

    def read(self, data: bytes, name: str = "ho-so.xlsx") -> FileReading:
        codes = frozenset(position_codes(self.session, self.campaign))
        return read_here(name, data, lambda book: read_applications(book, codes, years_of(NOW)))

    def take(self, data: bytes, now: datetime, *, good_rows: bool = False) -> Intake:
        return intake.take(self.session, self.role, self.read(data), good_rows=good_rows, now=now)


def make_desk(session: Session, code: str = "LA-2026-01", stage: str = "applications") -> Desk:
    """A campaign with the positions TP-01 and PTP-02."""
    hr = make_staff(session, f"hang-{code.lower()}", "Phạm Thu Hằng", house_role="hr_officer")
    campaign = make_campaign(session, code=code, stage=stage, hr=hr)
    position = make_position(session, campaign, "TP-01", "Trưởng phòng Nội vụ")
    make_position(session, campaign, "PTP-02", "Phó Trưởng phòng Tài chính", language=None)
    session.commit()
    return Desk(session, hr, campaign, position)


def good_row(number: int = 1, **changes: str) -> dict[str, str]:
    """One row that can be taken; another `number` is another person."""
    return {
        "Họ và tên": "Nguyễn Thị Ánh",
        "Ngày sinh": "12/03/1985",
        "Giới tính": "Nữ",
        "Số định danh cá nhân": f"001185{number:06d}",
        "Mã vị trí dự tuyển": "TP-01",
        "Điện thoại": "0912345678",
        "Email": "anh@example.vn",
        "Ngoại ngữ": "Tiếng Anh",
    } | {TITLES[name]: value for name, value in changes.items()}


def xlsx(*rows: Mapping[str, str], name: str = "Hồ sơ") -> bytes:
    """These rows as an XLSX file."""
    return write_xlsx([NewSheet(name, HEADER, [[row[title] for title in HEADER] for row in rows])])


def csv(rows: Sequence[Mapping[str, str]], separator: str = ";", mark: bool = True) -> bytes:
    """These rows as Excel saves a CSV file on a Vietnamese computer."""
    lines = [separator.join(HEADER), *(separator.join(row[title] for title in HEADER) for row in rows)]
    return "\r\n".join(lines).encode("utf-8-sig" if mark else "utf-8")


TITLES = {
    "name": "Họ và tên",
    "birth": "Ngày sinh",
    "gender": "Giới tính",
    "identity": "Số định danh cá nhân",
    "position": "Mã vị trí dự tuyển",
    "phone": "Điện thoại",
    "email": "Email",
}
