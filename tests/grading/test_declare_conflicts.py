"""Conflicts are declared before any code or score is shown, once, and bind whoever declared them."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.grading.models import PanelMember, Recusal
from examsite.grading.operations import conflicts
from examsite.rules.refusal import Conflict, NotFound, NotPermitted, Refused
from tests.client import Browser
from tests.conftest import NOW
from tests.grading.world import World, make_world

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
