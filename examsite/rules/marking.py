"""Answer + key -> marks of machine-marked items, and the result of a part.

A part is passed by a share of its *questions* answered right, compared exactly: 15 of 30 passes at one half (Decree 138/2020/ND-CP,
article 9). Deductions for misconduct are taken off the right answers before that comparison (Circular 17/2023/TT-BNV, article 5).
Numbers of a rule set come in as arguments; nothing here is rounded.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from examsite.rules.refusal import Refused


class ItemKind(StrEnum):
    """Kinds of items that a key can mark."""

    SINGLE_CHOICE = "single_choice"


class Outcome(StrEnum):
    """What an answer came to."""

    CORRECT = "correct"
    WRONG = "wrong"
    BLANK = "blank"
    VOID = "void"
    """The item was withdrawn after the exam: everyone gets its full points, whatever they answered."""


class InvalidAnswer(Refused):
    """An answer that this item cannot have (an option it does not own, two options for one): a fault to look into, never a wrong answer."""


@dataclass(frozen=True)
class KeyedItem:
    """An item version with its key. `key` holds the option ids of which each alone is right: one, or more after a correction of the key."""

    item: str
    options: tuple[str, ...]
    key: frozenset[str]
    points: Fraction = Fraction(1)
    void: bool = False
    kind: ItemKind = ItemKind.SINGLE_CHOICE

    def __post_init__(self) -> None:
        if len(set(self.options)) != len(self.options):
            raise ValueError(f"item {self.item} has an option id twice")
        if not self.key or not self.key <= set(self.options):
            raise ValueError(f"the key of item {self.item} does not name options of its own")
        if self.points <= 0:
            raise ValueError(f"item {self.item} has no points to give")


@dataclass(frozen=True)
class Answer:
    """What a candidate chose, by option id, never by position. No option at all: the choice was taken back."""

    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mark:
    """The points of one item, and why."""

    points: Fraction
    outcome: Outcome


@dataclass(frozen=True)
class PartResult:
    """A part that was sat. `correct` counts right answers and voided items; `counted` is what deductions left of them;
    `share` = `counted` / `questions`, which is what the pass share was compared with."""

    correct: int
    questions: int
    counted: Fraction
    share: Fraction
    passed: bool


@dataclass(frozen=True)
class ExemptResult:
    """A part passed by exemption: there are no figures, and none may be shown or added."""

    @property
    def passed(self) -> bool:
        return True


def mark(item: KeyedItem, answer: Answer | None) -> Mark:
    """The mark of one item; `answer` None or without options is blank.

    Raises InvalidAnswer for an option id that is not one of the item's, also where the item is void, and for more options than its
    kind takes.
    """
    chosen = answer.options if answer else ()
    _check_options(item, chosen)
    if item.void:
        return Mark(item.points, Outcome.VOID)
    if not chosen:
        return Mark(Fraction(0), Outcome.BLANK)
    return _MARKERS[item.kind](item, chosen)


def part_result(marks: Sequence[Mark], questions: int, pass_share: Fraction, deductions: Iterable[Fraction] = ()) -> PartResult:
    """The result of one part: `marks` holds one entry a question of the paper, blanks included.

    `pass_share` and each of `deductions` are shares from 0 to 1. Raises ValueError when marks and questions do not count up, so that
    a lost answer is never taken for a wrong one.
    """
    if questions < 1 or len(marks) != questions:
        raise ValueError(f"{len(marks)} marks for {questions} questions")
    correct = sum(entry.outcome in (Outcome.CORRECT, Outcome.VOID) for entry in marks)
    return counted_result(correct, questions, pass_share, deductions)


def counted_result(correct: int, questions: int, pass_share: Fraction, deductions: Iterable[Fraction] = ()) -> PartResult:
    """The result of one part from a count of right answers (voided items among them) that was stored. Raises as `part_result`."""
    if questions < 1 or not 0 <= correct <= questions:
        raise ValueError(f"{correct} of {questions} questions cannot be right")
    _check_share(pass_share)
    counted = deduct(correct, deductions)
    share = counted / questions
    return PartResult(correct, questions, counted, share, share >= pass_share)


def deduct(correct: int | Fraction, shares: Iterable[Fraction]) -> Fraction:
    """What penalties leave of a number of right answers, or of a score.

    Each share (from 0 to 1) is taken of the full number, so two penalties add up and their order does not matter; never below 0.
    """
    taken = sum((_check_share(share) for share in shares), Fraction(0))
    return Fraction(correct) * max(Fraction(0), 1 - taken)


def _check_share(share: Fraction) -> Fraction:
    if not isinstance(share, Fraction) or not 0 <= share <= 1:
        raise ValueError(f"{share!r} is not a share from 0 to 1")
    return share


def _check_options(item: KeyedItem, chosen: tuple[str, ...]) -> None:
    unknown = sorted(set(chosen) - set(item.options))
    if unknown:
        raise InvalidAnswer("marking.unknown_option", item=item.item, option=unknown[0])
    if len(set(chosen)) != len(chosen):
        raise InvalidAnswer("marking.option_twice", item=item.item)


def _mark_single_choice(item: KeyedItem, chosen: tuple[str, ...]) -> Mark:
    if len(chosen) > 1:
        raise InvalidAnswer("marking.too_many_options", item=item.item)
    if chosen[0] in item.key:
        return Mark(item.points, Outcome.CORRECT)
    return Mark(Fraction(0), Outcome.WRONG)


_MARKERS: dict[ItemKind, Callable[[KeyedItem, tuple[str, ...]], Mark]] = {ItemKind.SINGLE_CHOICE: _mark_single_choice}
