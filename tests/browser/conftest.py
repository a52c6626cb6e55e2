"""A real Chromium on a live site, one browser for the whole run; each test has its own database and its own contexts.

def test_it(live: LiveSite, open_page: OpenPage) -> None:
    with live.session() as session:
        officer = make_staff(session)
        session.commit()
    page = open_page(officer, language="vi")   # signed in, watched: console errors and outside hosts fail the test
    page.goto("/password")
    assert_accessible(page)
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect
from sqlalchemy import Engine

from examsite.accounts.models import Account
from examsite.app import create_app
from examsite.config import Settings
from tests import databases
from tests.browser.site import Counted, LiveSite, served
from tests.browser.watch import Watch

LOCALES = {"vi": "vi-VN", "en": "en-GB"}
# The first two open a window process of their own beside every page, which costs more than the pages themselves. The others are those that
# Playwright switches off by itself; a second list takes the place of its own.
SWITCHED_OFF = (
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,AimEnabled,AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,"
    "HttpsFirstBalancedModeAutoEnable,HttpsUpgrades,LensOverlay,MediaRouter,NetworkTimeServiceQuerying,OptimizationHints,PaintHolding,"
    "PreconnectToSearch,ThirdPartyStoragePartitioning"
)
ARGUMENTS = [
    f"--disable-features={SWITCHED_OFF}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 30_000


@dataclass
class OpenPage:
    """`open_page(account)`: a page of a browser of that person's own, signed in; `open_page()`: of a stranger."""

    browser: Browser
    live: LiveSite
    opened: list[tuple[BrowserContext, Watch]] = field(default_factory=list)

    def __call__(self, account: Account | None = None, *, language: str = "vi", size: tuple[int, int] = (1280, 720), **more: Any) -> Page:
        """A page in `language`, `size` in CSS pixels; `more` goes to Playwright's `new_context`."""
        width, height = size
        settings = {"locale": LOCALES[language], "viewport": {"width": width, "height": height}, "reduced_motion": "reduce"} | more
        context = self.browser.new_context(base_url=self.live.url, **settings)
        context.set_default_timeout(PATIENCE_MS)
        self.opened.append((context, Watch(context, self.live.url)))
        page = context.new_page()
        if account is not None:
            self.live.sign_in(page, account)
        return page

    def watch(self, page: Page) -> Watch:
        """What watches over this page's context."""
        return next(watch for context, watch in self.opened if context == page.context)


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The one Chromium of this run. Missing: the run fails and says what installs it, because a skipped test proves nothing."""
    expect.set_options(timeout=PATIENCE_MS)
    browser = playwright.chromium.launch(executable_path=find_chromium(playwright), args=ARGUMENTS)
    yield browser
    browser.close()


def find_chromium(playwright: Playwright) -> str:
    """The system's Chromium, or the one Playwright keeps. The one without windows of its own takes half the processor time a page."""
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    own = playwright.chromium.executable_path
    if os.access(own, os.X_OK):
        return own
    pytest.fail("There is no Chromium. Install one with: apt-get install chromium, or: .venv/bin/playwright install --with-deps chromium")


@pytest.fixture(scope="session")
def live_app(settings: Settings, shared_engine: Engine) -> Iterator[tuple[Counted, str]]:
    """The app and its server, started once; each test puts its own database under it."""
    counted = Counted(create_app(settings, shared_engine))
    with served(counted) as url:
        yield counted, url


@pytest.fixture
def live(live_app: tuple[Counted, str], own_database: databases.Copy) -> Iterator[LiveSite]:
    """The site on a fresh database: real commits, the real clock."""
    counted, url = live_app
    app = counted.app
    usual = app.extensions["examsite.engine"]
    app.extensions["examsite.engine"] = own_database.engine
    yield LiveSite(app, url, own_database)
    counted.wait_until_idle()
    app.extensions["examsite.engine"] = usual


@pytest.fixture
def open_page(browser: Browser, live: LiveSite) -> Iterator[OpenPage]:
    """Opens pages as one person or several; at the end each must have been quiet."""
    opener = OpenPage(browser, live)
    yield opener
    for context, _ in opener.opened:
        context.close()
    for _, watch in opener.opened:
        watch.check()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """One page of a stranger, in Vietnamese."""
    return open_page()
