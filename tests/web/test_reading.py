"""A session that only looked ends by a commit: statements that a connection has learnt stay known, and nothing is written."""

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from examsite.campaigns.models import Unit
from examsite.db import end_reading, open_session
from tests.databases import Copy
from tests.factories import make_unit


def make(own_database: Copy) -> None:
    with open_session(own_database.engine) as session:
        make_unit(session, "U1", "Sở Nội vụ")
        session.commit()


def the_unit(session: Session) -> Unit:
    return session.query(Unit).filter_by(code="U1").one()


def test_what_was_changed_in_memory_alone_is_not_written(own_database: Copy) -> None:
    make(own_database)
    looking = open_session(own_database.engine, read_only=True)
    the_unit(looking).name = "Another"
    end_reading(looking)
    with open_session(own_database.engine) as session:
        assert the_unit(session).name == "Sở Nội vụ"


def test_looking_ends_by_a_commit_so_that_statements_stay_known(own_database: Copy) -> None:
    make(own_database)
    ends: list[str] = []
    event.listen(own_database.engine, "commit", lambda _connection: ends.append("commit"))
    event.listen(own_database.engine, "rollback", lambda _connection: ends.append("rollback"))
    for _look in range(4):
        looking = open_session(own_database.engine, read_only=True)
        the_unit(looking)
        end_reading(looking)
    assert ends == ["commit"] * 4
    if own_database.engine.dialect.name == "postgresql":  # whose driver tells what it knows
        with open_session(own_database.engine, read_only=True) as session:
            assert session.scalar(text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%unit%'")) == 1


def test_after_a_refused_statement_it_ends_without_a_word(own_database: Copy) -> None:
    looking = open_session(own_database.engine, read_only=True)
    with pytest.raises(DBAPIError):
        looking.execute(text("UPDATE unit SET name = 'x'"))
    end_reading(looking)
    make(own_database)
