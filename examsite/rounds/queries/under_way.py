"""How many candidates sit now, for whoever watches the site."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsite.rounds.models import Sitting


def open_sittings(session: Session) -> int:
    """Sittings that nobody has handed in and whose close nobody has written down."""
    return session.scalars(select(func.count()).select_from(Sitting).where(Sitting.state == "open")).one()
