"""One-use codes of candidates: shown once, stored as hashes, ended by a new one."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsite.accounts import operations as accounts
from examsite.accounts.models import Account, ActivationCode, LoginSession
from examsite.audit.models import LogEntry
from examsite.campaigns.models import Application
from examsite.campaigns.operations import access_codes
from examsite.campaigns.queries.numbers import number_counts
from examsite.campaigns.roles import role_of
from examsite.notices.models import Notice, OutgoingMail
from examsite.rules.refusal import NotPermitted, Refused
from tests.campaigns.intake_file import Desk
from tests.factories import appoint, make_application, make_candidate, make_staff

PASSWORD = "mua thu ho guom"


@pytest.fixture
def numbered(desk: Desk) -> list[Application]:
    return [
        make_application(desk.session, desk.position, name, "eligible", number, email=f"{number}@example.vn")
        for name, number in (("Nguyễn Thị Ánh", "0001"), ("Đỗ Văn Bình", "0002"))
    ]


def test_each_candidate_gets_an_account_and_a_code_that_works_once(desk: Desk, numbered: list[Application], now: datetime) -> None:
    slips = access_codes.issue(desk.session, desk.role, now)
    assert [(slip.sign_in_name, slip.full_name, slip.position, slip.email) for slip in slips] == [
        ("la-2026-01-0001", "Nguyễn Thị Ánh", "TP-01", "0001@example.vn"),
        ("la-2026-01-0002", "Đỗ Văn Bình", "TP-01", "0002@example.vn"),
    ]
    desk.session.expire_all()
    account = accounts.activate(desk.session, slips[0].code, PASSWORD, now)
    assert (account.kind, account.id, account.display_name) == ("candidate", numbered[0].account_id, "Nguyễn Thị Ánh")
    with pytest.raises(Refused, match="code_unusable"):
        accounts.activate(desk.session, slips[0].code, PASSWORD, now)
    counts = number_counts(desk.session, desk.campaign)
    assert (counts.with_account, counts.activated, counts.not_activated) == (2, 1, 1)


def test_codes_are_stored_as_hashes_and_stand_nowhere_in_the_log(desk: Desk, numbered: list[Application], now: datetime) -> None:
    slips = access_codes.issue(desk.session, desk.role, now)
    stored = desk.session.scalars(select(ActivationCode)).all()
    contents = desk.session.scalars(select(LogEntry.content)).all()
    assert len({one.code_hash for one in stored}) == 2
    assert not any(slip.code in (content or "") or slip.code == one.code_hash for slip in slips for one in stored for content in contents)


@pytest.mark.parametrize(("state", "number"), [("received", None), ("rejected", "0003"), ("withdrawn", "0004"), ("eligible", None)])
def test_nobody_else_gets_one(desk: Desk, now: datetime, state: str, number: str | None) -> None:
    make_application(desk.session, desk.position, state=state, number=number)
    with pytest.raises(Refused, match=r"access_codes\.nobody"):
        access_codes.issue(desk.session, desk.role, now)


def test_a_second_time_only_those_who_are_new(desk: Desk, numbered: list[Application], now: datetime) -> None:
    first = access_codes.issue(desk.session, desk.role, now)
    make_application(desk.session, desk.position, "Lê Văn Cường", "eligible", "0003")
    assert [slip.candidate_number for slip in access_codes.issue(desk.session, desk.role, now)] == ["0003"]
    assert accounts.activate(desk.session, first[0].code, PASSWORD, now)


def test_lost_slips_are_made_again_for_those_who_have_not_come_in(desk: Desk, numbered: list[Application], now: datetime) -> None:
    first = access_codes.issue(desk.session, desk.role, now)
    accounts.activate(desk.session, first[0].code, PASSWORD, now)
    desk.session.expire_all()
    again = access_codes.issue(desk.session, desk.role, now, again=True)
    assert [slip.candidate_number for slip in again] == ["0002"]
    with pytest.raises(Refused, match="code_unusable"):
        accounts.activate(desk.session, first[1].code, PASSWORD, now)
    assert accounts.activate(desk.session, again[0].code, PASSWORD, now).sign_in_name == "la-2026-01-0002"
    assert desk.session.scalar(select(func.count()).select_from(Account).where(Account.kind == "candidate")) == 2


def test_a_new_code_for_one_ends_the_earlier_and_every_session(desk: Desk, numbered: list[Application], now: datetime) -> None:
    first = access_codes.issue(desk.session, desk.role, now)
    desk.session.expire_all()
    account = accounts.activate(desk.session, first[0].code, PASSWORD, now)
    accounts.open_login(desk.session, account, now)
    one = access_codes.reissue(desk.session, desk.role, numbered[0], now)
    other = access_codes.reissue(desk.session, desk.role, numbered[1], now)
    assert all(login.ended_at == now for login in desk.session.scalars(select(LoginSession).where(LoginSession.account_id == account.id)))
    with pytest.raises(Refused, match="code_unusable"):
        accounts.activate(desk.session, first[1].code, PASSWORD, now)
    assert accounts.activate(desk.session, one.code, "mot mat khau khac", now).id == account.id
    assert accounts.activate(desk.session, other.code, PASSWORD, now).id == numbered[1].account_id


def test_a_code_runs_out(desk: Desk, numbered: list[Application], now: datetime) -> None:
    slip = access_codes.issue(desk.session, desk.role, now)[0]
    with pytest.raises(Refused, match="code_unusable"):
        accounts.activate(desk.session, slip.code, PASSWORD, now + accounts.CODE_LASTS + timedelta(seconds=1))


def test_refusals(desk: Desk, numbered: list[Application], now: datetime) -> None:
    with pytest.raises(Refused, match="no_account"):
        access_codes.reissue(desk.session, desk.role, numbered[0], now)
    make_candidate(desk.session, "la-2026-01-0002")
    with pytest.raises(Refused) as taken:
        access_codes.issue(desk.session, desk.role, now)
    assert (taken.value.code, taken.value.params) == ("access_codes.name_taken", {"name": "la-2026-01-0002"})
    desk.campaign.stage = "closed"
    desk.session.flush()
    with pytest.raises(Refused, match=r"access_codes\.closed"):
        access_codes.issue(desk.session, desk.role, now)


def test_only_the_hr_board_sees_codes(desk: Desk, numbered: list[Application], now: datetime) -> None:
    administrator = make_staff(desk.session, "admin", house_role="administrator")
    appoint(desk.session, desk.campaign, administrator, "council")
    role = role_of(desk.session, administrator, desk.campaign)
    with pytest.raises(NotPermitted):
        access_codes.issue(desk.session, role, now)
    with pytest.raises(NotPermitted):
        access_codes.reissue(desk.session, role, numbered[0], now)


def test_no_code_without_a_number(session: Session, desk: Desk, now: datetime) -> None:
    make_application(session, desk.position, state="eligible")
    with pytest.raises(Refused, match=r"access_codes\.nobody"):
        access_codes.issue(session, desk.role, now)


def test_a_new_code_ends_the_password_and_its_owner_is_told(desk: Desk, numbered: list[Application], now: datetime) -> None:
    first = access_codes.issue(desk.session, desk.role, now)
    desk.session.expire_all()
    account = accounts.activate(desk.session, first[0].code, PASSWORD, now)
    slip = access_codes.reissue(desk.session, desk.role, numbered[0], now)
    assert isinstance(accounts.sign_in(desk.session, account.sign_in_name, PASSWORD, "10.0.0.1", now), accounts.TurnedAway)
    assert number_counts(desk.session, desk.campaign).not_activated == 2
    entry = desk.session.scalars(select(LogEntry.content).where(LogEntry.kind == "campaigns:code:reissued")).one()
    assert '"password_ended":true' in (entry or "")
    notice = desk.session.scalars(select(Notice).where(Notice.account_id == account.id)).one()
    mail = desk.session.scalars(select(OutgoingMail)).one()
    assert (notice.code, mail.address) == ("access_reset", "0001@example.vn")
    assert slip.code not in str(notice.params) + str(mail.params)
    accounts.activate(desk.session, slip.code, "mot mat khau khac", now)
    assert isinstance(accounts.sign_in(desk.session, account.sign_in_name, "mot mat khau khac", "10.0.0.1", now), accounts.SignedIn)
