"""One simulated candidate: signs in by the form, begins a part, saves as the page does, hands in, and reads everything back."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from tests.faults.checker.dice import Dice
from tests.faults.checker.invigilator import Invigilator
from tests.faults.checker.journal import Journal
from tests.faults.checker.page import Item, Page
from tests.faults.checker.person import SETTLED_WITHIN_S, Person, StuckError
from tests.faults.checker.room import ACK, NACK, UNKNOWN, Outcome, Pen, Save, read_json, send
from tests.faults.checker.told import fold
from tests.faults.checker.wire import Wire

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.05, 1.0
OWN, FOREIGN, UNPROVEN, FENCED = "own", "foreign", "unproven", "fenced"
"""What a request is: the candidate's own; one that aims at another's sitting; one for the own sitting without the right token; one from a
machine that another one has replaced."""


class Candidate(Person):
    """One person at one computer. `seq` is the last place that was acknowledged, `items` maps item numbers to what they ask for.

    `invigilator` is whom to ask for another machine; None where nobody keeps watch.
    """

    def __init__(self, site: str, name: str, password: str, journal: Journal, dice: Dice, invigilator: Invigilator | None = None) -> None:
        super().__init__(site, name, password, dice)
        self.journal, self.invigilator = journal, invigilator
        self.seq, self.epoch = 0, 1
        self.items: dict[int, Item] = {}
        self.acknowledged: dict[int, Save] = {}
        self.slowest = 0.0
        self._form_token = ""
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix=name)
        self._twins = [self.wire.twin(), self.wire.twin()]

    def begin(self, part: str) -> None:
        """From the waiting room through its button into the exam room."""
        waiting = Page(self.get("/exam").text)
        started = self.post(f"/exam/start/{part}", {"csrf_token": waiting.form_token})
        self.expect(started, 303, f"beginning {part}")
        address = urlsplit(started.headers["Location"]).path
        self._enter(address)

    def _enter(self, address: str) -> None:
        room = Page(self.get(address).text)
        if not room.items or "save-token" not in room.data:
            raise StuckError(f"{self.name}: the exam room shows no items or no token")
        self.pen = Pen(address.rsplit("/", 1)[1], room.data["save-token"])
        self.seq, self.epoch = int(room.data["last-seq"]), int(room.data["epoch"])
        self.items, self._form_token = room.items, room.form_token

    def change_machine(self, invigilator: Invigilator) -> tuple[Wire, Pen]:
        """Sign in on another machine, ask for the part, be let in and go on there; gives the line and the pen of the machine before."""
        before, address = (self.wire, self.pen), f"/exam/{self.pen.sitting}"
        self.wire = Wire(self.wire.site)
        self.sign_in()
        waiting = Page(self.get(address).text)
        self.expect(self.post(address + "/ask-release", {"csrf_token": waiting.form_token}), 303, "asking for a release")
        invigilator.release(self.name)
        released = Page(self.get(address).text)
        self.expect(self.post(address + "/take-over", {"csrf_token": released.form_token}), 303, "taking over")
        self._enter(address)
        for twin in self._twins:
            twin.close()
        self._twins = [self.wire.twin(), self.wire.twin()]
        return before

    def typed(self, item: int) -> str:
        """What stands in a text, as far as this candidate was told that it is stored."""
        bodies = [self.acknowledged[seq].answers for seq in sorted(self.acknowledged)]
        return str(fold(bodies).get((item, "text"), ""))

    def save(self, save: Save, *, hope: str = "any", kind: str = OWN, pen: Pen | None = None, wire: Wire | None = None) -> Outcome:
        """One request and its two lines in the journal. `hope` is `stored` where nothing but an acknowledgement would be right."""
        to = pen or self.pen
        number = self.journal.intent(what="save", kind=kind, hope=hope, sitting=to.sitting, **asdict(save))
        outcome = send(wire or self.wire, to, save)
        self.journal.outcome(number, **asdict(outcome))
        return outcome

    def settle(self, save: Save, *, hope: str = "any", kind: str = OWN, pen: Pen | None = None, wire: Wire | None = None) -> Outcome:
        """The same request until it is answered; what stays without an answer is UNKNOWN."""
        begun, pause = time.monotonic(), FIRST_PAUSE_S
        outcome = self.save(save, hope=hope, kind=kind, pen=pen, wire=wire)
        while outcome.verdict == UNKNOWN and time.monotonic() - begun < SETTLED_WITHIN_S:
            time.sleep(pause + self.dice.below(100) / 2000)
            pause = min(2 * pause, LONGEST_PAUSE_S)
            outcome = self.save(save, hope=hope, kind=kind, pen=pen, wire=wire)
        self.slowest = max(self.slowest, time.monotonic() - begun)
        return outcome

    def take(self, save: Save, *, hope: str = "any") -> Outcome:
        """Settle one save and go on from where the server says that it is, as the page does."""
        outcome = self.settle(save, hope=hope)
        self._learn([save], [outcome])
        return outcome

    def take_together(self, *saves: Save) -> list[Outcome]:
        """Two or three saves at the same moment, each on a connection of its own, each until it is answered."""
        waiting = [self._pool.submit(self.settle, save, wire=twin) for save, twin in zip(saves[1:], self._twins, strict=False)]
        outcomes = [self.settle(saves[0]), *(one.result() for one in waiting)]
        self._learn(saves, outcomes)
        return outcomes

    def _learn(self, saves: Sequence[Save], outcomes: Sequence[Outcome]) -> None:
        taken = [save for save, outcome in zip(saves, outcomes, strict=True) if outcome.verdict == ACK]
        told = [outcome.last_seq for outcome in outcomes if outcome.verdict == NACK and outcome.last_seq is not None]
        for save in taken:
            self.acknowledged.setdefault(save.seq, save)
        if taken:
            self.seq = max(self.seq, *(save.seq for save in taken))
        elif told:
            self.seq = told[-1]

    def look(self) -> dict[str, Any]:
        """Ask what the server holds, with nothing under way, and write it down."""
        status, told = self.until(lambda: read_json(self.wire, f"/exam/{self.pen.sitting}/answers"), lambda found: found[0] == 200)
        if status != 200:
            raise StuckError(f"{self.name}: the answers cannot be read, status {status}")
        self.journal.seen(told)
        return told

    def hand_in(self) -> None:
        """Hand in, or, once the time is up, fetch the receipt."""
        number = self.journal.intent(what="submit", sitting=self.pen.sitting)
        fields = {"csrf_token": self._form_token, "last_seq": str(self.seq)}
        reply = self.post(f"/exam/{self.pen.sitting}/submit", fields)
        if reply.status == 409:  # the page and the server differ on what is stored: the verdict will say who is right
            reply = self.post(f"/exam/{self.pen.sitting}/submit", fields | {"last_seq": ""})
        self.journal.outcome(number, verdict=ACK if reply.status == 303 else NACK, status=reply.status, said="submit")
        self.expect(reply, 303, "handing in")

    def read_back(self, stranger: "Candidate") -> dict[str, Any]:
        """Everything the site tells this candidate of the sitting, and what it tells somebody else who asks for it."""
        base = f"/exam/{self.pen.sitting}"
        code = Page(self.get(base + "/receipt").text).receipt_code
        public = self.get(f"/receipt?code={code}", either=404)
        return {
            "sitting": self.pen.sitting,
            "items": len(self.items),
            "answers": self._read(base + "/answers"),
            "history": self._read(base + "/history"),
            "receipt_code": code,
            "public_receipt": public.text if public.status == 200 else "",
            "strangers": {name: stranger.status_of(f"{base}/{name}") for name in ("answers", "history", "receipt")},
        }

    def status_of(self, path: str) -> int:
        """How the site answers this candidate at an address; on a connection of its own, because others may ask in this one's name."""
        wire = self.wire.twin()
        status = self.until(lambda: read_json(wire, path)[0], lambda found: 0 < found < 500)
        wire.close()
        return int(status)

    def leave(self) -> None:
        """Close everything."""
        self._pool.shutdown()
        for wire in (self.wire, *self._twins):
            wire.close()

    def _read(self, path: str) -> dict[str, Any]:
        status, told = self.until(lambda: read_json(self.wire, path), lambda found: 0 < found[0] < 500)
        return told if status == 200 else {"status": status}
