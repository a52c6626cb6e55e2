"""Who decides in the place of the council's chair: a deputy, and only where the chair has to keep away or nobody holds the seat."""

import json
from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import select

from examsite.campaigns.models import DEPUTY, Membership
from examsite.campaigns.operations import telling
from examsite.campaigns.queries.chair import chairs_of
from examsite.desk.tasks.facts import Asked, facts_of
from examsite.desk.tasks.spread import to_decide
from examsite.grading.models import PanelMember, SpreadDecision
from examsite.grading.operations import conflicts, decisions, sanctions, sheets
from examsite.grading.permissions import may_enter, may_judge, may_manage_panels, may_reopen_panel, may_reopen_sheets
from examsite.grading.queries.chairing import conflicts_with, kept_from
from examsite.grading.queries.waiting import narrowed
from examsite.grading.seats import seat_of
from examsite.rules.refusal import NotPermitted
from tests import factories
from tests.client import Browser
from tests.conftest import NOW
from tests.grading.test_spread_decision import VERY_WIDE
from tests.grading.world import FAIR, MINUTE, World, seen_on

Browse = Callable[..., Browser]
Address = Callable[..., str]


@pytest.fixture
def wide(begun: World) -> World:
    """Interview 001 asks the council's chair for a decision; `council` is the deputy chair."""
    begun.lock_all(FAIR, FAIR, VERY_WIDE)
    _seat(begun, "council").duty = DEPUTY
    begun.session.commit()
    return begun


def decide(world: World, by: str, number: str = "001") -> SpreadDecision:
    return decisions.decide_spread(world.session, world.role(by), world.panel, world.interview(number), Decimal(78), "Talked over.", NOW)


def kept_away(world: World, why: str) -> None:
    """Let the chair have to keep away from interview 001 for one reason."""
    if why == "conflict":
        world.declare("chair", relations={"001": "work"})
    elif why == "vacant":
        _seat(world, "chair").ended_at = NOW
    elif why == "disabled":
        world.people["chair"].disabled_at = NOW
    elif why == "member":
        factories.appoint(world.session, world.campaign, world.people["chair"], "panel")
        chair = PanelMember(panel_id=world.panel.id, account_id=world.people["chair"].id, duty="member", declared_at=NOW)
        world.session.add(chair)
        world.session.flush()
        sheets.lock_sheet(world.session, world.role("chair"), world.panel, world.interview("001"), world_scores(), "", 0, NOW)
    world.session.commit()


def world_scores() -> dict[str, Decimal | None]:
    return {"presentation": Decimal(30), "defence": Decimal(20), "answers": Decimal(25)}


@pytest.mark.parametrize(
    ("why", "recorded"), [("conflict", "conflict"), ("member", "member"), ("vacant", "vacant"), ("disabled", "vacant")]
)
def test_a_deputy_decides_where_the_chair_has_to_keep_away(wide: World, why: str, recorded: str) -> None:
    assert to_decide(wide.session, wide.role("council")) == 0
    kept_away(wide, why)
    with pytest.raises(NotPermitted):
        decide(wide, "chair")
    assert to_decide(wide.session, wide.role("council")) == 1
    wide.declare("council")
    decision = decide(wide, "council")
    assert (decision.role, decision.in_place, decision.decided_by.sign_in_name) == ("council_chair", recorded, "council")
    assert json.loads(wide.log("grading:spread:decided")[-1].content or "")["data"]["in_place"] == recorded


def test_a_deputy_decides_nothing_where_the_chair_can(wide: World) -> None:
    assert not may_enter(seat_of(wide.session, wide.role("council"), wide.panel))
    wide.declare("chair")
    for name in ("council", "binh"):
        with pytest.raises(NotPermitted):
            decide(wide, name)
    assert decide(wide, "chair").in_place == ""


def test_a_conflict_opens_that_interview_alone_to_the_deputy(wide: World) -> None:
    kept_away(wide, "conflict")
    wide.declare("council")
    wide.lock_all(FAIR, FAIR, VERY_WIDE, number="002")
    with pytest.raises(NotPermitted):
        decide(wide, "council", "002")
    assert decide(wide, "chair", "002").in_place == ""
    assert not may_reopen_panel(seat_of(wide.session, wide.role("council"), wide.panel))
    assert may_reopen_panel(seat_of(wide.session, wide.role("chair"), wide.panel))
    _seat(wide, "chair").ended_at = NOW
    wide.session.flush()
    assert may_reopen_panel(seat_of(wide.session, wide.role("council"), wide.panel))


def test_what_the_chair_decided_falls_with_a_conflict_that_is_declared_afterwards(wide: World) -> None:
    wide.declare("chair")
    before, interview = decide(wide, "chair"), wide.interview("001")
    found = sanctions.record_sanction(wide.session, wide.role("head"), wide.panel, interview, "reprimand", "Read from notes.", NOW)
    sanctions.decide_sanction(wide.session, wide.role("chair"), wide.panel, interview, found, "dropped", "It was nothing.", NOW)
    conflicts.recuse_self(wide.session, wide.role("head"), wide.panel, wide.interview("002"), "work", "", NOW)
    assert before.superseded_at is None
    conflicts.recuse_self(wide.session, wide.role("chair"), wide.panel, wide.interview("001"), "work", "", NOW)
    wide.session.refresh(before)
    assert (before.superseded_at, len(wide.log("grading:spread:superseded"))) == (NOW, 1)
    wide.session.refresh(found)
    assert (found.outcome, found.decision, found.decided_by_id) == (None, "", None)
    assert found.public_id in (wide.log("grading:recusal:recorded")[-1].content or "")
    wide.declare("council")
    assert decide(wide, "council").in_place == "conflict"


