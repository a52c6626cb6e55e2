"""Sanctions in the result of round 1: nothing is drafted while one waits, and each figure leads to its rule."""

from fractions import Fraction

from flask import Flask
from sqlalchemy import select

from examsite.campaigns.queries import rule_set
from examsite.results.queries.drafts import sections_of
from examsite.results.queries.reading import ranking_input
from examsite.results.telling import Teller
from examsite.rounds.models import RosterEntry, Violation
from tests.results.ground import Ground, refused


def violation(ground: Ground, number: str, state: str, level: str | None, part: str = "general") -> Violation:
    entry = ground.session.scalars(select(RosterEntry).where(RosterEntry.candidate_number == number)).one()
    found = Violation(
        entry_id=entry.id,
        part=part,
        proposed="reprimand",
        happened_at=ground.now,
        facts="Talked.",
        statement="Yes.",
        reported_at=ground.now,
        reported_by_id=ground.supervisor.id,
        state=state,
        level=level,
    )
    ground.session.add(found)
    ground.session.flush()
    return found


def test_no_result_is_drafted_while_a_violation_waits_for_the_chair(ground: Ground) -> None:
    ground.candidate("001")
    ground.sits("001")
    waiting = violation(ground, "001", "reported", None)
    with refused("results.violations_open"):
        ground.draft("round1")
    waiting.state = "dismissed"
    ground.session.flush()
    assert ground.draft("round1")


def test_a_deduction_decides_who_goes_on_and_is_told_with_its_rule(ground: Ground, app: Flask) -> None:
    for number, general in (("001", 40), ("002", 39), ("003", 39)):
        ground.candidate(number)
        ground.sits(number, general=general, language=None)
    for number in ("001", "002"):
        violation(ground, number, "confirmed", "reprimand")
    violation(ground, "001", "confirmed", "reprimand")
    lines = {line["candidate_number"]: line for line in sections_of(ground.draft("round1"))[0]["lines"]}
    assert {number: line["advances"] for number, line in lines.items()} == {"001": True, "002": False, "003": True}
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        told = {number: Teller(rule_set(ground.campaign)).working(line) for number, line in lines.items()}
    assert [(step.rule, "25 %" in step.text) for step in told["002"]][:2] == [
        ("penalties.reprimand.percent", True),
        ("parts.general.pass_percent", False),
    ]
    assert "29.25 counted" in told["002"][1].text
    assert [step.rule for step in told["001"]][:3] == ["penalties.reprimand.percent", "penalties.reprimand.percent", "penalties.combine"]
    assert "30 counted" in told["001"][3].text
    assert [step.rule for step in told["003"]][:1] == ["parts.general.pass_percent"]


def test_a_tie_compares_the_right_answers_that_deductions_left(ground: Ground) -> None:
    ground.ranked(("001", "70"))
    violation(ground, "001", "confirmed", "reprimand")
    (line,) = ranking_input(ground.session, ground.campaign).candidates
    assert dict(line.correct) == {"general": Fraction(3, 4) * 45, "language": 20}
