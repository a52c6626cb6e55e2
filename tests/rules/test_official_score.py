"""Rounding, pass test, priority, penalties and floors: from the panel's exact score to the result of round 2."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examsite.rules import scoring
from examsite.rules.policy import Decider, Mode, Rounding, RuleSet, Stage
from examsite.rules.scoring import Agreed

RulesWith = Callable[..., RuleSet]
D = Decimal


def sheet(presentation: str, defence: str, answers: str) -> dict[str, Decimal]:
    return {"presentation": D(presentation), "defence": D(defence), "answers": D(answers)}


def agreed(score: str | Fraction) -> Agreed:
    return Agreed(Fraction(score), Decider.MEAN, Fraction(0), ())


@pytest.mark.parametrize(
    ("value", "places", "mode", "rounded"),
    [
        ("49.95", 1, Mode.HALF_UP, "50.0"),
        ("49.94999", 1, Mode.HALF_UP, "49.9"),
        ("82.05", 1, Mode.HALF_UP, "82.1"),
        ("82.15", 1, Mode.HALF_UP, "82.2"),
        ("82.05", 1, Mode.HALF_EVEN, "82.0"),
        ("82.15", 1, Mode.HALF_EVEN, "82.2"),
        ("86.685", 2, Mode.HALF_UP, "86.69"),
        ("0.5", 0, Mode.HALF_UP, "1"),
        ("0.5", 0, Mode.HALF_EVEN, "0"),
        ("1/3", 4, Mode.HALF_UP, "0.3333"),
        ("2/3", 1, Mode.HALF_UP, "0.7"),
        ("50", 1, Mode.HALF_UP, "50.0"),
        # two thirds of a half unit away from it, told only by the exact fraction
        ("499999999999999999999999999999/10000000000000000000000000000", 1, Mode.HALF_UP, "50.0"),
        ("498499999999999999999999999999/10000000000000000000000000000", 1, Mode.HALF_UP, "49.8"),
    ],
)
def test_rounding_is_exact(value: str, places: int, mode: Mode, rounded: str) -> None:
    assert str(scoring.round_once(Fraction(value), Rounding(places, mode, Stage.ROUND2, before_compare=False))) == rounded


def test_a_negative_score_is_a_fault_of_the_program() -> None:
    with pytest.raises(ValueError, match="never negative"):
        scoring.round_once(Fraction(-1), Rounding(1, Mode.HALF_UP, Stage.ROUND2, before_compare=False))


@given(st.fractions(min_value=0, max_value=100), st.integers(0, 4))
def test_rounding_moves_by_half_a_unit_at_most(value: Fraction, places: int) -> None:
    rounded = scoring.round_once(value, Rounding(places, Mode.HALF_UP, Stage.ROUND2, before_compare=False))
    assert -Fraction(1, 2 * 10**places) < Fraction(rounded) - value <= Fraction(1, 2 * 10**places)


@pytest.mark.parametrize(
    ("score", "before_compare", "passed", "official"),
    [
        ("49.95", False, False, "50.0"),
        ("49.95", True, True, "50.0"),
        ("49.94", True, False, "49.9"),
        ("50", False, True, "50.0"),
        ("50.01", False, True, "50.0"),
        ("49.999", False, False, "50.0"),
    ],
)
def test_the_pass_mark_is_compared_with_the_exact_score(
    rules_with: RulesWith, score: str, before_compare: bool, passed: bool, official: str
) -> None:
    rules = rules_with({"rounding.before_compare": True} if before_compare else {})
    result = scoring.round2_score(agreed(score), rules)
    assert (result.passed, str(result.official), result.exact) == (passed, official, Fraction(score))


@pytest.mark.parametrize(
    ("groups", "points", "total"),
    [
        ([], "0", "60.0"),
        (["service"], "2.5", "62.5"),
        (["service", "merit", "union"], "7.5", "67.5"),
        (["service", "service"], "2.5", "62.5"),
    ],
)
def test_only_the_highest_priority_counts(rules_with: RulesWith, groups: list[str], points: str, total: str) -> None:
    result = scoring.round2_score(agreed("60"), rules_with(), groups=groups)
    assert (result.priority, result.total) == (D(points), D(total))


def test_priority_adds_up_where_the_rule_set_says_so(rules_with: RulesWith) -> None:
    rules = rules_with({"priority.combine": "sum"})
    assert scoring.priority_points(["service", "merit"], rules.priority) == 10


def test_an_unknown_group_is_a_fault_of_the_program(rules_with: RulesWith) -> None:
    with pytest.raises(KeyError):
        scoring.priority_points(["friends"], rules_with().priority)


@pytest.mark.parametrize("score", ["49.95", "42.5"])
def test_priority_never_lifts_anybody_over_the_pass_mark(rules_with: RulesWith, score: str) -> None:
    result = scoring.round2_score(agreed(score), rules_with(), groups=["merit"])
    assert (result.passed, result.priority, result.total) == (False, 0, result.official)


def test_places_may_go_by_the_round_2_score_alone(rules_with: RulesWith) -> None:
    result = scoring.round2_score(agreed("60"), rules_with({"ranking.total": "round2"}), groups=["merit"])
    assert (result.priority, result.total) == (0, D("60.0"))


@pytest.mark.parametrize(("stage", "total"), [("round2", "63.55"), ("total", "63.6")])
def test_the_one_rounding_is_where_the_rule_set_says(rules_with: RulesWith, stage: str, total: str) -> None:
    """61.04 and 2.55 points: rounded first 61.0 + 2.55, rounded last 63.59."""
    changes = {"priority.service.points": D("2.55")} | ({"rounding.stage": "total"} if stage == "total" else {})
    assert scoring.round2_score(agreed("61.04"), rules_with(changes), groups=["service"]).total == D(total)


@pytest.mark.parametrize(
    ("kinds", "exact", "passed"),
    [
        ([], "80", True),
        (["reprimand"], "60", True),
        (["warning"], "40", False),
        (["reprimand", "warning"], "40", False),
        (["reprimand"] * 2, "60", True),
    ],
)
def test_a_penalty_comes_before_the_pass_test(rules_with: RulesWith, kinds: list[str], exact: str, passed: bool) -> None:
    result = scoring.round2_score(agreed("80"), rules_with(), penalties=kinds, groups=["merit"])
    assert (result.exact, result.passed) == (Fraction(exact), passed)


def test_penalties_add_up_where_the_rule_set_says_so_and_take_no_more_than_all(rules_with: RulesWith) -> None:
    penalties = rules_with({"penalties.combine": "sum"}).penalties
    assert scoring.penalty_share(["reprimand", "warning"], penalties) == Fraction(3, 4)
    assert scoring.penalty_share(["warning", "warning", "reprimand"], penalties) == 1


@pytest.mark.parametrize(("kinds", "cancelled"), [([], False), (["warning"], False), (["warning", "suspension"], True)])
def test_a_suspension_cancels_the_result(rules_with: RulesWith, kinds: list[str], cancelled: bool) -> None:
    assert scoring.cancels(kinds, rules_with().penalties) is cancelled


@pytest.mark.parametrize(
    ("answers", "penalties", "failed"),
    [("15", [], ()), ("14.5", [], ("answers",)), ("20", ["reprimand"], ()), ("19.5", ["reprimand"], ("answers",))],
)
def test_a_floor_is_compared_with_the_exact_mean_after_penalties(
    rules_with: RulesWith, answers: str, penalties: list[str], failed: tuple[str, ...]
) -> None:
    rules = rules_with({"components.answers.floor_percent": 50})
    sheets = {"an": sheet("40", "30", answers), "binh": sheet("40", "30", answers)}
    outcome = scoring.panel_outcome(sheets, None, rules)
    assert isinstance(outcome, Agreed)
    result = scoring.round2_score(outcome, rules, penalties=penalties)
    assert (result.failed_floors, result.passed) == (failed, not failed)
    assert sum(score.mean for score in result.components) == result.exact
