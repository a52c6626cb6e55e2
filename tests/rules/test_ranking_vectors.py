"""The published vectors: score sheets in, standings out, worked out by hand."""

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from examsite.rules import policy, ranking, scoring
from examsite.rules.policy import Decider, RuleSet
from examsite.rules.ranking import Entry, Ranking, State, TieDecision
from examsite.rules.scoring import Agreed, ScoreDecision

RulesWith = Callable[..., RuleSet]
VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "ranking.json").read_text("utf-8"))


def typed(changes: dict[str, Any]) -> dict[str, object]:
    return {key: policy.value_from_text(key, value) if isinstance(value, str) else value for key, value in changes.items()}


def from_vector(person: dict[str, Any], rules: RuleSet) -> Entry:
    sheets = {member: {name: Decimal(score) for name, score in sheet.items()} for member, sheet in person.get("sheets", {}).items()}
    given = person.get("decision")
    decision = ScoreDecision(Decider(given["decider"]), Decimal(given["score"]), given["reason"]) if given else None
    outcome = scoring.panel_outcome(sheets, decision, rules) if sheets else None
    scored = isinstance(outcome, Agreed)
    return Entry(
        number=person["number"],
        score=scoring.round2_score(outcome, rules, groups=person.get("groups", ()), penalties=person.get("penalties", ()))
        if scored
        else None,
        state=State(person.get("state", "present")),
        correct=tuple(person.get("correct", {}).items()),
        exempt_round1=person.get("exempt_round1", False),
        note=person.get("note", ""),
    )


def as_vector(outcome: Ranking, field: dict[str, Entry]) -> list[dict[str, Any]]:
    lines = []
    for line in outcome.standings:
        score = field[line.number].score
        lines.append(
            {
                "number": line.number,
                "official": str(score.official) if score else None,
                "total": str(line.total) if line.total is not None else None,
                "place": line.place,
                "last_place": line.last_place,
                "seat": line.seat.value,
                "reason": line.reason.code,
            }
        )
    return lines


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_vectors(rules_with: RulesWith, case: dict[str, Any]) -> None:
    rules = rules_with(typed(case.get("changes", {})), base=case["rule_set"])
    field = {person["number"]: from_vector(person, rules) for person in case["entries"]}
    decisions = [
        TieDecision(tuple(one["order"]), Decider(one["decider"]), one["document"], one["reason"]) for one in case.get("tie_decisions", ())
    ]
    outcome = ranking.rank(list(field.values()), case["quota"], rules, decisions)
    assert as_vector(outcome, field) == case["standings"]
    assert [list(tie.numbers) for tie in outcome.pending_ties] == case.get("pending", [])
    assert list(ranking.recommended(outcome)) == case["recommended"]


def test_a_vector_that_is_wrong_would_be_seen(rules_with: RulesWith) -> None:
    case = VECTORS["cases"][0]
    rules = rules_with(base=case["rule_set"])
    field = {person["number"]: from_vector(person, rules) for person in case["entries"]}
    first = next(iter(field))
    field[first] = replace(field[first], state=State.ABSENT)
    assert as_vector(ranking.rank(list(field.values()), case["quota"], rules), field) != case["standings"]
