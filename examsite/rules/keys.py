"""Kinds of items, and the key of each: what makes an answer right."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from examsite.rules.typed import normal_text


class ItemKind(StrEnum):
    """What a candidate does: chooses one option, chooses several, types a few words, types a number, writes an essay."""

    SINGLE_CHOICE = "single_choice"
    MULTIPLE_RESPONSE = "multiple_response"
    SHORT_TEXT = "short_text"
    NUMERIC = "numeric"
    ESSAY = "essay"


CHOOSING = frozenset({ItemKind.SINGLE_CHOICE, ItemKind.MULTIPLE_RESPONSE})


class MarkingRule(StrEnum):
    """How several chosen options become points; each item says which, and its candidates are told.

    ALL_OR_NOTHING: full points for exactly the right options, else none. PARTIAL: right less wrong choices, as a share of the right options
    there are, never below 0; choosing every option earns nothing.
    """

    ALL_OR_NOTHING = "all_or_nothing"
    PARTIAL = "partial"


@dataclass(frozen=True)
class AcceptedNumber:
    """A right number; one that differs by at most `tolerance`, in either direction, is right as well."""

    value: Decimal
    tolerance: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        if not self.value.is_finite() or not self.tolerance.is_finite() or self.tolerance < 0:
            raise ValueError(f"{self.value} ± {self.tolerance} accepts no number")

    def takes(self, number: Decimal) -> bool:
        """Whether this number is right, compared exactly, whatever the digits."""
        return abs(Fraction(number) - Fraction(self.value)) <= Fraction(self.tolerance)


@dataclass(frozen=True)
class KeyedItem:
    """An item version with its key.

    `key` holds option ids. In single choice each of them alone is right: one, or more after a correction of the key. In multiple response
    they are right together, and at least one option is not among them. `texts` are the accepted short texts as their author wrote them,
    `numbers` the accepted numbers. An essay has no key.
    """

    item: str
    options: tuple[str, ...]
    key: frozenset[str]
    points: Fraction = Fraction(1)
    void: bool = False
    kind: ItemKind = ItemKind.SINGLE_CHOICE
    rule: MarkingRule = MarkingRule.ALL_OR_NOTHING
    texts: tuple[str, ...] = ()
    case_matters: bool = False
    numbers: tuple[AcceptedNumber, ...] = ()

    def __post_init__(self) -> None:
        if len(set(self.options)) != len(self.options):
            raise ValueError(f"item {self.item} has an option id twice")
        if not _SOUND[self.kind](self):
            raise ValueError(f"the key of item {self.item} is none for {self.kind}")
        if self.points <= 0:
            raise ValueError(f"item {self.item} has no points to give")

    def takes_text(self, text: str) -> bool:
        """Whether this short text is an accepted one."""
        typed = normal_text(text, case_matters=self.case_matters)
        return any(normal_text(accepted, case_matters=self.case_matters) == typed for accepted in self.texts)


def _one_of_its_options(item: KeyedItem) -> bool:
    return bool(item.key) and item.key <= set(item.options) and not (item.texts or item.numbers)


def _some_of_its_options(item: KeyedItem) -> bool:
    return _one_of_its_options(item) and item.key < set(item.options)


def _some_texts(item: KeyedItem) -> bool:
    return all(normal_text(text) for text in item.texts) and bool(item.texts) and not (item.options or item.key or item.numbers)


def _some_numbers(item: KeyedItem) -> bool:
    return bool(item.numbers) and not (item.options or item.key or item.texts)


def _nothing(item: KeyedItem) -> bool:
    return not (item.options or item.key or item.texts or item.numbers)


_SOUND: dict[ItemKind, Callable[[KeyedItem], bool]] = {
    ItemKind.SINGLE_CHOICE: _one_of_its_options,
    ItemKind.MULTIPLE_RESPONSE: _some_of_its_options,
    ItemKind.SHORT_TEXT: _some_texts,
    ItemKind.NUMERIC: _some_numbers,
    ItemKind.ESSAY: _nothing,
}
