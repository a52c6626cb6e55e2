"""Somebody who signs in by the form and opens pages, asking again until the site answers."""

import time
from collections.abc import Callable
from typing import Any

from tests.faults.checker.dice import Dice
from tests.faults.checker.page import Page
from tests.faults.checker.wire import Reply, UnansweredError, Wire

SETTLED_WITHIN_S = 60.0


class StuckError(Exception):
    """The site did not let somebody go on; the sentence says where."""


class Person:
    """One account and one browser, `wire`."""

    def __init__(self, site: str, name: str, password: str, dice: Dice) -> None:
        self.wire = Wire(site)
        self.name, self._password = name, password
        self.dice = dice

    def sign_in(self) -> None:
        """By name and password, through the form."""
        form = Page(self.get("/sign-in").text)
        fields = {"csrf_token": form.form_token, "sign_in_name": self.name, "password": self._password}
        self.expect(self.post("/sign-in", fields), 303, "signing in")

    def get(self, path: str, either: int = 200) -> Reply:
        """Open a page."""
        return self._answered(lambda: self.wire.get(path), path, {200, either})

    def post(self, path: str, fields: dict[str, str]) -> Reply:
        """Send a form; what it does can be done twice."""
        return self._answered(lambda: self.wire.post_form(path, fields), path, set(range(200, 500)))

    def expect(self, reply: Reply, status: int, doing: str) -> None:
        """Any other status: nothing goes on."""
        if reply.status != status:
            raise StuckError(f"{self.name}: {doing} answered {reply.status}")

    def until(self, ask: Callable[[], Any], good: Callable[[Any], bool]) -> Any:
        """Ask until the answer is good, or for as long as one is patient."""
        begun, found = time.monotonic(), ask()
        while not good(found) and time.monotonic() - begun < SETTLED_WITHIN_S:
            time.sleep(0.1 + self.dice.below(100) / 500)
            found = ask()
        return found

    def _answered(self, ask: Callable[[], Reply], path: str, wanted: set[int]) -> Reply:
        def attempt() -> Reply | None:
            try:
                return ask()
            except UnansweredError:
                return None

        reply = self.until(attempt, lambda found: found is not None and found.status < 500)
        if reply is None or reply.status not in wanted:
            raise StuckError(f"{self.name}: {path} answered {reply.status if reply else 'nothing'}")
        return reply
