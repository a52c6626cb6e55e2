"""The units of the house form a tree."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.audit.models import HOUSE
from examsite.campaigns.models import Unit
from examsite.campaigns.operations import units as operations
from examsite.campaigns.queries import units as queries
from examsite.rules.refusal import NotPermitted, Refused
from tests.campaigns.house import ENGLISH, House, last_entry, log_kinds
from tests.campaigns.page_form import shown_form
from tests.client import Browser
from tests.factories import make_position, make_unit


def test_an_hr_officer_adds_a_unit_beneath_another(session: Session, house: House, browse: Callable[..., Browser]) -> None:
    top = make_unit(session, "SNV", "Sở Nội vụ")
    session.commit()
    answer = browse(house.hr).post("/units/new", {"name": " Phòng  Tổ chức ", "code": "snv-tc", "parent": top.public_id})
    assert answer.status_code == 303
    unit = session.scalars(select(Unit).where(Unit.code == "SNV-TC")).one()
    assert (unit.name, unit.parent_id) == ("Phòng Tổ chức", top.id)
    assert log_kinds(session, HOUSE)[-1] == "campaigns:unit:created"


def test_the_tree_stands_in_vietnamese_order_each_after_its_parent(session: Session) -> None:
    dong = make_unit(session, "D", "Đông Hà")
    make_unit(session, "B", "Bình Minh")
    make_unit(session, "A", "An Phú")
    make_unit(session, "DA", "Phòng Ân", dong)
    make_unit(session, "DB", "Phòng An", dong)
    shown = [(branch.unit.name, branch.depth) for branch in queries.tree(session)]
    assert [name for name, _depth in shown] == ["An Phú", "Bình Minh", "Đông Hà", "Phòng An", "Phòng Ân"]
    assert [depth for _name, depth in shown] == [0, 0, 0, 1, 1]


def test_positions_of_all_campaigns_are_counted(session: Session, house: House) -> None:
    unit = make_unit(session)
    make_position(session, house.campaign, "VT01", unit=unit)
    make_position(session, house.campaign, "VT02", unit=unit)
    assert [branch.positions for branch in queries.tree(session)] == [2]


def test_renamed_and_moved(session: Session, house: House, browse: Callable[..., Browser]) -> None:
    top, other = make_unit(session, "A", "A"), make_unit(session, "B", "B")
    session.commit()
    address, hr = f"/units/{other.public_id}", browse(house.hr)
    typed = shown_form(hr.get(address).text) | {"name": "Beta", "parent": top.public_id}
    other.name = "Changed by a colleague"
    session.commit()
    refused = hr.post(address, typed, headers=ENGLISH)
    assert refused.status_code == 422
    assert "Now it says: Changed by a colleague" in refused.text
    assert hr.post(address, shown_form(refused.text)).status_code == 303
    session.expire_all()
    assert (other.name, other.parent_id) == ("Beta", top.id)
    assert '"name":"Beta"' in last_entry(session, HOUSE)


def test_never_beneath_itself(session: Session, house: House, now: datetime) -> None:
    top = make_unit(session, "A", "A")
    middle = make_unit(session, "B", "B", top)
    bottom = make_unit(session, "C", "C", middle)
    for parent in (top, middle, bottom):
        with pytest.raises(Refused, match=r"campaigns\.unit_in_itself"):
            operations.edit(session, top, "A", "A", parent, house.hr, now)
    operations.edit(session, bottom, "C", "C", top, house.hr, now)
    assert queries.beneath(session, middle) == {middle.id}


def test_the_form_does_not_offer_what_lies_beneath(session: Session, house: House, browse: Callable[..., Browser]) -> None:
    top = make_unit(session, "A", "A")
    beneath, beside = make_unit(session, "B", "B", top), make_unit(session, "C", "C")
    session.commit()
    page = browse(house.hr).get(f"/units/{top.public_id}").text
    assert f'value="{beside.public_id}"' in page
    assert f'value="{beneath.public_id}"' not in page


@pytest.mark.parametrize(
    ("code", "name", "refusal"),
    [
        ("SNV", "Another", "campaigns.unit_code_taken"),
        ("snv ", "Another", "campaigns.unit_code_taken"),
        ("", "Another", "campaigns.text_missing"),
        ("X", "  ", "campaigns.text_missing"),
    ],
)
def test_what_is_refused(session: Session, house: House, now: datetime, code: str, name: str, refusal: str) -> None:
    make_unit(session, "SNV", "Sở Nội vụ")
    session.commit()
    with pytest.raises(Refused) as refused:
        operations.create(session, code, name, None, house.hr, now)
    assert refused.value.code == refusal


def test_a_parent_that_is_not_there(session: Session, house: House, browse: Callable[..., Browser]) -> None:
    answer = browse(house.hr).post("/units/new", {"name": "A", "code": "A", "parent": "no-such-unit"})
    assert answer.status_code == 422
    assert "Hãy chọn một đơn vị" in answer.text


def test_staff_look_and_hr_officers_write(session: Session, house: House, now: datetime, browse: Callable[..., Browser]) -> None:
    unit = make_unit(session)
    session.commit()
    assert "Department of Home Affairs" in browse(house.author).get("/units?q=affairs").text
    assert "Department of Home Affairs" not in browse(house.author).get("/units?q=health").text
    assert browse().get("/units").status_code == 303
    for account in (house.author, house.chair, house.administrator):
        assert browse(account).get("/units/new").status_code == 403
        assert browse(account).post(f"/units/{unit.public_id}", {"name": "A", "code": "A", "parent": ""}).status_code == 403
        with pytest.raises(NotPermitted):
            operations.create(session, "X", "X", None, account, now)
        with pytest.raises(NotPermitted):
            operations.edit(session, unit, "X", "X", None, account, now)
