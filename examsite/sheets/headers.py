"""Which header a person meant, however they typed it."""

import re

from examsite.vietnamese import fold

NOT_LETTERS = re.compile(r"[^a-z0-9]+")
REMARK = re.compile(r"\([^()]*\)|\*")


def header_key(title: str) -> str:
    """What the spellings of one header share: no diacritics, capitals, remarks in brackets, stars or signs."""
    return NOT_LETTERS.sub(" ", REMARK.sub(" ", fold(title))).strip()
