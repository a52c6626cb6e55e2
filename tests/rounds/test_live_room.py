"""The live room: what each candidate is in, who needs somebody, in one query."""

import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import event
from sqlalchemy.orm import Session

from examsite.accounts.models import LoginSession
from examsite.rounds.live_room import LiveRow, PresentPart
from examsite.rounds.models import ExamRoom, ReleaseRequest, Sitting
from examsite.rounds.operations import closing, pauses, roll
from examsite.rounds.operations.check_in import check_in
from examsite.rounds.queries.live import live_room, present_part
from tests.client import Browser
from tests.conftest import NOW
from tests.rounds.test_give_time import give, grant
from tests.rounds.world import MINUTE, World, make_world

SECOND = timedelta(seconds=1)


def row(world: World, now: datetime = NOW, number: str = "001") -> LiveRow:
    return next(one for one in live_room(world.session, world.exam, now).rows if one.number == number)


def working(world: World, number: str = "001", **columns: object) -> Sitting:
    sitting, _ = world.start(number)
    for name, value in columns.items():
        setattr(sitting, name, value)
    world.session.flush()
    return sitting


@pytest.mark.parametrize(
    ("seen", "moment", "trouble"),
    [
        (NOW, NOW + 29 * SECOND, None),
        (NOW, NOW + 30 * SECOND, None),
        (NOW, NOW + 31 * SECOND, "silent"),
        (NOW + 40 * SECOND, NOW + 70 * SECOND, None),
        (NOW + 40 * SECOND, NOW + 71 * SECOND, "silent"),
        (None, NOW + 30 * SECOND, None),
        (None, NOW + 31 * SECOND, "silent"),
    ],
)
def test_a_page_is_silent_after_thirty_seconds(world: World, seen: datetime | None, moment: datetime, trouble: str | None) -> None:
    working(world, last_seen_at=seen)
    found = row(world, moment)
    assert (found.state, found.trouble) == ("working", trouble)
    if trouble:
        assert found.silent_for(moment) == 31


def test_a_save_is_a_sign_of_life_too(world: World) -> None:
    working(world, last_seen_at=NOW, last_saved_at=NOW + MINUTE)
    assert row(world, NOW + MINUTE + 30 * SECOND).trouble is None


def test_the_item_in_view_and_what_waits(world: World) -> None:
    working(world, last_seen_at=NOW, at_item=3, unsent=2, last_saved_at=NOW)
    found = row(world, NOW + SECOND)
    assert (found.at_item, found.questions, found.unsent, found.trouble, found.part) == (3, 4, 2, "unsent", "general")


def test_from_not_here_to_finished(world: World) -> None:
    assert row(world).state == "expected"
    check_in(world.session, world.exam, world.entry(), "passport", "7", world.role("invigilation"), NOW)
    assert (row(world).state, row(world).seat, row(world).may_undo) == ("checked_in", "7", True)
    world.sign_in()
    assert row(world).state == "waiting"
    login, account = world.sign_in()[0], world.candidates["001"]
    for part, begins in (("general", NOW), ("language", NOW + 70 * MINUTE)):
        sitting, _ = world.start("001", part, begins)
        assert row(world, begins).state == "working"
        sitting.login_session_id = login.id
        closing.submit(world.session, account, login, sitting.public_id, None, begins + MINUTE)
        assert row(world, begins + MINUTE).state == ("waiting" if part == "general" else "finished")
    assert not row(world).may_undo


def test_a_part_past_its_close_is_not_worked_on_whatever_stands_in_the_table(world: World) -> None:
    sitting = working(world)
    assert row(world, sitting.closes_at - SECOND).state == "working"
    assert row(world, sitting.closes_at).state == "waiting"


def test_absent_and_voided(world: World) -> None:
    roll.mark_absent(world.session, world.exam, world.entry(), world.role("invigilation"), NOW + 11 * MINUTE)
    roll.void(world.session, world.exam, world.entry("002"), "Withdrew.", world.role("hr"), NOW)
    assert [row(world, number=number).state for number in ("001", "002")] == ["absent", "voided"]


