"""Which answers an item can have: the last look at a save before it is stored. Knows no database."""

from collections.abc import Sequence
from itertools import pairwise

from examsite.rounds.queries.sittings import Answerable
from examsite.rounds.save_body import LONGEST_LINE, Value

ANSWERED_WITH = {
    "single_choice": ("choice",),
    "multiple_response": ("choices",),
    "short_text": ("text",),
    "numeric": ("text",),
    "essay": ("text", "splice"),
}
"""The kinds of answers that each kind of item takes; a flag goes with all."""


def answer_fault(kind: str, value: Value, item: Answerable) -> str | None:
    """What is wrong with this answer to this item, or None: kind_wrong, option_unknown, option_order, text_too_long."""
    if kind == "flag":
        return None
    if kind not in ANSWERED_WITH[item.kind]:
        return "kind_wrong"
    if kind == "choice":
        return None if value is None or value in item.options else "option_unknown"
    if kind == "choices" and isinstance(value, tuple):
        return _fault_of_several(value, item.options)
    if isinstance(value, str) and item.kind != "essay" and len(value) > LONGEST_LINE:
        return "text_too_long"
    return None


def _fault_of_several(chosen: Sequence[object], options: Sequence[str]) -> str | None:
    """Several options come in the order of the paper and none twice, so that the same answer is always the same text."""
    places = [options.index(option) if option in options else -1 for option in chosen if isinstance(option, str)]
    if -1 in places:
        return "option_unknown"
    return None if all(before < after for before, after in pairwise(places)) else "option_order"
