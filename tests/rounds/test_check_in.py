"""Check-in at the door: by another person than who took in or screened the application, against a paper, once, on a seat that is free."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.audit.models import LogEntry
from examsite.audit.operations import record
from examsite.audit.queries import data_of
from examsite.campaigns.models import Application, ApplicationImport, Criterion, CriterionFinding
from examsite.campaigns.roles import Role, role_of
from examsite.db import open_session
from examsite.rounds.models import ExamRoom, ExamSession, RosterEntry
from examsite.rounds.operations.check_in import check_in, undo_check_in
from examsite.rounds.operations.sealing import unseal
from examsite.rounds.qr import card_text
from examsite.rounds.queries.check_in import door
from examsite.rounds.queries.live import live_room
from examsite.rules.refusal import Conflict, NotPermitted, Refused
from tests.client import Browser
from tests.conftest import NOW
from tests.databases import Copy
from tests.factories import make_campaign, make_staff
from tests.rounds.world import MINUTE, World, make_world


@pytest.fixture
def invigilator(world: World) -> Role:
    return world.role("invigilation")


def enter(world: World, role: Role, number: str = "001", document: str = "passport", seat: str = "") -> None:
    check_in(world.session, world.exam, world.entry(number), document, seat, role, NOW)


def test_a_check_in_says_who_when_by_what_and_where(world: World, invigilator: Role) -> None:
    enter(world, invigilator, seat="  B  7 ")
    entry = world.entry()
    assert (entry.checked_in_at, entry.checked_in_by_id) == (NOW, invigilator.account.id)
    assert (entry.identity_document, entry.seat) == ("passport", "B 7")
    logged = world.session.scalars(select(LogEntry.content).where(LogEntry.kind == "rounds:entry:checked_in")).one()
    assert '"seat":"B 7"' in logged
    assert entry.application.person.identity_number not in logged


def test_nobody_is_checked_in_twice_or_on_a_taken_seat(world: World, invigilator: Role) -> None:
    enter(world, invigilator, seat="7")
    with pytest.raises(Conflict, match="checked_in_already"):
        enter(world, invigilator)
    with pytest.raises(Refused, match="seat_taken"):
        enter(world, invigilator, "002", seat="7")
    enter(world, invigilator, "002")
    assert world.entry("002").seat is None


@pytest.mark.parametrize("document", ["", "library card"])
def test_an_unknown_paper_is_refused(world: World, invigilator: Role, document: str) -> None:
    with pytest.raises(Refused, match="document_missing"):
        enter(world, invigilator, document=document)


def test_a_seat_that_was_assigned_before_stays_where_none_is_typed(world: World, invigilator: Role) -> None:
    world.entry().seat = "12"
    enter(world, invigilator)
    assert world.entry().seat == "12"


def registered(world: World, application: Application, role: Role, how: str) -> None:
    about, kind = f"application:{application.public_id}", {"typed": "application:received", "corrected": "application:corrected"}.get(how)
    if kind is None:
        file = {"file_name": "list.xlsx", "file_digest": "0" * 64, "rows_taken": 1, "rows_refused": 0, "imported_by": "An"}
        batch = ApplicationImport(campaign_id=world.campaign.id, imported_at=NOW, **file)
        world.session.add(batch)
        world.session.flush()
        application.import_id, about, kind = batch.id, f"import:{batch.public_id}", "applications:imported"
    record(world.session, world.campaign.chain, f"campaigns:{kind}", about, role.actor, NOW, {})


@pytest.mark.parametrize("how", ["decided", "typed", "imported", "corrected", "found"])
def test_whoever_took_in_or_screened_the_application_does_not_check_in(world: World, invigilator: Role, how: str) -> None:
    application = world.entry().application
    if how == "decided":
        application.decided_by_id = invigilator.account.id
    elif how != "found":
        registered(world, application, invigilator, how)
    else:
        criterion = world.session.scalars(select(Criterion)).first()
        assert criterion is not None
        finding = {"criterion_id": criterion.id, "met": True, "why": "Seen.", "found_at": NOW, "found_by_id": invigilator.account.id}
        world.session.add(CriterionFinding(application_id=application.id, **finding))
    world.session.flush()
    with pytest.raises(Refused, match="own_candidate"):
        enter(world, invigilator)
    enter(world, world.role("invigilation", "head"))
    assert world.entry().checked_in_at == NOW


@pytest.mark.parametrize(("board", "duty"), [("hr", "member"), ("council", "head"), ("supervision", "member")])
def test_other_boards_do_not_check_in(world: World, board: str, duty: str) -> None:
    with pytest.raises(NotPermitted):
        enter(world, world.role(board, duty))


def test_who_has_begun_or_is_absent_is_not_checked_in(world: World, invigilator: Role) -> None:
    world.start()
    with pytest.raises(Refused, match="not_expected"):
        enter(world, invigilator)


def test_a_session_that_was_opened_again_meanwhile_checks_nobody_in(own_database: Copy) -> None:
    with open_session(own_database.engine) as session:
        made = make_world(session, opens_at=NOW + 60 * MINUTE, needs_check_in=True)
        names = [made.role("invigilation").account.sign_in_name, made.role("council", "head").account.sign_in_name]
        session.commit()

    def loaded(session: Session, name: str) -> tuple[ExamSession, RosterEntry, Role]:
        account = session.scalars(select(Account).where(Account.sign_in_name == name)).one()
        entry = session.scalars(select(RosterEntry).where(RosterEntry.candidate_number == "001")).one()
        found = entry.session, entry, role_of(session, account, entry.session.campaign)
        session.commit()
        return found

    with open_session(own_database.engine) as door, open_session(own_database.engine) as office:
        exam, entry, invigilator = loaded(door, names[0])
        opened, _entry, chair = loaded(office, names[1])
        assert exam.state == "sealed"
        unseal(office, opened, "Sai giờ", chair, NOW)
        office.commit()
        with pytest.raises(Refused, match=r"rounds\.not_sealed"):
            check_in(door, exam, entry, "passport", "", invigilator, NOW)
        door.rollback()
    with open_session(own_database.engine) as session:
        assert session.scalars(select(RosterEntry.checked_in_at)).all() == [None, None]


def test_a_check_in_is_taken_back_with_a_reason_until_the_candidate_has_begun(world: World, invigilator: Role) -> None:
    enter(world, invigilator, seat="7")
    with pytest.raises(Refused, match="reason_missing"):
        undo_check_in(world.session, world.entry(), " ", invigilator, NOW)
    undo_check_in(world.session, world.entry(), "The wrong person.", invigilator, NOW)
    entry = world.entry()
    assert (entry.checked_in_at, entry.checked_in_by_id, entry.identity_document, entry.seat) == (None, None, None, None)
    enter(world, invigilator, "002", seat="7")
    enter(world, invigilator)
    world.start()
    with pytest.raises(Refused, match="check_in_stands"):
        undo_check_in(world.session, world.entry(), "Too late.", invigilator, NOW + MINUTE)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("0101", ["0101"]),
        ("02", ["0102"]),
        ("nguyen 0103", ["0103"]),
        ("NGUYEN van 010", ["0101", "0102", "0103"]),
        ("tran", []),
        (" ", []),
    ],
)
def test_the_door_finds_by_number_and_by_name_without_marks(session: Session, typed: str, found: list[str]) -> None:
    world = make_world(session, numbers=("0101", "0102", "0103"))
    assert [one.entry.candidate_number for one in door(world.session, world.exam, typed).found] == found


def test_forty_are_checked_in_by_keyboard(world: World, invigilator: Role, browse: Callable[..., Browser]) -> None:
    world.session.commit()
    browser, base = browse(invigilator.account), f"/campaigns/{world.campaign.public_id}/sessions/{world.exam.public_id}"
    page = browser.get(f"{base}/check-in").text
    assert 'id="q"' in page
    assert page.count("autofocus") == 1
    found = browser.get(f"{base}/check-in?q=001").text
    assert found.count("autofocus") == 1, "the button is ready for Enter"
    done = browser.post(f"{base}/roster/{world.entry().public_id}/check-in", {"document": "vneid", "seat": "1"})
    assert (done.status_code, done.location) == (303, f"{base}/check-in")
    again = browser.post(f"{base}/roster/{world.entry('002').public_id}/check-in", {"document": "vneid", "seat": "1"})
    assert again.status_code == 422
    assert "đã có thí sinh khác" in again.text
    undone = browser.post(f"{base}/roster/{world.entry().public_id}/undo-check-in", {"reason": "Nhầm người."})
    assert undone.status_code == 303
    assert world.entry().checked_in_at is None


@pytest.mark.parametrize(("board", "status"), [("invigilation", 200), ("hr", 403), ("council", 403), ("question", 403)])
def test_who_may_open_the_door(world: World, browse: Callable[..., Browser], board: str, status: int) -> None:
    account = world.role(board).account
    world.session.commit()
    address = f"/campaigns/{world.campaign.public_id}/sessions/{world.exam.public_id}/check-in"
    assert browse(account).get(address).status_code == status
    assert browse().get(address).status_code == 303


def test_the_door_of_another_campaign_is_not_there(world: World, browse: Callable[..., Browser]) -> None:
    stranger = make_staff(world.session, "stranger")
    make_campaign(world.session, code="LA-2026-09", hr=stranger)
    world.session.commit()
    address = f"/campaigns/{world.campaign.public_id}/sessions/{world.exam.public_id}"
    for rest in ("/check-in", "/live", "/live/rows", "/incidents", "/minutes"):
        assert browse(stranger).get(address + rest).status_code in (403, 404)


def allocate_to(world: World, seat: str, number: str = "001") -> None:
    """A seat in a room, as the lots give it."""
    room = ExamRoom(code=f"P{number}", name="Room", place="1 Lý Thái Tổ", seats=9, out_of_use=[], serves=[], created_at=NOW)
    world.session.add(room)
    world.session.flush()
    world.entry(number).room_id, world.entry(number).seat = room.id, seat
    world.session.flush()


def test_another_seat_than_the_allocated_one_takes_a_reason(world: World, invigilator: Role) -> None:
    allocate_to(world, "3")
    with pytest.raises(Refused, match="seat_reason_missing"):
        enter(world, invigilator, seat="4")
    check_in(world.session, world.exam, world.entry(), "passport", "4", invigilator, NOW, seat_reason="Máy hỏng.")
    assert world.entry().seat == "4"
    logged = world.session.scalars(select(LogEntry.content).where(LogEntry.kind == "rounds:entry:checked_in")).one()
    assert '"allocated":"3"' in logged
    assert "Máy hỏng." in logged


@pytest.mark.parametrize("seat", ["", "3"])
def test_the_allocated_seat_is_the_default_and_outlives_an_undone_check_in(world: World, invigilator: Role, seat: str) -> None:
    allocate_to(world, "3")
    enter(world, invigilator, seat=seat)
    undo_check_in(world.session, world.entry(), "The wrong person.", invigilator, NOW)
    assert world.entry().seat == "3"


def test_whoever_was_moved_at_the_door_has_the_allocated_seat_again(world: World, invigilator: Role) -> None:
    allocate_to(world, "3")
    check_in(world.session, world.exam, world.entry(), "passport", "4", invigilator, NOW, seat_reason="Máy hỏng.")
    undo_check_in(world.session, world.entry(), "Nhầm người.", invigilator, NOW)
    assert world.entry().seat == "3"
    undone = world.session.scalars(select(LogEntry).where(LogEntry.kind == "rounds:entry:check_in_undone")).one()
    seats = {"before": {"seat": "4"}, "after": {"seat": "3"}}
    assert data_of(undone) == {"number": "001", "reason": "Nhầm người."} | seats
    enter(world, invigilator)
    undo_check_in(world.session, world.entry(), "Nhầm nữa.", invigilator, NOW)
    assert world.entry().seat == "3"


def test_an_allocated_seat_that_somebody_else_has_by_now_stays_theirs(world: World, invigilator: Role) -> None:
    allocate_to(world, "3")
    check_in(world.session, world.exam, world.entry(), "passport", "4", invigilator, NOW, seat_reason="Máy hỏng.")
    other = world.entry("002")
    other.room_id, other.seat = world.entry().room_id, "3"
    world.session.flush()
    undo_check_in(world.session, world.entry(), "Nhầm người.", invigilator, NOW)
    assert (world.entry().seat, world.entry("002").seat, world.entry().checked_in_at) == ("4", "3", None)


def test_a_scanned_card_finds_its_candidate(world: World) -> None:
    found = door(world.session, world.exam, card_text(world.campaign.code.lower(), "002"))
    assert [one.entry.candidate_number for one in found.found] == ["002"]
    elsewhere = door(world.session, world.exam, card_text("LA-1999-09", "002"))
    assert (elsewhere.found, elsewhere.foreign) == ((), "LA-1999-09")


def test_the_live_room_has_a_map_of_each_room(world: World) -> None:
    allocate_to(world, "3")
    room = live_room(world.session, world.exam, NOW)
    assert [(code, [row.number for row in rows]) for code, rows in room.maps] == [("", ["002"]), ("P001", ["001"])]
