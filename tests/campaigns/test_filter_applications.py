"""The list by everything it can be narrowed by, sorted, and kept as a view of one's own."""

import json
from collections.abc import Callable
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from examsite.accounts.models import Account
from examsite.campaigns.models import (
    Application,
    ApplicationDocument,
    ApplicationNote,
    CriterionFinding,
    Entitlement,
    Person,
    Position,
    SavedView,
    Unit,
)
from examsite.campaigns.operations.dossiers import drop_view, save_view
from examsite.campaigns.queries.applications import search
from examsite.campaigns.queries.filters import SORTS, Search
from examsite.rules.refusal import NotPermitted, Refused
from tests.campaigns.house import ENGLISH, last_entry
from tests.campaigns.intake_file import Desk
from tests.client import Browser
from tests.conftest import NOW
from tests.factories import appoint, make_application, make_staff

Browse = Callable[..., Browser]


@pytest.fixture
def people(desk: Desk) -> None:
    """An is judged throughout, Bình in part, Chi not met, Dũng not at all; each has one thing more."""
    session, hr = desk.session, desk.hr.id
    other = session.scalars(select(Position).where(Position.code == "PTP-02")).one()
    session.get_one(Unit, other.unit_id).parent_id = desk.position.unit_id
    binh, an, chi = (make_application(session, desk.position, name) for name in ("Bình", "An", "Chi"))
    dung = make_application(session, other, "Dũng", "eligible", "0003", claimed_priority="Con thương binh")
    first, second = desk.position.criteria
    for application, criterion, met in ((an, first, True), (an, second, True), (binh, first, True), (chi, second, False)):
        session.add(
            CriterionFinding(application_id=application.id, criterion_id=criterion.id, met=met, why="x", found_at=NOW, found_by_id=hr)
        )
    binh.claimed_exemption = "Cử nhân Anh"
    for application, kind, ground, granted in ((an, "exemption", "degree", True), (chi, "priority", "ethnic", True)):
        evidence = {"granted": granted, "evidence": "x", "decided_at": NOW, "decided_by_id": hr}
        session.add(Entitlement(application_id=application.id, kind=kind, ground=ground, **evidence))
    session.add(ApplicationNote(application_id=dung.id, text="x", written_at=NOW, written_by_id=hr))
    told = {
        "kind": "other",
        "title": "x",
        "media_type": "application/pdf",
        "size": 1,
        "digest": "d",
        "handed_in_digest": "d",
        "content": b"x",
    }
    session.add(ApplicationDocument(application_id=an.id, added_at=NOW, added_by_id=hr, **told))
    session.add(ApplicationDocument(application_id=chi.id, added_at=NOW, added_by_id=hr, withdrawn_at=NOW, **told))
    session.commit()


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, "An Bình Chi Dũng"),
        ({"criteria": "open"}, "Bình Chi"),
        ({"criteria": "met"}, "An"),
        ({"criteria": "unmet"}, "Chi"),
        ({"criteria": "nonsense"}, ""),
        ({"exemption": "waiting"}, "Bình"),
        ({"exemption": "granted"}, "An"),
        ({"exemption": "refused"}, ""),
        ({"priority": "waiting"}, "Dũng"),
        ({"priority": "ethnic"}, "Chi"),
        ({"priority": "granted"}, "Chi"),
        ({"priority": "hero"}, ""),
        ({"has": "notes"}, "Dũng"),
        ({"has": "documents"}, "An"),
        ({"has": "no_documents"}, "Bình Chi Dũng"),
        ({"has": "claims"}, "Bình Dũng"),
        ({"has": "nonsense"}, ""),
        ({"unit": "U-LA-2026-01-TP-01"}, "An Bình Chi Dũng"),
        ({"unit": "U-LA-2026-01-PTP-02"}, "Dũng"),
        ({"sort": "number"}, "Dũng An Bình Chi"),
        ({"sort": "position"}, "Dũng An Bình Chi"),
        ({"sort": "-number"}, "Dũng An Bình Chi"),
        ({"sort": "-name"}, "Dũng Chi Bình An"),
        ({"sort": "-position"}, "An Bình Chi Dũng"),
        ({"sort": "state"}, "An Bình Chi Dũng"),
        ({"sort": "-state"}, "Dũng An Bình Chi"),
        ({"sort": "nonsense"}, "An Bình Chi Dũng"),
    ],
)
def test_the_list_is_narrowed_and_sorted(desk: Desk, wanted: dict[str, str], expected: str) -> None:
    found = search(desk.session, desk.campaign, Search(**wanted), by_identity=True)  # type: ignore[arg-type]
    assert " ".join(one.person.full_name for one in found.applications) == expected


def test_filters_travel_and_what_is_unknown_is_passed_over() -> None:
    search = Search.of({"text": "an", "state": "received", "page": "9", "drop": "table", "sort": "drop"}, 3)
    assert (search.filters, search.page) == ({"text": "an", "state": "received"}, 3)
    assert all(Search(sort=sort).sort == sort for sort in SORTS)


