"""The live room in a real browser: it keeps itself up to date, the keyboard reaches everything, and the minutes print."""

import re
from datetime import timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import select

from examsite import clock
from examsite.accounts.models import Account
from examsite.rounds.models import RosterEntry, Sitting
from tests.browser.conftest import OpenPage
from tests.browser.site import LiveSite
from tests.browser.watch import assert_accessible, assert_fits
from tests.rounds.world import World, make_world

TWO_POLLS_MS = 15_000


def open_room(live: LiveSite) -> tuple[World, Account, str]:
    """A session under way: 001 works, 002 is not here; and its invigilator."""
    with live.session() as session:
        world = make_world(session, opens_at=clock.now() - timedelta(seconds=60), needs_check_in=True)
        world.entry("001").checked_in_at = clock.now()
        world.entry("001").seat, world.entry("001").identity_document = "7", "passport"
        sitting, _ = world.start("001", now=clock.now())
        sitting.at_item = 2
        invigilator = world.role("invigilation", "head").account
        base = f"/campaigns/{world.campaign.public_id}/sessions/{world.exam.public_id}"
        session.commit()
        session.expunge(invigilator)
    return world, invigilator, base


def change(live: LiveSite, **columns: object) -> None:
    """Something happens in the exam room of candidate 001."""
    with live.session() as session:
        sitting = session.scalars(select(Sitting).join(RosterEntry).where(RosterEntry.candidate_number == "001")).one()
        sitting.last_seen_at = clock.now()
        for name, value in columns.items():
            setattr(sitting, name, value)
        session.commit()


def test_the_room_without_reload_by_keyboard_and_on_paper(live: LiveSite, open_page: OpenPage) -> None:
    _, invigilator, base = open_room(live)
    page = open_page(invigilator)
    page.clock.install()
    page.goto(base + "/live")
    expect(page.locator("#live-list")).to_contain_text("câu 2/4")
    assert_accessible(page)
    page.evaluate("window.neverReloaded = true")
    page.locator("#show-working").focus()
    change(live, at_item=3, unsent=2)
    page.clock.run_for(TWO_POLLS_MS)
    expect(page.locator(".ex-trouble")).to_contain_text("2 câu chờ gửi")
    expect(page.locator("#said")).to_contain_text("Thí sinh 001")
    assert page.evaluate("window.neverReloaded"), "no reload"
    assert page.evaluate("document.activeElement.id") == "show-working", "the focus stays"
    assert_accessible(page)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("show=working"))
    expect(page.locator("#live-list tbody tr")).to_have_count(1)
    _sorted(page, base)
    _small(page, base)
    _check_in(page, base)
    _on_paper(page, base)


def _sorted(page: Page, base: str) -> None:
    """By the keyboard, on a wide page by its heads and on a phone above the cards."""
    page.goto(base + "/live")
    page.locator("#sort-name").focus()
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort=ascending]")).to_have_accessible_name("Thí sinh, Số báo danh")
    assert_accessible(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("#sorted-by").press("Enter")
    page.locator("#sorted-name").press("Enter")
    expect(page).to_have_url(re.compile("sort=-name"))
    assert_accessible(page)


def _small(page: Page, base: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    for rest in ("/live", "/check-in?q=002", "/incidents/new", "/minutes"):
        page.goto(base + rest)
        assert_fits(page)
    page.set_viewport_size({"width": 1280, "height": 720})


def _check_in(page: Page, base: str) -> None:
    """Number, Enter, Enter: and the search waits for the next."""
    page.goto(base + "/check-in")
    assert_accessible(page)
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("002")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Điểm danh")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#q")).to_be_focused()
    expect(page.locator(".ex-banner.is-ok")).to_contain_text("Đã điểm danh thí sinh 002")


def _on_paper(page: Page, base: str) -> None:
    page.goto(base + "/minutes")
    assert_accessible(page)
    page.emulate_media(media="print")
    expect(page.locator(".ex-room-nav")).to_be_hidden()
    expect(page.locator(".ex-top")).to_be_hidden()
    expect(page.locator(".ex-signs")).to_be_visible()
    expect(page.locator(".ex-digests .ex-code").first).to_be_visible()
