"""Whoever keeps watch in the room: lets a candidate go on at another machine."""

from collections.abc import Mapping
from threading import Lock

from tests.faults.checker.dice import Dice
from tests.faults.checker.page import Page
from tests.faults.checker.person import Person


class Invigilator(Person):
    """One invigilator, whom any candidate may ask; `releases` are the addresses of the form by the candidates' sign-in names."""

    def __init__(self, site: str, name: str, password: str, dice: Dice, releases: Mapping[str, str]) -> None:
        super().__init__(site, name, password, dice)
        self._releases = releases
        self._busy = Lock()

    def release(self, candidate: str) -> None:
        """Release the part that this candidate is working on for the device that asks for it."""
        address = self._releases[candidate]
        with self._busy:
            form = Page(self.get(address).text)
            reply = self.post(address, {"csrf_token": form.form_token, "asked": form.chosen, "reason": "The machine broke."})
            self.expect(reply, 303, f"releasing {candidate}")
