"""Setting up panels: place, members, candidates."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, event, func, select
from sqlalchemy.orm import Session

from examsite.campaigns.models import Membership
from examsite.campaigns.queries import rule_set
from examsite.db import open_session
from examsite.grading.models import Interview, Panel, PanelMember, Recusal
from examsite.grading.operations import opening, panels
from examsite.grading.queries import entrants, missing_before_drawing, placing
from examsite.notices.models import Notice
from examsite.rules.refusal import Conflict, NotFound, NotPermitted, Refused
from tests import factories
from tests.client import Browser
from tests.conftest import NOW
from tests.databases import Copy
from tests.grading.world import World, find_world, make_world
from tests.races import at_once


def told(world: World, name: str) -> list[str]:
    return list(world.session.scalars(select(Notice.code).where(Notice.account_id == world.people[name].id)))


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
    answer = browse(world.people["hr"]).post(address, {"name": "Panel 1", "place": "Elsewhere", "starts_at": "28/11/2026 08:00"})
    assert answer.status_code == 422
    assert "đã có tổ tên Panel 1" in answer.text
    assert 'value="Elsewhere"' in answer.text
    assert 'value="28/11/2026 08:00"' in answer.text
    for slip in ("01/01/0001 00:00", "28/11/226 08:00", "11/28/2026 08:00"):
        refused = browse(world.people["hr"]).post(address, {"name": "Panel 3", "place": "Elsewhere", "starts_at": slip})
        assert (refused.status_code, f'value="{slip}"' in refused.text) == (422, True), slip


def test_a_panel_changes_place_and_time_until_it_is_closed(world: World) -> None:
    panels.change_panel(world.session, world.role("hr"), world.panel, "Panel 1", "Room C", NOW, NOW)
    assert (world.panel.place, world.panel.starts_at) == ("Room C", NOW)
    world.finish()
    with pytest.raises(Conflict, match="panel_is_closed"):
        panels.change_panel(world.session, world.role("hr"), world.panel, "Panel 1", "Room D", NOW, NOW)


def empty_panel(world: World) -> Panel:
    return panels.create_panel(world.session, world.role("hr"), "By mistake", "Room Z", NOW, NOW)


def test_a_panel_nobody_stands_before_is_removed_and_its_members_are_told(world: World, browse: Callable[..., Browser]) -> None:
    spare = empty_panel(world)
    panels.seat_member(world.session, world.role("hr"), spare, world.people["binh"].public_id, "member", "", NOW)
    world.session.commit()
    pages, place = browse(world.people["hr"]), f"/campaigns/{world.campaign.public_id}/panels"
    assert "Xóa tổ này" in pages.get(f"{place}/{spare.public_id}").text
    assert pages.post(f"{place}/{spare.public_id}/remove").status_code == 303
    assert "Đã xóa tổ By mistake." in pages.get(place).text
    assert world.session.scalars(select(Panel.name)).all() == ["Panel 1"]
    [entry] = world.log("grading:panel:removed")
    assert '"name":"By mistake"' in (entry.content or "")
    assert f'"name":"{world.people["binh"].display_name}"' in (entry.content or "")
    assert "panel_removed" in told(world, "binh")


def test_a_panel_with_candidates_or_with_lots_stays(world: World, browse: Callable[..., Browser]) -> None:
    place = f"/campaigns/{world.campaign.public_id}/panels/{world.panel.public_id}"
    assert "Xóa tổ này" not in browse(world.people["hr"]).get(place).text
    with pytest.raises(Refused, match="panel_has_candidates"):
        panels.remove_panel(world.session, world.role("hr"), world.panel, NOW)
    world.begin()
    with pytest.raises(Conflict, match="lots_drawn_already"):
        panels.remove_panel(world.session, world.role("hr"), world.panel, NOW)
    with pytest.raises(NotPermitted):
        panels.remove_panel(world.session, world.role("head"), world.panel, NOW)


def test_a_panel_that_is_removed_and_given_candidates_at_once_has_one_fate(own_database: Copy) -> None:
    with open_session(own_database.engine) as session:
        make_world(session)
        session.execute(delete(Interview))
        session.commit()

    def there(own: Session) -> World:
        if own.scalar(select(Panel.id)) is None:
            raise NotFound
        return find_world(own)

    def remove(own: Session, _loaded: None) -> None:
        world = there(own)
        panels.remove_panel(own, world.role("hr"), world.panel, NOW)

    def assign(own: Session, _loaded: None) -> None:
        world = there(own)
        panels.assign_position(own, world.role("hr"), world.panel, world.applications["001"].position, NOW)

    outcomes = at_once(own_database, lambda _own: None, remove, assign)
    assert sorted(outcomes) in (["done", "grading.panel_has_candidates"], ["done", "not_found"])
    with open_session(own_database.engine, read_only=True) as session:
        left = session.scalars(select(Panel.id)).all()
        assert bool(session.scalars(select(Interview.id)).all()) is bool(left)


def test_no_panel_is_added_once_somebody_signs_the_opening(world: World, browse: Callable[..., Browser]) -> None:
    world.finish()
    act = opening.propose_opening(world.session, world.role("coder"), world.digest(), NOW)
    with pytest.raises(Refused, match="opening_waits"):
        empty_panel(world)
    opening.sign_opening(world.session, world.role("watcher"), act, world.digest(), NOW)
    with pytest.raises(Refused, match="no_more_panels"):
        empty_panel(world)
    assert "Tạo tổ phỏng vấn" not in browse(world.people["hr"]).get(f"/campaigns/{world.campaign.public_id}/panels").text


def test_a_panel_is_planned_for_a_time_ahead(world: World) -> None:
    past, hr = NOW - timedelta(minutes=1), world.role("hr")
    with pytest.raises(Refused, match="plan_past"):
        panels.create_panel(world.session, hr, "Panel 9", "Room C", past, NOW)
    with pytest.raises(Refused, match="plan_past"):
        panels.change_panel(world.session, hr, world.panel, "Panel 1", "Room C", past, NOW)
    meanwhile = world.panel.starts_at + timedelta(days=400)
    panels.change_panel(world.session, hr, world.panel, "Panel 1", "Room C", world.panel.starts_at, meanwhile)
    assert world.panel.place == "Room C", "what was planned before may have begun"


def test_a_changed_pause_stands_in_the_log_with_the_one_before(world: World) -> None:
    place, starts_at = world.panel.place, world.panel.starts_at
    panels.change_panel(world.session, world.role("hr"), world.panel, "Panel 1", place, starts_at, NOW, pause_minutes=15)
    [entry] = world.log("grading:panel:changed")
    assert '"pause_minutes":15' in (entry.content or "")
    assert f'"before":{{"name":"Panel 1","pause_minutes":0,"place":"{place}"' in (entry.content or "")


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
    content = world.log("grading:head:changed")[0].content or ""
    assert '"name":"Binh"' in content
    assert '"former_name":"Head"' in content
    assert world.people["head"].public_id in content


def test_a_seat_is_taken_back_before_the_lots_and_not_after(world: World) -> None:
    panels.unseat_member(world.session, world.role("hr"), world.panel, world.member("chi"), NOW)
    assert world.session.scalar(select(func.count()).select_from(PanelMember)) == 2
    world.draw()
    with pytest.raises(Conflict, match="seat_stands"):
        panels.unseat_member(world.session, world.role("hr"), world.panel, world.member("binh"), NOW)


def test_whoever_joins_after_the_lots_needs_a_reason_and_does_not_touch_what_is_scored(begun: World) -> None:
    begun.lock("binh", number="001")
    with pytest.raises(Refused, match="reason_missing"):
        seat(begun, "dung")
    joined = seat(begun, "dung", reason="Chi fell ill.")
    left_out = begun.session.scalars(select(Recusal).where(Recusal.member_id == joined.id)).all()
    assert [(found.interview_id, found.kind, found.reason) for found in left_out] == [
        (begun.interview("001").id, "joined_late", "Chi fell ill.")
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


def test_whoever_leaves_the_board_leaves_the_panel(begun: World, browse: Callable[..., Browser], url: Callable[..., str]) -> None:
    for board_seat in begun.session.scalars(select(Membership).where(Membership.account_id == begun.people["binh"].id)):
        board_seat.ended_at = NOW
    factories.appoint(begun.session, begun.campaign, begun.people["binh"], "council")
    begun.session.commit()
    assert browse(begun.people["binh"]).get(url("/room")).status_code == 404
    with pytest.raises(NotFound):
        begun.save("binh")


def test_moving_in_the_browser_asks_for_a_panel(world: World, browse: Callable[..., Browser], by_name: Callable[..., str]) -> None:
    hr = browse(world.people["hr"])
    answer = hr.post(by_name("/move", "001"), {"panel": ""})
    assert answer.status_code == 422
    assert "Hãy chọn một tổ." in answer.text
    other = factories.make_panel(world.session, world.campaign, name="Panel 2")
    world.session.commit()
    assert hr.post(by_name("/move", "001"), {"panel": other.public_id}).status_code == 303
    assert world.interview("001").panel_id == other.id


def test_seats_and_assignments_in_the_browser(world: World, browse: Callable[..., Browser], url: Callable[..., str]) -> None:
    hr = browse(world.people["hr"])
    seated = hr.post(url("/members"), {"account": world.people["dung"].public_id, "duty": "member"})
    assert (seated.status_code, world.member("dung").duty) == (303, "member")
    refused = hr.post(url("/members"), {"account": world.people["dung"].public_id, "duty": "member"})
    assert refused.status_code == 422
    assert "đã là thành viên của tổ này" in refused.text
    assert hr.post(url(f"/members/{world.member('dung').public_id}/unseat")).status_code == 303
    assert hr.post(url(f"/members/{world.member('binh').public_id}/head"), {"reason": "Tổ trưởng ốm."}).status_code == 303
    assert world.member("binh").duty == "head"
    nobody = hr.post(url("/assign"), {"position": world.applications["001"].position.public_id})
    assert nobody.status_code == 422
    assert "không còn thí sinh nào chưa xếp tổ" in nobody.text
    assert hr.post(url("/assign"), {"position": ""}).status_code == 422


@pytest.mark.parametrize("page", ["/panels", "/panels/{panel}", "/panels/{panel}/room", "/panels/{panel}/discrepancies"])
def test_the_number_of_queries_does_not_grow_with_the_rows(session: Session, browse: Callable[..., Browser], page: str) -> None:
    counts = []
    for code, numbers in (("LA-2026-11", ["001"]), ("LA-2026-12", ["001", "002", "003", "004"])):
        world = make_world(session, numbers, code=code)
        for extra in numbers[1:]:
            factories.make_panel(session, world.campaign, [world.people["dung"]], name=f"Panel {extra}")
        world.begin()
        session.commit()
        reader = browse(world.people["head" if page.endswith(("room", "discrepancies")) else "hr"])
        address = f"/campaigns/{world.campaign.public_id}{page.format(panel=world.panel.public_id)}"
        reader.get(address)
        with queries_of(session) as statements:
            assert reader.get(address).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]


@contextmanager
def queries_of(session: Session) -> Iterator[list[str]]:
    """The statements that a piece of a test sends."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    yield sent
    event.remove(connection, "before_cursor_execute", note)
