"""The stages: what is missing is named, a step is taken only when nothing is, a step back needs the chair and a reason."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.campaigns.models import Campaign, Position, StageStep
from examsite.campaigns.roles import role_of
from examsite.desk import operations, stages
from examsite.rounds.models import RosterEntry
from examsite.rules.refusal import Conflict, NotPermitted, Refused
from tests.client import Browser
from tests.conftest import NOW
from tests.factories import appoint, make_application, make_campaign, make_position, make_staff
from tests.rounds.hall import make_house


@pytest.fixture
def officer(session: Session) -> Account:
    return make_staff(session, "hang", house_role="hr_officer")


@pytest.fixture
def campaign(session: Session, officer: Account) -> Campaign:
    return make_campaign(session, hr=officer)


def _ready_to_announce(session: Session, campaign: Campaign) -> Account:
    make_position(session, campaign)
    chair = make_staff(session, "chair")
    appoint(session, campaign, chair, "council", "head")
    appoint(session, campaign, make_staff(session, "second"), "council")
    appoint(session, campaign, make_staff(session, "author"), "question", "head")
    appoint(session, campaign, make_staff(session, "reviewer"), "question")
    return chair


def test_an_empty_draft_names_all_that_is_missing(session: Session, campaign: Campaign, now: datetime) -> None:
    missing = {need.code for need in stages.needs(session, campaign, now) if not need.met}
    assert missing == {"positions", "criteria", "council_head", "council_second", "question_board"}


def test_a_step_is_refused_while_something_is_missing(session: Session, campaign: Campaign, officer: Account, now: datetime) -> None:
    with pytest.raises(Refused, match=r"desk\.still_missing"):
        operations.advance(session, role_of(session, officer, campaign), "draft", now)
    assert campaign.stage == "draft"


def test_announcing_freezes_the_rules(session: Session, campaign: Campaign, officer: Account, now: datetime) -> None:
    _ready_to_announce(session, campaign)
    assert operations.advance(session, role_of(session, officer, campaign), "draft", now) == "announced"
    session.refresh(campaign)
    assert campaign.stage == "announced"
    assert campaign.rules_hash
    assert campaign.frozen_at == now
    assert [(step.from_stage, step.to_stage) for step in session.query(StageStep)] == [("draft", "announced")]


def test_a_step_from_a_stage_that_is_past_is_a_conflict(session: Session, campaign: Campaign, officer: Account, now: datetime) -> None:
    _ready_to_announce(session, campaign)
    role = role_of(session, officer, campaign)
    operations.advance(session, role, "draft", now)
    session.refresh(campaign)
    with pytest.raises(Conflict):
        operations.advance(session, role, "draft", now)


def test_only_hr_and_the_chair_take_a_step(session: Session, campaign: Campaign, now: datetime) -> None:
    _ready_to_announce(session, campaign)
    supervisor = make_staff(session, "supervisor")
    appoint(session, campaign, supervisor, "supervision")
    with pytest.raises(NotPermitted):
        operations.advance(session, role_of(session, supervisor, campaign), "draft", now)


def test_a_step_back_needs_the_chair_and_a_reason(session: Session, campaign: Campaign, officer: Account, now: datetime) -> None:
    chair = _ready_to_announce(session, campaign)
    operations.advance(session, role_of(session, officer, campaign), "draft", now)
    session.refresh(campaign)
    operations.advance(session, role_of(session, officer, campaign), "announced", now)
    session.refresh(campaign)
    with pytest.raises(NotPermitted):
        operations.step_back(session, role_of(session, officer, campaign), "applications", "why", now)
    with pytest.raises(Refused, match="reason_missing"):
        operations.step_back(session, role_of(session, chair, campaign), "applications", "  ", now)
    assert operations.step_back(session, role_of(session, chair, campaign), "applications", "Sai sót trong thông báo.", now) == "announced"
    session.refresh(campaign)
    assert campaign.rules_hash


def test_an_announcement_cannot_be_taken_back(session: Session, campaign: Campaign, officer: Account, now: datetime) -> None:
    chair = _ready_to_announce(session, campaign)
    operations.advance(session, role_of(session, officer, campaign), "draft", now)
    session.refresh(campaign)
    with pytest.raises(Refused, match=r"desk\.no_way_back"):
        operations.step_back(session, role_of(session, chair, campaign), "announced", "Lý do.", now)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_lists_conditions_and_takes_the_step(
    session: Session, campaign: Campaign, officer: Account, browse: Callable[..., Browser], language: str
) -> None:
    address = f"/campaigns/{campaign.public_id}"
    session.commit()
    page = browse(officer).get(address, headers={"Accept-Language": language})
    assert page.status_code == 200
    assert ("còn thiếu" if language == "vi" else "missing") in page.text
    _ready_to_announce(session, campaign)
    session.commit()
    assert browse(officer).post(f"{address}/stages/advance", {"stage": "draft"}).status_code == 303
    assert browse(officer).post(f"{address}/stages/advance", {"stage": "draft"}).status_code == 422
    session.refresh(campaign)
    assert campaign.stage == "announced"
    campaign.stage = "applications"
    make_application(session, session.scalars(select(Position)).one(), "An")
    session.commit()
    assert f'href="{address}/applications?state=received">' in browse(officer).get(address).text, "to those who are not decided"


def test_strangers_find_no_such_campaign(session: Session, campaign: Campaign, browse: Callable[..., Browser]) -> None:
    stranger = make_staff(session, "stranger")
    address = f"/campaigns/{campaign.public_id}"
    session.commit()
    assert browse(stranger).get(address).status_code == 404
    assert browse(stranger).post(f"{address}/stages/advance", {"stage": "draft"}).status_code == 404
    assert browse().get(address).status_code == 303


def test_whoever_is_listed_has_a_seat_where_the_session_uses_rooms(session: Session) -> None:
    house = make_house(session)
    exam = house.exam()
    first, _second = house.candidates(2)
    entry = RosterEntry(session_id=exam.id, application_id=first.id, candidate_number="001")
    session.add(entry)
    house.campaign.stage = "screened"

    def seated() -> tuple[bool, int, str]:
        session.flush()
        return next((one.met, one.left, one.endpoint) for one in stages.needs(session, house.campaign, NOW) if one.code == "all_seated")

    assert seated() == (True, 0, "rounds.allocation"), "without rooms there are no seats"
    [held] = house.room("P101", 2, exam)
    assert seated() == (False, 1, "rounds.allocation")
    entry.room_id, entry.seat = held.room_id, "1"
    assert seated()[0]
