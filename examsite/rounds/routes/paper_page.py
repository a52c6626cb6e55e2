"""The questions of a paper as HTML. When a session begins, everybody's page is asked for in the same second, and all papers are drawn from
one bank; so a question and its options are made once, and each candidate's page is put together from them.

What differs between candidates (number, order of options, answer, flag) is filled in at marks that no text can hold: rich text and words of
people never contain the character NUL.
"""

from functools import lru_cache
from string import ascii_uppercase

from flask import render_template
from markupsafe import Markup

from examsite.questions.queries import Wording
from examsite.rounds.queries.room import ItemView, RoomView
from examsite.rules.marking import ItemKind
from examsite.web.language import reading
from examsite.web.pages import fixed, for_everybody

REMEMBERED = 20_000
_NUMBER, _ROWS, _LETTER, _CHECKED = (f"\0{name}\0" for name in ("number", "rows", "letter", "checked"))


def sections(view: RoomView) -> Markup:
    """All questions of a paper in their order."""
    language, total = reading(), len(view.items)
    return Markup("".join(_section(view, item, language, total) for item in view.items))  # noqa: S704 - templates made them


def _section(view: RoomView, item: ItemView, language: str, total: int) -> str:
    flagged = "true" if item.number in view.flags else "false"
    if item.kind == ItemKind.SINGLE_CHOICE and not item.images:
        before, after = _frame(language, item.stem, item.language, total, flagged)
        return f"{before}{_rows(view, item, language)}{after}".replace(_NUMBER, str(item.number))
    rows = Markup(_rows(view, item, language).replace(_NUMBER, str(item.number)))  # noqa: S704 - a template made them
    return render_template("rounds/items/section.html", view=view, item=item, n=item.number, total=total, flagged=flagged, rows=rows)


def _rows(view: RoomView, item: ItemView, language: str) -> str:
    """The options of single choice, with a mark where the number goes; nothing for other kinds."""
    if item.kind != ItemKind.SINGLE_CHOICE:
        return ""
    chosen = view.answers.get(item.number)
    lettered = zip(ascii_uppercase[: len(item.options)], item.options, strict=True)
    return "".join(_row(language, option, text, item.language, letter, option == chosen) for letter, (option, text) in lettered)


def make_ready(item: Wording, total: int) -> None:
    """Make what papers of `total` questions say of this one in the reader's language, before anybody asks for it."""
    language = reading()
    fixed("rounds/fixed/room_cells.html", total=total)
    fixed("rounds/fixed/room_words.html", practice=0)
    if item.kind == ItemKind.SINGLE_CHOICE and not item.images:
        _frame(language, item.stem, item.language, total, "false")
        for option, text in item.options.items():
            _option(language, option, text, item.language)


@lru_cache(maxsize=REMEMBERED)
def _frame(language: str, stem: str, item_language: str | None, total: int, flagged: str) -> tuple[str, str]:  # noqa: ARG001 - the language is part of what is remembered
    """What stands before and after the options of a question."""
    kind = ItemKind.SINGLE_CHOICE.value
    item = {"stem": stem, "language": item_language, "kind": kind, "images": ()}
    made = for_everybody("rounds/items/section.html", item=item, n=_NUMBER, total=total, flagged=flagged, rows=_ROWS)
    before, after = made.split(_ROWS)
    return before, after


@lru_cache(maxsize=REMEMBERED)
def _row(language: str, option: str, text: str, item_language: str | None, letter: str, checked: bool) -> str:
    return _option(language, option, text, item_language).replace(_LETTER, letter).replace(_CHECKED, " checked" if checked else "")


@lru_cache(maxsize=REMEMBERED)
def _option(language: str, option: str, text: str, item_language: str | None) -> str:  # noqa: ARG001 - as above
    return for_everybody(
        "rounds/items/_option.html", option=option, text=text, language=item_language, n=_NUMBER, letter=_LETTER, checked=_CHECKED
    )
