"""What must hold for every field of candidates."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examsite.rules import ranking, scoring
from examsite.rules.policy import Decider, RuleSet
from examsite.rules.ranking import REASONS, Entry, Seat, State, TieDecision
from examsite.rules.scoring import Agreed, ComponentScore

RulesWith = Callable[..., RuleSet]
LONG_TIE = ["round2_score", "component:defence", "part_correct:general", "exempt_round1", "decision:council"]


@pytest.fixture(scope="module")
def rules(rules_with: RulesWith) -> RuleSet:
    return rules_with({"ranking.tie_steps": LONG_TIE, "components.defence.floor_percent": 20})


# Few different scores, close to the pass mark, so that ties and refusals are common.
PERSON = st.fixed_dictionaries(
    {
        "score": st.sampled_from(["49.95", "50", "50.04", "60", "60.05", "62.5", "70"]),
        "defence": st.sampled_from(["5.9", "6", "15", "20"]),
        "groups": st.sampled_from([(), ("service",), ("merit", "service")]),
        "general": st.sampled_from([None, 30, 31]),
        "state": st.sampled_from([State.PRESENT, State.PRESENT, State.PRESENT, State.ABSENT]),
    }
)
FIELD = st.lists(PERSON, max_size=9)
QUOTA = st.integers(1, 10)


def entry(number: str, person: dict[str, Any], rules: RuleSet) -> Entry:
    means = (ComponentScore("defence", Fraction(person["defence"]), Fraction(0)),)
    agreed = Agreed(Fraction(person["score"]), Decider.MEAN, Fraction(0), means)
    correct = () if person["general"] is None else (("general", person["general"]),)
    score = scoring.round2_score(agreed, rules, groups=person["groups"])
    return Entry(number, score, person["state"], correct, exempt_round1=person["general"] is None)


def entries(people: list[dict[str, Any]], rules: RuleSet) -> list[Entry]:
    return [entry(f"{place:03}", person, rules) for place, person in enumerate(people)]


@given(FIELD, QUOTA, st.data())
def test_the_order_of_input_never_matters(rules: RuleSet, people: list[dict[str, Any]], quota: int, data: st.DataObject) -> None:
    field = entries(people, rules)
    assert ranking.rank(data.draw(st.permutations(field)), quota, rules) == ranking.rank(field, quota, rules)


@given(FIELD, QUOTA)
def test_everybody_has_one_line_and_a_reason_with_its_parameters(rules: RuleSet, people: list[dict[str, Any]], quota: int) -> None:
    outcome = ranking.rank(entries(people, rules), quota, rules)
    assert sorted(line.number for line in outcome.standings) == [f"{place:03}" for place in range(len(people))]
    for line in outcome.standings:
        assert tuple(name for name, _ in line.reason.params) == REASONS[line.reason.code]
        assert (line.place is None) == (line.seat is Seat.NONE)


@given(FIELD, QUOTA)
def test_never_more_than_the_quota_and_nobody_below_the_pass_mark(rules: RuleSet, people: list[dict[str, Any]], quota: int) -> None:
    field = {one.number: one for one in entries(people, rules)}
    outcome = ranking.rank(list(field.values()), quota, rules)
    chosen = [field[number] for number in ranking.recommended(outcome)]
    assert len(chosen) <= quota
    assert all(one.score is not None and one.score.passed and one.state is State.PRESENT for one in chosen)
    waiting = sum(tie.seats for tie in outcome.pending_ties)
    placed = sum(line.place is not None for line in outcome.standings)
    assert len(chosen) + waiting == min(quota, placed)  # no seat is lost either


@given(FIELD, QUOTA)
def test_equal_totals_share_a_place_unless_a_step_separates_them(rules: RuleSet, people: list[dict[str, Any]], quota: int) -> None:
    outcome = ranking.rank(entries(people, rules), quota, rules)
    placed = [line for line in outcome.standings if line.place is not None]
    for one in placed:
        for other in placed:
            if one.total == other.total and one.place != other.place:
                assert "by_step" in one.reason.code or "by_step" in other.reason.code
            if one.total is not None and other.total is not None and one.total > other.total:
                assert one.place is not None
                assert other.place is not None
                assert one.place < other.place


@given(FIELD.filter(bool), QUOTA, st.data())
def test_more_points_never_lower_a_place(rules: RuleSet, people: list[dict[str, Any]], quota: int, data: st.DataObject) -> None:
    lucky = data.draw(st.integers(0, len(people) - 1))
    more = {
        "score": str(Fraction(people[lucky]["score"]) + data.draw(st.sampled_from([0, Fraction(1, 20), 10]))),
        "defence": str(Fraction(people[lucky]["defence"]) + data.draw(st.sampled_from([0, Fraction(1, 10), 5]))),
    }
    better = [person | more if place == lucky else person for place, person in enumerate(people)]
    before, after = (ranking.rank(entries(field, rules), quota, rules).standing(f"{lucky:03}") for field in (people, better))
    if before.place is not None:
        assert before.last_place is not None
        assert after.place is not None
        assert after.last_place is not None
        assert (after.place, after.last_place) <= (before.place, before.last_place)
        assert after.last_place <= before.last_place


@given(FIELD, QUOTA, st.data())
def test_a_decision_leaves_nothing_open_and_moves_nobody_else(
    rules: RuleSet, people: list[dict[str, Any]], quota: int, data: st.DataObject
) -> None:
    field = entries(people, rules)
    undecided = ranking.rank(field, quota, rules)
    decisions = [TieDecision(tuple(data.draw(st.permutations(tie.numbers))), tie.decider, "7/NQ", "vote") for tie in undecided.pending_ties]
    decided = ranking.rank(field, quota, rules, decisions)
    assert decided.pending_ties == ()
    named = {number for decision in decisions for number in decision.order}
    for line in undecided.standings:
        if line.number not in named:
            assert decided.standing(line.number) == line
