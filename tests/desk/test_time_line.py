"""A candidate's time line: what happened, what comes and what to do, told from the rows and from nothing that is another's."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from examsite.campaigns.models import Application, ApplicationCorrection, PersonCorrection
from examsite.desk.candidate import home_of
from examsite.desk.timeline import TimeLine, time_line
from examsite.grading.models import Interview
from examsite.rounds.models import ExamSession, RosterEntry, SessionPostponement
from tests.client import Browser
from tests.conftest import NOW
from tests.factories import make_application, make_campaign, make_panel, make_position, make_staff
from tests.results.ground import make_ground, thirds
from tests.rounds.world import make_world

DAY = timedelta(days=1)
LONG = "Nguyễn Hoàng Phương Uyên Trần Lê Thị Mai Anh"


def make_case(session: Session, state: str = "eligible", number: str | None = "0117") -> Application:
    """One candidate of a campaign that waits for round 1."""
    position = make_position(session, make_campaign(session, stage="round1_timetable"), title="Trưởng phòng")
    return make_application(session, position, LONG, state, number, account=True)


def list_for(session: Session, mine: Application, opens_at: datetime, state: str = "planned", **columns: Any) -> RosterEntry:
    exam = ExamSession(campaign_id=mine.campaign_id, name="Ca sáng", place="Room 12", opens_at=opens_at, state=state)
    session.add(exam)
    session.flush()
    entry = RosterEntry(session_id=exam.id, application_id=mine.id, candidate_number="0117", **columns)
    session.add(entry)
    session.flush()
    return entry


def line_of(session: Session, mine: Application, now: datetime = NOW) -> TimeLine:
    session.expire_all()
    assert mine.account is not None
    return time_line(home_of(session, mine.account), now)


def codes(line: TimeLine) -> tuple[list[str], list[str], list[str]]:
    return [event.code for event in line.past], [event.code for event in line.ahead], [event.code for event in line.to_do]


def test_what_comes_follows_from_how_the_application_stands(session: Session) -> None:
    mine = make_case(session, "received", None)
    lists = ["to_publish_round1", "to_interview", "to_publish_provisional", "to_publish_official", "to_publish_recommendations"]
    assert codes(line_of(session, mine)) == (["received"], ["to_decide", "to_number", "to_list", *lists], ["do_wait"])
    for state in ("rejected", "withdrawn", "ended"):
        mine.state, mine.decided_at, mine.decision_reason = state, NOW, "The reason."
        session.flush()
        line = line_of(session, mine)
        assert codes(line) == (["received", state], [], [])
        assert line.past[-1].why == "The reason."


def test_a_session_with_its_seat_ahead_under_way_postponed_and_missed(session: Session) -> None:
    mine = make_case(session)
    entry = list_for(session, mine, NOW + DAY)
    assert codes(line_of(session, mine))[1][0] == "session_planned"
    entry.session.state, entry.seat = "sealed", "B4"
    moved = {"from_opens_at": NOW, "to_opens_at": NOW + DAY, "reason": "A storm.", "postponed_by_id": mine.campaign.created_by_id}
    session.add(SessionPostponement(session_id=entry.session_id, postponed_at=NOW - DAY, **moved))
    session.flush()
    line = line_of(session, mine)
    assert (line.ahead[0].code, line.ahead[0].at, line.ahead[0].params["seat"]) == ("session_seat", NOW + DAY, "B4")
    assert ("postponed", "A storm.") in [(event.code, event.why) for event in line.past]
    assert [event.code for event in line.to_do] == ["do_come"]
    assert [event.code for event in line_of(session, mine, NOW + DAY).to_do] == ["do_go_in"]
    entry.session.state, entry.state, entry.reason, entry.decided_at = "closed", "absent", "Nobody came.", NOW + DAY
    session.flush()
    past, _ahead, to_do = codes(line_of(session, mine, NOW + 2 * DAY))
    assert (past[-1], to_do) == ("absent", [])


def test_whoever_has_sat_all_parts_is_not_sent_in_again(session: Session) -> None:
    world = make_world(session)
    mine = world.entry().application
    assert [event.code for event in line_of(session, mine).to_do] == ["do_go_in"]
    for part, minutes in (("general", 0), ("language", 70)):
        sitting, _token = world.start("001", part, NOW + timedelta(minutes=minutes))
        assert "sitting" in codes(line_of(session, mine, NOW + timedelta(minutes=minutes)))[1]
        sitting.state, sitting.closed_at = "submitted", sitting.started_at + timedelta(minutes=5)
        session.flush()
    past, _ahead, to_do = codes(line_of(session, mine, NOW + timedelta(minutes=76)))
    assert (past[-2:], to_do) == (["handed_in", "handed_in"], [])


def test_whoever_gave_up_while_sitting_is_not_sent_back_to_it(session: Session) -> None:
    world = make_world(session)
    mine = world.entry().application
    world.start("001", "general", NOW)
    assert "sitting" in codes(line_of(session, mine))[1]
    mine.state, mine.decided_at = "withdrawn", NOW
    session.flush()
    assert codes(line_of(session, mine))[1:] == ([], [])


def test_an_interview_has_a_slot_only_when_its_lot_is_drawn(session: Session) -> None:
    mine = make_case(session)
    panel = make_panel(session, mine.campaign)
    slot = Interview(panel=panel, application_id=mine.id)
    session.add(slot)
    session.flush()
    assert "interview" not in codes(line_of(session, mine))[1]
    slot.number, slot.code, slot.planned_at = 3, "SECRET7", NOW + DAY
    session.flush()
    line = line_of(session, mine)
    prepares = NOW + DAY - timedelta(minutes=15)
    slots = [(event.code, event.at) for event in line.ahead if event.code in ("prepare", "interview")]
    assert slots == [("prepare", prepares), ("interview", NOW + DAY)]
    assert [(event.code, event.params["prepares"], event.params["when"]) for event in line.to_do] == [("do_prepare", prepares, NOW + DAY)]
    assert "SECRET7" not in repr([event.params for event in line.ahead])
    slot.state, slot.state_at = "present", NOW + DAY
    session.flush()
    assert codes(line_of(session, mine, NOW + 2 * DAY))[0][-1] == "interviewed"


def test_the_whole_way_to_a_recommendation_with_its_working(session: Session, now: datetime, browse: Callable[..., Browser]) -> None:
    ground = make_ground(session, now)
    for number in ("001", "002"):
        ground.candidate(number, name=f"Người {number}")
        ground.sits(number)
    lists = [ground.published("eligible"), ground.published("round1")]
    for number, total in (("001", "90"), ("002", "70")):
        ground.scores(number, thirds(total))
    ground.opens()
    provisional = ground.published("provisional")
    first, second = ground.application("001"), ground.application("002")
    window = line_of(session, first, ground.now)
    until = next(event for event in window.ahead if event.code == "appeal_until" and event.publication == provisional)
    assert isinstance(until.params["day"], date)
    assert codes(window)[2] == ["do_appeal", "do_appeal"]  # the result of round 1 and the ranking; who is eligible has nothing to appeal
    ground.published("official")
    ground.published("recommendations")
    session.commit()
    past, ahead, to_do = codes(line_of(session, first, ground.now + 30 * DAY))
    assert (past.count("list"), past[-1], ahead, to_do) == (4, "recommended", [], [])
    assert past.count("time_up") == 2
    assert "recommended" not in codes(line_of(session, second))[0]
    page = browse(first.account).get("/home").text
    assert all(one.public_id in page for one in (*lists, provisional))
    assert "rules#ranking.total" in page
    assert "Người 002" not in page


def test_the_page_names_a_correction_and_nobody_else(session: Session, browse: Callable[..., Browser]) -> None:
    mine = make_case(session)
    born = {"old_birth_date": date(1985, 3, 12), "new_birth_date": date(1985, 3, 21)}
    names = {"old_name": "Nguyễn Uyen", "new_name": LONG, "reason": "A slip.", "corrected_by_id": mine.campaign.created_by_id}
    session.add(PersonCorrection(application_id=mine.id, corrected_at=NOW, **names, **born))
    other = make_application(session, mine.position, "Vũ Hoàng Nam", "eligible", "0131", account=True)
    list_for(session, mine, NOW + DAY, "sealed", seat="B4")
    session.commit()
    page = browse(mine.account).get("/home").text
    for words in ("“Nguyễn Uyen”", "12/03/1985", "21/03/1985", "B4", "10/11/2026 08:00"):
        assert words in page
    assert other.person.full_name not in page


def test_my_data_shows_what_is_held_and_what_was_corrected_to_nobody_else(session: Session, browse: Callable[..., Browser]) -> None:
    mine = make_case(session)
    mine.workplace, mine.phone = "Sở Nội vụ", "0912345678"
    born = {"old_birth_date": date(1985, 3, 12), "new_birth_date": date(1985, 3, 12)}
    names = {"old_name": "Nguyễn Uyen", "new_name": LONG, "reason": "A slip.", "corrected_by_id": mine.campaign.created_by_id}
    session.add(PersonCorrection(application_id=mine.id, corrected_at=NOW, **names, **born))
    entries = {
        "before": {"qualification": "Cử nhân", "identity_number": "001085000123"},
        "after": {"qualification": "Thạc sĩ", "identity_number": "001085000999"},
    }
    told = {"corrected_at": NOW, "corrected_by_id": mine.campaign.created_by_id}
    session.add(ApplicationCorrection(application_id=mine.id, reason="As in the papers.", **entries, **told))
    other = make_application(session, mine.position, "Vũ Hoàng Nam", "eligible", "0131", account=True)
    session.commit()
    page = browse(mine.account).get("/home/data")
    assert page.status_code == 200
    for words in (
        "<del>Cử nhân</del>",
        "<ins>Thạc sĩ</ins>",
        "As in the papers.",
        "999",
        LONG,
        "12/03/1985",
        "Sở Nội vụ",
        "<del>Nguyễn Uyen</del>",
        "Decided for the test.",
        mine.person.identity_number[-3:],
    ):
        assert words in page.text
    assert all(number not in page.text for number in (mine.person.identity_number, "001085000123", "001085000999"))
    assert other.person.full_name not in page.text
    staff = make_staff(session, "somebody")
    session.commit()
    assert (browse(staff).get("/home/data").status_code, browse().get("/home/data").status_code) == (403, 303)
