"""Many at once, on a real database with real connections: one sitting, one event, one sealing, and no lost answer."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from examsite.accounts.models import Account, LoginSession
from examsite.db import open_session, saving
from examsite.rounds.models import RosterEntry, Sitting, SittingEvent, SittingMark
from examsite.rounds.operations import closing, roll, sittings
from examsite.rounds.operations.save import Outcome, Repeated, Saved, save_answers
from examsite.rounds.operations.save_at_once import save_at_once
from examsite.rounds.queries.chains import check_sitting
from examsite.rounds.queries.sittings import answers_of
from examsite.rounds.save_body import SaveBody
from examsite.rules.refusal import Refused
from tests.conftest import NOW
from tests.databases import Copy
from tests.rounds.world import MINUTE, make_world, options_of


@pytest.fixture
def arranged(own_database: Copy) -> dict[str, Any]:
    """A sealed session in a database of its own: the ids of its first candidate, of a login session, and its token hash."""
    with open_session(own_database.engine) as session:
        world = make_world(session)
        login, _ = world.sign_in()
        invigilator = world.role("invigilation")
        session.commit()
        return {
            "account": world.candidates["001"].id,
            "login": login.id,
            "token_hash": login.token_hash,
            "exam": world.exam,
            "role": invigilator,
        }


def together(own_database: Copy, count: int, act: Callable[[Session, int], object]) -> list[object]:
    """Run `act` `count` times at once, each on a connection of its own, committed; refusals count as answers."""
    barrier = Barrier(min(count, 16))

    def run(place: int) -> object:
        if place < 16:
            barrier.wait()
        with open_session(own_database.engine) as session:
            try:
                answer = act(session, place)
                session.commit()
            except Refused as refusal:
                return refusal.code
            return answer

    with ThreadPoolExecutor(max_workers=16) as pool:
        return list(pool.map(run, range(count)))


def save(session: Session, sitting: str, token_hash: str, body: SaveBody, now: datetime) -> Outcome:
    """As the endpoint does it: at once, and the long way where that is not enough."""
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    return save_at_once(saving(engine), sitting, token_hash, body, now) or save_answers(session, sitting, token_hash, body, now)


def start(arranged: dict[str, Any]) -> Callable[[Session, int], str]:
    def act(session: Session, _place: int) -> str:
        account, login = session.get_one(Account, arranged["account"]), session.get_one(LoginSession, arranged["login"])
        return sittings.start_part(session, account, login, "general", NOW).public_id

    return act


def begun(own_database: Copy, arranged: dict[str, Any]) -> Sitting:
    with open_session(own_database.engine) as session:
        public_id = start(arranged)(session, 0)
        session.commit()
        sitting = session.scalars(select(Sitting).where(Sitting.public_id == public_id)).one()
        assert sitting.paper.items
        return sitting


def test_fifty_parallel_starts_make_one_sitting(own_database: Copy, arranged: dict[str, Any]) -> None:
    answers = together(own_database, 50, start(arranged))
    assert len(set(answers)) == 1
    with open_session(own_database.engine, read_only=True) as session:
        sitting = session.scalars(select(Sitting)).one()
        assert (sitting.public_id, sitting.epoch, sitting.last_seq) == (answers[0], 1, 0)
        assert session.scalar(select(func.count()).select_from(SittingEvent)) == 1
        assert check_sitting(session, sitting).fault is None


def test_twenty_parallel_saves_of_the_same_seq_are_one_save_and_repeats(own_database: Copy, arranged: dict[str, Any]) -> None:
    sitting = begun(own_database, arranged)
    body = SaveBody(1, 1, ((1, "choice", options_of(sitting)[0][0]),))
    answers = together(own_database, 20, lambda session, _place: save(session, sitting.public_id, arranged["token_hash"], body, NOW))
    assert Counter(type(answer) for answer in answers) == {Saved: 1, Repeated: 19}
    receipts = {answer.receipt for answer in answers if isinstance(answer, Saved | Repeated)}
    with open_session(own_database.engine, read_only=True) as session:
        events = session.scalars(select(SittingEvent).where(SittingEvent.kind == "save")).all()
        assert [(event.seq, event.head) for event in events] == [(1, receipts.pop())]
        assert not receipts


def test_parallel_saves_of_one_seq_with_different_bodies_keep_exactly_one(own_database: Copy, arranged: dict[str, Any]) -> None:
    sitting = begun(own_database, arranged)
    options = options_of(sitting)[0]

    def act(session: Session, place: int) -> Outcome:
        body = SaveBody(1, 1, ((1, "choice", options[place % 4]),))
        return save(session, sitting.public_id, arranged["token_hash"], body, NOW)

    answers = together(own_database, 16, act)
    kinds = Counter(type(answer).__name__ for answer in answers)
    assert kinds["Saved"] == 1
    assert kinds["Differs"] == 12
    saved = next(place for place, answer in enumerate(answers) if isinstance(answer, Saved))
    with open_session(own_database.engine, read_only=True) as session:
        stored = session.get_one(Sitting, sitting.id)
        assert answers_of(session, stored).choices == {1: options[saved % 4]}
        assert check_sitting(session, stored).fault is None


def test_saves_that_race_ahead_of_each_other_lose_nothing_that_was_acknowledged(own_database: Copy, arranged: dict[str, Any]) -> None:
    sitting = begun(own_database, arranged)
    options = options_of(sitting)

    def act(session: Session, place: int) -> Outcome:
        body = SaveBody(place + 1, 1, ((place % 4 + 1, "choice", options[place % 4][place % 3]),))
        return save(session, sitting.public_id, arranged["token_hash"], body, NOW)

    answers = together(own_database, 16, act)
    acknowledged = {place + 1 for place, answer in enumerate(answers) if isinstance(answer, Saved)}
    with open_session(own_database.engine, read_only=True) as session:
        stored = session.scalars(select(SittingEvent.seq).where(SittingEvent.kind == "save").order_by(SittingEvent.seq)).all()
        assert set(stored) == acknowledged
        assert stored == list(range(1, len(stored) + 1))
        assert stored
        assert check_sitting(session, session.get_one(Sitting, sitting.id)).fault is None


def test_handing_in_many_times_at_once_seals_and_marks_once(own_database: Copy, arranged: dict[str, Any]) -> None:
    sitting = begun(own_database, arranged)

    def act(session: Session, _place: int) -> str | None:
        account, login = session.get_one(Account, arranged["account"]), session.get_one(LoginSession, arranged["login"])
        return closing.submit(session, account, login, sitting.public_id, None, NOW + MINUTE).receipt_code

    assert len(set(together(own_database, 12, act))) == 1
    with open_session(own_database.engine, read_only=True) as session:
        assert session.scalar(select(func.count()).select_from(SittingMark)) == 1
        assert session.scalars(select(SittingEvent.kind).order_by(SittingEvent.seq)).all() == ["start", "seal"]


def test_a_save_and_a_hand_in_at_once_never_leave_an_acknowledged_answer_out_of_the_count(
    own_database: Copy, arranged: dict[str, Any]
) -> None:
    sitting = begun(own_database, arranged)
    body = SaveBody(1, 1, ((1, "choice", options_of(sitting)[0][0]),))

    def act(session: Session, place: int) -> object:
        if place % 2:
            return save(session, sitting.public_id, arranged["token_hash"], body, NOW)
        account, login = session.get_one(Account, arranged["account"]), session.get_one(LoginSession, arranged["login"])
        return closing.submit(session, account, login, sitting.public_id, None, NOW).answered

    answers = together(own_database, 8, act)
    acknowledged = any(isinstance(answer, Saved) for answer in answers)
    with open_session(own_database.engine, read_only=True) as session:
        stored = session.get_one(Sitting, sitting.id)
        assert (stored.state, stored.answered) == ("submitted", 1 if acknowledged else 0)
        assert check_sitting(session, stored).fault is None


def test_beginning_and_being_marked_absent_at_once_has_one_winner(own_database: Copy, arranged: dict[str, Any]) -> None:
    last_moment = NOW + 10 * MINUTE

    def act(session: Session, place: int) -> object:
        if place % 2:
            account, login = session.get_one(Account, arranged["account"]), session.get_one(LoginSession, arranged["login"])
            return sittings.start_part(session, account, login, "general", last_moment).public_id
        entry = session.scalars(select(RosterEntry).where(RosterEntry.candidate_number == "001")).one()
        role, exam = arranged["role"], entry.session
        roll.mark_absent(session, exam, entry, role, last_moment + MINUTE)
        return "absent"

    together(own_database, 8, act)
    with open_session(own_database.engine, read_only=True) as session:
        entry = session.scalars(select(RosterEntry).where(RosterEntry.candidate_number == "001")).one()
        sat = session.scalar(select(func.count()).select_from(Sitting))
        assert (entry.state, sat) in {("started", 1), ("absent", 0)}
