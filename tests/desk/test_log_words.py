"""The log is read by people: each kind of entry has a sentence, and what it holds is told by labels and words."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

import examsite
from examsite import policies
from examsite.desk.log_told import Reader
from examsite.desk.tasks.mine import SIGNERS
from examsite.rules.timing import TimeKind
from examsite.wording import SENTENCES

KIND = re.compile(r"[a-z0-9_]+(:[a-z0-9_]+){2}")
SEALS = {
    "grading:sheet:sealed",
    "grading:spread:sealed",
    "grading:codes:drawn",
    "grading:interviews:drawn",
    "rounds:answer:saved",
    "rounds:sitting:{}",
}
"""What commitments outside the log are called; nobody reads them there."""
COMPOSED: dict[str, set[str]] = {
    "{}:proposed": {f"{act}:proposed" for act in SIGNERS},
    "{}:signed": {f"{act}:signed" for act in SIGNERS},
    "{}:withdrawn": {f"{act}:withdrawn" for act in SIGNERS},
    "lists:upload:{}": {"uploaded", "dropped"},
    "campaigns:application:{}": {"judged", "decided", "reopened"},
    "campaigns:document:{}": {"added", "opened", "withdrawn", "evidence"},
    "campaigns:position:{}": {"created", "changed", "removed"},
    "campaigns:{}": {"note:written", "classification:recorded"},
    "grading:candidate:{}": {"present", "no_show"},
    "grading:sanction:{}": {"imposed", "dropped"},
    "questions:version:{}": {"approved", "returned"},
    "rounds:need:{}": {"recorded", "ended"},
    "rounds:outage:{}": {"made_good", "declined", "otherwise"},
    "rounds:room:{}": {"opened", "code_renewed"},
    "rounds:seats:{}": {"drawn", "confirmed", "dropped", "late"},
    "rounds:time:{}": {kind.value for kind in TimeKind},
    "rounds:violation:{}": {"confirmed", "dismissed"},
}
"""Kinds that are put together at the moment of the act, with all that can stand in the gap."""
GRANT_IN_WORDS = (
    "Candidates: Ends: (Part: General knowledge; 22/11/2026 08:00:00 → 22/11/2026 08:10:00); "
    "Time: (Which kind: Time given; Part: General knowledge; Seconds: 600)"
)
RULES_IN_WORDS = (
    "Changes: Clock: one clock for the whole session; who comes late loses that time → each candidate's own time, from their own start"
    " | round2.pass_mark: 50 points → 60.5 points"
)
RULES = policies.load("leader-generic").entries
NAMES = {"language_degree": "Degree in the language", "general": "General knowledge", "session.clock": "Clock"}


def _texts() -> Iterator[str]:
    """Every text of the program outside the sentences, gaps as {}."""
    for path in Path(examsite.__file__).parent.rglob("*.py"):
        if path.parent.name == "wording":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            if isinstance(node, ast.JoinedStr):
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)


@pytest.fixture(scope="module")
def texts() -> frozenset[str]:
    return frozenset(_texts())


def test_each_kind_of_entry_has_a_sentence_and_each_sentence_a_kind(texts: frozenset[str]) -> None:
    rooms = {path.name for path in Path(examsite.__file__).parent.iterdir() if path.is_dir()}
    kinds = {text for text in texts if KIND.fullmatch(text) and text.partition(":")[0] in rooms} - SEALS
    for composed, gaps in COMPOSED.items():
        kinds |= gaps if composed.startswith("{}") else {composed.format(gap) for gap in gaps}
    named = {code.removeprefix("act_of.") for code in SENTENCES if code.startswith("act_of.")}
    assert sorted(kinds ^ named) == []
    assert {f"log_group.{kind.partition(':')[0]}" for kind in kinds} <= set(SENTENCES)


def test_every_kind_that_is_put_together_is_known_to_this_test(texts: frozenset[str]) -> None:
    rooms = {code.removeprefix("log_group.") for code in SENTENCES if code.startswith("log_group.")}
    shaped = {text for text in texts if re.fullmatch(r"[a-z0-9_]+:([a-z0-9_]+:)?\{\}", text)}
    assert {text for text in shaped if text.partition(":")[0] in rooms} - SEALS == {text for text in COMPOSED if not text.startswith("{}")}


@pytest.mark.parametrize(
    ("kind", "data", "told"),
    [
        (
            "holidays:day:changed",
            {
                "before": {"confirmed": True, "day": "2026-02-16", "name": "T"},
                "after": {"confirmed": False, "day": "2026-02-16", "name": "Tết"},
            },
            ["Confirmed: yes → no", "Name: T → Tết"],
        ),
        (
            "desk:stage:moved",
            {"from": "applications", "to": "official", "reason": ""},
            ["Moved from: Receiving applications", "Moved to: Official ranking"],
        ),
        (
            "campaigns:entitlement:decided",
            {"application": "z4sl0ciU4RkLqUeuA5YiYA", "granted": True, "ground": "language_degree", "kind": "exemption"},
            [
                "Granted: yes",
                "Ground: Degree in the language",
                "Which kind: Exemption from the language part",
                "Application: z4sl0ciU4RkLqUeuA5YiYA",
            ],
        ),
        ("campaigns:person:corrected", {"birth_date": ["1990-02-01", "1990-02-11"]}, ["Date of birth: 01/02/1990 → 11/02/1990"]),
        ("campaigns:rules:changed", {"changes": {"session.clock": {"new": "b", "old": "a"}}}, ["Changes: Clock: a → b"]),
        (
            "campaigns:rules:changed",
            {"changes": {"session.clock": {"new": "personal", "old": "shared"}, "round2.pass_mark": {"new": "60.5", "old": "50"}}},
            [RULES_IN_WORDS],
        ),
        (
            "rounds:session:planned",
            {"opens_at": "2026-11-22T23:30:00.000000Z", "needs_check_in": False},
            ["Opens: 23/11/2026 06:30:00", "Check-in needed: no"],
        ),
        ("rounds:entry:absent", {"numbers": ["0004", "0007"]}, ["Candidate numbers: 0004, 0007"]),
        (
            "questions:blueprint:set",
            {"cells": [["Law", "easy", 3], ["Law", "hard", 2]]},
            ["Cells: Topic: Law; Difficulty: easy; Count: 3 | Topic: Law; Difficulty: hard; Count: 2"],
        ),
        (
            "rounds:time:grant",
            {
                "candidates": [
                    {"ends": [["general", "2026-11-22T01:00:00Z", "2026-11-22T01:10:00Z"]], "lines": [["grant", "general", 600, None]]}
                ]
            },
            [GRANT_IN_WORDS],
        ),
        ("campaigns:list:taken", {"lines": 3, "list": "round1_signatures"}, ["Lines: 3", "List: Round 1 result, for signatures"]),
        ("lists:upload:dropped", {"list": "boards"}, ["List: Boards"]),
        ("grading:panel:closed", {}, []),
        ("gone:room:acted", {"odd": {"1": None, "2": [True]}}, ["odd: 2: yes"]),
    ],
)
def test_what_is_recorded_is_told_in_words(one_app: Flask, kind: str, data: dict[str, object], told: list[str]) -> None:
    with one_app.test_request_context(), force_locale("en"):
        found = Reader("Asia/Ho_Chi_Minh", NAMES, RULES).tell(kind, json.dumps({"data": data}))
        assert [f"{one.label}: {' | '.join(one.lines)}" for one in found] == told


@pytest.mark.parametrize(("content", "told"), [(None, []), ("{ broken", ["{ broken"]), ("[]", []), ('{"data": 3}', [])])
def test_an_entry_that_was_destroyed_or_broken_can_still_be_read(one_app: Flask, content: str | None, told: list[str]) -> None:
    with one_app.test_request_context():
        assert [line for one in Reader("Asia/Ho_Chi_Minh").tell("a:b:c", content) for line in one.lines] == told
