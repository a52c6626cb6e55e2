"""Sanctions in round 2: the head records, the chair decides with a reason, and what is imposed counts in the score."""

from collections.abc import Callable
from fractions import Fraction

import pytest
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.campaigns.roles import role_of
from examsite.db import open_session
from examsite.grading.models import Interview, Panel, Sanction
from examsite.grading.operations import closing, sanctions
from examsite.grading.queries import interview_outcomes, missing_before_closing
from examsite.grading.queries.progress import progress_of
from examsite.grading.queries.sanctions import shown
from examsite.rules.refusal import Conflict, NotFound, NotPermitted, Refused
from tests.client import Browser
from tests.conftest import NOW
from tests.databases import Copy
from tests.grading.world import MEMBERS, MINUTE, World, make_world, seen_on
from tests.races import DONE, at_once

Browse = Callable[..., Browser]
Address = Callable[..., str]


@pytest.fixture
def sat(world: World) -> World:
    """Lots drawn, everybody declared (the chair too), both candidates there."""
    world.draw()
    world.declare(*MEMBERS, "chair")
    world.call()
    world.session.commit()
    return world


def recorded(world: World, kind: str = "reprimand", number: str = "001", by: str = "head", reason: str = "Read from notes.") -> Sanction:
    return sanctions.record_sanction(world.session, world.role(by), world.panel, world.interview(number), kind, reason, NOW)


def decided(
    world: World, found: Sanction, outcome: str = "imposed", reason: str = "As the rules say.", by: str = "chair", number: str = "001"
) -> None:
    sanctions.decide_sanction(world.session, world.role(by), world.panel, world.interview(number), found, outcome, reason, NOW)


def opened(world: World) -> None:
    closing.close_panel(world.session, world.role("head"), world.panel, NOW)
    world.open_codes()


def test_an_undecided_one_keeps_the_panel_from_closing(sat: World) -> None:
    found = recorded(sat)
    for number in sat.applications:
        sat.lock_all(number=number)
    assert [gap.code for gap in missing_before_closing(sat.session, sat.panel)] == ["grading.gap_sanction"]
    with pytest.raises(Refused):
        closing.close_panel(sat.session, sat.role("head"), sat.panel, NOW)
    decided(sat, found)
    assert missing_before_closing(sat.session, sat.panel) == []


def test_imposed_it_is_in_the_outcome_and_dropped_it_is_not(sat: World) -> None:
    decided(sat, recorded(sat))
    decided(sat, recorded(sat, "warning", "002"), "dropped", number="002")
    for number in sat.applications:
        sat.lock_all(number=number)
    opened(sat)
    outcomes = interview_outcomes(sat.session, sat.campaign)
    assert outcomes["001"].sanctions == ("reprimand",)
    assert outcomes["002"].sanctions == ()
    assert [gap.code for gap in missing_before_closing(sat.session, sat.panel)] == []
    assert outcomes["001"].agreed is not None
    assert outcomes["001"].agreed.score == Fraction(75)


def test_one_that_cancels_voids_the_interview_whose_sheets_nobody_waits_for(sat: World) -> None:
    decided(sat, recorded(sat, "suspension"), reason="Carried a telephone.")
    sat.lock_all(number="002")
    opened(sat)
    outcome = interview_outcomes(sat.session, sat.campaign)["001"]
    assert (outcome.void, outcome.agreed, outcome.note) == (True, None, "Carried a telephone.")
    assert progress_of(sat.session, sat.interview("001")).settled


