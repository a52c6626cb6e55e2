"""One person at one browser, who reads in one language: what they open, press, fill in and see."""

import re
from contextlib import AbstractContextManager
from dataclasses import dataclass

from flask import Flask
from flask_babel import gettext, ngettext
from playwright.sync_api import Locator, Page, expect

from examsite.wording import say
from tests.browser.conftest import LOCALES
from tests.factories import PASSWORD


@dataclass
class Person:
    """Names on pages are given as the English of the code and looked for in the language that this person reads."""

    name: str
    page: Page
    app: Flask
    language: str

    def words(self, message: str, **params: object) -> str:
        """A message as this person reads it."""
        with self._reading():
            return str(gettext(message, **params))

    def plural(self, one: str, many: str, count: int) -> str:
        """A message that counts, as this person reads it."""
        with self._reading():
            return str(ngettext(one, many, count))

    def sentence(self, code: str, **params: object) -> str:
        """The sentence of a code, as this person reads it."""
        with self._reading():
            return say(code, params)

    def open(self, address: str) -> None:
        """Open an address of the site."""
        answer = self.page.goto(address, wait_until="domcontentloaded")
        assert answer is not None, f"{self.name} was at {address} already"
        assert answer.ok, f"{self.name}: {address} answers {answer.status}"

    def follow(self, text: str | re.Pattern[str], *, inside: Locator | None = None) -> None:
        """Click the link of this name and wait for the page behind it."""
        self._go((inside or self.page.locator("body")).get_by_role("link", name=text, exact=isinstance(text, str)))

    def answer(self, act: str) -> None:
        """Follow the act of this kind that waits for a signature; its link says what it is about, too."""
        self.follow(re.compile("^" + re.escape(self.sentence(f"act.{act}"))))

    def press(self, text: str | re.Pattern[str], *, inside: Locator | None = None) -> None:
        """Press the button of this name and wait for the page it leads to."""
        button = (inside or self.page.locator("main")).get_by_role("button", name=text, exact=isinstance(text, str))
        self._go(button)

    def tab(self, text: str) -> None:
        """Go to a page of the campaign by its entry, from wherever this person is."""
        if not self.page.locator("nav.ex-sub").count():
            self.open("/home")
            self._go(self.page.locator("section[aria-labelledby=h-mine] a").first)
        self.follow(self.words(text), inside=self.page.locator("nav.ex-sub"))

    def fill(self, label: str, value: str) -> None:
        """Fill in the field of this label."""
        self.page.get_by_label(self.words(label), exact=True).fill(value)

    def choose(self, label: str, option: str) -> None:
        """Choose an option of a list by what it says."""
        field = self.page.get_by_label(self.words(label), exact=True)
        field.select_option(label=option)

    def tick(self, text: str) -> None:
        """Tick the box, or choose the round button, of this name."""
        self.page.get_by_label(text, exact=True).check()

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Find this somewhere on the page."""
        expect(self.page.locator("body")).to_contain_text(text)

    def told(self, code: str, **params: object) -> None:
        """Be told this on top of the page."""
        expect(self.page.locator(".ex-banner").first).to_contain_text(self.sentence(code, **params))

    def sign(self, button: str) -> None:
        """Sign as the second person, with the password."""
        self.fill("Your password, again", PASSWORD)
        self.press(self.words(button))

    def _go(self, target: Locator) -> None:
        with self.page.expect_navigation(wait_until="domcontentloaded") as arriving:
            target.click()
        status = arriving.value.status
        assert status < 400, f"{self.name}: {self.page.url} answers {status}:\n{self.page.locator('main').inner_text()[:2000]}"

    def _reading(self) -> AbstractContextManager[object]:
        return self.app.test_request_context(headers={"Accept-Language": LOCALES[self.language]})


def about(act: str, thing: str) -> re.Pattern[str]:
    """The name of a link or button that says for readers of a screen alone what it is about."""
    return re.compile(rf"^{re.escape(act)}\s*:?\s*{re.escape(thing)}$")
