"""What candidates choose and type, by what an item asks for: `(kind, value)` as a save carries them."""

from typing import Any

from tests.faults.checker.dice import Dice
from tests.faults.checker.page import Item
from tests.faults.checker.verdict import NOTHING

WORDS = ("nhiệm vụ", "Đảng ủy", "e\u0301cole", "“quoted”", 'a "b" \\c', "1.000", "𝒳 tài sản", "   ", "\u00a0", "hiệu trưởng")
"""Marks on letters, whole and put together, letters of four bytes, quotation marks, blanks of two kinds."""
NUMBERS = ("12,5", "-3.75", "+7", "1 000", "0", "３")
KINDS = {"choice": "choice", "choices": "choices", "line": "text", "number": "text", "essay": "text"}
MOST_REMOVED = 12


def given(dice: Dice, item: Item, text: str) -> tuple[str, Any]:
    """An answer to an item; `text` is what stands there now, where something is typed."""
    if item.asks == "choice":
        return "choice", dice.pick(item.options)
    if item.asks == "choices":
        return "choices", [option for option in item.options if dice.below(2)]
    if item.asks == "number":
        return "text", dice.pick(NUMBERS)
    if item.asks == "line":
        return "text", words(dice, 3)
    return ("splice", splice(dice, text)) if text and dice.below(3) else ("text", words(dice, 40))


def taken_back(item: Item) -> tuple[str, Any]:
    """No answer any more."""
    kind = KINDS[item.asks]
    return kind, NOTHING[kind]


def words(dice: Dice, most: int) -> str:
    """So many words at most, a paragraph now and then."""
    return "".join(dice.pick(WORDS) + ("\n\n" if not dice.below(9) else " ") for _ in range(1 + dice.below(most)))


def splice(dice: Dice, text: str) -> list[Any]:
    """A change somewhere in a text: where, how many characters go, what comes, and how long the text is then."""
    start = dice.below(len(text) + 1)
    removed = min(dice.below(MOST_REMOVED), len(text) - start)
    inserted = words(dice, 3)
    return [start, removed, inserted, len(text) - removed + len(inserted)]
