"""Finding applications: by name without diacritics, by numbers, by position and state, in Vietnamese order."""

import pytest

from examsite.campaigns.models import Position
from examsite.campaigns.queries.applications import PAGE, application_by_public_id, counts_by_state, masked, next_undecided, search
from examsite.campaigns.queries.filters import Search
from examsite.rules.refusal import NotFound
from tests.campaigns.intake_file import Desk, make_desk
from tests.factories import make_application, make_person


@pytest.fixture
def people(desk: Desk) -> None:
    for name, state, number in (
        ("Nguyễn Thị Ánh", "received", None),
        ("Nguyễn Văn Anh", "eligible", "0007"),
        ("Đỗ Đình Ân", "rejected", None),
        ("Trần Thị Bưởi", "withdrawn", "0012"),
    ):
        make_application(desk.session, desk.position, name, state, number)
    make_application(desk.session, desk.session.query(Position).filter_by(code="PTP-02").one(), "Lê Văn Cường")
    make_application(desk.session, make_desk(desk.session, "LA-2026-02").position, "Nguyễn Thị Ánh")


def names(desk: Desk, *, by_identity: bool = True, **wanted: object) -> list[str]:
    found = search(desk.session, desk.campaign, Search(**wanted), by_identity=by_identity)  # type: ignore[arg-type]
    return [one.person.full_name for one in found.applications]


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, ["Nguyễn Văn Anh", "Nguyễn Thị Ánh", "Đỗ Đình Ân", "Trần Thị Bưởi", "Lê Văn Cường"]),
        ({"text": "nguyen"}, ["Nguyễn Văn Anh", "Nguyễn Thị Ánh"]),
        ({"text": "  ĐỖ   đình "}, ["Đỗ Đình Ân"]),
        ({"text": "do dinh"}, ["Đỗ Đình Ân"]),
        ({"text": "bưở"}, ["Trần Thị Bưởi"]),
        ({"text": "7"}, ["Nguyễn Văn Anh"]),
        ({"text": "0012"}, ["Trần Thị Bưởi"]),
        ({"text": "12"}, ["Trần Thị Bưởi"]),
        ({"text": "2"}, []),
        ({"text": "%"}, []),
        ({"text": "_"}, []),
        ({"state": "received"}, ["Nguyễn Thị Ánh", "Lê Văn Cường"]),
        ({"state": "received", "position": "PTP-02"}, ["Lê Văn Cường"]),
        ({"position": "XX"}, []),
        ({"state": "nonsense"}, []),
    ],
)
def test_search(desk: Desk, wanted: dict[str, str], expected: list[str]) -> None:
    assert names(desk, **wanted) == expected


@pytest.mark.parametrize("typed", ["001085000777", " 001 085 000 777 ", "1085000777"])
def test_the_whole_identity_number_finds_its_person_for_those_who_may_see_it(desk: Desk, typed: str) -> None:
    make_application(desk.session, desk.position, person=make_person(desk.session, "Lê Văn Cường", "001085000777"))
    assert names(desk, text=typed) == ["Lê Văn Cường"]
    assert names(desk, text=typed, by_identity=False) == []


def test_pages_hold_fifty_and_never_fall_off_the_end(desk: Desk) -> None:
    for place in range(PAGE + 1):
        make_application(desk.session, desk.position, f"Nguyễn Văn {'a' * (place + 1)}")
    first, last = (search(desk.session, desk.campaign, Search(page=page), by_identity=True) for page in (0, 99))
    assert (len(first.applications), first.total, first.page, first.pages) == (50, 51, 1, 2)
    assert (len(last.applications), last.page) == (1, 2)


def test_counts_hold_every_state(desk: Desk) -> None:
    assert counts_by_state(desk.session, desk.campaign) == {"received": 0, "eligible": 0, "rejected": 0, "withdrawn": 0, "ended": 0}
    make_application(desk.session, desk.position, state="eligible")
    assert counts_by_state(desk.session, desk.campaign)["eligible"] == 1


def test_the_next_undecided_goes_round(desk: Desk) -> None:
    an, binh, cuong = (make_application(desk.session, desk.position, name) for name in ("Lê An", "Lê Bình", "Lê Cường"))
    binh.state = "eligible"
    desk.session.flush()
    assert next_undecided(desk.session, desk.campaign, an) is cuong
    assert next_undecided(desk.session, desk.campaign, binh) is cuong
    assert next_undecided(desk.session, desk.campaign, cuong) is an
    an.state = "rejected"
    desk.session.flush()
    assert next_undecided(desk.session, desk.campaign, cuong) is None


def test_an_application_of_another_campaign_is_not_found(desk: Desk) -> None:
    other = make_application(desk.session, make_desk(desk.session, "LA-2026-02").position)
    with pytest.raises(NotFound):
        application_by_public_id(desk.session, desk.campaign, other.public_id)


@pytest.mark.parametrize(("number", "shown"), [("001185000123", "…123"), ("0912345678", "…678"), ("", "")])
def test_lists_show_the_end_of_a_number(number: str, shown: str) -> None:
    assert masked(number) == shown
