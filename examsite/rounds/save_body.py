"""What a save carries: a plain parser, because the save path does without forms."""

import json
import re
from dataclasses import dataclass
from typing import Any

LARGEST = 64 * 1024
MOST_ANSWERS = 200
_LARGEST_COUNTER = 2**31 - 1
_OPTION_ID = re.compile(r"[A-Za-z0-9_-]{1,16}")


class MalformedError(Exception):
    """A body that no page of ours sends; `code` says what is wrong with it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class SaveBody:
    """A well-formed save. `answers` holds `(item number, "choice", option id or None)` and `(item number, "flag", whether)`."""

    seq: int
    epoch: int
    answers: tuple[tuple[int, str, str | bool | None], ...]

    @property
    def text(self) -> str:
        """The answers as canonical text: what is stored and committed to."""
        return json.dumps(self.answers, ensure_ascii=False, separators=(",", ":"))


def parse(raw: bytes) -> SaveBody:
    """Read a body; MalformedError with a code for anything else than `{"seq", "epoch", "answers"}` in its one shape."""
    if len(raw) > LARGEST:
        raise MalformedError("too_large")
    try:
        body = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError) as fault:
        raise MalformedError("not_json") from fault
    if not isinstance(body, dict) or body.keys() != {"seq", "epoch", "answers"}:
        raise MalformedError("fields")
    answers = body["answers"]
    if not isinstance(answers, list) or not 1 <= len(answers) <= MOST_ANSWERS:
        raise MalformedError("answers")
    return SaveBody(_counter(body["seq"], "seq"), _counter(body["epoch"], "epoch"), tuple(_answer(answer) for answer in answers))


def _counter(value: object, code: str) -> int:
    if type(value) is not int or not 1 <= value <= _LARGEST_COUNTER:
        raise MalformedError(code)
    return value


def _answer(answer: Any) -> tuple[int, str, str | bool | None]:
    if not isinstance(answer, list) or len(answer) != 3:
        raise MalformedError("answer")
    item, kind, value = answer
    if type(item) is not int or item < 1:
        raise MalformedError("item")
    if kind == "choice" and (value is None or (isinstance(value, str) and _OPTION_ID.fullmatch(value))):
        return item, "choice", value
    if kind == "flag" and isinstance(value, bool):
        return item, "flag", value
    raise MalformedError("answer")
