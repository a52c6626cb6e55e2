"""What a person does on the pages of a list: sends a file, reads the dry run, confirms what it showed."""

import re
from io import BytesIO

from werkzeug.test import TestResponse

from tests.client import Browser

DIGEST = re.compile(r'name="digest" value="([0-9a-f]{64})"')


def send(browser: Browser, address: str, data: bytes, name: str = "danh-sach.xlsx") -> TestResponse:
    """Upload a file for its dry run."""
    return browser.post(address, {"file": (BytesIO(data), name)}, content_type="multipart/form-data")


def decide(browser: Browser, address: str, rows: str = "all") -> TestResponse:
    """Confirm the dry run at this address, as its page stands now."""
    found = DIGEST.search(browser.get(address).text)
    return browser.post(address, {"rows": rows, "digest": found[1] if found else ""})
