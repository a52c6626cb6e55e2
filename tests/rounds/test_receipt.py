"""The receipt: the candidate's own, and what its code tells anybody."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from examsite.rounds.operations import closing, roll
from examsite.rounds.queries.receipts import receipt, receipt_by_code
from examsite.rules.hashchain import group_code
from tests.client import Browser
from tests.conftest import NOW
from tests.rounds.page import Page
from tests.rounds.test_save_answers import choice
from tests.rounds.world import MINUTE, World, make_world


def hand_in(page: Page, world: World) -> str:
    page.save(1, [choice(page, 1)])
    page.browser.post(page.address + "/submit")
    code = world.reload(page.sitting).receipt_code
    assert code is not None
    return code


def test_ones_own_receipt_shows_the_code_in_groups_and_the_counts(exam_page: Page, world: World) -> None:
    code = hand_in(exam_page, world)
    page = exam_page.browser.get(exam_page.address + "/receipt")
    assert group_code(code) in page.text
    sitting = world.reload(exam_page.sitting)
    view = receipt(world.session, world.candidates["001"], sitting, NOW)
    assert (view.answered, view.blank, view.state, view.head) == (1, 3, "submitted", sitting.head.hex())
    assert view.next_part is not None
    assert (view.next_part.id, view.next_part.opens_at) == ("language", NOW + 70 * MINUTE)


def test_the_result_with_its_working_stands_on_it_when_the_rules_say_so(exam_page: Page, world: World) -> None:
    hand_in(exam_page, world)
    view = receipt(world.session, world.candidates["001"], world.reload(exam_page.sitting), NOW)
    assert view.result is not None
    assert (view.result.questions, view.result.correct in (0, 1)) == (4, True)


def test_no_result_is_shown_when_the_rules_do_not_say_so(session: Session) -> None:
    world = make_world(session, {"round1.result_shown_at_once": False})
    sitting, _ = world.start()
    closing.close_due_sittings(session, sitting.closes_at)
    view = receipt(session, world.candidates["001"], world.reload(sitting), sitting.closes_at)
    assert view.result is None
    assert view.code


def test_somebody_whose_exam_is_voided_is_told_so_and_shown_no_result(exam_page: Page, world: World) -> None:
    hand_in(exam_page, world)
    roll.void(world.session, world.exam, world.entry(), "Impersonation.", world.role("council", "head"), NOW)
    world.session.commit()
    page = exam_page.browser.get(exam_page.address + "/receipt", headers={"Accept-Language": "en"})
    assert ("Your exam was voided." in page.text, "What comes next" in page.text) == (True, False)
    view = receipt(world.session, world.candidates["001"], world.reload(exam_page.sitting), NOW)
    assert (view.result, view.next_part) == (None, None)


def test_no_part_comes_next_for_somebody_who_withdrew(exam_page: Page, world: World) -> None:
    hand_in(exam_page, world)
    world.entry().application.state = "withdrawn"
    world.session.commit()
    page = exam_page.browser.get(exam_page.address + "/receipt", headers={"Accept-Language": "en"})
    assert ("This was the last part." in page.text, "opens at" in page.text) == (True, False)


def test_anybody_may_check_a_code_and_learns_nothing_personal(exam_page: Page, world: World, browse: Callable[..., Browser]) -> None:
    code = hand_in(exam_page, world)
    stranger = browse()
    for typed in (code, group_code(code), group_code(code).lower(), f"  {group_code(code).replace('-', ' ')} "):
        page = stranger.get("/receipt", query_string={"code": typed})
        assert page.status_code == 200
        assert world.reload(exam_page.sitting).head.hex() in page.text
        assert "Nguyễn Văn" not in page.text
        assert ">001<" not in page.text


@pytest.mark.parametrize("typed", ["A" * 26, "A" * 25, "<b>", "ộ" * 26, "0" * 80])
def test_a_code_that_belongs_to_nothing_is_told_so(world: World, browse: Callable[..., Browser], typed: str) -> None:
    page = browse().get("/receipt", query_string={"code": typed}, headers={"Accept-Language": "en"})
    assert page.status_code == 404
    assert "There is no receipt with this code." in page.text
    assert "<b>" not in page.text.split('name="code"')[1].split(">")[0]


def test_an_empty_form_asks_for_a_code(browse: Callable[..., Browser]) -> None:
    assert browse().get("/receipt").status_code == 200


def test_an_open_sitting_has_no_receipt_yet(exam_page: Page, world: World) -> None:
    assert exam_page.browser.get(exam_page.address + "/receipt").status_code == 303
    assert receipt_by_code(world.session, "") is None


def test_anothers_receipt_is_not_there(
    exam_page: Page, world: World, open_page: Callable[..., Page], at: Callable[[datetime], None]
) -> None:
    hand_in(exam_page, world)
    other = open_page("002")
    assert other.browser.get(exam_page.address + "/receipt").status_code == 404
