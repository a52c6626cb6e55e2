"""The rules in sentences, as a page shows them: what each sentence rests on, gathered by text and certainty."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from examsite.rules import policy
from examsite.rules.policy import Row, RuleEntry, Sentence


@dataclass(frozen=True)
class Line:
    """One sentence, and one row for each text and certainty on which it rests."""

    sentence: Sentence
    rests_on: tuple[Row, ...]


@dataclass(frozen=True)
class Passage:
    """The sentences under one heading."""

    code: str
    lines: tuple[Line, ...]


def passages(entries: Sequence[RuleEntry]) -> list[Passage]:
    """The story of the rules, each sentence with its sources; that which a campaign changed is a source of its own."""
    rows = {row.key: row for chapter in policy.explain(entries) for row in chapter.rows}
    return [
        Passage(section.code, tuple(Line(sentence, _sources(sentence, rows)) for sentence in section.sentences))
        for section in policy.story(entries)
    ]


def _sources(sentence: Sentence, rows: Mapping[str, Row]) -> tuple[Row, ...]:
    found: dict[tuple[object, ...], Row] = {}
    for key in sentence.keys:
        row = rows[key]
        found.setdefault((row.article, row.status, row.previous is not None), row)
    return tuple(found.values())
