"""What the waiting room and the exam room are given, and what they tell the page that polls."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from examsite.rounds.operations import closing, roll
from examsite.rounds.queries.sessions import session_page, sessions_of
from examsite.rounds.queries.waiting import WaitingView, waiting_room
from tests.client import Browser
from tests.conftest import NOW
from tests.rounds.page import Page
from tests.rounds.test_save_answers import choice
from tests.rounds.world import MINUTE, World, list_candidate, make_world, options_of, seal_by_hand

SECOND = timedelta(seconds=1)


def waiting(world: World, now: datetime, number: str = "001") -> WaitingView:
    view = waiting_room(world.session, world.candidates[number], now)
    assert view is not None
    return view


@pytest.mark.parametrize(
    ("moment", "phase", "can_start", "refusal", "states"),
    [
        (NOW - SECOND, "waiting", False, "rounds.not_yet", ["waiting", "not_yet"]),
        (NOW, "open", True, None, ["open", "not_yet"]),
        (NOW + 10 * MINUTE, "open", True, None, ["open", "not_yet"]),
        (NOW + 10 * MINUTE + SECOND, "open", False, "rounds.too_late_to_enter", ["open", "not_yet"]),
        (NOW + 60 * MINUTE, "in_grace", False, "rounds.too_late_to_enter", ["missed", "waiting"]),
        (NOW + 70 * MINUTE, "open", False, "rounds.too_late_to_enter", ["missed", "open"]),
        (NOW + 101 * MINUTE, "closed", False, None, ["missed", "missed"]),
    ],
)
def test_the_waiting_room_of_somebody_who_has_not_begun(
    world: World, moment: datetime, phase: str, can_start: bool, refusal: str | None, states: list[str]
) -> None:
    view = waiting(world, moment)
    assert (view.phase, view.can_start, view.refusal) == (phase, can_start, refusal)
    assert [part.state for part in view.parts] == states
    assert view.late_until == NOW + 10 * MINUTE


def test_nobody_is_told_to_wait_for_a_way_in_that_will_not_come(
    world: World, browse: Callable[..., Browser], at: Callable[[datetime], None]
) -> None:
    """Another part lies ahead in each case, and this candidate cannot begin it."""
    browser = browse(world.candidates["001"])

    def told(minutes: int, state: str = "eligible", *, checked: bool = False) -> tuple[bool, bool, bool]:
        world.entry("001").application.state, world.exam.needs_check_in = state, checked
        world.session.commit()
        at(NOW + minutes * MINUTE)
        page = browser.client.get("/exam", headers={"Accept-Language": "en"}).text
        sentences = ("the way in appears by itself", "You can begin now: ", "You cannot begin now")
        return tuple(sentence in page for sentence in sentences)  # type: ignore[return-value]

    assert told(-5) == (True, True, False)
    assert told(5) == (False, True, False)
    assert [told(11), told(61), told(5, checked=True)] == [(False, False, True)] * 3
    assert [told(-5, "withdrawn"), told(5, "withdrawn")] == [(False, False, True)] * 2


def test_the_waiting_room_between_the_parts(world: World) -> None:
    sitting, _ = world.start()
    working = waiting(world, NOW + MINUTE)
    assert (working.working, working.can_start, working.late_until) == (sitting.public_id, False, None)
    closing.close_due_sittings(world.session, sitting.closes_at)
    view = waiting(world, NOW + 65 * MINUTE)
    assert [part.state for part in view.parts] == ["closed", "waiting"]
    assert (view.phase, view.refusal, view.working) == ("waiting", "rounds.not_yet", None)
    assert [(row.correct, row.questions, row.passed) for row in view.results] == [(0, 4, False)]
    assert waiting(world, NOW + 70 * MINUTE).next_part == "language"


def test_the_waiting_room_of_absent_voided_exempted_and_early_candidates(session: Session) -> None:
    world = make_world(session, numbers=("001", "002", "003"), state="planned")
    world.candidates["004"] = list_candidate(session, world.exam, world.position, "004", exempt=True)
    early = waiting(world, NOW)
    assert (early.phase, early.refusal) == ("unsealed", "rounds.papers_not_ready")
    seal_by_hand(session, world.exam, without=frozenset({("004", "language")}))
    roll.void(session, world.exam, world.entry("002"), "Withdrew.", world.role("hr"), NOW)
    roll.mark_absent(session, world.exam, world.entry("003"), world.role("invigilation"), NOW + 11 * MINUTE)
    assert (waiting(world, NOW, "002").phase, waiting(world, NOW, "002").refusal) == ("voided", "rounds.you_are_voided")
    assert (waiting(world, NOW, "003").phase, waiting(world, NOW, "003").refusal) == ("absent", "rounds.you_are_absent")
    exempt = waiting(world, NOW, "004")
    assert [(part.state, part.exempt) for part in exempt.parts] == [("open", False), ("exempt", True)]
    assert [(row.exempt, row.passed, row.correct) for row in exempt.results] == [(True, True, None)]


def test_a_personal_clock_is_ready_inside_its_window(session: Session) -> None:
    world = make_world(session, {"session.clock": "personal"}, closes_at=NOW + 240 * MINUTE)
    view = waiting(world, NOW + 30 * MINUTE)
    assert (view.phase, view.personal, view.can_start, view.next_part) == ("ready", True, True, "general")
    assert [part.opens_at for part in view.parts] == [None, None]


def test_the_page_that_polls_is_told_the_same(world: World, browse: Callable[..., Browser]) -> None:
    told = browse(world.candidates["001"]).get("/exam/state").json
    assert (told["phase"], told["opens_at"], told["can_start"]) == ("open", "2026-11-09T01:00:00.000Z", True)
    assert told["server_now"] == "2026-11-09T01:00:00.000Z"
    assert told["parts"][0] == {
        "id": "general",
        "state": "open",
        "opens_at": "2026-11-09T01:00:00.000Z",
        "deadline": "2026-11-09T02:00:00.000Z",
        "can_start": True,
        "sitting": None,
    }


def test_the_room_shows_the_paper_in_its_order_and_the_answers_as_they_stand(exam_page: Page, world: World) -> None:
    exam_page.save(1, [choice(exam_page, 2, 3), [4, "flag", True]])
    room = exam_page.browser.get(exam_page.address)
    assert room.status_code == 200
    assert exam_page.token in room.text
    told = exam_page.browser.get(exam_page.address + "/answers").json
    assert (told["last_seq"], told["epoch"], told["state"], told["flags"]) == (1, 1, "open", [4])
    assert told["answers"] == {"2": options_of(exam_page.sitting)[1][3]}
    for options in options_of(exam_page.sitting):
        places = [room.text.index(f'value="{option}"') for option in options]
        assert places == sorted(places)
    assert "is_key" not in room.text
    assert "The law, article 1." not in room.text


def test_the_review_works_without_scripts(exam_page: Page) -> None:
    exam_page.save(1, [choice(exam_page, 1)])
    review = exam_page.browser.get(exam_page.address + "/review")
    assert review.status_code == 200
    assert f'action="{exam_page.address}/submit"' in review.text


def test_another_candidates_rooms_are_not_there(exam_page: Page, open_page: Callable[..., Page], browse: Callable[..., Browser]) -> None:
    other, stranger = open_page("002"), browse()
    for rest in ("", "/answers", "/review", "/receipt"):
        assert other.browser.get(exam_page.address + rest).status_code == 404
        assert stranger.get(exam_page.address + rest).status_code == 303
    assert other.browser.post(exam_page.address + "/take-over").status_code == 404


def test_staff_have_no_waiting_room(world: World, browse: Callable[..., Browser]) -> None:
    assert browse(world.role("hr").account).get("/exam").status_code == 403
    assert browse().get("/exam").status_code == 303


@pytest.mark.parametrize("form", ["/exam/start/general", "/exam/{}/submit", "/exam/{}/take-over"])
def test_forms_of_the_exam_ask_for_their_token(exam_page: Page, form: str) -> None:
    answer = exam_page.browser.client.post(form.format(exam_page.sitting.public_id))
    assert answer.status_code == 400


def queries_of(session: Session, act: Callable[[], object]) -> int:
    seen: list[str] = []
    connection = session.connection()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    session.expire_all()
    act()
    event.remove(connection, "before_cursor_execute", note)
    return len(seen)


def test_lists_ask_as_much_for_three_as_for_one(session: Session) -> None:
    world = make_world(session, numbers=("001",))

    def asked() -> tuple[int, int]:
        return (
            queries_of(session, lambda: session_page(session, world.exam, NOW)),
            queries_of(session, lambda: sessions_of(session, world.campaign)),
        )

    world.start("001")
    asked()  # what the beginning left in the session is asked for once more
    one = asked()
    for number in ("002", "003"):
        world.candidates[number] = list_candidate(session, world.exam, world.position, number)
    assert asked() == one
