"""The rule sets of the program, file by file and value by value."""

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest

from examsite import policies
from examsite.rules import policy
from examsite.rules.policy import Kind, RuleEntry, Status, Value, Words
from examsite.rules.policy.explain import in_words
from examsite.rules.refusal import NotFound, Refused

SETS = policies.available()
FOLDER = files(policies)
LABELS = tomllib.loads(FOLDER.joinpath("catalogue/labels.toml").read_text("utf-8"))


# Each set with what the program cannot do of it yet; the first five can be run to their end.
WAITS_FOR: dict[str, set[str]] = {
    "cs-138-2020": set(),
    "cs-170-employee": set(),
    "cs-170-employee-practice": set(),
    "langson-2022": set(),
    "leader-defence-long": set(),
    "leader-screening": set(),
    "cs-116-2024": {"written_papers", "assessment_scores", "remarking"},
    "cs-116-2024-both": {"written_papers", "assessment_scores", "remarking"},
    "cs-138-2020-both": {"written_papers", "remarking"},
    "cs-138-2020-paper": {"paper_test", "remarking"},
    "cs-138-2020-written": {"written_papers", "remarking"},
    "cs-170-2025": {"written_papers", "remarking"},
    "cs-170-2025-both": {"written_papers", "remarking"},
    "cs-170-2025-computer": {"computer_round2"},
    "entry-06-2023-college": {"round1_alone"},
    "entry-06-2023-univ": {"round1_alone"},
    "leader-generic": {"paper_test", "written_papers", "remarking"},
}


def test_the_sets_that_are_offered() -> None:
    assert set(SETS) == WAITS_FOR.keys()
    for set_id, waits_for in WAITS_FOR.items():
        rules = policies.load(set_id).rules
        assert set(rules.waits_for) == waits_for, set_id
        assert rules.runnable == (not waits_for)


@pytest.mark.parametrize("set_id", SETS)
def test_a_set_calls_itself_by_its_file(set_id: str) -> None:
    assert policies.load(set_id).rules.id == set_id


@pytest.mark.parametrize("set_id", ["", "no-such", "../pyproject", "fragments/prio-138", "__init__"])
def test_a_set_that_is_not_there(set_id: str) -> None:
    with pytest.raises(NotFound, match="policy_set_unknown"):
        policies.load(set_id)


def test_every_fragment_is_used_or_shown_by_itself() -> None:
    named = {block.id for block in policies.blocks()}
    for set_id in SETS:
        file = tomllib.loads(FOLDER.joinpath(f"{set_id}.toml").read_text("utf-8"))
        named |= {*file.get("include", ()), *file.get("borrow", ())}
    assert named == set(policies.fragments())


def test_every_source_is_used() -> None:
    told = [entry for set_id in SETS for entry in policies.load(set_id).entries] + [e for block in policies.blocks() for e in block.entries]
    articles = {entry.article.en.removeprefix("By analogy with ") for entry in told}
    assert {text["en"] for text in tomllib.loads(FOLDER.joinpath("catalogue/sources.toml").read_text("utf-8")).values()} == articles


def test_the_labels_are_those_of_the_schema() -> None:
    labelled = [pattern for chapter in LABELS["chapters"] for pattern in chapter["labels"]]
    assert sorted(labelled) == sorted(policy.SCHEMA)


def test_every_choice_has_its_words() -> None:
    groups = {pattern: text.get("phrases") for chapter in LABELS["chapters"] for pattern, text in chapter["labels"].items()}
    for pattern, spec in policy.SCHEMA.items():
        words = set(LABELS["phrases"].get(groups[pattern], {}))
        needed = {"yes", "no"} if spec.kind is Kind.YES_NO else set(spec.options)
        assert needed <= words, pattern


def other_values(entry: RuleEntry) -> list[Value]:
    """Values of the same kind that a careless hand might put there."""
    spec = policy.spec_of(entry.key)
    match entry.value:
        case bool():
            return [not entry.value]
        case int() | Decimal():
            return [value for value in (entry.value + 1, entry.value - 1) if spec.low <= value <= spec.high]
        case Words(vi, en):
            return [Words(vi + " khác", en), Words(vi, en + " other")]
        case str():
            return [option for option in spec.options if option != entry.value] or [entry.value + "-2"]
        case tuple():
            return [entry.value[1:], tuple(reversed(entry.value))] if len(entry.value) > 1 else [()] if entry.value else [_one_more(spec)]


def _one_more(spec: policy.Spec) -> tuple[str, ...]:
    return (spec.options or ("another",))[:1]


def drives_a_rule_or_is_refused_by_name(entries: Sequence[RuleEntry], rules: policy.RuleSet) -> bool:
    try:
        return policy.parse(entries) != rules
    except Refused as refusal:
        return refusal.field is not None


def each_value_once() -> dict[str, list[RuleEntry]]:
    """Every value of every file in the first set that has it; sets share most of theirs through fragments."""
    seen: set[tuple[str, Value]] = set()
    found: dict[str, list[RuleEntry]] = {}
    for set_id in SETS:
        new = [entry for entry in policies.load(set_id).entries if (entry.key, entry.value) not in seen]
        seen |= {(entry.key, entry.value) for entry in new}
        found[set_id] = new
    return found


