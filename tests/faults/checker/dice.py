"""Chance from a seed: the same seed gives every candidate the same choices again."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A stream of numbers of its own for each set of names."""

    def __init__(self, *names: object) -> None:
        self._name = "/".join(map(str, names))
        self._thrown = 0

    def below(self, limit: int) -> int:
        """A number from 0 to `limit` - 1; the bias of the remainder is far below anything that matters here."""
        self._thrown += 1
        digest = hashlib.sha256(f"{self._name}/{self._thrown}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % limit

    def pick(self, choices: Sequence[T]) -> T:
        """One of `choices`."""
        return choices[self.below(len(choices))]

    def weighed(self, weights: dict[T, int]) -> T:
        """One of the keys, as often as its weight says."""
        left = self.below(sum(weights.values()))
        for choice, weight in weights.items():
            left -= weight
            if left < 0:
                return choice
        raise AssertionError("the weights add up")
