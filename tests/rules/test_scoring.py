"""From score sheets to the panel's score: what a sheet may hold, and who decides at which spread."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examsite.rules import scoring
from examsite.rules.policy import Decider, RuleSet
from examsite.rules.refusal import Refused
from examsite.rules.scoring import Agreed, Fault, Incomplete, NeedsDecision, ScoreDecision

RulesWith = Callable[..., RuleSet]
D = Decimal


def sheet(presentation: str, defence: str, answers: str) -> dict[str, Decimal]:
    return {"presentation": D(presentation), "defence": D(defence), "answers": D(answers)}


def finely_scored(rules: RuleSet) -> RuleSet:
    """The rules with steps finer than any rule set may have, to come close to the edges of the spread."""
    components = tuple(replace(component, step=D("0.0001")) for component in rules.round2.components)
    return replace(rules, round2=replace(rules.round2, components=components))


def sheets_with_spread(difference: str) -> dict[str, dict[str, Decimal]]:
    """Two members whose totals differ by this much, around 60."""
    return {"an": sheet("20", "20", "20"), "binh": sheet("20", "20", str(20 + D(difference)))}


@pytest.mark.parametrize(
    ("score", "code"),
    [
        ("0", None),
        ("30", None),
        ("29.5", None),
        ("-0.5", "below_zero"),
        ("30.5", "above_maximum"),
        ("29.7", "off_step"),
        ("NaN", "not_a_number"),
    ],
)
def test_a_criterion_is_scored_from_zero_to_its_maximum_in_steps(rules_with: RulesWith, score: str, code: str | None) -> None:
    faults = scoring.check_sheet(sheet("20", score, "20"), rules_with().round2.components)
    assert [(fault.component, fault.code) for fault in faults] == ([("defence", code)] if code else [])


def test_whole_numbers_only_where_the_rule_set_says_so(rules_with: RulesWith) -> None:
    components = rules_with(base="cs-138-2020").round2.components
    scores = {"understanding": D("20.5"), "situations": 20, "expression": 10}
    assert [fault.code for fault in scoring.check_sheet(scores, components)] == ["off_step"]


def test_unscored_is_missing_and_not_zero(rules_with: RulesWith) -> None:
    faults = scoring.check_sheet({"presentation": D(0), "defence": None}, rules_with().round2.components)
    assert faults == (Fault("defence", "missing"), Fault("answers", "missing"))


def test_a_criterion_that_is_not_on_the_sheet_is_named(rules_with: RulesWith) -> None:
    faults = scoring.check_sheet({**sheet("1", "2", "3"), "charm": D(9)}, rules_with().round2.components)
    assert faults == (Fault("charm", "unknown"),)


def test_a_float_is_a_fault_of_the_program(rules_with: RulesWith) -> None:
    with pytest.raises(TypeError):
        scoring.check_sheet({"presentation": 20.5}, rules_with().round2.components)  # type: ignore[dict-item]


@pytest.mark.parametrize(("totals", "difference"), [(["70"], "0"), (["70", "70"], "0"), (["70", "64.5", "69"], "5.5")])
def test_spread_is_highest_less_lowest_over_all_members(totals: Sequence[str], difference: str) -> None:
    assert scoring.spread(Fraction(total) for total in totals) == Fraction(difference)


@pytest.mark.parametrize(
    ("difference", "by"),
    [
        ("0", None),
        ("4.9999", None),
        ("5", None),
        ("5.0001", Decider.BOARD_HEAD),
        ("9.99", Decider.BOARD_HEAD),
        ("9.9999", Decider.BOARD_HEAD),
        ("10", Decider.COUNCIL_CHAIR),
    ],
)
def test_who_decides_goes_by_the_spread(rules_with: RulesWith, difference: str, by: Decider | None) -> None:
    outcome = scoring.panel_outcome(sheets_with_spread(difference), None, finely_scored(rules_with()))
    if by is None:
        assert outcome.by is Decider.MEAN
        assert isinstance(outcome, Agreed)
        assert outcome.score == 60 + Fraction(difference) / 2
    else:
        assert isinstance(outcome, NeedsDecision)
        assert (outcome.by, outcome.spread) == (by, Fraction(difference))


def test_the_mean_of_three_members_is_exact(rules_with: RulesWith) -> None:
    sheets = {"an": sheet("20", "20", "20"), "binh": sheet("20", "20", "20.5"), "chi": sheet("20", "20", "20.5")}
    outcome = scoring.panel_outcome(sheets, None, rules_with())
    assert isinstance(outcome, Agreed)
    assert outcome.score == Fraction(181, 3)
    assert [(part.component, part.mean, part.spread) for part in outcome.components] == [
        ("presentation", 20, 0),
        ("defence", 20, 0),
        ("answers", Fraction(61, 3), Fraction(1, 2)),
    ]


def test_a_wide_component_is_shown_though_the_totals_agree(rules_with: RulesWith) -> None:
    outcome = scoring.panel_outcome({"an": sheet("30", "10", "20"), "binh": sheet("20", "20", "20")}, None, rules_with())
    assert isinstance(outcome, Agreed)
    assert (outcome.spread, [part.spread for part in outcome.components]) == (0, [10, 10, 0])


def test_without_bands_the_mean_always_holds(rules_with: RulesWith) -> None:
    outcome = scoring.panel_outcome(sheets_with_spread("10"), None, rules_with({"spread.bands": []}))
    assert isinstance(outcome, Agreed)


@pytest.mark.parametrize(
    ("sheets", "missing", "members"),
    [
        ({}, (), 0),
        ({"an": sheet("20", "20", "20")}, (), 1),
        ({"binh": {"presentation": D(1)}, "an": sheet("2", "2", "2")}, (("binh", "defence"), ("binh", "answers")), 2),
    ],
)
def test_no_score_while_sheets_are_missing(
    rules_with: RulesWith, sheets: dict[str, dict[str, Decimal]], missing: tuple[tuple[str, str], ...], members: int
) -> None:
    assert scoring.panel_outcome(sheets, None, rules_with()) == Incomplete(missing, members, 2)


def test_a_faulty_sheet_is_refused(rules_with: RulesWith) -> None:
    with pytest.raises(Refused, match="sheet_faulty"):
        scoring.panel_outcome({"an": sheet("20", "31", "20"), "binh": sheet("20", "20", "20")}, None, rules_with())


@pytest.mark.parametrize(("difference", "by"), [("6", Decider.BOARD_HEAD), ("10", Decider.COUNCIL_CHAIR)])
def test_the_one_who_may_decides_the_score(rules_with: RulesWith, difference: str, by: Decider) -> None:
    outcome = scoring.panel_outcome(sheets_with_spread(difference), ScoreDecision(by, D("66.5"), " heard both "), rules_with())
    assert isinstance(outcome, Agreed)
    assert (outcome.score, outcome.by, outcome.reason) == (Fraction("66.5"), by, "heard both")


@pytest.mark.parametrize(
    ("difference", "decision", "code"),
    [
        ("5", ScoreDecision(Decider.BOARD_HEAD, D(60), "r"), "score_decision_not_asked"),
        ("6", ScoreDecision(Decider.COUNCIL_CHAIR, D(60), "r"), "score_decision_wrong_decider"),
        ("10", ScoreDecision(Decider.BOARD_HEAD, D(60), "r"), "score_decision_wrong_decider"),
        ("6", ScoreDecision(Decider.BOARD_HEAD, D("100.5"), "r"), "score_decision_out_of_range"),
        ("6", ScoreDecision(Decider.BOARD_HEAD, D("-1"), "r"), "score_decision_out_of_range"),
        ("6", ScoreDecision(Decider.BOARD_HEAD, D("NaN"), "r"), "score_decision_out_of_range"),
        ("6", ScoreDecision(Decider.BOARD_HEAD, D(60), " "), "reason_missing"),
    ],
)
def test_a_decision_that_is_not_due_is_refused(rules_with: RulesWith, difference: str, decision: ScoreDecision, code: str) -> None:
    with pytest.raises(Refused, match=code):
        scoring.panel_outcome(sheets_with_spread(difference), decision, rules_with())


def test_nobody_decides_before_all_have_scored(rules_with: RulesWith) -> None:
    with pytest.raises(Refused, match="score_decision_too_early"):
        scoring.panel_outcome({"an": sheet("20", "20", "20")}, ScoreDecision(Decider.BOARD_HEAD, D(60), "r"), rules_with())


SCORES = st.fixed_dictionaries({"presentation": st.integers(0, 80), "defence": st.integers(0, 60), "answers": st.integers(0, 60)})


@given(st.lists(SCORES, min_size=2, max_size=5))
def test_the_order_of_members_never_matters(rules_with: RulesWith, scores: list[dict[str, int]]) -> None:
    sheets = {f"m{place}": {name: D(score) / 2 for name, score in one.items()} for place, one in enumerate(scores)}
    turned = dict(reversed(sheets.items()))
    rules = rules_with()
    assert scoring.panel_outcome(sheets, None, rules) == scoring.panel_outcome(turned, None, rules)
