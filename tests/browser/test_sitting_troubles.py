"""What goes wrong in an exam: the network is cut, a reply is lost, a second tab, another device, the time runs out."""

import json
import re

import pytest
from playwright.sync_api import Dialog, Route, expect

from examsite import clock
from examsite.accounts.operations import end_sessions
from tests.browser.conftest import OpenPage
from tests.browser.room import Room, open_session
from tests.browser.site import LiveSite
from tests.browser.watch import assert_accessible
from tests.rounds.world import World


@pytest.fixture
def world(live: LiveSite) -> World:
    """An exam session under way."""
    return open_session(live)


@pytest.fixture
def room(live: LiveSite, open_page: OpenPage, world: World) -> Room:
    """Candidate 001 in the general part."""
    return Room(live, open_page(world.candidates["001"])).enter()


def test_what_piles_up_without_network_arrives_in_order_once_it_is_back(room: Room, open_page: OpenPage) -> None:
    open_page.watch(room.page).expect("ERR_INTERNET_DISCONNECTED")
    room.pick("A")
    room.expect_saved()
    room.page.context.set_offline(True)
    for letter in "BCD":
        room.page.keyboard.press("ArrowRight")
        room.pick(letter)
    room.pick("A")  # a change of mind, still without network
    banner = room.page.get_by_role("alert")
    expect(banner).to_contain_text("Anh/chị cứ làm tiếp, không tải lại trang.")
    expect(room.page.locator("#connection-first")).to_have_text("Chưa gửi được 3 thay đổi")
    expect(room.page.get_by_role("button", name="Câu 3, đã trả lời, chờ gửi")).to_be_visible()
    assert_accessible(room.page)
    assert room.letters() == {1: "A"}
    room.page.context.set_offline(False)
    room.expect_saved()
    expect(banner).to_be_hidden()
    assert room.letters() == {1: "A", 2: "B", 3: "C", 4: "A"}
    items = [item for body in room.saves() for item, _kind, _value in json.loads(body)]
    assert items == [1, 2, 3, 4]


def test_leaving_while_something_waits_asks_first(room: Room, open_page: OpenPage) -> None:
    open_page.watch(room.page).expect("ERR_INTERNET_DISCONNECTED")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    room.page.on("dialog", stay)
    room.page.context.set_offline(True)
    room.pick("B")
    room.page.evaluate("location.assign('/exam')")
    expect(room.page.locator("#question-1 input:checked")).to_have_count(1)
    assert asked == ["beforeunload"]
    room.page.context.set_offline(False)
    room.expect_saved()
    assert room.letters() == {1: "B"}


def test_a_lost_reply_neither_loses_nor_doubles_an_answer(room: Room, open_page: OpenPage) -> None:
    open_page.watch(room.page).expect("ERR_FAILED")
    replies = []

    def lose_the_first_reply(route: Route) -> None:
        reply = route.fetch()
        replies.append(reply.json()["outcome"])
        if len(replies) == 1:
            route.abort()
        else:
            route.fulfill(response=reply)

    room.page.route("**/save", lose_the_first_reply)
    room.pick("C")
    room.expect_saved()
    assert replies == ["saved", "repeated"]
    assert len(room.saves()) == 1
    assert room.letters() == {1: "C"}


def test_a_stale_second_tab_takes_over_what_the_first_saved_and_adds_its_own(room: Room, open_page: OpenPage) -> None:
    open_page.watch(room.page).expect("409")
    second = Room(room.live, room.page.context.new_page())
    second.page.goto(room.page.url)
    room.pick("A")
    room.expect_saved()
    second.page.keyboard.press("ArrowRight")
    second.pick("B")
    second.expect_saved()
    expect(second.page.get_by_role("button", name="Câu 1, đã trả lời")).to_be_visible()
    room.page.bring_to_front()
    room.page.keyboard.press("ArrowRight")
    room.page.keyboard.press("ArrowRight")
    room.pick("C")
    expect(room.page.get_by_role("button", name="Câu 2, đã trả lời")).to_be_visible()
    room.expect_saved()
    assert room.letters() == {1: "A", 2: "B", 3: "C"}


def test_when_the_time_is_up_the_last_answer_is_kept_and_the_receipt_comes(room: Room) -> None:
    room.ends_in(9)
    room.page.reload()
    room.pick("D")
    expect(room.page.locator("#left")).to_have_text(re.compile("^00:0[1-5]"))
    room.page.keyboard.press("ArrowRight")
    room.pick("B")
    expect(room.page.get_by_role("heading", name=re.compile("^Biên nhận"))).to_be_visible()
    assert room.letters() == {1: "D", 2: "B"}
    assert room.state() == "submitted"


