"""What the server promised against what it kept. Each finding has a kind and a sentence; no finding means that nothing was lost.

lost       an acknowledged save is not in the history, byte for byte
stale      an answer that is shown is older than the newest acknowledged one
phantom    the history has a save that its candidate never sent, or was told is not stored
reordered  a later save was acknowledged before an earlier one was sent, or the history leaves a place out
foreign    anything from, into or about a sitting that is not one's own, without its token, or from a device that was replaced
once       one place was acknowledged for two bodies, or one save got two receipts
late       acknowledged though it was sent after the close
early      refused for time before the close
refused    an honest save in its turn was not taken, or not even answered
chain      heads, receipts or counts that do not follow from the history
unkept     said to be kept as evidence, and not there; or sent from a device that was replaced, and not kept
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.faults.checker import chain
from tests.faults.checker.told import Answers, Sent, Told, fold, shown, steps, text_of

HEADLINE = ("lost", "stale", "phantom", "reordered", "foreign")
OTHERS = ("once", "late", "early", "refused", "chain", "unkept")
NOTHING: dict[str, Any] = {"choice": None, "choices": [], "text": "", "flag": False}
"""What an answer is before anybody gave one."""
OUT_OF_TIME = {"late", "closed"}
RECEIPT_DIGITS = 16


@dataclass(frozen=True)
class Finding:
    """One thing that must not be."""

    kind: str
    candidate: str
    sentence: str


@dataclass(frozen=True)
class Verdict:
    """The findings, and how much was acknowledged: places, each counted once."""

    acknowledged: int
    findings: tuple[Finding, ...]

    def count(self, kind: str) -> int:
        """How many findings of a kind."""
        return sum(finding.kind == kind for finding in self.findings)


def judge(everybody: Sequence[Told]) -> Verdict:
    """All candidates of one run."""
    findings = [finding for told in everybody for finding in _of_one(told, everybody)]
    return Verdict(sum(len({sent.place[:2] for sent in told.acknowledged}) for told in everybody), tuple(findings))


def headline(verdict: Verdict) -> str:
    """The one line that says it all."""
    return f"acknowledged {verdict.acknowledged}, " + ", ".join(f"{kind} {verdict.count(kind)}" for kind in HEADLINE)


def _of_one(told: Told, everybody: Sequence[Told]) -> Iterator[Finding]:
    checks = (_lost, _strange, _order, _once, _time, _refused, _receipts, _chain, _sealing, _evidence, _as_seen, _at_the_end, _strangers)
    for check in checks:
        for kind, sentence in check(told, everybody):
            yield Finding(kind, told.name, sentence)


Found = Iterator[tuple[str, str]]
Body = list[list[Any]]


def _lost(told: Told, _all: Sequence[Told]) -> Found:
    stored = {_place(event) for event in told.events if event["kind"] == "save"}
    for place, sent in {sent.place: sent for sent in told.acknowledged}.items():
        if place not in stored:
            yield "lost", f"{sent.names} was acknowledged and is not in the history"


def _strange(told: Told, everybody: Sequence[Told]) -> Found:
    """Saves of the history that are not the candidate's own, or were said not to be stored."""
    own: dict[tuple[int, int, str], set[str]] = {}
    for sent in told.own:
        own.setdefault(sent.place, set()).add(sent.verdict)
    aimed = [sent for other in everybody for sent in other.saves if sent.kind != "own" and sent.sitting == told.final["sitting"]]
    others = {sent.place for sent in aimed}
    for event in told.events:
        place = _place(event)
        if event["kind"] != "save" or own.get(place, set()) & {"ACK", "UNKNOWN"}:
            continue
        if place in others:
            yield "foreign", f"seq {event['seq']} came from somebody else, without a token or from a replaced device"
        elif place in own:
            yield "phantom", f"seq {event['seq']} was refused and is in the history"
        else:
            yield "phantom", f"seq {event['seq']} was never sent by this candidate"
    yield from (
        ("foreign", f"{sent.names} was acknowledged for a sitting, token or device not one's own")
        for sent in aimed
        if sent.verdict == "ACK"
    )


