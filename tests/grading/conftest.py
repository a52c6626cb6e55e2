from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from tests.grading.world import World, make_world


@pytest.fixture
def world(session: Session) -> World:
    """A panel of three with two candidates, before its lots."""
    return make_world(session)


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
