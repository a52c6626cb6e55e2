"""The addresses of the exam, and the shape of what they reply."""

import json
from dataclasses import dataclass
from typing import Any

from tests.faults.checker.wire import Reply, UnansweredError, Wire

ACK, NACK, UNKNOWN = "ACK", "NACK", "UNKNOWN"
REFUSALS = {
    401: {"signed_out"},
    403: {"bad_token"},
    404: {"not_yours"},
    409: {"gap", "differs", "moved"},
    410: {"late", "closed"},
    422: {"malformed"},
}


@dataclass(frozen=True)
class Save:
    """What one request carries. `answers` holds `[item number, kind, value]`."""

    seq: int
    epoch: int
    answers: list[list[Any]]


@dataclass(frozen=True)
class Outcome:
    """What the client knows after a request. `said` is the server's own word, or why there was none."""

    verdict: str
    status: int
    said: str
    receipt: str = ""
    last_seq: int | None = None
    kept: bool = True
    retry_after: bool = False


@dataclass(frozen=True)
class Pen:
    """What proves that a save comes from this page: the sitting and the token that its page was given."""

    sitting: str
    token: str


def send(wire: Wire, pen: Pen, save: Save) -> Outcome:
    """Send one save."""
    body = json.dumps({"seq": save.seq, "epoch": save.epoch, "answers": save.answers}).encode()
    headers = {"Content-Type": "application/json", "X-Save-Token": pen.token}
    try:
        reply = wire.ask("POST", f"/exam/{pen.sitting}/save", body, headers)
    except UnansweredError as fault:
        return Outcome(UNKNOWN, 0, str(fault))
    return _outcome(reply, save)


def _outcome(reply: Reply, save: Save) -> Outcome:
    told = _object(reply)
    said, receipt = str(told.get("outcome", "")), str(told.get("receipt", ""))
    if reply.status == 200 and said in {"saved", "repeated"} and receipt and told.get("seq") == save.seq:
        return Outcome(ACK, 200, said, receipt)
    if said in REFUSALS.get(reply.status, set()):
        return Outcome(NACK, reply.status, said, last_seq=told.get("last_seq"), kept=told.get("kept", True))
    return Outcome(UNKNOWN, reply.status, said or "no outcome", retry_after="Retry-After" in reply.headers)


def _object(reply: Reply) -> dict[str, Any]:
    try:
        told = json.loads(reply.body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def read_json(wire: Wire, path: str) -> tuple[int, dict[str, Any]]:
    """The status and the object at an address; status 0 when there was no reply."""
    try:
        reply = wire.get(path)
    except UnansweredError:
        return 0, {}
    return reply.status, _object(reply)
