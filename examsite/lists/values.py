"""From one cell to one value, for every list: text, lines, a whole number, one of fixed values, an e-mail address."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from examsite.lists.findings import Unusable
from examsite.sheets import Cell, Kind
from examsite.sheets.values import as_decimal
from examsite.vietnamese import fold, nfc, tidy

EMAIL = re.compile(r"[A-Za-z0-9._%+'\-]+@[A-Za-z0-9\-]+(\.[A-Za-z0-9\-]+)*\.[A-Za-z]{2,}")
WHOLE = re.compile(r"\d{1,9}")
BULLET = re.compile(r"(?:[-–•*+]|\d{1,2}[.)])\s+")
MOST_NAMED = 20

Value = TypeVar("Value")
Say = Callable[..., None]
"""Called with a code and its parameters for each repair of a cell."""


def read_text(cell: Cell, longest: int, say: Say) -> str:
    """The words of a cell: composed, without invisible characters and doubled blanks."""
    text = tidy(_told(cell, say))
    if len(text) > longest:
        raise Unusable("lists.too_long", limit=longest)
    return text


def read_words(cell: Cell, longest: int, say: Say) -> str:
    """Text of a column where a date would be a slip of the spreadsheet program."""
    text = read_text(cell, longest, say)
    if cell.kind is Kind.DATE:
        raise Unusable("lists.date_where_text_belongs")
    return text


def read_lines(cell: Cell, longest: int) -> tuple[str, ...]:
    """The lines of a cell, without the dashes, dots and numbers that people put before the entries of a list."""
    if cell.kind is Kind.DATE:
        raise Unusable("lists.date_where_text_belongs")
    lines = tuple(BULLET.sub("", line, count=1) for raw in _told(cell, _no_word).splitlines() if (line := tidy(raw)))
    if any(len(line) > longest for line in lines):
        raise Unusable("lists.too_long", limit=longest)
    return lines


def read_whole(cell: Cell, fewest: int, most: int, say: Say) -> int:
    """A whole number between two bounds."""
    text = read_words(cell, 100, say)
    if not WHOLE.fullmatch(text) or not fewest <= int(text) <= most:
        raise Unusable("lists.number_out_of_range", fewest=fewest, most=most)
    return int(text)


def read_choice(cell: Cell, words: Mapping[str, Value], offered: Iterable[str], say: Say) -> Value:
    """One of fixed values: `words` has the value of each spelling, folded; `offered` are those that the person is told."""
    text = read_words(cell, 300, say)
    if fold(text) not in words:
        raise Unusable("lists.choice_unknown", known=", ".join(list(offered)[:MOST_NAMED]))
    return words[fold(text)]


def read_email(cell: Cell, longest: int, say: Say) -> str:
    """One address."""
    text = read_words(cell, longest, say)
    if not EMAIL.fullmatch(text) or ".." in text:
        raise Unusable("lists.email_invalid")
    return text


def _no_word(_code: str) -> None:
    """Blanks around the lines of a cell are no repair worth a word."""


def _told(cell: Cell, say: Say) -> str:
    """What a cell tells, as it stands; repairs that tidying will make are said."""
    if cell.kind is Kind.ERROR:
        raise Unusable("lists.cell_error")
    if cell.kind is Kind.UNCALCULATED:
        raise Unusable("lists.formula_without_value")
    if cell.formula:
        say("lists.formula_value_taken")
    if cell.kind is Kind.NUMBER:
        return _number_text(cell)
    if cell.kind is Kind.TEXT:
        _say_text_repairs(cell.text, say)
    return cell.text


def _number_text(cell: Cell) -> str:
    whole = cell.whole_number
    return str(whole) if whole is not None else f"{as_decimal(cell.text):f}"


def _say_text_repairs(text: str, say: Say) -> None:
    if nfc(text) != text:
        say("lists.composed")
    if tidy(text) != nfc(text).strip(" "):
        say("lists.blanks_removed")
