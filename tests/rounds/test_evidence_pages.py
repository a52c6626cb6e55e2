"""The pages of late evidence: what staff see, what they never see, how the chair decides, and what the candidate reads."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from examsite.rounds.models import LateEvidence
from tests.client import Browser
from tests.conftest import NOW
from tests.factories import make_staff
from tests.rounds.page import Page
from tests.rounds.test_save_answers import choice
from tests.rounds.world import MINUTE, World

EN = {"headers": {"Accept-Language": "en"}}
CLOSE = NOW + 60 * MINUTE + timedelta(seconds=30)


@pytest.fixture
def piece(exam_page: Page, world: World, at: Callable[[datetime], None]) -> LateEvidence:
    """Candidate 001 saved an answer to question 1; two more came 12 seconds after the close."""
    exam_page.save(1, [choice(exam_page, 1)])
    at(CLOSE + timedelta(seconds=12))
    told = exam_page.save(2, [choice(exam_page, 2, 1), choice(exam_page, 3, 1), [3, "flag", True]])
    assert (told.status_code, told.json["kept"]) == (410, True)
    exam_page.browser.post(exam_page.address + "/submit")
    return world.session.scalars(select(LateEvidence)).one()


@pytest.fixture
def address(world: World) -> str:
    return f"/campaigns/{world.campaign.public_id}/sessions/{world.exam.public_id}/evidence"


def test_staff_see_what_would_change_and_never_an_answer(
    piece: LateEvidence, exam_page: Page, world: World, address: str, browse: Callable[..., Browser]
) -> None:
    options = [str(option) for item in exam_page.sitting.paper.items for option in item[2]]  # type: ignore[attr-defined]
    for board, duty in (("hr", "member"), ("invigilation", "member"), ("council", "head"), ("supervision", "member")):
        account = world.role(board, duty).account
        world.session.commit()
        browser = browse(account)
        for page in (browser.get(address, **EN), browser.get(f"{address}/{piece.public_id}", **EN)):
            assert page.status_code == 200
            assert "Fills questions 2, 3, which are blank." in page.text
            assert "12 seconds after the close" in page.text
            assert not [option for option in options if f">{option}<" in page.text or f'"{option}"' in page.text]
        assert ("Record the decision" in page.text) == (board == "council")


def test_the_chair_decides_over_the_page_and_the_candidate_reads_it(
    piece: LateEvidence, exam_page: Page, world: World, address: str, browse: Callable[..., Browser]
) -> None:
    chair = browse(world.role("council", "head").account)
    one = f"{address}/{piece.public_id}"
    before = exam_page.browser.get(exam_page.address + "/receipt", **EN).text
    assert "kept, not decided" in before
    assert chair.post(one, {"counts": "yes", "reason": "", "seen": "0"}).status_code == 422
    assert chair.post(one, {"reason": "The line was cut.", "seen": "0"}).status_code == 422
    done = chair.post(one, {"counts": "yes", "reason": "The line was cut.", "seen": "0"})
    assert (done.status_code, done.location) == (303, address)
    assert chair.post(one, {"counts": "no", "reason": "Twice.", "seen": "0"}).status_code == 422
    after = exam_page.browser.get(exam_page.address + "/receipt", **EN).text
    assert "The line was cut." in after
    assert "3 answered, 1 blank" in after
    code = world.reload(exam_page.sitting).receipt_code
    assert "3 answered, 1 blank" in browse().get("/receipt", query_string={"code": code}, **EN).text


def test_the_session_page_counts_what_waits(piece: LateEvidence, world: World, address: str, browse: Callable[..., Browser]) -> None:
    browser = browse(world.role("invigilation").account)
    page = browser.get(address.removesuffix("/evidence"), **EN)
    assert address in page.text
    assert "1 piece came too late" in page.text


def test_a_session_to_which_nothing_came_late_says_so(world: World, address: str, browse: Callable[..., Browser]) -> None:
    page = browse(world.role("hr").account).get(address, **EN)
    assert "Nothing came late to this session." in page.text


@pytest.mark.parametrize(("board", "duty"), [("hr", "head"), ("invigilation", "head"), ("council", "member")])
def test_nobody_else_decides_over_the_page(
    piece: LateEvidence, world: World, address: str, browse: Callable[..., Browser], board: str, duty: str
) -> None:
    browser = browse(world.role(board, duty).account)
    answer = browser.post(f"{address}/{piece.public_id}", {"counts": "yes", "reason": "Because.", "seen": "0"})
    assert answer.status_code == 403


def test_who_may_open_the_pages(piece: LateEvidence, world: World, address: str, browse: Callable[..., Browser]) -> None:
    outsider, panel = make_staff(world.session, "outsider"), world.role("panel").account
    world.session.commit()
    for page in (address, f"{address}/{piece.public_id}"):
        assert browse(outsider).get(page).status_code == 403
        assert browse(panel).get(page).status_code == 403
        assert browse(world.candidates["001"]).get(page).status_code == 403
        assert browse().get(page).status_code == 303
    hr = browse(world.role("hr").account)
    assert hr.get(f"{address}/{'x' * 22}").status_code == 404
