"""Each list is published at its own stage, corrected until the next list rests on it, and refused at every other."""

from collections.abc import Callable

import pytest

from examsite.campaigns.models import STAGES
from examsite.results.operations.publishing import publish, put_forward
from examsite.results.queries.standing import CORRECTED_UNTIL, MADE_AT, stage_refusal
from tests.client import Browser
from tests.results.ground import Ground, refused

KINDS = tuple(MADE_AT)


@pytest.fixture
def ranked(ground: Ground) -> Ground:
    """Everything that lists are made from."""
    ground.ranked(("001", "70"), ("002", "60"))
    return ground


def at(ground: Ground, stage: str) -> None:
    ground.campaign.stage = stage
    ground.session.flush()


def verdict(ground: Ground, kind: str, stage: str) -> str:
    at(ground, stage)
    refusal = stage_refusal(ground.session, ground.campaign, kind)
    return refusal.code if refusal else ""


@pytest.mark.parametrize("kind", KINDS)
def test_a_first_list_is_published_at_its_stage_and_nowhere_else(ranked: Ground, kind: str) -> None:
    own = STAGES.index(MADE_AT[kind])
    found = [verdict(ranked, kind, stage) for stage in STAGES]
    assert found[:own] == ["results.stage_too_early"] * own
    assert found[own] == ""
    assert found[own + 1 :] == ["results.stage_too_late"] * (len(STAGES) - own - 1)


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_that_stands_is_corrected_until_the_next_rests_on_it(ranked: Ground, kind: str) -> None:
    for earlier in KINDS[: KINDS.index(kind) + 1]:
        ranked.published(earlier)
    allowed = [stage for stage in STAGES if not verdict(ranked, kind, stage)]
    assert allowed == list(STAGES[STAGES.index(MADE_AT[kind]) : STAGES.index(CORRECTED_UNTIL[kind]) + 1])


@pytest.mark.parametrize(("stage", "code"), [("announced", "results.stage_too_early"), ("round1_timetable", "results.stage_too_late")])
def test_both_signatures_are_refused_elsewhere(ranked: Ground, stage: str, code: str) -> None:
    draft = ranked.draft("eligible")
    hr, chair = ranked.role(ranked.hr), ranked.role(ranked.chair)
    at(ranked, stage)
    with refused(code):
        put_forward(ranked.session, draft, "", hr, ranked.now)
    at(ranked, "applications")
    act = put_forward(ranked.session, draft, "", hr, ranked.now)
    at(ranked, stage)
    with refused(code):
        publish(ranked.session, draft, act.digest, chair, ranked.now)
    at(ranked, "applications")
    assert publish(ranked.session, draft, act.digest, chair, ranked.now).number == 1


@pytest.mark.parametrize(
    ("stage", "sentence"),
    [
        ("announced", "Hãy chuyển đến giai đoạn đó trước."),
        ("round1_timetable", "Chủ tịch hội đồng có thể lùi bước, có nêu lý do."),
    ],
)
def test_the_page_says_so_and_offers_no_signature(ranked: Ground, browse: Callable[..., Browser], stage: str, sentence: str) -> None:
    draft = ranked.draft("eligible")
    at(ranked, stage)
    ranked.session.commit()
    hr, address = browse(ranked.hr), f"/campaigns/{ranked.campaign.public_id}/drafts/{draft.public_id}"
    page = hr.get(address).text
    assert sentence in page
    assert "put-forward" not in page
    answer = hr.post(f"{address}/put-forward")
    assert answer.status_code == 422
    assert sentence in answer.text
