"""Correcting an undecided application: what its person shares with other campaigns leaves its trace there too."""

import json
from collections.abc import Callable
from datetime import date, datetime

import pytest
from sqlalchemy import select, update

from examsite.audit.models import LogEntry
from examsite.campaigns.models import Application, ApplicationCorrection, Entitlement, Person, PersonCorrection
from examsite.campaigns.operations import corrections, entitlements, screening
from examsite.campaigns.queries.intake import column_of, position_codes, read_typed
from examsite.rules.refusal import Conflict, Refused
from tests.campaigns.house import log_kinds
from tests.campaigns.intake_file import Desk, make_desk
from tests.campaigns.page_form import shown_form
from tests.client import Browser
from tests.factories import appoint, make_application, make_person, make_staff

CORRECTED = "campaigns:person:corrected"


@pytest.fixture
def mine(desk: Desk) -> Application:
    """The undecided application of somebody whom a second campaign found eligible and gave an account."""
    other = make_desk(desk.session, "LA-2026-02")
    person = make_person(desk.session, "Nguyễn Van Anh", "001085000777")
    make_application(other.session, other.position, "", "eligible", "0001", account=True, person=person)
    found = make_application(desk.session, desk.position, person=person)
    desk.session.commit()
    return found


def correct(desk: Desk, application: Application, now: datetime, **changes: str) -> None:
    person = application.person
    typed = {
        "full_name": person.full_name, "birth_date": f"{person.birth_date:%d/%m/%Y}", "gender": "Nam",
        "identity_number": person.identity_number, "position": application.position.code,
    } | changes  # fmt: skip
    file = read_typed(typed, position_codes(desk.session, desk.campaign))
    assert corrections.correct(desk.session, desk.role, application, file, "Theo thẻ căn cước", now) == ()
    desk.session.expire_all()


def test_a_shared_person_is_corrected_with_a_trace_everywhere(desk: Desk, mine: Application, now: datetime) -> None:
    theirs = desk.session.scalars(select(Application).where(Application.state == "eligible")).one()
    correct(desk, mine, now, full_name="Nguyễn Vân Anh", birth_date="21/03/1985")
    assert theirs.account is not None
    assert (theirs.account.display_name, theirs.person.birth_date) == ("Nguyễn Vân Anh", date(1985, 3, 21))
    assert log_kinds(desk.session, desk.campaign.chain) == [CORRECTED, "campaigns:application:corrected"]
    assert log_kinds(desk.session, theirs.campaign.chain) == [CORRECTED]
    told = [json.loads(text or "")["data"] for text in desk.session.scalars(select(LogEntry.content).where(LogEntry.kind == CORRECTED))]
    both = {"name": ["Nguyễn Van Anh", "Nguyễn Vân Anh"], "birth_date": ["1985-03-12", "1985-03-21"], "reason": "Theo thẻ căn cước"}
    assert told == [both, both]
    kept = desk.session.scalars(select(PersonCorrection).order_by(PersonCorrection.application_id)).all()
    assert [one.application for one in kept] == sorted((theirs, mine), key=lambda one: one.id)


def test_a_corrected_day_of_birth_is_that_of_somebody_who_can_apply(desk: Desk, mine: Application, now: datetime) -> None:
    person = mine.person
    typed = {
        "full_name": person.full_name, "birth_date": "12/03/2085", "gender": "Nam", "identity_number": "001285000777", "position": "TP-01",
    }  # fmt: skip
    (finding,) = corrections.correct(desk.session, desk.role, mine, read_typed(typed, ["TP-01"]), "Theo thẻ căn cước", now)
    assert (finding.code, column_of(finding)) == ("people.birth_range", "birth_date")


def test_after_a_decision_was_taken_back_the_account_gets_the_new_name(desk: Desk, now: datetime) -> None:
    one = make_application(desk.session, desk.position, "Nguyễn Van Anh", "eligible", "0001", account=True)
    screening.reopen(desk.session, desk.role, one, "Sai tên", now)
    correct(desk, one, now, full_name="Nguyễn Vân Anh")
    assert one.account is not None
    assert one.account.display_name == "Nguyễn Vân Anh"


def test_an_identity_number_changes_only_where_nothing_else_rests_on_it(desk: Desk, mine: Application, now: datetime) -> None:
    with_account = make_application(desk.session, desk.position, "Trần Văn Bình", account=True)
    for one in (mine, with_account):
        with pytest.raises(Refused, match="identity_shared"):
            correct(desk, one, now, identity_number="001085000999")
    alone = make_application(desk.session, desk.position, "Lê Văn Cường")
    correct(desk, alone, now, identity_number="001085000999")
    assert alone.person.identity_number == "001085000999"


def test_an_exemption_lapses_with_the_position(desk: Desk, now: datetime) -> None:
    one = make_application(desk.session, desk.position, "Lê Văn Cường")
    entitlements.decide(desk.session, desk.role, one, "exemption", "language_degree", True, "Paper 1.", now)
    correct(desk, one, now, position="PTP-02")
    assert one.position.code == "PTP-02"
    assert desk.session.scalars(select(Entitlement.superseded_at)).all() == [now]
    assert log_kinds(desk.session, desk.campaign.chain)[-2:] == ["campaigns:entitlement:lapsed", "campaigns:application:corrected"]


