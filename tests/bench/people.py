"""What a candidate's browser asks of the server, request by request."""

import json
import random
import re
from dataclasses import dataclass, field

from tests.bench.client import Client, Reply
from tests.bench.world import QUESTIONS, Person
from tests.factories import PASSWORD

FORM_TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')
SAVE_TOKEN = re.compile(rb'data-save-token="([^"]+)"')
OPTION = re.compile(rb'name="q(\d+)" value="([^"]+)"')
COOKIE = "examsite"


class UnexpectedError(Exception):
    """The server answered otherwise than it does to an honest browser."""


@dataclass
class Candidate:
    """One candidate with a browser."""

    person: Person
    client: Client
    form_token: str = ""
    save_token: str = ""
    sitting: str = ""
    seq: int = 0
    options: dict[int, list[str]] = field(default_factory=dict)

    @classmethod
    def signed_in(cls, person: Person, port: int) -> "Candidate":
        return cls(person, Client(port, {COOKIE: person.cookie}))

    async def sign_in(self) -> list[Reply]:
        page = await self.client.get("/sign-in")
        form = f"csrf_token={_found(FORM_TOKEN, page)}&sign_in_name={self.person.name}&password={PASSWORD.replace(' ', '+')}"
        return [page, _expect(303, await self.client.post_form("/sign-in", form.encode()))]

    async def wait(self) -> list[Reply]:
        """The waiting room, from which one begins."""
        page = _expect(200, await self.client.get("/exam"))
        self.form_token = _found(FORM_TOKEN, page)
        return [page]

    async def start(self) -> list[Reply]:
        """Begin the part and open its page of 90 items."""
        begun = _expect(303, await self.client.post_form("/exam/start/general", f"csrf_token={self.form_token}".encode()))
        page = _expect(200, await self.client.get(begun.location))
        self.sitting = begun.location.rsplit("/", 1)[1]
        self.save_token = _found(SAVE_TOKEN, page)
        for number, option in OPTION.findall(page.body):
            self.options.setdefault(int(number), []).append(option.decode())
        if len(self.options) != QUESTIONS:
            raise UnexpectedError(f"a paper of {len(self.options)} items")
        return [begun, page]

    async def save(self) -> Reply:
        """Answer the next item."""
        item = self.seq % QUESTIONS + 1
        body = {"seq": self.seq + 1, "epoch": 1, "answers": [[item, "choice", random.choice(self.options[item])]]}
        path = f"/exam/{self.sitting}/save"
        reply = _expect(200, await self.client.post_json(path, json.dumps(body, separators=(",", ":")).encode(), self.save_token))
        self.seq += 1
        return reply

    async def sign_of_life(self) -> Reply:
        body = b'{"at":%d,"unsent":0}' % (self.seq % QUESTIONS + 1)
        return _expect(200, await self.client.post_json(f"/exam/{self.sitting}/alive", body, self.save_token))

    async def submit(self) -> list[Reply]:
        """Hand in, and get the receipt with the result."""
        form = f"csrf_token={self.form_token}&last_seq={self.seq}".encode()
        handed_in = _expect(303, await self.client.post_form(f"/exam/{self.sitting}/submit", form))
        return [handed_in, _expect(200, await self.client.get(handed_in.location))]


def _expect(status: int, reply: Reply) -> Reply:
    if reply.status != status:
        raise UnexpectedError(f"{reply.status} instead of {status}: {reply.body[:200]!r}")
    return reply


def _found(pattern: re.Pattern[bytes], reply: Reply) -> str:
    found = pattern.search(reply.body)
    if found is None:
        raise UnexpectedError(f"{pattern.pattern!r} is not on the page ({reply.status})")
    return found[1].decode()
