from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from examsite.db import open_session
from tests.databases import Template
from tests.grading.world import World, find_world, make_world


@pytest.fixture(scope="session")
def kept_world(template: Template) -> Iterator[Engine]:
    """A database with the usual world, made once: most tests of this room begin with it, and none leaves anything in it."""
    copy = template.copy()
    with open_session(copy.engine) as session:
        make_world(session)
    yield copy.engine
    template.drop(copy)


@pytest.fixture
def beneath(request: pytest.FixtureRequest, shared_engine: Engine) -> Engine:
    """The database with the world for a test that wants it."""
    kept: Engine = request.getfixturevalue("kept_world") if "world" in request.fixturenames else shared_engine
    return kept


@pytest.fixture
def world(session: Session) -> World:
    """A panel of three with two candidates, before its lots."""
    return find_world(session)


@pytest.fixture
def begun(world: World) -> World:
    """The same with lots drawn, conflicts declared, candidates there."""
    world.begin()
    world.session.commit()
    return world


@pytest.fixture
def url(world: World) -> Callable[..., str]:
    """`url("/room")`: an address below the panel; `url("/sheet", "001")`: below an interview of it."""

    def address(path: str = "", number: str | None = None) -> str:
        panel = f"/campaigns/{world.campaign.public_id}/panels/{world.panel.public_id}"
        return panel + (f"/interviews/{world.interview(number).public_id}" if number else "") + path

    return address