def test_of_two_corrections_at_once_the_second_is_told(desk: Desk, mine: Application, now: datetime) -> None:
    assert mine.person.full_name
    desk.session.execute(update(Person).values(full_name="Somebody quicker").execution_options(synchronize_session=False))
    with pytest.raises(Conflict):
        correct(desk, mine, now, full_name="Nguyễn Vân Anh")


def test_of_two_officers_with_the_same_application_open_the_second_sees_both(
    desk: Desk, mine: Application, browse: Callable[..., Browser]
) -> None:
    place = f"/campaigns/{desk.campaign.public_id}/applications/{mine.public_id}/correct"
    browser = browse(desk.hr)
    open_page = shown_form(browser.get(place).text) | {"gender": "Nam"}
    assert browser.post(place, open_page | {"workplace": "Sở Nội vụ", "reason": "Theo sơ yếu"}).status_code == 303
    refused = browser.post(place, open_page | {"full_name": "Nguyễn Vân Anh", "reason": "Theo thẻ"})
    assert refused.status_code == 422
    assert "Hiện tại: Sở Nội vụ" in refused.text
    again = shown_form(refused.text) | {"gender": "Nam"}
    assert (again["full_name"], again["workplace"], again["reason"].strip()) == ("Nguyễn Vân Anh", "", "Theo thẻ")
    assert browser.post(place, again | {"workplace": "Sở Nội vụ"}).status_code == 303
    desk.session.expire_all()
    assert (mine.person.full_name, mine.workplace) == ("Nguyễn Vân Anh", "Sở Nội vụ")


def test_what_an_application_said_can_be_told_from_row_and_log(desk: Desk, now: datetime) -> None:
    one = make_application(desk.session, desk.position, "Lê Văn Cường")
    one.phone, one.claimed_priority, one.extra = "0912345678", "Con thương binh", {"languages": "Tiếng Pháp", "years_of_service": 12}
    desk.session.flush()
    correct(
        desk, one, now, position="PTP-02", phone="0987654321", email="cuong@example.vn", qualification="Thạc sĩ Luật",
        languages="Tiếng Anh", years_of_service="12",
    )  # fmt: skip
    kept = desk.session.scalars(select(ApplicationCorrection)).one()
    assert kept.before == {
        "claimed_priority": "Con thương binh", "email": "", "languages": "Tiếng Pháp", "phone": "0912345678",
        "position": "TP-01", "qualification": "",
    }  # fmt: skip
    assert kept.after == {
        "claimed_priority": "", "email": "cuong@example.vn", "languages": "Tiếng Anh", "phone": "0987654321", "position": "PTP-02",
        "qualification": "Thạc sĩ Luật",
    }  # fmt: skip
    assert (kept.reason, kept.corrected_at, kept.corrected_by_id) == ("Theo thẻ căn cước", now, desk.role.account.id)
    content = desk.session.scalars(select(LogEntry.content).where(LogEntry.kind == "campaigns:application:corrected")).one() or ""
    data = json.loads(content)["data"]
    assert data["entries"] == sorted(kept.before)
    public = ("claimed_priority", "languages", "position", "qualification")
    assert data["before"] == {name: kept.before[name] for name in public}
    assert data["after"] == {name: kept.after[name] for name in public}
    assert data["digest"] == corrections.digest_of(kept)
    assert not any(word in content for word in ("0912345678", "0987654321", "cuong@example.vn", kept.salt))


def test_a_number_and_a_name_are_kept_beside_the_application_and_not_in_its_entry(desk: Desk, now: datetime) -> None:
    alone = make_application(desk.session, desk.position, "Lê Văn Cường")
    former = alone.person.identity_number
    correct(desk, alone, now, identity_number="001085000999", full_name="Lê Văn Cương", birth_date="21/03/1985")
    kept = desk.session.scalars(select(ApplicationCorrection)).one()
    assert (kept.before["identity_number"], kept.after["identity_number"]) == (former, "001085000999")
    assert (kept.before["full_name"], kept.after["full_name"]) == ("Lê Văn Cường", "Lê Văn Cương")
    assert kept.after["birth_date"] == "1985-03-21"
    content = desk.session.scalars(select(LogEntry.content).where(LogEntry.kind == "campaigns:application:corrected")).one() or ""
    assert former not in content
    assert "before" not in json.loads(content)["data"]


def test_the_page_shows_what_was_to_those_who_may_see_it(desk: Desk, now: datetime, browse: Callable[..., Browser]) -> None:
    alone = make_application(desk.session, desk.position, "Lê Văn Cường")
    former = alone.person.identity_number
    correct(desk, alone, now, identity_number="001085000999", position="PTP-02", email="cuong@example.vn", joined_on="01/09/2010")
    watcher = make_staff(desk.session, "watcher")
    appoint(desk.session, desk.campaign, watcher, "supervision")
    desk.session.commit()
    address = f"/campaigns/{desk.campaign.public_id}/applications/{alone.public_id}"
    whole, part = browse(desk.hr).get(address).text, browse(watcher).get(address).text
    for page in (whole, part):
        assert "Mục đã sửa" in page
        assert "TP-01 → <b>PTP-02</b>" in page
        assert "– → <b>01/09/2010</b>" in page
        assert "Theo thẻ căn cước" in page
    assert f"{former} → <b>001085000999</b>" in whole
    assert "– → <b>cuong@example.vn</b>" in whole
    assert former not in part
    assert "cuong@example.vn" not in part
    assert f"…{former[-3:]} → <b>…999</b>" in part
