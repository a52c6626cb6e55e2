"""Each kind of finding on a small made-up run: an honest server is clean, and every one thing that is wrong gets its own word."""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from tests.faults.checker import chain
from tests.faults.checker.told import Seen, Sent, Told
from tests.faults.checker.verdict import judge

CLOSE = "2026-11-09T02:00:30.000Z"
CLOSE_S = 1794189630.0
SITTING = "mine"
BODIES: list[Any] = [
    [[1, "choice", "1-0"]],
    [[2, "choice", "2-1"], [1, "flag", True], [3, "choices", ["3-0", "3-2"]], [4, "text", "nhiệm vụ"]],
    [[1, "choice", "1-3"], [4, "splice", [5, 3, "kỳ", 7]], [5, "text", "  "]],
]
SEALED = {"answered": 4, "blank": 2}

Spoil = Callable[[Told, Told], object]


def link(seq: int, kind: str, body: object) -> dict[str, Any]:
    at = f"2026-11-09T01:0{seq}:00.000000Z"
    text = json.dumps(body, separators=(",", ":"))
    return {
        "seq": seq,
        "epoch": 1,
        "kind": kind,
        "committed_as": f"rounds:sitting:{kind}",
        "received_at": at,
        "body": text,
        "salt": "ab" * 32,
    }


def history(bodies: list[Any]) -> dict[str, Any]:
    """A history whose heads are right."""
    events = [link(0, "start", {}), *(link(seq, "save", body) for seq, body in enumerate(bodies, 1)), link(len(bodies) + 1, "seal", SEALED)]
    for event, head in zip(events, chain.heads(SITTING, events), strict=True):
        event["head"] = head
    return {"events": events, "receipt_code": chain.receipt_code(events[-1]["head"]), "uncounted": []}


def honest() -> Told:
    """Three saves, each acknowledged at once."""
    told = Told("000")
    read = history(BODIES)
    for seq, body in enumerate(BODIES, 1):
        sent_at = CLOSE_S - 1000 + seq
        sent = Sent(seq, "save", "own", "stored", SITTING, seq, 1, body, sent_at, "ACK", 200, "saved", answered_at=sent_at + 0.1)
        sent.receipt = read["events"][seq]["head"][:16]
        told.sent.append(sent)
    answers = {
        "answers": {"1": "1-3", "2": "2-1"},
        "several": {"3": ["3-0", "3-2"]},
        "texts": {"4": "nhiệmkỳ", "5": "  "},
        "flags": [1],
        "closes_at": CLOSE,
    }
    told.final = {
        "sitting": SITTING,
        "items": 6,
        "answers": answers,
        "history": read,
        "receipt_code": read["receipt_code"],
        "public_receipt": read["events"][-1]["head"],
        "strangers": {"answers": 404, "history": 404, "receipt": 404},
    }
    return told


def another() -> Told:
    """A neighbour who did nothing."""
    told = honest()
    told.name, told.sent = "001", []
    told.final = told.final | {
        "sitting": "theirs",
        "history": {"events": [], "receipt_code": None},
        "answers": {"answers": {}, "closes_at": CLOSE},
    }
    return told


def kinds(*everybody: Told) -> set[str]:
    return {finding.kind for finding in judge(everybody).findings if finding.candidate == "000"}


def sent(told: Told, number: int) -> Sent:
    return told.sent[number - 1]


def rewritten(told: Told, bodies: list[Any]) -> None:
    """Another history, right in itself, with the receipt that goes with it."""
    read = history(bodies)
    told.final |= {"history": read, "receipt_code": read["receipt_code"], "public_receipt": read["events"][-1]["head"]}


def foreign_save(mine: Told, neighbour: Told) -> None:
    odd = [[1, "flag", False]]
    neighbour.sent.append(Sent(1, "save", "foreign", "any", SITTING, 4, 1, odd, CLOSE_S - 500, "UNKNOWN"))
    rewritten(mine, [*BODIES, odd])


