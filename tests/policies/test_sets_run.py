"""Each set that can be chosen, run by its own rules from the papers to the recommendation; each other says what it waits for."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import pytest

from examsite import policies
from examsite.rules import policy, ranking, scoring
from examsite.rules.marking import ExemptResult, PartResult
from examsite.rules.policy import Component, RuleEntry, RuleSet
from examsite.rules.ranking import Entry, Round1Entry, State, TieDecision
from examsite.rules.scoring import Agreed, NeedsDecision, ScoreDecision, Sheet
from examsite.wording import SENTENCES

RUNNABLE = [set_id for set_id in policies.available() if policies.load(set_id).rules.runnable]
WAITING = [set_id for set_id in policies.available() if set_id not in RUNNABLE]


def result(part: policy.Part, correct: int) -> PartResult:
    share = Fraction(correct, part.questions)
    return PartResult(correct, part.questions, Fraction(correct), share, passed=share >= part.pass_share)


def least(part: policy.Part) -> int:
    """The fewest right answers that pass."""
    return next(number for number in range(part.questions + 1) if Fraction(number, part.questions) >= part.pass_share)


def who_goes_on(rules: RuleSet) -> dict[str, bool]:
    """One who just passes every part, one who just fails the last, one who is exempt where that may be, one who did not come."""
    parts = rules.round1.parts
    just = {part.id: result(part, least(part)) for part in parts}
    exempt = {part.id: ExemptResult() if part.exemptable else just[part.id] for part in parts}
    below = {**just, parts[-1].id: result(parts[-1], least(parts[-1]) - 1)}
    entries = [
        Round1Entry("001", just),
        Round1Entry("002", below),
        Round1Entry("003", exempt),
        Round1Entry("004", {}, State.ABSENT),
    ]
    return {advance.number: advance.advances for advance in ranking.advance_round1(entries, rules)}


def sheet(components: Sequence[Component], percent: int) -> Sheet:
    """About so many hundredths of every criterion, in whole steps."""
    return {one.id: Decimal(one.maximum * percent // 100) // one.step * one.step for one in components}


def agreed(rules: RuleSet, *percents: int) -> Agreed:
    """The panel's score, decided by whom the rules name where the members lie too far apart."""
    sheets = {f"member {place}": sheet(rules.round2.components, percent) for place, percent in enumerate(percents)}
    outcome = scoring.panel_outcome(sheets, None, rules)
    if isinstance(outcome, NeedsDecision):
        outcome = scoring.panel_outcome(sheets, ScoreDecision(outcome.by, Decimal(70), "after the discussion"), rules)
    assert isinstance(outcome, Agreed)
    return outcome


def members(rules: RuleSet, percent: int) -> list[int]:
    return [percent] * max(2, rules.round2.minimum_members)


@pytest.mark.parametrize("set_id", RUNNABLE)
def test_round_1_lets_in_whoever_passes_or_is_exempt(set_id: str) -> None:
    rules = policies.load(set_id).rules
    if rules.round1.parts:
        assert who_goes_on(rules) == {"001": True, "002": False, "003": True, "004": False}
    assert bool(rules.round1.parts) == (policy.Capability.COMPUTER_TEST in rules.needs)


@pytest.mark.parametrize("set_id", RUNNABLE)
def test_every_spread_is_settled_by_whom_the_set_names(set_id: str) -> None:
    rules = policies.load(set_id).rules
    assert agreed(rules, *members(rules, 60)).by is policy.Decider.MEAN
    apart = agreed(rules, *members(rules, 60)[1:], 90)
    assert apart.by is (rules.spread[-1].decider if rules.spread else policy.Decider.MEAN)


@pytest.mark.parametrize("set_id", RUNNABLE)
def test_from_the_score_sheets_to_the_recommendation(set_id: str) -> None:
    """Three who are equal across two seats after one who is ahead, one who fails, one who did not come: a person decides at last."""
    rules = policies.load(set_id).rules
    ahead, equal, below = (scoring.round2_score(agreed(rules, *members(rules, percent)), rules) for percent in (90, 70, 20))
    correct = tuple((part.id, part.questions) for part in rules.round1.parts)
    field = [Entry("1", ahead, correct=correct), *(Entry(number, equal, correct=correct) for number in "234")]
    field += [Entry("5", below, correct=correct), Entry("6", None, State.ABSENT)]
    waiting = ranking.rank(field, 2, rules)
    assert (ahead.passed, equal.passed, below.passed) == (True, True, False)
    assert ranking.recommended(waiting) == ("1",)
    assert [tie.numbers for tie in waiting.pending_ties] == [("2", "3", "4")]
    decision = TieDecision(("3", "2", "4"), rules.ranking.decider, "12/QĐ", "the council met")
    decided = ranking.rank(field, 2, rules, [decision])
    assert ranking.recommended(decided) == ("1", "3")
    assert [line.number for line in decided.standings if line.place is None] == ["5", "6"]


@pytest.mark.parametrize("set_id", [set_id for set_id in RUNNABLE if policies.load(set_id).rules.priority.groups])
def test_priority_points_come_after_the_pass_mark(set_id: str) -> None:
    rules = policies.load(set_id).rules
    group = rules.priority.groups[0]
    passed, failed = (scoring.round2_score(agreed(rules, *members(rules, percent)), rules, groups=[group.id]) for percent in (70, 40))
    adds = rules.ranking.total is policy.Total.ROUND2_PLUS_PRIORITY
    assert passed.priority == (group.points if adds else 0)
    assert not failed.passed
    assert failed.priority == 0


@pytest.mark.parametrize("set_id", RUNNABLE)
def test_each_sanction_of_the_set_takes_off_its_share_or_the_result(set_id: str) -> None:
    rules = policies.load(set_id).rules
    outcome = agreed(rules, *members(rules, 80))
    for kind in rules.penalties.kinds:
        if not kind.cancels:
            assert scoring.round2_score(outcome, rules, penalties=[kind.id]).exact == outcome.score * (1 - kind.share)
        assert scoring.cancels([kind.id], rules.penalties) == kind.cancels


@pytest.mark.parametrize("set_id", WAITING)
def test_a_set_that_waits_says_for_what(set_id: str) -> None:
    rules = policies.load(set_id).rules
    assert rules.waits_for
    assert all(f"policy.needs.{need}" in SENTENCES for need in rules.waits_for)


@pytest.mark.parametrize(
    ("base", "old", "new"),
    [
        ("cs-138-2020", "mark-6-2020", "mark-2010"),
        ("cs-138-2020", "mark-6-2020", "mark-langson"),
        ("cs-138-2020", "penalty-25-50", "penalty-20-40"),
        ("cs-138-2020", "prio-138", "prio-170"),
        ("cs-138-2020", "late-6-2020", "late-2025"),
    ],
)
def test_a_block_fits_in_the_place_of_another(base: str, old: str, new: str) -> None:
    rules = policy.parse(_in_place_of(policies.load(base).entries, policies.block(old).entries, policies.block(new).entries))
    assert rules.runnable
    assert rules != policies.load(base).rules or old.startswith("prio")  # the two decrees give the same points


def _in_place_of(base: Sequence[RuleEntry], old: Sequence[RuleEntry], new: Sequence[RuleEntry]) -> list[RuleEntry]:
    gone = {entry.key for entry in old}
    return [entry for entry in base if entry.key not in gone] + list(new)
