"""Planning exam sessions and putting candidates on their rosters."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.audit.models import LogEntry
from examsite.audit.queries import data_of
from examsite.campaigns.roles import Role
from examsite.rounds.forms import read_moment
from examsite.rounds.models import ExamSession, Incident, RosterEntry, SessionPostponement, SessionRoom
from examsite.rounds.operations import sessions
from examsite.rounds.operations.postponing import postpone
from examsite.rounds.routes import sessions as pages
from examsite.rules.refusal import NotPermitted, Refused
from tests.client import Browser
from tests.conftest import NOW
from tests.factories import appoint, make_application, make_campaign, make_staff
from tests.rounds.forms import seen_in, seen_on
from tests.rounds.hall import make_house
from tests.rounds.world import MINUTE, World, exempt_from_language, make_world

LATER = NOW + 60 * MINUTE
PERSONAL: dict[str, object] = {"session.clock": "personal"}


@pytest.fixture
def planned(session: Session) -> World:
    """A campaign with one empty planned session, and three candidates who are on no roster."""
    world = make_world(session, numbers=(), state="planned", opens_at=LATER)
    for number in ("001", "002", "003"):
        make_application(session, world.position, f"Nguyễn Văn {number}", "eligible", number, account=True)
    session.commit()
    return world


@pytest.fixture
def hr(planned: World) -> Role:
    return planned.role("hr", "secretary")


def numbers(world: World) -> list[str]:
    wanted = select(RosterEntry.candidate_number).where(RosterEntry.session_id == world.exam.id)
    return list(world.session.scalars(wanted.order_by(RosterEntry.candidate_number)))


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("09/11/2026 08:00", "Asia/Ho_Chi_Minh", datetime(2026, 11, 9, 1, 0, tzinfo=UTC)),
        ("  9/11/2026   8:05 ", "Asia/Ho_Chi_Minh", datetime(2026, 11, 9, 1, 5, tzinfo=UTC)),
        ("09/11/2026 08:00", "Europe/Paris", datetime(2026, 11, 9, 7, 0, tzinfo=UTC)),
        ("29/03/2026 02:30", "Europe/Paris", None),
        ("25/10/2026 02:30", "Europe/Paris", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("11/31/2026 08:00", "Asia/Ho_Chi_Minh", None),
        ("2026-11-09 08:00", "Asia/Ho_Chi_Minh", None),
        ("09/11/2026", "Asia/Ho_Chi_Minh", None),
        ("09/11/2026 24:00", "Asia/Ho_Chi_Minh", None),
        ("", "Asia/Ho_Chi_Minh", None),
        ("01/01/0001 00:00", "Asia/Ho_Chi_Minh", None),
        ("31/12/9999 23:59", "America/New_York", None),
    ],
)
def test_moments_are_read_in_the_zone_of_the_campaign(text: str, zone: str, expected: datetime | None) -> None:
    assert read_moment(text, zone) == expected


def test_a_session_is_planned_changed_and_dropped_with_entries_in_the_log(planned: World, hr: Role) -> None:
    session = planned.session
    exam = sessions.plan_session(session, " Ca 2 ", "Room 3", LATER, None, hr, NOW)
    assert (exam.name, exam.place, exam.opens_at, exam.closes_at, exam.state) == ("Ca 2", "Room 3", LATER, None, "planned")
    sessions.change_session(session, exam, "Ca 3", "", LATER + MINUTE, None, hr, NOW)
    assert (exam.name, exam.opens_at) == ("Ca 3", LATER + MINUTE)
    sessions.drop_session(session, exam, hr, NOW)
    assert session.scalars(select(ExamSession.name)).all() == ["Ca 1"]
    kinds = session.scalars(select(LogEntry.kind).order_by(LogEntry.number)).all()
    assert kinds == ["rounds:session:planned", "rounds:session:changed", "rounds:session:dropped"]


def test_a_session_is_dropped_with_its_rooms_and_its_earlier_times(session: Session) -> None:
    house = make_house(session)
    exam = house.exam()
    [_held] = house.room("P101", 5, exam)
    opened = exam.opens_at
    postpone(session, exam, opened + 30 * MINUTE, None, "Mất điện", house.role, NOW)
    sessions.drop_session(session, exam, house.role, NOW)
    assert [session.scalars(select(table)).all() for table in (ExamSession, SessionRoom, SessionPostponement)] == [[], [], []]
    dropped = data_of(session.scalars(select(LogEntry).where(LogEntry.kind == "rounds:session:dropped")).one())
    assert dropped["rooms"] == ["P101"]
    assert [moved["reason"] for moved in dropped["postponed"]] == ["Mất điện"]  # type: ignore[index, attr-defined]


def test_a_session_that_an_incident_was_written_down_for_stays_whole(session: Session) -> None:
    house = make_house(session)
    exam = house.exam()
    house.room("P101", 5, exam)
    written = {"what": "Mất điện", "done": "Chờ", "happened_at": NOW, "recorded_at": NOW, "recorded_by_id": house.role.account.id}
    session.add(Incident(session_id=exam.id, kind="power", **written))
    session.flush()
    with pytest.raises(Refused, match="in_the_minutes"):
        sessions.drop_session(session, exam, house.role, NOW)
    assert len(session.scalars(select(SessionRoom)).all()) == 1


def test_a_shared_clock_has_no_end_of_its_own(planned: World, hr: Role) -> None:
    assert sessions.plan_session(planned.session, "Ca 2", "", LATER, LATER + MINUTE, hr, NOW).closes_at is None


@pytest.mark.parametrize(
    ("changes", "opens_at", "closes_at", "code"),
    [
        ({}, NOW, None, "rounds.start_in_past"),
        (PERSONAL, LATER, None, "rounds.end_missing"),
        (PERSONAL, NOW - 300 * MINUTE, NOW, "rounds.end_in_past"),
        (PERSONAL, LATER, LATER + 100 * MINUTE - timedelta(seconds=1), "rounds.window_short"),
        (PERSONAL, LATER, LATER + 100 * MINUTE, None),
        (PERSONAL, NOW - 60 * MINUTE, NOW + 60 * MINUTE, None),
    ],
)
def test_times_that_give_anyone_too_little_are_refused(
    session: Session, changes: dict[str, object], opens_at: datetime, closes_at: datetime | None, code: str | None
) -> None:
    world = make_world(session, changes, numbers=(), state="planned", closes_at=NOW + 999 * MINUTE if changes else None)
    role = world.role("hr", "secretary")
    if code is None:
        assert sessions.plan_session(session, "Ca 2", "", opens_at, closes_at, role, NOW).closes_at == closes_at
    else:
        with pytest.raises(Refused) as refusal:
            sessions.plan_session(session, "Ca 2", "", opens_at, closes_at, role, NOW)
        assert refusal.value.code == code


def test_a_name_is_given_once_in_a_campaign(planned: World, hr: Role) -> None:
    with pytest.raises(Refused, match="name_taken"):
        sessions.plan_session(planned.session, "Ca 1", "", LATER, None, hr, NOW)


@pytest.mark.parametrize(
    ("board", "duty"), [("invigilation", "head"), ("council", "head"), ("supervision", "member"), ("question", "head")]
)
def test_only_the_hr_board_plans(planned: World, board: str, duty: str) -> None:
    role = planned.role(board, duty)
    with pytest.raises(NotPermitted):
        sessions.plan_session(planned.session, "Ca 2", "", LATER, None, role, NOW)
    with pytest.raises(NotPermitted):
        sessions.add_to_roster(planned.session, planned.exam, None, role, NOW)


def test_everybody_who_may_be_listed_is_listed_at_once_and_only_once(planned: World, hr: Role) -> None:
    make_application(planned.session, planned.position, "Lê Thị Tư", "rejected")
    make_application(planned.session, planned.position, "Lê Thị Năm", "eligible", None)
    assert sessions.add_to_roster(planned.session, planned.exam, None, hr, NOW) == 3
    assert numbers(planned) == ["001", "002", "003"]
    with pytest.raises(Refused, match="nobody_to_list"):
        sessions.add_to_roster(planned.session, planned.exam, None, hr, NOW)


def test_chosen_candidates_are_listed_and_taken_off(planned: World, hr: Role) -> None:
    session = planned.session
    free = {one.candidate_number: one for one in sessions.free_candidates(session, planned.campaign)}
    chosen = [free["001"].public_id, free["003"].public_id]
    assert sessions.add_to_roster(session, planned.exam, chosen, hr, NOW) == 2
    with pytest.raises(Refused, match="not_free"):
        sessions.add_to_roster(session, planned.exam, [free["001"].public_id], hr, NOW)
    planned.entry("001").seat = "5"
    sessions.remove_from_roster(session, planned.exam, planned.entry("001"), hr, NOW)
    [removed] = session.scalars(select(LogEntry).where(LogEntry.kind == "rounds:roster:removed")).all()
    assert data_of(removed) == {"numbers": ["001"], "room": None, "seat": "5"}
    assert numbers(planned) == ["003"]
    session.expire_all()
    with pytest.raises(Refused, match="roster_not_empty"):
        sessions.drop_session(session, planned.exam, hr, NOW)


@pytest.mark.parametrize("chosen", [[], ["no-such-application"]])
def test_choosing_nobody_or_nobody_known_is_refused(planned: World, hr: Role, chosen: list[str]) -> None:
    with pytest.raises(Refused):
        sessions.add_to_roster(planned.session, planned.exam, chosen, hr, NOW)


def test_a_candidate_exempted_from_every_part_need_not_be_listed(planned: World) -> None:
    [application, *_] = sessions.free_candidates(planned.session, planned.campaign)
    exempt_from_language(planned.session, application)
    assert application in sessions.free_candidates(planned.session, planned.campaign)


def address(world: World, rest: str = "") -> str:
    return f"/campaigns/{world.campaign.public_id}/sessions{rest}"


def test_over_the_pages(planned: World, hr: Role, browse: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch) -> None:
    browser = browse(hr.account)
    assert browser.get(address(planned)).status_code == 200
    assert browser.get(address(planned, "/new")).status_code == 200
    answer = browser.post(address(planned, "/new"), {"name": "Ca chiều", "place": "Phòng 4", "opens_at": "09/11/2026 14:00"})
    assert answer.status_code == 303
    page = browser.get(answer.location)
    assert "Ca chiều" in page.text
    assert "09/11/2026 14:00" in page.text
    assert browser.get(answer.location + "/edit").status_code == 200
    seen = seen_on(browser, answer.location + "/edit")
    assert browser.post(answer.location + "/edit", {"name": "Ca tối", "opens_at": "09/11/2026 19:00", **seen}).status_code == 303
    with monkeypatch.context() as short:
        short.setattr(pages, "MOST_ON_A_PAGE", 1)
        free = {part: browser.get(f"{answer.location}/roster{part}").text for part in ("", "?page=2", "?q=002", "?q=x")}
    assert [page.count('name="applications"') for page in free.values()] == [1, 1, 1, 0]
    assert browser.post(answer.location + "/roster", {"everybody": "1"}).status_code == 303
    listed = browser.get(answer.location)
    assert "Nguyễn Văn 003" in listed.text
    narrowed = {show: browser.get(f"{address(planned)}?show={show}").text for show in ("planned", "coming", "begun", "evidence")}
    assert [show for show, shown in narrowed.items() if answer.location in shown] == ["planned"]
    turned = browser.get(f"{answer.location}?sort=-name&q=nguyen").text
    assert turned.index("Nguyễn Văn 003") < turned.index("Nguyễn Văn 001")
    assert "q=nguyen&amp;sort=position#sorted" in turned
    entry = planned.session.scalars(select(RosterEntry)).first()
    assert entry is not None
    assert browser.post(f"{answer.location}/roster/{entry.public_id}/remove").status_code == 303
    assert browser.post(answer.location + "/drop").status_code == 422


def test_a_page_that_was_left_open_takes_no_change_of_a_colleague_back(planned: World, hr: Role, browse: Callable[..., Browser]) -> None:
    browser, one = browse(hr.account), address(planned, f"/{planned.exam.public_id}/edit")
    english = {"Accept-Language": "en"}
    seen = seen_on(browser, one)
    sessions.change_session(planned.session, planned.exam, "Ca 1", "Room 9", LATER + 30 * MINUTE, None, hr, NOW, needs_check_in=True)
    planned.session.commit()
    typed = {"name": "Ca sáng", "place": "Room 12", "opens_at": "09/11/2026 14:00"}
    late = browser.post(one, {**typed, **seen}, headers=english)
    assert late.status_code == 422
    for told in ("Somebody else changed this", "Now it says: Room 9", "Now it says: Ca 1", "Now it says: yes", 'value="Ca sáng"'):
        assert told in late.text
    planned.session.expire_all()
    assert (planned.exam.name, planned.exam.place, planned.exam.needs_check_in) == ("Ca 1", "Room 9", True)
    assert browser.post(one, {**typed, **seen_in(late.text)}).status_code == 303
    planned.session.expire_all()
    assert (planned.exam.name, planned.exam.place, planned.exam.needs_check_in) == ("Ca sáng", "Room 12", False)


def test_what_was_typed_stays_when_it_cannot_be_read(planned: World, hr: Role, browse: Callable[..., Browser]) -> None:
    answer = browse(hr.account).post(
        address(planned, "/new"), {"name": "Ca 2", "opens_at": "2026-11-09 08:00"}, headers={"Accept-Language": "en"}
    )
    assert answer.status_code == 422
    assert 'value="2026-11-09 08:00"' in answer.text
    assert "This is no day and time." in answer.text


def test_the_pages_of_a_session_and_who_may_open_them(world: World, browse: Callable[..., Browser]) -> None:
    one = address(world, f"/{world.exam.public_id}")
    hr, invigilator, supervisor = world.role("hr"), world.role("invigilation"), world.role("supervision")
    for role in (hr, invigilator, supervisor):
        browser = browse(role.account)
        assert browser.get(address(world)).status_code == 200
        assert browser.get(one).status_code == 200
    assert browse(invigilator.account).post(address(world, "/new"), {"name": "x"}).status_code == 403
    assert browse(supervisor.account).post(one + "/absent").status_code == 403
    assert browse(supervisor.account).post(one + "/close").status_code == 403
    assert browse(world.role("panel").account).get(address(world)).status_code == 403
    assert browse(make_staff(world.session, "outsider")).get(one).status_code == 403
    assert browse(world.candidates["001"]).get(one).status_code == 403
    assert browse().get(one).status_code == 303
    assert browse(hr_elsewhere(world)).get(one).status_code == 404


def hr_elsewhere(world: World) -> Account:
    """An HR officer of another campaign."""
    account = make_staff(world.session, "elsewhere")
    appoint(world.session, make_campaign(world.session, code="LA-2026-02"), account, "hr")
    return account


def test_roll_and_closing_over_the_pages(world: World, browse: Callable[..., Browser], at: Callable[[datetime], None]) -> None:
    browser = browse(world.role("hr").account)
    one = address(world, f"/{world.exam.public_id}")
    refused = browser.post(one + "/close", headers={"Accept-Language": "en"})
    assert refused.status_code == 422
    assert "2 candidates can still work or come in: 001, 002" in refused.text
    entry = world.entry("001").public_id
    assert browser.get(f"{one}/roster/{entry}/void").status_code == 200
    assert browser.post(f"{one}/roster/{entry}/void", {"reason": " "}).status_code == 422
    assert browser.post(f"{one}/roster/{entry}/void", {"reason": "Withdrew."}).status_code == 303
    at(NOW + 120 * MINUTE)
    assert browser.post(f"{one}/roster/{world.entry('002').public_id}/absent").status_code == 303
    assert browser.post(one + "/close").status_code == 303
    assert browser.get(one).status_code == 200
