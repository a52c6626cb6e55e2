"""One paper with a question of every kind, by keyboard alone, across a reload, zoomed; and what page and server must count alike."""

import re
from datetime import timedelta
from io import BytesIO

from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import select

from examsite import clock
from examsite.questions.models import Item
from examsite.rules.refusal import Refused
from examsite.rules.typed import Splice, read_number, spliced, word_count
from tests.browser.conftest import OpenPage
from tests.browser.room import Room
from tests.browser.site import LiveSite
from tests.browser.watch import assert_accessible, assert_fits
from tests.factories import make_image
from tests.rounds.kinds import make_kinds_world
from tests.rounds.world import World

ESSAY = "Kính gửi hội đồng,\n\nTôi xin trình bày fab."
TEXTS = ["", "một", "một hai", "hai một", "một\n\nhai", "😀", "a😀b", "a😀😀b", "một hai ba", "một ba", "aaaa", "aaa", " \u00a0\x1f\ufeff–"]
NUMBERS = ["3,14", "-0.50", "\u22127", "007", "1.000", "1.000.000", "1 000", "1'000", "ba", "", ",5", "5,", "3 kg", "--1", "0,0"]


def open_kinds(live: LiveSite) -> World:
    """An exam session under way whose general part has one question of each kind, one of them with a picture."""
    file = BytesIO()
    Image.new("RGB", (900, 300), "#dde6ee").save(file, "PNG")
    with live.session() as session:
        world = make_kinds_world(session, opens_at=clock.now() - timedelta(seconds=60))
        pictured = session.scalars(select(Item).where(Item.kind == "numeric")).one()
        make_image(session, pictured, file.getvalue(), "A circle and its diameter.")
        session.commit()
    return world


def test_a_paper_of_all_kinds_by_keyboard_alone(live: LiveSite, open_page: OpenPage) -> None:
    page = open_page(open_kinds(live).candidates["001"], size=(640, 360))  # what 1280 by 720 leaves at a zoom of 200 %
    room = Room(live, page).enter()
    for number in range(1, 6):
        expect(page.locator(f"#question-{number}")).to_be_visible()
        answer(page, in_view(page))
        assert_fits(page)
        assert_accessible(page)
        if number < 5:
            tab_to(page, "#next")
            page.keyboard.press("Enter")
    room.expect_saved()
    expect(page.locator("[data-count=done]")).to_have_text("5")
    page.reload()
    expect(page.locator("[data-count=done]")).to_have_text("5")
    for number in range(1, 6):
        page.goto(f"{page.url.split('#')[0]}#q{number}")
        expect_answered(page, in_view(page))
    stored = room.stored()
    assert sorted(stored.texts.values()) == sorted(["hà nội", "3,15", ESSAY])
    assert (len(stored.choices), [len(several) for several in stored.several.values()], stored.flags) == (1, [2], set())
    tab_to(page, "[data-review]:not([hidden])")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review")
    expect(page.get_by_text(f"{word_count(ESSAY)} từ")).to_be_visible()
    assert_fits(page)
    assert_accessible(page)
    tab_to(page, "#hand-in button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("^Biên nhận"))).to_be_visible()
    expect(page.get_by_text("chưa có kết quả: 1 câu chờ giám khảo chấm")).to_be_visible()
    assert_fits(page)


def test_page_and_server_read_what_is_typed_alike(live: LiveSite, open_page: OpenPage) -> None:
    page = open_page(open_kinds(live).candidates["001"])
    Room(live, page).enter()
    pairs = [[before, after] for before in TEXTS for after in TEXTS]
    changes = page.evaluate(
        "async (pairs) => { const m = await import('/static/sitting/splice.js'); return pairs.map((p) => m.spliceOf(...p)); }", pairs
    )
    for (before, after), change in zip(pairs, changes, strict=True):
        assert spliced(before, Splice(*change)) == after
        assert change[3] == len(after)
    counts = page.evaluate("async (texts) => { const m = await import('/static/sitting/typed.js'); return texts.map(m.wordCount); }", TEXTS)
    assert counts == [word_count(text) for text in TEXTS]
    read = page.evaluate(
        "async (texts) => { const m = await import('/static/sitting/typed.js'); return texts.map((text) => m.readNumber(text, '.')); }",
        NUMBERS,
    )
    assert [shown_number(text) for text in NUMBERS] == read


def shown_number(text: str) -> dict[str, str] | None:
    """What the page should say of a number: plain digits without needless noughts, or which fault the server finds."""
    if not text:
        return None
    try:
        number = read_number(text)
    except Refused as fault:
        return {"fault": fault.code.removeprefix("marking.number_")}
    plain = f"{number:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return {"number": "0" if not number else plain.replace("-", "\u2212")}


def in_view(page: Page) -> str:
    """How the question in view is answered: choice, choices, line, number or essay."""
    root = page.locator(".ex-ask:visible [data-answer]")
    way = root.get_attribute("data-answer") or ""
    if way != "text":
        return way
    return "essay" if root.locator("textarea").count() else "number" if root.locator(".is-number").count() else "line"


def answer(page: Page, way: str) -> None:
    """Answer the question in view without a mouse."""
    field = page.locator(".ex-ask:visible :is(.ex-typed)")
    if way == "choice":
        page.keyboard.press("b")
    elif way == "choices":
        expect(page.get_by_text("Chọn 2 phương án")).to_be_visible()
        expect(page.get_by_text("Chọn tất cả các phương án thì không được điểm", exact=False)).to_be_visible()
        for key in "acad":  # the second A takes the first one back
            page.keyboard.press(key)
    else:
        tab_to(page, ".ex-typed")
        page.keyboard.type({"line": "hà nội", "number": "1.000.0", "essay": ESSAY}[way])
    if way == "number":
        expect(page.get_by_text("hãy bỏ dấu ngăn cách hàng nghìn", exact=False)).to_be_visible()
        page.keyboard.press("Control+a")
        page.keyboard.type("3,15")
        expect(page.get_by_text("Máy đọc là 3,15.")).to_be_visible()
        assert page.get_by_role("img", name="A circle and its diameter.").evaluate("image => image.naturalWidth") == 900
    if way == "essay":
        expect(page.locator("[data-words]:visible")).to_have_text(str(word_count(ESSAY)))
        assert field.get_attribute("spellcheck") == "false"


def expect_answered(page: Page, way: str) -> None:
    """The question in view holds what `answer` gave."""
    if way in ("choice", "choices"):
        expect(page.locator(".ex-ask:visible input:checked")).to_have_count(1 if way == "choice" else 2)
    else:
        expect(page.locator(".ex-ask:visible .ex-typed")).to_have_value({"line": "hà nội", "number": "3,15", "essay": ESSAY}[way])


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus stands on what matches."""
    for _ in range(40):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {selector}")
