"""The questions of a paper as HTML. When a session begins, everybody's page is asked for in the same second, and all papers are drawn from
one bank; so a question and its options are made once, and each candidate's page is put together from them.

What differs between candidates (number, order of options, answer, flag) is filled in at marks that no text can hold: rich text and words of
people never contain the character NUL.
"""

from functools import lru_cache
from string import ascii_uppercase

from flask import render_template
from markupsafe import Markup

from examsite.rounds.queries.room import ItemView, RoomView
from examsite.rules.marking import ItemKind
from examsite.web.language import reading

REMEMBERED = 20_000
_NUMBER, _FLAGGED, _ROWS, _LETTER, _CHECKED = (f"\0{name}\0" for name in ("number", "flagged", "rows", "letter", "checked"))


def sections(view: RoomView) -> Markup:
    """All questions of a paper in their order."""
    language, total = reading(), len(view.items)
    return Markup("").join(_section(view, item, language, total) for item in view.items)


def _section(view: RoomView, item: ItemView, language: str, total: int) -> Markup:
    flagged = "true" if item.number in view.flags else "false"
    if item.kind != ItemKind.SINGLE_CHOICE or item.images:
        rows = _rows(view, item, language)
        made = render_template("rounds/items/section.html", view=view, item=item, n=item.number, total=total, flagged=flagged, rows=rows)
        return Markup(made)  # noqa: S704 - a template made it
    frame = _frame(language, item.stem, item.language, total)
    filled = frame.replace(_NUMBER, str(item.number)).replace(_FLAGGED, flagged).replace(_ROWS, _rows(view, item, language))
    return Markup(filled)  # noqa: S704 - a template made it, the numbers and words put in are ours


def _rows(view: RoomView, item: ItemView, language: str) -> Markup:
    if item.kind != ItemKind.SINGLE_CHOICE:
        return Markup("")
    chosen, number = view.answers.get(item.number), str(item.number)
    rows = (
        _row(language, option, text, item.language)
        .replace(_NUMBER, number)
        .replace(_LETTER, letter)
        .replace(_CHECKED, " checked" if option == chosen else "")
        for letter, (option, text) in zip(ascii_uppercase[: len(item.options)], item.options, strict=True)
    )
    return Markup("".join(rows))  # noqa: S704 - a template made them


@lru_cache(maxsize=REMEMBERED)
def _frame(language: str, stem: str, item_language: str | None, total: int) -> str:  # noqa: ARG001 - the language is part of what is remembered
    kind = ItemKind.SINGLE_CHOICE.value
    item = {"stem": stem, "language": item_language, "kind": kind, "images": ()}
    return render_template("rounds/items/section.html", item=item, n=_NUMBER, total=total, flagged=_FLAGGED, rows=_ROWS)


@lru_cache(maxsize=REMEMBERED)
def _row(language: str, option: str, text: str, item_language: str | None) -> str:  # noqa: ARG001 - as above
    return render_template(
        "rounds/items/_option.html", option=option, text=text, language=item_language, n=_NUMBER, letter=_LETTER, checked=_CHECKED
    )
