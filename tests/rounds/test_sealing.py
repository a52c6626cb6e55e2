"""Papers are sealed by two people who get the same, or not at all."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from examsite.accounts.models import TwoPersonAct
from examsite.audit.models import LogEntry
from examsite.campaigns.models import Membership
from examsite.campaigns.roles import Role, role_of
from examsite.questions.models import BlueprintCell, ItemVersion
from examsite.rounds.models import ExamSession, Paper
from examsite.rounds.operations import sealing, sessions
from examsite.rounds.operations.access_code import open_room
from examsite.rounds.operations.check_in import check_in
from examsite.rounds.operations.incidents import record_incident
from examsite.rounds.queries.sealing import obstacles, prepare
from examsite.rules import drawing
from examsite.rules.refusal import Conflict, NotPermitted, Refused
from tests.client import Browser
from tests.conftest import NOW
from tests.factories import PASSWORD, appoint, make_item, make_staff
from tests.rounds.page import Page
from tests.rounds.world import MINUTE, World, list_candidate, make_world, seal_by_hand

EVE = NOW - 60 * MINUTE


@pytest.fixture
def planned(session: Session) -> World:
    """A planned session with two candidates, and one more who is exempted from the language part."""
    world = make_world(session, state="planned")
    world.candidates["003"] = list_candidate(session, world.exam, world.position, "003", exempt=True)
    session.commit()
    return world


@pytest.fixture
def chair(planned: World) -> Role:
    return planned.role("council", "head")


@pytest.fixture
def head(planned: World) -> Role:
    return planned.role("question", "head")


def papers(session: Session) -> dict[tuple[str, str], Paper]:
    return {(paper.entry.candidate_number, paper.part): paper for paper in session.scalars(select(Paper))}


def missing(world: World) -> list[str]:
    return [one.code for one in obstacles(world.exam, prepare(world.session, world.exam), EVE)]


def test_two_people_seal_and_every_paper_is_stored(planned: World, chair: Role, head: Role) -> None:
    act = sealing.propose_sealing(planned.session, planned.exam, chair, EVE)
    assert papers(planned.session) == {}
    sealing.sign_sealing(planned.session, planned.exam, act.digest, head, EVE + MINUTE)
    found = papers(planned.session)
    assert set(found) == {("001", "general"), ("001", "language"), ("002", "general"), ("002", "language"), ("003", "general")}
    assert [len(found["001", part].items) for part in ("general", "language")] == [4, 2]
    exam = planned.exam
    assert (exam.state, exam.sealed_at) == ("sealed", EVE + MINUTE)
    assert exam.seed is not None
    assert exam.seed_commitment == drawing.seed_commitment(bytes.fromhex(exam.seed))
    kinds = planned.session.scalars(select(LogEntry.kind).order_by(LogEntry.number)).all()
    assert kinds[-3:] == ["rounds:papers:proposed", "rounds:papers:signed", "rounds:session:sealed"]


def test_neither_the_content_nor_the_log_tells_the_seed_or_a_paper(planned: World, chair: Role, head: Role) -> None:
    act = sealing.propose_sealing(planned.session, planned.exam, chair, EVE)
    sealing.sign_sealing(planned.session, planned.exam, act.digest, head, EVE)
    seed = planned.exam.seed or ""
    told = str(act.content) + "".join(entry.content or "" for entry in planned.session.scalars(select(LogEntry)))
    item = papers(planned.session)["001", "general"].items[0][0]
    assert len(seed) == 64
    assert seed not in told
    assert str(item) not in told


def test_a_first_signature_counts_no_more_once_its_seat_has_ended_and_sealing_begins_anew(planned: World, chair: Role, head: Role) -> None:
    act = sealing.propose_sealing(planned.session, planned.exam, head, EVE)
    planned.session.execute(update(Membership).where(Membership.account_id == head.account.id).values(ended_at=EVE))
    with pytest.raises(Conflict, match="first_gone"):
        sealing.sign_sealing(planned.session, planned.exam, act.digest, chair, EVE)
    sealing.withdraw_sealing(planned.session, planned.exam, "Sealed anew.", chair, EVE)
    again = sealing.propose_sealing(planned.session, planned.exam, chair, EVE)
    following = make_staff(planned.session, "following")
    appoint(planned.session, planned.campaign, following, "question", "head")
    successor = role_of(planned.session, following, planned.campaign)
    sealing.sign_sealing(planned.session, planned.exam, again.digest, successor, EVE)
    assert planned.exam.state == "sealed"


def test_the_same_person_cannot_sign_twice(planned: World, chair: Role) -> None:
    act = sealing.propose_sealing(planned.session, planned.exam, chair, EVE)
    with pytest.raises(Refused, match="same_person"):
        sealing.sign_sealing(planned.session, planned.exam, act.digest, chair, EVE)
    assert papers(planned.session) == {}


@pytest.mark.parametrize("change", ["bank", "retired", "blueprint", "roster", "time", "place"])
def test_whatever_changed_since_the_first_signature_is_refused(planned: World, chair: Role, head: Role, change: str) -> None:
    act = sealing.propose_sealing(planned.session, planned.exam, chair, EVE)
    _change(planned, change)
    with pytest.raises(Conflict, match="changed_since"):
        sealing.sign_sealing(planned.session, planned.exam, act.digest, head, EVE)
    assert papers(planned.session) == {}


def _change(world: World, change: str) -> None:
    session, exam = world.session, world.exam
    if change == "bank":
        make_item(session, world.campaign, "general", "law", "easy")
    elif change == "retired":
        session.execute(update(ItemVersion).where(ItemVersion.id == 1).values(topic="another"))
        session.scalars(select(ItemVersion).where(ItemVersion.topic == "law")).first().topic = "another"  # type: ignore[union-attr]
    elif change == "blueprint":
        session.scalars(select(BlueprintCell).order_by(BlueprintCell.id)).first().number = 9  # type: ignore[union-attr]
    elif change == "roster":
        list_candidate(session, exam, world.position, "004")
    elif change == "time":
        exam.opens_at += MINUTE
    else:
        exam.place = "Another room"
    session.flush()


def test_a_digest_that_was_not_shown_is_refused(planned: World, chair: Role, head: Role) -> None:
    sealing.propose_sealing(planned.session, planned.exam, chair, EVE)
    with pytest.raises(Conflict, match="changed_since"):
        sealing.sign_sealing(planned.session, planned.exam, "0" * 64, head, EVE)


def test_a_second_proposal_is_refused_while_one_waits(planned: World, chair: Role, head: Role) -> None:
    sealing.propose_sealing(planned.session, planned.exam, chair, EVE)
    with pytest.raises(Conflict, match="already_open"):
        sealing.propose_sealing(planned.session, planned.exam, head, EVE)


@pytest.mark.parametrize(("board", "duty"), [("hr", "head"), ("question", "member"), ("council", "member"), ("supervision", "head")])
def test_nobody_else_seals(planned: World, board: str, duty: str) -> None:
    role = planned.role(board, duty)
    with pytest.raises(NotPermitted):
        sealing.propose_sealing(planned.session, planned.exam, role, EVE)


def test_shortages_are_told_exactly(planned: World, chair: Role) -> None:
    session = planned.session
    hard = session.scalars(select(ItemVersion).where(ItemVersion.difficulty == "hard")).all()
    for version in hard:
        version.state = "returned"
    session.flush()
    found = obstacles(planned.exam, prepare(session, planned.exam), EVE)
    assert [(one.code, one.part.id if one.part else "", dict(one.params)) for one in found] == [
        (
            "rounds.missing_cell",
            "general",
            {"topic": "law", "difficulty": "questions.difficulty.hard", "have": 0, "needed": 1},
        ),
        ("rounds.missing_items", "general", {"have": 9, "needed": 12}),
    ]
    with pytest.raises(Refused, match="cannot_seal"):
        sealing.propose_sealing(session, planned.exam, chair, EVE)
    assert planned.exam.seed is None


def test_what_else_may_be_missing(planned: World) -> None:
    planned.position.language = None
    planned.campaign.frozen_at = None
    planned.session.scalars(select(BlueprintCell).order_by(BlueprintCell.id)).first().count = 5  # type: ignore[union-attr]
    planned.session.flush()
    found = missing(planned)
    assert found[0] == "rounds.missing_frozen_rules"
    assert found.count("rounds.missing_language") == 2
    assert "rounds.missing_blueprint" in found


def test_an_empty_roster_and_a_start_that_has_passed_are_missing_things(session: Session) -> None:
    world = make_world(session, numbers=(), state="planned")
    assert [one.code for one in obstacles(world.exam, prepare(session, world.exam), NOW)] == [
        "rounds.missing_start_ahead",
        "rounds.missing_roster",
    ]


def test_withdrawing_throws_the_seed_away(planned: World, chair: Role, head: Role) -> None:
    first = sealing.propose_sealing(planned.session, planned.exam, chair, EVE)
    seed = planned.exam.seed
    with pytest.raises(Refused, match="reason_missing"):
        sealing.withdraw_sealing(planned.session, planned.exam, " ", chair, EVE)
    sealing.withdraw_sealing(planned.session, planned.exam, "A wrong room.", chair, EVE)
    assert planned.exam.seed is None
    with pytest.raises(Conflict, match="no_longer_open"):
        sealing.sign_sealing(planned.session, planned.exam, first.digest, head, EVE)
    sealing.propose_sealing(planned.session, planned.exam, head, EVE)
    assert planned.exam.seed not in (None, seed)


def test_a_sealed_session_is_frozen_and_can_be_opened_again_before_its_start(planned: World, chair: Role, head: Role) -> None:
    act = sealing.propose_sealing(planned.session, planned.exam, chair, EVE)
    hr = planned.role("hr", "secretary")
    with pytest.raises(Refused, match="sealing_waits"):
        sessions.add_to_roster(planned.session, planned.exam, None, hr, EVE)
    sealing.sign_sealing(planned.session, planned.exam, act.digest, head, EVE)
    with pytest.raises(Refused, match="not_planned"):
        sessions.add_to_roster(planned.session, planned.exam, None, hr, EVE)
    sealing.unseal(planned.session, planned.exam, "The room burnt down.", head, NOW - MINUTE)
    assert (planned.exam.state, planned.exam.seed, planned.exam.draw) == ("planned", None, None)
    assert papers(planned.session) == {}


def test_a_session_that_has_begun_stays_sealed(world: World) -> None:
    role = world.role("council", "head")
    with pytest.raises(Refused, match="begun_already"):
        sealing.unseal(world.session, world.exam, "Too late.", role, NOW)
    with pytest.raises(Refused, match="reason_missing"):
        sealing.unseal(world.session, world.exam, "", role, EVE)


def test_a_candidate_who_begins_in_the_same_moment_keeps_the_paper(exam_page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    world = exam_page.world
    monkeypatch.setattr(sealing, "has_begun", lambda *_asked: False)  # it had been asked a moment before the sitting was there
    with pytest.raises(Refused, match="begun_already"):
        sealing.unseal(world.session, world.exam, "Too late.", world.role("council", "head"), EVE)
    world.session.rollback()
    assert exam_page.sitting.paper is not None


def test_over_the_pages(planned: World, chair: Role, head: Role, browse: Callable[..., Browser]) -> None:
    planned.exam.opens_at = NOW + 60 * MINUTE
    planned.session.commit()
    at = f"/campaigns/{planned.campaign.public_id}/sessions/{planned.exam.public_id}/sealing"
    first, second = browse(chair.account), browse(head.account)
    assert first.get(at).status_code == 200
    assert first.post(at + "/propose").status_code == 303
    act = planned.session.scalars(select(TwoPersonAct)).one()
    shown = second.get(at)
    assert act.digest in shown.text
    wrong = second.post(at + "/sign", {"digest": act.digest, "password": "not mine"})
    assert wrong.status_code == 422
    assert first.post(at + "/sign", {"digest": act.digest, "password": PASSWORD}).status_code == 422
    assert second.post(at + "/sign", {"digest": "0" * 64, "password": PASSWORD}).status_code == 422
    assert planned.session.scalar(select(func.count()).select_from(Paper)) == 0
    assert second.post(at + "/sign", {"digest": act.digest, "password": PASSWORD}).status_code == 303
    planned.session.expire_all()
    assert planned.session.scalars(select(ExamSession)).one().state == "sealed"
    assert second.get(at).status_code == 200


def test_roster_and_times_can_be_changed_again_after_opening(
    planned: World, chair: Role, head: Role, browse: Callable[..., Browser]
) -> None:
    planned.exam.opens_at = NOW + 60 * MINUTE
    at = f"/campaigns/{planned.campaign.public_id}/sessions/{planned.exam.public_id}"
    act = sealing.propose_sealing(planned.session, planned.exam, chair, NOW)
    browser = browse(planned.role("hr").account)
    assert at + "/edit" not in browser.get(at).text
    sealing.sign_sealing(planned.session, planned.exam, act.digest, head, NOW)
    planned.session.commit()
    assert at + "/edit" not in browser.get(at).text
    opener = browse(head.account)
    assert opener.get(at + "/sealing/unseal").status_code == 200
    assert opener.post(at + "/sealing/unseal", {"reason": ""}).status_code == 422
    assert opener.post(at + "/sealing/unseal", {"reason": "The room changed."}).status_code == 303
    assert at + "/edit" in browser.get(at).text


def test_a_sealing_is_withdrawn_over_its_page(planned: World, chair: Role, head: Role, browse: Callable[..., Browser]) -> None:
    planned.exam.opens_at = NOW + 60 * MINUTE
    sealing.propose_sealing(planned.session, planned.exam, chair, NOW)
    at = f"/campaigns/{planned.campaign.public_id}/sessions/{planned.exam.public_id}/sealing"
    other = browse(head.account)
    assert other.get(at + "/withdraw").status_code == 200
    assert other.post(at + "/withdraw", {"reason": "A wrong start."}).status_code == 303
    assert other.get(at).status_code == 200
    assert browse(planned.role("supervision").account).get(at + "/withdraw").status_code == 403


def test_who_may_open_the_page(planned: World, browse: Callable[..., Browser]) -> None:
    at = f"/campaigns/{planned.campaign.public_id}/sessions/{planned.exam.public_id}/sealing"
    supervisor = planned.role("supervision").account
    outsider = make_staff(planned.session, "outsider")
    panel = planned.role("panel").account
    assert browse(supervisor).get(at).status_code == 200
    assert browse(supervisor).post(at + "/propose").status_code == 403
    assert browse(outsider).get(at).status_code == 403
    assert browse(panel).get(at).status_code == 403
    assert browse(planned.candidates["001"]).get(at).status_code == 403
    assert browse().get(at).status_code == 303


def test_a_session_that_is_opened_again_forgets_who_was_checked_in_and_keeps_whom_its_minutes_name(planned: World, head: Role) -> None:
    session, exam, hr, invigilator = planned.session, planned.exam, planned.role("hr", "secretary"), planned.role("invigilation")
    seal_by_hand(session, exam)
    check_in(session, exam, planned.entry("001"), "passport", "7", invigilator, EVE)
    open_room(session, exam, planned.role("invigilation", "head"), EVE)
    record_incident(session, exam, "machine", [planned.entry("001").public_id], "Dark.", "Mended.", EVE, invigilator, EVE)
    sealing.unseal(session, exam, "The room burnt down.", head, EVE)
    entry = planned.entry("001")
    assert (entry.checked_in_at, entry.checked_in_by_id, entry.identity_document, entry.seat) == (None, None, None, "7")
    assert exam.access_code is None
    with pytest.raises(Refused, match="in_the_minutes"):
        sessions.remove_from_roster(session, exam, entry, hr, EVE)
    sessions.remove_from_roster(session, exam, planned.entry("002"), hr, EVE)
    with pytest.raises(Refused, match="not_sealed"):
        record_incident(session, exam, "machine", [], "Dark.", "Mended.", EVE, invigilator, EVE)


def test_a_session_whose_minutes_hold_an_incident_is_not_dropped(session: Session) -> None:
    world = make_world(session, numbers=())
    record_incident(session, world.exam, "power", [], "Dark.", "Light.", EVE, world.role("invigilation"), EVE)
    world.exam.state = "planned"
    with pytest.raises(Refused, match="in_the_minutes"):
        sessions.drop_session(session, world.exam, world.role("hr"), EVE)
    assert session.scalars(select(ExamSession)).one() is world.exam
