"""The journal and the readings as typed values: all that the verdict goes by."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Answers = dict[tuple[int, str], Any]
"""Item number and kind -> value, as it stands."""


@dataclass
class Sent:
    """One request: its intent, and its outcome unless the checker itself was killed before it came."""

    number: int
    what: str
    kind: str
    hope: str
    sitting: str
    seq: int
    epoch: int
    body: list[list[Any]]
    sent_at: float
    verdict: str = "UNKNOWN"
    status: int = 0
    said: str = ""
    receipt: str = ""
    kept: bool = False
    retry_after: bool = False
    answered_at: float = float("inf")

    @property
    def place(self) -> tuple[int, int, str]:
        """Seq, epoch and body: what an event of the history is known by."""
        return self.seq, self.epoch, text_of(self.body)

    @property
    def names(self) -> str:
        """How a finding names this request."""
        return f"request {self.number}, seq {self.seq}"


@dataclass(frozen=True)
class Seen:
    """What the server showed at a moment when `before` requests had been answered and none was under way."""

    before: int
    answers: dict[str, Any]


@dataclass
class Told:
    """Everything about one candidate."""

    name: str
    sent: list[Sent] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    final: dict[str, Any] = field(default_factory=dict)

    @property
    def saves(self) -> list[Sent]:
        """All requests that carried answers."""
        return [sent for sent in self.sent if sent.what == "save"]

    @property
    def own(self) -> list[Sent]:
        """Those that were the candidate's own."""
        return [sent for sent in self.saves if sent.kind == "own"]

    @property
    def fenced(self) -> list[Sent]:
        """Those that came from a device which another one had replaced."""
        return [sent for sent in self.saves if sent.kind == "fenced"]

    @property
    def acknowledged(self) -> list[Sent]:
        """Those of them that were acknowledged."""
        return [sent for sent in self.own if sent.verdict == "ACK"]

    @property
    def events(self) -> list[dict[str, Any]]:
        """The history as it was read back."""
        return list(self.final["history"].get("events", []))


def text_of(body: object) -> str:
    """A body as text, so that two can be compared byte for byte."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def steps(bodies: Iterable[list[list[Any]]]) -> Iterator[tuple[tuple[int, str], Any]]:
    """Bodies in their order -> each answer as it stands after each change. A `splice` changes a text: from `start` on, `removed` characters
    are taken out and `inserted` is put there; places beyond the end of the text stand for its end."""
    texts: dict[int, str] = {}
    for body in bodies:
        for item, kind, value in body:
            if kind == "splice":
                start, removed, inserted, _length = value
                text = texts.get(item, "")
                start = min(start, len(text))
                texts[item] = text[:start] + inserted + text[start + removed :]
            elif kind == "text":
                texts[item] = value
            yield ((item, "text"), texts[item]) if kind in ("splice", "text") else ((item, kind), value)


def fold(bodies: Iterable[list[list[Any]]]) -> Answers:
    """Bodies in their order -> the answers as they stand."""
    return dict(steps(bodies))


def shown(told: dict[str, Any]) -> Answers:
    """The answers of a reading, in the same shape; flags that are down are left out."""
    read = {"choice": "answers", "choices": "several", "text": "texts"}
    found = {(int(item), kind): value for kind, name in read.items() for item, value in told.get(name, {}).items()}
    return found | {(int(item), "flag"): True for item in told.get("flags", [])}


def read(folder: Path) -> list[Told]:
    """All candidates of a run, from the files it left."""
    return [_candidate(path) for path in sorted(folder.glob("*.jsonl"))]


def _candidate(path: Path) -> Told:
    told, waiting = Told(path.stem), dict[int, Sent]()
    for text in path.read_text(encoding="utf-8").splitlines():
        line = json.loads(text)
        if line["line"] == "intent":
            waiting[line["number"]] = _intent(line)
            told.sent.append(waiting[line["number"]])
        elif line["line"] == "outcome":
            _outcome(waiting[line["number"]], line)
        else:
            told.seen.append(Seen(len(told.sent), line["answers"]))
    final = path.with_suffix(".final.json")
    told.final = json.loads(final.read_text(encoding="utf-8")) if final.exists() else {}
    return told


def _intent(line: dict[str, Any]) -> Sent:
    return Sent(
        number=line["number"],
        what=line["what"],
        kind=line.get("kind", ""),
        hope=line.get("hope", "any"),
        sitting=line["sitting"],
        seq=line.get("seq", 0),
        epoch=line.get("epoch", 0),
        body=line.get("answers", []),
        sent_at=line["at"],
    )


def _outcome(sent: Sent, line: dict[str, Any]) -> None:
    sent.verdict, sent.status, sent.said, sent.answered_at = line["verdict"], line["status"], line["said"], line["at"]
    sent.receipt, sent.kept, sent.retry_after = line.get("receipt", ""), line.get("kept", False), line.get("retry_after", False)
