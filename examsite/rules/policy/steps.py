"""Values that ascend from one id to the next (bands of late entry, bands of spread, levels): another id among them, with its own values."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final, cast

from examsite.rules.policy.change import ORDERED, belongs, changed, in_order, made_here
from examsite.rules.policy.entries import RuleEntry, Value, entry_of
from examsite.rules.policy.schema import SCHEMA
from examsite.rules.refusal import Refused

LISTS: Final[Mapping[str, str]] = {spec.names: key for key, spec in SCHEMA.items() if spec.owns and spec.names in ORDERED}
"""The list that holds the ids of each room."""
_STARTS: Final = {"late": "late.{}.exam_minutes_from", "spread": "spread.{}.from"}


def new_step(entries: Sequence[RuleEntry], room: str, added: str, original: Sequence[RuleEntry]) -> tuple[RuleEntry, ...]:
    """The values that an id `added` to a room needs, each with what the last id has now; of a room that stands empty, those that the last
    id of the rule set itself has."""
    ids = ids_of(entries, room)
    source, model = (entries, ids[-1]) if ids else (original, ids_of(original, room)[-1])
    return tuple(made_here(entry, renamed(entry.key, added)) for entry in source if belongs(entry.key, room, (model,)))


def with_step(
    entries: Sequence[RuleEntry], room: str, added: str, values: Mapping[str, Value], reason: str, original: Sequence[RuleEntry]
) -> tuple[RuleEntry, ...]:
    """The entries with an id more in a room, in the place where it begins; `values` by key, one for each entry of `new_step`.

    That nothing overlaps and no gap is left follows from where each begins: `parse` refuses two that begin at the same, and a first one
    that does not begin at 0 where it has to. Refused: `policy_value_twice` where the id stands there already.
    """
    ids, key = ids_of(entries, room), LISTS[room]
    if added in ids:
        raise Refused("policy_value_twice", field=key, key=key)
    mine = tuple(replace(entry, value=values[entry.key]) for entry in new_step(entries, room, added, original))
    whole = (*entries, *mine)
    start = _start(whole, room, added)
    before = [one for one in ids if _start(whole, room, one) <= start]
    wanted = (*before, added, *ids[len(before) :])
    kept = [changed(entry, wanted, reason) if entry.key == key else entry for entry in entries]
    return in_order([*kept, *mine], original or entries)


def ids_of(entries: Sequence[RuleEntry], room: str) -> tuple[str, ...]:
    """The ids of a room, from low to high."""
    return cast("tuple[str, ...]", entry_of(entries, LISTS[room]).value)


def keys_of_steps(entries: Sequence[RuleEntry], room: str) -> tuple[str, ...]:
    """The list of a room and every value of the ids in it."""
    ids = ids_of(entries, room)
    return (LISTS[room], *(entry.key for entry in entries if belongs(entry.key, room, ids)))


def _start(entries: Sequence[RuleEntry], room: str, one: str) -> Decimal:
    """Where an id begins; a level as it does in the first criterion, `parse` holds the others to the same order."""
    if room in _STARTS:
        return Decimal(cast("int | Decimal", entry_of(entries, _STARTS[room].format(one)).value))
    component = cast("tuple[str, ...]", entry_of(entries, "round2.components").value)[0]
    return Decimal(cast("int | Decimal", entry_of(entries, f"components.{component}.{one}.from").value))


def renamed(key: str, added: str) -> str:
    """The same value of another id; a level also has values within each component."""
    parts = key.split(".")
    parts[2 if parts[0] == "components" else 1] = added
    return ".".join(parts)
