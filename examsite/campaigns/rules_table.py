"""The rules as a page shows them: each chapter as lines, those of one thing under its name; and the history of changes in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from examsite.campaigns.models import RuleChange
from examsite.rules import policy
from examsite.rules.policy import Chapter, Row, RuleEntry, Words
from examsite.rules.policy.explain import in_words


@dataclass(frozen=True)
class Line:
    """One row. `heads`: it names what the rows after it are about. `within`: what it is about, where no line above says so."""

    row: Row
    heads: bool
    within: Words | None


@dataclass(frozen=True)
class Past:
    """One change of one value; `old` and `new` in words, or None where the value went with the id it was about, as its row did."""

    change: RuleChange
    row: Row | None
    old: Words | None
    new: Words | None


def lines(chapter: Chapter) -> list[Line]:
    """The rows of a chapter in order, with their headings."""
    found: list[Line] = []
    heading: Words | None = None
    for row, following in zip_longest(chapter.rows, chapter.rows[1:]):
        heads = row.key.endswith(".name") and following is not None and following.subject == row.value
        heading = row.value if heads else heading if row.subject is not None else None
        found.append(Line(row, heads, None if row.subject == heading else row.subject))
    return found


def history(entries: Sequence[RuleEntry], changes: Sequence[RuleChange]) -> list[Past]:
    """The changes in words, as far as the rules still know what they were about."""
    index = policy.by_key(entries)
    rows = {row.key: row for chapter in policy.explain(entries) for row in chapter.rows}
    dumped = policy.dump(entries)
    stored = {entry["key"]: entry for entry in dumped["entries"]}

    def told(key: str, value: Any) -> Words | None:
        if value is None or key not in index:
            return None
        copy = {**dumped, "entries": [{**stored[key], "value": value, "change": None}]}
        return in_words(index[key], policy.restore(copy)[0].value, index)

    return [Past(change, rows.get(change.key), told(change.key, change.old), told(change.key, change.new)) for change in changes]
