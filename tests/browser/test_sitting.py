"""A whole part in the exam room: by mouse, by keyboard alone, across a reload, on every size of screen."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.room import Room, open_session
from tests.browser.site import LiveSite
from tests.browser.watch import assert_accessible, assert_fits


@pytest.fixture
def room(live: LiveSite, open_page: OpenPage) -> Room:
    """Candidate 001 in the general part, in Vietnamese."""
    return Room(live, open_page(open_session(live).candidates["001"])).enter()


def test_a_part_by_mouse_from_the_waiting_room_to_the_receipt(live: LiveSite, open_page: OpenPage) -> None:
    page = open_page(open_session(live).candidates["001"])
    page.goto("/exam")
    assert_accessible(page)
    room = Room(live, page).enter()
    for letter in "ABC":
        room.pick(letter)
        page.get_by_role("button", name="Câu sau").click()
    page.get_by_role("button", name="Câu 2, đã trả lời").click()
    room.pick("D")
    page.get_by_role("button", name="Gắn cờ xem lại").and_(page.locator(":visible")).click()
    room.expect_saved()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), "an ordinary question fits without scrolling"
    page.get_by_role("link", name="Xem lại và nộp bài").click()
    expect(page.get_by_role("link", name="Câu 2: D có cờ")).to_be_visible()
    expect(page.get_by_role("link", name="Câu 4: trống")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Nộp bài với 1 câu trống").click()
    expect(page.get_by_role("heading", name=re.compile("^Biên nhận"))).to_be_visible()
    assert_accessible(page)
    assert room.letters() == {1: "A", 2: "D", 3: "C"}
    assert room.stored().flags == {2}
    assert room.state() == "submitted"
    page.get_by_role("link", name="kiểm tra biên nhận này").click()
    expect(page.locator(".ex-banner.is-ok")).to_be_visible()


def test_a_part_by_keyboard_alone(live: LiveSite, open_page: OpenPage) -> None:
    page = open_page(open_session(live).candidates["001"], language="en")
    page.goto("/exam")
    reach(page, "Begin this part")
    page.keyboard.press("Enter")
    expect(page.locator("#question-1")).to_be_visible()
    room = Room(live, page, language="en")
    page.keyboard.press("b")
    page.keyboard.press("Enter")  # on the chosen option: goes on
    page.keyboard.press("d")
    page.keyboard.press("ArrowUp")  # within the options: the one above
    page.keyboard.press("f")
    page.keyboard.press("ArrowRight")
    reach(page, "A ", role="radio")
    page.keyboard.press("Enter")  # on an option that is not chosen: chooses it
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")  # there is no fifth question
    page.keyboard.press("C")
    room.expect_saved()
    reach(page, "Review answers")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review")
    reach(page, "Hand in, everything is answered")
    page.keyboard.press("Enter")
    page.wait_for_url("**/receipt")
    assert room.letters() == {1: "B", 2: "C", 3: "A", 4: "C"}
    assert room.stored().flags == {2}


def test_an_answer_can_be_taken_back_and_letter_keys_can_be_switched_off(room: Room) -> None:
    room.pick("A")
    room.expect_saved()
    room.page.get_by_role("button", name="Bỏ chọn câu này").click()
    expect(room.page.locator("[data-count=blank]")).to_have_text("4")
    room.page.get_by_role("button", name="Phím chữ").click()
    room.page.keyboard.press("b")
    room.page.keyboard.press("ArrowRight")
    room.pick("C")
    expect(room.page.locator("#connection-second")).to_contain_text("đủ 1 câu")
    room.expect_saved()
    assert room.letters() == {2: "C"}
    assert room.stored().choices[1] is None


def test_a_reload_brings_back_everything_that_was_acknowledged(room: Room) -> None:
    page = room.page
    room.pick("B")
    page.keyboard.press("f")
    page.keyboard.press("ArrowRight")
    room.pick("D")
    page.get_by_role("button", name="Cỡ chữ lớn").click()
    room.expect_saved()
    expect(page.locator("[data-count=queue]")).to_have_text("0")
    page.reload()
    expect(page.locator("#question-2 input:checked")).to_have_count(1)
    expect(page.locator("#connection-second")).to_contain_text("đủ 2 câu")
    expect(page.get_by_role("button", name="Câu 1, đã trả lời, có cờ")).to_be_visible()
    assert page.locator("html").get_attribute("data-text") == "2"
    page.keyboard.press("a")
    room.expect_saved()
    expect(page.locator("[data-count=queue]")).to_have_text("0")
    assert room.letters() == {1: "B", 2: "A"}


@pytest.mark.parametrize(
    ("language", "size"), [("vi", (390, 844)), ("en", (640, 360)), ("vi", (320, 640))], ids=["phone", "zoomed to 200 %", "zoomed to 400 %"]
)
def test_it_fits_small_screens_with_large_text_and_high_contrast(
    live: LiveSite, open_page: OpenPage, language: str, size: tuple[int, int]
) -> None:
    page = open_page(open_session(live).candidates["001"], language=language, size=size)
    room = Room(live, page, language=language).enter()
    page.locator("[data-display='text:3']").click()
    page.locator("[data-display='contrast:high']").click()
    room.pick("A")
    room.expect_saved()
    assert_fits(page)
    assert_accessible(page)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.locator("#left")).to_be_in_viewport()
    page.locator(".ex-side [data-review]").click()
    page.wait_for_url("**/review")
    assert_fits(page)
    assert_accessible(page)


def test_without_scripts_a_sentence_says_what_to_do(live: LiveSite, open_page: OpenPage) -> None:
    page = open_page(open_session(live).candidates["001"], java_script_enabled=False)
    page.goto("/exam")
    expect(page.get_by_text("Trình duyệt này không chạy JavaScript, mà phòng thi cần có.")).to_be_visible()
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    expect(page.get_by_text("Trình duyệt này không chạy JavaScript nên không thể lưu bài.")).to_be_visible()


def reach(page: Page, name: str, role: str = "") -> None:
    """Press Tab until the focus stands on what begins with this name."""
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.innerText || document.activeElement.closest('label')?.innerText || ''")
        if " ".join(focused.split()).startswith(name.strip()):
            return
    raise AssertionError(f"Tab does not lead to {name}")
