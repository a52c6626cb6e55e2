"""A rule set in words, chapter by chapter, for a reader who knows no key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from examsite.rules.policy.entries import RuleEntry, Status, Value, Words, by_key
from examsite.rules.policy.schema import Kind, spec_of
from examsite.rules.policy.stored import value_in
from examsite.rules.refusal import Refused

NOTHING = Words("không có", "none")


@dataclass(frozen=True, slots=True)
class Row:
    """One value as a line of a page: what it is about, what it is, what it says, whose word it is."""

    key: str
    subject: Words | None
    label: Words
    value: Words
    article: Words
    status: Status
    since: date | None
    until: date | None
    previous: Words | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Chapter:
    title: Words
    rows: tuple[Row, ...]


def explain(entries: Sequence[RuleEntry]) -> tuple[Chapter, ...]:
    """All entries as rows under their chapters, both in the order in which they first stand; names of things are told by their id's row."""
    index = by_key(entries)
    titles = dict.fromkeys(entry.chapter for entry in entries)
    return tuple(Chapter(title, tuple(_row(entry, index) for entry in entries if entry.chapter == title)) for title in titles)


def _row(entry: RuleEntry, index: Mapping[str, RuleEntry]) -> Row:
    return Row(
        key=entry.key,
        subject=_subject(entry.key, index),
        label=entry.label,
        value=in_words(entry, entry.value, index),
        article=entry.article,
        status=entry.status,
        since=entry.since,
        until=entry.until,
        previous=in_words(entry, entry.change.previous, index) if entry.change else None,
        reason=entry.change.reason if entry.change else None,
    )


def _subject(key: str, index: Mapping[str, RuleEntry]) -> Words | None:
    """The name of what the key is about: the part, the component, and within it the level; none beside the name itself."""
    room, *ids, last = key.split(".")
    if not ids or last == "name":
        return None
    names = [_name(room, ids[0], index)] + [_name("levels", level, index) for level in ids[1:]]
    return Words(", ".join(name.vi for name in names), ", ".join(name.en for name in names))


def _name(room: str, item: str, index: Mapping[str, RuleEntry]) -> Words:
    """The name of an id; the id itself where it has none any more (it was taken out of its list)."""
    entry = index.get(f"{room}.{item}.name")
    return entry.value if entry is not None and isinstance(entry.value, Words) else Words(item, item)


def in_words(entry: RuleEntry, value: Value, index: Mapping[str, RuleEntry]) -> Words:
    """The value of this entry as a lay reader says it: with its unit, its choices by name, decimals with the comma of the language."""
    phrases = dict(entry.phrases)
    match value:
        case Words():
            return value
        case bool():
            return phrases["yes" if value else "no"]
        case int() | Decimal():
            return _number(value, phrases)
        case str():
            return phrases.get(value, Words(value, value))
    items = [_item(entry.key, item, phrases, index) for item in value]
    return _filled(phrases, Words("; ".join(item.vi for item in items), "; ".join(item.en for item in items))) if items else NOTHING


def stored_in_words(entries: Sequence[RuleEntry], key: str, stored: object) -> Words | None:
    """A value of this key as `dump` wrote it, in words; None where these entries have no such key, or it is no value of it any more."""
    index = by_key(entries)
    if key not in index:
        return None
    try:
        return in_words(index[key], value_in(key, stored), index)
    except (Refused, KeyError, TypeError, ValueError, ArithmeticError):
        return None


def _number(value: int | Decimal, phrases: Mapping[str, Words]) -> Words:
    if value == 1 and "one" in phrases:
        return phrases["one"]
    if value == 0 and "zero" in phrases:
        return phrases["zero"]
    plain = str(value) if isinstance(value, int) else format(value.normalize(), "f")
    return _filled(phrases, Words(plain.replace(".", ","), plain))


def _filled(phrases: Mapping[str, Words], words: Words) -> Words:
    template = phrases.get("value", Words("{value}", "{value}"))
    return Words(template.vi.replace("{value}", words.vi), template.en.replace("{value}", words.en))


def _item(key: str, item: str | int, phrases: Mapping[str, Words], index: Mapping[str, RuleEntry]) -> Words:
    spec = spec_of(key)
    if spec.kind is Kind.IDS:
        return _name(spec.names, str(item), index)
    if spec.kind is Kind.STEPS:
        return _step(str(item), phrases, index)
    return phrases.get(str(item), Words(str(item), str(item)))


def _step(step: str, phrases: Mapping[str, Words], index: Mapping[str, RuleEntry]) -> Words:
    """A tie step; `{of}` in its phrase is filled with the name of the component, the part or the decider."""
    name, _, of = step.partition(":")
    rooms = {"component": "components", "part_correct": "parts"}
    about = _name(rooms[name], of, index) if name in rooms else phrases.get(of, Words(of, of))
    phrase = phrases.get(name, Words(step, step))
    return Words(phrase.vi.replace("{of}", about.vi), phrase.en.replace("{of}", about.en))
