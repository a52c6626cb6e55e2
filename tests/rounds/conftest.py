"""The world that tests of this room live in."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from examsite.db import open_session
from examsite.rounds.models import ReleaseRequest, RosterEntry, Sitting
from examsite.rounds.operations import devices
from tests.client import Browser
from tests.conftest import NOW
from tests.databases import Template
from tests.rounds.page import Page
from tests.rounds.world import World, find_world, make_world


@pytest.fixture(scope="session")
def kept_world(template: Template) -> Iterator[Engine]:
    """A database with the usual world, made once: most tests of this room begin with it, and none leaves anything in it."""
    copy = template.copy()
    with open_session(copy.engine) as session:
        make_world(session)
        session.commit()
    yield copy.engine
    template.drop(copy)


@pytest.fixture
def beneath(request: pytest.FixtureRequest, shared_engine: Engine) -> Engine:
    """The database with the world for a test that wants it."""
    kept: Engine = request.getfixturevalue("kept_world") if "world" in request.fixturenames else shared_engine
    return kept


@pytest.fixture
def world(session: Session) -> World:
    """Two candidates, 001 and 002, an exam session that begins at NOW under a shared clock, papers sealed."""
    return find_world(session)


@pytest.fixture
def open_page(app: Flask, world: World, browse: Callable[..., Browser]) -> Callable[..., Page]:
    """`open_page("001", "general")`: that candidate begins that part in a browser of their own."""

    def opened(number: str = "001", part: str = "general") -> Page:
        browser = browse(world.candidates[number])
        assert browser.post(f"/exam/start/{part}").status_code == 303
        wanted = select(Sitting).join(RosterEntry).where(RosterEntry.candidate_number == number, Sitting.part == part)
        return Page(app, world, browser, world.session.scalars(wanted).one())

    return opened


@pytest.fixture
def exam_page(open_page: Callable[..., Page]) -> Page:
    """Candidate 001 in the general part."""
    return open_page()


@pytest.fixture
def take_over(exam_page: Page, open_page: Callable[..., Page], world: World) -> Callable[[], Page]:
    """`take_over()`: the same candidate goes on in a second browser, which the invigilator lets in; it holds the pen from then on."""

    def taken() -> Page:
        second = open_page()
        assert second.browser.post(second.address + "/ask-release").status_code == 303
        asked = world.session.scalars(select(ReleaseRequest.public_id).order_by(ReleaseRequest.id.desc())).first()
        assert asked is not None
        devices.release(world.session, world.reload(second.sitting), asked, "For the test.", world.role("invigilation"), NOW)
        world.session.commit()
        assert second.browser.post(second.address + "/take-over").status_code == 303
        return second

    return taken
