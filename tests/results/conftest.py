from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from tests.results.ground import Ground, make_ground


@pytest.fixture
def ground(session: Session, now: datetime) -> Ground:
    """A campaign under `leader-screening` with nobody in it yet."""
    return make_ground(session, now)
