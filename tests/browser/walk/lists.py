"""Lists: computed and put forward by one person, published by another, read by everybody; and an appeal in between."""

from datetime import date

from playwright.sync_api import Locator, expect

from tests.browser.walk.opening import TITLE
from tests.browser.walk.person import Person, about


def draft(hr: Person, kind: str) -> None:
    """Compute a list and put it forward."""
    hr.tab("Lists and results")
    name = hr.sentence(f"list.{kind}")
    hr.press(about(hr.words("Compute a draft"), name))
    hr.press(hr.words("Sign and put forward"))
    hr.told("results.put_forward")
    expect(hr.page.get_by_label(hr.words("Your password, again"))).to_have_count(0)


def publish(second: Person) -> str:
    """Publish the list that waits, from the first page; returns the address of the public list."""
    second.open("/home")
    second.answer("results:publication")
    second.sign("Sign and publish")
    second.told("results.published")
    return second.page.url


def read(anybody: Person, kind: str) -> Locator:
    """Open the newest list of this kind from the front page; returns its lines."""
    anybody.open("/")
    anybody.follow(f"{anybody.sentence(f'list.{kind}')}: {TITLE}")
    return anybody.page.locator("article tbody tr[role=row]:not(.ex-cut)")


def record_appeal(hr: Person, kind: str, number: str, received_on: date, text: str) -> None:
    """Take in an appeal that came by letter."""
    hr.tab("Appeals")
    hr.follow(hr.words("Record an appeal"))
    hr.page.get_by_label(hr.words("The appeal is about")).select_option(kind)
    hr.fill("Candidate number", number)
    hr.fill("Received on", received_on.isoformat())
    hr.fill("What the appeal says", text)
    hr.press(hr.words("Record the appeal"))
    hr.told("results.appeal_recorded")


def decide_appeal(chair: Person, name: str, reason: str) -> None:
    """Decide an appeal: not accepted, with the reason."""
    chair.tab("Appeals")
    chair.follow(name)
    chair.tick(chair.words("Not accepted"))
    chair.fill("Reason of the decision", reason)
    chair.press(chair.words("Record the decision"))
    chair.told("results.appeal_decision_recorded")
