"""Several at the same moment, each on a connection of its own: whoever comes second is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from sqlalchemy.orm import Session

from examsite.db import open_session
from examsite.rules.refusal import Refused
from tests.databases import Copy

T = TypeVar("T")
DONE = "done"


def at_once(database: Copy, load: Callable[[Session], T], *acts: Callable[[Session, T], object]) -> list[str]:
    """What each act came to: DONE and committed, or the code of what refused it. Each has loaded what it needs before all are let go."""
    start = Barrier(len(acts))

    def one(act: Callable[[Session, T], object]) -> str:
        with open_session(database.engine) as session:
            loaded = load(session)
            session.rollback()
            start.wait(timeout=60)
            try:
                act(session, loaded)
                session.commit()
            except Refused as refusal:
                session.rollback()
                return refusal.code
            return DONE

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))
