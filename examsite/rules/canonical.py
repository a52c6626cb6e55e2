"""The one way from values to bytes and digest: canonical JSON.

The bytes are JSON in UTF-8 without white space. Object keys are text and stand in the order of their code points. Texts are in
Unicode normal form C; inside them only `"`, `\\` and the control characters below U+0020 are escaped (`\\b \\t \\n \\f \\r`, the others as
`\\u00xx` with small letters). Numbers are whole. Everything else that a rule may hold becomes text or an object:

=================  ==========================================================  ======================================
Decimal            plain digits, no exponent, no trailing zeros, no minus zero  1.0 and 1.00 -> "1"; 0E+3 -> "0"
Fraction           lowest terms, always with a denominator                      2/4 -> "1/2"; 3 -> "3/1"
aware datetime     UTC with six digits of a second                              "2026-03-01T02:00:00.000000Z"
date               ISO                                                          "2026-03-01"
StrEnum            its value
frozen dataclass   an object of its fields
=================  ==========================================================  ======================================

A text and a typed value of the same writing give the same bytes: which of the two stands in a field is said by the field's name. So
`to_bytes(json.loads(to_bytes(value))) == to_bytes(value)`, and stored JSON can be checked without knowing the types.
"""

import hashlib
import json
import unicodedata
from collections.abc import Hashable
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import Any, cast


def to_bytes(value: object) -> bytes:
    """Canonical bytes of `value`.

    Raises TypeError for a float, a naive datetime, a key that is not text, a dataclass that is not frozen and any type not named
    above; ValueError for a decimal that is not finite, keys that become equal in normal form C, and text that is not valid Unicode.
    """
    text = json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def digest(value: object) -> str:
    """SHA-256 over the canonical bytes of `value`, as 64 hexadecimal digits; errors as `to_bytes`."""
    return digest_bytes(to_bytes(value))


def digest_bytes(data: bytes) -> str:
    """SHA-256 over `data`, as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def _plain(value: object) -> object:
    """`value` in the types of JSON. Subclasses are refused by comparing types exactly: their text could differ from their content."""
    if type(value) is str:  # most of what there is, and a draw has hundreds of thousands
        return unicodedata.normalize("NFC", value)
    if value is None or type(value) in (bool, int):
        return value
    if type(value) in (list, tuple):
        return [_plain(entry) for entry in cast("list[object]", value)]
    if type(value) is dict:
        return _object(cast("dict[object, object]", value))
    if is_dataclass(value) and not isinstance(value, type):
        return _record(value)
    return _text(value)


def _object(value: dict[object, object]) -> dict[str, object]:
    plain: dict[str, object] = {}
    for key, entry in value.items():
        if not isinstance(key, str):
            raise TypeError(f"the key {key!r} is not text")
        name = _text(key)
        if name in plain:
            raise ValueError(f"the key {name!r} stands twice in normal form C")
        plain[name] = _plain(entry)
    return plain


def _record(value: Any) -> dict[str, object]:
    return {name: _plain(getattr(value, name)) for name in _names(cast("Hashable", type(value)))}


@cache
def _names(record: Any) -> tuple[str, ...]:
    """The fields of a frozen dataclass."""
    if not record.__dataclass_params__.frozen:
        raise TypeError(f"{record.__name__} is not frozen")
    return tuple(field.name for field in fields(record))


def _text(value: object) -> str:
    if type(value) is str:
        return unicodedata.normalize("NFC", value)
    if isinstance(value, StrEnum):
        return unicodedata.normalize("NFC", value.value)
    if type(value) is Decimal:
        return _decimal(value)
    if type(value) is Fraction:
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, datetime):
        return _moment(value)
    if type(value) is date:
        return value.isoformat()
    raise TypeError(f"{value!r} of type {type(value).__name__} has no canonical form")


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError(f"{value} is not a finite decimal")
    if not value:
        return "0"
    digits = format(value, "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _moment(value: datetime) -> str:
    if value.utcoffset() is None:
        raise TypeError(f"{value!r} is a moment without a time zone")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
