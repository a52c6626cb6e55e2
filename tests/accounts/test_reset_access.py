"""A new code shuts out whoever knows the old password, at once and not only when the code is used."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts import operations, queries
from examsite.accounts.models import Account, LoginSession
from examsite.accounts.operations import SignedIn, TurnedAway
from examsite.accounts.staff_search import state_of
from examsite.audit.models import LogEntry
from examsite.rules.refusal import Refused
from tests.client import Browser
from tests.factories import PASSWORD, make_staff

NEW = "sau con mua troi lai sang"
HERE = "10.0.0.1"


@pytest.fixture
def administrator(session: Session) -> Account:
    return make_staff(session, "admin", house_role="administrator", password=True)


@pytest.fixture
def robbed(session: Session) -> Account:
    return make_staff(session, "robbed", "Nguyễn Thị Ánh", password=True)


def test_the_old_password_opens_nothing_any_more(session: Session, administrator: Account, robbed: Account, now: datetime) -> None:
    assert isinstance(operations.sign_in(session, "robbed", PASSWORD, HERE, now), SignedIn)
    code = operations.reissue_staff_code(session, robbed, administrator, now)
    assert isinstance(operations.sign_in(session, "robbed", PASSWORD, HERE, now), TurnedAway)
    assert not operations.confirm_password(session, robbed, PASSWORD, HERE, now)
    assert isinstance(operations.change_password(session, robbed, PASSWORD, NEW, HERE, now), TurnedAway)
    assert [one.ended_at for one in session.scalars(select(LoginSession).where(LoginSession.account_id == robbed.id))] == [now]
    assert state_of(robbed) == "waiting"
    assert operations.activate(session, code, NEW, now).id == robbed.id
    assert isinstance(operations.sign_in(session, "robbed", NEW, HERE, now), SignedIn)
    assert isinstance(operations.sign_in(session, "robbed", PASSWORD, HERE, now), TurnedAway)


def test_the_log_says_that_a_password_ended(session: Session, administrator: Account, robbed: Account, now: datetime) -> None:
    operations.reissue_staff_code(session, robbed, administrator, now)
    operations.reissue_staff_code(session, robbed, administrator, now)
    entries = session.scalars(select(LogEntry.content).where(LogEntry.kind == "accounts:code:issued").order_by(LogEntry.id)).all()
    assert ['"password_ended":true' in (one or "") for one in entries] == [True, False]
    assert ['"password_ended":false' in (one or "") for one in entries] == [False, True]


def test_the_earlier_code_ends_with_it(session: Session, administrator: Account, robbed: Account, now: datetime) -> None:
    first = operations.reissue_staff_code(session, robbed, administrator, now)
    second = operations.reissue_staff_code(session, robbed, administrator, now + timedelta(minutes=1))
    assert queries.usable_code(session, first, now + timedelta(minutes=2)) is None
    with pytest.raises(Refused, match="code_unusable"):
        operations.activate(session, first, NEW, now + timedelta(minutes=2))
    assert operations.activate(session, second, NEW, now + timedelta(minutes=2)).id == robbed.id


def test_a_password_that_was_proven_just_before_opens_nothing(
    session: Session, administrator: Account, robbed: Account, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else's sign-in is between reading the password and opening the session while the code is made."""
    proves = operations.password_matches

    def meanwhile(stored: str | None, password: str) -> bool:
        matches = proves(stored, password)
        account = Account.__table__
        session.execute(account.update().where(account.c.id == robbed.id).values(password_hash=None))  # as another connection would
        return matches

    monkeypatch.setattr(operations, "password_matches", meanwhile)
    assert isinstance(operations.sign_in(session, "robbed", PASSWORD, HERE, now), TurnedAway)


def test_the_page_says_so(session: Session, administrator: Account, robbed: Account, browse: Callable[..., Browser]) -> None:
    session.commit()
    page = browse(administrator).post(f"/staff/{robbed.public_id}/code", headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert "Until it is used, nobody signs in with this account: an earlier code or password no longer works." in page.text
