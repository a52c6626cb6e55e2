"""Moves by hand: with a reason, to a free seat or against another, undone by moving back; clashes are found."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.models import TwoPersonAct
from examsite.audit.models import LogEntry
from examsite.campaigns.models import Application
from examsite.rounds.models import RosterEntry, SessionRoom
from examsite.rounds.operations.seat_moves import move
from examsite.rounds.queries.seating import clashes_in
from examsite.rules.refusal import Refused
from tests import factories
from tests.conftest import NOW
from tests.rounds.hall import DAY, House, make_house

WHY = "The machine is broken."


@pytest.fixture
def house(session: Session) -> House:
    """001 and 002 sit in P101 of the first session, 003 in P201 of the second; 004 has no seat."""
    found = make_house(session)
    first, second = found.exam(), found.exam("Ca 2", NOW + 2 * DAY)
    [one] = found.room("P101", 3, first)
    [other] = found.room("P201", 2, second, serves=("quiet",), reserved=True)
    for number, held, seat in (("001", one, "1"), ("002", one, "2"), ("003", other, "1")):
        application = found.candidate(number)
        place = {"session_id": held.session_id, "room_id": held.room_id, "seat": seat}
        session.add(RosterEntry(application_id=application.id, candidate_number=number, **place))
    found.candidate("004")
    session.flush()
    return found


def held(house: House, code: str) -> SessionRoom:
    return next(hall.held for hall in house.seating().halls if hall.room.code == code)


def entry(house: House, number: str) -> RosterEntry:
    return house.session.scalars(select(RosterEntry).where(RosterEntry.candidate_number == number)).one()


def go(house: House, number: str, code: str, seat: str, other: str | None = None, reason: str = WHY) -> None:
    application = house.session.scalars(select(Application).where(Application.candidate_number == number)).one()
    shown = entry(house, other).public_id if other else None
    move(house.session, application, held(house, code), seat, shown, reason, house.role, NOW)


def kinds(house: House) -> list[tuple[str, str | None]]:
    return [(clash.kind, clash.number) for clash in clashes_in(house.session, house.campaign, house.seating())]


def test_a_move_to_a_free_seat_and_back(house: House) -> None:
    before = house.seats()
    go(house, "001", "P101", "3")
    assert house.seats()["001"] == ("Ca 1", "P101", "3")
    [logged] = house.session.scalars(select(LogEntry.content).where(LogEntry.kind == "rounds:entry:moved"))
    assert WHY in logged
    go(house, "001", "P101", "1", reason="Back.")
    assert house.seats() == before


def test_two_change_places_between_two_sessions(house: House) -> None:
    go(house, "001", "P201", "1", other="003")
    assert (house.seats()["001"], house.seats()["003"]) == (("Ca 2", "P201", "1"), ("Ca 1", "P101", "1"))


def test_whoever_is_on_no_roster_gets_a_seat(house: House) -> None:
    go(house, "004", "P101", "3")
    assert house.seats()["004"] == ("Ca 1", "P101", "3")
    assert house.seating().without == []


@pytest.mark.parametrize(
    ("number", "code", "seat", "other", "reason", "refusal"),
    [
        ("001", "P101", "3", None, " ", "reason_missing"),
        ("001", "P101", "9", None, WHY, "no_such_seat"),
        ("001", "P101", "1", "001", WHY, "same_seat"),
        ("001", "P101", "2", None, WHY, "taken_meanwhile"),
        ("001", "P101", "3", "002", WHY, "taken_meanwhile"),
        ("004", "P101", "1", "001", WHY, "swap_with_nobody"),
    ],
)
def test_what_cannot_be_is_refused(house: House, number: str, code: str, seat: str, other: str | None, reason: str, refusal: str) -> None:
    before = house.seats()
    with pytest.raises(Refused, match=refusal):
        go(house, number, code, seat, other, reason)
    assert house.seats() == before


def test_a_sealed_session_lets_people_move_inside_it_alone(house: House) -> None:
    held(house, "P101").session.state = "sealed"
    house.session.flush()
    go(house, "001", "P101", "3")
    for number, code, seat in (("001", "P201", "2"), ("003", "P101", "1"), ("004", "P101", "1")):
        with pytest.raises(Refused, match="not_planned"):
            go(house, number, code, seat)


def test_nobody_comes_to_a_roster_that_waits_for_its_second_signature(house: House) -> None:
    exam = held(house, "P101").session
    signer = {"first_id": house.role.account.id, "first_at": NOW, "state": "open", "digest": "0" * 64, "content": {}}
    house.session.add(TwoPersonAct(chain=house.campaign.chain, kind="rounds:papers", about=f"session:{exam.public_id}", **signer))
    house.session.flush()
    go(house, "001", "P101", "3")  # a seat is no part of what is signed
    with pytest.raises(Refused, match="sealing_waits"):
        go(house, "004", "P101", "1")


def test_whoever_is_checked_in_is_moved_in_the_room_only(house: House) -> None:
    entry(house, "002").checked_in_at = NOW
    house.session.flush()
    for number, seat, other in (("002", "3", None), ("001", "2", "002")):
        with pytest.raises(Refused, match="moved_on"):
            go(house, number, "P101", seat, other)


def test_all_clashes_are_found(house: House) -> None:
    assert kinds(house) == [("needs_nothing", "003")]
    one, other = held(house, "P101"), held(house, "P201")
    house.candidate("005", "step_free")
    go(house, "005", "P101", "3")
    other.session.opens_at = one.session.opens_at
    one.room.out_of_use, one.room.usable = ["2", "3"], False
    house.session.add(SessionRoom(session_id=other.session_id, room_id=one.room_id))
    entry(house, "001").application.state = "withdrawn"
    person = entry(house, "002").application.person
    elsewhere = factories.make_campaign(house.session, code="LA-2026-09")
    position = factories.make_position(house.session, elsewhere)
    listed = factories.make_application(house.session, position, state="eligible", number="0900", person=person)
    exam = type(one.session)(campaign_id=elsewhere.id, name="Elsewhere", opens_at=one.session.opens_at)
    house.session.add(exam)
    house.session.flush()
    house.session.add(RosterEntry(session_id=exam.id, application_id=listed.id, candidate_number="0900"))
    house.session.flush()
    assert sorted(kinds(house), key=str) == sorted(
        [
            ("person_twice", "002"),
            ("room_twice", None),
            ("over_capacity", None),
            ("no_such_seat", "002"),
            ("no_such_seat", "005"),
            ("room_unusable", None),
            ("room_unusable", None),
            ("needs_nothing", "003"),
            ("withdrawn", "001"),
        ],
        key=str,
    )


def test_a_closed_session_clashes_with_nothing(house: House) -> None:
    for code in ("P101", "P201"):
        held(house, code).session.state = "closed"
        house.session.flush()
    assert kinds(house) == []
