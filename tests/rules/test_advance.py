"""Who goes on to round 2."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from examsite.rules import ranking
from examsite.rules.marking import ExemptResult, PartResult
from examsite.rules.policy import RuleSet
from examsite.rules.ranking import Round1Entry, State
from examsite.rules.refusal import Refused

RulesWith = Callable[..., RuleSet]
EXEMPT = ExemptResult()


def sat(correct: int, questions: int) -> PartResult:
    share = Fraction(correct, questions)
    return PartResult(correct, questions, Fraction(correct), share, share >= Fraction(1, 2))


@pytest.mark.parametrize(
    ("general", "language", "advances", "code", "named"),
    [
        (sat(30, 60), sat(15, 30), True, "advances", ()),
        (sat(29, 60), sat(30, 30), False, "part_failed", ("general",)),
        (sat(60, 60), sat(14, 30), False, "part_failed", ("language",)),
        (sat(0, 60), sat(0, 30), False, "part_failed", ("general", "language")),
        (sat(30, 60), EXEMPT, True, "advances", ("language",)),
        (sat(29, 60), EXEMPT, False, "part_failed", ("general",)),
        (EXEMPT, EXEMPT, True, "advances", ("general", "language")),
        (sat(60, 60), None, False, "part_not_sat", ("language",)),
        (None, sat(0, 30), False, "part_not_sat", ("general",)),
    ],
)
def test_every_part_must_be_passed_or_exempt(
    rules_with: RulesWith,
    general: PartResult | ExemptResult | None,
    language: PartResult | ExemptResult | None,
    advances: bool,
    code: str,
    named: tuple[str, ...],
) -> None:
    (line,) = ranking.advance_round1([Round1Entry("001", {"general": general, "language": language})], rules_with())
    assert (line.advances, line.reason.code, line.reason.params[0][1]) == (advances, code, named)


@pytest.mark.parametrize("state", [State.ABSENT, State.VOIDED, State.WITHDRAWN])
def test_one_who_is_not_there_does_not_go_on_whatever_was_marked(rules_with: RulesWith, state: State) -> None:
    passed = Round1Entry("001", {"general": sat(60, 60), "language": EXEMPT}, state, "minutes 4")
    (line,) = ranking.advance_round1([passed], rules_with())
    assert (line.advances, line.reason.code, line.reason.params) == (False, state.value, (("note", "minutes 4"),))


def test_lines_come_by_candidate_number(rules_with: RulesWith) -> None:
    lines = ranking.advance_round1([Round1Entry("002", {}), Round1Entry("001", {})], rules_with())
    assert [line.number for line in lines] == ["001", "002"]


def test_without_round_1_everybody_goes_on(rules_with: RulesWith) -> None:
    rules = rules_with({"round1.parts": [], "round1.exemptions": []})
    assert ranking.advance_round1([Round1Entry("001", {})], rules)[0].advances


def test_a_number_twice_is_refused(rules_with: RulesWith) -> None:
    with pytest.raises(Refused, match="number_twice"):
        ranking.advance_round1([Round1Entry("001", {}), Round1Entry("001", {})], rules_with())
