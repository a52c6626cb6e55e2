"""Seats by lot: a draft with its seed fixed, its confirmation, late lots; nothing is given twice and nothing changes unseen."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from examsite.audit.models import LogEntry
from examsite.campaigns.models import Application
from examsite.campaigns.roles import role_of
from examsite.notices.models import Notice
from examsite.rounds import seat_draw
from examsite.rounds.models import Allocation, ExamSession, RosterEntry
from examsite.rounds.operations.allocation import confirm_seats, draw_seats, drop_draft, seat_late
from examsite.rounds.queries.lots import allocation_in
from examsite.rules import drawing
from examsite.rules.refusal import Conflict, NotPermitted, Refused
from tests import factories
from tests.conftest import NOW
from tests.rounds.hall import DAY, House, make_house
from tests.rounds.world import exempt_from_language


@pytest.fixture
def house(session: Session) -> House:
    """Two sessions on two days that share a room of three seats, the second with one room more; six candidates."""
    found = make_house(session)
    first, second = found.exam(), found.exam("Ca 2", NOW + 2 * DAY)
    found.room("P101", 3, first, second)
    found.room("P102", 3, second, serves=("step_free",))
    found.candidates(6)
    return found


def draw(house: House, **options: object) -> Allocation:
    return draw_seats(house.session, house.role, "evenly", NOW, **options)  # type: ignore[arg-type]


def given(house: House) -> Allocation:
    """Seats drawn and confirmed."""
    draft = draw(house)
    confirm_seats(house.session, draft, draft.seats_digest, house.role, NOW)
    return draft


def logged(house: House, kind: str) -> list[str]:
    return list(house.session.scalars(select(LogEntry.content).where(LogEntry.kind == kind)))


def test_a_draft_moves_nobody_and_its_seed_stays_secret(house: House) -> None:
    draft = draw(house)
    assert house.seats() == {}
    assert (draft.state, draft.seated, draft.without) == ("draft", 6, 0)
    [entry] = logged(house, "rounds:seats:drawn")
    assert draft.seed_commitment == drawing.seed_commitment(bytes.fromhex(draft.seed))
    assert draft.seed_commitment in entry
    assert draft.seed not in entry


def test_drawing_a_draft_again_keeps_its_seed(house: House) -> None:
    draft = draw(house)
    seed, seats = draft.seed, draft.seats
    assert draw(house).seats == seats
    house.candidate("007")
    again = draw(house)
    assert (again.id, again.seed, again.drawn, again.seated) == (draft.id, seed, 3, 7)
    drop_draft(house.session, again, "The wrong rooms.", house.role, NOW)
    assert draw(house).seed != seed


def test_confirming_gives_the_seats_and_shows_the_seed(house: House) -> None:
    draft = given(house)
    seats = house.seats()
    assert sorted(seats) == ["001", "002", "003", "004", "005", "006"]
    assert len(set(seats.values())) == 6
    rooms = [f"{session} {room}" for session, room, _seat in seats.values()]
    assert {room: rooms.count(room) for room in rooms} == {"Ca 1 P101": 2, "Ca 2 P101": 2, "Ca 2 P102": 2}
    assert draft.seed in logged(house, "rounds:seats:confirmed")[0]
    seating = house.seating()
    assert (len(seating.seated), len(seating.without), seating.capacity) == (6, 0, 9)


def test_a_stranger_repeats_the_draw_from_what_is_kept(house: House) -> None:
    kept = allocation_in(house.session, house.campaign, given(house).public_id)
    outcome = seat_draw.draw(bytes.fromhex(kept.seed), seat_draw.given_in(kept.given))
    assert seat_draw.seats_of(outcome) == kept.seats
    assert seat_draw.digest(kept.seats) == kept.seats_digest


@pytest.mark.parametrize("change", ["candidate", "room", "digest", "twice"])
def test_what_changed_since_the_draft_is_not_confirmed(house: House, change: str) -> None:
    draft = draw(house)
    digest = draft.seats_digest
    if change == "candidate":
        house.candidate("007")
    elif change == "room":
        house.seating().halls[0].room.out_of_use = ["1"]
    elif change == "digest":
        digest = "0" * 64
    else:
        confirm_seats(house.session, draft, digest, house.role, NOW)
    with pytest.raises(Refused):
        confirm_seats(house.session, draft, digest, house.role, NOW)


def test_a_confirmed_draw_is_made_again_only_with_a_reason_and_before_sealing(house: House) -> None:
    first = given(house)
    with pytest.raises(Refused, match="reason_missing"):
        draw(house)
    second = draw(house, reason="The ground floor is flooded.")
    confirm_seats(house.session, second, second.seats_digest, house.role, NOW)
    house.session.refresh(first)
    assert (first.state, second.state, len(house.seats())) == ("replaced", "confirmed", 6)
    house.session.execute(update(ExamSession).where(ExamSession.name == "Ca 1").values(state="sealed"))
    house.session.expire_all()
    with pytest.raises(Refused, match="sealed_already"):
        draw(house, reason="Once more.")


def test_a_redraw_tells_those_whose_seat_is_another_one_and_nobody_else(house: House) -> None:
    """The first draw tells nobody: the papers' sealing names session, time and place. Cards of a seat that no longer holds are answered."""
    given(house)
    before = house.seats()
    assert told_of_seats(house) == {}
    house.candidate("007")
    second = draw(house, reason="One more candidate.")
    confirm_seats(house.session, second, second.seats_digest, house.role, NOW)
    after = house.seats()
    moved = {number for number in before if before[number] != after[number]}
    assert 0 < len(moved) < 7
    told = told_of_seats(house)
    assert set(told) == moved
    assert {number: (one["name"], one["seat"]) for number, one in told.items()} == {
        number: (after[number][0], after[number][2]) for number in moved
    }


