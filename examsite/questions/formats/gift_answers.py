"""The answers of a GIFT item, between its braces: which kind they make it, and what counts as right.

Escaped signs are hidden before (see `gift`), so that every sign here has its meaning.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import NamedTuple

from examsite.questions.answer_keys import plain_number
from examsite.questions.formats import NotTaken, ReadAnswer, ReadOption
from examsite.rules.keys import ItemKind, MarkingRule

WEIGHT = re.compile(r"%(-?\d{1,3}(?:\.\d{1,7})?)%")
OPTION = re.compile(r"([=~])([^=~]*)")
TRUE_FALSE = re.compile(r"(T|TRUE|F|FALSE)\s*(#.*)?", re.DOTALL)
# The format has the dot alone before the decimals, so that nothing in it reads two ways.
DECIMAL = r"\s*([+-]?\d{1,20}(?:\.\d{1,20})?)\s*"
NUMBER = re.compile(rf"{DECIMAL}(?::{DECIMAL})?")
RANGE = re.compile(rf"{DECIMAL}\.\.{DECIMAL}")
ROUNDED = Decimal("0.1")
"""How far weights that are written with few digits may be from what they mean: three times 33.3 is 100."""


@dataclass(frozen=True)
class GiftKey:
    """What the braces say; texts still as in the file. `notes` name what was left out or changed."""

    kind: ItemKind
    options: tuple[ReadOption, ...] = ()
    rule: str = ""
    accepted: tuple[ReadAnswer, ...] = ()
    notes: tuple[str, ...] = ()


class Answer(NamedTuple):
    """One answer of the block in braces."""

    is_right: bool
    weight: str | None
    text: str
    feedback: str


def read_key(text: str, kinds: Collection[ItemKind], true_false: tuple[str, str]) -> GiftKey:
    """What the braces say; NotTaken for a kind that is not among `kinds`, before anything in it is read.

    The kind is told in the order of the format itself: essay, number, choice, pairs, true or false, short text.
    """
    answers = text.strip()
    if not answers:
        _must_be_among(ItemKind.ESSAY, kinds)
        return GiftKey(ItemKind.ESSAY)
    if answers.startswith("#"):
        _must_be_among(ItemKind.NUMERIC, kinds)
        return _number(answers[1:])
    if "~" in answers:
        return _choice(_answers(text), kinds)
    if "=" in answers and "->" in answers:
        raise NotTaken("kind_match")
    if found := TRUE_FALSE.fullmatch(answers):
        _must_be_among(ItemKind.SINGLE_CHOICE, kinds)
        return _true_false(found[1].startswith("T"), bool(found[2]), true_false)
    if not answers.startswith("="):
        raise NotTaken("answers_unreadable")
    _must_be_among(ItemKind.SHORT_TEXT, kinds)
    return _short_text(_answers(text))


def _must_be_among(kind: ItemKind, kinds: Collection[ItemKind]) -> None:
    if kind not in kinds:
        raise NotTaken(f"kind_{kind}")


def _true_false(is_true: bool, feedback: bool, words: tuple[str, str]) -> GiftKey:
    options = (ReadOption(words[0], is_true), ReadOption(words[1], not is_true))
    return GiftKey(ItemKind.SINGLE_CHOICE, options, notes=("option_feedback_left_out",) if feedback else ())


def _choice(answers: Sequence[Answer], kinds: Collection[ItemKind]) -> GiftKey:
    if any(answer.is_right for answer in answers):
        _must_be_among(ItemKind.SINGLE_CHOICE, kinds)
        options = tuple(ReadOption(answer.text, answer.is_right) for answer in answers)
        return GiftKey(ItemKind.SINGLE_CHOICE, options, notes=_notes(answers))
    if not any(answer.weight is not None for answer in answers):
        raise NotTaken("key_missing")
    _must_be_among(ItemKind.MULTIPLE_RESPONSE, kinds)
    return _several(answers)


def _several(answers: Sequence[Answer]) -> GiftKey:
    """Right options share the mark in equal parts; what wrong ones take away follows from the rule."""
    weights = [Decimal(answer.weight or 0) for answer in answers]
    right = [weight for weight in weights if weight > 0]
    if not right or abs(sum(right, Decimal(0)) - 100) > ROUNDED * len(right) or max(right) - min(right) > ROUNDED:
        raise NotTaken("weights_unequal")
    options = tuple(ReadOption(answer.text, weight > 0) for answer, weight in zip(answers, weights, strict=True))
    notes = _feedback_note(answers)
    if any(abs(weight + right[0]) > ROUNDED for weight in weights if weight <= 0):
        notes = ("wrong_weights_by_rule", *notes)
    return GiftKey(ItemKind.MULTIPLE_RESPONSE, options, MarkingRule.PARTIAL, notes=notes)


def _short_text(answers: Sequence[Answer]) -> GiftKey:
    right = [answer for answer in answers if answer.is_right]
    if not right:
        raise NotTaken("key_missing")
    if any("*" in answer.text for answer in right):
        raise NotTaken("wildcard")
    return GiftKey(ItemKind.SHORT_TEXT, accepted=tuple(ReadAnswer(answer.text) for answer in right), notes=_notes(answers))


def _number(text: str) -> GiftKey:
    answers = _answers(text) if text.lstrip().startswith("=") else [_answer("=", text)]
    right = [answer for answer in answers if answer.is_right]
    if not right:
        raise NotTaken("key_missing")
    return GiftKey(ItemKind.NUMERIC, accepted=tuple(_accepted_number(answer.text) for answer in right), notes=_notes(answers))


def _accepted_number(text: str) -> ReadAnswer:
    """`3.14:0.01`, `3..4` or `3`."""
    with localcontext(prec=60):
        if found := RANGE.fullmatch(text):
            low, high = Decimal(found[1]), Decimal(found[2])
            if low > high:
                raise NotTaken("number_unreadable", found=text.strip()[:60])
            return ReadAnswer(plain_number((low + high) / 2), (high - low) / 2)
        if found := NUMBER.fullmatch(text):
            return ReadAnswer(plain_number(Decimal(found[1])), Decimal(found[2] or 0))
    raise NotTaken("number_unreadable", found=text.strip()[:60])


def _answers(text: str) -> list[Answer]:
    if text.lstrip()[:1] not in ("=", "~"):
        raise NotTaken("answers_unreadable")
    return [_answer(sign, body) for sign, body in OPTION.findall(text)]


def _answer(sign: str, body: str) -> Answer:
    words, _, feedback = body.strip().partition("#")
    weight = None
    if words.startswith("%"):
        match = WEIGHT.match(words)
        if match is None:
            raise NotTaken("weight_unreadable")
        weight, words = match[1], words[match.end() :]
    full = weight is None or Decimal(weight) == 100
    return Answer(sign == "=" and full, weight, words.strip(), feedback.strip())


def _notes(answers: Sequence[Answer]) -> tuple[str, ...]:
    part_marks = any(answer.weight is not None and not answer.is_right for answer in answers)
    return (*(("partial_credit_left_out",) if part_marks else ()), *_feedback_note(answers))


def _feedback_note(answers: Sequence[Answer]) -> tuple[str, ...]:
    return ("option_feedback_left_out",) if any(answer.feedback for answer in answers) else ()
