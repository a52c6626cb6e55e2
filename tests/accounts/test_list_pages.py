"""The pages of a list: a decision that comes twice."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from examsite.accounts import list_pages, list_uploads, staff_lists
from examsite.accounts.models import Account, ListUpload
from examsite.accounts.staff_rows import StaffRow
from examsite.lists import ListFile, read_file
from tests.campaigns.list_file import listed
from tests.client import Browser
from tests.factories import make_staff
from tests.list_pages import decide, send

Browse = Callable[..., Browser]
PEOPLE = listed({"Họ và tên": "Lê An", "Tên đăng nhập": "an"}, {"Họ và tên": "Trần Bình", "Tên đăng nhập": "binh"})


@pytest.fixture
def administrator(session: Session) -> Account:
    account = make_staff(session, "admin", house_role="administrator")
    session.commit()
    return account


def test_a_second_click_while_the_first_is_taken_in_leads_to_the_list(
    session: Session, administrator: Account, browse: Browse, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    """The first request ends while the second reads the file that it has just found."""

    def meanwhile(*told: Any) -> ListFile[StaffRow]:
        file: ListFile[StaffRow] = read_file(*told)
        for kept in session.scalars(select(ListUpload)):
            staff_lists.take_upload(session, kept, file, administrator, good_rows=False, now=now)
        session.commit()
        return file

    admin = browse(administrator)
    waiting = send(admin, "/staff/import", PEOPLE).location
    monkeypatch.setattr(list_pages, "read_file", meanwhile)
    answer = admin.post(waiting, {"rows": "all", "digest": "seen"})
    assert (answer.status_code, answer.location) == (303, "/staff")
    assert "Tệp này vừa được nhập hoặc đã bỏ" in admin.get("/staff").text
    assert set(session.scalars(select(Account.sign_in_name))) == {"admin", "an", "binh"}


def test_two_who_drop_a_file_at_the_same_moment(
    session: Session, administrator: Account, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = browse(administrator)
    waiting = send(admin, "/staff/import", PEOPLE).location
    usual = list_uploads.wipe

    def second(here: Session, kept: ListUpload) -> None:
        here.execute(delete(ListUpload))
        usual(here, kept)

    monkeypatch.setattr(list_uploads, "wipe", second)
    assert admin.post(f"{waiting}/drop").location == "/staff"


def test_a_click_after_the_decision_leads_to_the_list_and_the_page_itself_is_gone(administrator: Account, browse: Browse) -> None:
    admin = browse(administrator)
    waiting = send(admin, "/staff/import", PEOPLE).location
    assert decide(admin, waiting).status_code == 200
    assert [admin.post(f"{waiting}{page}", {"rows": "all"}).location for page in ("", "/drop")] == ["/staff", "/staff"]
    assert [admin.get(f"{waiting}{page}").status_code for page in ("", "/errors.xlsx")] == [404, 404]
