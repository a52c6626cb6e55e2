"""Closing a panel: only when every interview is settled; afterwards nothing moves without a recorded reopening."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.campaigns.roles import Role, role_of
from examsite.db import open_session
from examsite.grading.models import Panel, ScoreSheet
from examsite.grading.operations import attendance, closing, decisions, opening, sheets
from examsite.grading.queries import missing_before_closing
from examsite.rules.refusal import Conflict, NotPermitted, Refused
from tests.client import Browser
from tests.conftest import NOW
from tests.databases import Copy
from tests.grading.world import FAIR, World, make_world
from tests.races import DONE, at_once

Browse = Callable[..., Browser]
Address = Callable[..., str]


def close(world: World, by: str = "head") -> None:
    closing.close_panel(world.session, world.role(by), world.panel, NOW)


def test_every_interview_needs_a_score_or_a_no_show(world: World) -> None:
    world.draw()
    world.declare()
    world.call("001")
    assert [gap.code for gap in missing_before_closing(world.session, world.panel)].count("grading.gap_sheets") == 1
    world.lock_all(FAIR, FAIR, ("36", "20", "25"))
    codes = {gap.code for gap in missing_before_closing(world.session, world.panel)}
    assert codes == {"grading.gap_board_head", "grading.gap_waiting"}
    with pytest.raises(Refused, match="not_ready"):
        close(world)
    world.reopen("chi")
    world.lock("chi")
    attendance.record_presence(world.session, world.role("hr"), world.panel, world.interview("002"), "no_show", "Ill.", NOW)
    close(world)
    assert (world.panel.state, world.panel.closed_at) == ("closed", NOW)
    assert len(world.log("grading:panel:closed")) == 1


@pytest.mark.parametrize("name", ["binh", "hr", "council", "watcher", "coder"])
def test_only_the_head_closes(begun: World, name: str) -> None:
    for number in begun.applications:
        begun.lock_all(number=number)
    with pytest.raises(NotPermitted):
        close(begun, name)


def test_a_closed_panel_moves_nothing(world: World) -> None:
    world.finish()
    sheet = world.newest("binh")
    assert sheet is not None
    interview = world.interview("001")
    attempts = (
        lambda: world.save("binh"),
        lambda: sheets.reopen_sheet(world.session, world.role("head"), world.panel, sheet, "Why.", NOW),
        lambda: attendance.record_presence(world.session, world.role("hr"), world.panel, interview, "no_show", "Why.", NOW),
        lambda: close(world),
    )
    for attempt in attempts:
        with pytest.raises(Conflict, match="panel_is_closed"):
            attempt()


@pytest.mark.parametrize("name", ["binh", "hr", "watcher", "coder"])
def test_whoever_may_not_is_refused_before_the_state_is_looked_at(world: World, name: str) -> None:
    """In a planned panel neither act is possible; only those who may do it learn that."""
    for act in (lambda role: closing.close_panel(world.session, role, world.panel, NOW), lambda role: reopen(world, role)):
        with pytest.raises(NotPermitted):
            act(world.role(name))


def reopen(world: World, role: Role) -> None:
    closing.reopen_panel(world.session, role, world.panel, "A sheet was mistyped.", NOW)


def test_it_is_opened_again_with_a_reason_until_the_codes_wait_to_be_opened(world: World) -> None:
    world.finish()
    with pytest.raises(Refused, match="reason_missing"):
        closing.reopen_panel(world.session, world.role("head"), world.panel, " ", NOW)
    closing.reopen_panel(world.session, world.role("head"), world.panel, "A sheet was mistyped.", NOW)
    assert (world.panel.state, world.panel.closed_at) == ("drawn", None)
    world.reopen("binh")
    world.lock("binh", ("31", "20", "25"))
    close(world)
    opening.propose_opening(world.session, world.role("coder"), world.digest(), NOW)
    with pytest.raises(Refused, match="opening_waits"):
        closing.reopen_panel(world.session, world.role("head"), world.panel, "Another one.", NOW)
    world.session.commit()


def test_after_the_opening_it_stays_closed(world: World) -> None:
    world.finish()
    world.open_codes()
    with pytest.raises(Conflict, match="codes_are_open"):
        closing.reopen_panel(world.session, world.role("head"), world.panel, "Why.", NOW)


def test_the_button_comes_when_nothing_is_missing(begun: World, browse: Browse, url: Address) -> None:
    head = browse(begun.people["head"])
    page = head.get(url("/room")).text
    assert "Trước khi khóa điểm của tổ, còn thiếu" in page
    assert "chưa có phiếu khóa hoặc ghi nhận vắng mặt của Head, Binh, Chi" in page
    assert head.post(url("/room")).status_code == 422
    for number in begun.applications:
        begun.lock_all(number=number)
    begun.session.commit()
    assert "Khóa điểm của tổ</button>" in head.get(url("/room")).text
    assert head.post(url("/room")).status_code == 303
    assert browse(begun.people["binh"]).post(url("/reopen"), {"reason": "Vì sao."}).status_code == 403
    assert head.post(url("/reopen"), {"reason": "Gõ nhầm một phiếu."}).status_code == 303


def test_closing_and_reopening_a_sheet_at_once_ends_in_one_order(own_database: Copy) -> None:
    with open_session(own_database.engine) as session:
        world = make_world(session)
        world.begin()
        for number in world.applications:
            world.lock_all(number=number)
        session.commit()
        sheet = world.newest("binh")
        assert sheet is not None
        panel_id, head_id, sheet_id = world.panel.id, world.people["head"].id, sheet.id

    def load(session: Session) -> tuple[Role, Panel, ScoreSheet]:
        panel = session.get_one(Panel, panel_id)
        return role_of(session, session.get_one(Account, head_id), panel.campaign), panel, session.get_one(ScoreSheet, sheet_id)

    def close(session: Session, loaded: tuple[Role, Panel, ScoreSheet]) -> None:
        closing.close_panel(session, *loaded[:2], NOW)

    def reopen(session: Session, loaded: tuple[Role, Panel, ScoreSheet]) -> None:
        sheets.reopen_sheet(session, *loaded, "A slip.", NOW)

    assert at_once(own_database, load, close, reopen) in ([DONE, "grading.panel_is_closed"], ["grading.not_ready", DONE])


def test_a_head_with_a_conflict_reads_only_that_something_is_missing_there(world: World, browse: Browse, url: Address) -> None:
    world.draw()
    world.declare("head", relations={"001": "spouse"})
    world.declare("binh", "chi")
    world.call()
    head, code = browse(world.people["head"]), world.interview("001").code
    neutral = f"{code}: còn thiếu nội dung; anh/chị không tham gia lượt này."
    world.session.commit()
    assert head.get(url("/room")).text.count(neutral) == 1
    world.lock("binh")
    world.lock("chi", ("20", "10", "15"))
    world.session.commit()
    page = head.get(url("/room")).text
    assert page.count(neutral) == 1
    assert page.count(f"{code}: ") == 1, "neither who is awaited nor that somebody has to decide"
    assert f"{world.interview('002').code}: " in page
    world.declare("chair")
    decisions.decide_spread(world.session, world.role("chair"), world.panel, world.interview("001"), Decimal("60"), "Talked over.", NOW)
    world.session.commit()
    assert f"{code}: " not in head.get(url("/room")).text
