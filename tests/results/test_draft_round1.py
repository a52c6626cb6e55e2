"""The result of round 1."""

from dataclasses import replace

from sqlalchemy import select

from examsite.campaigns.queries import rule_set
from examsite.results.contents import sections
from examsite.results.models import Draft
from examsite.results.queries.drafts import sections_of
from examsite.rounds.models import Entrant, SittingMark
from tests.results.ground import Ground, refused


def reasons(draft: Draft) -> dict[str, tuple[bool, str]]:
    lines = [line for section in sections_of(draft) for line in section["lines"]]
    return {line["candidate_number"]: (line["advances"], line["reason"]["code"]) for line in lines}


def test_each_part_needs_its_half_and_everybody_has_a_reason(ground: Ground) -> None:
    for number in ("001", "002", "003", "004", "005"):
        ground.candidate(number)
    ground.sits("001", general=30, language=15)
    ground.sits("002", general=29, language=30)
    ground.sits("003", general=60, language=14)
    ground.sits("004", general=30, language=None)
    ground.sits("005", state="absent", reason="Ill.")
    assert reasons(ground.draft("round1")) == {
        "001": (True, "advances"),
        "002": (False, "part_failed"),
        "003": (False, "part_failed"),
        "004": (True, "advances"),
        "005": (False, "absent"),
    }


def test_an_exempted_part_has_no_figures_and_a_missed_one_is_not_zero(ground: Ground) -> None:
    ground.candidate("001")
    ground.candidate("002")
    ground.sits("001", language=None)
    ground.sits("002", state="voided", reason="Another person's paper.")
    parts = {line["candidate_number"]: line["correct"] for line in sections_of(ground.draft("round1"))[0]["lines"]}
    assert [(part["state"], part["correct"]) for part in parts["001"]] == [("sat", 45), ("exempt", None)]
    assert [(part["state"], part["correct"]) for part in parts["002"]] == [("not_sat", None), ("not_sat", None)]


def test_it_is_refused_while_anything_can_still_change(ground: Ground) -> None:
    ground.candidate("001")
    with refused("results.not_listed"):
        ground.draft("round1")
    entry = ground.sits("001")
    entry.session.state = "sealed"
    ground.session.flush()
    with refused("results.round1_open"):
        ground.draft("round1")
    entry.session.state = "closed"
    for mark in ground.session.scalars(select(SittingMark)):
        ground.session.delete(mark)
    ground.session.flush()
    with refused("results.not_marked"):
        ground.draft("round1")


def test_its_publication_lets_those_who_advance_enter_round_2(ground: Ground) -> None:
    for number, general in (("001", 45), ("002", 20)):
        ground.candidate(number)
        ground.sits(number, general=general)
    publication = ground.published("round1")
    entrants = ground.session.scalars(select(Entrant)).all()
    assert [(entrant.application.candidate_number, entrant.publication) for entrant in entrants] == [("001", publication.public_id)]


def test_a_list_that_hides_exemptions_does_not_tell_them_in_another_column(ground: Ground) -> None:
    ground.candidate("001")
    ground.sits("001", language=None)
    outcome = ground.draft("round1").outcome
    rules = rule_set(ground.campaign)
    shown = sections("round1", outcome, rules, frozenset({"candidate_number", "correct"}))  # type: ignore[arg-type]
    assert shown[0]["lines"][0]["correct"][1]["state"] == "exempt"  # the eligible list of this rule set names exemptions anyway
    hidden = replace(rules, publication=replace(rules.publication, eligible=("candidate_number",)))
    shown = sections("round1", outcome, hidden, frozenset({"candidate_number", "correct"}))  # type: ignore[arg-type]
    assert shown[0]["lines"][0]["correct"][1]["state"] == "not_told"
