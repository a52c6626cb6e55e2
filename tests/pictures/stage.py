"""The demonstration in a database that lasts as long as the pictures take, served, with a browser before it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from playwright.sync_api import Browser, Page, sync_playwright

from examsite import clock
from examsite.accounts.models import Account
from examsite.app import create_app
from examsite.config import Settings
from examsite.db import open_session
from examsite.demo.build import build, keep_an_exam_open
from hatch_build import compile_catalogues
from tests import databases
from tests.browser.conftest import ARGUMENTS, LOCALES, find_chromium
from tests.browser.site import LiveSite, served
from tests.pictures.cast import OpenExam

KEY = "a key for pictures that nobody else will ever use"
A_WHILE = timedelta(minutes=9)
"""How long the exam has been open: nobody waits for its beginning."""
ORGANISATION = "Thành phố Lạc An"
Size = tuple[int, int]
SCREEN: Size = (1280, 720)
PHONE: Size = (390, 844)


@dataclass
class Stage:
    """`open(account)`: a page of a browser of that person's own. Whoever takes a picture closes nothing: others may be in it."""

    browser: Browser
    site: LiveSite
    exam: OpenExam | None = None
    pages: dict[int, Page] = field(default_factory=dict)

    def open(self, account: Account | None, language: str = "en", size: Size = SCREEN) -> Page:
        """A page at `size` in CSS pixels; the same one again for a person who is in already, whose exam goes on there."""
        if account is not None and account.id in self.pages:
            return self.pages[account.id]
        width, height = size
        context = self.browser.new_context(
            base_url=self.site.url,
            locale=LOCALES[language],
            timezone_id="Asia/Ho_Chi_Minh",
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
        )
        page = context.new_page()
        if account is not None:
            self.site.sign_in(page, account)
            self.pages[account.id] = page
        return page


@contextmanager
def demonstration() -> Iterator[Stage]:
    """Build the demonstration, serve it, start Chromium; afterwards nothing of it remains."""
    compile_catalogues()
    folder = databases.scratch_folder()
    try:
        copy = databases.Sqlite(folder).copy()
        with open_session(copy.engine) as session:
            build(session, clock.now(), print)
            keep_an_exam_open(session, clock.now() - A_WHILE)
            session.commit()
        app = create_app(Settings(database_url=copy.url, secret_key=KEY, organisation=ORGANISATION), copy.engine)
        with served(app) as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_chromium(playwright), args=ARGUMENTS)
            yield Stage(browser, LiveSite(app, url, copy))
            browser.close()
        copy.engine.dispose()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
