"""An entry of the log in words: what its fields are called, and what their values mean to somebody who knows the exam and not the program.

Nothing is told that the entry does not hold. Left out are empty fields, and what a change left as it was.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from examsite.rules import policy
from examsite.rules.policy import RuleEntry
from examsite.web.language import clock_time, day, pick
from examsite.wording import SENTENCES, say

WORDS = {
    "accounts.house_role": "log_value.house_role.",
    "act": "together.",
    "application.from": "application.",
    "arrangement": "numbers.",
    "board": "board.",
    "by": "log_value.by.",
    "campaigns.outcome": "log_value.outcome.",
    "candidate.before": "log_value.presence.",
    "cause": "rounds.cause.",
    "classification.before": "grade.",
    "decision": "application.",
    "desk.from": "stage.",
    "desk.to": "stage.",
    "difficulty": "questions.difficulty.",
    "document.kind": "document.",
    "duty": "duty.",
    "entitlement.kind": "entitlement.",
    "entries": "log_value.entry.",
    "entry.document": "rounds.document.",
    "filling": "seats.",
    "gender": "",
    "grade": "grade.",
    "grading.duty": "log_value.panel_duty.",
    "holidays.kind": "holidays.kind_",
    "in_place": "log_value.in_place.",
    "incident.kind": "rounds.cause.",
    "list.list": "log_value.list.",
    "need": "need.",
    "questions.kind": "questions.kind.",
    "recusal.kind": "log_value.recusal.",
    "recusal.replaced": "log_value.recusal.",
    "results.about": "list.",
    "results.carried_out": "appeal.",
    "results.kind": "list.",
    "results.outcome": "appeal.",
    "roster.kind": "rounds.kind.",
    "serves": "need.",
    "state": "questions.state.",
    "time.kind": "rounds.kind.",
    "upload.list": "log_value.list.",
}
"""Where the words of a field's values begin among the sentences; a room or a subject before the point narrows it."""
NAMED_BY_THE_RULES = frozenset({"band", "ground", "kind", "level", "part", "proposed", "relation"})
PEOPLE = frozenset({"ended.account", "roster.decided_by", "signed.first"})
"""Where an entry keeps somebody of the staff by id alone."""
COLUMNS = {
    "cells": ("topic", "difficulty", "count"),
    "ends": ("part", "old", "new"),
    "lines": ("kind", "part", "seconds", "percent"),
    "time_entries": ("kind", "part", "seconds", "percent", "reason"),
}
"""What stands in which place of the rows that these fields hold."""
CHANGES = (("before", "after"), ("old", "new"))
NAMES_BEHIND_CODES = frozenset(
    {
        "grading:candidate:no_show",
        "grading:candidate:present",
        "grading:conflicts:declared",
        "grading:lots:drawn",
        "grading:timetable:changed",
    }
)
"""Entries that tell who comes when before a panel, or with whom somebody has a conflict: at the table codes stand in that order, with the
same conflicts beside them."""
PERSON = frozenset({"birth_date", "gender", "name"})
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_REFERENCE = re.compile(r"[0-9a-f]{64}|([a-z]+:)?[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True)
class Told:
    """One field in words, a line for each thing it holds; `exact`: a digest or a reference, to be compared letter by letter."""

    label: str
    lines: tuple[str, ...]
    exact: bool


@dataclass(frozen=True)
class Reader:
    """How entries are told on one page: in which time zone, with what names of parts, grounds, rules and staff (by id or key), and by which
    rules the values of a rule are put into words. `withheld` are the kinds whose content this reader is not told yet."""

    zone: str
    names: Mapping[str, str] = field(default_factory=dict)
    rules: Sequence[RuleEntry] = ()
    withheld: Collection[str] = ()

    def tell(self, kind: str, content: str | None) -> list[Told]:
        """What an entry recorded, beyond who, when and about what; nothing once it was destroyed, and as it stands where it is no JSON."""
        if content is None:
            return []
        if kind in self.withheld:
            return [Told("", (say("log.withheld"),), exact=False)]
        try:
            stored = json.loads(content)
        except ValueError:
            return [Told("", (content,), exact=True)]
        data = stored.get("data") if isinstance(stored, dict) else None
        told = list(_Entry(self, kind).fields(data)) if isinstance(data, dict) else []
        return sorted(told, key=lambda one: one.exact)


@dataclass(frozen=True)
class _Entry:
    reader: Reader
    kind: str

    def fields(self, data: Mapping[str, object]) -> Iterator[Told]:
        for name, value in _changes(data).items():
            lines = tuple(line for line in self._lines(name, value) if line)
            if lines:
                yield Told(self._label(name), lines, all(_REFERENCE.fullmatch(word) for line in lines for word in line.split(", ")))

    def _lines(self, name: str, value: object) -> list[str]:
        """A line for each row of a list of rows and for each field of a group of fields, one line for all else."""
        if isinstance(value, dict):
            return [self._text(name, {key: one}) for key, one in _changes(value).items()]
        if isinstance(value, list) and any(isinstance(one, list | dict) for one in value):
            return [self._text(name, row) for row in self._rows(name, value)]
        return [self._text(name, value)]

    def _text(self, name: str, value: object) -> str:
        if "." in name:
            return self._rule(name, value)
        if isinstance(value, _Change):
            return " → ".join(self._text(name, one) or "–" for one in (value.before, value.after))
        if isinstance(value, dict):
            told = ((self._label(key), self._text(key, one)) for key, one in _changes(value).items())
            return "; ".join(f"{label}: {text}" if label else text for label, text in told if text)
        if isinstance(value, list):
            if name in PERSON and self.kind == "campaigns:person:corrected" and len(value) == 2:
                return self._text(name, _Change(*value))
            texts = ((isinstance(one, dict), self._text(name, one)) for one in self._rows(name, value))
            return ", ".join(f"({text})" if grouped else text for grouped, text in texts if text)
        return self._word(name, value)

    def _rule(self, key: str, value: object) -> str:
        """What a rule said before and what it says now, in the words of its page; one that is not known any more as it was written down."""
        if isinstance(value, dict) and value.keys() == {"old", "new"}:
            return " → ".join(self._value_of_rule(key, value[side]) for side in ("old", "new"))
        return self._value_of_rule(key, value)

    def _value_of_rule(self, key: str, value: object) -> str:
        told = policy.stored_in_words(self.reader.rules, key, value)
        return pick(told) if told else self._text("", value) or "–"

    def _rows(self, name: str, rows: list[object]) -> list[object]:
        columns = COLUMNS.get(name)
        return [dict(zip(columns, row, strict=False)) if columns and isinstance(row, list) else row for row in rows]

    def _word(self, name: str, value: object) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return say("log_value.yes" if value else "log_value.no")
        if not isinstance(value, str):
            return str(value)
        return self._code(name, value) or self._time(value) or value

    def _code(self, name: str, value: str) -> str:
        beginning = next((WORDS[one] for one in self._places(name) if one in WORDS), None)
        if beginning is not None and f"{beginning}{value}" in SENTENCES:
            return say(f"{beginning}{value}")
        named = name in NAMED_BY_THE_RULES or not PEOPLE.isdisjoint(self._places(name))
        return self.reader.names.get(value, "") if named else ""

    def _time(self, value: str) -> str:
        try:
            if _MOMENT.fullmatch(value):
                moment = datetime.fromisoformat(value)
                return f"{day(moment, self.reader.zone)} {clock_time(moment, self.reader.zone)}"
            return day(date.fromisoformat(value)) if _DAY.fullmatch(value) else ""
        except ValueError:
            return ""

    def _label(self, name: str) -> str:
        """A field that has no words, such as the number of a candidate or the key of a rule, is called what it is called."""
        if "." in name or not name:
            return self.reader.names.get(name, name)
        found = next((code for one in self._places(name) if (code := f"log_field.{one}") in SENTENCES), None)
        return say(found) if found else name

    def _places(self, name: str) -> tuple[str, ...]:
        room, subject, action = self.kind.split(":") if self.kind.count(":") == 2 else ("", "", "")
        return f"{subject}.{name}", f"{action}.{name}", f"{room}.{name}", name


@dataclass(frozen=True)
class _Change:
    before: object
    after: object


def _changes(data: Mapping[str, object]) -> dict[str, object]:
    """Two sides of one change as one: field by field where both have fields, and without what is the same on both."""
    for first, second in CHANGES:
        if {first, second} <= data.keys():
            rest = {name: value for name, value in data.items() if name not in (first, second)}
            return {**rest, **_differences(data[first], data[second])}
    return dict(data)


def _differences(before: object, after: object) -> dict[str, object]:
    if isinstance(before, dict) and isinstance(after, dict):
        names = dict.fromkeys([*before, *after])
        return {name: _Change(before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)}
    return {"": _Change(before, after)}