def _order(told: Told, _all: Sequence[Told]) -> Found:
    places = [(event["epoch"], event["seq"]) for event in told.events]
    if places != sorted(places) or [seq for _, seq in places] != list(range(len(places))):
        yield "reordered", f"the history runs {[seq for _, seq in places]}"
    sent_first: dict[int, float] = {}
    for sent in told.own:
        sent_first[sent.seq] = min(sent.sent_at, sent_first.get(sent.seq, sent.sent_at))
    for sent in told.acknowledged:
        if sent.seq > 1 and sent.answered_at < sent_first.get(sent.seq - 1, float("inf")):
            yield "reordered", f"{sent.names} was acknowledged before seq {sent.seq - 1} was sent"


def _once(told: Told, _all: Sequence[Told]) -> Found:
    bodies: dict[tuple[int, int], set[str]] = {}
    receipts: dict[tuple[int, int, str], set[str]] = {}
    for sent in told.acknowledged:
        bodies.setdefault(sent.place[:2], set()).add(sent.place[2])
        receipts.setdefault(sent.place, set()).add(sent.receipt)
    yield from (("once", f"seq {place[0]} was acknowledged for {len(found)} bodies") for place, found in bodies.items() if len(found) > 1)
    yield from (("once", f"seq {place[0]} got {len(found)} receipts") for place, found in receipts.items() if len(found) > 1)


def _time(told: Told, _all: Sequence[Told]) -> Found:
    closes_at = _moment(told.final["answers"]["closes_at"])
    handed_in = min((sent.sent_at for sent in told.sent if sent.what == "submit"), default=float("inf"))
    for sent in told.own:
        if sent.verdict == "ACK" and sent.said == "saved" and sent.sent_at >= closes_at:
            yield "late", f"{sent.names} was sent {sent.sent_at - closes_at:.3f} s after the close and acknowledged"
        if sent.said in OUT_OF_TIME and sent.verdict == "NACK" and sent.answered_at < min(closes_at, handed_in):
            yield "early", f"{sent.names} was refused for time {closes_at - sent.answered_at:.3f} s before the close"
    for event in told.events:
        if event["kind"] == "save" and _moment(event["received_at"]) >= closes_at:
            yield "late", f"seq {event['seq']} was received after the close and counts"


def _refused(told: Told, _all: Sequence[Told]) -> Found:
    settled = {sent.place for sent in told.own if sent.verdict != "UNKNOWN"}
    for sent in told.own:
        if sent.hope == "stored" and sent.verdict == "NACK" and sent.said not in OUT_OF_TIME:
            yield "refused", f"{sent.names} was answered {sent.status} {sent.said}"
        if sent.verdict == "UNKNOWN" and sent.hope == "stored" and sent.place not in settled:
            yield "refused", f"{sent.names} was never answered ({sent.status} {sent.said})"


def _receipts(told: Told, _all: Sequence[Told]) -> Found:
    heads = {_place(event): event["head"][:RECEIPT_DIGITS] for event in told.events}
    for sent in told.acknowledged:
        if heads.get(sent.place, sent.receipt) != sent.receipt:
            yield "chain", f"{sent.names} got the receipt {sent.receipt}, the history says {heads[sent.place]}"


def _chain(told: Told, _all: Sequence[Told]) -> Found:
    expected = chain.heads(told.final["sitting"], told.events)
    for event, head in zip(told.events, expected, strict=True):
        if event["head"] != head:
            yield "chain", f"the head of seq {event['seq']} does not follow from the links before it"
            return


def _sealing(told: Told, _all: Sequence[Told]) -> Found:
    """The receipt that the candidate takes home, against the history."""
    sealed = next((event for event in told.events if event["kind"] == "seal"), None)
    if sealed is None:
        yield "chain", "there is no sealing"
        return
    stands = fold([_body(event) for event in told.events if event["kind"] == "save"])
    answered = sum(is_answer(kind, value) for (_, kind), value in stands.items())
    counts = _body(sealed)
    if (counts["answered"], counts["blank"]) != (answered, told.final["items"] - answered):
        yield "chain", f"the sealing counts {counts['answered']} answered, {counts['blank']} blank; the history {answered} answered"
    codes = {told.final["receipt_code"], told.final["history"]["receipt_code"], chain.receipt_code(sealed["head"])}
    if len(codes) != 1:
        yield "chain", f"there are several receipt codes: {codes}"
    if sealed["head"] not in told.final["public_receipt"]:
        yield "chain", "the public check of the receipt code does not know the head"


