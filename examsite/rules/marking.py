"""Answer + key -> marks of machine-marked items, and the result of a part.

A part is passed by a share of its *questions* answered right, compared exactly: 15 of 30 passes at one half (Decree 138/2020/ND-CP,
article 9). A question is answered right by full points alone: a part of an item's points is kept, and the question does not count as
right. Deductions for misconduct are taken off the right answers before that comparison (Circular 17/2023/TT-BNV, article 5).
Numbers of a rule set come in as arguments; nothing here is rounded.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from examsite.rules.keys import CHOOSING, AcceptedNumber, ItemKind, KeyedItem, MarkingRule
from examsite.rules.refusal import Refused
from examsite.rules.typed import is_blank, read_number

__all__ = [
    "AcceptedNumber",
    "Answer",
    "ExemptResult",
    "InvalidAnswer",
    "ItemKind",
    "KeyedItem",
    "Mark",
    "MarkingRule",
    "Outcome",
    "PartResult",
    "UnmarkedResult",
    "counted_result",
    "deduct",
    "mark",
    "part_result",
    "total_points",
]


class Outcome(StrEnum):
    """What an answer came to."""

    CORRECT = "correct"
    PARTIAL = "partial"
    """Some of the points, not all of them: the question is not answered right."""
    WRONG = "wrong"
    BLANK = "blank"
    VOID = "void"
    """The item was withdrawn after the exam: everyone gets its full points, whatever they answered."""
    UNMARKED = "unmarked"
    """No machine marks this kind, not even where nothing was written: its points are not known yet, and they are not 0."""


class InvalidAnswer(Refused):
    """An answer that this item cannot have (an option it does not own, two options for one): a fault to look into, never a wrong answer."""


@dataclass(frozen=True)
class Answer:
    """What a candidate chose, by option id, never by position, or typed. Neither options nor words: nothing was answered."""

    options: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Mark:
    """The points of one item, and why. The points of an unmarked one are those it has so far: none."""

    points: Fraction
    outcome: Outcome


@dataclass(frozen=True)
class PartResult:
    """A part that was sat. `correct` counts right answers and voided items; `counted` is what deductions left of them;
    `share` = `counted` / `questions`, which is what the pass share was compared with. `sanctions` names what was deducted for."""

    correct: int
    questions: int
    counted: Fraction
    share: Fraction
    passed: bool
    sanctions: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnmarkedResult:
    """A part whose result a machine alone cannot know: `unmarked` answers wait for their markers. There are no figures to show."""

    unmarked: int


@dataclass(frozen=True)
class ExemptResult:
    """A part passed by exemption: there are no figures, and none may be shown or added."""

    @property
    def passed(self) -> bool:
        return True


# At the deadline hundreds of papers are marked in one second, so what is equal is made once.
_ALL, _NONE, _NO_ANSWER = Fraction(1), Fraction(0), Answer()
_BLANK, _WRONG, _UNMARKED = (Mark(_NONE, outcome) for outcome in (Outcome.BLANK, Outcome.WRONG, Outcome.UNMARKED))


def mark(item: KeyedItem, answer: Answer | None) -> Mark:
    """The mark of one item; `answer` None, or without options and words, is blank.

    Raises InvalidAnswer for an option id that is not one of the item's, also where the item is void, for more options than its
    kind takes, and for words where options are asked for, or the other way round.
    """
    given = answer or _NO_ANSWER
    _check(item, given)
    if item.void:
        return Mark(item.points, Outcome.VOID)
    if item.kind is ItemKind.ESSAY:
        return _UNMARKED
    if not given.options and is_blank(given.text):
        return _BLANK
    return _mark_of(item, _SHARES[item.kind](item, given))


def total_points(marks: Iterable[Mark]) -> Fraction:
    """The exact sum of the points of all items; whole points, which nearly all are, are added as whole numbers."""
    whole, parts = 0, Fraction(0)
    for entry in marks:
        if entry.points.denominator == 1:
            whole += entry.points.numerator
        else:
            parts += entry.points
    return whole + parts


def part_result(
    marks: Sequence[Mark], questions: int, pass_share: Fraction, deductions: Iterable[Fraction] = ()
) -> PartResult | UnmarkedResult:
    """The result of one part, or that it has none yet: `marks` holds one entry a question of the paper, blanks included.

    `pass_share` and each of `deductions` are shares from 0 to 1. Raises ValueError when marks and questions do not count up, so that
    a lost answer is never taken for a wrong one.
    """
    if questions < 1 or len(marks) != questions:
        raise ValueError(f"{len(marks)} marks for {questions} questions")
    if unmarked := sum(entry.outcome is Outcome.UNMARKED for entry in marks):
        return UnmarkedResult(unmarked)
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


def _check(item: KeyedItem, answer: Answer) -> None:
    if (answer.text and item.kind in CHOOSING) or (answer.options and item.kind not in CHOOSING):
        raise InvalidAnswer("marking.other_kind", item=item.item)
    if unknown := [option for option in answer.options if option not in item.options]:
        raise InvalidAnswer("marking.unknown_option", item=item.item, option=min(unknown))
    if len(answer.options) > 1 and len(set(answer.options)) != len(answer.options):
        raise InvalidAnswer("marking.option_twice", item=item.item)


def _mark_of(item: KeyedItem, share: Fraction) -> Mark:
    if share == 1:
        return Mark(item.points, Outcome.CORRECT)
    return Mark(item.points * share, Outcome.PARTIAL) if share else _WRONG


def _all_or_none(right: bool) -> Fraction:
    return _ALL if right else _NONE


def _share_of_single_choice(item: KeyedItem, answer: Answer) -> Fraction:
    if len(answer.options) > 1:
        raise InvalidAnswer("marking.too_many_options", item=item.item)
    return _all_or_none(answer.options[0] in item.key)


def _share_of_multiple_response(item: KeyedItem, answer: Answer) -> Fraction:
    chosen = set(answer.options)
    if item.rule is MarkingRule.ALL_OR_NOTHING or chosen == set(item.options):
        return _all_or_none(chosen == item.key)
    right, wrong = len(chosen & item.key), len(chosen - item.key)
    return Fraction(max(0, right - wrong), len(item.key))


def _share_of_short_text(item: KeyedItem, answer: Answer) -> Fraction:
    return _all_or_none(item.takes_text(answer.text))


def _share_of_numeric(item: KeyedItem, answer: Answer) -> Fraction:
    """What cannot be read as one number is no right one; the page said so while it was typed."""
    try:
        number = read_number(answer.text)
    except Refused:
        return _NONE
    return _all_or_none(any(accepted.takes(number) for accepted in item.numbers))


_SHARES: dict[ItemKind, Callable[[KeyedItem, Answer], Fraction]] = {
    ItemKind.SINGLE_CHOICE: _share_of_single_choice,
    ItemKind.MULTIPLE_RESPONSE: _share_of_multiple_response,
    ItemKind.SHORT_TEXT: _share_of_short_text,
    ItemKind.NUMERIC: _share_of_numeric,
}
