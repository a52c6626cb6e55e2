"""The short way of a save: on a pool of its own, committed before the reply, and never the last word when something is unusual."""

from typing import Any

import pytest
from sqlalchemy import func, select, text

from examsite.db import open_session, saving
from examsite.driver import driver_connection
from examsite.rounds.models import Sitting, SittingEvent
from examsite.rounds.operations.save import Malformed, Repeated, Saved, save_answers
from examsite.rounds.operations.save_at_once import save_at_once
from examsite.rounds.queries import sittings as queries
from examsite.rounds.queries.chains import check_sitting
from examsite.rounds.save_body import SaveBody
from tests.conftest import NOW
from tests.databases import Copy
from tests.rounds.world import MINUTE, make_world, options_of


@pytest.fixture
def started(own_database: Copy) -> dict[str, Any]:
    """A sitting under way in a database of its own, whose paper this process knows."""
    with open_session(own_database.engine) as session:
        sitting, token_hash = make_world(session).start()
        session.commit()
        assert queries.paper_options(session, sitting.public_id) is not None
        return {"sitting": sitting.public_id, "token_hash": token_hash, "option": options_of(sitting)[0][0], "engine": own_database.engine}


def body(started: dict[str, Any], seq: int = 1, epoch: int = 1) -> SaveBody:
    return SaveBody(seq, epoch, ((1, "choice", started["option"]),))


def at_once(started: dict[str, Any], *numbers: int, now: Any = NOW) -> Any:
    return save_at_once(saving(started["engine"]), started["sitting"], started["token_hash"], body(started, *numbers), now)


def events(started: dict[str, Any]) -> int:
    with open_session(started["engine"], read_only=True) as session:
        return session.scalar(select(func.count()).select_from(SittingEvent)) or 0


def test_it_is_committed_and_the_chain_holds(started: dict[str, Any]) -> None:
    for seq in (1, 2, 3):
        assert isinstance(at_once(started, seq), Saved)
    with open_session(started["engine"], read_only=True) as session:
        sitting = session.scalars(select(Sitting)).one()
        assert (sitting.last_seq, sitting.last_saved_at, sitting.last_seen_at) == (3, NOW, NOW)
        assert check_sitting(session, sitting).fault is None


def test_it_says_the_same_as_the_long_way(started: dict[str, Any]) -> None:
    short = at_once(started)
    with open_session(started["engine"]) as session:
        again = save_answers(session, started["sitting"], started["token_hash"], body(started), NOW)
    assert again == Repeated(short.seq, short.deadline, short.receipt, "open")


@pytest.mark.parametrize(("seq", "epoch", "minutes"), [(2, 1, 0), (1, 2, 0), (1, 1, 61)])
def test_what_the_guard_does_not_let_through_is_left_to_the_long_way(started: dict[str, Any], seq: int, epoch: int, minutes: int) -> None:
    before = events(started)
    assert at_once(started, seq, epoch, now=NOW + minutes * MINUTE) is None
    assert events(started) == before


def test_a_paper_unknown_to_this_process_is_left_to_the_long_way(started: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "_options", {})
    assert at_once(started) is None


def test_an_item_that_is_not_on_the_paper_is_malformed(started: dict[str, Any]) -> None:
    wrong = SaveBody(1, 1, ((5, "choice", None),))
    assert save_at_once(saving(started["engine"]), started["sitting"], started["token_hash"], wrong, NOW) == Malformed("item_unknown")


def test_a_broken_connection_stores_nothing_and_is_replaced(started: dict[str, Any]) -> None:
    pool = saving(started["engine"])
    with driver_connection(pool) as driver:
        held = driver
    held.close()
    assert at_once(started) is None
    assert isinstance(at_once(started), Saved)


def test_a_step_that_fails_leaves_nothing_half_done(started: dict[str, Any]) -> None:
    before = events(started)
    with open_session(started["engine"]) as session:
        session.execute(text("ALTER TABLE sitting_event RENAME TO elsewhere"))
        session.commit()
    assert at_once(started) is None
    with open_session(started["engine"]) as session:
        session.execute(text("ALTER TABLE elsewhere RENAME TO sitting_event"))
        session.commit()
        assert session.scalars(select(Sitting.last_seq)).one() == 0
    assert events(started) == before
    assert isinstance(at_once(started), Saved)


def test_saves_do_not_wait_for_the_pool_of_other_requests(started: dict[str, Any]) -> None:
    if started["engine"].dialect.name == "sqlite":
        assert saving(started["engine"]).pool is not started["engine"].pool
        return
    held = [started["engine"].connect() for _place in range(16)]
    try:
        assert isinstance(at_once(started), Saved)
    finally:
        for connection in held:
            connection.close()
