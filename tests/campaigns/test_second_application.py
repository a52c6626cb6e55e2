"""A second application by the same person: refused with the first one named, or taken in its place, in one act and with both traces."""

import json
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.audit.models import LogEntry
from examsite.campaigns.models import Application, Position
from examsite.campaigns.operations import intake, screening
from examsite.campaigns.operations.closures import move_application
from examsite.campaigns.operations.withdrawals import withdraw
from examsite.campaigns.queries.intake import FileReading, position_codes, read_typed
from examsite.campaigns.queries.year_lists import applicants_with_numbers
from examsite.rules.refusal import Refused
from tests.campaigns.house import ENGLISH
from tests.campaigns.intake_file import Desk, good_row, xlsx
from tests.campaigns.page_form import shown_form
from tests.client import Browser
from tests.factories import make_application, make_person
from tests.list_pages import decide, send

Browse = Callable[..., Browser]
LETTER = "Đơn ngày 08/11/2026."


@pytest.fixture
def first(desk: Desk) -> Application:
    """Somebody has applied for TP-01."""
    found = make_application(
        desk.session, desk.position, person=make_person(desk.session, "Nguyễn Thị Ánh", "001185000001", gender="female")
    )
    desk.session.commit()
    return found


def typed(desk: Desk, **changes: str) -> FileReading:
    row = good_row(1)
    values = {
        "full_name": row["Họ và tên"],
        "birth_date": row["Ngày sinh"],
        "gender": row["Giới tính"],
        "identity_number": row["Số định danh cá nhân"],
        "position": "PTP-02",
    }
    return read_typed(values | changes, position_codes(desk.session, desk.campaign))


def states(session: Session) -> list[tuple[str, str]]:
    session.expire_all()
    rows = session.scalars(select(Application).order_by(Application.id)).all()
    return [(row.position.code, row.state) for row in rows]


def test_the_first_is_withdrawn_and_the_second_taken_in_one_act(desk: Desk, first: Application, now: datetime) -> None:
    public_id = intake.take_instead(desk.session, desk.role, first, typed(desk), LETTER, now)
    assert states(desk.session) == [("TP-01", "withdrawn"), ("PTP-02", "received")]
    entries = desk.session.scalars(select(LogEntry).order_by(LogEntry.id.desc()).limit(2)).all()
    told = [(one.kind, one.about, json.loads(one.content or "")["data"]) for one in reversed(entries)]
    assert told == [
        ("campaigns:application:withdrawn", f"application:{first.public_id}", {"by": "hr", "reason": LETTER}),
        ("campaigns:application:received", f"application:{public_id}", {"position": "PTP-02", "instead_of": first.public_id}),
    ]
    assert [one.public_id for _number, one in applicants_with_numbers(desk.session, desk.campaign)] == [public_id]


@pytest.mark.parametrize(
    ("state", "changes", "why", "code"),
    [
        ("received", {}, " ", "reason_missing"),
        ("rejected", {}, LETTER, "screening.cannot_withdraw"),
        ("received", {"identity_number": "001185000002"}, LETTER, "intake.other_person"),
        ("received", {"identity_number": ""}, LETTER, "intake.other_person"),
        ("received", {"full_name": "Trần Thị Bình"}, LETTER, "intake.person_differs"),
    ],
)
def test_what_is_refused_changes_nothing(
    desk: Desk, first: Application, now: datetime, state: str, changes: dict[str, str], why: str, code: str
) -> None:
    first.state = state
    desk.session.commit()
    with pytest.raises(Refused) as refused:
        intake.take_instead(desk.session, desk.role, first, typed(desk, **changes), why, now)
    desk.session.rollback()
    assert (refused.value.code, states(desk.session)) == (code, [("TP-01", state)])


def test_what_was_given_up_neither_keeps_from_another_position_nor_comes_back(desk: Desk, first: Application, now: datetime) -> None:
    withdraw(desk.session, desk.role, first, LETTER, now)
    assert [one.code for one in desk.take(xlsx(good_row(1)), now).known] == ["intake.there_already"]
    taken = desk.take(xlsx(good_row(1, position="PTP-02")), now)
    assert (len(taken.good), [one.code for one in taken.notes]) == (1, ["intake.applied_before"])
    other = desk.session.scalars(select(Position).where(Position.code == "PTP-02")).one()
    with pytest.raises(Refused, match="applied_again"):
        screening.reopen(desk.session, desk.role, first, "A slip.", now)
    with pytest.raises(Refused, match="applied_again"):
        move_application(desk.session, desk.role, first, other, "A slip.", now)
    assert states(desk.session) == [("TP-01", "withdrawn"), ("PTP-02", "received")]


def test_on_the_form_for_one(desk: Desk, first: Application, browse: Browse) -> None:
    place = f"/campaigns/{desk.campaign.public_id}/applications/new"
    browser = browse(desk.hr)
    sent = {
        "full_name": "Nguyễn Thị Ánh",
        "birth_date": "12/03/1985",
        "gender": "Nữ",
        "identity_number": "001185000001",
        "position": "PTP-02",
    }
    refused = browser.post(place, sent, headers=ENGLISH)
    assert refused.status_code == 422
    for words in (f"/applications/{first.public_id}", "This is an assumption", "Withdraw the first and take this one in"):
        assert words in refused.text
    again = shown_form(refused.text) | sent | {"act": "instead"}
    assert again["first"] == first.public_id
    missing = browser.post(place, again, headers=ENGLISH)
    assert (missing.status_code, "Withdraw the first and take this one in" in missing.text) == (422, True)
    assert states(desk.session) == [("TP-01", "received")]
    done = browser.post(place, again | {"reason": LETTER})
    assert done.status_code == 303
    assert f"/applications/{first.public_id}" in browser.get(done.location).text
    assert done.location in browser.get(f"/campaigns/{desk.campaign.public_id}/applications/{first.public_id}").text
    assert states(desk.session) == [("TP-01", "withdrawn"), ("PTP-02", "received")]


def test_from_the_dry_run_of_a_file(desk: Desk, first: Application, browse: Browse) -> None:
    browser = browse(desk.hr)
    sent = send(
        browser,
        f"/campaigns/{desk.campaign.public_id}/applications/import",
        xlsx(good_row(1, position="PTP-02"), good_row(2, name="Đỗ Thị Bình")),
    )
    way = f"{sent.location}/second?sheet=H%E1%BB%93+s%C6%A1&amp;row=2"
    assert way in browser.get(sent.location).text
    place = way.replace("&amp;", "&")
    shown = browser.get(place, headers=ENGLISH).text
    for words in (f"/applications/{first.public_id}", "PTP-02", "Keep the first, and leave this row out"):
        assert words in shown
    assert browser.get(place.replace("row=2", "row=9")).status_code == 404
    done, again = (browser.post(place, {"reason": LETTER}) for _click in range(2))
    assert (done.status_code, done.location) == (again.status_code, again.location) == (303, sent.location)
    assert "Mở hồ sơ đã nộp" in browser.get(sent.location).text
    assert decide(browser, sent.location).status_code == 303
    assert states(desk.session) == [("TP-01", "withdrawn"), ("PTP-02", "received"), ("TP-01", "received")]
