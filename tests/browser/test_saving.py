"""The saver against a model of all that can happen to an answer: the last act of the candidate wins, and nothing that was kept is lost.

It needs a browser, but no site: the scripts are given to an empty page as they lie in the repository.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.once
ROOT = Path(__file__).parents[2]
EMPTY = "http://exam.test/"
WALK = """async ([act, kind, ...more]) => {
    const { Saver } = await import("/static/sitting/saver.js");
    const model = await import("/tests/browser/saving.js");
    return model[act](Saver, kind, ...more);
}"""
LATE_CASES = {
    "changed by a page that knew more than the one that finds it": "pick 0 a, open 1, send 0, kill 0, drift, open 0, pick 0 b, kill 0",
    "taken back by such a page": "open 1, pick 1 a, send 1, look 0, pick 0 b, lose 0, send 0, arrive 0, pick 0 x, kill 0",
}
DELIVERED = """async () => {
    const { Paper } = await import("/static/sitting/paper.js");
    return new Paper(document.body, () => "").delivered;
}"""
PAPER = """<button id="back"></button><button id="next"></button><button id="last"></button><div class="ex-cells"></div>
<b id="count-done"></b>{items}"""
ITEM = """<section data-item="{n}"><h2></h2><button data-flag aria-pressed="{flagged}"></button><button data-clear></button>
<fieldset data-answer="{kind}">{field}</fieldset></section>"""
FIELDS = (
    ("text", "<textarea>\n\n\n</textarea>", "\n\n"),
    ("text", "<textarea>\n</textarea>", None),
    ("text", "<input value=' '>", " "),
    ("text", "<input value=''>", None),
    ("choice", "<input type='radio' value='a' checked>", "a"),
    ("choice", "<input type='radio' value='a'>", None),
    ("choices", "<input type='checkbox' value='a' checked>", ["a"]),
    ("choices", "<input type='checkbox' value='a'>", None),
)
KINDS = ("choice", "text")
CASES = {
    "away and back while the first one travels, then killed": "pick 0 a, send 0, pick 0 b, pick 0 a, kill 0",
    "taken back in the second page while the first one's save travels": "open 1, pick 0 a, send 0, pick 1 x",
    "the same, and the second page's save comes first": "open 1, pick 0 a, send 0, pick 1 x, send 1, arrive 1",
    "taken back, and the first save arrives after the page was killed": "pick 0 a, send 0, pick 0 x, kill 0",
    "taken back by the page that comes after the killed one": "pick 0 a, send 0, kill 0, open 0, pick 0 x",
    "changed in a page that was opened while the first one's save travels": "pick 0 a, send 0, open 1, pick 1 b, send 1",
    "chosen again where it travels, after the second page took it back": "pick 0 a, send 0, lose 0, open 1, pick 1 x, send 1, pick 0 a",
    "taken back while the page's own save and then the other's travel": (
        "open 1, pick 1 a, send 1, lose 1, kill 0, open 0, pick 0 x, send 0, pick 1 b, pick 1 a"
    ),
    "sent as the very batch that a killed page had sent before": (
        "pick 0 a, send 0, kill 0, open 1, drift, open 0, pick 0 b, send 0, pick 1 a, send 1, arrive 1"
    ),
    "heard by one page of another that is killed and could keep nothing": "fill, open 1, pick 0 a, kill 0",
    "changed by a page that is killed while another's save travels": "open 1, pick 0 a, send 0, pick 1 b, kill 1",
}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page that finds the scripts of the exam room."""
    page = browser.new_page()
    page.route("**/*", deliver)
    page.goto(EMPTY)
    yield page
    page.close()


def deliver(route: Route) -> None:
    """A file of the repository; nothing else is there."""
    path = urlsplit(route.request.url).path.lstrip("/")
    if path:
        route.fulfill(path=ROOT / path)
    else:
        route.fulfill(body="<!doctype html><title>Empty</title>", content_type="text/html")


def test_the_last_act_wins_whatever_comes_between(page: Page) -> None:
    def fault(kind: str, events: str, loose: bool) -> Any:
        return page.evaluate(WALK, ["after", kind, events.split(", "), loose])["fault"]

    cases = [(name, events, loose) for table, loose in ((CASES, False), (LATE_CASES, True)) for name, events in table.items()]
    found = {(name, kind): fault(kind, events, loose) for name, events, loose in cases for kind in KINDS}
    assert {which: told for which, told in found.items() if told} == {}


@pytest.mark.parametrize("kind", KINDS)
def test_it_wins_in_every_sequence_of_five_events(page: Page, kind: str) -> None:
    walked = page.evaluate(WALK, ["walkAll", kind, 5])
    assert walked["bad"] == []
    assert walked["count"] > 1000


def test_it_wins_in_long_sequences_in_which_pages_and_server_answer_late(page: Page) -> None:
    wanted = {"seed": 20_261_122, "walks": 400, "length": 18}
    assert [page.evaluate(WALK, ["walkSome", kind, wanted]) for kind in KINDS] == [{"count": 400, "bad": []}] * len(KINDS)


def test_what_the_page_was_delivered_with_is_all_that_the_server_holds_blank_texts_too(page: Page) -> None:
    items = [ITEM.format(n=n, kind=kind, field=field, flagged="false" if n > 1 else "true") for n, (kind, field, _) in enumerate(FIELDS, 1)]
    page.set_content(PAPER.format(items="".join(items)))
    held = [[n, kind, value] for n, (kind, _, value) in enumerate(FIELDS, 1) if value is not None]
    assert page.evaluate(DELIVERED) == {"answers": held, "flags": [1]}