SPOILT: dict[str, tuple[Spoil, set[str]]] = {
    "an acknowledged save is gone": (lambda mine, _: rewritten(mine, BODIES[:2]), {"lost"}),
    "its body was changed": (lambda mine, _: rewritten(mine, [BODIES[0], [[2, "choice", "2-0"]], BODIES[2]]), {"lost", "phantom", "chain"}),
    "an older answer is shown": (lambda mine, _: mine.final["answers"]["answers"].update({"1": "1-0"}), {"stale"}),
    "an answer is missing": (lambda mine, _: mine.final["answers"]["answers"].pop("2"), {"stale"}),
    "one of several options is missing": (lambda mine, _: mine.final["answers"]["several"].update({"3": ["3-0"]}), {"phantom"}),
    "a text is shown as it was before its last change": (
        lambda mine, _: mine.final["answers"]["texts"].update({"4": "nhiệm vụ"}),
        {"stale"},
    ),
    "a text lost an accent": (lambda mine, _: mine.final["answers"]["texts"].update({"4": "nhiêmkỳ"}), {"phantom"}),
    "a replaced device was acknowledged": (
        lambda mine, _: mine.sent.append(Sent(4, "save", "fenced", "any", SITTING, 4, 1, [[1, "flag", False]], 1.0, "ACK", 200, "saved")),
        {"foreign"},
    ),
    "what a replaced device sent was not kept": (
        lambda mine, _: mine.sent.append(Sent(4, "save", "fenced", "any", SITTING, 4, 1, [[1, "flag", False]], 1.0, "NACK", 409, "moved")),
        {"unkept"},
    ),
    "a flag is missing": (lambda mine, _: mine.final["answers"].update({"flags": []}), {"stale"}),
    "an answer nobody sent is shown": (lambda mine, _: mine.final["answers"]["answers"].update({"3": "3-0"}), {"phantom"}),
    "an old state was shown on the way": (
        lambda mine, _: mine.seen.append(Seen(3, mine.final["answers"] | {"answers": {"1": "1-0", "2": "2-1"}})),
        {"stale"},
    ),
    "a save nobody sent": (lambda mine, _: rewritten(mine, [*BODIES, [[3, "choice", None]]]), {"phantom"}),
    "a refused save is stored": (
        lambda mine, _: (
            mine.sent.append(Sent(4, "save", "own", "any", SITTING, 4, 1, [[4, "choice", None]], 1.0, "NACK", 409, "gap")),
            rewritten(mine, [*BODIES, [[4, "choice", None]]]),
        ),
        {"phantom"},
    ),
    "a neighbour's save is stored": (foreign_save, {"foreign"}),
    "a neighbour may read": (lambda mine, _: mine.final["strangers"].update({"history": 200}), {"foreign"}),
    "acknowledged before the one before was sent": (lambda mine, _: setattr(sent(mine, 2), "sent_at", CLOSE_S - 10), {"reordered"}),
    "two bodies for one place": (
        lambda mine, _: mine.sent.append(Sent(4, "save", "own", "any", SITTING, 1, 1, BODIES[1], CLOSE_S - 990, "ACK", 200, "repeated")),
        {"once", "lost"},
    ),
    "another receipt for the same save": (
        lambda mine, _: mine.sent.append(deepcopy(sent(mine, 1))) or setattr(mine.sent[-1], "receipt", "0" * 16),
        {"once", "chain"},
    ),
    "saved after the close": (
        lambda mine, _: (setattr(sent(mine, 3), "sent_at", CLOSE_S), setattr(sent(mine, 3), "answered_at", CLOSE_S + 1)),
        {"late"},
    ),
    "refused before the close": (
        lambda mine, _: mine.sent.append(
            Sent(4, "save", "own", "any", SITTING, 4, 1, BODIES[0], CLOSE_S - 2, "NACK", 410, "late", answered_at=CLOSE_S - 1)
        ),
        {"early"},
    ),
    "an honest save refused": (
        lambda mine, _: mine.sent.append(Sent(4, "save", "own", "stored", SITTING, 4, 1, BODIES[0], CLOSE_S - 2, "NACK", 409, "gap")),
        {"refused"},
    ),
    "an honest save never answered": (
        lambda mine, _: mine.sent.append(Sent(4, "save", "own", "stored", SITTING, 4, 1, [[1, "choice", "1-3"]], CLOSE_S - 2)),
        {"refused"},
    ),
    "a head that does not follow": (lambda mine, _: mine.final["history"]["events"][0].update(salt="cd" * 32), {"chain"}),
    "other counts on the receipt": (lambda mine, _: mine.final.update(items=7), {"chain"}),
    "another code on the receipt": (lambda mine, _: mine.final.update(receipt_code="A" * 26), {"chain"}),
    "evidence that was not kept": (
        lambda mine, _: mine.sent.append(
            Sent(4, "save", "own", "any", SITTING, 4, 1, BODIES[0], CLOSE_S, "NACK", 410, "late", kept=True, answered_at=CLOSE_S + 1)
        ),
        {"unkept"},
    ),
}


def test_an_honest_server_is_clean() -> None:
    verdict = judge([honest(), another()])
    assert [finding for finding in verdict.findings if finding.candidate == "000"] == []
    assert verdict.acknowledged == 3


@pytest.mark.parametrize("what", SPOILT)
def test_what_is_wrong_gets_its_word(what: str) -> None:
    mine, neighbour = honest(), another()
    spoil, expected = SPOILT[what]
    spoil(mine, neighbour)
    assert kinds(mine, neighbour) == expected


def test_an_answer_whose_save_is_unknown_may_stand_or_not() -> None:
    mine = honest()
    mine.sent.append(Sent(4, "save", "own", "any", SITTING, 4, 1, [[1, "choice", "1-2"]], CLOSE_S - 2))
    assert kinds(mine) == set()
    mine.final["answers"]["answers"]["1"] = "1-2"
    assert kinds(mine) == set()
