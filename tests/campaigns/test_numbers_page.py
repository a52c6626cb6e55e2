"""The page of candidate numbers and codes: shown once, as slips and as a file."""

import re
from base64 import b64decode
from collections.abc import Callable

import pytest

from examsite import sheets
from tests.campaigns.intake_file import Desk, make_desk
from tests.client import Browser
from tests.factories import appoint, make_application, make_staff

Browse = Callable[..., Browser]


def address(desk: Desk, tail: str = "numbers") -> str:
    return f"/campaigns/{desk.campaign.public_id}/{tail}"


def codes_on(page: str) -> list[str]:
    return [code.replace(" ", "") for code in re.findall(r"data-code>([^<]+)<", page)]


@pytest.fixture
def eligible(desk: Desk) -> None:
    for name in ("Đỗ Văn Bình", "Nguyễn Thị Ánh"):
        make_application(desk.session, desk.position, name, "eligible", email="a@example.vn")
    desk.session.commit()


@pytest.mark.usefixtures("eligible")
@pytest.mark.parametrize("arrangement", ["by_name", "by_lot"])
def test_numbers_then_codes_then_candidates_come_in(desk: Desk, browse: Browse, arrangement: str) -> None:
    browser = browse(desk.hr)
    assert "Cấp 2 số báo danh" in browser.get(address(desk)).text
    given = browser.post(address(desk), {"arrangement": arrangement})
    assert given.status_code == 303
    page = browser.get(given.location).text
    assert "Đã cấp 2 số báo danh, từ 0001 đến 0002." in page
    assert ("LA-2026-01/candidate-numbers/0001" in page) == (arrangement == "by_lot")
    slips = browser.post(address(desk, "codes"), {"whom": "new"}).text
    codes = codes_on(slips)
    assert (len(codes), "la-2026-01-0001" in slips, "Các mã này chỉ hiện lúc này." in slips) == (2, True, True)
    sheet = sheets.read(b64decode(re.search(r"base64,([^\"]+)\"", slips)[1]))  # type: ignore[index]
    assert [cell.text.replace(" ", "") for cell in sheet.sheets[0].cells if cell.row > 1 and cell.letter == "F"] == codes
    assert not any(code in browser.get(address(desk)).text for code in codes)
    candidate = browse(None)
    entered = candidate.post("/activate", {"code": codes[0], "password": "mua thu ho guom", "again": "mua thu ho guom"})
    assert entered.status_code == 303
    assert "1 thí sinh đã có mã nhưng chưa dùng." in browser.get(address(desk)).text


@pytest.mark.usefixtures("eligible")
def test_a_new_code_for_one(desk: Desk, browse: Browse) -> None:
    browser = browse(desk.hr)
    browser.post(address(desk), {"arrangement": "by_name"})
    first = codes_on(browser.post(address(desk, "codes"), {"whom": "new"}).text)
    listed = browser.get(address(desk, "applications?q=0001")).text
    application = re.search(r'href="(/campaigns/[^"]+/applications/[\w-]+)">Nguyễn Thị Ánh', listed)[1]  # type: ignore[index]
    again = codes_on(browser.post(f"{application}/code").text)
    assert len(again) == 1
    assert again[0] not in first
    typed = {"password": "mua thu ho guom", "again": "mua thu ho guom"}
    assert browse(None).post("/activate", {"code": first[0], **typed}).status_code == 422
    assert browse(None).post("/activate", {"code": again[0], **typed}).status_code == 303


def test_while_somebody_is_undecided_the_page_says_where(desk: Desk, browse: Browse) -> None:
    make_application(desk.session, desk.position)
    desk.session.commit()
    page = browse(desk.hr).get(address(desk)).text
    assert "Còn 1 hồ sơ chưa quyết định." in page
    assert "applications?state=received" in page
    assert browse(desk.hr).post(address(desk), {"arrangement": "by_name"}).status_code == 422


def test_nobody_to_make_codes_for(desk: Desk, browse: Browse) -> None:
    answer = browse(desk.hr).post(address(desk, "codes"), {"whom": "new"})
    assert answer.status_code == 422
    assert "Không có ai cần cấp mã." in answer.text


def test_wrong_roles(desk: Desk, browse: Browse) -> None:
    chair = make_staff(desk.session, "chair", house_role="administrator")
    appoint(desk.session, desk.campaign, chair, "council", "head")
    outsider = make_desk(desk.session, "ELSEWHERE").hr
    desk.session.commit()
    assert browse(desk.hr).get(address(desk)).status_code == 200
    for somebody, status in ((chair, 403), (outsider, 404), (None, 303)):
        browser = browse(somebody)
        assert browser.get(address(desk)).status_code == status
        assert browser.post(address(desk), {"arrangement": "by_name"}).status_code == status
        assert browser.post(address(desk, "codes"), {"whom": "new"}).status_code == status
