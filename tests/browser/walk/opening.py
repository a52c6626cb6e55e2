"""The ground of a campaign, as HR lays it: staff accounts, units, the campaign with rules of its own, positions, boards."""

from collections.abc import Iterable
from dataclasses import dataclass

from playwright.sync_api import expect

from tests.browser.walk.files import POSITION
from tests.browser.walk.people import Member
from tests.browser.walk.person import Person, about

TITLE = "Thi tuyển Trưởng phòng Công nghệ số năm 2026"
CODE = "LA-2026-07"
POST = "Trưởng phòng Công nghệ số"
UNITS = (("Thành phố Lạc An", "LA", ""), ("Sở Khoa học và Công nghệ", "SKHCN", "Thành phố Lạc An"))
CRITERIA = ("Tốt nghiệp đại học ngành phù hợp.", "Có ít nhất 5 năm công tác.")
SMALL_EXAM = {
    "parts.general.questions": "4",
    "parts.general.minutes": "10",
    "parts.language.questions": "2",
    "parts.language.minutes": "10",
    "bank.multiple": "2",
}
OWN_CLOCK = {"session.clock": "personal", "session.break_minutes": "0"}


@dataclass(frozen=True)
class Slip:
    """What somebody is given to come in with."""

    sign_in_name: str
    code: str


def invite(admin: Person, name: str, sign_in_name: str, house_role: str) -> Slip:
    """An administrator makes an account and hands its code over."""
    admin.open("/staff/invite")
    admin.fill("Full name", name)
    admin.fill("Sign-in name", sign_in_name)
    admin.choose("Role in the house", admin.words(house_role))
    admin.press(admin.words("Create the account"))
    return Slip(sign_in_name, admin.page.locator("[data-code]").inner_text())


def add_units(officer: Person) -> None:
    """The unit that recruits, under the city."""
    for name, code, above in UNITS:
        officer.open("/units")
        officer.follow(officer.words("Add a unit"))
        officer.fill("Name", name)
        officer.fill("Code", code)
        if above:
            officer.choose("Belongs to", above)
        officer.press(officer.words("Save the unit"))
        officer.sees(name)


def open_campaign(officer: Person) -> None:
    """A campaign under leader-screening."""
    officer.open("/home")
    officer.follow(officer.words("Open a campaign"), inside=officer.page.locator(".ex-head"))
    officer.fill("Title", TITLE)
    officer.fill("Code", CODE)
    officer.fill("Organisation that recruits", "UBND thành phố Lạc An")
    officer.page.get_by_role("radio").and_(officer.page.locator("[value=leader-screening]")).check()
    officer.press(officer.words("Open the campaign"))
    expect(officer.page.locator("h1")).to_have_text(TITLE)


def change_rules(officer: Person, chapter: str, values: dict[str, str], reason: str) -> None:
    """Put the campaign's own values in place of those of its set, with a reason. `chapter` as the page names it."""
    officer.tab("Rules")
    officer.follow(about(officer.words("Change values"), chapter))
    for key, value in values.items():
        field = officer.page.locator(f"[name='{key}']")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    officer.fill("Reason for these changes", reason)
    officer.press(officer.words("Change these values"))
    officer.sees(officer.words("Reason: %(reason)s", reason=reason))


def add_position(officer: Person) -> None:
    """One post with one seat, and the criteria of its title."""
    officer.tab("Positions")
    officer.follow(officer.words("Add a position"))
    officer.fill("Title of the post", POST)
    officer.fill("Code", POSITION)
    officer.page.get_by_label(officer.words("Unit"), exact=True).select_option(index=2)
    officer.fill("Level of the post", "Phòng")
    officer.fill("Seats to fill", "1")
    officer.page.get_by_label(officer.words("Foreign language of round 1")).select_option("en")
    officer.fill("Further criteria, one a line", "\n".join(CRITERIA))
    officer.press(officer.words("Save the position"))
    officer.sees(POST)


def appoint(officer: Person, members: Iterable[Member]) -> None:
    """Put people, each found by name, on their boards."""
    officer.tab("Boards")
    for member in members:
        officer.follow(officer.words("Appoint somebody"))
        officer.fill("Name or sign-in name", member.name)
        officer.press(officer.words("Search"))
        officer.choose("Board", officer.sentence(f"board.{member.board}"))
        officer.choose("Duty", officer.sentence(f"duty.{member.duty}"))
        officer.press(officer.words("Appoint"))
        officer.sees(member.name)


def take_step(person: Person, stage: str) -> None:
    """Take the next step, which is this one, once nothing is missing for it."""
    person.tab("Stages")
    name = person.sentence(f"stage.{stage}")
    expect(person.page.locator("main .is-next h2")).to_have_text(person.words("Next step: %(stage)s", stage=name))
    person.press(person.words("Take this step: %(stage)s", stage=name))
    person.told("desk.moved", stage=name)


def is_held_up(person: Person, stage: str) -> None:
    """The next step is this one, and cannot be taken yet: the page says what is missing and offers no button."""
    person.tab("Stages")
    name = person.sentence(f"stage.{stage}")
    expect(person.page.locator("main .is-next h2")).to_have_text(person.words("Next step: %(stage)s", stage=name))
    expect(person.page.locator("main .is-next .ex-tag.is-stop").first).to_be_visible()
    expect(person.page.get_by_role("button", name=person.words("Take this step: %(stage)s", stage=name))).to_have_count(0)
