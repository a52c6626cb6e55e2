"""While the clock stands still the server delivers no question and no answer; when it runs again, everything is back."""

from collections.abc import Callable
from datetime import datetime

import pytest

from examsite.rounds.queries import images
from examsite.rules.refusal import NotFound
from tests.conftest import NOW
from tests.rounds.page import Page
from tests.rounds.test_pauses import go_on, stop
from tests.rounds.test_save_answers import choice
from tests.rounds.world import MINUTE, World

STOPPED = NOW + 10 * MINUTE


@pytest.fixture
def paused(exam_page: Page, world: World, at: Callable[[datetime], None]) -> Page:
    """Candidate 001 has saved one answer; the room stands still."""
    exam_page.save(1, [choice(exam_page, 1)])
    at(STOPPED)
    stop(world, STOPPED)
    world.session.commit()
    return exam_page


@pytest.mark.parametrize(("language", "words"), [("vi", "Kỳ thi đang tạm dừng"), ("en", "The exam is paused")])
def test_a_page_that_is_loaded_in_a_pause_holds_no_question(paused: Page, language: str, words: str) -> None:
    page = paused.browser.client.get(paused.address, headers={"Accept-Language": language})
    assert page.status_code == 200
    assert words in page.text
    assert not any(piece in page.text for piece in ('id="question-1"', "data-item", 'type="radio"', "data-option"))
    assert paused.browser.get(paused.address + "/review").location == paused.address


def test_answers_wait_for_the_end_of_the_pause_and_a_new_token_does_not(paused: Page) -> None:
    reply = paused.browser.get(paused.address + "/answers")
    assert reply.status_code == 423
    told = reply.json
    assert (told["outcome"], told["paused_since"]) == ("paused", "2026-11-09T01:10:00.000Z")
    assert told["save_token"] == paused.token
    assert not {"answers", "several", "texts", "flags"} & told.keys()


def test_the_own_history_waits_too_and_is_whole_afterwards(paused: Page, world: World, at: Callable[[datetime], None]) -> None:
    address = paused.address + "/history"
    reply = paused.browser.get(address)
    assert (reply.status_code, reply.json["outcome"]) == (423, "paused")
    assert not {"events", "uncounted"} & reply.json.keys()
    at(STOPPED + MINUTE)
    go_on(world, STOPPED + MINUTE)
    world.session.commit()
    assert [event["kind"] for event in paused.browser.get(address).json["events"]] == ["start", "save"]


def test_pictures_wait_as_well(paused: Page, world: World) -> None:
    with pytest.raises(NotFound):
        images.image_on_paper(world.session, world.reload(paused.sitting), "any", STOPPED)
    assert paused.browser.get(paused.address + "/images/any").status_code == 404


def test_what_the_open_page_still_sends_is_stored_and_all_of_it_is_there_afterwards(
    paused: Page, world: World, at: Callable[[datetime], None]
) -> None:
    assert paused.save(2, [choice(paused, 2)]).status_code == 200
    at(STOPPED + 5 * MINUTE)
    go_on(world, STOPPED + 5 * MINUTE)
    world.session.commit()
    assert 'id="question-1"' in paused.browser.get(paused.address).text
    stored = paused.browser.get(paused.address + "/answers").json
    assert (stored["state"], sorted(stored["answers"])) == ("open", ["1", "2"])


def test_a_candidate_who_is_voided_in_a_pause_gets_the_receipt(paused: Page, world: World) -> None:
    sitting = world.reload(paused.sitting)
    sitting.state, sitting.closed_at = "closed", STOPPED
    world.session.commit()
    assert paused.browser.get(paused.address).location == paused.address + "/receipt"
    assert paused.browser.get(paused.address + "/answers").status_code == 200
