"""A rule set stored as plain values, and told in words."""

from decimal import Decimal

import pytest

from examsite import policies
from examsite.rules import canonical, policy
from examsite.rules.policy import RuleEntry, Words
from examsite.rules.refusal import Refused

ENTRIES = policies.load("leader-screening").entries


def changed(*changes: tuple[str, object]) -> tuple[RuleEntry, ...]:
    entries = ENTRIES
    for key, value in changes:
        entries = policy.override(entries, key, value, "for the test")
    return entries


def test_the_stored_copy_is_the_set() -> None:
    entries = changed(("round2.score_step", Decimal("0.25")), ("parts.general.name", Words("Kiến thức", "Knowledge")))
    assert policy.restore(policy.dump(entries)) == entries
    assert policy.digest(entries) == canonical.digest(policy.dump(entries)) != policy.digest(ENTRIES)


@pytest.mark.parametrize("spoil", [{"format": "other"}, {"words": {}}, {"entries": [{"key": "set.id"}]}])
def test_a_copy_of_another_shape_is_refused(spoil: dict[str, object]) -> None:
    with pytest.raises(Refused, match="policy_copy_unreadable"):
        policy.restore({**policy.dump(ENTRIES), **spoil})


def test_a_copy_with_a_forbidden_value_is_refused() -> None:
    stored = policy.dump(ENTRIES)
    next(entry for entry in stored["entries"] if entry["key"] == "round2.maximum")["value"] = 0
    with pytest.raises(Refused, match="policy_value_range"):
        policy.restore(stored)


def rows(entries: tuple[RuleEntry, ...]) -> dict[str, policy.Row]:
    return {row.key: row for chapter in policy.explain(entries) for row in chapter.rows}


@pytest.mark.parametrize(
    ("key", "subject", "vi", "en"),
    [
        ("parts.general.questions", "General knowledge", "60 câu", "60 questions"),
        ("round1.parts", None, "Kiến thức chung; Ngoại ngữ", "General knowledge; Foreign language"),
        ("round2.score_step", None, "0,5 điểm", "0.5 points"),
        ("rounding.before_compare", None, "không", "no"),
        ("components.defence.good.from", "Defence, Good", "19,5 điểm", "19.5 points"),
        ("components.defence.floor_percent", "Defence", "không có mức sàn", "no floor"),
        ("council.sizes", None, "5; 7 người", "5; 7 people"),
        (
            "ranking.tie_steps",
            None,
            "điểm vòng 2 cao hơn; điểm cao hơn ở tiêu chí “Bảo vệ”; Hội đồng quyết định",
            "higher round 2 score; higher score for “Defence”; the council decides",
        ),
        ("deadlines.posting.days", "Post lists by candidate number, rooms, rules and timetable", "1 ngày", "1 day"),
    ],
)
def test_a_value_in_words(key: str, subject: str | None, vi: str, en: str) -> None:
    row = rows(ENTRIES)[key]
    assert (row.subject.en if row.subject else None, row.value) == (subject, Words(vi, en))


def test_a_changed_row_tells_what_it_was_and_why() -> None:
    row = rows(changed(("session.clock", "personal")))["session.clock"]
    assert row.previous is not None
    assert (row.value.en, row.previous.en, row.reason) == (
        "each candidate's own time, from their own start",
        "one clock for the whole session; who comes late loses that time",
        "for the test",
    )


def test_an_empty_list_and_a_name_that_is_gone_can_still_be_told() -> None:
    row = rows(changed(("round1.exemptions", [])))["round1.exemptions"]
    assert row.previous is not None
    assert (row.value.en, row.previous.en) == ("none", "language_degree; degree_abroad; minority_language")
