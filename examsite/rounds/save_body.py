"""What a save carries: a plain parser, because the save path does without forms."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from examsite.rules.typed import Splice

LARGEST = 256 * 1024
"""Bytes of a save: an essay of the longest kind, each character in four bytes, and what belongs around it."""
LARGEST_SIGN = 200
MOST_UNSENT = 100_000
MOST_ANSWERS = 200
MOST_OPTIONS = 26
LONGEST_LINE = 500
"""Characters of a short text or a number as typed."""
LONGEST_TEXT = 60_000
"""Characters of an essay."""
Value = str | bool | tuple[str, ...] | Splice | None
_LARGEST_COUNTER = 2**31 - 1
_OPTION_ID = re.compile(r"[A-Za-z0-9_-]{1,16}")
# Half of a character that takes two: JSON can name it, no database can keep it.
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


class MalformedError(Exception):
    """A body that no page of ours sends; `code` says what is wrong with it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class SaveBody:
    """A well-formed save. `answers` holds `(item number, kind, value)`, with the value of each kind:

    choice: an option id, None where it was taken back; choices: option ids in the order of the paper, none where all were taken back;
    text: all that was typed; splice: what was typed since, in an essay (see `rules.typed.spliced`); flag: whether.
    """

    seq: int
    epoch: int
    answers: tuple[tuple[int, str, Value], ...]

    @property
    def text(self) -> str:
        """The answers as canonical text: what is stored and committed to."""
        return json.dumps(self.answers, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class SignOfLife:
    """What a page says of itself: the number of the item in view, and how many changes it has not got onto the server yet."""

    at: int
    unsent: int


def parse_sign_of_life(raw: bytes) -> SignOfLife:
    """Read a sign of life; MalformedError for anything else than `{"at", "unsent"}`."""
    body = _object(raw, {"at", "unsent"}, LARGEST_SIGN)
    unsent = body["unsent"]
    if type(unsent) is not int or not 0 <= unsent <= MOST_UNSENT:
        raise MalformedError("unsent")
    return SignOfLife(_counter(body["at"], "at"), unsent)


def parse(raw: bytes) -> SaveBody:
    """Read a body; MalformedError with a code for anything else than `{"seq", "epoch", "answers"}` in its one shape."""
    body = _object(raw, {"seq", "epoch", "answers"}, LARGEST)
    answers = body["answers"]
    if not isinstance(answers, list) or not 1 <= len(answers) <= MOST_ANSWERS:
        raise MalformedError("answers")
    return SaveBody(_counter(body["seq"], "seq"), _counter(body["epoch"], "epoch"), tuple(_answer(answer) for answer in answers))


def _object(raw: bytes, fields: set[str], largest: int) -> dict[str, Any]:
    if len(raw) > largest:
        raise MalformedError("too_large")
    try:
        body = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError) as fault:
        raise MalformedError("not_json") from fault
    if not isinstance(body, dict) or body.keys() != fields:
        raise MalformedError("fields")
    return body


def _counter(value: object, code: str) -> int:
    if type(value) is not int or not 1 <= value <= _LARGEST_COUNTER:
        raise MalformedError(code)
    return value


def _answer(answer: Any) -> tuple[int, str, Value]:
    if not isinstance(answer, list) or len(answer) != 3:
        raise MalformedError("answer")
    item, kind, value = answer
    if type(item) is not int or item < 1:
        raise MalformedError("item")
    read = _READ.get(kind) if isinstance(kind, str) else None
    if read is None:
        raise MalformedError("answer")
    return item, kind, read(value)


def _choice(value: object) -> str | None:
    return None if value is None else _option(value)


def _choices(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MOST_OPTIONS:
        raise MalformedError("answer")
    return tuple(_option(option) for option in value)


def _option(value: object) -> str:
    if not isinstance(value, str) or not _OPTION_ID.fullmatch(value):
        raise MalformedError("answer")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or _HALF_CHARACTER.search(value):
        raise MalformedError("answer")
    if len(value) > LONGEST_TEXT:
        raise MalformedError("text_too_long")
    return value


def _splice(value: object) -> Splice:
    if not isinstance(value, list) or len(value) != 4:
        raise MalformedError("answer")
    start, removed, inserted, length = value
    return Splice(_place(start), _place(removed), _text(inserted), _place(length))


def _place(value: object) -> int:
    if type(value) is not int or not 0 <= value <= LONGEST_TEXT:
        raise MalformedError("answer")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise MalformedError("answer")
    return value


_READ: dict[str, Callable[[object], Value]] = {"choice": _choice, "choices": _choices, "text": _text, "splice": _splice, "flag": _flag}
