"""Each rule set that can be chosen, run through the rooms: from the score sheets to the published recommendation."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from examsite import policies
from examsite.campaigns.models import Campaign
from examsite.desk.stages import next_stage, stages_of
from examsite.results.outcomes import RecommendationOutcome
from examsite.results.queries.fresh import fresh, kinds_of
from tests.results.ground import Ground, make_ground

RUNNABLE = [set_id for set_id in policies.available() if policies.load(set_id).rules.runnable]


def enter(ground: Ground, number: str, percent: int) -> None:
    """A candidate who passed round 1, where there is one, and whom every member of the panel gave so many hundredths of each criterion."""
    rules = policies.load(ground.campaign.rule_set).rules
    ground.candidate(number)
    if rules.round1.parts:
        ground.enters(number)
    ground.scores(number, [str(one.maximum * percent // 100) for one in rules.round2.components])


@pytest.mark.parametrize("set_id", RUNNABLE)
def test_from_the_score_sheets_to_the_published_recommendation(session: Session, now: datetime, set_id: str) -> None:
    ground = make_ground(session, now, rules=set_id)
    rules = policies.load(set_id).rules
    for number, percent in (("001", 80), ("002", 70), ("003", 30)):
        enter(ground, number, percent)
    ground.opens()
    assert ("round1" in kinds_of(ground.campaign)) == bool(rules.round1.parts)
    for kind in ("provisional", "official", "recommendations"):
        ground.published(kind)
    outcome = fresh(session, ground.campaign, "recommendations").outcome
    assert isinstance(outcome, RecommendationOutcome)
    assert [line.who.number for position in outcome.positions for line in position.lines] == ["001"]


@pytest.mark.parametrize("set_id", RUNNABLE)
def test_its_stages_lead_from_the_draft_to_the_end(set_id: str) -> None:
    campaign, rules = Campaign(stage="draft"), policies.load(set_id).rules
    passed = ["draft"]
    while (coming := next_stage(campaign, rules)) is not None:
        campaign.stage = coming
        passed.append(coming)
    assert passed == list(stages_of(rules))
    assert passed[-1] == "closed"
    assert ("round1_held" in passed) == bool(rules.round1.parts)
