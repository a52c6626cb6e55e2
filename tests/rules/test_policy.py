"""A rule set: read, refused, changed. The files themselves are tested in tests/policies."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from examsite import policies
from examsite.rules import policy
from examsite.rules.policy import RuleEntry, RuleSet, Status, Words
from examsite.rules.refusal import Refused

RulesWith = Callable[..., RuleSet]
ENTRIES = policies.load("leader-screening").entries


def changed(*changes: tuple[str, object]) -> tuple[RuleEntry, ...]:
    entries = ENTRIES
    for key, value in changes:
        entries = policy.override(entries, key, value, "for the test")
    return entries


def test_values_come_typed(rules_with: RulesWith) -> None:
    rules = rules_with()
    general, language = rules.round1.parts
    assert (general.id, general.questions, general.minutes, general.pass_share) == ("general", 60, 60, Fraction(1, 2))
    assert (language.questions, language.exemptable, language.by_language, language.bank_minimum) == (30, True, True, 90)
    assert rules.round2.pass_mark == Decimal(50)
    assert [component.maximum for component in rules.round2.components] == [40, 30, 30]
    assert rules.ranking.decider is policy.Decider.COUNCIL
    assert rules.runnable


def test_levels_run_from_zero_to_the_maximum_without_gap(rules_with: RulesWith) -> None:
    defence = rules_with().round2.components[1]
    assert [(level.low, level.high) for level in defence.levels] == [
        (Decimal("0"), Decimal("14.5")),
        (Decimal("15"), Decimal("19.0")),
        (Decimal("19.5"), Decimal("25.0")),
        (Decimal("25.5"), Decimal("30")),
    ]


@pytest.mark.parametrize(("applicants", "days"), [(499, 15), (500, 30), (501, 30)])
def test_deadline_of_a_large_campaign(applicants: int, days: int) -> None:
    round1 = policy.entry_of(ENTRIES, "deadlines.round1.days")
    more = [replace(round1, key=f"deadlines.round1.{name}", value=value) for name, value in (("large_from", 500), ("large_days", 30))]
    deadlines = {deadline.id: deadline for deadline in policy.parse([*ENTRIES, *more]).deadlines}
    assert deadlines["round1"].days_for(applicants) == days
    assert deadlines["report"].days_for(applicants) == 5


def test_every_key_must_be_there() -> None:
    for gone in ENTRIES:
        with pytest.raises(Refused) as refusal:
            policy.parse([entry for entry in ENTRIES if entry is not gone])
        assert refusal.value.code in {"policy_key_missing", "policy_key_unread"}
        assert refusal.value.field is not None


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("parts.history.minutes", "policy_key_unread"),  # a part that no list names
        ("components.defence.brilliant.from", "policy_key_unread"),
        ("rounding.plces", "policy_key_unknown"),
        ("parts.*.minutes", "policy_key_unread"),
        ("x", "policy_key_unknown"),
    ],
)
def test_a_key_that_nothing_reads_fails(key: str, code: str) -> None:
    stray = replace(policy.entry_of(ENTRIES, "parts.general.minutes"), key=key)
    with pytest.raises(Refused) as refusal:
        policy.parse([*ENTRIES, stray])
    assert (refusal.value.code, refusal.value.field) == (code, key)


def test_a_key_twice_is_refused() -> None:
    with pytest.raises(Refused, match="policy_key_twice"):
        policy.parse([*ENTRIES, ENTRIES[0]])


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("parts.general.minutes", 0, "policy_value_range"),
        ("parts.general.minutes", True, "policy_value_kind"),
        ("parts.general.minutes", Decimal(60), "policy_value_kind"),
        ("parts.general.pass_percent", 101, "policy_value_range"),
        ("parts.general.exemptable", 1, "policy_value_kind"),
        ("round2.pass_mark", 50.0, "policy_value_kind"),
        ("round2.pass_mark", Decimal("NaN"), "policy_value_kind"),
        ("round2.pass_mark", Decimal("-0.1"), "policy_value_range"),
        ("session.clock", "sundial", "policy_value_choice"),
        ("spread.wide.decided_by", "mean", "policy_value_choice"),
        ("round1.parts", ["general", "general"], "policy_value_twice"),
        ("round1.parts", ["General"], "policy_value_kind"),
        ("round1.parts", "general", "policy_value_kind"),
        ("council.sizes", [5, 0], "policy_value_range"),
        ("parts.general.name", Words("Kiến thức", " "), "policy_value_empty"),
        ("ranking.tie_steps", ["seniority", "decision:council"], "policy_value_choice"),
        ("ranking.tie_steps", ["component", "decision:council"], "policy_value_kind"),
        ("ranking.tie_steps", ["round2_score:x", "decision:council"], "policy_value_kind"),
        ("ranking.tie_steps", ["decision:board_head"], "policy_value_choice"),
        ("publication.final", ["candidate_number", "identity_number"], "policy_value_choice"),
        ("publication.final", ["candidate_number", "priority_group"], "policy_value_choice"),
        ("publication.eligible", ["candidate_number", "date_of_birth"], "policy_value_choice"),
        ("publication.eligible", ["candidate_number", "phone"], "policy_value_choice"),
        ("rounding.plces", 1, "policy_key_missing"),
    ],
)
def test_a_value_of_the_wrong_kind_or_size_is_refused(key: str, value: object, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        policy.override(ENTRIES, key, value, "a reason")
    assert (refusal.value.code, refusal.value.field) == (code, key)


@pytest.mark.parametrize(
    ("changes", "code", "key"),
    [
        ([("round2.maximum", 90)], "policy_maxima_sum", "round2.maximum"),
        ([("components.defence.maximum", 40)], "policy_maxima_sum", "round2.maximum"),
        ([("round2.pass_mark", Decimal("100.5"))], "policy_pass_above_maximum", "round2.pass_mark"),
        ([("round2.score_step", Decimal(7))], "policy_step_fits_not", "components.presentation.maximum"),
        ([("components.defence.weak.from", 1)], "policy_levels_order", "components.defence.weak.from"),
        ([("components.defence.good.from", 15)], "policy_levels_order", "components.defence.fair.from"),
        ([("components.defence.strong.from", 31)], "policy_levels_order", "components.defence.strong.from"),
        ([("components.defence.good.from", Decimal("19.25"))], "policy_levels_order", "components.defence.good.from"),
        ([("spread.very_wide.from", 5)], "policy_bands_order", "spread.very_wide.from"),
        ([("late.long.exam_minutes_from", 31)], "policy_bands_order", "late.long.exam_minutes_from"),
        ([("late.short.exam_minutes_from", 1)], "policy_late_from_zero", "late.short.exam_minutes_from"),
        ([("exemptions.degree_abroad.parts", ["general"])], "policy_names_unknown", "exemptions.degree_abroad.parts"),
        ([("exemptions.degree_abroad.parts", [])], "policy_list_empty", "exemptions.degree_abroad.parts"),
        ([("round2.components", [])], "policy_list_empty", "round2.components"),
        ([("council.sizes", [])], "policy_list_empty", "council.sizes"),
        ([("publication.final", [])], "policy_list_empty", "publication.final"),
        ([("round1.languages", [])], "policy_list_empty", "round1.languages"),
        ([("ranking.tie_steps", ["round2_score"])], "policy_tie_needs_decision", "ranking.tie_steps"),
        ([("ranking.tie_steps", ["decision:council", "round2_score"])], "policy_tie_needs_decision", "ranking.tie_steps"),
        ([("ranking.tie_steps", ["component:essay", "decision:council"])], "policy_names_unknown", "ranking.tie_steps"),
        ([("ranking.tie_steps", ["part_correct:it", "decision:council"])], "policy_names_unknown", "ranking.tie_steps"),
        ([("publication.final", ["candidate_number", "round2_score", "total"])], "policy_priority_leak", "publication.final"),
        ([("publication.final", ["candidate_number", "components", "total"])], "policy_priority_leak", "publication.final"),
    ],
)
def test_values_that_contradict_each_other_are_refused(changes: list[tuple[str, object]], code: str, key: str) -> None:
    with pytest.raises(Refused) as refusal:
        policy.parse(changed(*changes))
    assert (refusal.value.code, refusal.value.field) == (code, key)


def test_scores_and_total_may_stand_together_where_no_points_are_added_or_the_points_are_shown() -> None:
    both = ["candidate_number", "round2_score", "total"]
    assert policy.parse(changed(("publication.final", both), ("ranking.total", "round2"))).publication.final == tuple(both)
    assert policy.parse(changed(("publication.final", [*both, "priority_points"]))).publication.final[-1] == "priority_points"


def test_a_change_keeps_the_first_value_and_the_last_reason() -> None:
    once = policy.override(ENTRIES, "session.break_minutes", 20, "first")
    twice = policy.entry_of(policy.override(once, "session.break_minutes", 30, " second "), "session.break_minutes")
    assert twice.change == policy.Change(10, Status.ASSUMED, "second")
    assert policy.override(once, "session.break_minutes", 10, "back to the rule") == ENTRIES


def test_a_changed_value_is_no_longer_the_article_s() -> None:
    before = policy.entry_of(ENTRIES, "positions.min_candidates")
    after = policy.entry_of(changed(("positions.min_candidates", 3)), "positions.min_candidates")
    assert (before.status, after.status) == (Status.CONFIRMED, Status.ASSUMED)


@pytest.mark.parametrize(
    ("key", "value", "reason", "code"),
    [
        ("session.break_minutes", 20, " ", "policy_reason_missing"),
        ("session.break_minutes", 10, "no change", "policy_value_same"),
        ("set.id", "other", "rename", "policy_key_fixed"),
    ],
)
def test_a_change_is_refused_without_reason_or_effect(key: str, value: object, reason: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        policy.override(ENTRIES, key, value, reason)


def test_a_part_taken_out_takes_its_values_with_it() -> None:
    with pytest.raises(Refused) as refusal:
        policy.parse(changed(("round1.parts", ["general"])))
    assert refusal.value.code == "policy_names_unknown"  # the exemptions still name the part
    rules = policy.parse(changed(("round1.parts", ["general"]), ("round1.exemptions", []), ("round1.languages", [])))
    assert [part.id for part in rules.round1.parts] == ["general"]


def test_a_level_taken_out_takes_its_descriptions_with_it() -> None:
    rules = policy.parse(changed(("round2.levels", ["weak", "fair", "good"])))
    assert [(level.id, level.high) for level in rules.round2.components[0].levels][-1] == ("good", Decimal(40))


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("session.break_minutes", " 20 ", 20),
        ("round2.score_step", "0,25", Decimal("0.25")),
        ("round2.score_step", "0.25", Decimal("0.25")),
        ("round1.remarking", "yes", True),
        ("session.clock", "personal", "personal"),
        ("council.sizes", "5, 7,9", (5, 7, 9)),
        ("round1.exemptions", "", ()),
    ],
)
def test_a_typed_text_becomes_a_value(key: str, text: str, value: object) -> None:
    assert policy.value_from_text(key, text) == value


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("session.break_minutes", "ten"),
        ("session.break_minutes", "1.5"),
        ("round2.score_step", "1e1"),
        ("round2.score_step", ""),
        ("round1.remarking", "maybe"),
        ("council.sizes", "5; 7"),
        ("parts.general.name", "General"),
    ],
)
def test_a_typed_text_that_is_no_value_is_refused(key: str, text: str) -> None:
    with pytest.raises(Refused, match="policy_value"):
        policy.value_from_text(key, text)


@pytest.mark.parametrize(
    ("changes", "waits_for"),
    [
        ([], []),
        ([("round1.form", "paper")], ["paper_test"]),
        ([("parts.general.kind", "essay")], ["written_papers"]),
        ([("round1.remarking", True)], ["remarking"]),
        ([("round2.remarking", True)], ["remarking"]),
        ([("round2.form", "written")], ["written_papers"]),
        ([("round2.form", "oral")], []),
        ([("round2.form", "practice")], []),
        ([("round2.form", "project")], []),
        ([("ranking.tie_steps", ["assessment_score", "decision:council"])], ["assessment_scores"]),
    ],
)
def test_a_set_names_what_it_waits_for(changes: list[tuple[str, object]], waits_for: list[str]) -> None:
    rules = policy.parse(changed(*changes))
    assert list(rules.waits_for) == waits_for
    assert rules.runnable == (not waits_for)


def test_a_set_without_round_1_needs_no_test() -> None:
    rules = policy.parse(changed(("round1.parts", []), ("round1.exemptions", []), ("round1.form", "paper")))
    assert rules.needs == {policy.Capability.INTERVIEW}
