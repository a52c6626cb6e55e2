"""Two at the same moment: what was decided in between counts."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, event, select
from sqlalchemy.orm import Session

from examsite.accounts import operations
from examsite.accounts.models import ActivationCode, LoginSession
from examsite.accounts.passwords import hash_password
from examsite.audit.models import LogEntry
from examsite.rules.refusal import Refused
from tests.factories import PASSWORD, make_staff


def test_a_failure_and_a_success_take_their_locks_in_the_same_order(session: Session, connection: Connection, now: datetime) -> None:
    """First what slows guessing down, then the log: else a slip and a sign-in of one room could wait for each other."""
    account = make_staff(session, "hang", password=True)
    written: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith("SELECT"):
            written.extend(table for table in ("sign_in_delay", "log_chain") if table in statement)

    event.listen(connection, "before_cursor_execute", note)
    for password in ("a wrong one", PASSWORD):
        written.clear()
        operations.sign_in(session, account.sign_in_name, password, "192.0.2.1", now)
        assert list(dict.fromkeys(written)) == ["sign_in_delay", "log_chain"], password
    event.remove(connection, "before_cursor_execute", note)


@pytest.mark.parametrize("change", [{"revoked_at": timedelta()}, {"used_at": timedelta()}, {"expires_at": timedelta()}])
def test_a_code_that_ends_while_it_is_used_opens_nothing(
    session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch, change: dict[str, timedelta]
) -> None:
    account = make_staff(session, "hang")
    code = operations.issue_code(session, account, now)

    def meanwhile(password: str, kind: str, known: tuple[str, ...]) -> str:
        row = session.scalars(select(ActivationCode)).one()
        for name, after in change.items():
            setattr(row, name, now + after)
        session.flush()
        return hash_password(password, kind, known)

    monkeypatch.setattr(operations, "hash_password", meanwhile)
    with pytest.raises(Refused, match="code_unusable"):
        operations.activate(session, code, PASSWORD, now)
    assert account.password_hash is None


def test_signing_out_twice_is_told_once(session: Session, now: datetime) -> None:
    account = make_staff(session, "hang")
    operations.open_login(session, account, now)
    login = session.scalars(select(LoginSession)).one()
    for _ in range(2):
        operations.sign_out(session, login, now)
    assert session.scalars(select(LogEntry.kind)).all() == ["accounts:session:closed"]


def test_a_sign_in_name_that_two_choose_at_once_is_given_once(session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    administrator = make_staff(session, "admin", house_role="administrator")
    operations.invite_staff(session, "binh", "Trần Bình", None, administrator, now)
    monkeypatch.setattr(operations, "account_by_name", lambda *_: None)  # as it looked before the other was stored
    with pytest.raises(Refused, match="name_taken"):
        operations.invite_staff(session, "BINH ", "Another", None, administrator, now)
    operations.invite_staff(session, "chi", "Chi", None, administrator, now)
