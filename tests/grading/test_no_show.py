"""Candidates who do not come, and members who are not there."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.campaigns.roles import Role, role_of
from examsite.db import open_session
from examsite.grading.models import Interview, Panel, PanelMember
from examsite.grading.operations import attendance, panels, sanctions, sheets
from examsite.grading.queries import missing_before_closing
from examsite.grading.queries.progress import progress_of
from examsite.rules.refusal import Conflict, NotFound, NotPermitted, Refused
from examsite.rules.scoring import Incomplete
from tests.client import Browser
from tests.conftest import NOW
from tests.databases import Copy
from tests.grading.world import MINUTE, World, make_world, of
from tests.races import DONE, at_once

Browse = Callable[..., Browser]
Address = Callable[..., str]


def presence(world: World, state: str, reason: str = "", by: str = "hr", number: str = "001") -> None:
    attendance.record_presence(world.session, world.role(by), world.panel, world.interview(number), state, reason, NOW)


def absent(world: World, name: str, reason: str = "Called away.", by: str = "head") -> None:
    arguments = (world.session, world.role(by), world.panel, world.interview("001"), world.member(name))
    attendance.record_absence(*arguments, reason, NOW)


def lift(world: World, name: str, reason: str = "It was a mistake.") -> None:
    attendance.lift_absence(world.session, world.role("head"), world.panel, world.interview("001"), world.member(name), reason, NOW)


def test_a_no_show_takes_a_reason_and_settles_the_interview(world: World) -> None:
    world.draw()
    world.declare()
    with pytest.raises(Refused, match="reason_missing"):
        presence(world, "no_show", " ")
    presence(world, "no_show", "Called in sick at 07:30.", by="head")
    interview = world.interview("001")
    assert (interview.state, interview.state_reason, interview.state_at) == ("no_show", "Called in sick at 07:30.", NOW)
    assert progress_of(world.session, interview).settled
    entry = world.log("grading:candidate:no_show")[0]
    assert '"candidate":"001"' in (entry.content or "")
    assert interview.public_id not in (entry.content or "")


def test_a_correction_takes_a_reason_and_no_locked_sheet(begun: World) -> None:
    presence(begun, "no_show", "Did not answer the call.")
    with pytest.raises(Refused, match="reason_missing"):
        presence(begun, "present")
    presence(begun, "present", "Was in another room.")
    begun.lock("binh")
    with pytest.raises(Refused, match="scored_already"):
        presence(begun, "no_show", "A mistake.")


def test_only_hr_and_whoever_leads_record_presence(world: World) -> None:
    world.draw()
    world.declare("binh")
    for name in ("binh", "head", "chair", "watcher", "coder"):
        with pytest.raises(NotPermitted):
            presence(world, "present", by=name)
    world.declare("head")
    presence(world, "present", by="head")


def test_hr_records_by_number_and_the_head_by_code(begun: World, browse: Browse, url: Address, by_name: Address) -> None:
    code = begun.interview("001").code or ""
    hr = browse(begun.people["hr"]).get(by_name("/presence", "001")).text
    head = browse(begun.people["head"]).get(url("/presence", "001")).text
    assert ("001" in hr, code in hr) == (True, False)
    assert (">001" in head, code in head) == (False, True)
    assert browse(begun.people["head"]).post(url("/presence", "001"), {"state": "no_show", "reason": ""}).status_code == 422
    assert browse(begun.people["head"]).post(url("/presence", "001"), {"state": "no_show", "reason": "Vắng."}).status_code == 303
    assert begun.interview("001").state == "no_show"


def test_an_absent_member_is_no_longer_awaited(begun: World) -> None:
    begun.lock("head")
    begun.lock("binh")
    awaited = [str(gap.params["members"]) for gap in missing_before_closing(begun.session, begun.panel)]
    assert sorted(awaited) == ["Chi", "Head, Binh, Chi"]
    absent(begun, "chi")
    assert progress_of(begun.session, begun.interview("001")).settled
    with pytest.raises(NotPermitted, match="recused_here"):
        begun.save("chi")
    with pytest.raises(Conflict, match="recused_already"):
        absent(begun, "chi")


def test_an_absence_takes_a_reason_a_head_and_no_locked_sheet(begun: World) -> None:
    with pytest.raises(Refused, match="reason_missing"):
        absent(begun, "chi", " ")
    for name in ("binh", "hr", "council"):
        with pytest.raises(NotPermitted):
            absent(begun, "chi", by=name)
    begun.lock("chi")
    with pytest.raises(Refused, match="absent_has_sheet"):
        absent(begun, "chi")
    begun.declare("chair")
    with pytest.raises(NotFound):
        absent(begun, "chair")


def test_too_few_members_is_said_and_nothing_is_computed(begun: World) -> None:
    absent(begun, "chi")
    absent(begun, "binh")
    begun.lock("head")
    progress = progress_of(begun.session, begun.interview("001"))
    assert isinstance(progress.outcome, Incomplete)
    found = [gap for gap in missing_before_closing(begun.session, begun.panel) if gap.code == "grading.gap_few"]
    assert [(gap.params["count"], gap.params["least"]) for gap in found] == [(1, 2)]


def test_an_absence_by_mistake_is_lifted_with_a_reason(begun: World) -> None:
    absent(begun, "chi")
    with pytest.raises(Refused, match="reason_missing"):
        lift(begun, "chi", " ")
    lift(begun, "chi")
    begun.lock("chi")
    assert len(begun.log("grading:recusal:lifted")) == 1


def test_nobody_joins_once_the_scores_were_in_view(begun: World) -> None:
    absent(begun, "chi")
    begun.lock("head")
    begun.lock("binh")
    with pytest.raises(Refused, match="absence_stands"):
        lift(begun, "chi")
    begun.reopen("binh")
    with pytest.raises(Refused, match="absence_stands"):
        lift(begun, "chi")


def test_whoever_joined_after_a_sheet_was_locked_is_no_absence_to_lift(begun: World, browse: Browse, url: Address) -> None:
    begun.lock("head")
    arguments = (begun.session, begun.role("hr"), begun.panel, begun.people["dung"].public_id, "member", "Chi fell ill.", NOW)
    panels.seat_member(*arguments)
    begun.session.commit()
    page = browse(begun.people["head"]).get(url("", "001")).text
    assert "Chi fell ill." in page
    assert "vào tổ sau" in page
    assert f"/members/{begun.member('dung').public_id}/absence" not in page
    with pytest.raises(Conflict, match="joined_late"):
        lift(begun, "dung")
    begun.declare("dung")
    with pytest.raises(NotPermitted, match="recused_here"):
        begun.lock("dung")


def test_the_pages_of_absence(begun: World, browse: Browse, url: Address) -> None:
    head = browse(begun.people["head"])
    address = url(f"/members/{begun.member('chi').public_id}/absence", "001")
    assert head.post(address, {"reason": ""}).status_code == 422
    assert head.post(address, {"reason": "Đi công tác đột xuất."}).status_code == 303
    page = head.get(url("", "001")).text
    assert "Đi công tác đột xuất." in page
    assert head.post(f"{address}?lift=1", {"reason": "Ghi nhầm."}).status_code == 303
    assert browse(begun.people["binh"]).get(address).status_code == 403


def test_a_sheet_that_was_locked_once_says_that_the_candidate_was_there(begun: World) -> None:
    begun.lock("binh")
    begun.reopen("binh")
    with pytest.raises(Refused, match="scored_already"):
        presence(begun, "no_show", "A mistake.")
    assert begun.interview("001").state == "present"


@pytest.mark.parametrize(("outcome", "refused"), [(None, True), ("imposed", True), ("dropped", False)])
def test_nobody_is_absent_from_an_interview_in_which_a_sanction_stands(begun: World, outcome: str | None, refused: bool) -> None:
    begun.declare("chair")
    arguments = (begun.session, begun.role("head"), begun.panel, begun.interview("001"))
    found = sanctions.record_sanction(*arguments, "suspension", "Carried a telephone.", NOW)
    if outcome:
        chair = (begun.session, begun.role("chair"), begun.panel, begun.interview("001"))
        sanctions.decide_sanction(*chair, found, outcome, "Seen by all.", NOW)
    if refused:
        with pytest.raises(Refused, match="sanctioned_already"):
            presence(begun, "no_show", "Did not come.")
    else:
        presence(begun, "no_show", "It was somebody else in the room.")
    assert begun.interview("001").state == ("present" if refused else "no_show")


@pytest.mark.parametrize("act", ["save", "lock", "reopen"])
def test_who_has_begun_a_sheet_is_not_recorded_as_absent(begun: World, browse: Browse, url: Address, act: str) -> None:
    if act == "save":
        begun.save("chi", ("10", None, None))
    else:
        begun.lock("chi")
    if act == "reopen":
        begun.reopen("chi")
    with pytest.raises(Refused, match="absent_has_sheet"):
        absent(begun, "chi")
    begun.session.commit()
    address = url(f"/members/{begun.member('chi').public_id}/absence", "001")
    head = browse(begun.people["head"])
    assert address not in head.get(url("", "001")).text
    answer = head.post(address, {"reason": "Không thấy."})
    assert answer.status_code == 422
    assert "Hãy đề nghị người đó hoàn thành và khóa phiếu" in answer.text


@pytest.mark.parametrize("act", ["save", "reopen"])
def test_the_chair_leaves_out_who_comes_back_no_more_to_a_sheet(begun: World, browse: Browse, url: Address, act: str) -> None:
    if act == "save":
        begun.save("chi", ("10", None, None))
    else:
        begun.lock("chi")
        begun.reopen("chi")
    begun.declare("chair")
    begun.session.commit()
    address, chair = url(f"/members/{begun.member('chi').public_id}/absence", "001"), browse(begun.people["chair"])
    assert address in chair.get(url("", "001")).text
    assert chair.post(address, {"reason": "Nhập viện."}).status_code == 303
    begun.lock("head")
    begun.lock("binh")
    assert progress_of(begun.session, begun.interview("001")).complete
    assert begun.log("grading:recusal:recorded")[-1].actor == begun.people["chair"].public_id


def test_the_chair_leaves_out_nobody_else(begun: World, browse: Browse, url: Address) -> None:
    begun.declare("chair")
    begun.lock("chi")
    with pytest.raises(Refused, match="sheet_locked"):
        absent(begun, "chi", by="chair")
    with pytest.raises(NotPermitted):
        absent(begun, "binh", by="chair")
    begun.session.commit()
    page = browse(begun.people["chair"]).get(url("", "001")).text
    assert all(url(f"/members/{begun.member(name).public_id}/absence", "001") not in page for name in ("chi", "binh"))


def test_the_reason_of_a_no_show_is_corrected_and_both_stand_in_the_log(world: World) -> None:
    world.draw()
    presence(world, "no_show", "Ill.")
    recorded_at = world.interview("001").state_at
    with pytest.raises(Refused, match="reason_missing"):
        presence(world, "no_show", " ")
    later = NOW + MINUTE
    attendance.record_presence(world.session, world.role("hr"), world.panel, world.interview("001"), "no_show", "Gave no notice.", later)
    interview = world.interview("001")
    assert (interview.state, interview.state_reason, interview.state_at) == ("no_show", "Gave no notice.", recorded_at)
    first, second = (entry.content or "" for entry in world.log("grading:candidate:no_show"))
    assert '"reason":"Ill."' in first
    assert "reason_before" not in first
    assert '"reason":"Gave no notice.","reason_before":"Ill."' in second
    presence(world, "no_show", "Gave no notice.")
    assert len(world.log("grading:candidate:no_show")) == 2


def test_present_a_second_time_keeps_why_it_was_corrected(begun: World) -> None:
    presence(begun, "no_show", "Did not answer the call.")
    presence(begun, "present", "Was in another room.")
    presence(begun, "present")
    assert begun.interview("001").state_reason == "Was in another room."


@pytest.mark.parametrize("against", ["a sanction", "a first draft"])
def test_whoever_comes_second_with_what_says_the_opposite_is_refused(own_database: Copy, against: str) -> None:
    """A no-show and a sanction of the same candidate, an absence and a sheet of the same member: never both."""
    with open_session(own_database.engine) as session:
        world = make_world(session)
        world.begin()
        ids = (world.panel.id, world.interview().id, world.member("chi").id)
        people = {name: world.people[name].id for name in ("hr", "head", "chi")}
        session.commit()

    def load(session: Session) -> tuple[Panel, Interview, PanelMember]:
        return session.get_one(Panel, ids[0]), session.get_one(Interview, ids[1]), session.get_one(PanelMember, ids[2])

    def role(session: Session, panel: Panel, name: str) -> Role:
        return role_of(session, session.get_one(Account, people[name]), panel.campaign)

    def no_show(session: Session, loaded: tuple[Panel, Interview, PanelMember]) -> None:
        attendance.record_presence(session, role(session, loaded[0], "hr"), *loaded[:2], "no_show", "Did not come.", NOW)

    def sanction(session: Session, loaded: tuple[Panel, Interview, PanelMember]) -> None:
        sanctions.record_sanction(session, role(session, loaded[0], "head"), *loaded[:2], "reprimand", "Read from notes.", NOW)

    def absence(session: Session, loaded: tuple[Panel, Interview, PanelMember]) -> None:
        attendance.record_absence(session, role(session, loaded[0], "head"), *loaded, "Called away.", NOW)

    def draft(session: Session, loaded: tuple[Panel, Interview, PanelMember]) -> None:
        sheets.save_sheet(session, role(session, loaded[0], "chi"), *loaded[:2], of(("10", None, None)), "", 0, NOW)

    if against == "a sanction":
        told, second = at_once(own_database, load, no_show, sanction), ["grading.sanctioned_already", "grading.sanction_nobody_came"]
    else:
        told, second = at_once(own_database, load, absence, draft), ["grading.absent_has_sheet", "grading.recused_here"]
    assert told in ([DONE, second[1]], [second[0], DONE])
