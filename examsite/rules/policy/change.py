"""A campaign's own value in place of the one its rule set gives."""

from collections.abc import Sequence
from dataclasses import replace

from examsite.rules.policy.check import checked
from examsite.rules.policy.entries import Change, RuleEntry, Status, Value, entry_of
from examsite.rules.policy.schema import Spec, spec_of
from examsite.rules.refusal import Refused

# What names the set itself: a changed copy is still that set, changed.
FIXED = frozenset({"set.id", "set.name", "set.summary"})


def override(entries: Sequence[RuleEntry], key: str, value: object, reason: str) -> tuple[RuleEntry, ...]:
    """The entries with `value` under `key`, its first value and the written reason kept beside it.

    The value alone is checked here; values that must fit each other are checked by `parse`, so that they can be changed one after
    another. An id taken out of a list takes its own values with it. The changed value counts as assumed, since the article does not
    give it; the first value given back is the first entry again. Refused: `policy_reason_missing`, `policy_key_fixed`,
    `policy_key_missing`, `policy_value_same`, and whatever `checked` refuses.
    """
    if not reason.strip():
        raise Refused("policy_reason_missing", field="reason", key=key)
    if key in FIXED:
        raise Refused("policy_key_fixed", field=key, key=key)
    old, new = entry_of(entries, key), checked(key, value)
    if new == old.value:
        raise Refused("policy_value_same", field=key, key=key)
    gone = _ids_taken_out(spec_of(key), old.value, new)
    return tuple(_changed(entry, new, reason.strip()) if entry is old else entry for entry in entries if not _belongs(entry.key, *gone))


def _changed(entry: RuleEntry, value: Value, reason: str) -> RuleEntry:
    first = entry.change or Change(entry.value, entry.status, reason)
    if value == first.previous:
        return replace(entry, value=value, status=first.previous_status, change=None)
    return replace(entry, value=value, status=Status.ASSUMED, change=replace(first, reason=reason))


def _ids_taken_out(spec: Spec, old: Value, new: Value) -> tuple[str, frozenset[str]]:
    if not spec.owns or not isinstance(old, tuple) or not isinstance(new, tuple):
        return "", frozenset()
    return spec.names, frozenset(str(item) for item in old) - frozenset(str(item) for item in new)


def _belongs(key: str, room: str, ids: frozenset[str]) -> bool:
    """Whether the key is about one of these ids; a level also has its values within each component."""
    parts = key.split(".")
    if room == "levels" and parts[0] == "components":
        return len(parts) == 4 and parts[2] in ids
    return parts[0] == room and parts[1] in ids
