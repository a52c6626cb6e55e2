"""Who takes part: one person for each duty, some of whom read Vietnamese and some English."""

from dataclasses import dataclass, field

from sqlalchemy import select

from examsite.accounts.models import Account
from tests.browser.conftest import OpenPage
from tests.browser.walk.person import Person
from tests.factories import make_staff


@dataclass(frozen=True)
class Member:
    """A member of staff and the seat that HR gives."""

    name: str
    board: str
    duty: str
    language: str


OFFICER = "Phạm Thu Hằng"
MEMBERS = {
    "drafter": Member("Lê Hữu Phúc", "hr", "member", "en"),
    "chair": Member("Trần Thị Thảo", "council", "head", "vi"),
    "councillor": Member("Hoàng Quang Vinh", "council", "member", "en"),
    "examiner": Member("Bùi Thị Lan", "question", "head", "en"),
    "author": Member("Phan Trọng Nghĩa", "question", "member", "vi"),
    "invigilator": Member("Tạ Tiến Dũng", "invigilation", "head", "vi"),
    "keeper": Member("Đinh Thị Oanh", "code", "head", "en"),
    "panel_head": Member("Ngô Bảo Long", "panel", "head", "vi"),
    "panellist": Member("Mai Thị Hương", "panel", "member", "en"),
    "supervisor": Member("Hồ Hương Giang", "supervision", "head", "vi"),
}


@dataclass
class People:
    """Opens a browser for each person when they first come; `people["chair"]` is the same person every time."""

    open_page: OpenPage
    here: dict[str, Person] = field(default_factory=dict)

    def make_accounts(self) -> None:
        """Accounts of everybody who is on the staff already."""
        with self.open_page.live.session() as session:
            admin = make_staff(session, "admin", "Đỗ Quốc Trung", house_role="administrator", password=True)
            self.here["admin"] = self._sit_down(admin.display_name, "vi")
            found = {key: make_staff(session, key, member.name, password=True) for key, member in MEMBERS.items()}
            session.commit()
            self.open_page.live.sign_in(self.here["admin"].page, admin)
            for key, account in found.items():
                self.here[key] = self._sit_down(MEMBERS[key].name, MEMBERS[key].language)
                self.open_page.live.sign_in(self.here[key].page, account)

    def stranger(self, key: str, name: str, language: str) -> Person:
        """Somebody who is not signed in."""
        self.here[key] = self._sit_down(name, language)
        return self.here[key]

    def come_back(self, *keys: str) -> None:
        """Sign in again, days later."""
        live = self.open_page.live
        with live.session() as session:
            found = {account.sign_in_name: account for account in session.scalars(select(Account).where(Account.sign_in_name.in_(keys)))}
        for key in keys:
            live.sign_in(self.here[key].page, found[key])
            self.here[key].open("/home")

    def __getitem__(self, key: str) -> Person:
        return self.here[key]

    def _sit_down(self, name: str, language: str) -> Person:
        return Person(name, self.open_page(language=language), self.open_page.live.app, language)
