"""The door of the room: who is not checked in stays outside, and the code on the board is asked at each beginning."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from examsite.audit.models import LogEntry
from examsite.rounds.operations import access_code, sittings
from examsite.rounds.operations.check_in import check_in
from examsite.rounds.queries.waiting import waiting_room
from examsite.rules.refusal import NotPermitted, Refused
from tests.client import Browser
from tests.conftest import NOW
from tests.rounds.world import DEVICE, MINUTE, World


def enter(world: World, number: str = "001") -> None:
    check_in(world.session, world.exam, world.entry(number), "passport", "", world.role("invigilation"), NOW)


def begin(world: World, code: str | None, number: str = "001") -> str:
    login, _ = world.sign_in(number)
    return sittings.start_part(world.session, world.candidates[number], login, "general", NOW, DEVICE, code).public_id


@pytest.fixture
def guarded(world: World) -> World:
    """Check-in is needed, and the head has opened the room."""
    world.exam.needs_check_in = True
    access_code.open_room(world.session, world.exam, world.role("invigilation", "head"), NOW)
    return world


def test_the_code_is_made_by_the_head_renewed_and_never_logged(guarded: World) -> None:
    first = guarded.exam.access_code or ""
    assert re.fullmatch(f"[{access_code.LETTERS}]{{6}}", first)
    with pytest.raises(NotPermitted):
        access_code.open_room(guarded.session, guarded.exam, guarded.role("invigilation"), NOW)
    with pytest.raises(NotPermitted):
        access_code.open_room(guarded.session, guarded.exam, guarded.role("hr"), NOW)
    head = guarded.exam.access_code
    logged = guarded.session.scalars(select(LogEntry.content).where(LogEntry.kind.startswith("rounds:room:"))).all()
    assert len(logged) == 1
    assert head not in logged[0]


@pytest.mark.parametrize(
    ("board", "duty", "sees"),
    [
        ("invigilation", "member", True),
        ("invigilation", "deputy", True),
        ("hr", "head", False),
        ("council", "head", False),
        ("supervision", "member", False),
    ],
)
def test_the_code_is_shown_to_those_in_the_room_alone(
    guarded: World, browse: Callable[..., Browser], board: str, duty: str, sees: bool
) -> None:
    reader = guarded.role(board, duty).account
    guarded.session.commit()
    base = f"/campaigns/{guarded.campaign.public_id}/sessions/{guarded.exam.public_id}"
    browser = browse(reader)
    live = browser.get(base + "/live")
    assert live.status_code == 200
    assert (str(guarded.exam.access_code) in live.text) is sees
    assert ("ex-board-code" in live.text) is sees
    for page in ("", "/live/rows", "/minutes"):
        assert str(guarded.exam.access_code) not in browser.get(base + page).text


def test_nobody_begins_who_is_not_checked_in(guarded: World) -> None:
    view = waiting_room(guarded.session, guarded.candidates["001"], NOW)
    assert view is not None
    assert (view.can_start, view.refusal, view.checked_in) == (False, "rounds.not_checked_in", False)
    with pytest.raises(Refused, match="not_checked_in"):
        begin(guarded, guarded.exam.access_code)
    enter(guarded)
    assert begin(guarded, guarded.exam.access_code)


def test_the_code_as_typed(guarded: World) -> None:
    enter(guarded)
    code = guarded.exam.access_code or ""
    for wrong, said in [(None, "access_code_missing"), (" - ", "access_code_missing"), (code[:-1], "access_code_wrong"), ("ÀBC", "wrong")]:
        with pytest.raises(Refused, match=said):
            begin(guarded, wrong)
    assert begin(guarded, f" {code[:3].lower()}-{code[3:]} ")


def test_it_is_not_asked_when_coming_back(guarded: World) -> None:
    enter(guarded)
    first = begin(guarded, guarded.exam.access_code)
    assert begin(guarded, None) == first


def test_without_a_code_the_check_in_is_enough_and_without_both_nothing_is_asked(world: World) -> None:
    assert begin(world, None, "002")
    world.exam.needs_check_in = True
    enter(world)
    assert begin(world, None)


def test_wrong_codes_count_through_a_rollback_and_slow_down(guarded: World, browse: Callable[..., Browser]) -> None:
    enter(guarded)
    guarded.session.commit()
    browser = browse(guarded.candidates["001"])
    assert 'name="access_code"' in browser.get("/exam").text
    for _ in range(5):
        answer = browser.post("/exam/start/general", {"access_code": "WRONG7"})
        assert (answer.status_code, answer.location) == (303, "/exam")
    assert "không phải mã trên bảng" in browser.get("/exam").text
    browser.post("/exam/start/general", {"access_code": guarded.exam.access_code})
    assert "quá nhiều lần" in browser.get("/exam").text
    login, _ = guarded.sign_in()
    with pytest.raises(Refused, match="access_code_wait"):
        sittings.start_part(guarded.session, guarded.candidates["001"], login, "general", NOW, DEVICE, guarded.exam.access_code)
    later = sittings.start_part(
        guarded.session, guarded.candidates["001"], login, "general", NOW + MINUTE, DEVICE, guarded.exam.access_code
    )
    assert later.state == "open"


def test_a_right_code_leads_into_the_room(guarded: World, browse: Callable[..., Browser]) -> None:
    enter(guarded)
    guarded.session.commit()
    answer = browse(guarded.candidates["001"]).post("/exam/start/general", {"access_code": guarded.exam.access_code})
    assert re.fullmatch("/exam/[^/]+", answer.location)
