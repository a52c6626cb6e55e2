"""The demonstration as a world for tests: built once, looked at by everybody, changed by nobody."""

from collections.abc import Iterator
from dataclasses import dataclass, field

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


@dataclass
class World:
    """The site on the demonstration's database, with a client for each person."""

    app: Flask
    clients: dict[str, FlaskClient] = field(default_factory=dict)
    pages: dict[str, list[Visited]] = field(default_factory=dict)

    def pages_of(self, person: str) -> list[Visited]:
        """What a person reaches by links, in Vietnamese; crawled once and remembered."""
        if person not in self.pages:
            self.pages[person] = list(crawl(self.app, self.clients[person]))
        return self.pages[person]


@pytest.fixture(scope="session")
def world(template: databases.Sqlite | databases.Postgresql) -> Iterator[World]:
    """Build the demonstration once for all tests that only look at it."""
    copy = template.copy()
    with open_session(copy.engine) as session:
        assert build(session, clock.now(), lambda _told: None)
        keep_an_exam_open(session, clock.now())
        make_staff(session, "outsider")
        session.commit()
    settings = Settings(database_url=copy.url, secret_key="a key for tests that nobody else will ever use", demo=True)
    found = World(create_app(settings, copy.engine))
    with open_session(copy.engine) as session:
        found.clients = {person: _signed_in(found.app, session, name) for person, name in PEOPLE.items()}
        session.commit()
    found.clients["public"] = found.app.test_client()
    yield found
    template.drop(copy)


@pytest.fixture(scope="session")
def kinds(world: World) -> Kinds:
    """Who reaches which kinds of page; nothing that a page links to may be refused to its reader."""
    return {person: _kinds_of(world, person) for person in (*PEOPLE, "public")}


def _kinds_of(world: World, person: str) -> dict[str, Visited]:
    first: dict[str, Visited] = {}
    for page in world.pages_of(person):
        assert page.status in {200, 303}, f"{person}: {page.address} answered {page.status}"
        if page.status == 200:
            first.setdefault(page.endpoint, page)
    return first


def _signed_in(app: Flask, session: Session, name: str) -> FlaskClient:
    account = session.scalars(select(Account).where(Account.sign_in_name == name)).one()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = open_login(session, account, clock.now())
        cookie["_fresh"] = True
    return client
