"""The practice paper in the real exam room, by keyboard alone: the same page, marked as practice on every step."""

from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from examsite.rounds.models import Practice, Sitting
from examsite.rounds.queries.practice import answers_in
from tests.browser.conftest import OpenPage
from tests.browser.room import SAVED
from tests.browser.site import LiveSite
from tests.browser.test_item_kinds import in_view, tab_to
from tests.browser.watch import assert_accessible, assert_fits
from tests.factories import make_application, make_campaign, make_position

TYPED = {"line": "sẵn sàng", "number": "12,5", "essay": "Tôi ngồi bên cửa sổ."}
MARK = "Đây là bài làm thử, không phải bài thi."


def test_practise_by_keyboard_from_the_first_page_to_its_end(live: LiveSite, open_page: OpenPage) -> None:
    with live.session() as session:
        campaign = make_campaign(session, stage="screened", changes={"parts.general.kind": "mixed"})
        name = "Nguyễn Hoàng Phương Uyên Trần Lê Thị Mai Anh"
        mine = make_application(session, make_position(session, campaign), name, "eligible", "0117", account=True)
        session.commit()
        account = mine.account
    assert account is not None
    page = open_page(account, size=(390, 800))
    page.goto("/home")
    assert_fits(page)
    assert_accessible(page)
    page.goto("/exam/practice")
    assert_accessible(page)
    assert_fits(page)
    tab_to(page, "main form button")
    page.keyboard.press("Enter")
    expect(page.locator("#question-1")).to_be_visible()
    expect(page.get_by_text(MARK)).to_be_visible()
    assert_accessible(page)
    for number in range(1, 10):
        expect(page.locator(f"#question-{number}")).to_be_visible()
        assert_fits(page)
        give(page, in_view(page))
        if number == 3:
            page.keyboard.press("f")
        if number < 9:
            tab_to(page, "#next")
            page.keyboard.press("Enter")
    expect(page.locator("#connection-first")).to_have_text(SAVED["vi"])
    page.reload()
    expect(page.locator("[data-count=done]")).to_have_text("9")
    tab_to(page, "[data-review]:not([hidden])")
    page.keyboard.press("Enter")
    page.wait_for_url("**/exam/practice/review")
    expect(page.get_by_text(MARK)).to_be_visible()
    assert_accessible(page)
    tab_to(page, "#hand-in button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Đã kết thúc làm thử")).to_be_visible()
    expect(page.get_by_text("LÀM THỬ", exact=True)).to_be_visible()
    assert_fits(page)
    assert_accessible(page)
    with live.session() as session:
        held = answers_in(session.scalars(select(Practice)).one())
        assert (held.answered(), held.flags, held.texts[9]) == (9, {3}, TYPED["essay"])
        assert session.scalar(select(func.count()).select_from(Sitting)) == 0


def give(page: Page, way: str) -> None:
    """Answer the question in view without a mouse."""
    if way in ("choice", "choices"):
        for key in "b" if way == "choice" else "ac":
            page.keyboard.press(key)
    else:
        tab_to(page, ".ex-typed")
        page.keyboard.type(TYPED[way])
