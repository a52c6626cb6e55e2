"""Hands out the values of a rule set by key and remembers which were asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TypeVar

from examsite.rules.policy.entries import Value, Words
from examsite.rules.refusal import Refused

T = TypeVar("T")


@dataclass(slots=True)
class Reader:
    """Checked values by key; a value that is missing is refused (`policy_key_missing`)."""

    values: dict[str, Value]
    used: set[str] = field(default_factory=set)

    def _take(self, key: str, wanted: type[T]) -> T:
        if key not in self.values:
            raise Refused("policy_key_missing", field=key, key=key)
        self.used.add(key)
        value = self.values[key]
        if not isinstance(value, wanted):  # the schema and the reader disagree: a fault of the program
            raise TypeError(key)
        return value

    def has(self, key: str) -> bool:
        return key in self.values

    def whole(self, key: str) -> int:
        return self._take(key, int)

    def whole_or(self, key: str, otherwise: int) -> int:
        """A value that a set may leave out."""
        return self.whole(key) if self.has(key) else otherwise

    def number(self, key: str) -> Decimal:
        return self._take(key, Decimal)

    def share(self, key: str) -> Fraction:
        return Fraction(self.whole(key), 100)

    def yes(self, key: str) -> bool:
        return self._take(key, bool)

    def text(self, key: str) -> str:
        return self._take(key, str)

    def words(self, key: str) -> Words:
        return self._take(key, Words)

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(str(item) for item in self._take(key, tuple))

    def wholes(self, key: str) -> tuple[int, ...]:
        return tuple(int(item) for item in self._take(key, tuple))

    def unread(self) -> list[str]:
        return sorted(self.values.keys() - self.used)


def some(key: str, items: tuple[T, ...]) -> tuple[T, ...]:
    """The items of a list that may not be empty; refused (`policy_list_empty`) where it is."""
    if not items:
        raise Refused("policy_list_empty", field=key, key=key)
    return items


def known(key: str, named: Sequence[str], among: Sequence[str]) -> None:
    """Refused (`policy_names_unknown`) where a list names what another list does not have."""
    for name in named:
        if name not in among:
            raise Refused("policy_names_unknown", field=key, key=key, name=name)


def ascending(key: str, ids: Sequence[str], starts: Sequence[int | Decimal]) -> None:
    """Refused (`policy_bands_order`) where a band starts no higher than the one before it; `key` has its id at `{}`."""
    for (_, before), (band, start) in pairwise(zip(ids, starts, strict=True)):
        if start <= before:
            name = key.format(band)
            raise Refused("policy_bands_order", field=name, key=name, value=start, above=before)
