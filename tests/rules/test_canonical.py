import json
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from fractions import Fraction
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examsite.rules import canonical

HANOI = timezone(timedelta(hours=7))


class Colour(StrEnum):
    RED = "red"


class Number(IntEnum):
    ONE = 1


class Mixed(str, Enum):  # noqa: UP042 - not a StrEnum is what is refused
    A = "a"


class Pair(NamedTuple):
    left: int
    right: int


class Name(str):
    __slots__ = ()


@dataclass(frozen=True)
class Seat:
    room: str
    row: int


@dataclass
class Loose:
    room: str


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "null"),
        (True, "true"),
        (1, "1"),
        (-(10**30), "-1000000000000000000000000000000"),
        ("", '""'),
        ('"\\/\n\x1f\x7f', '"\\"\\\\/\\n\\u001f\x7f"'),
        ("Nguye\u0302\u0303n", '"Nguy\u1ec5n"'),
        ([], "[]"),
        ((1, [2]), "[1,[2]]"),
        ({"b": 1, "a": {"d": None, "c": ()}}, '{"a":{"c":[],"d":null},"b":1}'),
        ({"\U0001f600": 1, "\uffee": 2}, '{"\uffee":2,"\U0001f600":1}'),
        (Decimal("1.0"), '"1"'),
        (Decimal("1.00"), '"1"'),
        (Decimal("100"), '"100"'),
        (Decimal("1E+2"), '"100"'),
        (Decimal("-0.050"), '"-0.05"'),
        (Decimal("-0.00"), '"0"'),
        (Decimal("0E+3"), '"0"'),
        (Fraction(2, 4), '"1/2"'),
        (Fraction(3), '"3/1"'),
        (datetime(2026, 3, 1, 9, 0, tzinfo=HANOI), '"2026-03-01T02:00:00.000000Z"'),
        (datetime(2026, 3, 1, 2, 0, 0, 5, tzinfo=UTC), '"2026-03-01T02:00:00.000005Z"'),
        (date(2026, 3, 1), '"2026-03-01"'),
        (Colour.RED, '"red"'),
        (Seat("A1", 3), '{"room":"A1","row":3}'),
        ({Colour.RED: [Seat("A1", 3)]}, '{"red":[{"room":"A1","row":3}]}'),
    ],
)
def test_bytes_of_each_type(value: object, expected: str) -> None:
    assert canonical.to_bytes(value) == expected.encode()


def test_digits_beyond_the_decimal_context_are_kept() -> None:
    long = "1." + "3" * 60
    assert canonical.to_bytes(Decimal(long + "0")) == f'"{long}"'.encode()


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        {"a": [0.5]},
        datetime(2026, 3, 1),  # noqa: DTZ001 - a naive moment is what is refused
        b"bytes",
        {1, 2},
        {1: "a"},
        {None: "a"},
        Loose("A1"),
        Seat,
        Number.ONE,
        Mixed.A,
        Pair(1, 2),
        Name("a"),
        object(),
        1j,
    ],
)
def test_other_types_are_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical.to_bytes(value)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (Decimal("NaN"), "not a finite decimal"),
        (Decimal("Infinity"), "not a finite decimal"),
        ({"\u00e9": 1, "e\u0301": 2}, "stands twice"),
        ("\ud800", "surrogates not allowed"),
    ],
)
def test_values_without_a_form_are_refused(value: object, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        canonical.to_bytes(value)


def test_digest_is_sha256_of_the_bytes() -> None:
    assert canonical.digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    assert canonical.digest_bytes(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


NFC_TEXT = st.text(max_size=6).map(lambda text: unicodedata.normalize("NFC", text))
SHAPES = st.recursive(
    st.none() | st.booleans() | st.integers() | NFC_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NFC_TEXT, inner, max_size=4),
    max_leaves=8,
)


def typed(value: object) -> object:
    """`value` with its types, because Python takes True and 1 for equal."""
    if isinstance(value, list):
        return [typed(entry) for entry in value]
    if isinstance(value, dict):
        return {key: typed(entry) for key, entry in value.items()}
    return type(value), value


@given(SHAPES)
def test_no_two_values_share_their_bytes_since_each_can_be_read_back(value: object) -> None:
    assert typed(json.loads(canonical.to_bytes(value))) == typed(value)


@given(st.dictionaries(NFC_TEXT, st.integers(), max_size=6), st.data())
def test_order_of_keys_does_not_matter(value: dict[str, int], data: st.DataObject) -> None:
    keys = data.draw(st.permutations(list(value)))
    assert canonical.to_bytes({key: value[key] for key in keys}) == canonical.to_bytes(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-1000, max_value=1000), st.integers(0, 5))
def test_equal_decimals_give_equal_bytes_and_keep_their_value(value: Decimal, zeros: int) -> None:
    longer = value.quantize(Decimal(1).scaleb(-4 - zeros))
    assert canonical.to_bytes(longer) == canonical.to_bytes(value)
    assert Decimal(json.loads(canonical.to_bytes(value))) == value


@pytest.mark.parametrize(
    "value",
    [{"a": Decimal("1.50"), "b": [Fraction(1, 3), Colour.RED]}, [Seat("A1", 3), datetime(2026, 3, 1, tzinfo=UTC), "e\u0301"]],
)
def test_stored_json_gives_the_bytes_of_the_typed_value(value: object) -> None:
    assert canonical.to_bytes(json.loads(canonical.to_bytes(value))) == canonical.to_bytes(value)
