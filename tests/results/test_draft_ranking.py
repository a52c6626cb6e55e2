"""The ranking: places by quota, the pass mark on the exact score, and a reason for everybody."""

from decimal import Decimal
from typing import Any

from flask import Flask
from flask_babel import force_locale

from examsite.campaigns.queries import rule_set
from examsite.grading.models import Interview, Sanction
from examsite.results.models import Draft
from examsite.results.queries.drafts import sections_of, view_of
from examsite.results.queries.putting_forward import public_sections
from examsite.results.telling import Teller
from tests.factories import CREATED
from tests.results.ground import Ground, make_ground, refused


def lines(draft: Draft) -> dict[str, dict[str, Any]]:
    return {line["candidate_number"]: line for section in sections_of(draft) for line in section["lines"]}


def places(draft: Draft) -> dict[str, tuple[Any, str, str]]:
    return {number: (line["place"], line["result"], line["reason"]["code"]) for number, line in lines(draft).items()}


def test_places_by_total_and_quota(ground: Ground) -> None:
    ground.position(quota=2)
    ground.ranked(("001", "70"), ("002", "90"), ("003", "80"))
    assert places(ground.draft("provisional")) == {
        "002": ([1, 1], "inside", "inside"),
        "003": ([2, 2], "inside", "inside"),
        "001": ([3, 3], "outside", "outside"),
    }


def test_exactly_the_pass_mark_passes(ground: Ground) -> None:
    ground.ranked(("001", "50"))
    assert places(ground.draft("provisional"))["001"] == ([1, 1], "inside", "inside")


def test_forty_nine_ninety_five_does_not_become_fifty(ground: Ground) -> None:
    fine = make_ground(ground.session, ground.now, "LA-2026-05", {"round2.score_step": Decimal("0.05")})
    fine.candidate("001")
    fine.enters("001")
    fine.scores("001", ("25", "12.5", "12.45"))
    fine.opens()
    line = lines(fine.draft("provisional"))["001"]
    assert (line["score"]["exact"], line["score"]["official"]) == ("999/20", "50")
    assert (line["place"], line["result"], line["reason"]["code"]) == (None, "not_passed", "below_pass")


def test_nobody_passes(ground: Ground) -> None:
    ground.ranked(("001", "40"), ("002", "30"))
    draft = ground.draft("provisional")
    assert {result for _, result, _ in places(draft).values()} == {"not_passed"}
    assert view_of(ground.session, draft, ground.now).obstacles == []


def test_a_quota_larger_than_the_field_takes_everybody_who_passed(ground: Ground) -> None:
    ground.position(quota=5)
    ground.ranked(("001", "60"), ("002", "60"), ("003", "45"))
    found = places(ground.draft("provisional"))
    assert found["001"] == ([1, 1], "inside", "inside_shared")
    assert found["003"] == (None, "not_passed", "below_pass")


def test_priority_points_count_only_after_the_pass_and_only_the_highest(ground: Ground) -> None:
    for number, sheet in (("001", ("30", "20", "20")), ("002", ("20", "15", "14.5"))):
        ground.candidate(number)
        ground.enters(number)
        ground.scores(number, sheet)
        ground.entitle(number, "priority", "minority_service")
        ground.entitle(number, "priority", "service")
    ground.opens()
    found = lines(ground.draft("provisional"))
    assert (found["001"]["total"], found["001"]["priority_points"]) == ("75", "5")
    assert (found["002"]["total"], found["002"]["priority_points"], found["002"]["result"]) == ("49.5", "0", "not_passed")


def test_absent_withdrawn_and_unscored_ones_stand_last_with_their_reason(ground: Ground) -> None:
    for number in ("001", "002", "003", "004"):
        ground.candidate(number)
        ground.enters(number)
    ground.scores("001", ("30", "20", "20"))
    ground.scores("002", state="no_show", reason="Ill.")
    ground.application("003").state = "withdrawn"
    ground.opens()
    draft = ground.draft("provisional")
    assert {number: line["result"] for number, line in lines(draft).items()} == {
        "001": "inside",
        "002": "absent",
        "003": "withdrawn",
        "004": "not_scored",
    }
    assert [obstacle.code for obstacle in view_of(ground.session, draft, ground.now).obstacles] == ["results.not_scored"]


def test_there_is_no_ranking_before_the_codes_are_opened(ground: Ground) -> None:
    ground.candidate("001")
    ground.enters("001")
    ground.scores("001", ("30", "20", "20"))
    with refused("grading.codes_closed"):
        ground.draft("provisional")


def test_the_difference_to_the_draft_before_names_each_value(ground: Ground) -> None:
    ground.position(quota=1)
    ground.ranked(("001", "70"), ("002", "68"))
    ground.draft("provisional")
    ground.entitle("002", "priority", "service")
    changes = view_of(ground.session, ground.draft("provisional"), ground.now).changes
    found = {(change["number"], change["what"]): (change["old"], change["new"]) for change in changes}
    assert found["002", "total"] == ("68", "70.5")
    assert found["002", "place"] == ([2, 2], [1, 1])
    assert found["001", "result"] == ("inside", "outside")


def sanctioned(ground: Ground, interview: Interview, kind: str) -> None:
    """A sanction that the chair imposed."""
    decided = {"outcome": "imposed", "decision": "Carried a telephone.", "decided_at": CREATED, "decided_by_id": ground.chair.id}
    who = {"recorded_at": CREATED, "recorded_by_id": ground.hr.id}
    ground.session.add(Sanction(interview_id=interview.id, kind=kind, reason="Seen by all.", **who, **decided))


def test_a_sanction_of_round_2_is_taken_off_and_told_in_the_working(ground: Ground, app: Flask) -> None:
    ground.candidate("001")
    ground.enters("001")
    sanctioned(ground, ground.scores("001", ("30", "25", "25")), "reprimand")
    ground.opens()
    draft = ground.draft("provisional")
    line = sections_of(draft)[0]["lines"][0]
    assert (line["score"]["exact"], line["total"]) == ("60/1", "60")
    with app.test_request_context(), force_locale("en"):
        told = [step.text for step in Teller(rule_set(ground.campaign)).working(line)]
    assert "After sanctions (Reprimand): 60." in told
    assert "penalties" not in public_sections(draft)[0]["lines"][0]


def test_one_that_cancels_leaves_no_score_and_no_place(ground: Ground) -> None:
    for number in ("001", "002"):
        ground.candidate(number)
        ground.enters(number)
    sanctioned(ground, ground.scores("001", ("40", "30", "30")), "suspension")
    ground.scores("002", ("30", "20", "20"))
    ground.opens()
    found = lines(ground.draft("provisional"))
    assert found["001"]["result"] == "voided"
    assert found["001"]["score"] is None
    assert found["001"]["reason"]["params"] == {"note": "Carried a telephone."}
    assert found["002"]["place"] == [1, 1]


def test_an_absence_recorded_afterwards_does_not_hide_that_the_chair_cancelled_it(ground: Ground) -> None:
    for number in ("001", "002"):
        ground.candidate(number)
        ground.enters(number)
    sanctioned(ground, ground.scores("001", ("40", "30", "30"), state="no_show", reason="Fell ill."), "suspension")
    ground.scores("002", ("30", "20", "20"))
    ground.opens()
    found = lines(ground.draft("provisional"))
    assert found["001"]["result"] == "voided"
    assert "Fell ill." not in str(found["001"])
    assert "Carried a telephone." in str(found["001"]), "and it says why"