@pytest.mark.parametrize(("set_id", "own"), each_value_once().items())
def test_each_value_changes_a_rule_and_the_page_or_is_refused(set_id: str, own: list[RuleEntry]) -> None:
    loaded = policies.load(set_id)
    index = policy.by_key(loaded.entries)
    assert own
    for entry in own:
        for value in other_values(entry):
            entries = [replace(entry, value=value) if other is entry else other for other in loaded.entries]
            assert in_words(entry, value, index) != in_words(entry, entry.value, index), (entry.key, value)
            assert drives_a_rule_or_is_refused_by_name(entries, loaded.rules), (entry.key, value)


@pytest.mark.parametrize("set_id", SETS)
def test_a_key_that_nobody_reads_fails(set_id: str) -> None:
    entries = policies.load(set_id).entries
    stray = replace(entries[0], key="parts.history.minutes", value=30)
    with pytest.raises(Refused, match="policy_key_unread"):
        policy.parse([*entries, stray])


@pytest.mark.parametrize("set_id", SETS)
def test_every_number_and_choice_is_told_in_a_sentence(set_id: str) -> None:
    """Only lists of ids are not, for what they name is told one by one, and no break between parts where there is one part alone."""
    entries = policies.load(set_id).entries
    one_part = len(policies.load(set_id).rules.round1.parts) == 1
    told = {key for section in policy.story(entries) for sentence in section.sentences for key in sentence.keys}
    names = (Kind.IDS, Kind.WORDS, Kind.NAME)
    silent = {"session.break_minutes"} if one_part else set()
    assert {entry.key for entry in entries if policy.spec_of(entry.key).kind not in names} - silent <= told
    assert told <= {entry.key for entry in entries}


@pytest.mark.parametrize("set_id", SETS)
def test_borrowed_values_and_the_council_s_own_are_assumed(set_id: str) -> None:
    for entry in policies.load(set_id).entries:
        if entry.article.en.startswith(("By analogy", "No text found")):
            assert entry.status is Status.ASSUMED, entry.key


def test_no_set_vouches_by_a_text_that_came_when_the_set_had_lapsed() -> None:
    """What a later text says of an older exam is by analogy at most."""
    for set_id in SETS:
        entries = policies.load(set_id).entries
        lapsed = policy.entry_of(entries, "set.id").until
        later = [entry for entry in entries if lapsed and entry.since and entry.since > lapsed]
        assert {entry.key for entry in later if entry.status is not Status.ASSUMED} == set(), set_id


@pytest.mark.parametrize(
    ("key", "status", "article"),
    [
        ("parts.general.questions", Status.CONFIRMED, "Decree 138/2020/ND-CP, Article 8"),
        ("spread.wide.from", Status.CONFIRMED, "Circular 6/2020/TT-BNV, Regulation, Article 31(2)"),
        ("spread.very_wide.decided_by", Status.UNCONFIRMED, "Circular 6/2020/TT-BNV, Regulation, Article 31(2)"),
        ("round2.minimum_members", Status.UNCONFIRMED, "Circular 6/2020/TT-BNV, Regulation, Article 31(2)"),
        ("priority.combine", Status.UNCONFIRMED, "Decree 138/2020/ND-CP, Article 5"),
        ("exemptions.degree_abroad.name", Status.ASSUMED, "By analogy with Decree 116/2024/ND-CP, amending Decree 138/2020/ND-CP"),
        ("session.clock", Status.ASSUMED, "By analogy with Circular 22/2025/TT-BNV"),
        ("rounding.mode", Status.ASSUMED, "No text found that gives it; the council decides"),
        ("ranking.tie_steps", Status.UNCONFIRMED, "Decree 138/2020/ND-CP, provisions on who is selected"),
    ],
)
def test_what_is_vouched_for_and_by_whom(key: str, status: Status, article: str) -> None:
    entry = policy.entry_of(policies.load("cs-138-2020").entries, key)
    assert (entry.status, entry.article.en) == (status, article)


def test_an_article_brings_its_dates() -> None:
    entry = policy.entry_of(policies.load("cs-138-2020").entries, "spread.wide.from")
    assert (str(entry.since), str(entry.until)) == ("2021-01-20", "2025-04-30")


FRAGMENT: dict[str, Any] = {"values": {"bank": {"_source": "council", "_status": "assumed", "multiple": 3}}}


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ({"include": ["f"], "values": FRAGMENT["values"]}, "bank.multiple is defined twice"),
        ({"include": ["f", "f"]}, "bank.multiple is defined twice"),
        ({"include": ["f"], "borrow": ["f"]}, "bank.multiple is defined twice"),
        ({"replace": FRAGMENT["values"]}, "bank.multiple replaces nothing"),
        ({"values": {"bank": {"multiple": 3}}}, "no known source and status"),
        ({"values": {"bank": {"_source": "hearsay", "_status": "assumed", "multiple": 3}}}, "no known source and status"),
        ({"values": {"bank": {"_source": "council", "multiple": 3}}}, "no known source and status"),
        ({"valeus": {}}, "unknown tables"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(file: dict[str, Any], message: str) -> None:
    with pytest.raises(policies.BrokenRuleSetError, match=message):
        policies.resolve(file, lambda _: FRAGMENT)


def test_a_value_replaces_only_where_it_says_so() -> None:
    own = {"bank": {"multiple": {"value": 5, "source": "council", "status": "assumed"}}}
    (entry,) = policies.resolve({"include": ["f"], "replace": own}, lambda _: FRAGMENT)
    assert entry.value == 5


def test_an_unknown_key_of_a_file_is_refused() -> None:
    file = {"values": {"bank": {"_source": "council", "_status": "assumed", "mutliple": 3}}}
    with pytest.raises(Refused, match="policy_key_unknown"):
        policies.resolve(file, lambda _: FRAGMENT)
