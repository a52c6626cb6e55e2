"""What candidates type: the text that their changes add up to, its words, and the texts and numbers that a key compares."""

import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

from examsite.rules.refusal import Refused

LONGEST = 60_000
"""Characters (Unicode code points) of the longest text; what is typed beyond is not kept."""

# The blanks that part words, written out: Python and browsers have each a list of their own, and both must count alike.
BLANKS = "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_WORD = re.compile(f"[^{BLANKS}]+")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)")
# 1 to 3 digits that begin with no 0, and exactly 3 behind the sign: a thousand to one reader, a fraction to another.
_TWO_WAYS = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
_GROUPED = re.compile(rf"[+-]?[0-9]+(?:[.,'’{BLANKS}]+[0-9]+)+(?:[.,][0-9]*)?")


class Splice(NamedTuple):
    """A change of a text, in code points: from `start` on, `removed` are taken out and `inserted` is put there; `length` comes of it."""

    start: int
    removed: int
    inserted: str
    length: int


def spliced(text: str, splice: Splice) -> str:
    """The text after a change. Places beyond its end stand for its end, so that every sequence of changes gives a text."""
    start = min(splice.start, len(text))
    return (text[:start] + splice.inserted + text[start + splice.removed :])[:LONGEST]


def word_count(text: str) -> int:
    """Words as writers count them: what stands between blanks."""
    return sum(1 for _ in _WORD.finditer(text))


def is_blank(text: str) -> bool:
    """Whether a text has no word at all."""
    return _WORD.search(text) is None


def normal_text(text: str, *, case_matters: bool = False) -> str:
    """A short text as a key compares it: composed (NFC), single blanks inside and none around, small letters unless case matters.

    Diacritics count: in Vietnamese they make another word.
    """
    words = unicodedata.normalize("NFD", " ".join(_WORD.findall(text)))
    return unicodedata.normalize("NFC", words if case_matters else words.casefold())


def read_number(text: str) -> Decimal:
    """The exact number of what was typed; comma and dot are both the decimal mark, of which a number has at most one.

    Raises Refused: `marking.number_grouped` for separators of thousands, which are never guessed at, and `marking.number_unreadable`.
    """
    plain = normal_text(text).replace("\u2212", "-")
    if _NUMBER.fullmatch(plain):
        return Decimal(plain.replace(",", "."))
    raise Refused("marking.number_grouped" if _GROUPED.fullmatch(plain) else "marking.number_unreadable")


def reads_two_ways(text: str) -> bool:
    """Whether a number such as 1.500 may be meant as a thousand and a half: fine from a candidate who sees how it is read, not in a key."""
    return _TWO_WAYS.fullmatch(normal_text(text).replace("\u2212", "-")) is not None
