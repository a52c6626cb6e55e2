"""Lists that come in also go out, in the same columns: taken in again, they change nothing."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from examsite.accounts import staff_lists
from examsite.accounts.staff_rows import read_seats, read_staff
from examsite.audit.models import HOUSE
from examsite.campaigns.position_rows import LONGEST_CRITERION, read_positions
from examsite.campaigns.queries import position_lists, rule_set, seat_lists, unit_lists
from examsite.campaigns.unit_rows import read_units
from examsite.lists import Intake
from examsite.sheets import read as read_sheets
from tests.campaigns.house import ENGLISH, House, last_entry, log_kinds
from tests.campaigns.list_file import read_here
from tests.client import Browser
from tests.factories import appoint, make_position, make_staff, make_unit

Browse = Callable[..., Browser]
BOTH = ({"Accept-Language": "vi"}, ENGLISH)


def came_back(intake: Intake[Any], count: int) -> bool:
    """Every row stands already: no error, no change, nothing new, not even a repair."""
    told = (intake.errors, intake.changed, intake.good, intake.notes)
    assert not any(told), told
    return len(intake.known) == intake.rows_seen == count


def test_units(session: Session, house: House, browse: Browse) -> None:
    browser = browse(house.hr)
    assert "/units/list.xlsx" not in browser.get("/units").text
    top = make_unit(session, "UBND", "=Ủy ban nhân dân thành phố Lạc An")
    for code in ("001", "SNV"):
        make_unit(session, code, "Văn phòng", top)
    make_unit(session, "PHONG-1", "- Phòng", make_unit(session, "B", "SNV"))
    session.commit()
    assert "/units/list.xlsx" in browser.get("/units").text
    for headers in BOTH:
        answer = browser.get("/units/list.xlsx", headers=headers)
        assert 'filename="units-list.xlsx"' in answer.headers["Content-Disposition"]
        assert came_back(unit_lists.assess(session, read_here("x.xlsx", answer.data, read_units)), 5)
    assert browse(house.chair).get("/units/list.xlsx").status_code == 403


def test_positions(session: Session, house: House, browse: Browse) -> None:
    long = [f"{number}. {'x' * (LONGEST_CRITERION - 5)}" for number in range(1, 26)]
    unit = make_unit(session, "SNV", "Sở Nội vụ")
    make_unit(session, "SNV2", "Sở Nội vụ")
    make_position(session, house.campaign, "A", "Trưởng phòng", unit=unit, quota=3, language="fr", criteria=("- Một", "2. Hai", "=Ba"))
    make_position(session, house.campaign, "B", "Phó trưởng phòng", unit=unit, criteria=long)
    make_position(session, house.campaign, "C", "Không tiêu chuẩn", unit=unit, criteria=())
    house.campaign.stage = "announced"
    session.commit()
    browser, address = browse(house.hr), f"{house.address}/positions/list.xlsx"
    assert address in browser.get(f"{house.address}/positions").text
    spoken = rule_set(house.campaign).round1.languages
    for headers in BOTH:
        file = read_here("x.xlsx", browser.get(address, headers=headers).data, lambda book: read_positions(book, spoken))
        assert came_back(position_lists.assess(session, house.campaign, file), 3)
    assert {row.code: row.criteria for row in file.reading.rows} == {"A": ("- Một", "2. Hai", "=Ba"), "B": tuple(long), "C": None}
    assert address not in browse(house.author).get(f"{house.address}/positions").text
    assert [browse(one).get(address).status_code for one in (house.author, house.outsider)] == [403, 404]


def test_staff_and_boards(session: Session, house: House, browse: Browse) -> None:
    gone = make_staff(session, "gone")
    gone.disabled_at = house.campaign.created_at
    appoint(session, house.campaign, house.hr, "council", "secretary")
    session.commit()
    for headers in BOTH:
        staff = browse(house.administrator).post("/staff/list.xlsx", headers=headers).data
        assert came_back(staff_lists.assess(session, read_here("x.xlsx", staff, read_staff)), 7)
        assert '"lines":7' in last_entry(session, HOUSE)
        boards = browse(house.hr).post(f"{house.address}/boards/list.xlsx", headers=headers).data
        assert came_back(seat_lists.assess(session, house.role(session), read_here("x.xlsx", boards, read_seats)), 5)
    assert log_kinds(session, house.campaign.chain)[-1] == "campaigns:list:taken"


def test_names_leave_only_by_a_form_of_whoever_may(session: Session, house: House, browse: Browse) -> None:
    boards = f"{house.address}/boards/list.xlsx"
    assert 'action="/staff/list.xlsx"' in browse(house.administrator).get("/staff").text
    assert f'action="{boards}"' in browse(house.hr).get(f"{house.address}/boards").text
    for address, account, status in (
        ("/staff/list.xlsx", house.hr, 403),
        (boards, house.supervisor, 403),
        (boards, house.outsider, 404),
        ("/staff/list.xlsx", None, 303),
    ):
        assert browse(account).post(address).status_code == status
    assert browse(house.administrator).get("/staff/list.xlsx").status_code == 405
    assert [kind for chain in (HOUSE, house.campaign.chain) for kind in log_kinds(session, chain)] == []


def test_the_columns_are_those_of_the_template(house: House, browse: Browse) -> None:
    browser = browse(house.administrator)
    template, out = browser.get("/staff/template.xlsx").data, browser.post("/staff/list.xlsx").data
    first = [[cell.text for cell in read_sheets(data).sheets[0].rows()[1].values()] for data in (template, out)]
    assert first[0] == first[1]
