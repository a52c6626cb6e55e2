"""The answers that an item accepts, made fit to be kept: options with their key, short texts, numbers. Knows no database."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from examsite import richtext
from examsite.questions.plain import as_plain
from examsite.rules.keys import ItemKind, MarkingRule
from examsite.rules.refusal import Refused
from examsite.rules.typed import normal_text, read_number, reads_two_ways
from examsite.vietnamese import tidy

FEWEST_OPTIONS, MOST_OPTIONS = 2, 6
FEWEST_KEYS = 2
MOST_ACCEPTED = 20
LONGEST_ACCEPTED = 500
TOLERANCE = re.compile(r"\s*(?:±|\+/-|\+-)\s*")


@dataclass(frozen=True)
class Choice:
    """One option as rich text; `option_id` is the one it already has, or empty."""

    text: str
    is_key: bool = False
    option_id: str = ""


@dataclass(frozen=True)
class Accepted:
    """A typed answer that counts as right: a short text, or a number (as typed `3,14 ± 0,01`; kept `3.14` with its tolerance)."""

    text: str
    tolerance: Decimal | None = None


@dataclass(frozen=True)
class AnswerKey:
    """What counts as right; a kind leaves empty what it does not have. `rule` is that of multiple response."""

    options: tuple[Choice, ...] = ()
    rule: str = ""
    accepted: tuple[Accepted, ...] = ()
    case_matters: bool = False


def plain_number(number: Decimal) -> str:
    """A number in plain decimal form, with one 0 more at its end where it would read two ways."""
    plain = f"{number:f}"
    return plain + "0" if reads_two_ways(plain) else plain


def checked_key(kind: str, key: AnswerKey) -> AnswerKey:
    """The key with what its kind has and nothing else, or Refused with the field it is about: options, key, rule or accepted."""
    return _CHECKS[ItemKind(kind)](key)


def _single_choice(key: AnswerKey) -> AnswerKey:
    _check_options(key.options)
    right = sum(option.is_key for option in key.options)
    if right != 1:
        raise Refused("questions.one_key", field="key", count=right)
    return AnswerKey(options=key.options)


def _multiple_response(key: AnswerKey) -> AnswerKey:
    _check_options(key.options)
    right = sum(option.is_key for option in key.options)
    if not FEWEST_KEYS <= right < len(key.options):
        raise Refused("questions.several_keys", field="key", least=FEWEST_KEYS)
    if key.rule not in list(MarkingRule):
        raise Refused("questions.rule_missing", field="rule")
    return AnswerKey(options=key.options, rule=key.rule)


def _short_text(key: AnswerKey) -> AnswerKey:
    texts = tuple(Accepted(text) for accepted in key.accepted if (text := tidy(accepted.text)))
    _check_accepted([normal_text(accepted.text, case_matters=key.case_matters) for accepted in texts], texts)
    return AnswerKey(accepted=texts, case_matters=key.case_matters)


def _numeric(key: AnswerKey) -> AnswerKey:
    numbers = tuple(_number(accepted) for accepted in key.accepted if accepted.text.strip())
    _check_accepted([f"{Decimal(accepted.text).normalize():f}" for accepted in numbers], numbers)
    return AnswerKey(accepted=numbers)


def _essay(key: AnswerKey) -> AnswerKey:  # noqa: ARG001 - it has none
    return AnswerKey()


_CHECKS: dict[ItemKind, Callable[[AnswerKey], AnswerKey]] = {
    ItemKind.SINGLE_CHOICE: _single_choice,
    ItemKind.MULTIPLE_RESPONSE: _multiple_response,
    ItemKind.SHORT_TEXT: _short_text,
    ItemKind.NUMERIC: _numeric,
    ItemKind.ESSAY: _essay,
}


def _check_options(options: Sequence[Choice]) -> None:
    if any(richtext.is_blank(option.text) for option in options):
        raise Refused("questions.option_blank", field="options")
    if len(options) < FEWEST_OPTIONS:
        raise Refused("questions.options_few", field="options", least=FEWEST_OPTIONS, count=len(options))
    if len(options) > MOST_OPTIONS:
        raise Refused("questions.options_many", field="options", most=MOST_OPTIONS, count=len(options))
    if len({richtext.to_text(option.text) if as_plain(option.text) is not None else option.text for option in options}) < len(options):
        raise Refused("questions.options_alike", field="options")


def _check_accepted(normal: Sequence[str], accepted: Sequence[Accepted]) -> None:
    if not accepted:
        raise Refused("questions.accepted_missing", field="accepted")
    if len(accepted) > MOST_ACCEPTED:
        raise Refused("questions.accepted_many", field="accepted", most=MOST_ACCEPTED, count=len(accepted))
    longest = max(len(one.text) for one in accepted)
    if longest > LONGEST_ACCEPTED:
        raise Refused("questions.too_long", field="accepted", longest=LONGEST_ACCEPTED, length=longest)
    if len(set(normal)) < len(normal):
        raise Refused("questions.accepted_twice", field="accepted")


def _number(accepted: Accepted) -> Accepted:
    """The number in plain decimal form, never one that reads two ways, with its tolerance."""
    typed, *more = TOLERANCE.split(accepted.text.strip(), maxsplit=1)
    tolerance = _read(more[0]) if more else accepted.tolerance or Decimal(0)
    if tolerance < 0:
        raise Refused("questions.tolerance_negative", field="accepted")
    return replace(accepted, text=plain_number(_read(typed)), tolerance=tolerance)


def _read(typed: str) -> Decimal:
    if reads_two_ways(typed):
        raise Refused("questions.number_two_ways", field="accepted", typed=typed, whole=re.sub("[.,]", "", typed), fraction=f"{typed}0")
    try:
        return read_number(typed)
    except Refused as fault:
        raise Refused(fault.code.replace("marking.", "questions."), field="accepted", typed=typed[:60]) from fault
