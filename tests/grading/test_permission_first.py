"""Whoever may not do a thing is told so, whatever state the panel is in; whoever may is told the state."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from examsite.grading.models import Sanction
from examsite.grading.operations import attendance, closing, conflicts, decisions, sanctions, sheets
from examsite.rules.refusal import Conflict, NotFound, NotPermitted
from tests.conftest import NOW
from tests.grading.world import World, of

WHY = "For a reason."
Act = Callable[[World, str], object]


def _presence(world: World, name: str) -> None:
    attendance.record_presence(world.session, world.role(name), world.panel, world.interview(), "no_show", WHY, NOW)


def _absence(world: World, name: str) -> None:
    attendance.record_absence(world.session, world.role(name), world.panel, world.interview(), world.member("chi"), WHY, NOW)


def _lift_absence(world: World, name: str) -> None:
    attendance.lift_absence(world.session, world.role(name), world.panel, world.interview(), world.member("chi"), WHY, NOW)


def _step_back(world: World, name: str) -> None:
    conflicts.recuse_self(world.session, world.role(name), world.panel, world.interview(), "sibling", WHY, NOW)


def _decide(world: World, name: str) -> None:
    decisions.decide_spread(world.session, world.role(name), world.panel, world.interview(), Decimal(75), WHY, NOW)


def _record_sanction(world: World, name: str) -> None:
    sanctions.record_sanction(world.session, world.role(name), world.panel, world.interview(), "reprimand", WHY, NOW)


def _decide_sanction(world: World, name: str) -> None:
    recorded = Sanction(interview_id=world.interview().id, recorded_by_id=world.people["head"].id)
    sanctions.decide_sanction(world.session, world.role(name), world.panel, world.interview(), recorded, "imposed", WHY, NOW)


def _reopen_sheet(world: World, name: str) -> None:
    sheet = world.newest("chi")
    assert sheet is not None
    sheets.reopen_sheet(world.session, world.role(name), world.panel, sheet, WHY, NOW)


def _save_sheet(world: World, name: str) -> None:
    sheets.save_sheet(world.session, world.role(name), world.panel, world.interview(), of(("1", "1", "1")), "", 1, NOW)


@pytest.mark.parametrize(
    ("act", "stranger", "entitled"),
    [
        (_presence, "binh", "head"),
        (_absence, "binh", "head"),
        (_lift_absence, "chair", "head"),
        (_step_back, "hr", "binh"),
        (_decide, "binh", "head"),
        (_record_sanction, "chair", "head"),
        (_decide_sanction, "head", "chair"),
        (_reopen_sheet, "binh", "head"),
        (_save_sheet, "hr", "binh"),
    ],
)
def test_the_permission_comes_before_the_state_of_a_closed_panel(world: World, act: Act, stranger: str, entitled: str) -> None:
    world.begin()
    world.declare("chair")
    for number in world.applications:
        world.lock_all(number=number)
    closing.close_panel(world.session, world.role("head"), world.panel, NOW)
    with pytest.raises((NotPermitted, NotFound)) as refused:
        act(world, stranger)
    assert "panel_is_closed" not in refused.value.code
    with pytest.raises(Conflict, match="panel_is_closed"):
        act(world, entitled)


def test_a_member_who_stepped_back_is_told_that_and_not_the_state(world: World) -> None:
    world.draw()
    world.declare("head", "chi")
    world.declare("binh", relations={"001": "sibling"})
    world.panel.state = "closed"
    world.session.flush()
    with pytest.raises(NotPermitted, match="recused_here"):
        _save_sheet(world, "binh")
