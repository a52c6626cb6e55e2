"""Short codes that two people may choose at the same moment: the database decides, the second is told."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examsite.rules.refusal import Refused


@contextmanager
def unless_taken(session: Session, refusal: Refused) -> Iterator[None]:
    """Make the changes of the block; where a unique constraint is against them, undo them and raise `refusal` instead."""
    try:
        with session.begin_nested():
            yield
    except IntegrityError as error:
        raise refusal from error
