"""Places, seats, ties and their reasons: table cases at each boundary."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction

import pytest

from examsite.rules import canonical, ranking, scoring
from examsite.rules.policy import Decider, RuleSet
from examsite.rules.ranking import Entry, PendingTie, Ranking, Seat, State, TieDecision
from examsite.rules.refusal import Refused
from examsite.rules.scoring import Agreed, ComponentScore

RulesWith = Callable[..., RuleSet]
LONG_TIE = ["round2_score", "component:defence", "part_correct:general", "exempt_round1", "decision:agency_head"]


@pytest.fixture(scope="module")
def rules(rules_with: RulesWith) -> RuleSet:
    return rules_with()


def entry(
    number: str,
    score: str,
    rules: RuleSet,
    *,
    defence: str = "20",
    groups: Sequence[str] = (),
    general: int | None = 40,
    exempt: bool = False,
    penalties: Sequence[str] = (),
) -> Entry:
    """A candidate with this exact score, of which the defence got so much."""
    means = (ComponentScore("defence", Fraction(defence), Fraction(0)),)
    result = scoring.round2_score(Agreed(Fraction(score), Decider.MEAN, Fraction(0), means), rules, groups=groups, penalties=penalties)
    return Entry(number, result, correct=() if general is None else (("general", general),), exempt_round1=exempt)


def seats(outcome: Ranking) -> dict[str, tuple[int | None, int | None, str]]:
    return {line.number: (line.place, line.last_place, line.seat.value) for line in outcome.standings}


def why(outcome: Ranking, number: str) -> dict[str, object]:
    reason = outcome.standing(number).reason
    return {"code": reason.code, **dict(reason.params)}


def test_places_skip_after_a_shared_one(rules: RuleSet) -> None:
    scores = {"001": "90", "002": "85", "003": "85", "004": "80"}
    outcome = ranking.rank([entry(number, score, rules) for number, score in scores.items()], 3, rules)
    assert [(line.number, line.place) for line in outcome.standings] == [("001", 1), ("002", 2), ("003", 2), ("004", 4)]
    assert ranking.recommended(outcome) == ("001", "002", "003")


def test_a_tie_inside_the_quota_needs_no_breaking(rules: RuleSet) -> None:
    outcome = ranking.rank([entry("001", "85", rules, defence="25"), entry("002", "85", rules), entry("003", "70", rules)], 2, rules)
    assert seats(outcome) == {"001": (1, 1, "inside"), "002": (1, 1, "inside"), "003": (3, 3, "outside")}
    assert outcome.steps == outcome.pending_ties == ()
    assert why(outcome, "001") == {"code": "inside_shared", "place": 1, "total": Decimal("85.0"), "quota": 2, "others": ("002",)}


def test_a_tie_outside_the_quota_needs_no_breaking(rules: RuleSet) -> None:
    outcome = ranking.rank([entry("001", "85", rules), entry("002", "70", rules), entry("003", "70", rules)], 1, rules)
    assert seats(outcome) == {"001": (1, 1, "inside"), "002": (2, 2, "outside"), "003": (2, 2, "outside")}
    assert why(outcome, "003")["code"] == "outside_shared"


def test_places_go_by_the_rounded_score(rules: RuleSet) -> None:
    outcome = ranking.rank([entry("001", "82.04", rules), entry("002", "81.96", rules)], 2, rules)
    assert [line.place for line in outcome.standings] == [1, 1]


def test_a_tie_across_the_last_seat_is_broken_by_the_first_step_that_tells_apart(rules: RuleSet) -> None:
    outcome = ranking.rank([entry("001", "82", rules, defence="24"), entry("002", "82", rules, defence="24.5")], 1, rules)
    assert seats(outcome) == {"002": (1, 1, "inside"), "001": (2, 2, "outside")}
    assert [(record.step.name, record.applied) for record in outcome.steps] == [("round2_score", True), ("component", True)]
    assert outcome.steps[1].compared == (("002", Fraction("24.5")), ("001", Fraction(24)))
    assert why(outcome, "002") == {
        "code": "inside_by_step",
        "place": 1,
        "total": Decimal("82.0"),
        "step": "component",
        "of": "defence",
        "value": Fraction("24.5"),
        "others": ("001",),
    }
    assert why(outcome, "001")["code"] == "outside_by_step"


def test_a_tie_step_compares_criteria_after_penalties(rules: RuleSet) -> None:
    """80 with a reprimand leaves 60, and of a defence of 24 it leaves 18."""
    outcome = ranking.rank(
        [entry("001", "60", rules, defence="20"), entry("002", "80", rules, defence="24", penalties=["reprimand"])], 1, rules
    )
    assert outcome.steps[1].compared == (("001", Fraction(20)), ("002", Fraction(18)))


def test_a_higher_round_2_score_goes_before_priority_points(rules: RuleSet) -> None:
    outcome = ranking.rank([entry("001", "80", rules, groups=["service"]), entry("002", "82.5", rules)], 1, rules)
    assert [line.total for line in outcome.standings] == [Decimal("82.5"), Decimal("82.5")]
    assert ranking.recommended(outcome) == ("002",)


def test_three_tied_for_one_seat(rules: RuleSet) -> None:
    tied = [entry("001", "82", rules, defence="20"), entry("002", "82", rules, defence="25"), entry("003", "82", rules, defence="25")]
    outcome = ranking.rank(tied, 1, rules)
    assert seats(outcome) == {"002": (1, 2, "undecided"), "003": (1, 2, "undecided"), "001": (3, 3, "outside")}
    assert outcome.pending_ties == (PendingTie(("002", "003"), 1, Decider.COUNCIL),)
    assert ranking.recommended(outcome) == ()
    assert why(outcome, "003") == {
        "code": "undecided",
        "place": 1,
        "last_place": 2,
        "total": Decimal("82.0"),
        "seats": 1,
        "decider": "council",
        "others": ("002",),
    }


def test_those_a_step_puts_above_the_last_seat_may_share_a_place(rules: RuleSet) -> None:
    tied = [entry("001", "82", rules, defence="25"), entry("002", "82", rules, defence="25"), entry("003", "82", rules, defence="20")]
    outcome = ranking.rank([*tied, entry("000", "90", rules)], 3, rules)
    assert seats(outcome) == {"000": (1, 1, "inside"), "001": (2, 2, "inside"), "002": (2, 2, "inside"), "003": (4, 4, "outside")}


@pytest.mark.parametrize(
    ("first", "second", "step"),
    [
        ({"defence": "21"}, {"defence": "20"}, "component"),
        ({"general": 41}, {"general": 40}, "part_correct"),
        ({"general": None, "exempt": True}, {"general": 60}, "exempt_round1"),  # one did not sit: the count is not compared
    ],
)
def test_each_step_of_a_long_rule(rules_with: RulesWith, first: dict[str, object], second: dict[str, object], step: str) -> None:
    rules = rules_with({"ranking.tie_steps": LONG_TIE})
    outcome = ranking.rank([entry("002", "82", rules, **first), entry("001", "82", rules, **second)], 1, rules)  # type: ignore[arg-type]
    assert ranking.recommended(outcome) == ("002",)
    assert why(outcome, "002")["step"] == step
    assert outcome.steps[-1].step.name == step


def test_a_part_that_one_did_not_sit_is_recorded_as_not_compared(rules_with: RulesWith) -> None:
    rules = rules_with({"ranking.tie_steps": LONG_TIE})
    outcome = ranking.rank([entry("001", "82", rules, general=None), entry("002", "82", rules)], 1, rules)
    record = outcome.steps[2]
    assert (record.applied, record.compared) == (False, (("001", None), ("002", 40)))
    assert outcome.pending_ties[0].decider is Decider.AGENCY_HEAD


def decision(*order: str, decider: Decider = Decider.COUNCIL, document: str = "12/QĐ", reason: str = "vote 5 to 2") -> TieDecision:
    return TieDecision(order, decider, document, reason)


def test_a_recorded_decision_settles_the_tie(rules: RuleSet) -> None:
    tied = [entry(number, "82", rules) for number in ("001", "002", "003")]
    outcome = ranking.rank(tied, 2, rules, [decision("003", "001", "002")])
    assert seats(outcome) == {"003": (1, 1, "inside"), "001": (2, 2, "inside"), "002": (3, 3, "outside")}
    assert outcome.pending_ties == ()
    assert why(outcome, "002") == {
        "code": "outside_by_decision",
        "place": 3,
        "total": Decimal("82.0"),
        "decider": "council",
        "document": "12/QĐ",
        "others": ("001", "003"),
    }


@pytest.mark.parametrize(
    ("decisions", "code"),
    [
        ([decision("001", "003")], "tie_decision_wrong_people"),
        ([decision("001")], "tie_decision_wrong_people"),
        ([decision("001", "002", "003")], "tie_decision_wrong_people"),
        ([decision("001", "001")], "tie_decision_wrong_people"),
        ([decision("001", "002", decider=Decider.AGENCY_HEAD)], "tie_decision_wrong_decider"),
        ([decision("001", "002", document=" ")], "tie_decision_incomplete"),
        ([decision("001", "002", reason="")], "tie_decision_incomplete"),
        ([decision("001", "002"), decision("002", "001")], "tie_decision_twice"),
    ],
)
def test_a_decision_about_another_tie_is_refused(rules: RuleSet, decisions: list[TieDecision], code: str) -> None:
    field = [entry("001", "82", rules), entry("002", "82", rules), entry("003", "70", rules)]
    with pytest.raises(Refused, match=code):
        ranking.rank(field, 1, rules, decisions)


@pytest.mark.parametrize("quota", [1, 2])
def test_a_decision_where_nobody_is_tied_is_refused(rules: RuleSet, quota: int) -> None:
    with pytest.raises(Refused, match="tie_decision_wrong_people"):
        ranking.rank([entry("001", "82", rules), entry("002", "80", rules)], quota, rules, [decision("001", "002")])


def test_the_decision_names_only_those_whom_no_step_separated(rules: RuleSet) -> None:
    tied = [entry("001", "82", rules, defence="20"), entry("002", "82", rules, defence="25"), entry("003", "82", rules, defence="25")]
    outcome = ranking.rank(tied, 1, rules, [decision("003", "002")])
    assert [(line.number, line.place) for line in outcome.standings] == [("003", 1), ("002", 2), ("001", 3)]


def test_more_seats_than_candidates(rules: RuleSet) -> None:
    outcome = ranking.rank([entry("001", "82", rules), entry("002", "60", rules)], 5, rules)
    assert ranking.recommended(outcome) == ("001", "002")


def test_nobody_to_rank(rules: RuleSet) -> None:
    assert ranking.rank([], 2, rules) == Ranking(2, (), (), ())


@pytest.mark.parametrize("quota", [0, -1])
def test_a_quota_below_one_is_refused(rules: RuleSet, quota: int) -> None:
    with pytest.raises(Refused, match="quota_too_small"):
        ranking.rank([entry("001", "82", rules)], quota, rules)


def test_a_number_twice_is_refused(rules: RuleSet) -> None:
    with pytest.raises(Refused, match="number_twice"):
        ranking.rank([entry("001", "82", rules), entry("001", "80", rules)], 1, rules)


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        (Entry("009", None, State.ABSENT, note="no-show"), {"code": "absent", "note": "no-show"}),
        (Entry("009", None, State.VOIDED, note="12/BB"), {"code": "voided", "note": "12/BB"}),
        (Entry("009", None, State.WITHDRAWN, note="letter"), {"code": "withdrawn", "note": "letter"}),
        (Entry("009", None), {"code": "not_scored"}),
    ],
)
def test_those_without_a_place_come_last_with_their_reason(rules: RuleSet, who: Entry, reason: dict[str, object]) -> None:
    outcome = ranking.rank([who, entry("010", "60", rules)], 2, rules)
    assert [(line.number, line.place, line.seat) for line in outcome.standings] == [("010", 1, Seat.INSIDE), ("009", None, Seat.NONE)]
    assert why(outcome, "009") == reason


def test_one_who_was_scored_and_then_voided_has_no_place(rules: RuleSet) -> None:
    scored = entry("001", "99", rules)
    voided = Entry("001", scored.score, State.VOIDED, note="12/BB")
    assert ranking.recommended(ranking.rank([voided, entry("002", "60", rules)], 1, rules)) == ("002",)


def test_49_95_is_shown_as_50_and_has_no_place(rules: RuleSet) -> None:
    outcome = ranking.rank([entry("001", "49.95", rules, groups=["merit"]), entry("002", "50", rules)], 2, rules)
    assert ranking.recommended(outcome) == ("002",)
    reason = {"code": "below_pass", "exact": Fraction("49.95"), "official": Decimal("50.0"), "pass_mark": Decimal(50)}
    assert why(outcome, "001") == reason


def test_one_below_a_floor_has_no_place(rules_with: RulesWith) -> None:
    rules = rules_with({"components.defence.floor_percent": 50})
    outcome = ranking.rank([entry("001", "90", rules, defence="14.9"), entry("002", "60", rules, defence="15")], 2, rules)
    assert why(outcome, "001") == {"code": "below_floor", "components": ("defence",), "official": Decimal("90.0")}
    assert ranking.recommended(outcome) == ("002",)


@pytest.mark.parametrize(("change", "code"), [({"rounding.before_compare": True}, "below_floor"), ({}, "below_pass")])
def test_the_reason_compares_the_score_that_the_pass_test_compared(rules_with: RulesWith, change: dict[str, object], code: str) -> None:
    rules = rules_with({"components.defence.floor_percent": 50} | change)
    outcome = ranking.rank([entry("001", "49.96", rules, defence="14.9")], 1, rules)
    assert why(outcome, "001")["code"] == code


def test_a_ranking_has_a_digest(rules: RuleSet) -> None:
    """Its lines are made of what the canonical form can hold, so that a second computation can be compared byte by byte."""
    field = [entry("001", "82", rules), entry("002", "82", rules), Entry("003", None)]
    turned = ranking.rank(field[::-1], 1, rules)
    assert canonical.digest(ranking.rank(field, 1, rules)) == canonical.digest(turned)
    assert canonical.digest(ranking.rank(field, 2, rules)) != canonical.digest(turned)
