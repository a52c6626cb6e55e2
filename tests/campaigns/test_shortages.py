"""Fewer eligible candidates than the rules ask for: the chair decides with a reason, and nobody is examined before that."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.audit.models import LogEntry
from examsite.campaigns.models import Application, ShortageDecision
from examsite.campaigns.operations import leaving
from examsite.campaigns.operations.shortages import decide_shortage
from examsite.campaigns.operations.withdrawals import withdraw
from examsite.campaigns.queries.shortages import Turnout, turnouts
from examsite.desk import stages
from examsite.notices.models import Notice
from examsite.rules.refusal import NotFound, NotPermitted
from tests.client import Browser
from tests.factories import make_application, make_campaign, make_position
from tests.results.ground import Ground, make_ground, refused

REASON = "Chỉ có một người trong quy hoạch đăng ký."


@pytest.fixture
def ground(session: Session, now: datetime) -> Ground:
    """VT01 with one eligible candidate, VT02 with two; at least two are asked for."""
    found = make_ground(session, now)
    found.campaign.stage = "applications"
    found.candidate("001")
    for number in ("002", "003"):
        found.candidate(number, position="VT02")
    return found


def decide(ground: Ground, outcome: str = "go_on", reason: str = REASON, position: str = "VT01", by: str = "chair") -> None:
    account = getattr(ground, by)
    decide_shortage(ground.session, ground.role(account), ground.position(position), outcome, reason, ground.now)


def turnout(ground: Ground, position: str = "VT01") -> Turnout:
    return next(one for one in turnouts(ground.session, ground.campaign) if one.position.code == position)


def unmet(ground: Ground) -> dict[str, object]:
    found = stages.needs(ground.session, ground.campaign, ground.now)
    return {need.code: need.params.get("positions") for need in found if not need.met}


@pytest.mark.parametrize("stage", ["applications", "screened"])
def test_the_step_waits_and_names_the_position(ground: Ground, stage: str) -> None:
    ground.campaign.stage = stage
    ground.session.flush()
    assert unmet(ground)["too_few_candidates"] == "VT01"
    decide(ground)
    assert "too_few_candidates" not in unmet(ground)


def test_exactly_as_many_as_the_rules_ask_for_are_enough(ground: Ground) -> None:
    assert not turnout(ground, "VT02").short
    with refused("campaigns.shortage_none"):
        decide(ground, position="VT02")


def test_going_on_is_logged_and_keeps_the_candidates(ground: Ground) -> None:
    decide(ground)
    entry = ground.session.scalars(select(LogEntry).where(LogEntry.kind == "campaigns:position:shortage_decided")).one()
    assert REASON in (entry.content or "")
    assert ground.application("001").state == "eligible"
    assert turnout(ground).settled


def test_closing_turns_the_applications_down_for_the_same_reason(ground: Ground) -> None:
    decide(ground, "close")
    application = ground.session.scalars(
        select(Application).where(Application.candidate_number == "001").execution_options(populate_existing=True)
    ).one()
    assert (application.state, application.decision_reason, application.decided_by_id) == ("rejected", REASON, ground.chair.id)
    assert turnout(ground).settled
    assert ground.application("002").state == "eligible"
    about = ground.session.scalars(select(LogEntry.about).where(LogEntry.kind == "campaigns:application:decided")).all()
    assert about == [f"application:{application.public_id}"]


def test_closing_frees_seats_and_tells_those_concerned(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    gone: list[int] = []
    monkeypatch.setattr(leaving, "_FOLLOWERS", [lambda _session, _campaign, ids, *_more: gone.extend(ids)])
    application = ground.application("001")
    decide(ground, "close")
    assert gone == [application.id]
    told = select(Notice.code).where(Notice.account_id == application.account_id)
    assert ground.session.scalars(told).all() == ["application_ended"]


def test_a_closed_position_with_somebody_eligible_again_is_asked_about_again(ground: Ground) -> None:
    decide(ground, "close")
    make_application(ground.session, ground.position(), "Đỗ Văn Sáu", "eligible", "009")
    assert not turnout(ground).settled
    decide(ground)
    assert turnout(ground).settled
    found = ground.session.scalars(select(ShortageDecision).order_by(ShortageDecision.id)).all()
    assert [(one.outcome, one.superseded_at is None) for one in found] == [("close", False), ("go_on", True)]


def test_fewer_than_were_decided_about_ask_again(ground: Ground) -> None:
    decide(ground)
    withdraw(ground.session, ground.role(ground.hr), ground.application("001"), "Xin rút.", ground.now)
    assert not turnout(ground).settled
    with refused("campaigns.shortage_nobody"):
        decide(ground)
    decide(ground, "close")
    assert turnout(ground).settled


@pytest.mark.parametrize(
    ("outcome", "reason", "code"),
    [("go_on", "  ", "reason_missing"), ("perhaps", REASON, "campaigns.shortage_unknown"), ("", REASON, "campaigns.shortage_unknown")],
)
def test_a_decision_without_an_answer_or_a_reason_is_refused(ground: Ground, outcome: str, reason: str, code: str) -> None:
    with refused(code):
        decide(ground, outcome, reason)


def test_not_before_everybody_is_screened_and_not_once_the_ranking_stands(ground: Ground) -> None:
    waiting = make_application(ground.session, ground.position(), "Đỗ Văn Bảy")
    with refused("campaigns.shortage_undecided"):
        decide(ground)
    ground.session.delete(waiting)
    for stage in ("announced", "provisional"):
        ground.campaign.stage = stage
        ground.session.flush()
        with refused("campaigns.shortage_stage"):
            decide(ground)


@pytest.mark.parametrize("stage", ["round1_timetable", "round2_held"])
def test_whoever_withdraws_once_the_exam_is_prepared_may_leave_too_few(ground: Ground, browse: Callable[..., Browser], stage: str) -> None:
    ground.campaign.stage = stage
    ground.session.commit()
    chair, address = browse(ground.chair), f"/campaigns/{ground.campaign.public_id}/positions/{ground.position().public_id}"
    assert address.rpartition("/")[0] + "?show=short" in chair.get("/home").text
    assert f"{address}/shortage" in chair.get(address).text
    with refused("screening.over"):
        decide(ground, "close")
    assert chair.post(f"{address}/shortage", {"outcome": "go_on", "reason": REASON}).status_code == 303
    assert "?show=short" not in chair.get("/home").text
    ground.campaign.stage = "provisional"
    ground.session.commit()
    assert f"{address}/shortage" not in chair.get(address).text


def test_a_position_is_not_closed_behind_a_published_list(ground: Ground) -> None:
    ground.published("eligible")
    with refused("screening.published"):
        decide(ground, "close")
    ground.now += timedelta(minutes=1)
    decide(ground)


@pytest.mark.parametrize("who", ["hr", "council", "supervisor"])
def test_only_the_chair_decides(ground: Ground, who: str) -> None:
    with pytest.raises(NotPermitted):
        decide(ground, by=who)


def test_a_position_of_another_campaign_is_not_found(ground: Ground) -> None:
    other = make_position(ground.session, make_campaign(ground.session, code="LA-2026-99"))
    with pytest.raises(NotFound):
        decide_shortage(ground.session, ground.role(ground.chair), other, "go_on", REASON, ground.now)


def test_on_the_pages(ground: Ground, browse: Callable[..., Browser]) -> None:
    ground.session.commit()
    chair, hr, council, base = browse(ground.chair), browse(ground.hr), browse(ground.council), f"/campaigns/{ground.campaign.public_id}"
    address = f"{base}/positions/{ground.position().public_id}"
    for page in (hr.get(f"{base}/positions").text, hr.get(base).text, hr.get(address).text):
        assert "ít hơn" in page
    assert "2424/BNV-CCVC" in hr.get(f"{base}/positions").text
    assert address in hr.get(f"{base}/positions?show=short").text
    assert "/shortage" not in hr.get(address).text
    assert f"{address}/shortage" in chair.get(address).text
    assert hr.post(f"{address}/shortage", {"outcome": "go_on", "reason": REASON}).status_code == 403
    assert council.post(f"{address}/shortage", {"outcome": "go_on", "reason": REASON}).status_code == 403
    assert browse().post(f"{address}/shortage", {"outcome": "go_on"}).status_code == 303
    wrong = chair.post(f"{address}/shortage", {"outcome": "go_on", "reason": " "})
    assert wrong.status_code == 422
    assert chair.post(f"{address}/shortage", {"outcome": "go_on", "reason": REASON}).status_code == 303
    assert REASON in hr.get(address).text


@pytest.mark.parametrize(("fields", "told"), [(["candidate_number", "name"], False), (["candidate_number", "name", "reason"], True)])
def test_the_public_page_tells_the_decision_and_the_reason_only_where_lists_may(
    session: Session, now: datetime, browse: Callable[..., Browser], fields: list[str], told: bool
) -> None:
    ground = make_ground(session, now, changes={"publication.eligible": fields})
    ground.campaign.stage = "applications"
    ground.candidate("001")
    decide(ground)
    session.commit()
    page = browse().get(f"/public/{ground.campaign.public_id}").text
    assert "ít thí sinh hơn quy chế yêu cầu" in page
    assert (REASON in page) is told