def is_answer(kind: str, value: Any) -> bool:
    """Whether this answers an item: a flag does not, and neither does a text of blanks."""
    return kind != "flag" and bool(value.strip() if kind == "text" else value)


def _evidence(told: Told, _all: Sequence[Told]) -> Found:
    kept = {_place(piece) for piece in told.final["history"].get("uncounted", [])}
    for sent in (*told.own, *told.fenced):
        if sent.said in {"late", "closed", "moved"} and sent.kept and sent.place not in kept:
            yield "unkept", f"{sent.names} was answered {sent.said} and is not among the evidence"
    for sent in told.fenced:
        if sent.verdict == "NACK" and not (sent.said == "moved" and sent.kept):
            yield "unkept", f"{sent.names} came from a replaced device and was answered {sent.status} {sent.said}, not kept as evidence"


def _as_seen(told: Told, _all: Sequence[Told]) -> Found:
    for seen in told.seen:
        yield from _compare(told, told.sent[: seen.before], shown(seen.answers), f"after request {seen.before}")


def _at_the_end(told: Told, _all: Sequence[Told]) -> Found:
    yield from _compare(told, told.sent, shown(told.final["answers"]), "at the end")


def _compare(told: Told, sent: Sequence[Sent], stands: Answers, when: str) -> Found:
    """Each answer that is shown is the newest acknowledged one, or a later one whose outcome is unknown."""
    own = [one for one in sent if one.what == "save" and one.kind == "own"]
    stored = _in_order(one for one in own if one.verdict == "ACK")
    newest = fold(stored)
    ever = {(*key, text_of(value)) for bodies in (stored, [one.body for one in own]) for key, value in steps(bodies)}
    for key in sorted(newest.keys() | stands.keys()):
        value = stands.get(key, NOTHING[key[1]])
        if text_of(value) in _allowed(key, own, stored, newest):
            continue
        known = (*key, text_of(value)) in ever or value == NOTHING[key[1]]
        yield "stale" if known else "phantom", f"{when} item {key[0]} shows {key[1]} {value!r}, not {newest.get(key)!r}"


def _in_order(sent: Iterable[Sent]) -> list[Body]:
    """What was sent in the order of its places, each place once, however often it was repeated."""
    bodies = {(one.epoch, one.seq, text_of(one.body)): one.body for one in sent}
    return [bodies[place] for place in sorted(bodies)]


def _allowed(key: tuple[int, str], own: Sequence[Sent], stored: list[Body], newest: Answers) -> set[str]:
    """The newest acknowledged state, and what it may be if saves without an answer were stored after all: one of them, or all."""
    last = max(((one.epoch, one.seq) for one in own if one.verdict == "ACK" and key in fold([one.body])), default=(0, 0))
    answered = {one.place for one in own if one.verdict != "UNKNOWN"}
    open_still = [one for one in own if one.verdict == "UNKNOWN" and (one.epoch, one.seq) > last and one.place not in answered]
    maybe = [fold([*stored, *_in_order(found)]) for found in (*([one] for one in open_still), open_still) if found]
    return {text_of(stands.get(key, NOTHING[key[1]])) for stands in (newest, *maybe)}


def _strangers(told: Told, _all: Sequence[Told]) -> Found:
    for page, status in told.final["strangers"].items():
        if status != 404:
            yield "foreign", f"another candidate who asked for {page} was answered {status}"


def _place(event: dict[str, object]) -> tuple[int, int, str]:
    return int(str(event["seq"])), int(str(event["epoch"])), text_of(_body(event))


def _body(event: dict[str, object]) -> dict[str, int] | list[list[object]]:
    return json.loads(str(event["body"]))


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def summary(everybody: Sequence[Told]) -> dict[str, int]:
    """How the requests went: outcomes, and the server's own words."""
    saves = [sent for told in everybody for sent in told.saves]
    counts = Counter(sent.verdict for sent in saves) + Counter(sent.said for sent in saves if sent.verdict != "UNKNOWN")
    counts.update(f"unknown: {sent.status or sent.said}" for sent in saves if sent.verdict == "UNKNOWN")
    counts.update("from a replaced device" for sent in saves if sent.kind == "fenced")
    return dict(sorted(counts.items()))
