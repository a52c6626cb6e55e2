"""What forms take: texts for texts, files for files. Whatever else is sent leaves the form as if nothing had been typed."""

import io
import json
from collections.abc import Callable

import pytest

from tests.client import Browser


def token_of(browser: Browser) -> str:
    """The form token of the sign-in page."""
    return browser.get("/sign-in").text.partition('name="csrf_token" value="')[2].partition('"')[0]


@pytest.mark.parametrize("body", [[1], 5, "x", None, {"sign_in_name": 5, "password": ["x"]}, {"sign_in_name": "a\0b", "password": "x"}])
def test_json_is_no_form(browse: Callable[..., Browser], body: object) -> None:
    browser = browse()
    sent = {"data": json.dumps(body), "content_type": "application/json", "headers": {"X-CSRFToken": token_of(browser)}}
    assert browser.client.post("/sign-in", **sent).status_code == 422


def test_a_file_is_no_text(browse: Callable[..., Browser]) -> None:
    browser = browse()
    fields = {"csrf_token": token_of(browser), "sign_in_name": (io.BytesIO(b"an"), "an.txt"), "password": "x"}
    answer = browser.client.post("/sign-in", data=fields, content_type="multipart/form-data")
    assert answer.status_code == 422


@pytest.mark.parametrize("address", ["http://[x", "http://[::1", "//[", "x" * 9000])
def test_a_page_that_is_none_leads_back_to_the_first(browse: Callable[..., Browser], address: str) -> None:
    answer = browse().client.get("/nowhere", headers={"Referer": address})
    assert (answer.status_code, 'href="/"' in answer.text) == (404, True)