@pytest.mark.parametrize(
    ("kind", "reason", "code"),
    [("flogging", "x", "grading.sanction_unknown"), ("", "x", "grading.sanction_unknown"), ("warning", " ", "reason_missing")],
)
def test_what_is_not_a_sanction_or_has_no_reason_is_refused(sat: World, kind: str, reason: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        recorded(sat, kind, reason=reason)
    assert caught.value.code == code


def test_nobody_is_sanctioned_who_did_not_come(world: World) -> None:
    world.draw()
    world.declare()
    with pytest.raises(Refused, match="sanction_nobody_came"):
        recorded(world)


@pytest.mark.parametrize("by", ["binh", "chair", "hr", "watcher"])
def test_only_the_head_records(sat: World, by: str) -> None:
    with pytest.raises(NotPermitted):
        recorded(sat, by=by)


@pytest.mark.parametrize("by", ["head", "binh", "hr", "council"])
def test_only_the_chair_decides(sat: World, by: str) -> None:
    found = recorded(sat)
    with pytest.raises(NotPermitted):
        decided(sat, found, by=by)


def test_a_decision_needs_an_answer_a_reason_and_its_own_interview(sat: World) -> None:
    found = recorded(sat)
    for outcome, reason, code in (("perhaps", "x", "grading.sanction_outcome_missing"), ("imposed", " ", "reason_missing")):
        with pytest.raises(Refused, match=code):
            decided(sat, found, outcome, reason)
    with pytest.raises(NotFound):
        decided(sat, found, number="002")


def test_the_chair_may_decide_otherwise_until_the_panel_closes_and_the_log_keeps_both(sat: World) -> None:
    found = recorded(sat)
    decided(sat, found)
    decided(sat, found, "dropped", "On second thoughts.")
    assert [len(sat.log(f"grading:sanction:{act}")) for act in ("recorded", "imposed", "dropped")] == [1, 1, 1]
    for number in sat.applications:
        sat.lock_all(number=number)
    closing.close_panel(sat.session, sat.role("head"), sat.panel, NOW)
    with pytest.raises(Conflict, match="panel_is_closed"):
        decided(sat, found)
    with pytest.raises(Conflict, match="panel_is_closed"):
        recorded(sat)


def test_a_sanction_changed_behind_the_application_is_found_at_the_result(sat: World) -> None:
    found = recorded(sat)
    decided(sat, found)
    for number in sat.applications:
        sat.lock_all(number=number)
    opened(sat)
    found.outcome = "dropped"
    sat.session.flush()
    with pytest.raises(Refused, match="opened_differs"):
        interview_outcomes(sat.session, sat.campaign)


def test_the_page_records_and_decides(sat: World, browse: Browse, url: Address) -> None:
    head, chair, page = browse(sat.people["head"]), browse(sat.people["chair"]), url("", "001")
    assert "Ghi nhận vi phạm" in head.get(page).text
    assert "Ghi nhận vi phạm" not in chair.get(page).text
    assert head.post(f"{page}/sanctions", {"kind": "reprimand", "reason": " "}).status_code == 422
    assert chair.post(f"{page}/sanctions", {"kind": "reprimand", "reason": "x"}).status_code == 403
    assert head.post(f"{page}/sanctions", {"kind": "reprimand", "reason": "Đọc từ giấy."}).status_code == 303
    found = sat.session.query(Sanction).one()
    address = f"{page}/sanctions/{found.public_id}"
    assert "chờ Chủ tịch quyết định" in head.get(page).text
    seen = {"seen": seen_on(chair.get(page).text)}
    assert head.post(address, {"outcome": "imposed", "reason": "x"} | seen).status_code == 403
    assert chair.post(address, {"reason": "x"} | seen).status_code == 422
    assert chair.post(address, {"outcome": "imposed", "reason": "Đúng quy chế."} | seen).status_code == 303
    told = head.get(page).text
    assert "Khiển trách" in told
    assert "Đúng quy chế." in told
    assert "#penalties.reprimand.percent" in told
    assert browse(sat.people["binh"]).get(page).status_code == 403


def test_nobody_decides_over_a_decision_they_never_saw(sat: World, browse: Browse, url: Address) -> None:
    found = recorded(sat)
    sat.session.commit()
    chair, page = browse(sat.people["chair"]), url("", "001")
    address, old = f"{page}/sanctions/{found.public_id}", seen_on(chair.get(page).text)
    decided(sat, found, "dropped", "It was the agenda.")
    sat.session.commit()
    typed = {"outcome": "imposed", "reason": "Đọc từ giấy."}
    for seen in ({"seen": old}, {}):
        answer = chair.post(address, typed | seen)
        assert answer.status_code == 422
        assert "Người khác vừa thay đổi" in answer.text
        assert "Đọc từ giấy.</textarea>" in answer.text
        assert "It was the agenda." in answer.text
    assert sat.log("grading:sanction:imposed") == []
    assert chair.post(address, typed | {"seen": seen_on(answer.text)}).status_code == 303


def test_the_same_outcome_decided_anew_is_another_decision(sat: World) -> None:
    found = recorded(sat)
    decided(sat, found)
    first = shown(found)
    chair = (sat.session, sat.role("chair"), sat.panel, sat.interview())
    sanctions.decide_sanction(*chair, found, "imposed", "For another reason.", NOW + MINUTE)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        sanctions.decide_sanction(*chair, found, "dropped", "On second thoughts.", NOW + MINUTE, seen=first)
    sanctions.decide_sanction(*chair, found, "dropped", "On second thoughts.", NOW + MINUTE, seen=shown(found))


def test_what_was_typed_stays_where_the_panel_was_closed(sat: World, browse: Browse, url: Address) -> None:
    found = recorded(sat)
    decided(sat, found)
    for number in sat.applications:
        sat.lock_all(number=number)
    sat.session.commit()
    chair, page = browse(sat.people["chair"]), url("", "001")
    seen = seen_on(chair.get(page).text)
    closing.close_panel(sat.session, sat.role("head"), sat.panel, NOW)
    sat.session.commit()
    answer = chair.post(f"{page}/sanctions/{found.public_id}", {"outcome": "dropped", "reason": "Nghĩ lại.", "seen": seen})
    assert answer.status_code == 422
    assert "Tổ này đã khóa điểm" in answer.text
    assert "Nghĩ lại." in answer.text


def test_two_decisions_at_once_leave_the_first(own_database: Copy) -> None:
    with open_session(own_database.engine) as session:
        world = make_world(session)
        world.draw()
        world.declare(*MEMBERS, "chair")
        world.call()
        found = recorded(world)
        seen, ids = shown(found), (world.panel.id, world.interview().id, found.id)
        chair_id = world.people["chair"].id
        session.commit()

    def load(session: Session) -> tuple[Panel, Interview, Sanction]:
        return session.get_one(Panel, ids[0]), session.get_one(Interview, ids[1]), session.get_one(Sanction, ids[2])

    def deciding(outcome: str) -> Callable[[Session, tuple[Panel, Interview, Sanction]], None]:
        def act(session: Session, loaded: tuple[Panel, Interview, Sanction]) -> None:
            role = role_of(session, session.get_one(Account, chair_id), loaded[0].campaign)
            sanctions.decide_sanction(session, role, *loaded, outcome, "As the rules say.", NOW, seen=seen)

        return act

    told = at_once(own_database, load, deciding("imposed"), deciding("dropped"))
    assert sorted(told) == sorted([DONE, "changed_meanwhile"])
    with open_session(own_database.engine) as session:
        assert session.get_one(Sanction, ids[2]).outcome == ("imposed" if told[0] == DONE else "dropped")
