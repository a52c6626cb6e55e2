"""Ties: broken only where they straddle the quota, step by step, with the compared values kept."""

from typing import Any

import pytest

from examsite.results.outcomes import RankingOutcome
from examsite.results.outcomes import inside as inside_of
from examsite.results.queries.drafts import sections_of, view_of
from examsite.results.queries.fresh import fresh
from tests.results.ground import Ground


def scored(ground: Ground, *people: tuple[str, tuple[str, str, str]]) -> None:
    for number, sheet in people:
        ground.candidate(number)
        ground.enters(number)
        ground.scores(number, sheet)
    ground.opens()


def section(ground: Ground) -> dict[str, Any]:
    return sections_of(ground.draft("provisional"))[0]


def places(found: dict[str, Any]) -> dict[str, tuple[list[int], str]]:
    return {line["candidate_number"]: (line["place"], line["reason"]["code"]) for line in found["lines"]}


def test_a_tie_inside_the_quota_is_not_broken(ground: Ground) -> None:
    ground.position(quota=3)
    scored(ground, ("001", ("30", "20", "20")), ("002", ("30", "20", "20")), ("003", ("30", "20", "19")))
    found = section(ground)
    assert places(found) == {"001": ([1, 1], "inside_shared"), "002": ([1, 1], "inside_shared"), "003": ([3, 3], "inside")}
    assert found["steps"] == found["pending"] == []


def test_a_tie_outside_the_quota_is_not_broken(ground: Ground) -> None:
    scored(ground, ("001", ("34", "20", "20")), ("002", ("30", "20", "20")), ("003", ("30", "20", "20")))
    assert places(section(ground)) == {"001": ([1, 1], "inside"), "002": ([2, 2], "outside_shared"), "003": ([2, 2], "outside_shared")}


def test_a_tie_across_the_quota_is_broken_by_the_first_step_that_differs(ground: Ground) -> None:
    scored(ground, ("001", ("30", "20", "20")), ("002", ("29", "21", "20")))
    found = section(ground)
    assert places(found) == {"002": ([1, 1], "inside_by_step"), "001": ([2, 2], "outside_by_step")}
    compared = [(step["step"]["name"], step["applied"], step["compared"]) for step in found["steps"]]
    assert compared == [
        ("round2_score", True, [["001", "70"], ["002", "70"]]),
        ("component", True, [["002", "21/1"], ["001", "20/1"]]),
    ]


def test_priority_points_lose_a_tie_against_a_higher_round_2_score(ground: Ground) -> None:
    scored(ground, ("001", ("30", "20", "20")), ("002", ("30", "20", "15")))
    ground.entitle("002", "priority", "minority_service")
    assert places(section(ground)) == {"001": ([1, 1], "inside_by_step"), "002": ([2, 2], "outside_by_step")}


def test_where_the_steps_run_out_nobody_is_placed_and_nothing_can_be_put_forward(ground: Ground) -> None:
    ground.position(quota=2)
    scored(ground, ("001", ("34", "20", "20")), ("002", ("30", "20", "20")), ("003", ("30", "20", "20")))
    found = section(ground)
    assert places(found) == {"001": ([1, 1], "inside"), "002": ([2, 3], "undecided"), "003": ([2, 3], "undecided")}
    assert found["pending"] == [{"numbers": ["002", "003"], "seats": 1, "decider": "council"}]
    obstacles = view_of(ground.session, ground.draft("provisional"), ground.now).obstacles
    assert [(obstacle.code, obstacle.params["numbers"]) for obstacle in obstacles] == [("results.tie_pending", "002, 003")]


def test_a_tie_on_the_page_is_bracketed_and_lists_its_steps(ground: Ground, browse: Any) -> None:
    scored(ground, ("001", ("30", "20", "20")), ("002", ("30", "20", "20")))
    draft = ground.draft("provisional")
    ground.session.commit()
    page = browse(ground.hr).get(f"/campaigns/{ground.campaign.public_id}/drafts/{draft.public_id}").text
    assert "Chưa trình công bố được" in page
    assert page.count('class="is-tie"') == 2
    assert "1–2" in page
    assert "Điểm vòng 2: 001 70,0; 002 70,0; bằng nhau" in page
    assert "Đang chờ: Hội đồng quyết định" in page
    assert page.index("001 70,0") < page.index("ex-cut") < page.rindex('class="is-tie"')


@pytest.mark.parametrize(("quota", "inside"), [(1, 0), (2, 0), (3, 3)])
def test_the_recommendable_never_exceed_the_quota(ground: Ground, quota: int, inside: int) -> None:
    ground.position(quota=quota)
    scored(ground, *((number, ("30", "20", "20")) for number in ("001", "002", "003")))
    outcome = fresh(ground.session, ground.campaign, "official").outcome
    assert isinstance(outcome, RankingOutcome)
    assert len(inside_of(outcome)) == inside <= quota
