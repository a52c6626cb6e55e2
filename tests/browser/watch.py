"""What a page must never do, and what it must always be: quiet on the console, asking no other host, open to everyone."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebError

WCAG_2_2_AA = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],  # naming all that passed takes most of the time
}


class Watch:
    """Listens to every page of one browser context and remembers what should not have happened.

    Chromium reports a violated content policy, a missing file and an uncaught error as console errors, so all of them are seen.
    """

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.host = urlsplit(site).netloc
        self.faults: list[str] = []
        self.expected: list[re.Pattern[str]] = []
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)

    def expect(self, pattern: str) -> None:
        """A fault that this test causes on purpose: a cut network, a refused save."""
        self.expected.append(re.compile(pattern))

    def check(self) -> None:
        """Raise with everything that was seen and not expected."""
        unexpected = [fault for fault in self.faults if not any(pattern.search(fault) for pattern in self.expected)]
        assert not unexpected, "\n".join(unexpected)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.faults.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def _error(self, error: WebError) -> None:
        self.faults.append(f"uncaught: {error.error.message}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and address.netloc != self.host:
            self.faults.append(f"asked another host: {request.url}")


def assert_accessible(page: Page, *, without: Iterable[str] = (), sparing: str | None = None) -> None:
    """axe finds nothing against WCAG 2.2 AA or its own good practice on the page as it stands.

    `without` names rules left out, `sparing` is a selector of what is passed over: both for tests that see the same elsewhere.
    """
    options = WCAG_2_2_AA | {"rules": {rule: {"enabled": False} for rule in without}}
    found = Axe().run(page, context={"exclude": [sparing]} if sparing else None, options=options).response["violations"]
    told = [f"{rule['id']}: {rule['help']}\n" + "\n".join(f"    {node['html'][:300]}" for node in rule["nodes"]) for rule in found]
    assert not told, f"{page.url}\n" + "\n".join(told)


def assert_fits(page: Page) -> None:
    """Nothing sticks out sideways: the page is never wider than its window."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px wider than the window"
