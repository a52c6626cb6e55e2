"""Candidates who withdraw, or whose position is closed, while interviews are under way: marked at once, awaited by nobody."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from examsite.campaigns.models import Application
from examsite.campaigns.operations.closures import close_position
from examsite.campaigns.operations.withdrawals import withdraw
from examsite.desk.tasks.spread import to_decide
from examsite.grading.models import Interview
from examsite.grading.operations import attendance, closing, sanctions, timetable
from examsite.grading.queries import interview_outcomes, missing_before_closing
from examsite.rounds.operations import enter_round2
from examsite.rules.refusal import Refused
from tests.client import Browser
from tests.conftest import NOW
from tests.grading.test_spread_decision import VERY_WIDE
from tests.grading.world import FAIR, World

Browse = Callable[..., Browser]
Address = Callable[..., str]
SHEETS_WAIT = "Khóa phiếu chấm của anh/chị: còn 1"
FAR = (("40", "30", "30"), ("10", "10", "10"), ("20", "20", "20"))


def give_up(world: World, number: str = "001") -> Application:
    withdraw(world.session, world.role("hr"), world.applications[number], "Đơn ngày 02/3", NOW)
    world.session.commit()
    return world.applications[number]


def test_before_the_lots_a_candidate_who_withdraws_stands_before_no_panel(world: World) -> None:
    gone = give_up(world)
    assert world.session.scalar(select(Interview).where(Interview.application_id == gone.id)) is None
    (entry,) = world.log("grading:candidates:left")
    assert json.loads(entry.content or "")["data"] == {"candidates": ["001"]}
    world.draw()
    assert world.interview("002").number == 1


def test_before_the_lots_one_whom_a_corrected_result_lets_in_no_more_stands_before_no_panel(world: World) -> None:
    enter_round2(world.session, ["002"], "corrected", world.role("chair"), NOW)
    standing = world.session.scalars(select(Application.candidate_number).join(Interview, Interview.application_id == Application.id))
    assert standing.all() == ["002"]


@pytest.mark.parametrize("scored", [False, True])
def test_after_the_lots_one_whom_a_corrected_result_lets_in_no_more_is_awaited_by_nobody(
    begun: World, scored: bool, browse: Browse, url: Address
) -> None:
    begun.lock_all(number="002")
    if scored:
        begun.lock_all(*FAR)
    begun.session.commit()
    member = browse(begun.people["binh"])
    assert (SHEETS_WAIT in member.get("/home").text) is not scored
    enter_round2(begun.session, ["002"], "corrected", begun.role("chair"), NOW)
    begun.session.commit()
    assert SHEETS_WAIT not in member.get("/home").text
    assert to_decide(begun.session, begun.role("chair")) == 0
    with pytest.raises(Refused, match="no_sheet_needed"):
        attendance.record_presence(begun.session, begun.role("hr"), begun.panel, begun.interview(), "no_show", "Vắng", NOW)
    if not scored:
        with pytest.raises(Refused, match="no_sheet_needed"):
            begun.save("binh")
        assert "vòng 2. Không cần phiếu chấm" in browse(begun.people["binh"]).get(url("/sheet", "001")).text
        assert "không còn được vào vòng 2" in browse(begun.people["hr"]).get(url()).text
    assert missing_before_closing(begun.session, begun.panel) == []
    closing.close_panel(begun.session, begun.role("head"), begun.panel, NOW)
    begun.open_codes()
    outcome = interview_outcomes(begun.session, begun.campaign)["001"]
    assert (outcome.gone, outcome.no_show) == ("not_admitted", False)
    assert len(begun.log("grading:sheet:locked")) == (6 if scored else 3)
    enter_round2(begun.session, ["001", "002"], "again", begun.role("chair"), NOW)
    begun.session.expire_all()
    assert begun.interview().gone == ""


@pytest.mark.parametrize("scored", [False, True])
def test_after_the_lots_the_panel_closes_without_a_sheet(begun: World, scored: bool) -> None:
    begun.lock_all(number="002")
    if scored:
        begun.lock_all(*FAR)
        assert to_decide(begun.session, begun.role("chair")) == 1
    give_up(begun)
    assert to_decide(begun.session, begun.role("chair")) == 0
    assert missing_before_closing(begun.session, begun.panel) == []
    closing.close_panel(begun.session, begun.role("head"), begun.panel, NOW)
    begun.open_codes()
    outcome = interview_outcomes(begun.session, begun.campaign)["001"]
    assert (outcome.gone, outcome.no_show) == ("withdrawn", False)


def test_a_withdrawal_after_the_opening_leaves_what_was_signed(world: World) -> None:
    world.finish()
    world.open_codes()
    give_up(world)
    assert interview_outcomes(world.session, world.campaign)["001"].gone == "withdrawn"


def test_nothing_is_recorded_or_scored_of_them(begun: World) -> None:
    give_up(begun)
    with pytest.raises(Refused, match="no_sheet_needed"):
        begun.save("binh")
    with pytest.raises(Refused, match="no_sheet_needed"):
        attendance.record_presence(begun.session, begun.role("hr"), begun.panel, begun.interview(), "no_show", "Vắng", NOW)
    with pytest.raises(Refused, match="no_sheet_needed"):
        sanctions.record_sanction(begun.session, begun.role("head"), begun.panel, begun.interview(), "reprimand", "Read from notes.", NOW)
    with pytest.raises(Refused, match="no_sheet_needed"):
        timetable.replan(begun.session, begun.role("hr"), begun.panel, begun.interview(), NOW + timedelta(days=1), "Dời", NOW)


def test_a_closed_position_and_the_pages(begun: World, browse: Browse, url: Address) -> None:
    code = begun.interview().code or ""
    begun.lock_all(FAIR, FAIR, VERY_WIDE)
    begun.session.commit()
    closing_page = f"/campaigns/{begun.campaign.public_id}/positions/{begun.applications['001'].position.public_id}/close"
    assert "không còn giá trị" in browse(begun.people["chair"]).get(closing_page).text
    close_position(begun.session, begun.role("chair"), begun.applications["001"].position, "Thôi tuyển", "QĐ 12", NOW)
    begun.session.commit()
    room = browse(begun.people["head"]).get(url("/room"))
    assert code in room.text
    assert room.text.count("do vị trí ngừng tuyển") >= 2, "both candidates were for the one position"
    for name, page in (("head", url("", "001")), ("binh", url("/sheet", "001"))):
        assert "Không cần phiếu chấm" in browse(begun.people[name]).get(page).text
    page = browse(begun.people["head"]).get(url("", "001")).text
    assert "75" in page, "the sheets stay readable"
    assert "/sanctions" not in page
    assert "Do Chủ tịch Hội đồng quyết định" not in page
    hr = browse(begun.people["hr"]).get(url())
    assert "do vị trí ngừng tuyển" in hr.text
    assert "/presence" not in hr.text
    closing.close_panel(begun.session, begun.role("head"), begun.panel, NOW)
    begun.session.commit()
    protocol = browse(begun.people["head"]).get(f"/campaigns/{begun.campaign.public_id}/panels/{begun.panel.public_id}/protocol")
    assert "Không còn dự thi: 2" in protocol.text