def told_of_seats(house: House) -> dict[str, dict[str, object]]:
    """What each candidate was told of a changed seat, by number."""
    rows = house.session.execute(
        select(Application.candidate_number, Notice.params)
        .join(Notice, Notice.account_id == Application.account_id)
        .where(Notice.code == "seat_changed")
    )
    return {str(number): params for number, params in rows}


def test_whoever_is_listed_may_keep_the_session(house: House) -> None:
    exam = house.seating().halls[0].exam
    listed = house.session.scalars(select(Application).order_by(Application.candidate_number)).all()[:3]
    house.session.add_all(RosterEntry(session_id=exam.id, application_id=one.id, candidate_number=one.candidate_number) for one in listed)
    house.session.flush()
    draft = draw(house, keep_sessions=True)
    confirm_seats(house.session, draft, draft.seats_digest, house.role, NOW)
    assert {number for number, (name, _room, _seat) in house.seats().items() if name == "Ca 1"} == {"001", "002", "003"}


def test_a_need_is_met_and_whoever_sits_nothing_gets_no_seat(house: House) -> None:
    house.candidate("007", "step_free")
    exempted = house.candidate("008")
    exempt_from_language(house.session, exempted)
    given(house)
    assert house.seats()["007"][1] == "P102"
    assert house.seats()["008"][0] in ("Ca 1", "Ca 2"), "the general part is still to be sat"


def test_who_comes_late_gets_a_free_seat_and_nobody_else_moves(house: House) -> None:
    given(house)
    before = house.seats()
    house.candidate("007", "step_free")
    assert [one.number for one in house.seating().without] == ["007"]
    assert seat_late(house.session, house.role, NOW) == 1
    after = house.seats()
    assert after.pop("007")[1] == "P102"
    assert after == before
    assert len(logged(house, "rounds:seats:late")) == 1
    with pytest.raises(Refused, match="nobody_waits"):
        seat_late(house.session, house.role, NOW)


def test_no_free_seat_is_said_with_the_number_of_people(house: House) -> None:
    for number in range(7, 12):
        house.candidate(f"{number:03d}")
    given(house)
    with pytest.raises(Refused, match=r"no_free_seat.*2"):
        seat_late(house.session, house.role, NOW)


def test_the_seat_of_one_who_withdrew_is_free_again(house: House) -> None:
    for number in (7, 8, 9):
        house.candidate(f"{number:03d}")
    given(house)
    seat = house.seats()["001"]
    house.session.execute(update(Application).where(Application.candidate_number == "001").values(state="withdrawn"))
    house.candidate("010")
    seat_late(house.session, house.role, NOW)
    assert "001" not in house.seats()
    assert house.seats()["010"] == seat


@pytest.mark.parametrize(("filling", "code"), [("by_hand", "filling_unknown"), ("evenly", "nowhere")])
def test_a_draw_without_ground_is_refused(session: Session, filling: str, code: str) -> None:
    house = make_house(session)
    house.candidates(1)
    with pytest.raises(Refused, match=code):
        draw_seats(session, house.role, filling, NOW)


def test_nobody_to_seat_is_refused(session: Session) -> None:
    house = make_house(session)
    house.room("P101", 3, house.exam())
    with pytest.raises(Refused, match=r"seats\.nobody"):
        draw(house)


def test_only_hr_draws(house: House) -> None:
    watch = factories.make_staff(house.session, "watch")
    factories.appoint(house.session, house.campaign, watch, "invigilation", "head")
    role = role_of(house.session, watch, house.campaign)
    draft = draw(house)
    for act in (
        lambda: draw_seats(house.session, role, "evenly", NOW),
        lambda: confirm_seats(house.session, draft, draft.seats_digest, role, NOW),
        lambda: drop_draft(house.session, draft, "Why not.", role, NOW),
        lambda: seat_late(house.session, role, NOW),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_a_draft_is_dropped_once_and_with_a_reason(house: House) -> None:
    draft = draw(house)
    with pytest.raises(Refused, match="reason_missing"):
        drop_draft(house.session, draft, " ", house.role, NOW)
    drop_draft(house.session, draft, "The wrong rooms.", house.role, NOW)
    with pytest.raises(Conflict):
        drop_draft(house.session, draft, "Again.", house.role, NOW)
