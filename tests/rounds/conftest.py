"""The world that tests of this room live in."""

import pytest
from sqlalchemy.orm import Session

from tests.rounds.world import World, make_world


@pytest.fixture
def world(session: Session) -> World:
    """Two candidates, 001 and 002, an exam session that begins at NOW under a shared clock, papers sealed."""
    found = make_world(session)
    session.commit()
    return found
