"""Setting up panels: place, members, candidates."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsite.campaigns.queries import rule_set
from examsite.grading.models import Interview, Panel, PanelMember, Recusal
from examsite.grading.operations import panels
from examsite.grading.queries import entrants, missing_before_drawing, placing
from examsite.rules.refusal import Conflict, NotFound, NotPermitted, Refused
from tests import factories
from tests.client import Browser
from tests.conftest import NOW
from tests.grading.world import World


def seat(world: World, name: str, duty: str = "member", reason: str = "") -> PanelMember:
    return panels.seat_member(world.session, world.role("hr"), world.panel, world.people[name].public_id, duty, reason, NOW)


def test_hr_creates_a_panel_in_the_browser_and_the_start_is_local(world: World, browse: Callable[..., Browser]) -> None:
    address = f"/campaigns/{world.campaign.public_id}/panels"
    answer = browse(world.people["hr"]).post(f"{address}/new", {"name": "Tổ 2", "place": "Hội trường B", "starts_at": "2026-11-28T08:00"})
    assert answer.status_code == 303
    panel = world.session.scalars(select(Panel).where(Panel.name == "Tổ 2")).one()
    assert panel.starts_at.isoformat() == "2026-11-28T01:00:00+00:00"
    assert panel.state == "planned"
    assert world.log("grading:panel:created")[0].about == f"panel:{panel.public_id}"


def test_two_panels_of_one_name_are_refused_and_what_was_typed_stays(world: World, browse: Callable[..., Browser]) -> None:
    address = f"/campaigns/{world.campaign.public_id}/panels/new"
    answer = browse(world.people["hr"]).post(address, {"name": "Panel 1", "place": "Elsewhere", "starts_at": "2026-11-28T08:00"})
    assert answer.status_code == 422
    assert "đã có tổ tên Panel 1" in answer.text
    assert 'value="Elsewhere"' in answer.text


def test_a_panel_changes_place_and_time_until_it_is_closed(world: World) -> None:
    panels.change_panel(world.session, world.role("hr"), world.panel, "Panel 1", "Room C", NOW, NOW)
    assert (world.panel.place, world.panel.starts_at) == ("Room C", NOW)
    world.finish()
    with pytest.raises(Conflict, match="panel_is_closed"):
        panels.change_panel(world.session, world.role("hr"), world.panel, "Panel 1", "Room D", NOW, NOW)


def test_only_the_board_can_be_seated_once_and_under_one_head(world: World) -> None:
    assert seat(world, "dung").duty == "member"
    for name, duty, code in (
        ("dung", "member", "seated_already"),
        ("council", "member", "not_on_board"),
        ("council", "cook", "duty_unknown"),
    ):
        with pytest.raises(Refused, match=code):
            seat(world, name, duty)


def test_a_second_head_is_refused_and_the_duty_is_handed_over_with_a_reason(world: World) -> None:
    with pytest.raises(Refused, match="head_taken"):
        seat(world, "dung", "head")
    with pytest.raises(Refused, match="reason_missing"):
        panels.hand_over_head(world.session, world.role("hr"), world.panel, world.member("binh"), " ", NOW)
    panels.hand_over_head(world.session, world.role("hr"), world.panel, world.member("binh"), "The head is ill.", NOW)
    heads = world.session.scalars(select(PanelMember).where(PanelMember.panel_id == world.panel.id, PanelMember.duty == "head"))
    assert [head.account.sign_in_name for head in heads] == ["binh"]
    assert len(world.log("grading:head:changed")) == 1


def test_a_seat_is_taken_back_before_the_lots_and_not_after(world: World) -> None:
    panels.unseat_member(world.session, world.role("hr"), world.panel, world.member("chi"), NOW)
    assert world.session.scalar(select(func.count()).select_from(PanelMember)) == 2
    world.draw()
    with pytest.raises(Conflict, match="lots_drawn_already"):
        panels.unseat_member(world.session, world.role("hr"), world.panel, world.member("binh"), NOW)


def test_whoever_joins_after_the_lots_needs_a_reason_and_does_not_touch_what_is_scored(begun: World) -> None:
    begun.lock("binh", number="001")
    with pytest.raises(Refused, match="reason_missing"):
        seat(begun, "dung")
    joined = seat(begun, "dung", reason="Chi fell ill.")
    left_out = begun.session.scalars(select(Recusal).where(Recusal.member_id == joined.id)).all()
    assert [(found.interview_id, found.kind, found.reason) for found in left_out] == [
        (begun.interview("001").id, "absent", "Chi fell ill.")
    ]
    begun.declare("dung")
    begun.lock("dung", number="002")
    with pytest.raises(NotPermitted, match="recused_here"):
        begun.lock("dung", number="001")


def test_candidates_come_by_position_and_each_once(session: Session, world: World) -> None:
    position = factories.make_position(session, world.campaign, "VT02")
    for number in ("003", "004", "005"):
        application = factories.make_application(session, position, "Lê Văn C", "eligible", number)
        if number != "005":
            factories.make_entrant(session, application)
    assert panels.assign_position(session, world.role("hr"), world.panel, position, NOW) == 2
    with pytest.raises(Refused, match="nobody_to_assign"):
        panels.assign_position(session, world.role("hr"), world.panel, position, NOW)
    assert session.scalar(select(func.count()).select_from(Interview)) == 4


def test_those_enter_whom_round_1_lets_in_and_without_a_round_1_all_eligible(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    position = world.applications["001"].position
    for state, number in (("eligible", "003"), ("rejected", "004"), ("eligible", None)):
        factories.make_application(world.session, position, "Lê Văn C", state, number)
    assert [application.candidate_number for application in entrants(world.session, world.campaign)] == ["001", "002"]
    rules = rule_set(world.campaign)
    alone = replace(rules, round1=replace(rules.round1, parts=()))
    monkeypatch.setattr(placing, "rule_set", lambda _campaign: alone)
    assert [application.candidate_number for application in entrants(world.session, world.campaign)] == ["001", "002", "003"]


def test_a_candidate_is_moved_by_hand_until_either_panel_has_drawn(session: Session, world: World) -> None:
    other = factories.make_panel(session, world.campaign, name="Panel 2")
    interview = world.interview("001")
    panels.move_candidate(session, world.role("hr"), world.panel, interview, other, NOW)
    assert world.interview("001").panel_id == other.id
    assert world.log("grading:candidate:moved")[0].about == f"panel:{world.panel.public_id}"
    with pytest.raises(Conflict, match="changed_meanwhile"):
        panels.move_candidate(session, world.role("hr"), world.panel, interview, other, NOW)
    world.draw()
    with pytest.raises(Conflict, match="lots_drawn_already"):
        panels.move_candidate(session, world.role("hr"), other, world.interview("001"), world.panel, NOW)


def test_a_panel_of_another_campaign_is_not_there(session: Session, world: World, browse: Callable[..., Browser]) -> None:
    elsewhere = factories.make_campaign(session, code="LA-2026-09", hr=world.people["hr"])
    other = factories.make_panel(session, elsewhere, name="Panel 1")
    with pytest.raises(NotFound):
        panels.move_candidate(session, world.role("hr"), world.panel, world.interview("001"), other, NOW)
    session.commit()
    address = f"/campaigns/{world.campaign.public_id}/panels/{other.public_id}"
    assert browse(world.people["hr"]).get(address).status_code == 404


@pytest.mark.parametrize("board", ["panel", "council"])
def test_who_scores_or_decides_does_not_manage_panels(session: Session, world: World, board: str) -> None:
    factories.appoint(session, world.campaign, world.people["head" if board == "panel" else "chair"], "hr")
    with pytest.raises(NotPermitted):
        panels.create_panel(session, world.role("head" if board == "panel" else "chair"), "Panel 9", "Room", NOW, NOW)


def test_what_is_missing_before_the_lots_is_named(session: Session, world: World) -> None:
    bare = factories.make_panel(session, world.campaign, [world.people["dung"]], name="Panel 2")
    bare.members[0].duty = "member"
    session.flush()
    found = [gap.code for gap in missing_before_drawing(session, bare)]
    assert found == ["grading.gap_members", "grading.gap_head", "grading.gap_candidates"]
    assert missing_before_drawing(session, world.panel) == []
