"""A list of rooms: what is new, what changes, what is there already, what cannot be, by cell."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.models import ListUpload
from examsite.audit.models import LogEntry
from examsite.lists import Intake
from examsite.rounds.models import ExamRoom
from examsite.rounds.operations.room_lists import take_upload
from examsite.rounds.queries.room_lists import assess
from examsite.rounds.room_rows import RoomRow, read_rooms
from examsite.rules.refusal import NotPermitted
from examsite.sheets import read as read_sheets
from tests import factories
from tests.campaigns.list_file import listed, read_here
from tests.client import Browser
from tests.conftest import NOW
from tests.list_pages import decide, send
from tests.rounds.hall import House, make_house

Browse = Callable[..., Browser]


def room(code: str, **cells: str) -> dict[str, str]:
    titles = {
        "rows": "Số hàng ghế",
        "columns": "Số chỗ mỗi hàng",
        "seats": "Số chỗ",
        "out": "Chỗ không dùng được",
        "serves": "Trang bị cho",
    }
    known = {titles[name]: text for name, text in cells.items() if name in titles}
    named = {"Mã phòng": code, "Tên phòng": cells.get("name", f"Room {code}"), "Địa chỉ": cells.get("place", "1 Lý Thái Tổ")}
    return named | ({"Chỉ dành cho nhu cầu đặc biệt": cells["alone"]} if "alone" in cells else {}) | known


def assessed(session: Session, *rows: dict[str, str]) -> Intake[RoomRow]:
    return assess(session, read_here("phong.xlsx", listed(*rows), read_rooms))


@pytest.fixture
def house(session: Session) -> House:
    """Room P101 with 6 seats stands."""
    found = make_house(session)
    found.room("P101", 6)
    session.commit()
    return found


def test_what_stands_is_told_apart(session: Session, house: House) -> None:
    found = assessed(
        session, room("p101", name="Room P101", seats="6"), room("P102", rows="2", columns="3", out="A1, b3", serves="phòng riêng yên tĩnh")
    )
    assert [one.code for one in found.known] == ["rooms.same"]
    assert [(row.code, row.out_of_use, row.serves) for row in found.good] == [("P102", ("A1", "b3"), ("quiet",))]
    changed = assessed(session, room("P101", seats="8", name="Mới"))
    assert [(one.code, one.params) for one in changed.changed] == [
        ("rooms.list_changed", {"before": "Room P101", "after": "Mới"}),
        ("rooms.list_changed", {"before": "6", "after": "8"}),
    ]


@pytest.mark.parametrize(
    ("cells", "where", "code"),
    [
        ({"seats": ""}, "D2", "rooms.seats_missing"),
        ({"rows": "2", "columns": ""}, "E2", "rooms.grid_half"),
        ({"rows": "27", "columns": "2"}, "D2", "rooms.seats_range"),
        ({"seats": "0"}, "D2", "rooms.seats_range"),
        ({"seats": "many"}, "D2", "lists.number_out_of_range"),
        ({"seats": "5", "out": "9"}, "E2", "rooms.seat_unknown"),
        ({"seats": "5", "serves": "nắng"}, "E2", "lists.choice_unknown"),
        ({"seats": "5", "alone": "có"}, "D2", "rooms.serves_nothing"),
        ({"seats": "5", "alone": "maybe"}, "D2", "lists.choice_unknown"),
    ],
)
def test_what_cannot_be_is_told_at_its_cell(session: Session, cells: dict[str, str], where: str, code: str) -> None:
    found = assessed(session, room("P1", **cells))
    assert [(f"{error.column}{error.row}", error.code) for error in found.errors] == [(where, code)]
    assert found.good == []


def test_one_code_in_two_rows_is_an_error_of_each(session: Session) -> None:
    assert [one.code for one in assessed(session, room("P1", seats="5"), room("p1", seats="6")).errors] == ["rooms.code_twice"] * 2


def test_the_pages_from_the_template_to_the_rooms(session: Session, house: House, browse: Browse) -> None:
    browser = browse(house.role.account)
    assert "/rooms/import" in browser.get("/rooms").text
    book = read_sheets(browser.get("/rooms/template.xlsx").data)
    assert book.sheets[0].name == "Phòng thi"
    assert "phòng riêng yên tĩnh" in [cell.text for sheet in book.sheets for cell in sheet.cells]
    rows = (room("P101", seats="8"), room("P102", seats="4"), room("P103", seats=""))
    waiting = send(browser, "/rooms/import", listed(*rows)).location
    page = browser.get(waiting).text
    assert "“6”" in page
    assert "E4" in page or "D4" in page
    assert decide(browser, waiting, "all").status_code == 422
    done = decide(browser, waiting, "good")
    assert "Đã thêm 1 phòng, sửa 1 phòng; 0 phòng đã có, 1 hàng bị để lại." in browser.get(done.location).text
    rooms = session.execute(select(ExamRoom.code, ExamRoom.seats).order_by(ExamRoom.code)).all()
    assert [tuple(row) for row in rooms] == [("P101", 8), ("P102", 4)]
    kinds = session.scalars(select(LogEntry.kind)).all()
    assert {"rounds:room:created", "rounds:room:changed", "lists:file:taken"} <= set(kinds)


def test_what_goes_out_comes_back_unchanged(session: Session, house: House, browse: Browse) -> None:
    browser = browse(house.role.account)
    rows = [
        room("P102", rows="2", columns="3", out="A1, B3", serves="phòng riêng yên tĩnh, lối đi không bậc", alone="Có"),
        room("007", seats="4", out="2", name="=Phòng"),
    ]
    decide(browser, send(browser, "/rooms/import", listed(*rows)).location)
    session.scalars(select(ExamRoom).where(ExamRoom.code == "007")).one().note = "Khóa ở\r\nphòng bảo vệ."
    session.commit()
    assert "/rooms/list.xlsx" in browser.get("/rooms").text
    for language in ("vi", "en"):
        answer = browser.get("/rooms/list.xlsx", headers={"Accept-Language": language})
        found = assess(session, read_here("phong.xlsx", answer.data, read_rooms))
        assert [found.errors, found.changed, found.good, len(found.known)] == [(), [], [], 3]


def test_only_hr_officers(session: Session, house: House, browse: Browse) -> None:
    somebody = factories.make_staff(session, "somebody")
    session.commit()
    for account, status in ((somebody, 403), (None, 303)):
        assert browse(account).get("/rooms/import").status_code == status
        assert send(browse(account), "/rooms/import", listed(room("P1", seats="5"))).status_code == status
    with pytest.raises(NotPermitted):
        take_upload(
            session, ListUpload(), read_here("x.xlsx", listed(room("P1", seats="5")), read_rooms), somebody, good_rows=False, now=NOW
        )
