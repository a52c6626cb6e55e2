"""A corrected list supersedes; both stay readable, with the reason and the difference."""

from typing import Any

import pytest

from examsite.results.operations.publishing import put_forward
from examsite.results.queries import current
from tests.results.ground import Ground, refused


@pytest.fixture
def published(ground: Ground) -> Ground:
    """A provisional ranking that stands."""
    ground.ranked(("001", "70"), ("002", "68"))
    ground.published("provisional")
    return ground


def test_without_a_difference_there_is_nothing_to_correct(published: Ground) -> None:
    with refused("results.nothing_to_correct"):
        published.draft("provisional")


def test_a_correction_needs_a_reason(published: Ground) -> None:
    published.entitle("002", "priority", "service")
    with refused("reason_missing"):
        put_forward(published.session, published.draft("provisional"), " ", published.role(published.hr), published.now)


def test_the_new_list_stands_and_says_what_it_corrects(published: Ground) -> None:
    first = current(published.session, published.campaign, "provisional")
    assert first is not None
    published.entitle("002", "priority", "service")
    second = published.published("provisional", "A paper came in.")
    published.session.refresh(first)
    assert (second.number, second.superseded_at, first.superseded_at) == (2, None, published.now)
    assert current(published.session, published.campaign, "provisional") is second
    content: Any = second.content
    corrects = content["corrects"]
    assert (corrects["list"], corrects["number"], corrects["reason"]) == (first.public_id, 1, "A paper came in.")
    changes = {(change["number"], change["what"]): (change["old"], change["new"]) for change in corrects["changes"]}
    assert changes["002", "total"] == ("68", "70.5")
    assert changes["001", "result"] == ("inside", "outside")
    assert ("002", "priority_points") not in changes


def test_both_pages_stay_and_point_at_each_other(published: Ground, browse: Any) -> None:
    first = current(published.session, published.campaign, "provisional")
    assert first is not None
    published.entitle("002", "priority", "service")
    second = published.published("provisional", "A paper came in.")
    published.session.commit()
    anybody = browse()
    old, new = (anybody.get(f"/lists/{one.public_id}") for one in (first, second))
    assert old.status_code == new.status_code == 200
    assert "không còn hiệu lực" in old.text
    assert f"/lists/{second.public_id}" in old.text
    assert "không còn hiệu lực" not in new.text
    assert "A paper came in." in new.text
    assert f"/lists/{first.public_id}" in new.text