def test_time_that_was_given_meanwhile_is_asked_for_before_handing_in(room: Room) -> None:
    room.ends_in(6)
    room.page.reload()
    room.ends_in(74)
    expect(room.page.locator("#left")).to_have_text(re.compile("^01:0"))
    expect(room.page.get_by_role("status")).to_contain_text("còn 1 phút")
    room.pick("A")
    room.expect_saved()
    assert room.letters() == {1: "A"}


def test_what_comes_after_the_close_is_kept_as_evidence_and_said_to_be_late(room: Room, open_page: OpenPage) -> None:
    open_page.watch(room.page).expect("ERR_INTERNET_DISCONNECTED|410")
    room.ends_in(7, grace=0.5)
    room.page.reload()
    room.page.context.set_offline(True)
    room.pick("C")
    expect(room.page.get_by_role("alert")).to_contain_text("Đã hết giờ")
    room.page.wait_for_timeout(1000)
    room.page.context.set_offline(False)
    expect(room.page.get_by_role("alert")).to_contain_text("1 thay đổi đến muộn")
    assert room.letters() == {}
    room.page.get_by_role("link", name="Xem biên nhận").click()
    room.page.get_by_role("button", name="Nhận biên nhận").click()
    expect(room.page.get_by_text(re.compile("^Đã đóng lúc"))).to_be_visible()
    assert room.state() == "closed"


def test_a_review_that_stays_open_is_handed_in_when_the_time_is_up(room: Room) -> None:
    room.pick("B")
    room.expect_saved()
    room.ends_in(5)
    room.page.goto(room.page.url.split("#")[0] + "/review")
    expect(room.page.get_by_role("heading", name=re.compile("^Biên nhận"))).to_be_visible()
    assert room.letters() == {1: "B"}
    assert room.state() == "submitted"


def test_a_review_in_a_pause_leads_back_into_the_room_and_hands_nothing_in(room: Room) -> None:
    room.pick("B")
    room.expect_saved()
    room.ends_in(3)
    room.change(paused_since=clock.now())
    room.page.goto(room.page.url.split("#")[0] + "/review")
    expect(room.page.get_by_role("heading", name="Kỳ thi đang tạm dừng")).to_be_visible()
    room.page.wait_for_timeout(1500)
    assert room.state() == "open"


def test_who_is_signed_out_is_told_and_loses_nothing_that_was_acknowledged(room: Room, open_page: OpenPage, world: World) -> None:
    open_page.watch(room.page).expect("401")
    room.pick("A")
    room.expect_saved()
    with room.live.session() as session:
        end_sessions(session, world.candidates["001"], clock.now())
        session.commit()
    room.page.keyboard.press("ArrowRight")
    room.pick("B")
    expect(room.page.get_by_role("alert")).to_contain_text("Anh/chị đã bị đăng xuất")
    expect(room.page.locator("#question-2 input:checked")).to_have_count(1)
    assert room.letters() == {1: "A"}


def test_a_change_that_is_refused_is_said_and_kept_on_the_page(room: Room, open_page: OpenPage) -> None:
    open_page.watch(room.page).expect("422")
    room.page.locator("#question-1 input").first.evaluate("radio => { radio.value = 'no-such-option' }")
    room.pick("A")
    banner = room.page.get_by_role("alert")
    expect(banner).to_contain_text("Máy chủ không nhận thay đổi")
    room.page.evaluate("dispatchEvent(new Event('online'))")  # asks the server how things stand: the refused change is still trouble
    expect(room.page.locator("#connection-first")).to_have_text("Chưa gửi được 1 thay đổi")
    expect(banner).to_be_visible()
    room.pick("B")
    room.page.evaluate("dispatchEvent(new Event('online'))")
    room.expect_saved()
    assert room.letters() == {1: "B"}


def test_a_server_restored_from_a_copy_is_given_back_what_it_forgot(room: Room, open_page: OpenPage) -> None:
    open_page.watch(room.page).expect("409")
    room.pick("A")
    room.expect_saved()
    room.forget_saves()
    room.page.keyboard.press("ArrowRight")
    room.pick("B")
    expect(room.page.locator("#connection-second")).to_contain_text("đủ 2 câu")
    room.expect_saved()
    assert room.letters() == {1: "A", 2: "B"}


def test_the_way_in_appears_by_itself_when_the_session_opens(live: LiveSite, open_page: OpenPage) -> None:
    page = open_page(open_session(live, seconds_ago=-5).candidates["001"])
    page.goto("/exam")
    expect(page.get_by_role("timer")).to_contain_text("đến lúc bắt đầu")
    assert_accessible(page)
    expect(page.get_by_role("button", name="Bắt đầu làm bài")).to_be_visible()
