"""By which column a list is sorted: one word that its address carries, `name` or `-name`, and how rows and statements follow it."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, asc, case, desc

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Order:
    """`by` names a column, `descending` turns it round; `usual` is the word of the list's own order, which an address need not carry."""

    by: str = ""
    descending: bool = False
    usual: str = ""

    @classmethod
    def of(cls, asked: str, known: Container[str], usual: str = "") -> "Order":
        """The order that a word asks for; the list's own where it names no known column."""
        word = asked if asked.removeprefix("-") in known else usual
        return cls(word.removeprefix("-"), word.startswith("-"), usual)

    @property
    def word(self) -> str:
        """As an address says it."""
        return f"-{self.by}" if self.descending else self.by

    @property
    def carried(self) -> str | None:
        """What an address has to carry; None for the list's own order."""
        return None if self.word == self.usual else self.word

    def towards(self, column: str) -> str | None:
        """What the head of a column leads to: sorted by it, or the other way round where it is so already; None as in `carried`."""
        return Order(column, self.by == column and not self.descending, self.usual).carried


def in_order(things: Iterable[T], order: Order, keys: Mapping[str, Callable[[T], Any]]) -> list[T]:
    """These things as asked. What has no value (None) is last either way, equals stay as they stood, and so does all without a key."""
    key = keys.get(order.by)
    if key is None:
        return list(things)
    told = [(key(thing), thing) for thing in things]
    valued = sorted((one for one in told if one[0] is not None), key=lambda one: one[0], reverse=order.descending)
    return [thing for _value, thing in valued] + [thing for value, thing in told if value is None]


def in_sql(order: Order, columns: Mapping[str, Any], *ties: Any) -> tuple[Any, ...]:
    """ORDER BY as asked: its column with nulls last either way, then `ties`, which never turn round."""
    if order.by not in columns:
        return ties
    turned = desc(columns[order.by]) if order.descending else asc(columns[order.by])
    return (turned.nulls_last(), *ties)


def ranked(column: Any, values: Sequence[Any]) -> ColumnElement[Any]:
    """The place of a column's value among these, for an order that the database does not know; any other value comes after them."""
    return case({value: place for place, value in enumerate(values)}, value=column, else_=len(values)) if values else column
