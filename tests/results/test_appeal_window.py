"""No ranking is official before the time for appeals is over, to the second, however few appeals there are."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from examsite.campaigns.models import Campaign
from examsite.desk import operations, stages
from examsite.results.models import Publication
from examsite.results.operations.publishing import publish, put_forward
from examsite.results.window import closes_at, last_day
from examsite.rules.policy import Appeals, DayKind
from examsite.rules.refusal import Refused
from tests.client import Browser
from tests.results.ground import Ground, refused

SECOND = timedelta(seconds=1)
MIDNIGHT = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
"""Fifteen calendar days after 09/11/2026 have passed: 00:00 on 25/11/2026 in Hanoi."""


@pytest.fixture
def published(ground: Ground) -> Ground:
    """A provisional ranking that stands since 09/11/2026, 08:00 in Hanoi."""
    ground.ranked(("001", "70"), ("002", "68"))
    ground.published("provisional")
    ground.campaign.stage = "appeals"
    ground.session.flush()
    return ground


@pytest.mark.parametrize(
    ("appeals", "closes"),
    [
        (Appeals(15, DayKind.CALENDAR), MIDNIGHT),
        (Appeals(0, DayKind.CALENDAR), datetime(2026, 11, 9, 17, 0, tzinfo=UTC)),
        (Appeals(5, DayKind.WORKING), datetime(2026, 11, 16, 17, 0, tzinfo=UTC)),
        (Appeals(4, DayKind.WORKING), datetime(2026, 11, 13, 17, 0, tzinfo=UTC)),
    ],
)
def test_it_closes_at_midnight_of_the_campaign_after_the_last_day(appeals: Appeals, closes: datetime, now: datetime) -> None:
    promised = {"appeals_until": last_day(now.date(), appeals).isoformat()}
    for content in (promised, {"appeals_until": None}):
        list_ = Publication(published_at=now, content=content, campaign=Campaign(time_zone="Asia/Ho_Chi_Minh"))
        assert closes_at(list_, appeals) == closes


def test_the_last_second_refuses_and_the_next_publishes(published: Ground) -> None:
    draft = published.draft("official")
    hr, chair = published.role(published.hr), published.role(published.chair)
    with refused("results.window_open"):
        put_forward(published.session, draft, "", hr, MIDNIGHT - SECOND)
    act = put_forward(published.session, draft, "", hr, MIDNIGHT)
    with refused("results.window_open"):
        publish(published.session, draft, act.digest, chair, MIDNIGHT - SECOND)
    assert publish(published.session, draft, act.digest, chair, MIDNIGHT).number == 1


def test_a_corrected_provisional_ranking_opens_the_time_anew(published: Ground, later: Callable[..., datetime]) -> None:
    published.now = later(days=3)
    published.entitle("002", "priority", "service")
    published.published("provisional", "A paper came in.")
    draft = published.draft("official")
    with refused("results.window_open"):
        put_forward(published.session, draft, "", published.role(published.hr), MIDNIGHT)
    put_forward(published.session, draft, "", published.role(published.hr), MIDNIGHT + timedelta(days=3))


def test_the_step_waits_for_the_same_moment(published: Ground) -> None:
    published.published("official")
    published.campaign.stage = "appeals"
    published.session.flush()
    hr = published.role(published.hr)
    missing = [need.code for need in stages.needs(published.session, published.campaign, MIDNIGHT - SECOND) if not need.met]
    assert missing == ["window_closed"]
    with pytest.raises(Refused, match=r"desk\.still_missing"):
        operations.advance(published.session, hr, "appeals", MIDNIGHT - SECOND)
    assert operations.advance(published.session, hr, "appeals", MIDNIGHT) == "official"


@pytest.mark.parametrize(
    ("language", "draft_page", "stages_page"),
    [
        ("vi", "từ 00:00 ngày 25/11/2026", "hết ngày 24/11/2026"),
        ("en", "from 00:00 on 25/11/2026", "until the end of 24/11/2026"),
    ],
)
def test_the_pages_say_the_moment(
    published: Ground, browse: Callable[..., Browser], language: str, draft_page: str, stages_page: str
) -> None:
    draft = published.draft("official")
    published.session.commit()
    hr, address = browse(published.hr), f"/campaigns/{published.campaign.public_id}"
    header = {"Accept-Language": language}
    page = hr.get(f"{address}/drafts/{draft.public_id}", headers=header).text
    assert draft_page in page
    assert "put-forward" not in page
    assert stages_page in hr.get(address, headers=header).text
