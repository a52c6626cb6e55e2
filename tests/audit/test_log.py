"""The log: entries follow each other, an act and its entry stand or fall together, a change behind the application's back is named."""

import threading
from datetime import datetime

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from examsite.audit.models import LogChain, LogEntry
from examsite.audit.operations import SYSTEM, record
from examsite.audit.queries import HeadPlace, LogFilter, check_chains, entries_of, places_of_head
from examsite.db import open_session
from tests.databases import Copy


def _write(session: Session, now: datetime, times: int = 3) -> None:
    for number in range(times):
        record(session, "campaign:a", "campaigns:position:changed", "position:x", SYSTEM, now, {"quota": number})


def _fault(session: Session) -> tuple[int, str] | None:
    [check] = list(check_chains(session))
    return (check.fault.number, check.fault.why) if check.fault else None


def test_entries_are_numbered_and_hold(session: Session, now: datetime) -> None:
    _write(session, now)
    assert [entry.number for entry in entries_of(session, "campaign:a", LogFilter())] == [3, 2, 1]
    assert _fault(session) is None


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("content", '{"about":"position:x","data":{"quota":9}}', "content"),
        ("kind", "campaigns:position:removed", "content"),
        ("actor_name", "Somebody else", "columns"),
        ("about", "position:y", "columns"),
        ("at", datetime.fromisoformat("2026-01-01T00:00:00+00:00"), "columns"),
        ("head", b"\0" * 32, "head"),
        ("number", 7, "gap"),
        ("content", None, "destroyed"),
    ],
)
def test_an_edited_entry_is_named(session: Session, now: datetime, column: str, value: object, why: str) -> None:
    _write(session, now)
    session.execute(update(LogEntry).where(LogEntry.number == 2).values({column: value}))
    session.expire_all()
    assert _fault(session) == (2, why)


def test_an_entry_that_was_emptied_cannot_be_made_to_say_something_else(session: Session, now: datetime) -> None:
    _write(session, now)
    blank: dict[str, object] = {"content": None, "salt": None, "kind": "campaigns:position:removed", "actor_name": "Somebody else"}
    session.execute(update(LogEntry).where(LogEntry.number == 2).values(blank))
    session.expire_all()
    assert _fault(session) == (2, "destroyed")


def test_a_removed_entry_and_a_cut_off_end_are_named(session: Session, now: datetime) -> None:
    _write(session, now)
    session.execute(delete(LogEntry).where(LogEntry.number == 3))
    assert _fault(session) == (2, "tail")
    session.execute(delete(LogEntry).where(LogEntry.number == 1))
    assert _fault(session) == (1, "gap")


def test_a_whole_chain_cut_away_is_named(session: Session, now: datetime) -> None:
    _write(session, now)
    session.execute(delete(LogEntry))
    assert _fault(session) == (0, "tail")


def test_the_filter_narrows_by_kind_actor_and_object(session: Session, now: datetime) -> None:
    _write(session, now)
    record(session, "campaign:a", "campaigns:board:appointed", "account:z", SYSTEM, now, {})
    assert len(entries_of(session, "campaign:a", LogFilter(kind="campaigns:board:appointed"))) == 1
    assert len(entries_of(session, "campaign:a", LogFilter(about="position"))) == 3
    assert entries_of(session, "campaign:a", LogFilter(actor="nobody")) == []
    assert entries_of(session, "campaign:b", LogFilter()) == []


def test_writers_at_once_share_no_number(own_database: Copy, now: datetime) -> None:
    def write() -> None:
        with open_session(own_database.engine) as session:
            _write(session, now, times=5)
            session.commit()

    writers = [threading.Thread(target=write) for _ in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with open_session(own_database.engine, read_only=True) as session:
        assert session.scalar(select(LogChain.last_number)) == 30
        assert _fault(session) is None


def test_an_act_that_fails_leaves_no_entry(own_database: Copy, now: datetime) -> None:
    with open_session(own_database.engine) as session:
        _write(session, now)
        session.rollback()
    with open_session(own_database.engine, read_only=True) as session:
        assert session.scalars(select(LogEntry)).all() == []


def test_a_noted_head_is_found_again_by_its_beginning(session: Session, now: datetime) -> None:
    _write(session, now)
    record(session, "campaign:b", "campaigns:position:changed", "position:x", SYSTEM, now, {})
    noted = session.scalars(select(LogEntry.head).where(LogEntry.number == 2)).one().hex()
    for written in (noted, noted[:13], noted[:12]):
        assert places_of_head(session, written) == [HeadPlace("campaign:a", 2, now, noted)]
    assert places_of_head(session, "0" * 64) == []
    for wrong in (noted[:11], noted + "0", "x" * 12):
        with pytest.raises(ValueError, match=r"digits|hexadecimal"):
            places_of_head(session, wrong)
