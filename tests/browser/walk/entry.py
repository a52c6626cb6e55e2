"""Coming in for the first time, and by the form from then on."""

from playwright.sync_api import expect

from tests.browser.walk.opening import Slip
from tests.browser.walk.person import Person
from tests.factories import PASSWORD


def activate(person: Person, slip: Slip) -> None:
    """Use the code that was handed over, and choose a password."""
    person.open("/sign-in")
    person.follow(person.words("Use your activation code"))
    person.fill("Activation code", slip.code)
    person.fill("New password", PASSWORD)
    person.fill("New password, again", PASSWORD)
    person.press(person.words("Set my password"))


def sign_in(person: Person, slip: Slip) -> None:
    """Sign in by the form."""
    person.open("/sign-in")
    person.fill("Sign-in name", slip.sign_in_name)
    person.fill("Password", PASSWORD)
    person.press(person.words("Sign in"))
    expect(person.page.locator(".ex-who b")).to_have_text(person.name)
