from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from examsite.db import open_session
from tests.databases import Template
from tests.grading.world import World, find_world, make_world

KEPT = {"begun": "kept_begun", "world": "kept_world"}
"""What a test asks for, and the database that it then stands on; the first that fits."""


@pytest.fixture(scope="session")
def kept_world(template: Template) -> Iterator[Engine]:
    """A database with the usual world, made once: most tests of this room begin with it, and none leaves anything in it."""
    copy = template.copy()
    with open_session(copy.engine) as session:
        make_world(session)
    yield copy.engine
    template.drop(copy)


@pytest.fixture(scope="session")
def kept_begun(template: Template) -> Iterator[Engine]:
    """Another with its interviews begun."""
    copy = template.copy()
    with open_session(copy.engine) as session:
        make_world(session).begin()
        session.commit()
    yield copy.engine
    template.drop(copy)


@pytest.fixture
def beneath(request: pytest.FixtureRequest, shared_engine: Engine) -> Engine:
    """The database with the world, as far as a test wants it."""
    asked = next((kept for name, kept in KEPT.items() if name in request.fixturenames), None)
    kept: Engine = request.getfixturevalue(asked) if asked else shared_engine
    return kept


@pytest.fixture
def world(session: Session) -> World:
    """A panel of three with two candidates, before its lots."""
    return find_world(session)


@pytest.fixture
def begun(world: World) -> World:
    """The same with lots drawn, conflicts declared, candidates there."""
    return world


@pytest.fixture
def url(world: World) -> Callable[..., str]:
    """`url("/room")`: an address below the panel; `url("/sheet", "001")`: below an interview of it, as it is named beside a code."""

    def address(path: str = "", number: str | None = None) -> str:
        panel = f"/campaigns/{world.campaign.public_id}/panels/{world.panel.public_id}"
        return panel + (f"/interviews/{world.interview(number).public_id}" if number else "") + path

    return address


@pytest.fixture
def by_name(world: World, url: Callable[..., str]) -> Callable[..., str]:
    """`by_name("/presence", "001")`: an address below one candidate of the panel, as pages with names call it."""
    return lambda path, number: url(f"/candidates/{world.applications[number].public_id}{path}")
