"""Follow the links of the site as one person, a few pages of each kind."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

OF_EACH_KIND = 2
DIFFER = {"grading.interview", "grading.sheet"}
"""Pages of which one campaign has several that offer different acts: an interview that is scored, and one that waits."""
_CAMPAIGN = re.compile(r"^/campaigns/([^/]+)/")
_LINK = re.compile(r'href="(/[^"#]*)')


@dataclass(frozen=True)
class Visited:
    """One page as it was answered."""

    address: str
    endpoint: str
    status: int
    text: str


def crawl(app: Flask, client: FlaskClient, language: str = "vi") -> Iterator[Visited]:
    """Every kind of page that can be reached by links from the first ones: one of each campaign, since these stand at different stages,
    and a few of each kind that belongs to none."""
    waiting, seen, count = ["/", "/home"], set(), Counter[tuple[str, str]]()
    while waiting:
        address = waiting.pop(0)
        endpoint = endpoint_of(app, address)
        if address in seen or endpoint is None or endpoint.endswith("static"):
            continue
        campaign = _CAMPAIGN.match(address)
        about = campaign[1] if campaign else ""
        if count[endpoint, about] >= (1 if campaign and endpoint not in DIFFER else OF_EACH_KIND):
            continue
        seen.add(address)
        count[endpoint, about] += 1
        answer = client.get(address, headers={"Accept-Language": language})
        text = answer.text if answer.mimetype == "text/html" else ""
        answer.close()
        waiting += [link.replace("&amp;", "&") for link in _LINK.findall(text)]
        yield Visited(address, endpoint, answer.status_code, text)


def endpoint_of(app: Flask, address: str) -> str | None:
    """The view that answers a GET of this address; None where there is none, which a test then finds."""
    try:
        return str(app.url_map.bind("localhost").match(address.split("?")[0], "GET")[0])
    except HTTPException:
        return None
