"""Recommendations: the places inside the official ranking, never more than the quota."""

import re
from typing import Any

import pytest

from examsite.results.queries import result_of
from examsite.results.queries.drafts import sections_of
from tests.results.ground import Ground, refused


@pytest.fixture
def official(ground: Ground) -> Ground:
    """An official ranking with two seats for three who passed."""
    ground.position(quota=2)
    ground.ranked(("001", "70"), ("002", "90"), ("003", "80"), ("004", "30"))
    ground.published("provisional")
    ground.published("official")
    return ground


def test_those_inside_the_official_ranking_are_recommended_by_place(official: Ground) -> None:
    lines = sections_of(official.draft("recommendations"))[0]["lines"]
    assert [(line["candidate_number"], line["place"], line["total"]) for line in lines] == [("002", [1, 1], "90"), ("003", [2, 2], "80")]


def test_without_an_official_ranking_there_is_none(ground: Ground) -> None:
    ground.ranked(("001", "70"))
    ground.published("provisional")
    with refused("results.official_first"):
        ground.draft("recommendations")


def test_a_ranking_that_would_be_another_by_now_has_to_be_corrected_first(official: Ground) -> None:
    official.entitle("001", "priority", "merit")
    with refused("results.official_changed"):
        official.draft("recommendations")
    official.published("official", "A paper came in.")
    assert len(sections_of(official.draft("recommendations"))[0]["lines"]) == 2


def test_nobody_is_recommended_where_nobody_passed(ground: Ground) -> None:
    ground.ranked(("001", "30"))
    ground.published("provisional")
    ground.published("official")
    publication = ground.published("recommendations")
    content: Any = publication.content
    assert content["sections"][0]["lines"] == []


def test_the_public_list(official: Ground, browse: Any) -> None:
    publication = official.published("recommendations")
    official.session.commit()
    page = browse().get(f"/lists/{publication.public_id}").text
    assert "Candidate 002" in page
    assert "Candidate 001" not in page
    assert re.search(r'href="/lists/[^"]+">Xếp hạng chính thức</a>', page)  # where the reasons stand
    assert 'class="ex-rank ex-nw is-in"' in page


def test_each_candidate_finds_their_own_lines_with_their_working_and_nobody_elses(official: Ground) -> None:
    official.published("recommendations")
    mine = {own.publication.kind: own.line for own in result_of(official.session, official.application("003"))}
    assert set(mine) == {"provisional", "official", "recommendations"}
    assert mine["official"]["score"]["official"] == "80"
    assert "steps" not in mine["official"]
    assert {own.publication.kind for own in result_of(official.session, official.application("001"))} == {"provisional", "official"}
