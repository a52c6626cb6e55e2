"""Every kind of page in a real browser: open to everyone, no wider than the window, quiet, asking no other host.

A browser is dear, so not everything is done twice. Each kind of page is opened by the first visitor who reaches it, and by others to whom
it looks different: in Vietnamese on a screen, where axe reads it, and then in the same window as narrow as a phone. In English on a phone
only those are opened again that are read on phones, or whose layout is another one there; their colours are the same, so axe passes over
them. Of a long table axe reads the first rows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page

from tests.browser.conftest import LOCALES
from tests.browser.site import served
from tests.browser.watch import Watch, assert_accessible
from tests.demo.conftest import VISITORS, Kinds, World

AGAIN: dict[str, set[str]] = {
    "chair": {"desk.campaign_stages"},
    "question head": {"desk.home"},
    "invigilator": {"desk.home", "rounds.session"},
    "panel head": {"desk.home", "grading.panels"},
    "outsider": {"campaigns.campaign_list"},
    "candidate": {"desk.home", "rounds.waiting_room"},
    "another candidate": {"desk.home", "rounds.waiting_room"},
    "public": {"desk.front", "desk.public_campaign", "results.public_list", "rounds.draw"},
}
"""Everybody opens each kind of page that nobody before them reached, and these again, because they look different to them."""

SHARES = {"officer": 5}
"""Whoever opens many pages does so in several tests, so that no worker waits for one of them at the end."""

ON_PHONES = {
    "accounts.activate", "accounts.sign_in", "campaigns.application", "campaigns.applications", "campaigns.boards", "desk.campaign_stages",
    "desk.front", "desk.home", "desk.public_campaign", "grading.room", "grading.sheet", "results.draft", "results.public_list",
    "rounds.check_receipt", "rounds.draw", "rounds.receipt", "rounds.session", "rounds.waiting_room",
}  # fmt: skip
"""What candidates and the public read, and the pages of staff with the widest tables; each is opened by the last who comes to it."""

MANY_ROWS = "tbody tr:nth-child(n+5)"


@dataclass(frozen=True)
class Look:
    """How a page is opened."""

    language: str
    width: int
    height: int


SCREEN, PHONE = Look("vi", 1280, 720), Look("en", 390, 844)
MEASURE = """() => ({
    wider: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    headings: document.querySelectorAll("h1").length, language: document.documentElement.lang, title: document.title.split("–")[0].trim(),
})"""


@pytest.fixture(scope="module")
def site(world: World) -> Iterator[str]:
    """The demonstration as browsers reach it."""
    with served(world.app) as url:
        yield url


@pytest.fixture(scope="module")
def visits(kinds: Kinds) -> dict[str, dict[str, str]]:
    """Which kinds of page each of them opens on a screen, and at what address."""
    planned, before = {}, set[str]()
    for person in VISITORS:
        pages, again = kinds[person], AGAIN.get(person, set())
        assert again <= set(pages), f"{person} does not reach {again - set(pages)}"
        planned[person] = {kind: pages[kind].address for kind in sorted(set(pages) - before | again) if pages[kind].text}
        before |= set(pages)
    return planned


@pytest.fixture(scope="module")
def last_visitor(visits: dict[str, dict[str, str]]) -> dict[str, str]:
    """Of each kind of page, who opens it on a phone."""
    return {kind: person for person, pages in visits.items() for kind in pages if kind in ON_PHONES}


def test_nobody_else_reaches_another_kind_of_page(kinds: Kinds) -> None:
    assert {kind for pages in kinds.values() for kind in pages} == {kind for person in VISITORS for kind in kinds[person]}


def test_every_page_for_phones_is_opened(last_visitor: dict[str, str]) -> None:
    assert set(last_visitor) == ON_PHONES


@pytest.mark.parametrize(("person", "share"), [(person, share) for person in VISITORS for share in range(SHARES.get(person, 1))])
def test_pages_are_open_to_everyone(
    browser: Browser, world: World, site: str, visits: dict[str, dict[str, str]], last_visitor: dict[str, str], person: str, share: int
) -> None:
    mine = dict(list(visits[person].items())[share :: SHARES.get(person, 1)])
    on_phone = [address for kind, address in mine.items() if last_visitor.get(kind) == person]
    with browser.new_context(base_url=site, reduced_motion="reduce") as context:
        watch = Watch(context, site)
        context.add_cookies(_cookies(world, world.clients[person], site))
        page = context.new_page()
        faults = [*_on_a_screen(page, mine.values()), *_on_a_phone(page, on_phone)]
    assert not faults, "\n\n".join(faults)
    watch.check()


def _cookies(world: World, client: FlaskClient, site: str) -> list[dict[str, str]]:
    """The client's session, for a browser."""
    name = world.app.config["SESSION_COOKIE_NAME"]
    kept = client.get_cookie(name)
    return [{"name": name, "value": kept.value, "url": site}] if kept else []


def _on_a_screen(page: Page, addresses: Iterable[str]) -> Iterator[str]:
    """What is wrong with pages on a screen, and in the same window made narrow; one run tells about all of them."""
    for address in addresses:
        _open(page, address, SCREEN)
        yield from _faults(page, SCREEN)
        yield from _unreadable(page)
        page.set_viewport_size({"width": PHONE.width, "height": PHONE.height})
        yield from _faults(page, SCREEN)


def _on_a_phone(page: Page, addresses: Iterable[str]) -> Iterator[str]:
    for address in addresses:
        _open(page, address, PHONE)
        yield from _faults(page, PHONE)
        yield from _unreadable(page, "color-contrast")


def _open(page: Page, address: str, look: Look) -> None:
    page.set_extra_http_headers({"Accept-Language": LOCALES[look.language]})
    page.set_viewport_size({"width": look.width, "height": look.height})
    page.goto(address)


def _faults(page: Page, look: Look) -> Iterator[str]:
    """What can be measured in a moment."""
    found = page.evaluate(MEASURE)
    if found["wider"] > 0:
        yield f"{page.url} is {found['wider']} px wider than the window"
    if found["headings"] != 1:
        yield f"{page.url} has {found['headings']} headings of the first level"
    if not found["title"]:
        yield f"{page.url} has no title of its own"
    if found["language"] != look.language:
        yield f"{page.url} is said to be in {found['language']}, not in {look.language}"


def _unreadable(page: Page, *without: str) -> Iterator[str]:
    """What axe finds."""
    try:
        assert_accessible(page, without=without, sparing=MANY_ROWS)
    except AssertionError as fault:
        yield str(fault)
