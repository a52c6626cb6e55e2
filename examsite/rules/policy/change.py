"""A campaign's own value in place of the one its rule set gives."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from examsite.rules.policy.check import checked
from examsite.rules.policy.entries import Change, RuleEntry, Status, Value, Words, entry_of
from examsite.rules.policy.schema import Spec, spec_of
from examsite.rules.refusal import Refused

# What names the set itself: a changed copy is still that set, changed.
FIXED = frozenset({"set.id", "set.name", "set.summary"})
ORDERED: Final = frozenset({"late", "levels", "spread"})
"""Rooms whose ids ascend from one value to the next: another one has values of its own from the beginning, so none is made by copying."""
OWN: Final = Words("Kỳ thi này tự đặt", "Set by this campaign")


def override(
    entries: Sequence[RuleEntry], key: str, value: object, reason: str, original: Sequence[RuleEntry] = ()
) -> tuple[RuleEntry, ...]:
    """The entries with `value` under `key`, its first value and the written reason kept beside it.

    The value alone is checked here; values that must fit each other are checked by `parse`, so that they can be changed one after
    another. An id taken out of a list takes its own values with it; one put in brings those that `original`, the rule set itself, has for
    it, else those of the last id before, except in rooms that are `ORDERED`. The changed value counts as assumed, since the article does
    not give it; the first value given back is the first entry again. Refused: `policy_reason_missing`, `policy_key_fixed`,
    `policy_key_missing`, `policy_value_same`, and whatever `checked` refuses.
    """
    if not reason.strip():
        raise Refused("policy_reason_missing", field="reason", key=key)
    if key in FIXED:
        raise Refused("policy_key_fixed", field=key, key=key)
    old, new = entry_of(entries, key), checked(key, value)
    if new == old.value:
        raise Refused("policy_value_same", field=key, key=key)
    spec = spec_of(key)
    gone, come = _ids_apart(spec, old.value, new), _ids_apart(spec, new, old.value)
    left = [entry for entry in entries if not belongs(entry.key, spec.names, gone)]
    kept = [changed(entry, new, reason.strip()) if entry is old else entry for entry in left]
    for added in come:
        kept += _entries_of(spec.names, added, old.value, entries, original)
    return in_order(kept, original or entries) if come else tuple(kept)


def made_here(entry: RuleEntry, key: str) -> RuleEntry:
    """The same value under a key that no text gives."""
    return replace(entry, key=key, article=OWN, status=Status.ASSUMED, since=None, until=None, change=None)


def changed(entry: RuleEntry, value: Value, reason: str) -> RuleEntry:
    """An entry with another value; its first one, given back, is the first entry again."""
    first = entry.change or Change(entry.value, entry.status, reason)
    if value == first.previous:
        return replace(entry, value=value, status=first.previous_status, change=None)
    return replace(entry, value=value, status=Status.ASSUMED, change=replace(first, reason=reason))


def _ids_apart(spec: Spec, one: Value, other: Value) -> tuple[str, ...]:
    """The ids of a list that owns them which stand in `one` and not in `other`."""
    if not spec.owns or not isinstance(one, tuple) or not isinstance(other, tuple):
        return ()
    return tuple(str(item) for item in one if item not in other)


def _entries_of(room: str, added: str, before: Value, entries: Sequence[RuleEntry], original: Sequence[RuleEntry]) -> Iterator[RuleEntry]:
    """The values of an id that was put into its list: those of the rule set, else copies of those of the last id before it."""
    of_the_set = [entry for entry in original if belongs(entry.key, room, (added,))]
    yield from of_the_set
    if of_the_set or room in ORDERED or not isinstance(before, tuple) or not before:
        return
    model = str(before[-1])
    for entry in entries:
        if belongs(entry.key, room, (model,)):
            own = Words(added, added) if entry.key == f"{room}.{model}.name" else entry.value
            key = f"{room}.{added}{entry.key.removeprefix(f'{room}.{model}')}"
            yield replace(made_here(entry, key), value=own)


def in_order(entries: Sequence[RuleEntry], known: Sequence[RuleEntry]) -> tuple[RuleEntry, ...]:
    """As `known` has them; what it does not have stands behind the last one of its room."""
    places = {entry.key: place for place, entry in enumerate(known)}
    ends = {entry.key.split(".")[0]: place for place, entry in enumerate(known)}
    return tuple(sorted(entries, key=lambda entry: places.get(entry.key, ends.get(entry.key.split(".")[0], len(known)))))


def belongs(key: str, room: str, ids: Sequence[str]) -> bool:
    """Whether the key is about one of these ids; a level also has its values within each component."""
    parts = key.split(".")
    if room == "levels" and parts[0] == "components":
        return len(parts) == 4 and parts[2] in ids
    return parts[0] == room and parts[1] in ids
