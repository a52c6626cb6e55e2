"""Devices and tabs: a browser that was killed, another machine with and without a release, two tabs, a store that fails, a pause."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Playwright, Route, expect
from sqlalchemy import select

from examsite import clock
from examsite.accounts.operations import end_sessions
from examsite.rounds.models import ReleaseRequest
from tests.browser.conftest import ARGUMENTS, PATIENCE_MS, OpenPage, find_chromium
from tests.browser.room import Room, open_session
from tests.browser.site import LiveSite
from tests.browser.watch import assert_accessible
from tests.rounds.world import World

OFFLINE = "ERR_INTERNET_DISCONNECTED"


@pytest.fixture
def world(live: LiveSite) -> World:
    """An exam session under way."""
    return open_session(live)


@pytest.fixture
def room(live: LiveSite, open_page: OpenPage, world: World) -> Room:
    """Candidate 001 in the general part."""
    return Room(live, open_page(world.candidates["001"])).enter()


@pytest.fixture
def profile(playwright: Playwright, live: LiveSite, tmp_path: Path) -> Iterator[list[BrowserContext]]:
    """The browsers that a test started on one profile, one after the other; closed at the end."""
    started: list[BrowserContext] = []
    yield started
    for context in started:
        context.close()


def start_browser(playwright: Playwright, live: LiveSite, folder: Path) -> BrowserContext:
    """A browser with storage of its own that outlives it."""
    context = playwright.chromium.launch_persistent_context(
        folder,
        executable_path=find_chromium(playwright),
        args=ARGUMENTS,
        base_url=live.url,
        locale="vi-VN",
        viewport={"width": 1280, "height": 720},
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


def test_a_killed_browser_sends_what_it_kept_and_shows_nothing_of_it_to_another_candidate(
    playwright: Playwright, live: LiveSite, world: World, profile: list[BrowserContext], tmp_path: Path
) -> None:
    first = start_browser(playwright, live, tmp_path)
    profile.append(first)
    page = first.pages[0]
    live.sign_in(page, world.candidates["001"])
    room = Room(live, page).enter()
    room.pick("A")
    room.expect_saved()
    room.expect_kept(0)
    first.set_offline(True)
    page.keyboard.press("ArrowRight")
    room.pick("B")
    page.keyboard.press("f")
    expect(page.locator("#connection-second")).to_contain_text("giữ trên máy này")
    room.expect_kept(2)
    profile.remove(first)
    first.close()  # nothing is asked and nothing is sent: the network is gone

    with live.session() as session:  # the cookie of a browser that crashed is gone: a new sign-in
        end_sessions(session, world.candidates["001"], clock.now())
        session.commit()
    second = start_browser(playwright, live, tmp_path)
    profile.append(second)
    page = second.pages[0]
    live.sign_in(page, world.candidates["002"])
    stranger = Room(live, page, number="002").enter()
    expect(page.locator(".ex-cell.is-queue[data-cell]")).to_have_count(0)
    stranger.pick("C")
    stranger.expect_saved()
    stranger.expect_kept(2)
    assert stranger.letters() == {1: "C"}
    live.sign_in(page, world.candidates["001"])
    page.goto("/exam")
    page.get_by_role("link", name="Làm tiếp phần này").click()
    expect(page.locator("#question-1")).to_be_visible()  # the same browser goes on at once
    room = Room(live, page)
    expect(page.get_by_role("button", name="Câu 2, đã trả lời, có cờ")).to_be_visible()
    room.expect_saved()
    assert (room.letters(), room.stored().flags, room.seen("epoch")) == ({1: "A", 2: "B"}, {2}, 1)
    expect(page.locator("#connection-second")).to_contain_text("đủ 2 câu")
    room.expect_kept(0)


LEFT_BEHIND = """(left) => new Promise((resolve) => {
    const opening = indexedDB.open("examsite", 1);
    opening.onsuccess = () => {
        const changing = opening.result.transaction("changes", "readwrite");
        for (const [sitting, number, value, hours, handed] of left) {
            const facts = { sitting, epoch: 1, seq: 0, number, kind: "choice", value, bases: [null], tab: "gone", order: number };
            changing.objectStore("changes").put({ ...facts, on: Date.now() - hours * 3600_000, handed });
        }
        changing.oncomplete = () => { opening.result.close(); resolve(); };
    };
})"""


def test_what_others_left_on_this_computer_is_gone_after_two_days_and_what_is_evidence_after_one(room: Room) -> None:
    others = [("a", 1, "x", 47, False), ("b", 1, "x", 49, False), ("c", 1, "x", 23, True), ("d", 1, "x", 25, True)]
    chosen = room.page.locator("#question-1 input").nth(2).get_attribute("value")
    room.page.evaluate(LEFT_BEHIND, others)
    room.expect_kept(4)
    room.page.goto("/exam")
    expect(room.page.get_by_role("link", name="Làm tiếp phần này")).to_be_visible()
    room.page.wait_for_timeout(300)
    room.expect_kept(2)
    room.page.evaluate(LEFT_BEHIND, [(room.seen("public_id"), 1, chosen, 100, False)])
    room.page.get_by_role("link", name="Làm tiếp phần này").click()  # an exam that goes on days later loses nothing of its own
    expect(room.page.locator("#notices")).to_contain_text("1 thay đổi")
    room.expect_saved()
    assert room.letters() == {1: "C"}
    room.expect_kept(2)


def test_another_device_waits_for_the_release_and_the_first_hands_over_what_it_had_not_sent(
    room: Room, open_page: OpenPage, world: World
) -> None:
    open_page.watch(room.page).expect(f"409|{OFFLINE}")
    room.page.locator("[data-display='text:3']").click()
    room.page.locator("[data-display='contrast:high']").click()
    room.pick("A")
    room.expect_saved()
    room.page.context.set_offline(True)
    room.page.keyboard.press("ArrowRight")
    room.pick("C")
    other = Room(room.live, open_page(world.candidates["001"]))
    other.page.clock.install()
    other.page.goto(room.page.url)
    expect(other.page.get_by_role("heading", name="Phần thi này đang mở trên thiết bị khác")).to_be_visible()
    expect(other.page.get_by_role("button", name="Làm tiếp phần này ở đây")).to_be_hidden()
    assert_accessible(other.page)
    other.page.get_by_role("button", name="Đề nghị giám thị cho chuyển máy").click()
    expect(other.page.get_by_text("Anh/chị đã đề nghị lúc")).to_be_visible()
    assert_accessible(other.page)
    with room.live.session() as session:
        asked = session.scalars(select(ReleaseRequest.login_session_id)).one()
    room.change(released_epoch=1, released_login_id=asked)
    other.page.clock.run_for(4000)
    expect(other.page.locator("#question-1")).to_be_visible()
    assert (room.seen("epoch"), room.seen("released_epoch")) == (2, None)
    other.page.keyboard.press("ArrowRight")
    other.pick("D")
    other.expect_saved()

    room.page.context.set_offline(False)  # the stale page comes back
    banner = room.page.locator("#trouble")
    expect(banner).to_contain_text("Trang này chỉ còn xem được.")
    expect(banner).to_contain_text("1 thay đổi làm ở đây sau đó được giữ làm bằng chứng")
    expect(room.page.locator("#question-2 input").first).to_be_disabled()
    assert_accessible(room.page)
    [(why, epoch, body)] = room.evidence()
    assert (why, epoch, body.startswith('[[2,"choice",')) == ("moved", 1, True)
    assert room.letters() == {1: "A", 2: "D"}
    room.expect_kept(0)
    room.page.reload()
    expect(room.page.get_by_role("heading", name="Phần thi này đang mở trên thiết bị khác")).to_be_visible()
    expect(room.page.locator("html[data-text='3'][data-contrast=high]")).to_be_attached()  # as it was in the room


def test_what_a_device_kept_from_before_the_release_is_evidence_when_it_comes_back(room: Room, open_page: OpenPage) -> None:
    open_page.watch(room.page).expect(f"409|{OFFLINE}")
    room.page.context.set_offline(True)
    room.pick("B")
    expect(room.page.locator("#connection-first")).to_have_text("Chưa gửi được 1 thay đổi")
    room.change(epoch=2, device_hash="f" * 64, login_session_id=room.seen("login_session_id"))
    room.page.once("dialog", lambda dialog: dialog.accept())
    room.page.goto("about:blank")
    room.page.context.set_offline(False)
    room.page.goto("/exam")
    room.page.get_by_role("link", name="Làm tiếp phần này").click()
    expect(room.page.locator("#notices")).to_contain_text("đã được nộp làm bằng chứng")
    assert [(why, epoch) for why, epoch, _body in room.evidence()] == [("moved", 1)]
    assert room.letters() == {}
    room.expect_kept(0)
    expect(room.page.locator("#question-1 input:checked")).to_have_count(0)


def test_minutes_without_an_answer_are_asked_after_patiently_and_go_in_one_batch(room: Room, open_page: OpenPage) -> None:
    open_page.watch(room.page).expect("ERR_FAILED|503")
    page = room.page
    page.clock.install()
    page.reload()
    asked: list[str] = []
    page.route(re.compile("/(save|alive)$"), lambda route: (asked.append("cut"), route.abort())[1])
    for letter in "ABCD":
        room.pick(letter)
        page.keyboard.press("ArrowRight")
    for _ in range(20):
        page.clock.run_for(12_000)
        page.wait_for_timeout(20)
    assert 6 <= len(asked) <= 24, "a few tries in the first seconds, then one every half a minute"
    room.expect_kept(4)
    expect(page.locator("#trouble")).to_contain_text("Bài làm được giữ trên máy tính này")
    page.unroute(re.compile("/(save|alive)$"))
    tries: list[str] = []

    def busy_once(route: Route) -> None:
        tries.append(route.request.url)
        if len(tries) == 1:
            route.fulfill(status=503, headers={"Retry-After": "100"}, body="busy")
        else:
            route.continue_()

    page.route(re.compile("/(save|alive)$"), busy_once)
    with page.expect_response(lambda response: response.status == 503):
        page.evaluate("dispatchEvent(new Event('online'))")
    page.clock.run_for(60_000)
    page.wait_for_timeout(100)
    assert len(tries) == 1, "the server asked for 100 seconds"
    for _ in range(12):  # the page counts from when it read the answer, which may have been after the first minute went by
        page.clock.run_for(12_000)
        page.wait_for_timeout(20)
    room.expect_saved()
    batches = [[number for number, _kind, _value in json.loads(body)] for body in room.saves()]
    assert [number for batch in batches for number in batch] == [1, 2, 3, 4]
    assert len(batches) <= 2, "what was on its way when the network went, and all the rest at once"
    room.expect_kept(0)


def test_two_tabs_show_the_same_and_say_that_they_are_two(room: Room, open_page: OpenPage) -> None:
    second = Room(room.live, room.page.context.new_page())
    second.page.goto(room.page.url)
    expect(second.page.locator("#notices")).to_contain_text("ở một thẻ hoặc cửa sổ khác")
    assert_accessible(second.page)
    for letter in "AB":  # one after the other, without waiting for the server
        room.pick(letter)
    expect(second.page.locator("#question-1 input").nth(1)).to_be_checked()
    second.pick("C")  # of one question the last click wins, whichever page it was in
    expect(room.page.locator("#question-1 input").nth(2)).to_be_checked()
    second.page.keyboard.press("ArrowRight")
    second.pick("D")
    room.expect_saved()
    second.expect_saved()
    room.page.keyboard.press("ArrowRight")
    room.page.keyboard.press("ArrowRight")
    room.pick("A")
    expect(second.page.get_by_role("button", name="Câu 3, đã trả lời")).to_be_visible()
    second.page.close()
    expect(room.page.locator("#notices")).to_be_empty()
    room.expect_saved()
    assert room.letters() == {1: "C", 2: "D", 3: "A"}
    room.expect_kept(0)


def test_a_tab_that_is_killed_without_locks_to_tell_is_found_out_and_what_it_kept_is_sent(
    live: LiveSite, open_page: OpenPage, world: World
) -> None:
    page = open_page(world.candidates["001"])
    open_page.watch(page).expect("ERR_FAILED")
    page.context.add_init_script("Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })")  # as over plain HTTP
    room = Room(live, page).enter()
    page.clock.install()
    page.reload()
    second = Room(live, page.context.new_page())
    second.page.route("**/save", lambda route: route.abort())
    second.page.goto(page.url)
    second.pick("B")
    expect(page.locator("#question-1 input").nth(1)).to_be_checked()
    expect(second.page.locator("#connection-first")).to_have_text("Chưa gửi được 1 thay đổi")
    second.page.evaluate("BroadcastChannel.prototype.postMessage = () => {}")  # it cannot say that it goes
    second.page.close()
    page.clock.run_for(17_000)
    page.wait_for_timeout(100)
    page.clock.run_for(2000)
    expect(page.locator("#connection-second")).to_contain_text("đủ 1 câu")
    expect(page.locator("#notices")).not_to_contain_text("ở một thẻ hoặc cửa sổ khác")
    assert room.letters() == {1: "B"}
    room.expect_kept(0)


def test_a_browser_without_storage_says_so_and_loses_nothing_on_the_page(live: LiveSite, open_page: OpenPage, world: World) -> None:
    page = open_page(world.candidates["001"])
    open_page.watch(page).expect(OFFLINE)
    page.add_init_script("indexedDB.open = () => { throw new DOMException('none here', 'SecurityError'); }")
    room = Room(live, page).enter()
    expect(page.locator("#notices")).to_contain_text("Trình duyệt này không giữ được bài làm trên máy tính.")
    assert_accessible(page)
    page.context.set_offline(True)
    room.pick("B")
    expect(page.locator("#connection-second")).to_contain_text("giữ trên trang này")
    expect(page.get_by_role("alert")).to_contain_text("Bài được giữ trên trang này")
    page.context.set_offline(False)
    room.expect_saved()
    assert room.letters() == {1: "B"}


def test_a_store_that_fills_up_says_so_at_the_change_it_could_not_keep(room: Room) -> None:
    room.pick("A")
    room.expect_saved()
    room.page.evaluate("() => { IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); }; }")
    room.pick("B")
    expect(room.page.locator("#notices")).to_contain_text("Trình duyệt này không giữ được bài làm trên máy tính.")
    room.expect_saved()
    assert room.letters() == {1: "B"}


def test_more_time_a_pause_and_its_end_reach_the_page_by_themselves(room: Room) -> None:
    page = room.page
    page.clock.install()
    page.reload()
    room.pick("A")
    page.clock.run_for(2000)
    room.expect_saved()
    room.change(deadline=room.seen("deadline") + timedelta(minutes=5), closes_at=room.seen("closes_at") + timedelta(minutes=5))
    page.clock.run_for(15_000)
    expect(page.locator("#notices")).to_contain_text("Anh/chị được thêm 5 phút.")
    page.clock.run_for(1000)
    expect(page.locator("#said")).to_contain_text("Anh/chị được thêm 5 phút.")
    assert room.seen("at_item") == 1
    room.change(paused_since=clock.now())
    page.clock.run_for(15_000)
    expect(page.get_by_role("heading", name="Kỳ thi đang tạm dừng")).to_be_visible()
    expect(page.locator("#question-1")).to_be_hidden()
    expect(page.locator("#pause-since")).to_contain_text("Từ lúc")
    assert_accessible(page)
    left = page.locator("#left").inner_text()
    page.clock.run_for(30_000)
    assert page.locator("#left").inner_text() == left
    page.keyboard.press("b")
    page.evaluate("dispatchEvent(new Event('online'))")  # any news but that of the end of the pause
    page.wait_for_timeout(200)
    expect(page.locator("#question-1")).to_be_hidden()
    again = room.page.context.new_page()
    again.goto(page.url)
    expect(again.get_by_role("heading", name="Kỳ thi đang tạm dừng")).to_be_visible()
    expect(again.locator("#question-1, [data-item], input[type=radio]")).to_have_count(0)
    assert re.fullmatch(r"\d+:\d\d", again.locator("#left").inner_text())
    assert_accessible(again)
    room.change(paused_since=None, deadline=room.seen("deadline") + timedelta(seconds=47))
    again.clock.run_for(6500)
    expect(again.locator("#question-1 input").first).to_be_checked()
    again.close()
    page.clock.run_for(15_000)
    expect(page.locator("#question-1")).to_be_visible()
    expect(page.get_by_role("heading", name="Kỳ thi đang tạm dừng")).to_be_hidden()
    page.clock.run_for(1000)
    expect(page.locator("#said")).to_contain_text("Đã hết tạm dừng.")
    assert room.letters() == {1: "A"}
    room.pick("C")
    page.clock.run_for(2000)
    room.expect_saved()
    assert room.letters() == {1: "C"}


def test_who_signs_in_again_in_the_same_browser_goes_on_with_everything_that_waited(room: Room, open_page: OpenPage, world: World) -> None:
    open_page.watch(room.page).expect("401|403")
    with room.live.session() as session:
        end_sessions(session, world.candidates["001"], clock.now())
        session.commit()
    room.pick("B")
    expect(room.page.get_by_role("alert")).to_contain_text("Anh/chị đã bị đăng xuất")
    expect(room.page.get_by_role("link", name="Đăng nhập lại")).to_have_attribute("href", re.compile(r"^/sign-in\?next=/exam/"))
    address = room.page.url
    room.live.sign_in(room.page, world.candidates["001"])
    second = Room(room.live, room.page.context.new_page())
    second.page.goto(address)
    expect(second.page.locator("#question-1")).to_be_visible()
    room.page.close()
    expect(second.page.locator("#question-1 input").nth(1)).to_be_checked()
    second.expect_saved()
    assert (room.letters(), room.seen("epoch"), room.evidence()) == ({1: "B"}, 1, [])
