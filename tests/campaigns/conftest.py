"""What the tests of this room share."""

import pytest
from sqlalchemy.orm import Session

from tests.campaigns.house import House, build
from tests.campaigns.intake_file import Desk, make_desk


@pytest.fixture
def desk(session: Session) -> Desk:
    """A campaign that receives applications, seen by its HR officer."""
    return make_desk(session)


@pytest.fixture
def house(session: Session) -> House:
    """A campaign in its draft and the people around it."""
    return build(session)
