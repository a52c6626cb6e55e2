"""The pages of the import: upload, dry run with cells, taking in, dropping, and who may."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from examsite import sheets
from examsite.accounts.models import Account, ListUpload
from examsite.campaigns.models import Application
from examsite.campaigns.operations import intake
from tests.campaigns.house import ENGLISH
from tests.campaigns.intake_file import Desk, good_row, make_desk, xlsx
from tests.client import Browser
from tests.factories import appoint, make_staff
from tests.list_pages import decide
from tests.list_pages import send as send_list
from tests.sheets.conftest import build

Browse = Callable[..., Browser]


def address(desk: Desk, tail: str = "") -> str:
    return f"/campaigns/{desk.campaign.public_id}/applications/import{tail}"


def send(browser: Browser, desk: Desk, data: bytes, name: str = "ho-so.xlsx") -> TestResponse:
    return send_list(browser, address(desk), data, name)


def count(session: Session, table: type) -> int:
    session.expire_all()
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_upload_dry_run_and_taking_in(desk: Desk, browse: Browse) -> None:
    browser = browse(desk.hr)
    sent = send(browser, desk, xlsx(good_row(1), good_row(2, identity="1185000002")))
    assert sent.status_code == 303
    page = browser.get(sent.location)
    assert page.status_code == 200
    for words in ("ho-so.xlsx", "2 hàng có dữ liệu", "Mọi hàng đều đúng", "D3", "Đã thêm lại số 0 ở đầu: 001185000002", "Nhập 2 hồ sơ"):
        assert words in page.text
    assert count(desk.session, Application) == 0
    taken = decide(browser, sent.location, "all")
    assert (taken.status_code, count(desk.session, Application), count(desk.session, ListUpload)) == (303, 2, 0)
    assert "Đã nhập 2 hồ sơ" in browser.get(taken.location).text
    again = decide(browser, sent.location, "all")
    assert (again.status_code, again.location, count(desk.session, Application)) == (303, taken.location, 2)


def test_errors_are_shown_by_cell_and_in_the_file(desk: Desk, browse: Browse) -> None:
    browser = browse(desk.hr)
    sent = send(browser, desk, xlsx(good_row(1), good_row(2, birth="31/02/1985", position=""), good_row(3)))
    page = browser.get(sent.location).text
    assert '<span class="ex-cellref">B3</span>' in page
    assert "Không có ngày này trong lịch." in page
    assert "ô trống" in page
    assert "Nhìn trong tệp: hàng 2 đến 4, trang tính “Hồ sơ”" in page
    assert re.search(r'<td class="is-bad">31/02/1985', page)
    assert len(re.findall(r'<td class="is-bad">', page)) == 2
    assert "Nhập 2 hàng đúng, để lại phần còn lại" in page
    english = browser.get(sent.location, headers=ENGLISH).text
    assert "There is no such day in the calendar. Correct it." in english


def test_all_or_none_and_then_the_good_rows(desk: Desk, browse: Browse) -> None:
    browser = browse(desk.hr)
    sent = send(browser, desk, xlsx(good_row(1), good_row(2, birth="31/02/1985")))
    refused = decide(browser, sent.location, "all")
    assert (refused.status_code, count(desk.session, Application)) == (422, 0)
    assert "Có 1 chỗ cần sửa nên chưa nhập gì." in refused.text
    assert decide(browser, sent.location, "good").status_code == 303
    assert count(desk.session, Application) == 1


def test_the_same_file_again_says_so(desk: Desk, browse: Browse, now: datetime) -> None:
    desk.take(xlsx(good_row(1)), now)
    desk.session.commit()
    browser = browse(desk.hr)
    page = browser.get(send(browser, desk, xlsx(good_row(1))).location).text
    assert "Mọi người trong tệp đều đã có hồ sơ; không có gì để nhập." in page
    assert "1 hàng đã có từ trước, được bỏ qua" in page


def test_a_known_person_with_another_name_is_shown_with_both(desk: Desk, browse: Browse, now: datetime) -> None:
    make_desk(desk.session, "LA-2026-02").take(xlsx(good_row(1)), now)
    desk.session.commit()
    browser = browse(desk.hr)
    page = browser.get(send(browser, desk, xlsx(good_row(1, name="Nguyễn Thị Anh"))).location).text
    assert "Số này đã có trong hệ thống với tên Nguyễn Thị Ánh, sinh ngày 12/03/1985; ở đây ghi Nguyễn Thị Anh" in page


def test_dropping_a_file_wipes_it(desk: Desk, browse: Browse) -> None:
    browser = browse(desk.hr)
    sent = send(browser, desk, xlsx(good_row(1)))
    assert browser.post(f"{sent.location}/drop").status_code == 303
    assert (count(desk.session, Application), count(desk.session, ListUpload)) == (0, 0)
    assert browser.get(sent.location).status_code == 404


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Tệp không có nội dung"),
        (b"\x00\x01", "Anh/chị hãy chọn tệp .xlsx hoặc .csv"),
        (b"PK\x03\x04 broken", "Anh/chị hãy"),
        (build('<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'), "1048576"),
    ],
)
def test_what_cannot_be_read_is_refused_at_once(desk: Desk, browse: Browse, data: bytes, words: str) -> None:
    answer = send(browse(desk.hr), desk, data)
    assert (answer.status_code, count(desk.session, ListUpload)) == (422, 0)
    assert words in answer.text


def test_no_file_chosen(desk: Desk, browse: Browse) -> None:
    answer = browse(desk.hr).post(address(desk), {})
    assert answer.status_code == 422
    assert "Anh/chị hãy chọn tệp trước." in answer.text


def test_a_file_with_no_table_is_told_and_cannot_be_taken(desk: Desk, browse: Browse) -> None:
    browser = browse(desk.hr)
    sent = send(browser, desk, b"a;b\n1;2\n", "x.csv")
    page = browser.get(sent.location).text
    assert "Không trang nào đang hiện có các cột theo mẫu." in page
    assert 'name="rows"' not in page


def test_the_template_can_be_filled_in_and_comes_back(desk: Desk, browse: Browse) -> None:
    answer = browse(desk.hr).get(f"/campaigns/{desk.campaign.public_id}/applications/template.xlsx")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="LA-2026-01.xlsx"'
    book = sheets.read(answer.data)
    assert [sheet.name for sheet in book.sheets] == ["Hồ sơ", "Ví dụ", "Hướng dẫn", "Danh mục"]
    assert "Vị trí PTP-02: Phó Trưởng phòng Tài chính" in [cell.text for cell in book.sheets[2].cells]


def test_the_list_of_errors_is_a_file(desk: Desk, browse: Browse) -> None:
    browser = browse(desk.hr)
    sent = send(browser, desk, xlsx(good_row(1, birth="31/02/1985")))
    book = sheets.read(browser.get(f"{sent.location}/errors.xlsx").data)
    assert [cell.text for cell in book.sheets[0].cells if cell.row == 2] == [
        "Hồ sơ", "B2", "Ngày sinh", "31/02/1985", "Không có ngày này trong lịch. Anh/chị hãy sửa lại.",
    ]  # fmt: skip


def test_after_screening_the_pages_say_so_and_take_nothing(desk: Desk, browse: Browse) -> None:
    browser = browse(desk.hr)
    sent = send(browser, desk, xlsx(good_row(1)))
    desk.campaign.stage = "screened"
    desk.session.commit()
    assert "Sơ tuyển đã xong." in browser.get(address(desk)).text
    assert 'name="rows"' not in browser.get(sent.location).text
    assert decide(browser, sent.location, "all").status_code == 422
    assert send(browser, desk, xlsx(good_row(2))).status_code == 422
    assert count(desk.session, Application) == 0


def test_typing_one_application(desk: Desk, browse: Browse) -> None:
    browser = browse(desk.hr)
    new = f"/campaigns/{desk.campaign.public_id}/applications/new"
    typed = {"full_name": "Lê Văn Cường", "birth_date": "5/11/79", "gender": "Nam", "identity_number": "036079004321", "position": "TP-01"}
    refused = browser.post(new, typed)
    assert refused.status_code == 422
    assert "Năm chỉ có hai chữ số." in refused.text
    assert 'value="Lê Văn Cường"' in refused.text
    done = browser.post(new, typed | {"birth_date": "5/11/1979"})
    assert (done.status_code, count(desk.session, Application)) == (303, 1)
    assert "Đã nhận hồ sơ." in browser.get(done.location).text


@pytest.fixture
def others(desk: Desk) -> dict[str, Account]:
    chair, author, outsider = (make_staff(desk.session, name) for name in ("chair", "author", "outsider"))
    appoint(desk.session, desk.campaign, chair, "council", "head")
    appoint(desk.session, desk.campaign, author, "question")
    appoint(desk.session, make_desk(desk.session, "ELSEWHERE").campaign, outsider, "hr")
    desk.session.commit()
    return {"chair": chair, "author": author, "outsider": outsider}


def test_wrong_roles(desk: Desk, browse: Browse, others: dict[str, Account], now: datetime) -> None:
    kept = intake.upload(desk.session, desk.role, "a.xlsx", xlsx(good_row(1)), now)
    desk.session.commit()
    waiting = address(desk, f"/{kept.public_id}")
    pages = [address(desk), waiting, f"{waiting}/errors.xlsx", address(desk).replace("/import", "/template.xlsx")]
    for page in pages:
        assert browse(desk.hr).get(page).status_code == 200
        for name, status in {"chair": 403, "author": 403, "outsider": 404}.items():
            assert browse(others[name]).get(page).status_code == status, (name, page)
        assert browse(None).get(page).status_code == 303
    for name, status in {"chair": 403, "author": 403, "outsider": 404}.items():
        assert browse(others[name]).post(waiting, {"rows": "all"}).status_code == status
        assert browse(others[name]).post(f"{waiting}/drop").status_code == status
    assert (count(desk.session, ListUpload), count(desk.session, Application)) == (1, 0)


def test_an_upload_belongs_to_one_campaign(desk: Desk, browse: Browse, now: datetime) -> None:
    other = make_desk(desk.session, "LA-2026-02")
    appoint(desk.session, other.campaign, desk.hr, "hr")
    kept = intake.upload(desk.session, desk.role, "a.xlsx", xlsx(good_row(1)), now)
    desk.session.commit()
    assert browse(desk.hr).get(address(other, f"/{kept.public_id}")).status_code == 404
    assert browse(desk.hr).post(address(other, f"/{kept.public_id}"), {"rows": "all"}).status_code == 303, "to the list"
    assert (count(desk.session, ListUpload), count(desk.session, Application)) == (1, 0)


def test_a_huge_file_is_turned_away_in_a_sentence(desk: Desk, browse: Browse) -> None:
    answer = send(browse(desk.hr), desk, b"x" * (12 * 1024 * 1024 + 1))
    assert (answer.status_code, count(desk.session, ListUpload)) == (413, 0)
    assert "12 MB" in answer.text
    answer.request.environ["wsgi.input"].close()  # the test client put it into a temporary file


def test_typing_nothing_marks_every_field_that_is_missing(desk: Desk, browse: Browse) -> None:
    browser = browse(desk.hr)
    new = f"/campaigns/{desk.campaign.public_id}/applications/new"
    page = browser.post(new, {})
    assert page.status_code == 422
    assert "dòng tiêu đề" not in page.text
    for name in ("full_name", "birth_date", "gender", "identity_number", "position"):
        assert f'id="{name}-error"' in page.text
    assert page.text.count("Hãy điền mục này.") == 5
    some = browser.post(new, {"full_name": "Lê Văn Cường", "birth_date": "5/11/79", "workplace": "Sở Nội vụ"}).text
    assert (some.count("Hãy điền mục này."), 'value="Lê Văn Cường"' in some, 'value="Sở Nội vụ"' in some) == (3, True, True)
    assert "Năm chỉ có hai chữ số." in some
    assert count(desk.session, Application) == 0
