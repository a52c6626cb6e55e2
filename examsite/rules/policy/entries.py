"""One rule of a rule set: a value with its key, article, dates, status and words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from examsite.rules.refusal import Refused


class Status(StrEnum):
    """How far a value is vouched for; ASSUMED where no source gives one."""

    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages."""

    vi: str
    en: str


Value = bool | int | Decimal | str | Words | tuple[str, ...] | tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What a campaign replaced, and why; the first value is kept however often it is changed."""

    previous: Value
    previous_status: Status
    reason: str


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """One value of a rule set, complete enough to be explained without anything beside it.

    `phrases` turn the value into words: the phrase named `value` is a template for numbers and lists ("{value} phút"), every
    other name is one of the choices. `chapter` is the heading under which the value is explained.
    """

    key: str
    value: Value
    label: Words
    chapter: Words
    article: Words
    status: Status
    since: date | None = None
    until: date | None = None
    phrases: tuple[tuple[str, Words], ...] = ()
    change: Change | None = None


def by_key(entries: Iterable[RuleEntry]) -> dict[str, RuleEntry]:
    """Index the entries; a key defined twice is refused (`policy_key_twice`)."""
    found: dict[str, RuleEntry] = {}
    for entry in entries:
        if entry.key in found:
            raise Refused("policy_key_twice", field=entry.key, key=entry.key)
        found[entry.key] = entry
    return found


def entry_of(entries: Sequence[RuleEntry], key: str) -> RuleEntry:
    """The entry with this key, or refused (`policy_key_missing`)."""
    for entry in entries:
        if entry.key == key:
            return entry
    raise Refused("policy_key_missing", field=key, key=key)
