"""The legal rule sets this program knows, read from the TOML files beside it; nothing else reads them.

A set file gives values under `values`, names fragments to `include` as they are, and fragments to `borrow`: values written for another
kind of exam, which then count as assumed. A value that is defined twice is refused, unless it stands under `replace`. In a table,
`_source` and `_status` hold for the values directly in it and beneath; a value of its own standing is `{ value, source, status }`.
A fragment that has a name under `block` is shown to readers by itself, beside those it could stand in for.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from examsite.rules.policy import RuleEntry, RuleSet, Status, Words, checked, parse, pattern_of
from examsite.rules.refusal import NotFound

_HERE = files(__package__)
_FILE_KEYS = frozenset({"include", "borrow", "values", "replace"})


class BrokenRuleSetError(ValueError):
    """A data file that says something twice, names what is not there, or leaves out a source; a fault of the file, not of a person."""


@dataclass(frozen=True, slots=True)
class LoadedSet:
    """A rule set in both forms: its entries (to copy, explain, change) and the values they make."""

    id: str
    entries: tuple[RuleEntry, ...]
    rules: RuleSet


@dataclass(frozen=True, slots=True)
class Block:
    """A fragment that readers know by name, such as a rule for the spread of scores; `topic` is what it could stand in for."""

    id: str
    name: Words
    topic: str
    entries: tuple[RuleEntry, ...]
    used_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Given:
    """One value as a file gives it, before it has its words."""

    key: str
    value: Any
    source: str
    status: Status
    borrowed: bool = False


@dataclass(frozen=True, slots=True)
class _Source:
    article: Words
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class _Label:
    label: Words
    chapter: Words
    chapter_place: int
    room_place: int
    phrases: tuple[tuple[str, Words], ...]


def available() -> tuple[str, ...]:
    """The ids of all rule sets, runnable or not, in alphabetical order."""
    return tuple(sorted(file.name.removesuffix(".toml") for file in _HERE.iterdir() if file.name.endswith(".toml")))


@cache
def load(set_id: str) -> LoadedSet:
    """The rule set with this id; NotFound (`policy_set_unknown`) for another, BrokenRuleSetError where its files contradict themselves."""
    if set_id not in available():
        raise NotFound("policy_set_unknown", set_id=set_id)
    entries = resolve(_read(f"{set_id}.toml"), fragment=lambda name: _read(f"fragments/{name}.toml"))
    return LoadedSet(set_id, entries, parse(entries))


@cache
def blocks() -> tuple[Block, ...]:
    """Every fragment that has a name, by topic, with the sets that hold it as it is or by analogy."""
    users = {set_id: _read(f"{set_id}.toml") for set_id in available()}
    found = []
    for name in fragments():
        file = _read(f"fragments/{name}.toml")
        if "block" in file:
            used_by = tuple(set_id for set_id, user in users.items() if name in (*user.get("include", ()), *user.get("borrow", ())))
            entries = resolve({"values": file["values"]}, fragment=lambda _: {})
            found.append(Block(name, Words(**file["block"]["name"]), file["block"]["topic"], entries, used_by))
    return tuple(sorted(found, key=lambda block: (block.topic, block.id)))


def block(block_id: str) -> Block:
    """The block with this id; NotFound (`policy_set_unknown`) for another."""
    for known in blocks():
        if known.id == block_id:
            return known
    raise NotFound("policy_set_unknown", set_id=block_id)


def fragments() -> tuple[str, ...]:
    """The names of all fragments, in alphabetical order."""
    return tuple(sorted(file.name.removesuffix(".toml") for file in _HERE.joinpath("fragments").iterdir()))


def resolve(file: Mapping[str, Any], fragment: Callable[[str], Mapping[str, Any]]) -> tuple[RuleEntry, ...]:
    """The flat entries of one set file, in the order of the chapters; `fragment` gives a fragment's file by name.

    BrokenRuleSetError on a value defined twice, a replaced value that is not there, an unknown source, label or key of the file; Refused
    where a value does not fit its key.
    """
    if unknown := file.keys() - _FILE_KEYS:
        raise BrokenRuleSetError(f"unknown tables {sorted(unknown)}")
    found: dict[str, _Given] = {}
    for given in _defined(file, fragment):
        if given.key in found:
            raise BrokenRuleSetError(f"{given.key} is defined twice")
        found[given.key] = given
    for given in _walk(file.get("replace", {})):
        if given.key not in found:
            raise BrokenRuleSetError(f"{given.key} replaces nothing")
        found[given.key] = given
    return tuple(_entry(given) for given in sorted(found.values(), key=_reading_place))


def _reading_place(given: _Given) -> tuple[int, int, bool]:
    """Chapter, then room of keys as the labels have them, a list before what it lists; beyond that the order of the files stays."""
    label = _labels()[pattern_of(given.key)]
    return label.chapter_place, label.room_place, given.key.count(".") > 1


def _defined(file: Mapping[str, Any], fragment: Callable[[str], Mapping[str, Any]]) -> Iterator[_Given]:
    for name in file.get("include", ()):
        yield from _walk(fragment(name)["values"])
    for name in file.get("borrow", ()):
        yield from (replace(given, borrowed=True) for given in _walk(fragment(name)["values"]))
    yield from _walk(file.get("values", {}))


def _walk(table: Mapping[str, Any], key: str = "", source: str | None = None, status: str | None = None) -> Iterator[_Given]:
    source, status = table.get("_source", source), table.get("_status", status)
    for name, item in table.items():
        inner = f"{key}.{name}" if key else name
        if name.startswith("_"):
            continue
        if not isinstance(item, dict) or item.keys() == {"vi", "en"}:
            yield _given(inner, item, source, status)
        elif "value" in item:
            yield _given(inner, item["value"], item.get("source", source), item.get("status", status))
        else:
            yield from _walk(item, inner, source, status)


def _given(key: str, value: object, source: str | None, status: str | None) -> _Given:
    if source is None or source not in _sources() or status is None:
        raise BrokenRuleSetError(f"{key} has no known source and status: {source}, {status}")
    return _Given(key, Words(**value) if isinstance(value, dict) else value, source, Status(status))


def _entry(given: _Given) -> RuleEntry:
    label, source = _labels()[pattern_of(given.key)], _sources()[given.source]
    return RuleEntry(
        key=given.key,
        value=checked(given.key, given.value),
        label=label.label,
        chapter=label.chapter,
        article=_by_analogy(source.article) if given.borrowed and given.source != "council" else source.article,
        status=Status.ASSUMED if given.borrowed else given.status,
        since=source.since,
        until=source.until,
        phrases=label.phrases,
    )


def _by_analogy(article: Words) -> Words:
    return Words(f"Vận dụng {article.vi}", f"By analogy with {article.en}")


def _read(path: str) -> dict[str, Any]:
    try:
        return tomllib.loads(_HERE.joinpath(path).read_text("utf-8"), parse_float=Decimal)
    except FileNotFoundError as missing:
        raise BrokenRuleSetError(f"there is no file {path}") from missing


@cache
def _sources() -> Mapping[str, _Source]:
    return {
        name: _Source(Words(text["vi"], text["en"]), text.get("since"), text.get("until"))
        for name, text in _read("catalogue/sources.toml").items()
    }


@cache
def _labels() -> Mapping[str, _Label]:
    """The words of every key pattern; they must be the patterns of the schema, which a test compares."""
    file = _read("catalogue/labels.toml")
    phrases = {name: tuple((token, Words(**text)) for token, text in sorted(group.items())) for name, group in file["phrases"].items()}
    rooms = list(dict.fromkeys(pattern.split(".")[0] for chapter in file["chapters"] for pattern in chapter["labels"]))
    return {
        pattern: _Label(
            label=Words(text["vi"], text["en"]),
            chapter=Words(**chapter["title"]),
            chapter_place=place,
            room_place=rooms.index(pattern.split(".")[0]),
            phrases=phrases[text["phrases"]] if "phrases" in text else (),
        )
        for place, chapter in enumerate(file["chapters"])
        for pattern, text in chapter["labels"].items()
    }
