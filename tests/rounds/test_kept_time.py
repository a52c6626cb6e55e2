"""Extra time recorded on evidence is the person's: it comes back with whoever left a roster, by whichever way they come to one again."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.audit.models import LogEntry
from examsite.audit.queries import data_of
from examsite.campaigns.models import Application
from examsite.campaigns.operations import screening
from examsite.campaigns.queries.screening import judged, stamp
from examsite.rounds.models import ExamSession, RosterEntry, TimeEntry
from examsite.rounds.operations import allocation, ledger, seat_moves, sessions
from examsite.rounds.queries.ledger import Want, preview
from examsite.rules.timing import TimeKind
from tests.client import Browser
from tests.conftest import NOW
from tests.factories import appoint, make_staff
from tests.rounds.hall import DAY, House, make_house

Way = Callable[[House, ExamSession, Application], object]


@pytest.fixture
def house(session: Session) -> House:
    """A planned session with one room; the first of two candidates is on its roster and has 25 per cent on evidence."""
    house = make_house(session)
    exam = house.exam()
    house.room("P101", 5, exam)
    first, _second = house.candidates(2)
    sessions.add_to_roster(session, exam, [first.public_id], house.role, NOW)
    give(house, exam, 25)
    return house


def give(house: House, exam: ExamSession, percent: int) -> None:
    entry = house.session.scalars(select(RosterEntry)).one().public_id
    want = Want(TimeKind.ACCOMMODATION, None, percent=percent)
    shown = preview(house.session, exam, [entry], want, NOW).digest
    ledger.record_accommodation(house.session, exam, [entry], want, shown, "Giấy xác nhận số 7", house.role, NOW)


def only_exam(house: House) -> ExamSession:
    return house.session.scalars(select(ExamSession)).one()


def first(house: House) -> Application:
    return house.session.scalars(select(Application).where(Application.candidate_number == "001")).one()


def has(house: House) -> list[tuple[str, int, str, str, bool]]:
    """What stands in the ledger of candidate 001."""
    house.session.expire_all()
    mine = select(TimeEntry).join(TimeEntry.entry).where(RosterEntry.candidate_number == "001").order_by(TimeEntry.id)
    return [
        (line.kind, line.percent, line.reason, line.decided_by.sign_in_name, line.entry.ledger_version > 0)
        for line in house.session.scalars(mine)
    ]


GIVEN = ("accommodation", 25, "Giấy xác nhận số 7", "officer", True)


def told(house: House, kind: str) -> list[object]:
    return [
        dict(data_of(entry)) for entry in house.session.scalars(select(LogEntry).where(LogEntry.kind == kind).order_by(LogEntry.number))
    ]


def by_hand(house: House, exam: ExamSession, application: Application) -> object:
    return sessions.add_to_roster(house.session, exam, [application.public_id], house.role, NOW)


def everybody(house: House, exam: ExamSession, _application: Application) -> object:
    return sessions.add_to_roster(house.session, exam, None, house.role, NOW)


def to_a_seat(house: House, exam: ExamSession, application: Application) -> object:
    [held] = house.room("P202", 5, exam)
    return seat_moves.move(house.session, application, held, "3", None, "Gần cửa", house.role, NOW)


def by_lot(house: House, _exam: ExamSession, _application: Application) -> object:
    draft = allocation.draw_seats(house.session, house.role, "evenly", NOW)
    return allocation.confirm_seats(house.session, draft, draft.seats_digest, house.role, NOW)


def by_late_lot(house: House, _exam: ExamSession, _application: Application) -> object:
    return allocation.seat_late(house.session, house.role, NOW)


@pytest.mark.parametrize("back", [by_hand, everybody, to_a_seat, by_lot, by_late_lot])
def test_it_comes_back_by_every_way_to_a_roster(house: House, back: Way) -> None:
    exam = only_exam(house)
    entry = house.session.scalars(select(RosterEntry)).one()
    assert sessions.remove_from_roster(house.session, exam, entry, house.role, NOW)
    assert has(house) == []
    back(house, exam, first(house))
    assert has(house) == [GIVEN]
    lines = [["accommodation", None, 0, 25]]
    assert told(house, "rounds:time:given_back") == [{"candidates": [{"lines": lines, "number": "001"}]}]


def test_whoever_is_screened_anew_keeps_it_in_another_session_too(house: House) -> None:
    session, hr = house.session, house.role
    house.campaign.stage = "applications"
    session.flush()
    give(house, only_exam(house), 5)
    application = first(house)
    screening.reopen(session, hr, application, "Sửa lý do", NOW)
    session.refresh(application)
    found = judged(session, application)
    verdict = screening.Verdict(seen=stamp(application, found), findings=screening.all_met(found, "Đủ"), decision="eligible")
    screening.screen(session, hr, application, verdict, NOW)
    afternoon = house.exam("Ca 2", NOW + DAY)
    by_hand(house, afternoon, application)
    assert [percent for _kind, percent, *_rest in has(house)] == [25, 5]
    assert session.scalars(select(RosterEntry.session_id)).one() == afternoon.id
    sessions.remove_from_roster(session, afternoon, session.scalars(select(RosterEntry)).one(), hr, NOW)
    by_hand(house, only_first(house), application)
    assert [percent for _kind, percent, *_rest in has(house)] == [25, 5]


def only_first(house: House) -> ExamSession:
    return house.session.scalars(select(ExamSession).where(ExamSession.name == "Ca 1")).one()


def test_what_made_good_one_session_stays_with_it(house: House) -> None:
    """A grant of a session that was opened again is no entitlement of the person; the log keeps that it stood there."""
    exam, entry = only_exam(house), house.session.scalars(select(RosterEntry)).one()
    line = house.session.scalars(select(TimeEntry)).one()
    line.kind, line.percent, line.seconds = "grant", 0, 600
    house.session.flush()
    sessions.remove_from_roster(house.session, exam, entry, house.role, NOW)
    by_hand(house, exam, first(house))
    assert has(house) == []
    [left] = told(house, "rounds:roster:removed")
    assert [row["kind"] for row in left["time_entries"]] == ["grant"]  # type: ignore[index]


def test_somebody_else_gets_nothing_of_it(house: House) -> None:
    exam = only_exam(house)
    sessions.remove_from_roster(house.session, exam, house.session.scalars(select(RosterEntry)).one(), house.role, NOW)
    second = house.session.scalars(select(Application).where(Application.candidate_number == "002")).one()
    by_hand(house, exam, second)
    assert house.session.scalars(select(TimeEntry)).all() == []
    assert told(house, "rounds:time:given_back") == []


def test_the_page_says_that_it_comes_back_and_the_log_whose_it_was(house: House, browse: Callable[..., Browser]) -> None:
    browser, english = browse(house.role.account), {"Accept-Language": "en"}
    one = f"/campaigns/{house.campaign.public_id}/sessions/{only_exam(house).public_id}"
    entry = house.session.scalars(select(RosterEntry)).one().public_id
    house.session.commit()
    assert browser.post(f"{one}/roster/{entry}/remove", headers=english).status_code == 303
    assert "comes back with them" in browser.get(one, headers=english).text
    supervisor = make_staff(house.session, "supervisor")
    appoint(house.session, house.campaign, supervisor, "supervision")
    log = browse(supervisor).get(f"/campaigns/{house.campaign.public_id}/log?kind=rounds:roster:removed", headers=english).text
    assert "Decided by: Officer" in log
