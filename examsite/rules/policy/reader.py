"""Hands out the values of a rule set by key and remembers which were asked for."""

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
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
