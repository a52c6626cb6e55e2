"""Positions of a draft, with their criteria."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.campaigns.models import CriterionFinding, Position, Unit
from examsite.campaigns.operations import positions as operations
from examsite.campaigns.operations.positions import PositionFacts
from examsite.rules.refusal import NotFound, NotPermitted, Refused
from tests.campaigns.house import ENGLISH, House, build, last_entry, log_kinds
from tests.campaigns.page_form import shown_form
from tests.client import Browser
from tests.factories import CREATED, make_application, make_campaign, make_position, make_unit


@pytest.fixture
def unit(session: Session) -> Unit:
    unit = make_unit(session)
    session.commit()
    return unit


@pytest.fixture
def position(session: Session, house: House, unit: Unit) -> Position:
    position = make_position(session, house.campaign, unit=unit, criteria=("A degree.", "Five years.", "A plan."))
    session.commit()
    return position


def facts(unit: Unit, **change: Any) -> PositionFacts:
    return replace(PositionFacts("VT01", "Head of division", "Division", 1, "en", unit), **change)


def form(unit: Unit, **change: str) -> dict[str, str]:
    plain = {"code": "VT01", "title": "Trưởng phòng", "level": "Cấp phòng", "quota": "2", "language": "fr", "unit": unit.public_id}
    return {**plain, **change}


def test_the_hr_board_adds_a_position_with_its_criteria(session: Session, house: House, unit: Unit, browse: Callable[..., Browser]) -> None:
    answer = browse(house.hr).post(f"{house.address}/positions/new", form(unit, added="Có bằng đại học.\r\n\r\n  Năm năm  công tác. \r\n"))
    position = session.scalars(select(Position)).one()
    assert answer.location == f"{house.address}/positions/{position.public_id}"
    assert (position.title, position.quota, position.language, position.unit_id) == ("Trưởng phòng", 2, "fr", unit.id)
    assert [(criterion.number, criterion.text) for criterion in position.criteria] == [(1, "Có bằng đại học."), (2, "Năm năm công tác.")]
    assert log_kinds(session, house.campaign.chain) == ["campaigns:position:created"]
    page = browse(house.author).get(answer.location).text
    assert "Năm năm công tác." in page
    assert "Tiếng Pháp" in page
    make_position(session, house.campaign, code="A-9", title="Viện trưởng", quota=1)
    session.commit()
    for query, first in (
        ("", "Viện trưởng"),
        ("?sort=title", "Trưởng phòng"),
        ("?sort=-seats", "Trưởng phòng"),
        ("?sort=code", "Viện trưởng"),
    ):
        listed = browse(house.author).get(f"{house.address}/positions{query}").text
        assert listed.index(first) == min(listed.index(title) for title in ("Viện trưởng", "Trưởng phòng"))


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"quota": 0}, "campaigns.quota_range", "quota"),
        ({"quota": -1}, "campaigns.quota_range", "quota"),
        ({"quota": 1001}, "campaigns.quota_range", "quota"),
        ({"language": None}, "campaigns.language_missing", "language"),
        ({"language": "xx"}, "campaigns.language_unknown", "language"),
        ({"title": " "}, "campaigns.text_missing", "title"),
        ({"code": ""}, "campaigns.text_missing", "code"),
        ({"level": ""}, "campaigns.text_missing", "level"),
        ({"code": "vt09"}, "campaigns.position_code_taken", "code"),
    ],
)
def test_what_is_refused(session: Session, house: House, unit: Unit, now: datetime, change: dict[str, Any], code: str, field: str) -> None:
    make_position(session, house.campaign, "VT09")
    session.commit()
    with pytest.raises(Refused) as refusal:
        operations.add(session, house.role(session), facts(unit, **change), [], now)
    assert (refusal.value.code, refusal.value.field) == (code, field)


@pytest.mark.parametrize("quota", [1, 1000])
def test_the_edges_of_the_quota(session: Session, house: House, unit: Unit, now: datetime, quota: int) -> None:
    assert operations.add(session, house.role(session), facts(unit, quota=quota), [], now).quota == quota


def test_a_language_is_needed_only_where_a_part_is_held_in_it(session: Session, unit: Unit, now: datetime) -> None:
    house = build(session, changes={"parts.language.by_language": False})
    assert operations.add(session, house.role(session), facts(unit, language=None), [], now).language is None


def test_the_same_code_in_another_campaign_is_free(session: Session, house: House, position: Position, unit: Unit, now: datetime) -> None:
    other = make_campaign(session, code="OTHER", hr=house.hr)
    assert operations.add(session, replace(house.role(session), campaign=other), facts(unit), [], now).campaign_id == other.id


def test_an_edit_keeps_the_ids_of_what_stays(
    session: Session, house: House, position: Position, unit: Unit, browse: Callable[..., Browser]
) -> None:
    first, second, third = (criterion.public_id for criterion in position.criteria)
    kept = {"kept-0-public_id": first, "kept-0-text": "A degree.", "kept-1-public_id": second, "kept-1-text": " "}
    kept |= {"kept-2-public_id": third, "kept-2-text": "A plan of action."}
    kept |= {"seen": operations.shown(position)}
    answer = browse(house.hr).post(f"{house.address}/positions/{position.public_id}/edit", form(unit, added="Health.", **kept))
    assert answer.status_code == 303
    session.expire_all()
    assert [(c.number, c.public_id, c.text) for c in position.criteria[:2]] == [(1, first, "A degree."), (2, third, "A plan of action.")]
    assert [(c.number, c.text) for c in position.criteria[2:]] == [(3, "Health.")]
    entry = last_entry(session, house.campaign.chain)
    assert "Five years." in entry
    assert "Health." in entry


def test_what_a_colleague_changed_meanwhile_is_told_and_not_lost(
    session: Session, house: House, position: Position, unit: Unit, now: datetime, browse: Callable[..., Browser]
) -> None:
    address, hr = f"{house.address}/positions/{position.public_id}/edit", browse(house.hr)
    typed = shown_form(hr.get(address).text) | {"title": "Mine", "kept-1-text": "Six years.", "added": "Health."}
    texts = {criterion.public_id: criterion.text for criterion in position.criteria}
    gone = next(public_id for public_id, text in texts.items() if text == "A plan.")
    theirs = facts(unit, code=position.code, title="Theirs", level=position.level)
    operations.edit(session, house.role(session), position, theirs, texts | {gone: ""}, ["Added by a colleague."], now)
    session.commit()
    refused = hr.post(address, typed, headers=ENGLISH)
    assert refused.status_code == 422
    stays, told = ('value="Mine"', "Six years.", "Health."), ("Now it says: Theirs", "Now it says: Five years.", "meantime: “A plan.”")
    for words in stays + told:
        assert words in refused.text
    again = shown_form(refused.text)
    assert hr.post(address, again).status_code == 303
    session.expire_all()
    assert position.title == "Mine"
    assert [one.text for one in position.criteria] == ["A degree.", "Six years.", "Added by a colleague.", "Health."]


def test_an_edit_that_changes_nothing_tells_nothing(session: Session, house: House, position: Position, unit: Unit, now: datetime) -> None:
    kept = {criterion.public_id: criterion.text for criterion in position.criteria}
    operations.edit(session, house.role(session), position, facts(unit), kept, [], now)
    assert log_kinds(session, house.campaign.chain) == []


def test_criteria_that_say_the_same_are_refused(session: Session, house: House, position: Position, unit: Unit, now: datetime) -> None:
    kept = {criterion.public_id: criterion.text for criterion in position.criteria}
    with pytest.raises(Refused, match=r"campaigns\.criterion_twice"):
        operations.edit(session, house.role(session), position, facts(unit), kept, ["A  degree."], now)


@pytest.mark.parametrize("text", ["Six years.", ""])
def test_a_criterion_that_was_judged_stays_as_it_is(
    session: Session, house: House, position: Position, unit: Unit, now: datetime, text: str
) -> None:
    judged = position.criteria[1]
    application = make_application(session, position)
    found = {"met": True, "why": "", "found_at": CREATED, "found_by_id": house.hr.id}
    finding = CriterionFinding(application_id=application.id, criterion_id=judged.id, **found)
    session.add(finding)
    session.commit()
    kept = {criterion.public_id: criterion.text for criterion in position.criteria} | {judged.public_id: text}
    with pytest.raises(Refused, match=r"campaigns\.criterion_judged"):
        operations.edit(session, house.role(session), position, facts(unit), kept, [], now)


def test_removed_and_gone_but_for_the_log(session: Session, house: House, position: Position, browse: Callable[..., Browser]) -> None:
    address = f"{house.address}/positions/{position.public_id}"
    assert browse(house.hr).post(f"{address}/remove").status_code == 303
    session.expire_all()
    assert session.scalars(select(Position)).all() == []
    assert "Five years." in last_entry(session, house.campaign.chain)
    assert browse(house.hr).get(address).status_code == 404


def test_not_removed_once_somebody_applied(session: Session, house: House, position: Position, now: datetime) -> None:
    make_application(session, position)
    with pytest.raises(Refused, match=r"campaigns\.position_applied_for"):
        operations.remove(session, house.role(session), position, now)


def test_after_the_announcement_nothing_moves(session: Session, unit: Unit, now: datetime, browse: Callable[..., Browser]) -> None:
    house = build(session, stage="announced")
    position = make_position(session, house.campaign, unit=unit)
    session.commit()
    address = f"{house.address}/positions/{position.public_id}"
    for answer in (
        browse(house.hr).get(f"{address}/edit"),
        browse(house.hr).post(f"{address}/edit", form(unit)),
        browse(house.hr).post(f"{address}/remove"),
        browse(house.hr).get(f"{house.address}/positions/new"),
    ):
        assert answer.status_code == 422
        assert "đã công bố" in answer.text
    assert "/edit" not in browse(house.hr).get(address).text
    role = house.role(session)
    for attempt in (
        lambda: operations.add(session, role, facts(unit, code="NEW"), [], now),
        lambda: operations.edit(session, role, position, facts(unit), {}, [], now),
        lambda: operations.remove(session, role, position, now),
    ):
        with pytest.raises(Refused, match=r"campaigns\.no_draft"):
            attempt()


def test_who_may_look_and_who_may_write(
    session: Session, house: House, position: Position, unit: Unit, now: datetime, browse: Callable[..., Browser]
) -> None:
    address = f"{house.address}/positions"
    for account in (house.author, house.supervisor, house.chair):
        assert browse(account).get(address).status_code == 200
        assert browse(account).get(f"{address}/{position.public_id}").status_code == 200
        assert browse(account).get(f"{address}/new").status_code == 403
        assert browse(account).post(f"{address}/{position.public_id}/edit", form(unit)).status_code == 403
        assert browse(account).post(f"{address}/{position.public_id}/remove").status_code == 403
        with pytest.raises(NotPermitted):
            operations.add(session, house.role(session, account), facts(unit), [], now)
    for path in ("", "/new", f"/{position.public_id}", f"/{position.public_id}/edit"):
        assert browse(house.outsider).get(address + path).status_code == 404
        assert browse().get(address + path).status_code == 303


def test_a_position_of_another_campaign_is_not_there(
    session: Session, house: House, position: Position, unit: Unit, now: datetime, browse: Callable[..., Browser]
) -> None:
    other = make_campaign(session, code="OTHER", hr=house.hr)
    session.commit()
    path = f"/campaigns/{other.public_id}/positions/{position.public_id}"
    assert browse(house.hr).get(path).status_code == 404
    assert browse(house.hr).post(f"{path}/edit", form(unit)).status_code == 404
    with pytest.raises(NotFound):
        operations.remove(session, replace(house.role(session), campaign=other), position, now)


def test_faults_stand_beside_their_fields_and_what_was_typed_stays(house: House, unit: Unit, browse: Callable[..., Browser]) -> None:
    address = f"{house.address}/positions/new"
    answer = browse(house.hr).post(address, form(unit, quota="two", title="", added="A degree."), headers=ENGLISH)
    assert answer.status_code == 422
    assert "Enter a whole number." in answer.text
    assert "Fill in this field." in answer.text
    assert "A degree." in answer.text
    assert "Choose one of the units." in browse(house.hr).post(address, {**form(unit), "unit": ""}, headers=ENGLISH).text
