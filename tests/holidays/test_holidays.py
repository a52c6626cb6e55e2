"""The days of the house: who may change them, what is refused, and what the list that comes along holds."""

import json
import re
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.audit.models import LogEntry
from examsite.holidays import operations
from examsite.holidays.known import known_days
from examsite.holidays.models import HOLIDAY, IN_LIEU, Holiday
from examsite.holidays.queries import work_calendar
from examsite.rules.refusal import Conflict, NotPermitted, Refused
from tests.client import Browser
from tests.conftest import NOW
from tests.factories import make_candidate, make_staff

TET = date(2026, 2, 17)


@pytest.fixture
def officer(session: Session) -> Account:
    return make_staff(session, "officer", house_role="hr_officer")


def add(session: Session, actor: Account, day: date = TET, name: str = "Tết", kind: str = HOLIDAY) -> Holiday:
    return operations.add(session, day, name, kind, True, actor, NOW)


def test_a_day_is_entered_changed_and_removed_and_the_log_keeps_each(session: Session, officer: Account) -> None:
    holiday = add(session, officer)
    assert not work_calendar(session).works(TET)
    for name in (" Làm  bù ", "Làm bù"):
        operations.change(session, holiday, operations.seen_as(holiday), date(2026, 2, 14), name, IN_LIEU, False, officer, NOW)
    calendar = work_calendar(session)
    assert calendar.works(TET)
    assert calendar.works(date(2026, 2, 14))
    operations.remove(session, holiday, officer, NOW)
    with pytest.raises(Conflict):
        operations.remove(session, holiday, officer, NOW)
    assert work_calendar(session).in_lieu == frozenset()
    kinds = session.scalars(select(LogEntry.kind).where(LogEntry.kind.startswith("holidays:")).order_by(LogEntry.id))
    assert list(kinds) == ["holidays:day:added", "holidays:day:changed", "holidays:day:removed"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": "  "}, "holidays.name_missing"),
        ({"kind": "half"}, "holidays.kind_unknown"),
        ({"kind": IN_LIEU, "day": date(2026, 2, 20)}, "holidays.weekday_in_lieu"),
        ({"day": TET}, "holidays.day_taken"),
    ],
)
def test_what_makes_no_sense_is_refused(session: Session, officer: Account, given: dict[str, object], code: str) -> None:
    add(session, officer)
    with pytest.raises(Refused) as refused:
        add(session, officer, **{"day": date(2026, 2, 18), **given})  # type: ignore[arg-type]
    assert refused.value.code == code


def test_the_known_days_come_in_once_and_leave_alone_what_is_there(session: Session, officer: Account) -> None:
    mine = add(session, officer, name="Ngày của cơ quan")
    assert operations.take_known(session, officer, NOW) == len(known_days()) - 1
    assert operations.take_known_at_set_up(session, NOW) == 0
    session.refresh(mine)
    assert mine.name == "Ngày của cơ quan"
    assert work_calendar(session).after(date(2026, 2, 13), 1) == date(2026, 2, 23)


def test_the_list_that_comes_along_is_whole() -> None:
    every = known_days()
    assert len({known.day for known in every}) == len(every)
    holidays = {known.day for known in every if known.kind == HOLIDAY}
    for year in (2025, 2026, 2027):
        assert {date(year, 1, 1), date(year, 4, 30), date(year, 5, 1), date(year, 9, 2)} <= holidays
        national = {date(year, 9, 1), date(year, 9, 3)}
        assert len(national & holidays) == 1
        assert sum(known.name.startswith("Tết Nguyên đán") and known.day.weekday() < 5 for known in every if known.day.year == year) == 5
    assert all(known.day.weekday() >= 5 for known in every if known.kind == IN_LIEU)


def test_only_hr_and_the_administrator_change_them(session: Session, officer: Account, browse: Callable[..., Browser]) -> None:
    holiday = add(session, officer)
    plain, candidate = make_staff(session, "plain"), make_candidate(session, "someone")
    administrator = make_staff(session, "admin", house_role="administrator")
    session.commit()
    with pytest.raises(NotPermitted):
        operations.remove(session, holiday, plain, NOW)
    doors = {officer: (200, 200), administrator: (200, 200), plain: (200, 403), candidate: (403, 403), None: (303, 303)}
    for account, (reads, edits) in doors.items():
        browser = browse(account)
        assert browser.get("/holidays").status_code == reads
        for address in ("/holidays/new", f"/holidays/{holiday.public_id}"):
            assert browser.get(address).status_code == edits, (address, account)
    assert browse(plain).post("/holidays/known").status_code == 403
    assert browse(plain).post(f"/holidays/{holiday.public_id}/remove").status_code == 403