def test_trouble_sorts_to_the_top_and_the_filters_count(session: Session) -> None:
    world = make_world(session, numbers=("001", "002", "003", "004", "005", "006"))
    working(world, "002", last_seen_at=NOW, paused_since=NOW)
    working(world, "003", last_seen_at=NOW, unsent=1)
    working(world, "004", last_seen_at=NOW - MINUTE, started_at=NOW - MINUTE)
    asked = working(world, "005", last_seen_at=NOW)
    other: LoginSession = world.sign_in("005")[0]
    session.add(ReleaseRequest(sitting_id=asked.id, login_session_id=other.id, epoch=asked.epoch, asked_at=NOW))
    working(world, "006", last_seen_at=NOW)
    session.flush()
    room = live_room(session, world.exam, NOW + SECOND)
    assert [(one.number, one.trouble) for one in room.rows] == [
        ("005", "asks_release"),
        ("004", "silent"),
        ("003", "unsent"),
        ("002", "paused"),
        ("001", None),
        ("006", None),
    ]
    counts = {"all": 6, "trouble": 4, "working": 5, "waiting": 0, "checked_in": 0, "absent": 1, "finished": 0}
    assert room.counts == counts
    asked.released_epoch, asked.released_login_id = asked.epoch, other.id
    session.flush()
    assert row(world, NOW + SECOND, "005").trouble == "released"
    for device, trouble in ((None, None), ("d" * 64, "released")):
        other.ended_at, asked.released_device = NOW, device  # only a device that is known again may still come
        session.flush()
        assert row(world, NOW + SECOND, "005").trouble == trouble
    other.ended_at = None
    third: LoginSession = world.sign_in("005")[0]
    session.add(ReleaseRequest(sitting_id=asked.id, login_session_id=third.id, epoch=asked.epoch, asked_at=NOW))
    session.flush()
    assert row(world, NOW + SECOND, "005").trouble == "asks_release"


def test_the_room_states_the_real_part_and_ends(session: Session) -> None:
    world = make_world(session, numbers=("001", "002", "003"))

    def present(now: datetime) -> PresentPart | None:
        return present_part(world.exam, live_room(session, world.exam, now), now)

    end = NOW + 60 * MINUTE
    assert present(NOW) == PresentPart("general", end, end, programmed=True)
    assert present(end) is None
    first = working(world, "001")
    assert present(NOW) == PresentPart("general", end, end)
    give(world, grant(12 * 60), NOW + MINUTE, ["001"])
    working(world, "002")
    assert present(NOW + MINUTE) == PresentPart("general", end, end + 12 * MINUTE)
    assert present(end + MINUTE) == PresentPart("general", end + 12 * MINUTE, end + 12 * MINUTE)
    pauses.pause_time(session, world.exam, None, "power", "Dark.", world.role("invigilation"), NOW + 2 * MINUTE)
    assert present(NOW + 3 * MINUTE) == PresentPart("general", None, None)
    assert first.part == "general"


def test_a_violation_is_of_the_part_that_its_candidate_works_at(world: World, browse: Callable[..., Browser]) -> None:
    give(world, grant(15 * 60), NOW, ["001"])
    world.start("001", now=NOW)
    sat, _ = world.start("002", now=NOW)
    closing.submit(
        world.session, world.candidates["002"], world.session.get_one(LoginSession, sat.login_session_id), sat.public_id, None, NOW
    )
    account = world.role("invigilation").account
    world.start("002", "language", NOW + 70 * MINUTE)
    world.session.commit()
    browser = browse(account)
    for number, part in (("001", "general"), ("002", "language")):
        entry = world.entry(number).public_id
        page = browser.get(f"/campaigns/{world.campaign.public_id}/sessions/{world.exam.public_id}/roster/{entry}/violation")
        assert re.search(rf'<option selected value="{part}"', page.text)


def test_seats_stand_in_the_order_in_which_people_count(session: Session) -> None:
    world = make_world(session, numbers=("001", "002", "003", "004"))
    for number, seat in (("001", "B10"), ("002", "B2"), ("003", "A3")):
        world.entry(number).seat = seat
    session.flush()
    assert [one.seat for one in live_room(session, world.exam, NOW).seats] == ["A3", "B2", "B10", None]


