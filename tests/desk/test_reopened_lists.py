"""After a step back a list that was published before it no longer counts: the next step asks for one published since."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from examsite.campaigns.models import STAGES
from examsite.desk import operations, stages
from examsite.results.operations.publishing import publish, put_forward
from examsite.results.queries.fresh import fresh
from examsite.results.queries.standing import MADE_AT
from examsite.rules.refusal import Refused
from tests.client import Browser
from tests.results.ground import Ground, make_ground, refused

KINDS = tuple(MADE_AT)


@pytest.fixture
def ranked(session: Session, now: datetime) -> Ground:
    """Everything that lists are made from, and the campaign before its first list."""
    ground = make_ground(session, now)
    ground.ranked(("001", "70"), ("002", "60"))
    return ground


def after(ground: Ground, stage: str) -> None:
    """Put the campaign at the stage that the list of this stage leads to."""
    ground.campaign.stage = STAGES[STAGES.index(stage) + 1]
    ground.session.flush()


def back(ground: Ground, now: datetime) -> str:
    return operations.step_back(ground.session, ground.role(ground.chair), ground.campaign.stage, "A file was overlooked.", now)


def missing(ground: Ground) -> set[str]:
    ground.session.refresh(ground.campaign)
    return {need.code for need in stages.needs(ground.session, ground.campaign, ground.now) if not need.met}


def publish_all(ground: Ground, last: str) -> None:
    """Publish every list up to the one of this kind."""
    for kind in KINDS[: KINDS.index(last) + 1]:
        ground.published(kind)
    after(ground, MADE_AT[last])


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_back_to_where_a_list_is_made_asks_for_it_again(ranked: Ground, kind: str) -> None:
    publish_all(ranked, kind)
    assert back(ranked, ranked.now + timedelta(hours=1)) == MADE_AT[kind]
    assert "published_again" in missing(ranked)
    with pytest.raises(Refused, match=r"desk\.still_missing"):
        operations.advance(ranked.session, ranked.role(ranked.hr), MADE_AT[kind], ranked.now + timedelta(hours=2))


def test_the_same_list_may_then_be_published_again_with_a_reason_and_counts(ranked: Ground) -> None:
    ranked.published("eligible")
    with refused("results.nothing_to_correct"):
        ranked.draft("eligible")
    after(ranked, "applications")
    back(ranked, ranked.now + timedelta(hours=1))
    assert "published_again" in missing(ranked)
    ranked.now = ranked.now + timedelta(hours=2)
    draft = ranked.draft("eligible")
    with refused("reason_missing"):
        put_forward(ranked.session, draft, "", ranked.role(ranked.hr), ranked.now)
    act = put_forward(ranked.session, draft, "Looked at again: nothing changes.", ranked.role(ranked.hr), ranked.now)
    publish(ranked.session, draft, act.digest, ranked.role(ranked.chair), ranked.now)
    assert missing(ranked) == set()


def test_a_step_back_that_does_not_reach_the_input_leaves_the_list_standing(ranked: Ground) -> None:
    publish_all(ranked, "eligible")
    ranked.campaign.stage = "round1_timetable"
    ranked.session.flush()
    assert back(ranked, ranked.now + timedelta(hours=1)) == "screened"
    ranked.campaign.stage = "applications"  # as nobody may put it, only to ask what its step needs
    ranked.session.flush()
    assert missing(ranked) == set()


def test_everything_later_falls_with_what_it_rests_on(ranked: Ground) -> None:
    publish_all(ranked, "official")
    for hours in range(1, len(STAGES)):
        if back(ranked, ranked.now + timedelta(hours=hours)) == "applications":
            break
        ranked.session.refresh(ranked.campaign)
    for stage in MADE_AT.values():
        if stage == "official":
            continue
        ranked.campaign.stage = stage
        ranked.session.flush()
        assert "published_again" in missing(ranked)
    with refused("results.official_first"):
        fresh(ranked.session, ranked.campaign, "recommendations")


def test_the_page_says_which_list_and_why(ranked: Ground, browse: Callable[..., Browser]) -> None:
    publish_all(ranked, "eligible")
    back(ranked, ranked.now + timedelta(hours=1))
    ranked.session.commit()
    hr, address = browse(ranked.hr), f"/campaigns/{ranked.campaign.public_id}"
    assert "phải công bố lại sau khi lùi bước" in hr.get(f"{address}/lists").text
    page = hr.get(address).text
    assert "Danh sách đủ điều kiện: công bố lại, vì đã lùi bước" in page
