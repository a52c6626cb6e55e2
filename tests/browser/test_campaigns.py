"""The pages of campaigns in a real browser: nothing that axe objects to, nothing wider than the screen; a campaign opened by its form."""

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.site import LiveSite
from tests.browser.watch import assert_accessible, assert_fits
from tests.campaigns.house import build
from tests.factories import make_campaign, make_position, make_unit


@pytest.mark.parametrize(("language", "size"), [("vi", (1280, 720)), ("en", (390, 844))])
def test_every_page_is_accessible_and_fits(live: LiveSite, open_page: OpenPage, language: str, size: tuple[int, int]) -> None:
    with live.session() as session:
        house = build(session, changes={"parts.general.questions": 40})
        position = make_position(session, house.campaign, unit=make_unit(session, "SNV", "Sở Nội vụ"))
        announced = make_campaign(session, code="OPEN-1", stage="announced", hr=house.hr)
        session.commit()
    page = open_page(house.hr, language=language, size=size)
    mine, seat = house.address, f"{house.address}/boards"
    for address in (
        "/campaigns", "/campaigns/new", mine, f"{mine}/edit", f"{mine}/rules/1", f"{mine}/positions", f"{mine}/positions/new",
        f"{mine}/positions/{position.public_id}", f"{mine}/positions/{position.public_id}/edit", seat, f"{seat}/appoint?q=author",
        "/units", "/units/new", "/rule-sets", "/rule-sets/leader-generic",
    ):  # fmt: skip
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        assert_fits(page)
        if language == "vi":  # the colours and the order are the same in the other look
            assert_accessible(page)
    for address in (f"{mine}/rules", f"/campaigns/{announced.public_id}/rules"):  # the same long table again: looked at once is enough
        page.goto(address)
        assert_fits(page)


def test_a_campaign_is_opened_with_the_keyboard_alone(live: LiveSite, open_page: OpenPage) -> None:
    with live.session() as session:
        house = build(session)
    page = open_page(house.hr, language="en")
    page.goto("/campaigns/new")
    page.get_by_label("Title").focus()
    page.keyboard.type("Leadership posts of schools")
    page.keyboard.press("Tab")
    page.keyboard.type("sc-2026-01")
    page.keyboard.press("Tab")
    page.keyboard.type("City of Lac An")
    page.get_by_label("Leadership posts: test on computer and interview").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Leadership posts of schools").wait_for()
    assert page.get_by_text("SC-2026-01").first.is_visible()
    assert_accessible(page)
