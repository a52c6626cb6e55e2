"""Forms of staff that carry what their page showed."""

import re

from tests.client import Browser


def seen_in(page: str) -> dict[str, str]:
    """What the form of a page says that it showed."""
    [found] = re.findall(r'name="seen"[^>]*value="([0-9a-f]{16})"', page)
    return {"seen": found}


def seen_on(browser: Browser, address: str) -> dict[str, str]:
    """The same of a page that is opened now."""
    return seen_in(browser.get(address).text)
