"""The page of the exam room: what candidates have in common is rendered once, and nothing of one comes to another."""

import re
from collections.abc import Callable

import pytest

from examsite.rounds.routes import room_page
from tests.client import Browser
from tests.conftest import NOW
from tests.rounds.page import Page
from tests.rounds.world import MINUTE, World

OWN = re.compile(r'data-(sitting|save-token|deadline|server-now|last-seq|epoch)="([^"]*)"')


def opened(page: Page, language: str = "en") -> str:
    return page.browser.client.get(page.address, headers={"Accept-Language": language}).text


def own(page: str) -> dict[str, str]:
    return dict(OWN.findall(page))


def test_each_gets_the_own_words_and_nobody_elses(open_page: Callable[..., Page], world: World) -> None:
    world.candidates["001"].display_name = "Nguyễn <b>Thị</b> \"An\" & 'Bình'"
    world.exam.place = "Phòng <i>12</i>"
    world.session.commit()
    first, second = open_page("001"), open_page("002")
    first.save(1, [[3, "flag", True]])
    pages = {page: opened(page) for page in (first, second)}
    for page, other in ((first, second), (second, first)):
        said = own(pages[page])
        assert (said["sitting"], said["save-token"]) == (page.sitting.public_id, page.token)
        assert page.token not in pages[other]
        assert page.sitting.public_id not in pages[other]
        assert room_page._CHANCE not in pages[page]
    assert "Nguyễn &lt;b&gt;Thị&lt;/b&gt; &#34;An&#34; &amp; &#39;Bình&#39;" in pages[first]
    assert "Nguyễn &lt;b&gt;" not in pages[second]
    assert "Phòng &lt;i&gt;12&lt;/i&gt;" in pages[second]
    assert [own(pages[page])["last-seq"] for page in (first, second)] == ["1", "0"]
    assert [re.findall(r'data-count="flag">(\d+)<', pages[page]) for page in (first, second)] == [["1"], ["0"]]


def test_both_languages_stand_beside_each_other(exam_page: Page) -> None:
    assert [re.findall(r'<html lang="(..)"', opened(exam_page, language)) for language in ("vi", "en", "vi")] == [["vi"], ["en"], ["vi"]]
    assert "Review and hand in" in opened(exam_page, "en")
    assert "Review and hand in" not in opened(exam_page, "vi")


def test_times_are_those_of_each_request(exam_page: Page, at: Callable[..., None]) -> None:
    assert own(opened(exam_page))["server-now"] == NOW.isoformat()
    at(NOW + 5 * MINUTE)
    later = opened(exam_page)
    assert own(later)["server-now"] == (NOW + 5 * MINUTE).isoformat()
    assert "left, until 09:00:00" in later


@pytest.mark.parametrize("number", ["001", "002"])
def test_the_form_that_hands_in_is_taken(open_page: Callable[..., Page], number: str) -> None:
    """Its token is that of the browser that asked, also where the page was made for somebody else before."""
    open_page("001" if number == "002" else "002")
    page = open_page(number)
    [token] = re.findall(r'name="csrf_token" value="([^"]+)"', opened(page))
    browser: Browser = page.browser
    assert browser.client.post(page.address + "/submit", data={"csrf_token": token, "last_seq": 0}).status_code == 303
