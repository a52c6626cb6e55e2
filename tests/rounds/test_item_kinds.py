"""Every kind of item from the save to the marks."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from examsite.questions.models import Item, ItemImage
from examsite.rounds.models import SittingMark
from examsite.rounds.queries.outcomes import round1_outcomes
from examsite.rounds.queries.sittings import answers_of
from tests import factories
from tests.client import Browser
from tests.rounds.kinds import KINDS, make_kinds_world, places_of
from tests.rounds.page import Page
from tests.rounds.world import World, options_of

PICTURE = b"\x89PNG\r\n\x1a\n not looked at here"
MARKED = tuple(kind for kind in KINDS if kind != "essay")


@pytest.fixture
def beneath(shared_engine: Engine) -> Engine:
    """The usual world would be in the way."""
    return shared_engine


@pytest.fixture
def world(session: Session, request: pytest.FixtureRequest) -> World:
    found = make_kinds_world(session, getattr(request, "param", KINDS))
    session.commit()
    return found


def places(page: Page) -> dict[str, int]:
    return places_of(page.sitting, page.world.session)


def right(page: Page, kind: str) -> list[Any]:
    """The right answer to the item of this kind, as the page sends it."""
    number = places(page)[kind]
    options = options_of(page.sitting)[number - 1]
    keys = [option for option in options if option.endswith(("-0", "-1"))]
    value: dict[str, Any] = {
        "single_choice": next((option for option in options if option.endswith("-0")), None),
        "multiple_response": keys,
        "short_text": " hà  nội",
        "numeric": "3,15",
        "essay": "Kính gửi\n\nhội đồng",
    }
    kind_of_answer = {"single_choice": "choice", "multiple_response": "choices"}.get(kind, "text")
    return [number, kind_of_answer, value[kind]]


def mark_of(page: Page) -> SittingMark:
    return page.world.session.scalars(select(SittingMark).where(SittingMark.sitting_id == page.sitting.id)).one()


def hand_in(page: Page) -> None:
    assert page.browser.post(page.address + "/submit", {}).status_code == 303


def test_answers_of_every_kind_are_stored_and_come_back(exam_page: Page, world: World) -> None:
    number = places(exam_page)
    assert exam_page.save(1, [right(exam_page, kind) for kind in KINDS]).status_code == 200
    stored = answers_of(world.session, world.reload(exam_page.sitting))
    assert (stored.answered(), stored.texts[number["numeric"]]) == (5, "3,15")
    reply = exam_page.browser.get(exam_page.address + "/answers").json
    assert reply["several"] == {str(number["multiple_response"]): right(exam_page, "multiple_response")[2]}
    assert reply["texts"][str(number["essay"])] == "Kính gửi\n\nhội đồng"
    page = exam_page.browser.get(exam_page.address).text
    assert 'value="3,15"' in page
    assert ">\nKính gửi\n\nhội đồng</textarea>" in page
    assert "<b data-words>4</b>" in page


def test_an_essay_is_its_text_and_all_that_was_changed_since(exam_page: Page, world: World) -> None:
    number = places(exam_page)["essay"]
    exam_page.save(1, [[number, "text", "Kính gửi hội đồng"]])
    exam_page.save(2, [[number, "splice", [8, 0, ",", 18]], [number, "splice", [18, 0, " 😀", 20]]])
    exam_page.save(3, [[number, "splice", [500, 500, "!", 1]]])
    assert answers_of(world.session, world.reload(exam_page.sitting)).texts[number] == "Kính gửi, hội đồng 😀!"
    exam_page.save(4, [[number, "text", " \n"]])
    assert answers_of(world.session, world.reload(exam_page.sitting)).answered() == 0


@pytest.mark.parametrize(
    ("kind", "answer", "code"),
    [
        ("single_choice", ["choices", []], "kind_wrong"),
        ("single_choice", ["text", "a"], "kind_wrong"),
        ("multiple_response", ["choice", None], "kind_wrong"),
        ("multiple_response", ["choices", ["foreign"]], "option_unknown"),
        ("short_text", ["choice", None], "kind_wrong"),
        ("short_text", ["splice", [0, 0, "a", 1]], "kind_wrong"),
        ("short_text", ["text", "a" * 501], "text_too_long"),
        ("numeric", ["text", "1" * 501], "text_too_long"),
        ("essay", ["choices", []], "kind_wrong"),
    ],
)
def test_an_answer_of_another_kind_is_not_stored(exam_page: Page, world: World, kind: str, answer: list[Any], code: str) -> None:
    reply = exam_page.save(1, [[places(exam_page)[kind], *answer]])
    assert (reply.status_code, reply.json["code"]) == (422, code)
    assert world.reload(exam_page.sitting).last_seq == 0


def test_several_options_come_in_the_order_of_the_paper_and_once(exam_page: Page) -> None:
    number = places(exam_page)["multiple_response"]
    first, second, *_ = options_of(exam_page.sitting)[number - 1]
    assert exam_page.save(1, [[number, "choices", [second, first]]]).json["code"] == "option_order"
    assert exam_page.save(1, [[number, "choices", [first, first]]]).json["code"] == "option_order"
    assert exam_page.save(1, [[number, "choices", [first, second]]]).status_code == 200


@pytest.mark.parametrize("world", [MARKED], indirect=True)
def test_all_right_gives_full_points_and_a_result_at_once(exam_page: Page, world: World) -> None:
    exam_page.save(1, [right(exam_page, kind) for kind in MARKED])
    hand_in(exam_page)
    mark = mark_of(exam_page)
    assert (mark.correct, mark.partial, mark.wrong, mark.blank, mark.unmarked, mark.points) == (4, 0, 0, 0, 0, Fraction(4))
    assert "100 %" in exam_page.browser.get(exam_page.address + "/receipt").text


@pytest.mark.parametrize("world", [MARKED], indirect=True)
def test_a_part_of_the_points_is_kept_and_the_question_is_not_right(exam_page: Page, world: World) -> None:
    number, _, keys = right(exam_page, "multiple_response")
    exam_page.save(1, [[number, "choices", keys[:1]], [places(exam_page)["short_text"], "text", "Ha Noi"]])
    hand_in(exam_page)
    mark = mark_of(exam_page)
    assert (mark.correct, mark.partial, mark.wrong, mark.blank, mark.points) == (0, 1, 1, 2, Fraction(1, 2))
    general = next(one for one in round1_outcomes(world.session, world.campaign) if one.candidate_number == "001").parts[0]
    assert (general.correct, general.share, general.passed) == (0, Fraction(0), False)


def test_a_part_with_an_essay_has_no_result_and_says_so(exam_page: Page, world: World) -> None:
    exam_page.save(1, [right(exam_page, kind) for kind in MARKED])
    hand_in(exam_page)
    mark = mark_of(exam_page)
    assert (mark.correct, mark.unmarked, mark.questions) == (4, 1, 5)
    general = next(one for one in round1_outcomes(world.session, world.campaign) if one.candidate_number == "001").parts[0]
    assert (general.sat, general.correct, general.share, general.passed) == (True, None, None, False)
    assert "chưa có kết quả: 1 câu chờ giám khảo chấm" in exam_page.browser.get(exam_page.address + "/receipt").text


def test_the_review_says_what_is_answered_in_a_word(exam_page: Page) -> None:
    number = places(exam_page)
    exam_page.save(1, [right(exam_page, kind) for kind in KINDS if kind != "numeric"] + [[number["numeric"], "text", "  "]])
    shown = exam_page.browser.get(exam_page.address + "/review").text
    assert "4 từ" in shown
    assert "đã gõ" in shown
    assert shown.count('class="is-none"') == 1


def test_a_picture_is_shown_to_whoever_has_it_on_an_open_paper(
    exam_page: Page, world: World, app: Flask, browse: Callable[..., Browser]
) -> None:
    mine, other = _with_picture(world, "essay"), factories.make_item(world.session, world.campaign, topic="law")
    elsewhere = factories.make_image(world.session, other, PICTURE)
    world.session.commit()
    address = f"{exam_page.address}/images/{mine.public_id}"
    shown = exam_page.browser.get(address)
    assert (shown.status_code, shown.data, shown.mimetype) == (200, PICTURE, "image/png")
    assert shown.headers["Cache-Control"] == "no-store"
    assert f'src="{address}" alt="A picture."' in exam_page.browser.get(exam_page.address).text
    assert exam_page.browser.get(f"{exam_page.address}/images/{elsewhere.public_id}").status_code == 404
    assert exam_page.browser.get(f"{exam_page.address}/images/nothing").status_code == 404
    assert browse(world.candidates["002"]).get(address).status_code == 404
    assert app.test_client().get(address).status_code == 303
    hand_in(exam_page)
    assert exam_page.browser.get(address).status_code == 404


def _with_picture(world: World, kind: str) -> ItemImage:
    return factories.make_image(world.session, world.session.scalars(select(Item).where(Item.kind == kind)).one(), PICTURE)
