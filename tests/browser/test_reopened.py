"""Time that is given after the close: what came too late is sent again and counts, from the page that stayed open and from the receipt."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.room import Room, open_session
from tests.browser.site import LiveSite
from tests.browser.watch import assert_accessible
from tests.rounds.world import World

SAVES = re.compile("/save$")
SAVES_AND_SIGNS = re.compile("/(save|alive)$")


@pytest.fixture
def world(live: LiveSite) -> World:
    """An exam session under way."""
    return open_session(live)


@pytest.fixture
def room(live: LiveSite, open_page: OpenPage, world: World) -> Room:
    """Candidate 001 in the general part."""
    return Room(live, open_page(world.candidates["001"])).enter()


def test_a_page_whose_part_is_opened_again_sends_once_more_what_came_too_late(room: Room, open_page: OpenPage, world: World) -> None:
    open_page.watch(room.page).expect("ERR_FAILED|409|410")
    page = room.page
    room.ends_by_plan_in(7, grace=0.5)
    page.reload()
    page.route(SAVES, lambda route: route.abort())
    room.pick("C")
    expect(page.get_by_role("alert")).to_contain_text("Đã hết giờ")
    page.wait_for_timeout(1000)
    page.unroute(SAVES)
    expect(page.get_by_role("alert")).to_contain_text("1 thay đổi đến muộn")
    assert room.letters() == {}
    room.expect_kept(1)
    room.seal()
    room.give_time(world, 300)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # who looks at the page again is told at once
    expect(page.locator("#notices")).to_contain_text("Phần thi này đã được mở lại.")
    expect(page.locator("#connection-second")).to_contain_text("đủ 1 câu")
    expect(page.get_by_role("alert")).to_be_hidden()
    assert (room.letters(), room.state(), len(room.evidence())) == ({1: "C"}, "open", 1)
    room.expect_kept(0)
    assert_accessible(page)
    room.pick("D")
    room.expect_saved()
    expect(page.locator("#connection-second")).to_contain_text("đủ 1 câu")
    expect(page.locator("[data-count=queue]")).to_have_text("0")
    assert room.letters() == {1: "D"}


def made_before_it_arrived(route: Route) -> None:
    """The receipt as it is made a moment too early to show what the page before it handed over."""
    answer = route.fetch()
    body = answer.text()
    assert 'data-late="yes"' in body
    route.fulfill(response=answer, body=body.replace('data-late="yes"', "").replace('id="h-late"', "hidden"))


def test_what_was_never_sent_is_late_evidence_at_the_receipt_and_counts_once_time_is_given(
    room: Room, open_page: OpenPage, world: World
) -> None:
    open_page.watch(room.page).expect("ERR_FAILED|410")
    page = room.page
    room.pick("A")
    room.expect_saved()
    page.route(SAVES_AND_SIGNS, lambda route: route.abort())
    page.keyboard.press("ArrowRight")
    room.pick("B")
    expect(page.locator("#connection-first")).to_have_text("Chưa gửi được 1 thay đổi")
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto("about:blank")
    room.ends_by_plan_in(-60)
    page.unroute(SAVES_AND_SIGNS)
    page.goto(f"/exam/{room.seen('public_id')}/receipt")
    page.get_by_role("button", name="Nhận biên nhận").click()
    late = page.get_by_role("heading", name="Câu trả lời đến muộn")
    expect(late).to_be_visible()
    page.evaluate("sessionStorage.clear()")
    page.route("**/receipt", made_before_it_arrived, times=1)
    page.reload()
    expect(late).to_be_visible()  # the page asked for itself once more
    page.clock.install()
    page.reload()
    page.wait_for_load_state("networkidle")
    expect(late).to_be_visible()
    assert [(why, body[:11]) for why, _epoch, body in room.evidence()] == [("late", '[[2,"choice')]
    assert room.letters() == {1: "A"}
    room.give_time(world, 300)
    page.clock.run_for(16_000)
    expect(page.locator("#question-1")).to_be_visible()
    expect(page.locator("#notices")).to_contain_text("1 thay đổi")
    page.clock.run_for(1000)
    expect(page.locator("#connection-second")).to_contain_text("đủ 2 câu")
    assert (room.letters(), len(room.evidence())) == ({1: "A", 2: "B"}, 1)
    room.expect_kept(0)