def test_a_deputy_with_a_conflict_or_who_knows_the_order_by_number_stays_away(wide: World) -> None:
    kept_away(wide, "conflict")
    wide.declare("council", relations={"001": "work"})
    with pytest.raises(NotPermitted):
        decide(wide, "council")
    factories.appoint(wide.session, wide.campaign, wide.people["hr"], "council", DEPUTY)
    wide.session.commit()
    assert not may_enter(seat_of(wide.session, wide.role("hr"), wide.panel))
    assert may_manage_panels(wide.role("hr"))
    planner = wide.session.scalars(select(Membership).where(Membership.account_id == wide.people["hr"].id, Membership.board == "hr")).one()
    for ended, enters in ((NOW + MINUTE, False), (NOW - MINUTE, True), (None, False)):  # the lots were drawn at NOW
        planner.ended_at = ended
        wide.session.flush()
        assert may_enter(seat_of(wide.session, wide.role("hr"), wide.panel)) is enters
    decider = chairs_of(wide.session, wide.campaign).decider(kept_from(wide.session, wide.panel).of(wide.interview("001")))
    assert (decider.account, decider.why) == (None, "conflict")
    assert set(conflicts_with(wide.session, [wide.applications["001"].id])) == {wide.people[name].id for name in ("chair", "council")}
    assert conflicts_with(wide.session, [wide.applications["002"].id]) == {}


def test_a_sanction_that_the_chair_recorded_is_decided_by_the_deputy(wide: World) -> None:
    factories.appoint(wide.session, wide.campaign, wide.people["chair"], "panel", "head")
    wide.session.commit()
    wide.declare("chair")
    interview = wide.interview("001")
    found = sanctions.record_sanction(wide.session, wide.role("chair"), wide.panel, interview, "reprimand", "Read from notes.", NOW)
    figures = facts_of(wide.session, {"sanctions_in_place"}, Asked([wide.campaign.id], wide.people["council"].id, NOW))
    assert figures[wide.campaign.id]["sanctions_in_place"].count == 1
    wide.declare("council")
    sanctions.decide_sanction(wide.session, wide.role("council"), wide.panel, interview, found, "dropped", "It was the agenda.", NOW)
    assert (found.outcome, found.in_place) == ("dropped", "reported")
    seat = seat_of(wide.session, wide.role("council"), wide.panel)
    assert [may_judge(seat, wide.interview(number)) for number in ("001", "002")] == [True, False]
    assert not may_reopen_sheets(seat, interview)


def test_panels_are_narrowed_to_decisions_for_whoever_is_asked_and_for_nobody_else(wide: World) -> None:
    sanctions.record_sanction(wide.session, wide.role("head"), wide.panel, wide.interview("001"), "reprimand", "Read from notes.", NOW)

    def asked(what: str) -> set[str]:
        return {name for name in wide.people if narrowed(wide.session, wide.role(name), [wide.panel], what)}

    assert (asked("spread"), asked("sanctions")) == ({"chair"}, {"chair"})
    kept_away(wide, "conflict")
    assert (asked("spread"), asked("sanctions")) == ({"council"}, {"council"})


def test_deputies_are_told_in_place_of_a_chair_that_nobody_holds(wide: World) -> None:
    def told() -> set[int | None]:
        return {one.account_id for one in telling.board_members(wide.session, wide.campaign, heads=("council",))}

    assert told() == {wide.people["chair"].id}
    _seat(wide, "chair").ended_at = NOW
    assert told() == {wide.people["council"].id}
    assert wide.role("council").heads("council")
    assert not wide.role("council").heads("panel")


def test_the_pages_say_who_decides_why_and_when_nobody_can(wide: World, browse: Browse, url: Address) -> None:
    kept_away(wide, "conflict")
    deputy, head = browse(wide.people["council"]), browse(wide.people["head"])
    assert f'href="{url("/room")}"' in deputy.get(url().rpartition("/")[0]).text
    page = head.get(url("/discrepancies")).text
    assert "Chủ tịch đã khai báo xung đột lợi ích." in page
    assert "Phó Chủ tịch quyết định thay Chủ tịch: Council." in page
    assert deputy.get(url("/discrepancies")).location.endswith("/conflicts")
    conflicts.declare(wide.session, wide.role("council"), wide.panel, {}, NOW)
    wide.session.commit()
    page = deputy.get(url("/decision", "001")).text
    assert "Phó Chủ tịch quyết định thay Chủ tịch: Council." in page
    data = {"score": "77", "reason": "Sau đối thoại.", "seen": seen_on(page)}
    assert deputy.post(url("/decision", "001"), data).status_code == 303
    assert "Với tư cách Phó Chủ tịch." in deputy.get(url("/interviews/" + wide.interview("001").public_id)).text
    wide.reopen("chi", now=NOW)
    wide.lock("chi", VERY_WIDE)
    _seat(wide, "council").duty = "member"
    wide.session.commit()
    page = head.get(url("/discrepancies")).text
    assert "Hiện không ai quyết định được nội dung này." in page
    assert "/boards#board-council" in page


def _seat(world: World, name: str) -> Membership:
    standing = (Membership.campaign_id == world.campaign.id, Membership.board == "council", Membership.ended_at.is_(None))
    return world.session.scalars(select(Membership).where(*standing, Membership.account_id == world.people[name].id)).one()
