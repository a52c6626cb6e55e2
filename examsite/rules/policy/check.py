"""Whether one value may stand under its key: exact type, bounds, choices."""

import re
from decimal import Decimal
from typing import Final, TypeVar

from examsite.rules.policy.entries import Value, Words
from examsite.rules.policy.schema import TIE_DECIDERS, TIE_STEPS, Kind, Spec, spec_of
from examsite.rules.refusal import Refused

ID: Final = re.compile(r"[a-z][a-z0-9_]*")
SET_ID: Final = re.compile(r"[a-z][a-z0-9-]*")
_WHOLE: Final = re.compile(r"[0-9]{1,9}")
_NUMBER: Final = re.compile(r"[0-9]{1,9}([.,][0-9]{1,9})?")

T = TypeVar("T")
N = TypeVar("N", int, Decimal)


def checked(key: str, value: object) -> Value:
    """The value in its exact type.

    Refused: `policy_key_unknown`, `policy_value_kind` (also for every float), `policy_value_range`, `policy_value_choice`,
    `policy_value_twice` (the same item twice in a list), `policy_value_empty`.
    """
    spec = spec_of(key)
    match spec.kind:
        case Kind.YES_NO:
            return _of_type(key, value, bool)
        case Kind.WHOLE:
            return _within(key, _of_type(key, value, int), spec)
        case Kind.NUMBER:
            return _within(key, _number_of(key, value), spec)
        case Kind.WORDS:
            return _words_of(key, value)
        case Kind.NAME:
            return _matching(key, value, SET_ID)
        case Kind.CHOICE:
            return _one_of(key, value, spec.options)
    return _list_of(key, value, spec)


def value_from_text(key: str, text: str) -> Value:
    """Read what a person typed for this key, then check it: yes or no, decimal comma or point, items of a list between commas.

    A text in two languages cannot be typed as one text: it is refused (`policy_value_kind`) and given to `checked` as `Words`.
    """
    kind, text = spec_of(key).kind, text.strip()
    match kind:
        case Kind.YES_NO:
            return checked(key, {"yes": True, "no": False}.get(text))
        case Kind.WHOLE:
            return checked(key, _typed_whole(text))
        case Kind.NUMBER:
            return checked(key, Decimal(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None)
        case Kind.NAME | Kind.CHOICE | Kind.WORDS:
            return checked(key, text)
    items = [item.strip() for item in text.split(",") if item.strip()]
    return checked(key, tuple(map(_typed_whole, items)) if kind is Kind.WHOLES else tuple(items))


def _typed_whole(text: str) -> int | None:
    return int(text) if _WHOLE.fullmatch(text) else None


def _wrong_kind(key: str) -> Refused:
    return Refused("policy_value_kind", field=key, key=key, kind=spec_of(key).kind.value)


def _of_type(key: str, value: object, wanted: type[T]) -> T:
    # `type() is`: True must not pass for the number 1
    if type(value) is not wanted:
        raise _wrong_kind(key)
    return value


def _number_of(key: str, value: object) -> Decimal:
    number = Decimal(value) if type(value) is int else _of_type(key, value, Decimal)
    if not number.is_finite():
        raise _wrong_kind(key)
    return number


def _within(key: str, number: N, spec: Spec) -> N:
    if not spec.low <= number <= spec.high:
        raise Refused("policy_value_range", field=key, key=key, low=spec.low, high=spec.high, value=number)
    return number


def _words_of(key: str, value: object) -> Words:
    words = _of_type(key, value, Words)
    if not (words.vi.strip() and words.en.strip()):
        raise Refused("policy_value_empty", field=key, key=key)
    return words


def _matching(key: str, value: object, pattern: re.Pattern[str]) -> str:
    text = _of_type(key, value, str)
    if not pattern.fullmatch(text):
        raise _wrong_kind(key)
    return text


def _one_of(key: str, value: object, options: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in options:
        raise Refused("policy_value_choice", field=key, key=key, value=str(value), options=options)
    return str(value)


def _list_of(key: str, value: object, spec: Spec) -> tuple[str, ...] | tuple[int, ...]:
    items = tuple(value) if isinstance(value, list | tuple) else None
    if items is None:
        raise _wrong_kind(key)
    if len(set(items)) != len(items):
        raise Refused("policy_value_twice", field=key, key=key)
    match spec.kind:
        case Kind.WHOLES:
            return tuple(_within(key, _of_type(key, item, int), spec) for item in items)
        case Kind.IDS:
            return tuple(_matching(key, item, ID) for item in items)
        case Kind.STEPS:
            return tuple(_step_of(key, item) for item in items)
    return tuple(_one_of(key, item, spec.options) for item in items)


def _step_of(key: str, item: object) -> str:
    """A tie step: a bare name, or one with what it looks at, `component:defence`, `decision:council`."""
    name, _, argument = _of_type(key, item, str).partition(":")
    _one_of(key, name, tuple(TIE_STEPS))
    if name == "decision":
        _one_of(key, argument, TIE_DECIDERS)
    elif bool(argument) != TIE_STEPS[name]:
        raise _wrong_kind(key)
    return str(item)
