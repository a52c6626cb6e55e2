"""The demonstration as a world for tests: built once, looked at by everybody, changed by nobody."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite import clock
from examsite.accounts.models import Account
from examsite.accounts.operations import open_login
from examsite.app import create_app
from examsite.config import Settings
from examsite.db import open_session
from examsite.demo.build import build, keep_an_exam_open
from tests import databases
from tests.browser.conftest import browser as browser
from tests.demo import shared
from tests.demo.crawling import Visited, crawl
from tests.factories import make_staff

Kinds = dict[str, dict[str, Visited]]
"""Of each person, the kinds of page they reach: endpoint to the first page of that kind."""

PEOPLE = {
    "officer": "hang",
    "hr": "phuc",
    "chair": "thao",
    "council": "vinh",
    "question head": "lan",
    "question": "nghia",
    "invigilator": "dung",
    "code head": "oanh",
    "code": "quyen",
    "panel head": "long",
    "panel": "huong",
    "supervisor": "giang",
    "administrator": "admin",
    "outsider": "outsider",
    "candidate": "la-2026-01-0002",
    "another candidate": "la-2026-03-0001",
}
"""Who they are in the tests: sign-in name. The outsider sits on no board at all; `public` is nobody."""


VISITORS = (
    "officer", "chair", "question head", "invigilator", "panel head", "administrator", "outsider", "candidate", "another candidate",
    "public",
)  # fmt: skip
"""Who together reach every kind of page."""


@dataclass
class World:
    """The site on the demonstration's database, with a client for each person."""

    app: Flask
    clients: dict[str, FlaskClient] = field(default_factory=dict)

    def pages_of(self, person: str) -> list[Visited]:
        """What a person reaches by links, in Vietnamese; crawled once in a run."""
        return self.pages_of_all([person])[person]

    def pages_of_all(self, people: list[str]) -> dict[str, list[Visited]]:
        """The same of several; workers who want all of them share the work."""
        return shared.each(people, lambda person: list(crawl(self.app, self.clients[person])))


@pytest.fixture(scope="session")
def world(template: databases.Template) -> Iterator[World]:
    """The demonstration with one in three of its people, built once in a run for all tests that only look at it."""
    kept, tokens = shared.once("demonstration", partial(_built, template))
    copy = template.copy(kept)
    settings = Settings(database_url=copy.url, secret_key="a key for tests that nobody else will ever use", demo=True)
    found = World(create_app(settings, copy.engine))
    found.clients = {person: _signed_in(found.app, token) for person, token in tokens.items()}
    found.clients["public"] = found.app.test_client()
    yield found
    template.drop(copy)


@pytest.fixture(scope="session")
def kinds(world: World) -> Kinds:
    """Who reaches which kinds of page; nothing that a page links to may be refused to its reader."""
    return {person: kinds_of(pages, person) for person, pages in world.pages_of_all([*PEOPLE, "public"]).items()}


def _built(template: databases.Template) -> tuple[str, dict[str, str]]:
    """The kept database, and of each person the token of a login."""
    copy = template.copy()
    with open_session(copy.engine) as session:
        assert build(session, clock.now(), lambda _told: None, one_in=3)
        keep_an_exam_open(session, clock.now())
        make_staff(session, "outsider")
        tokens = {person: open_login(session, _named(session, name), clock.now()) for person, name in PEOPLE.items()}
        session.commit()
    return template.keep(copy), tokens


def kinds_of(pages: Iterable[Visited], person: str) -> dict[str, Visited]:
    """Of these pages of a person the first of each kind; none that a link leads to was refused."""
    first: dict[str, Visited] = {}
    for page in pages:
        assert page.status in {200, 303}, f"{person}: {page.address} answered {page.status}"
        if page.status == 200:
            first.setdefault(page.endpoint, page)
    return first


def _named(session: Session, name: str) -> Account:
    return session.scalars(select(Account).where(Account.sign_in_name == name)).one()


def _signed_in(app: Flask, token: str) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return client
