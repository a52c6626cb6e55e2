"""Two rule sets side by side, and what the sentences rest on."""

from dataclasses import replace

import pytest

from examsite import policies
from examsite.rules import policy
from examsite.rules.policy import Lone, Pair, Status, Words

SCREENING = policies.load("leader-screening").entries


def pairs(left: str, right: str) -> dict[str, Pair]:
    chapters = policy.compare(policies.load(left).entries, policies.load(right).entries)
    return {pair.key: pair for chapter in chapters for pair in chapter.pairs}


def test_a_set_does_not_differ_from_itself() -> None:
    found = pairs("leader-screening", "leader-screening")
    assert set(found) == {entry.key for entry in SCREENING} - policy.FIXED
    assert not any(pair.differs or pair.other_text for pair in found.values())


def test_every_value_of_both_sets_stands_once() -> None:
    left, right = (policies.load(set_id).entries for set_id in ("cs-138-2020", "cs-170-2025-both"))
    keys = [pair.key for chapter in policy.compare(left, right) for pair in chapter.pairs]
    assert sorted(keys) == sorted({entry.key for entry in (*left, *right)} - policy.FIXED)


@pytest.mark.parametrize(
    ("key", "left", "right"),
    [
        ("deadlines.file.days", "30 days", "20 days"),
        ("round2.form", "interview", "written paper and interview"),
        ("parts.language.questions", "30 questions", None),
        ("round2.written_minutes", None, "180 minutes"),
    ],
)
def test_what_differs(key: str, left: str | None, right: str | None) -> None:
    pair = pairs("cs-138-2020", "cs-170-2025-both")[key]
    assert pair.differs
    assert (pair.left and pair.left.value.en, pair.right and pair.right.value.en) == (left, right)


def test_the_same_value_from_another_text_is_told_apart() -> None:
    pair = pairs("cs-138-2020", "cs-170-2025")["parts.general.questions"]
    assert (pair.differs, pair.other_text) == (False, True)


def test_a_value_less_sure_is_told_apart_too() -> None:
    unsure = [replace(entry, status=Status.UNCONFIRMED) if entry.key == "positions.min_candidates" else entry for entry in SCREENING]
    told = [pair.key for chapter in policy.compare(SCREENING, unsure) for pair in chapter.pairs if pair.other_text]
    assert told == ["positions.min_candidates"]


def test_a_thing_of_one_set_alone_is_gathered_under_its_name() -> None:
    chapters = policy.compare(policies.load("cs-138-2020").entries, policies.load("cs-170-2025-both").entries)
    lone = {line.head.key: line for chapter in chapters for line in chapter.lines(whole=False) if isinstance(line, Lone)}
    part = lone["parts.language.name"]
    assert part.on_left
    assert [row.value.en for row in part.rows] == ["multiple choice, one option", "yes", "30 questions", "30 minutes", "50 %", "yes"]
    assert not lone["components.written.name"].on_left
    assert "languages.en.name" not in lone  # a mere name: the list of languages differs and says so
    whole = [line for chapter in chapters for line in chapter.lines(whole=True)]
    assert len(whole) > len([line for chapter in chapters for line in chapter.lines(whole=False)])


def sentences(set_id: str) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for section in policy.story(policies.load(set_id).entries):
        for sentence in section.sentences:
            found.setdefault(sentence.code, []).append({name: told.words.en for name, told in sentence.blanks})
    return found


@pytest.mark.parametrize(
    ("set_id", "code", "blanks"),
    [
        ("leader-screening", "story.least_candidates", {"people": "2 people"}),
        ("leader-screening", "story.council", {"sizes": "5 or 7 people"}),
        ("leader-generic", "story.council", {"sizes": "5, 7, 9, 11 or 13 people"}),
        ("cs-138-2020", "story.one_is_enough", {"people": "1 person"}),
        (
            "cs-138-2020",
            "story.part_passed",
            {"name": "General knowledge", "percent": "50 %", "least": "30", "questions": "60 questions"},
        ),
        ("cs-138-2020", "story.spread_above", {"points": "5 points", "decider": "head of the interview board"}),
        ("cs-138-2020", "story.spread_from", {"points": "10 points", "decider": "chair of the council"}),
        ("leader-generic", "story.mean_always", {}),
        ("leader-defence-long", "story.no_round1", {}),
        ("leader-defence-long", "story.round2_answer_minutes", {"value": "180 minutes"}),
        ("leader-defence-long", "story.project_outside", {}),
        ("entry-06-2023-univ", "story.no_round2", {}),
        ("entry-06-2023-univ", "story.round1_is_the_end", {}),
        ("cs-170-2025-both", "story.floor", {"name": "Written paper", "percent": "50 %"}),
        (
            "cs-116-2024",
            "story.no_later",
            {
                "name": "Check who is eligible",
                "days": "15 days",
                "after": "end of applications",
                "to": "end of the check of applications",
            },
        ),
        ("cs-116-2024", "story.large", {"name": "Hold round 1", "people": "500 people", "days": "45 days"}),
        (
            "cs-138-2020",
            "story.no_sooner",
            {
                "name": "Post lists by candidate number, rooms, rules and timetable",
                "days": "1 working day",
                "after": "lists and rooms posted",
                "to": "round 1 held",
            },
        ),
    ],
)
def test_what_a_reader_is_told(set_id: str, code: str, blanks: dict[str, str]) -> None:
    assert blanks in sentences(set_id)[code]


def test_a_changed_value_changes_its_sentence() -> None:
    changed = policy.override(SCREENING, "parts.general.pass_percent", 55, "for the test")
    told = [sentence for section in policy.story(changed) for sentence in section.sentences if sentence.code == "story.part_passed"]
    assert dict(told[0].blanks)["least"].words == Words("33", "33")


def test_points_that_are_not_added_are_not_promised() -> None:
    changed = policy.override(SCREENING, "ranking.total", "round2", "for the test")
    codes = {sentence.code for section in policy.story(changed) for sentence in section.sentences}
    assert "story.priority_not_added" in codes
    assert "story.priority" not in codes


def test_nothing_is_said_of_what_a_set_does_not_have() -> None:
    assert not {"story.bank", "story.clock_shared", "story.break", "story.late"} & sentences("cs-170-employee").keys()
    assert not {"story.total", "story.mean_below", "story.appeals"} & sentences("entry-06-2023-college").keys()
