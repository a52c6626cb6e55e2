"""A rule set as plain JSON values and back: what a campaign keeps, freezes and publishes."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from examsite.rules import canonical
from examsite.rules.policy.check import checked
from examsite.rules.policy.entries import Change, RuleEntry, Status, Value, Words
from examsite.rules.policy.schema import Kind, pattern_of, spec_of
from examsite.rules.refusal import Refused

FORMAT = "examsite rule set 1"


def dump(entries: Sequence[RuleEntry]) -> dict[str, Any]:
    """The entries as text, whole numbers, lists and mappings only (decimals and dates as text), fit for canonical JSON and its digest.

    Labels, chapter and phrases are written once for all keys of one pattern.
    """
    words = {pattern_of(entry.key): _words_out(entry) for entry in entries}
    return {"format": FORMAT, "entries": [_entry_out(entry) for entry in entries], "words": words}


def digest(entries: Sequence[RuleEntry]) -> str:
    """What is published for a frozen set: SHA-256 over the canonical bytes of its stored copy, as 64 hexadecimal digits."""
    return canonical.digest(dump(entries))


def restore(stored: Mapping[str, Any]) -> tuple[RuleEntry, ...]:
    """The entries that `dump` wrote, each value checked again; another shape is refused (`policy_copy_unreadable`)."""
    if stored.get("format") != FORMAT:
        raise Refused("policy_copy_unreadable", format=str(stored.get("format")))
    try:
        return tuple(_entry_in(entry, stored["words"][pattern_of(entry["key"])]) for entry in stored["entries"])
    except (KeyError, TypeError, ValueError, ArithmeticError) as fault:
        raise Refused("policy_copy_unreadable", fault=repr(fault)) from fault


def _words_out(entry: RuleEntry) -> dict[str, Any]:
    phrases = {name: _value_out(phrase) for name, phrase in entry.phrases}
    return {"label": _value_out(entry.label), "chapter": _value_out(entry.chapter), "phrases": phrases}


def _entry_out(entry: RuleEntry) -> dict[str, Any]:
    return {
        "key": entry.key,
        "value": _value_out(entry.value),
        "article": _value_out(entry.article),
        "status": entry.status.value,
        "since": entry.since.isoformat() if entry.since else None,
        "until": entry.until.isoformat() if entry.until else None,
        "change": _change_out(entry.change) if entry.change else None,
    }


def _change_out(change: Change) -> dict[str, Any]:
    return {"previous": _value_out(change.previous), "previous_status": change.previous_status.value, "reason": change.reason}


def _value_out(value: Value) -> Any:
    match value:
        case Words(vi, en):
            return {"vi": vi, "en": en}
        case Decimal():
            return format(value.normalize(), "f")
        case tuple():
            return list(value)
    return value


def _entry_in(stored: Mapping[str, Any], words: Mapping[str, Any]) -> RuleEntry:
    key = stored["key"]
    return RuleEntry(
        key=key,
        value=value_in(key, stored["value"]),
        label=Words(**words["label"]),
        chapter=Words(**words["chapter"]),
        article=Words(**stored["article"]),
        status=Status(stored["status"]),
        since=date.fromisoformat(stored["since"]) if stored["since"] else None,
        until=date.fromisoformat(stored["until"]) if stored["until"] else None,
        phrases=tuple((name, Words(**phrase)) for name, phrase in sorted(words["phrases"].items())),
        change=_change_in(key, stored["change"]) if stored["change"] else None,
    )


def _change_in(key: str, stored: Mapping[str, Any]) -> Change:
    return Change(value_in(key, stored["previous"]), Status(stored["previous_status"]), stored["reason"])


def value_in(key: str, stored: Any) -> Value:
    """One value that `dump` wrote, checked again; refused where it is none of its key."""
    match spec_of(key).kind:
        case Kind.NUMBER:
            return checked(key, Decimal(str(stored)))
        case Kind.WORDS:
            return checked(key, Words(**stored))
    return checked(key, stored)
