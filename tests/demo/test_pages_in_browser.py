"""Every kind of page in a real browser: open to everyone, no wider than the window, quiet, asking no other host."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page

from tests.browser.conftest import LOCALES
from tests.browser.site import served
from tests.browser.watch import Watch, assert_accessible, assert_fits
from tests.demo.conftest import Kinds, World

pytestmark = pytest.mark.xdist_group("demonstration")

LOOKS = {"vi": (1280, 720), "en": (390, 844)}
"""In Vietnamese on a screen, in English on a phone."""

VISITORS: dict[str, set[str]] = {
    "officer": set(),
    "chair": {"desk.campaign_stages", "grading.panels", "results.lists"},
    "question head": {"desk.home", "rounds.session"},
    "invigilator": {"desk.home", "rounds.session"},
    "panel head": {"desk.home", "grading.panels"},
    "administrator": {"desk.home"},
    "outsider": {"desk.home", "campaigns.campaign_list"},
    "candidate": {"desk.home", "desk.front", "rounds.waiting_room"},
    "another candidate": {"desk.home", "rounds.waiting_room"},
    "public": {"desk.front", "desk.public_campaign", "campaigns.rules", "results.public_list", "rounds.draw"},
}
"""Who opens every kind of page that nobody before them reached, and which pages again because they look different to them."""


@pytest.fixture(scope="module")
def site(world: World) -> Iterator[str]:
    """The demonstration as browsers reach it."""
    with served(world.app) as url:
        yield url


@pytest.fixture(scope="module")
def visits(kinds: Kinds) -> dict[str, list[str]]:
    """Which addresses each of them opens."""
    planned, before = {}, set[str]()
    for person, again in VISITORS.items():
        pages = kinds[person]
        planned[person] = [pages[kind].address for kind in sorted(set(pages) - before | again) if pages[kind].text]
        before |= set(pages)
    return planned


def test_nobody_else_reaches_another_kind_of_page(kinds: Kinds) -> None:
    assert {kind for pages in kinds.values() for kind in pages} == {kind for person in VISITORS for kind in kinds[person]}


@pytest.mark.parametrize("language", LOOKS)
@pytest.mark.parametrize("person", VISITORS)
def test_pages_are_open_to_everyone(
    browser: Browser, world: World, site: str, visits: dict[str, list[str]], person: str, language: str
) -> None:
    width, height = LOOKS[language]
    with browser.new_context(
        base_url=site, locale=LOCALES[language], viewport={"width": width, "height": height}, reduced_motion="reduce"
    ) as context:
        watch = Watch(context, site)
        context.add_cookies(_cookies(world, world.clients[person], site))
        page = context.new_page()
        faults = [fault for address in visits[person] for fault in _faults(page, address, language)]
    assert not faults, "\n\n".join(faults)
    watch.check()


def _cookies(world: World, client: FlaskClient, site: str) -> list[dict[str, str]]:
    """The client's session, for a browser."""
    name = world.app.config["SESSION_COOKIE_NAME"]
    kept = client.get_cookie(name)
    return [{"name": name, "value": kept.value, "url": site}] if kept else []


def _faults(page: Page, address: str, language: str) -> Iterator[str]:
    """What is wrong with one page, so that one run tells about all of them."""
    page.goto(address)
    for check in (assert_accessible, assert_fits):
        try:
            check(page)
        except AssertionError as fault:
            yield f"{address}: {fault}"
    if page.locator("h1").count() != 1:
        yield f"{address}: has {page.locator('h1').count()} headings of the first level"
    if not page.title().partition("–")[0].strip():
        yield f"{address}: has no title of its own"
    if page.locator("html").get_attribute("lang") != language:
        yield f"{address}: is not said to be in {language}"
