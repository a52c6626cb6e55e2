"""Disabling an account and letting it in again: by an administrator, of staff alone, each with a reason."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts import operations
from examsite.accounts.models import Account
from examsite.accounts.staff_search import PAGE
from examsite.audit.models import LogEntry
from examsite.rules.refusal import NotPermitted, Refused
from tests.client import Browser
from tests.factories import PASSWORD, make_candidate, make_staff

Browse = Callable[..., Browser]
Act = Callable[[Session, Account, str, Account, datetime], None]


@pytest.fixture
def administrator(session: Session) -> Account:
    account = make_staff(session, "admin", "Đỗ Quốc Trung", house_role="administrator")
    session.commit()
    return account


@pytest.mark.parametrize("act", [operations.disable, operations.enable])
def test_only_administrators_and_only_staff(session: Session, administrator: Account, now: datetime, act: Act) -> None:
    member, candidate = make_staff(session, "hang", house_role="hr_officer"), make_candidate(session, "la-2026-01-0001")
    for account in (member, candidate):
        account.disabled_at = None if act is operations.disable else now
    with pytest.raises(NotPermitted, match="not_administrator"):
        act(session, administrator, "Because.", member, now)
    with pytest.raises(NotPermitted, match="not_staff"):
        act(session, candidate, "Because.", administrator, now)
    with pytest.raises(Refused, match="reason_missing"):
        act(session, member, " ", administrator, now)
    session.flush()
    session.expire_all()
    assert {bool(account.disabled_at) for account in (member, candidate)} == {act is operations.enable}
    assert session.scalars(select(LogEntry)).all() == []


def test_who_was_shut_out_by_mistake_comes_back_with_the_same_password(
    session: Session, administrator: Account, browse: Browse, now: datetime
) -> None:
    member = make_staff(session, "hang", "Phạm Thu Hằng", password=True)
    session.commit()
    browser, address = browse(administrator), f"/staff/{member.public_id}"
    assert f"{address}/enable" not in browser.get("/staff").text
    browser.post(f"{address}/disable", {"reason": "Nghỉ việc <hôm nay>."})
    page = browser.get("/staff").text
    assert "ngày 09/11/2026, bởi Đỗ Quốc Trung: Nghỉ việc &lt;hôm nay&gt;." in page
    assert isinstance(operations.sign_in(session, "hang", PASSWORD, "10.0.0.1", now), operations.TurnedAway)
    session.commit()
    again = browser.post(f"{address}/enable", {"reason": " "})
    assert (again.status_code, f'{address}/enable" class="ex-field is-bad"' in again.text) == (422, True)
    for _ in range(2):  # a second click changes nothing and is told once
        assert browser.post(f"{address}/enable", {"reason": "Nhầm người."}).status_code == 303
    session.expire_all()
    page = browser.get("/staff").text
    assert "Tài khoản đã được mở lại." in page
    assert "Nghỉ việc" not in page
    assert isinstance(operations.sign_in(session, "hang", PASSWORD, "10.0.0.1", now), operations.SignedIn)
    kinds = session.scalars(select(LogEntry.kind)).all()
    assert [kinds.count(f"accounts:account:{done}") for done in ("disabled", "enabled")] == [1, 1]


def test_the_staff_are_found_by_name_and_state_and_stand_on_pages(session: Session, administrator: Account, browse: Browse) -> None:
    for number in range(PAGE):
        make_staff(session, f"can.bo.{number:02}", f"Lê Văn {'Ân' if number else 'Ái'}", password=number > 1)
    session.commit()
    browser = browse(administrator)

    def names(query: str) -> list[str]:
        return re.findall(r'<span class="ex-address">([^<]+)', browser.get(f"/staff{query}").text)

    first = names("")
    assert (len(first), first[:2], len(names("?page=2")), names("?page=9")) == (PAGE, ["can.bo.00", "can.bo.01"], 1, names("?page=2"))
    assert [names(f"?{query}") for query in ("q=van+ai", "q=BO.07", "q=van&state=waiting", "q=none", "state=disabled")] == [
        ["can.bo.00"], ["can.bo.07"], ["can.bo.00", "can.bo.01"], [], [],
    ]  # fmt: skip
    assert names("?q=van&sort=-sign_in")[:2] == ["can.bo.49", "can.bo.48"]
    assert names("?sort=-state")[:2] == ["can.bo.00", "can.bo.01"], "those who have no password yet, in the order of names"
    assert "/staff?page=2&amp;sort=-state" in browser.get("/staff?sort=-state").text


def test_the_page_shuts_out_no_candidate(session: Session, administrator: Account, browse: Browse) -> None:
    candidate = make_candidate(session, "la-2026-01-0001")
    session.commit()
    answer = browse(administrator).post(f"/staff/{candidate.public_id}/disable", {"reason": "Vì."})
    assert (answer.status_code, "tài khoản của thí sinh" in answer.text) == (403, True)
    session.expire_all()
    assert candidate.disabled_at is None