@pytest.mark.usefixtures("people")
def test_a_person_keeps_and_forgets_views_of_their_own(desk: Desk, browse: Browse) -> None:
    supervisor = make_staff(desk.session, "supervisor")
    appoint(desk.session, desk.campaign, supervisor, "supervision")
    desk.session.commit()
    place = f"/campaigns/{desk.campaign.public_id}/applications"
    browser = browse(supervisor)
    sorted_too = '{"state": "received", "criteria": "open", "sort": "-number"}'
    kept = browser.post(f"{place}/views", {"name": " Chưa   xét ", "filters": sorted_too})
    assert (kept.status_code, kept.location) == (303, f"{place}?state=received&criteria=open&sort=-number")
    page = browser.get(place, headers=ENGLISH).text
    assert f'href="{kept.location.replace("&", "&amp;")}"' in page
    assert "Chưa xét" in page
    assert "Chưa xét" not in browse(desk.hr).get(place).text
    view = desk.session.scalars(select(SavedView)).one()
    assert browse(desk.hr).post(f"{place}/views/{view.public_id}/drop").status_code == 404
    assert browser.post(f"{place}/views/{view.public_id}/drop").status_code == 303
    assert desk.session.scalar(select(SavedView)) is None
    refused = browser.post(f"{place}/views", {"name": "", "filters": '{"state": "received"}'}, headers=ENGLISH)
    assert refused.status_code == 422
    assert "Give the view a name." in refused.text


def test_a_view_of_the_same_name_is_replaced_and_an_empty_one_is_refused(desk: Desk) -> None:
    save_view(desk.session, desk.role, "Mine", {"state": "received"}, NOW)
    view = save_view(desk.session, desk.role, "Mine", {"state": "eligible", "unit": ""}, NOW)
    assert desk.session.scalars(select(SavedView.filters)).all() == [{"state": "eligible"}]
    with pytest.raises(Refused, match="view_empty"):
        save_view(desk.session, desk.role, "All", {"state": ""}, NOW)
    stranger = make_staff(desk.session, "stranger")
    appoint(desk.session, desk.campaign, stranger, "hr")
    with pytest.raises(NotPermitted):
        drop_view(desk.session, type(desk.role)(stranger, desk.campaign, {"hr": "member"}), view)


def test_the_list_goes_out_as_a_workbook_with_its_filters(desk: Desk, browse: Browse, people: None) -> None:
    watcher, outsider = make_staff(desk.session, "watcher"), make_staff(desk.session, "outsider")
    appoint(desk.session, desk.campaign, watcher, "supervision")
    appoint(desk.session, desk.campaign, outsider, "question")
    desk.session.execute(update(Application).values(workplace="=1+1", phone="0912345678"))
    desk.session.commit()
    place = f"/campaigns/{desk.campaign.public_id}/applications"
    listed = browse(desk.hr).get(f"{place}?state=eligible&q=dung", headers=ENGLISH).text
    assert f'action="{place}.xlsx"' in listed
    filters = {"filters": json.dumps({"state": "eligible", "text": "dung"})}

    def taken(who: Account, **sent: str) -> list[dict[str, str]]:
        answer = browse(who).post(f"{place}.xlsx", sent, headers=ENGLISH)
        assert answer.status_code == 200
        cells = [list(row) for row in load_workbook(BytesIO(answer.data)).active.iter_rows()]
        assert {cell.data_type for row in cells for cell in row} <= {"s", "n", "inlineStr"}, "no formula"
        rows = [[str(cell.value or "") for cell in row] for row in cells]
        assert not sent or sorted((row[0] for row in rows[3:5]), reverse=True) == ["State: eligible", "Name or number: dung"]
        header = next(number for number, row in enumerate(rows) if row[0] == "No.")
        return [dict(zip(rows[header], row, strict=True)) for row in rows[header + 1 :]]

    (line,) = taken(desk.hr, **filters)
    person = desk.session.scalars(select(Person).where(Person.full_name == "Dũng")).one()
    assert (line["Full name"], line["Personal identity number"], line["Date of birth"]) == ("Dũng", person.identity_number, "12/03/1985")
    assert (line["Current workplace"], line["Phone"], line["Candidate number"]) == ("=1+1", "0912345678", "0003")
    assert line["State"] == "eligible"
    entry = json.loads(last_entry(desk.session, desk.campaign.chain))
    assert (entry["kind"], entry["data"]) == (
        "campaigns:list:taken",
        {"list": "applications", "lines": 1, "filters": {"state": "eligible"}},
    )
    everybody = taken(watcher)
    assert len(everybody) == 4
    assert all(one["Personal identity number"].startswith("…") and one["Phone"] == "…678" and "Email" not in one for one in everybody)
    assert browse(outsider).post(f"{place}.xlsx").status_code == 403


@pytest.mark.parametrize(
    "filters", ['{"text":"a\\u0000"}', '{"text":"a\\ud800"}', "[" * 5000, '{"a":' * 5000, "9" * 5000, '{"text":["An"]}']
)
def test_filters_that_nobody_can_type_narrow_nothing(desk: Desk, browse: Browse, people: None, filters: str) -> None:
    browser, place = browse(desk.hr), f"/campaigns/{desk.campaign.public_id}/applications"
    for tail in (".xlsx", "/views", "/together"):
        answer = browser.post(f"{place}{tail}", {"filters": filters, "name": "v", "whom": "found"})
        assert answer.status_code < 500, (tail, answer.status_code)
    assert desk.session.scalars(select(SavedView)).all() == []  # a view of nothing is refused