def test_the_pages_enter_change_and_remove(session: Session, officer: Account, browse: Callable[..., Browser]) -> None:
    session.commit()
    browser = browse(officer)
    typed = {"day": "2026-11-20", "name": "Ngày truyền thống", "kind": HOLIDAY, "confirmed": "y"}
    assert browser.post("/holidays/new", typed).status_code == 303
    again = browser.post("/holidays/new", typed)
    assert again.status_code == 422
    assert "20/11/2026 đã có trong danh sách" in again.text
    holiday = session.scalars(select(Holiday)).one()
    seen = {"seen": operations.seen_as(holiday)}
    assert browser.post(f"/holidays/{holiday.public_id}", {**typed, **seen, "name": "Ngày Nhà giáo"}).status_code == 303
    assert "Ngày Nhà giáo" in browser.get("/holidays").text
    assert browser.post(f"/holidays/{holiday.public_id}/remove").status_code == 303
    assert browser.post("/holidays/known").status_code == 303
    page = browser.get("/holidays").text
    assert "Giỗ Tổ Hùng Vương" in page
    assert "chưa xác nhận" in page


def test_of_two_who_change_a_day_the_second_is_told_and_keeps_what_was_typed(
    session: Session, officer: Account, browse: Callable[..., Browser]
) -> None:
    holiday = add(session, officer)
    session.commit()
    address, typed = f"/holidays/{holiday.public_id}", {"day": "2026-02-17", "name": "Mồng Một", "kind": HOLIDAY}
    browser = browse(officer)

    def seen() -> dict[str, str]:
        [found] = re.findall(r'name="seen"[^>]*value="([0-9a-f]{64})"', browser.get(address).text)
        return {"seen": found}

    first = seen()
    assert browser.post(address, {**typed, **first, "name": "Tết Bính Ngọ"}).status_code == 303
    mistyped = browser.post(address, {**typed, **first, "day": "nonsense"})
    assert first["seen"] in mistyped.text, "a slip does not make what was shown first newer than it is"
    second = browser.post(address, {**typed, **first})
    assert second.status_code == 422
    assert "Nội dung hiện nay: 17/02/2026, Tết Bính Ngọ, ngày nghỉ" in second.text
    assert 'value="Mồng Một"' in second.text
    assert browser.post(address, {**typed, **seen()}).status_code == 303
    assert browser.post(f"{address}/remove").status_code == 303
    gone = browser.post(address, {**typed, **first, "name": "Mồng Hai"})
    assert (gone.status_code, 'action="/holidays/new"' in gone.text, 'value="Mồng Hai"' in gone.text) == (422, True, True)
    changes = session.scalars(select(LogEntry.content).where(LogEntry.kind == "holidays:day:changed").order_by(LogEntry.id)).all()
    assert [json.loads(one or "")["data"]["before"]["name"] for one in changes] == ["Tết", "Tết Bính Ngọ"]


def test_a_change_in_the_same_moment_is_settled_by_the_statement(session: Session, officer: Account) -> None:
    holiday = add(session, officer)
    seen = operations.seen_as(holiday)
    session.execute(text("UPDATE holiday SET name = 'Tết Bính Ngọ'"))  # behind the loaded object, as another worker would
    with pytest.raises(Conflict) as changed:
        operations.change(session, holiday, seen, TET, "Mồng Một", HOLIDAY, True, officer, NOW)
    assert (changed.value.code, changed.value.params["name"]) == ("holidays.changed_by_other", "Tết Bính Ngọ")
    session.execute(text("DELETE FROM holiday"))
    with pytest.raises(Conflict) as gone:
        operations.change(session, holiday, operations.seen_as(holiday), TET, "Mồng Một", HOLIDAY, True, officer, NOW)
    assert gone.value.code == "holidays.gone"
