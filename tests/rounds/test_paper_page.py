"""The questions of a paper as HTML: made once for all papers, filled in for each candidate."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from flask import Flask

from examsite.questions.queries import Wording
from examsite.rounds.routes import paper_page
from tests.client import Browser
from tests.rounds.page import Page
from tests.rounds.world import World, options_of


class Radios(HTMLParser):
    """Every option as `(question, option id, whether it is chosen)` in the order of the page, and whether each question is flagged."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[tuple[str, str, bool]] = []
        self.flags: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") == "radio":
            self.rows.append((given["name"] or "", given["value"] or "", "checked" in given))
        if tag == "button" and "data-flag" in given:
            self.flags.append(given["aria-pressed"] or "")


def opened(page: Page, language: str = "vi") -> str:
    return page.browser.client.get(page.address, headers={"Accept-Language": language}).text


def test_options_stand_in_the_order_of_each_candidates_paper(open_page: Callable[..., Page]) -> None:
    for number in ("001", "002"):
        page = open_page(number)
        drawn = [(f"q{place}", option, False) for place, options in enumerate(options_of(page.sitting), start=1) for option in options]
        assert Radios(opened(page)).rows == drawn


def test_answers_and_flags_are_filled_in_for_one_and_not_for_the_next(open_page: Callable[..., Page]) -> None:
    first, second = open_page("001"), open_page("002")
    option = options_of(first.sitting)[1][2]
    assert first.save(1, [[2, "choice", option], [3, "flag", True]]).status_code == 200
    answered = Radios(opened(first))
    assert [row for row in answered.rows if row[2]] == [("q2", option, True)]
    assert answered.flags == ["false", "false", "true", "false"]
    untouched = Radios(opened(second))
    assert not any(chosen for _question, _option, chosen in untouched.rows)
    assert untouched.flags == ["false"] * 4


@pytest.mark.parametrize(("language", "words"), [("vi", "Câu 2"), ("en", "Question 2")])
def test_each_reader_gets_the_own_language(exam_page: Page, language: str, words: str) -> None:
    assert words in opened(exam_page, language)


def test_nothing_is_left_unfilled(exam_page: Page) -> None:
    page = opened(exam_page)
    assert "\0" not in page
    assert re.findall(r'<span class="ex-key">([^<]*)</span>', page) == list("ABCD") * 4


def test_a_later_wording_is_never_taken_for_an_earlier_one(app: Flask) -> None:
    """Also where both have the same names, as in two databases of one process."""
    common = {"version": "v", "item": "i", "number": 1, "language": None, "marking_rule": "", "to_choose": 0, "case_matters": False}
    stems = [f"<p>{word}</p>" for word in ("first", "second")]
    made = []
    with app.test_request_context():
        for stem in (*stems, *stems):
            wording = Wording(**common, stem=stem, options={"a": stem}, kind="single_choice", images=())  # type: ignore[arg-type]
            before, _after = paper_page._frame(wording, "en", 1, False)
            made.append((before, paper_page._options(wording, "en")["a"].after))
    assert [[stem.encode() in piece for piece in pieces] for stem, pieces in zip((*stems, *stems), made, strict=True)] == [[True, True]] * 4


def test_the_same_question_is_made_once(open_page: Callable[..., Page], world: World, browse: Callable[..., Browser]) -> None:
    opened(open_page("001"))
    made = paper_page._frame.cache_info().misses
    for _time in range(2):
        opened(open_page("001"))
    assert paper_page._frame.cache_info().misses == made
