"""What changed between two versions of a list, line by line, from what each of them shows."""

from collections.abc import Mapping, Sequence
from typing import Any

from examsite.results.contents import Section, general

Change = dict[str, Any]
Facets = dict[tuple[str, str], Any]


def between(old: Sequence[Section], new: Sequence[Section]) -> list[Change]:
    """Every value that differs, by position and candidate; `what` names it (`of` says which part or criterion), or added or removed.

    Both lists have to be shown with the same fields. A line is known by its candidate number, or where the list shows none by its name.
    """
    before, after = _by_line(old), _by_line(new)
    changes: list[Change] = []
    for key in sorted(before.keys() | after.keys()):
        changes += _of_line(key, before.get(key), after.get(key))
    return changes + _quotas(old, new)


def _by_line(sections: Sequence[Section]) -> dict[tuple[str, str], Facets]:
    return {
        (section["code"], str(line.get("candidate_number") or line.get("name", ""))): _facets(line)
        for section in sections
        for line in section["lines"]
    }


def _of_line(key: tuple[str, str], before: Facets | None, after: Facets | None) -> list[Change]:
    position, number = key
    if before is None or after is None:
        return [_change(position, number, "added" if before is None else "removed", "", None, None)]
    return [
        _change(position, number, what, of, before.get((what, of)), after.get((what, of)))
        for what, of in sorted(before.keys() | after.keys())
        if before.get((what, of)) != after.get((what, of))
    ]


def _change(position: str, number: str, what: str, of: str, old: object, new: object) -> Change:
    return {"position": position, "number": number, "what": what, "of": of, "old": old, "new": new}


def _quotas(old: Sequence[Section], new: Sequence[Section]) -> list[Change]:
    before = {section["code"]: section["quota"] for section in old}
    return [
        _change(section["code"], "", "quota", "", before[section["code"]], section["quota"])
        for section in new
        if section["code"] in before and before[section["code"]] != section["quota"]
    ]


def _facets(line: Mapping[str, Any]) -> Facets:
    """A line as comparable values. The reason counts as it is told in general: its figures stand in columns of their own."""
    plain = ("name", "unit", "advances", "result", "total", "round2_score", "priority_points", "place")
    found: Facets = {(name, ""): line[name] for name in plain if name in line}
    found |= {("exempt", part): True for part in line.get("exempt", ())}
    found |= {("component", name): mean for name, mean in line.get("components", {}).items()}
    found |= {("part", part["part"]): [part["state"], part["correct"]] for part in line.get("correct", ())}
    if "reason" in line:
        found["reason", ""] = general(line["reason"])
    return found