@pytest.mark.parametrize("people", [1, 3])
def test_the_room_is_one_query(session: Session, people: int) -> None:
    world = make_world(session, numbers=tuple(f"{number:03d}" for number in range(1, people + 1)))
    working(world)
    statements: list[str] = []
    connection = session.connection()

    def note(*args: object) -> None:
        statements.append(str(args[2]))

    event.listen(connection, "before_cursor_execute", note)
    rows = live_room(session, world.exam, NOW).rows
    event.remove(connection, "before_cursor_execute", note)
    assert (len(rows), len(statements)) == (people, 1)


def test_the_fragment_answers_304_while_nothing_changed(world: World, browse: Callable[..., Browser]) -> None:
    working(world, last_seen_at=NOW)
    account = world.role("invigilation").account
    world.session.commit()
    browser, base = browse(account), f"/campaigns/{world.campaign.public_id}/sessions/{world.exam.public_id}/live"
    with time_machine.travel(time.time(), tick=False):
        page, rows = browser.get(base), browser.get(base + "/rows")
    assert rows.text.strip() in page.text
    assert "<html" not in rows.text
    assert 'name="csrf_token"' in rows.text, "its forms are signed with the time of the second"
    version = {"Accept-Language": "vi", "If-None-Match": rows.headers["ETag"]}
    with time_machine.travel(time.time() + 3):
        assert browser.get(base + "/rows", headers=version).status_code == 304
    world.session.get_one(Sitting, world.entry().sittings[0].id).unsent = 2
    world.session.commit()
    assert browser.get(base + "/rows", headers=version).status_code == 200
    found = {
        "show=working": True,
        "show=finished": False,
        "show=nonsense": True,
        "q=001": True,
        "q=van+001&sort=-name": True,
        "q=002": False,
    }
    for query, listed in found.items():
        assert (f'id="row-{world.entry().public_id}"' in browser.get(f"{base}?{query}").text) is listed
    assert f'data-url="{base}/rows?q=van+001&amp;sort=-name"' in browser.get(f"{base}?q=van+001&sort=-name").text


@pytest.mark.parametrize(
    ("board", "duty", "status", "opens"),
    [
        ("invigilation", "head", 200, True),
        ("invigilation", "member", 200, False),
        ("hr", "member", 200, False),
        ("council", "head", 200, False),
        ("supervision", "member", 200, False),
        ("question", "head", 403, False),
        ("panel", "member", 403, False),
    ],
)
def test_who_sees_the_room_and_who_opens_it(
    world: World, browse: Callable[..., Browser], board: str, duty: str, status: int, opens: bool
) -> None:
    world.exam.needs_check_in = True
    account = world.role(board, duty).account
    world.session.commit()
    browser, base = browse(account), f"/campaigns/{world.campaign.public_id}/sessions/{world.exam.public_id}/live"
    assert [browser.get(base + rest).status_code for rest in ("", "/rows")] == [status, status]
    assert browser.post(base + "/open").status_code == (303 if opens else 403)


def test_the_room_shows_no_answer_and_no_mark(world: World, browse: Callable[..., Browser]) -> None:
    from_paper = working(world).paper.items[0]
    account = world.role("invigilation", "head").account
    world.session.commit()
    page = browse(account).get(f"/campaigns/{world.campaign.public_id}/sessions/{world.exam.public_id}/live").text
    assert str(from_paper[0]) not in page
    assert world.entry().application.person.identity_number not in page


def test_one_room_of_several(world: World, browse: Callable[..., Browser]) -> None:
    rooms = [ExamRoom(code=code, name=code, place="", seats=2, created_at=NOW) for code in ("P101", "P102")]
    world.session.add_all(rooms)
    world.session.flush()
    for number, room in zip(("001", "002"), rooms, strict=True):
        world.entry(number).room_id = room.id
    watcher = world.role("supervision").account
    world.session.commit()
    at = f"/campaigns/{world.campaign.public_id}/sessions/{world.exam.public_id}/live"
    for address in (f"{at}?room=P102", f"{at}/rows?room=P102"):
        text = browse(watcher).get(address).text
        assert ("Nguyễn Văn 002" in text, "Nguyễn Văn 001" in text, "?show=absent&amp;room=P102" in text) == (True, False, True)
    whole = browse(watcher).get(f"{at}?room=nowhere").text
    assert ("Nguyễn Văn 001" in whole, "Nguyễn Văn 002" in whole, "Tất cả các phòng" in whole) == (True, True, True)
