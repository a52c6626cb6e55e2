"""The questions of a paper as HTML. When a session begins, everybody's page is asked for in the same second, and all papers are drawn from
one bank; so a question and its options are made once, and each candidate's page is put together from them, as the bytes that are sent.

What differs between candidates (number, order of options, answer, flag) is filled in at marks that no text can hold: rich text and words of
people never contain the character NUL. What is made is remembered by the wording itself, whatever database it was read from.
"""

from functools import lru_cache
from string import ascii_uppercase
from typing import NamedTuple

from flask import render_template
from markupsafe import Markup

from examsite.questions.queries import Wording
from examsite.rounds.queries.room import ItemView, RoomView
from examsite.rules.marking import ItemKind
from examsite.web.language import reading
from examsite.web.pages import fixed, for_everybody

REMEMBERED = 10_000
_NUMBER, _ROWS, _LETTER, _CHECKED = "\0", "\0rows\0", "\0letter\0", "\0checked\0"
_NUL = _NUMBER.encode()
_LETTERS = [letter.encode() for letter in ascii_uppercase]


class _Option(NamedTuple):
    """An option up to its letter, the same where it is chosen, and what follows the letter."""

    before: bytes
    chosen: bytes
    after: bytes


def sections(view: RoomView) -> bytes:
    """All questions of a paper in their order."""
    language, total = reading(), len(view.items)
    return b"".join([_section(view, item, language, total) for item in view.items])


def _section(view: RoomView, item: ItemView, language: str, total: int) -> bytes:
    wording, flagged = item.wording, item.number in view.flags
    if wording.kind == ItemKind.SINGLE_CHOICE and not wording.images:
        before, after = _frame(wording, language, total, flagged)
        return b"".join([before, *_rows(view, item, language), after]).replace(_NUL, b"%d" % item.number)
    rows = b"".join(_rows(view, item, language)).decode().replace(_NUMBER, str(item.number))
    facts = {"n": item.number, "total": total, "flagged": "true" if flagged else "false", "rows": Markup(rows)}  # noqa: S704 - a template made them
    return render_template("rounds/items/section.html", view=view, item=wording, options=item.options, **facts).encode()


def _rows(view: RoomView, item: ItemView, language: str) -> list[bytes]:
    """The options of single choice in pieces, with a mark where the number goes; nothing for other kinds."""
    if item.wording.kind != ItemKind.SINGLE_CHOICE:
        return []
    options, answer = _options(item.wording, language), view.answers.get(item.number)
    pieces: list[bytes] = []
    for letter, option in zip(_LETTERS, item.order, strict=False):
        before, chosen, after = options[option]
        pieces += (chosen if option == answer else before, letter, after)
    return pieces


def make_ready(wording: Wording, total: int) -> None:
    """Make what papers of `total` questions say of this one in the reader's language, before anybody asks for it."""
    language = reading()
    fixed("rounds/fixed/room_cells.html", total=total)
    fixed("rounds/fixed/room_words.html", practice=0)
    if wording.kind == ItemKind.SINGLE_CHOICE and not wording.images:
        _frame(wording, language, total, False)
        _options(wording, language)


@lru_cache(maxsize=REMEMBERED)
def _frame(wording: Wording, language: str, total: int, flagged: bool) -> tuple[bytes, bytes]:  # noqa: ARG001 - the language is part of what is remembered
    """What stands before and after the options of a question."""
    facts = {"n": _NUMBER, "total": total, "flagged": "true" if flagged else "false", "rows": _ROWS}
    before, after = for_everybody("rounds/items/section.html", item=wording, **facts).split(_ROWS)
    return before.encode(), after.encode()


@lru_cache(maxsize=REMEMBERED)
def _options(wording: Wording, language: str) -> dict[str, _Option]:  # noqa: ARG001 - as above
    """The options of a question by their id."""
    return {option: _option(option, text, wording.language) for option, text in wording.options.items()}


def _option(option: str, text: str, language: str | None) -> _Option:
    facts = {"option": option, "text": text, "language": language, "n": _NUMBER, "letter": _LETTER, "checked": _CHECKED}
    before, rest = for_everybody("rounds/items/_option.html", **facts).split(_CHECKED)
    between, after = rest.split(_LETTER)
    return _Option((before + between).encode(), (before + " checked" + between).encode(), after.encode())
