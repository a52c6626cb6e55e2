"""When interviews should begin: by the order drawn, the minutes of the rules and the pause; changed with a reason before they begin."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from examsite.grading.operations import panels, timetable
from examsite.rules import canonical
from examsite.rules.refusal import Conflict, NotPermitted, Refused
from tests.client import Browser
from tests.conftest import NOW
from tests.factories import make_candidate
from tests.grading.world import MINUTE, World

HOUR = timedelta(hours=1)


def planned(world: World) -> list[timedelta]:
    world.session.expire_all()
    starts = sorted(found for number in world.applications if (found := world.interview(number).planned_at) is not None)
    return [start - world.panel.starts_at for start in starts]


def replan(world: World, reason: str = "Called to the city.", by: str = "hr", minutes: int = 60) -> None:
    timetable.replan(world.session, world.role(by), world.panel, world.interview("001"), NOW + minutes * MINUTE, reason, NOW)


@pytest.mark.parametrize(("number", "pause", "after"), [(1, 0, 0), (1, 15, 0), (2, 0, 45), (2, 15, 60), (5, 10, 220)])
def test_each_begins_when_those_before_it_and_their_pauses_are_over(number: int, pause: int, after: int) -> None:
    assert timetable.planned_start(NOW, number, 45, pause) == NOW + after * MINUTE


def test_the_lots_give_the_times_and_another_start_gives_them_anew(world: World) -> None:
    assert planned(world) == []
    world.draw()
    assert planned(world) == [0 * MINUTE, 45 * MINUTE]
    facts = (world.panel.name, world.panel.place, NOW + HOUR, NOW)
    panels.change_panel(world.session, world.role("hr"), world.panel, *facts, pause_minutes=15)
    assert planned(world) == [0 * MINUTE, 60 * MINUTE]


def test_another_start_keeps_times_that_were_agreed_one_by_one(
    world: World, browse: Callable[..., Browser], by_name: Callable[..., str], url: Callable[..., str]
) -> None:
    world.draw()
    replan(world, minutes=600)
    agreed, other = world.interview("001"), world.interview("002")
    before = other.planned_at
    world.session.commit()
    data = {"name": "Panel 1", "place": "Room A", "starts_at": "2026-11-10T08:00", "pause": "15"}
    hr = browse(world.people["hr"])
    assert hr.post(url("/change"), data).status_code == 303
    assert f"ở các số thứ tự: {agreed.number}." in hr.get(url()).text
    world.session.expire_all()
    assert world.interview("001").planned_at == NOW + 600 * MINUTE
    after = world.interview("002").planned_at
    assert after == timetable.planned_start(world.panel.starts_at, other.number or 0, 45, 15)
    content = json.loads(world.log("grading:panel:changed")[0].content or "")["data"]
    assert content["kept"] == [agreed.number]
    assert before is not None
    assert after is not None
    assert content["times"] == [{"number": other.number, "before": told(before), "after": told(after)}]
    told_to_watcher = browse(world.people["watcher"]).get(f"/campaigns/{world.campaign.public_id}/log?kind=grading:panel:changed").text
    assert "Giờ được xếp lại" in told_to_watcher
    assert "Số thứ tự giữ nguyên giờ đã hẹn riêng" in told_to_watcher
    assert hr.post(by_name("/planned", "001"), {"at": "2026-11-10T09:25", "reason": "Hẹn lại."}).status_code == 303


def test_another_place_alone_plans_nothing_anew(world: World) -> None:
    world.draw()
    replan(world)
    facts = (world.panel.name, "Room C", world.panel.starts_at, NOW)
    assert panels.change_panel(world.session, world.role("hr"), world.panel, *facts) == ()
    content = world.log("grading:panel:changed")[0].content or ""
    assert "times" not in content
    assert "kept" not in content
    assert world.interview("001").planned_at == NOW + HOUR


def told(at: datetime) -> str:
    """A moment as the log has it."""
    return canonical.to_bytes(at).decode().strip('"')


def test_one_is_planned_elsewhere_with_a_reason_and_logged_by_number(world: World) -> None:
    world.draw()
    replan(world)
    assert world.interview("001").planned_at == NOW + HOUR
    content = world.log("grading:timetable:changed")[0].content or ""
    assert '"candidate":"001"' in content
    assert "Called to the city." in content
    assert world.interview("001").public_id not in content


def test_not_without_a_reason_into_the_past_or_by_others(world: World) -> None:
    with pytest.raises(Conflict, match="lots_not_drawn"):
        replan(world)
    world.draw()
    with pytest.raises(Refused, match="reason_missing"):
        replan(world, " ")
    with pytest.raises(Refused, match="plan_past"):
        replan(world, minutes=0)
    for name in ("head", "binh", "chair", "watcher"):
        with pytest.raises(NotPermitted):
            replan(world, by=name)


def test_not_once_the_candidate_is_there(begun: World) -> None:
    with pytest.raises(Refused, match="plan_begun"):
        replan(begun)


def test_hr_the_panel_and_the_candidate_see_it(
    world: World, browse: Callable[..., Browser], url: Callable[..., str], by_name: Callable[..., str]
) -> None:
    world.applications["001"].account_id = make_candidate(world.session, "la-2026-01-001").id
    world.draw()
    world.declare()
    world.session.commit()
    hr, address = browse(world.people["hr"]), by_name("/planned", "001")
    assert hr.post(address, {"at": "2026-11-10T09:25", "reason": " "}).status_code == 422
    assert hr.post(address, {"at": "2026-11-01T09:25", "reason": "x"}).status_code == 422
    assert browse(world.people["head"]).post(address, {"at": "2026-11-10T09:25", "reason": "x"}).status_code == 403
    assert hr.post(address, {"at": "2026-11-10T09:25", "reason": "Thí sinh được triệu tập họp."}).status_code == 303
    candidate = browse(world.applications["001"].account)
    for page in (hr.get(url()), browse(world.people["head"]).get(url("/room")), candidate.get("/home")):
        assert "09:25" in page.text
