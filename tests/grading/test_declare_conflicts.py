"""Conflicts are declared before any code or score is shown, once, and bind whoever declared them."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.campaigns.roles import Role, role_of
from examsite.db import open_session
from examsite.grading.models import Interview, Panel, PanelMember, Recusal
from examsite.grading.operations import attendance, conflicts, panels
from examsite.rules.refusal import Conflict, NotFound, NotPermitted, Refused
from tests.client import Browser
from tests.conftest import NOW
from tests.databases import Copy
from tests.grading.world import World, make_world
from tests.races import DONE, at_once

Browse = Callable[..., Browser]
Address = Callable[..., str]


def test_every_page_of_the_panel_leads_to_the_declaration_first(world: World, browse: Browse, url: Address) -> None:
    world.draw()
    world.session.commit()
    member = browse(world.people["binh"])
    for path, number in (("/room", None), ("/sheet", "001"), ("", "001"), ("/step-back", "001"), ("/discrepancies", None)):
        answer = member.get(url(path, number))
        assert (answer.status_code, answer.headers["Location"]) == (303, url("/conflicts"))


def test_the_declaration_shows_names_and_neither_code_nor_order_nor_number(world: World, browse: Browse, url: Address) -> None:
    world.draw()
    world.session.commit()
    page = browse(world.people["binh"]).get(url("/conflicts")).text
    for number, application in world.applications.items():
        assert application.person.full_name in page
        assert f">{number}<" not in page
        assert world.interview(number).code not in page


def test_before_the_lots_there_is_nothing_to_declare(world: World, browse: Browse, url: Address) -> None:
    answer = browse(world.people["binh"]).get(url("/conflicts"))
    assert (answer.status_code, answer.headers["Location"]) == (303, url("/room"))
    with pytest.raises(Conflict, match="lots_not_drawn"):
        world.declare("binh")


@pytest.mark.parametrize(
    ("answer", "relation", "sentence"),
    [
        ("", "", "Hãy chọn một trong hai câu trả lời"),
        ("none", "sibling", "Anh/chị chọn “không có” nhưng lại nêu quan hệ"),
        ("some", "", "chưa nêu ai"),
    ],
)
def test_an_answer_and_a_list_that_differ_are_refused(
    world: World, browse: Browse, url: Address, answer: str, relation: str, sentence: str
) -> None:
    world.draw()
    world.session.commit()
    data = {"answer": answer, f"relation-{world.applications['001'].public_id}": relation}
    reply = browse(world.people["binh"]).post(url("/conflicts"), data)
    assert reply.status_code == 422
    assert sentence in reply.text
    assert world.member("binh").declared_at is None


def test_a_named_candidate_recuses_and_the_log_names_the_number(world: World, browse: Browse, url: Address) -> None:
    world.draw()
    world.session.commit()
    data = {
        "answer": "some",
        f"relation-{world.applications['002'].public_id}": "sibling",
        f"words-{world.applications['002'].public_id}": "em gái",
    }
    assert browse(world.people["binh"]).post(url("/conflicts"), data).status_code == 303
    found = world.session.scalars(select(Recusal)).one()
    assert (found.interview_id, found.kind, found.relation, found.reason) == (world.interview("002").id, "conflict", "sibling", "em gái")
    entry = world.log("grading:conflicts:declared")[0]
    assert '"conflicts":{"002":"sibling"}' in (entry.content or "")
    assert world.interview("002").public_id not in (entry.content or "")


def test_it_is_declared_once(world: World) -> None:
    world.draw()
    world.declare("binh")
    with pytest.raises(Conflict, match="declared_already"):
        world.declare("binh")


def test_an_unknown_relation_or_candidate_is_refused(world: World) -> None:
    world.draw()
    world.session.commit()
    with pytest.raises(Refused, match="relation_missing"):
        world.declare("binh", relations={"001": "neighbour"})
    world.session.rollback()
    with pytest.raises(NotFound):
        conflicts.declare(world.session, world.role("binh"), world.panel, {world.interview().public_id: ("spouse", "")}, NOW)


def test_the_recused_see_nothing_of_the_interview_whatever_duty_they_hold(world: World, browse: Browse, url: Address) -> None:
    world.draw()
    world.declare("head", relations={"001": "spouse"})
    world.declare("binh", "chi")
    world.call()
    world.lock("binh")
    world.lock("chi")
    world.session.commit()
    head = browse(world.people["head"])
    sheet = world.newest("binh")
    assert sheet is not None
    refused = (("/sheet", 403), ("", 403), ("/presence", 403), ("/decision", 403))
    assert [head.get(url(path, "001")).status_code for path, _ in refused] == [status for _, status in refused]
    assert head.get(url(f"/sheets/{sheet.public_id}")).status_code == 404
    assert head.get(url(f"/sheets/{sheet.public_id}/reopen")).status_code == 404
    assert head.get(url("/sheet", "002")).status_code == 200


def test_the_councils_chair_declares_too_and_gets_a_seat_that_scores_nothing(world: World, browse: Browse, url: Address) -> None:
    world.draw()
    world.declare("chair", relations={"002": "work"})
    seat = world.session.scalars(select(PanelMember).where(PanelMember.account_id == world.people["chair"].id)).one()
    assert seat.duty == "decider"
    world.declare()
    world.call()
    world.session.commit()
    chair = browse(world.people["chair"])
    assert chair.get(url("", "001")).status_code == 200
    assert chair.get(url("", "002")).status_code == 403
    with pytest.raises(NotFound):
        world.lock("chair")


def test_a_member_steps_back_later_and_the_draft_no_longer_counts(begun: World) -> None:
    begun.save("binh", ("10", None, None))
    conflicts.recuse_self(begun.session, begun.role("binh"), begun.panel, begun.interview("001"), "sibling_in_law", "a cousin", NOW)
    with pytest.raises(NotPermitted, match="recused_here"):
        begun.lock("binh")
    with pytest.raises(Conflict, match="recused_already"):
        conflicts.recuse_self(begun.session, begun.role("binh"), begun.panel, begun.interview("001"), "sibling_in_law", "", NOW)


def test_stepping_back_from_a_locked_sheet_needs_its_reopening(begun: World) -> None:
    begun.lock("binh")
    with pytest.raises(Refused, match="reopen_first"):
        conflicts.recuse_self(begun.session, begun.role("binh"), begun.panel, begun.interview("001"), "sibling_in_law", "", NOW)
    begun.reopen("binh")
    conflicts.recuse_self(begun.session, begun.role("binh"), begun.panel, begun.interview("001"), "sibling_in_law", "", NOW)


@pytest.mark.parametrize(
    ("language", "named", "gone"), [("vi", "Anh, chị, em ruột", "Vợ hoặc chồng"), ("en", "Brother or sister", "Husband or wife")]
)
def test_the_kinds_of_relation_are_those_of_the_campaign(session: Session, browse: Browse, language: str, named: str, gone: str) -> None:
    world = make_world(session, changes={"conflicts.relations": ["sibling", "other"]})
    world.draw()
    session.commit()
    address = f"/campaigns/{world.campaign.public_id}/panels/{world.panel.public_id}/conflicts"
    page = browse(world.people["binh"]).get(address, headers={"Accept-Language": language}).text
    assert named in page
    assert gone not in page
    with pytest.raises(Refused, match="relation_missing"):
        world.declare("binh", relations={"001": "spouse"})
    session.rollback()
    world.declare("binh", relations={"001": "sibling"})
    world.declare("head", "chi")
    world.call()
    session.commit()
    head = browse(world.people["head"]).get(f"{address.removesuffix('/conflicts')}/interviews/{world.interview('001').public_id}")
    assert "Anh, chị, em ruột" in head.text
    assert "/rules#conflicts.relations" in head.text


def late(world: World) -> None:
    """Dung sits down once a sheet of 001 is locked."""
    world.lock("head")
    panels.seat_member(world.session, world.role("hr"), world.panel, world.people["dung"].public_id, "member", "Chi fell ill.", NOW)
    world.session.commit()


def absent(world: World, name: str) -> None:
    attendance.record_absence(world.session, world.role("head"), world.panel, world.interview(), world.member(name), "Late.", NOW)
    world.session.commit()


def recusals(world: World, name: str) -> list[tuple[str, bool]]:
    """The kinds that kept somebody from 001, oldest first, and whether each still stands."""
    found = select(Recusal).where(Recusal.member_id == world.member(name).id, Recusal.interview_id == world.interview().id)
    rows = world.session.scalars(found.order_by(Recusal.id).execution_options(populate_existing=True))
    return [(row.kind, row.lifted_at is None) for row in rows]


def test_who_joined_late_declares_a_conflict_like_everybody_else(begun: World, browse: Browse, url: Address) -> None:
    late(begun)
    data = {"answer": "some", f"relation-{begun.applications['001'].public_id}": "sibling"}
    assert browse(begun.people["dung"]).post(url("/conflicts"), data).status_code == 303
    assert recusals(begun, "dung") == [("joined_late", False), ("conflict", True)]
    content = begun.log("grading:conflicts:declared")[-1].content or ""
    assert '"conflicts":{"001":"sibling"}' in content
    assert '"replaced":1' in content
    assert begun.interview().public_id not in content, "the log must not lead from a number to a sheet"


def test_who_was_recorded_as_absent_before_declaring_declares_too(world: World) -> None:
    world.draw()
    world.declare("head", "binh")
    world.call()
    absent(world, "chi")
    world.declare("chi", relations={"001": "sibling", "002": "spouse"})
    assert recusals(world, "chi") == [("absent", False), ("conflict", True)]
    lifted = world.session.scalars(select(Recusal).where(Recusal.kind == "absent")).one()
    assert (lifted.lifted_at, lifted.lifted_by_id, lifted.lifted_why) == (NOW, world.people["chi"].id, "as said")
    assert '"replaced":1' in (world.log("grading:conflicts:declared")[-1].content or "")


def test_the_absent_step_back_from_the_room_and_nobody_lifts_it_afterwards(begun: World, browse: Browse, url: Address) -> None:
    absent(begun, "chi")
    chi = browse(begun.people["chi"])
    assert url("/step-back", "001") in chi.get(url("/room")).text
    assert url("/step-back", "002") not in chi.get(url("/room")).text, "that sheet has its own way"
    assert chi.post(url("/step-back", "001"), {"relation": "sibling", "words": ""}).status_code == 303
    assert recusals(begun, "chi") == [("absent", False), ("conflict", True)]
    assert '"replaced":"absent"' in (begun.log("grading:recusal:recorded")[-1].content or "")
    assert url("/step-back", "001") not in chi.get(url("/room")).text
    with pytest.raises(Conflict, match="recused_already"):
        conflicts.recuse_self(begun.session, begun.role("chi"), begun.panel, begun.interview(), "sibling", "", NOW)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        attendance.lift_absence(begun.session, begun.role("head"), begun.panel, begun.interview(), begun.member("chi"), "Came.", NOW)


def test_a_late_head_who_steps_back_judges_nothing_there(begun: World, browse: Browse, url: Address) -> None:
    late(begun)
    begun.declare("dung")
    panels.hand_over_head(begun.session, begun.role("hr"), begun.panel, begun.member("dung"), "The head fell ill.", NOW)
    begun.session.commit()
    dung = browse(begun.people["dung"])
    assert url("/step-back", "001") in dung.get(url("", "001")).text
    conflicts.recuse_self(begun.session, begun.role("dung"), begun.panel, begun.interview(), "sibling", "my sister", NOW)
    begun.session.commit()
    assert recusals(begun, "dung") == [("joined_late", False), ("conflict", True)]
    assert dung.get(url("", "001")).status_code == 403


def test_an_absence_and_a_declaration_at_once_leave_the_conflict(own_database: Copy) -> None:
    with open_session(own_database.engine) as session:
        world = make_world(session)
        world.draw()
        world.declare("head")
        named = {world.applications["001"].public_id: ("sibling", "")}
        panel_id, interview_id, chi_id = world.panel.id, world.interview().id, world.member("chi").id
        people = {name: world.people[name].id for name in ("head", "chi")}
        session.commit()

    def load(session: Session) -> tuple[Panel, Interview, PanelMember]:
        return session.get_one(Panel, panel_id), session.get_one(Interview, interview_id), session.get_one(PanelMember, chi_id)

    def role(session: Session, panel: Panel, name: str) -> Role:
        return role_of(session, session.get_one(Account, people[name]), panel.campaign)

    def record(session: Session, loaded: tuple[Panel, Interview, PanelMember]) -> None:
        attendance.record_absence(session, role(session, loaded[0], "head"), *loaded, "Late.", NOW)

    def declare(session: Session, loaded: tuple[Panel, Interview, PanelMember]) -> None:
        conflicts.declare(session, role(session, loaded[0], "chi"), loaded[0], named, NOW)

    assert at_once(own_database, load, record, declare) in ([DONE, DONE], ["grading.recused_already", DONE])
    with open_session(own_database.engine) as session:
        standing = session.scalars(select(Recusal).where(Recusal.lifted_at.is_(None))).all()
    assert [found.kind for found in standing] == ["conflict"]
