"""A list of staff and boards: one file that an administrator and the HR board take in, each for their own part."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts import list_uploads, staff_lists
from examsite.accounts.models import Account, ActivationCode, ListUpload
from examsite.accounts.operations import activate
from examsite.accounts.staff_rows import BOARD_WORDS, DUTY_WORDS, StaffRow, read_seats, read_staff
from examsite.audit.models import HOUSE
from examsite.campaigns.models import BOARDS, DUTIES, Membership
from examsite.campaigns.operations import seat_lists
from examsite.campaigns.queries.seat_lists import assess
from examsite.lists import ListFile
from examsite.rules.refusal import NotPermitted, Refused
from examsite.sheets import read as read_sheets
from examsite.vietnamese import fold
from examsite.wording import say
from tests.campaigns.house import House, log_kinds
from tests.campaigns.list_file import as_csv, listed, read_here
from tests.client import Browser
from tests.factories import appoint, make_candidate, make_staff
from tests.list_pages import decide, send

Browse = Callable[..., Browser]


def row(name: str, sign_in_name: str, board: str = "Ban đề thi", duty: str = "") -> dict[str, str]:
    return {"Họ và tên": name, "Tên đăng nhập hoặc email": sign_in_name, "Ban": board, "Nhiệm vụ": duty}


def seats_file(data: bytes) -> ListFile[StaffRow]:
    return read_here("ban.xlsx", data, read_seats)


def held(session: Session, house: House) -> set[tuple[str, str, str]]:
    session.expire_all()
    standing = select(Membership).where(Membership.campaign_id == house.campaign.id, Membership.ended_at.is_(None))
    return {(seat.account.sign_in_name, seat.board, seat.duty) for seat in session.scalars(standing)}


def errors(session: Session, house: House, *rows: dict[str, str]) -> list[tuple[str, str]]:
    found = assess(session, house.role(session), seats_file(listed(*rows)))
    return [(f"{one.column}{one.row}", one.code) for one in found.errors]


def test_an_administrator_makes_the_accounts_and_the_hr_board_gives_the_seats(session: Session, house: House, browse: Browse) -> None:
    make_staff(session, "binh", "Trần Bình")
    session.commit()
    data = as_csv([row("Lê An", "An.Le@example.vn"), row("Lê An", "an.le@example.vn", "Council", "thư ký"), row("Trần Bình", "binh")])
    address = f"{house.address}/boards/import"
    waiting = send(browse(house.hr), address, data).location
    assert "Anh/chị hãy đề nghị quản trị viên" in browse(house.hr).get(waiting).text

    admin = browse(house.administrator)
    assert "/staff/import" in admin.get("/staff").text
    slips = decide(admin, send(admin, "/staff/import", data, "ban.csv").location)
    assert (slips.status_code, slips.text.count('class="ex-slip"')) == (200, 1)
    code = slips.text.split("data-code>")[1].split("<")[0]
    assert session.scalars(select(ActivationCode)).one().code_hash not in slips.text
    again = admin.get(send(admin, "/staff/import", data, "ban.csv").location).text
    assert "Mọi người trong tệp đều đã có tài khoản" in again

    assert decide(browse(house.hr), waiting).status_code == 303
    assert {
        ("an.le@example.vn", "question", "member"),
        ("an.le@example.vn", "council", "secretary"),
        ("binh", "question", "member"),
    } <= held(session, house)
    assert log_kinds(session, house.campaign.chain).count("campaigns:membership:appointed") == 3
    kinds = log_kinds(session, house.campaign.chain), log_kinds(session, HOUSE)
    assert [kind.count("lists:file:taken") for kind in kinds] == [1, 1]
    assert log_kinds(session, HOUSE).count("accounts:account:created") == 1
    assert activate(session, code, "mot mat khau that dai", house.campaign.created_at).display_name == "Lê An"


def test_somebody_who_may_do_both_does_both_at_once(session: Session, house: House, browse: Browse) -> None:
    appoint(session, house.campaign, house.administrator, "hr")
    session.commit()
    browser, address = browse(house.administrator), f"{house.address}/boards/import"
    answer = decide(browser, send(browser, address, listed(row("Lê An", "an"), row("Lê An", "an", "Giám sát"))).location)
    assert (answer.status_code, answer.text.count('class="ex-slip"')) == (200, 1)
    assert {("an", "question", "member"), ("an", "supervision", "member")} <= held(session, house)


def test_no_rule_on_boards_is_passed_by(session: Session, house: House) -> None:
    for name in ("an", "binh"):
        make_staff(session, name, name)
    gone = make_staff(session, "gone", "gone")
    gone.disabled_at = house.campaign.created_at
    make_candidate(session, "sbd-1", "Thí sinh", password=False)
    wrong = [
        (row("an", "an", "Ban đề thi"), None),
        (row("an", "an", "Ban chấm thi"), ("C3", "campaigns.boards_clash")),
        (row("Author", "author", "Ban coi thi"), ("C4", "campaigns.boards_clash")),
        (row("Author", "author", "Ban đề thi", "trưởng"), ("D5", "seats.other_duty")),
        (row("binh", "binh", "Hội đồng", "chủ tịch"), ("D6", "campaigns.head_taken")),
        (row("binh", "binh", "Ban phách", "trưởng"), None),
        (row("an", "an", "Ban giám sát", "trưởng"), None),
        (row("binh", "binh", "Ban giám sát", "trưởng"), ("D9", "campaigns.head_taken")),
        (row("gone", "gone"), ("B10", "staff.disabled")),
        (row("Thí sinh", "sbd-1"), ("B11", "accounts.name_taken")),
        (row("Another", "binh", "Ban phỏng vấn"), ("A12", "staff.name_differs")),
        (row("New", "new"), ("B13", "seats.not_staff")),
        (row("New", "có dấu"), ("B14", "staff.sign_in_name_form")),
        (row("binh", "binh", "Ban nhạc"), ("C15", "lists.choice_unknown")),
        (row("binh", "binh", "Ban phỏng vấn", "ca sĩ"), ("D16", "lists.choice_unknown")),
        (row("binh", "binh", ""), ("C17", "lists.required")),
        (row("Admin", "admin", "Ban phách"), ("C18", "campaigns.keeps_accounts")),
    ]
    assert errors(session, house, *(one for one, _found in wrong)) == [found for _one, found in wrong if found]


def test_a_seat_that_is_held_is_passed_over_and_one_in_two_rows_is_not(session: Session, house: House, now: datetime) -> None:
    found = assess(session, house.role(session), seats_file(listed(row("Author", "author"), row("Chair", "chair", "Hội đồng", "chair"))))
    assert ([one.code for one in found.known], found.good, found.errors) == (["seats.same", "seats.same"], [], ())
    assert errors(session, house, row("Hà", "ha"), row("Hà", "ha")) == [("C2", "staff.seat_twice"), ("C3", "staff.seat_twice")]


def test_another_duty_is_refused_in_words_that_lead_to_the_boards(session: Session, house: House, browse: Browse) -> None:
    appoint(session, house.campaign, make_staff(session, "binh", "Trần Bình"), "question")
    session.commit()
    assert errors(session, house, row("Trần Bình", "binh", duty="trưởng ban")) == [("D2", "seats.other_duty")]
    waiting = send(browse(house.hr), f"{house.address}/boards/import", as_csv([row("Trần Bình", "binh", duty="trưởng ban")])).location
    page = browse(house.hr).get(waiting).text
    assert "Danh sách không thay đổi nhiệm vụ" in page
    assert f'href="{house.address}/boards">Mở danh sách các ban' in page


def test_accounts_from_a_list_are_those_of_the_invitation(session: Session, house: House, now: datetime) -> None:
    make_staff(session, "binh", "Trần Bình")
    data = listed(row("Lê An", "an"), row("Lê Ân", "an"), row("Trần Bính", "binh"), row("Chi", "chi"))
    file = read_here("x.xlsx", data, read_staff)
    found = staff_lists.assess(session, file)
    assert [(one.row, one.code) for one in found.errors] == [(3, "staff.name_differs"), (4, "staff.name_differs")]
    kept = list_uploads.keep(session, chain=HOUSE, kind=staff_lists.KIND, name="x.xlsx", data=data, actor=house.administrator, now=now)
    with pytest.raises(Refused, match="has_errors"):
        staff_lists.take_upload(session, kept, file, house.administrator, good_rows=False, now=now)
    done = staff_lists.take_upload(session, kept, file, house.administrator, good_rows=True, now=now)
    assert [one.sign_in_name for one in done.invited] == ["an", "chi"]
    assert {one.house_role for one in session.scalars(select(Account).where(Account.sign_in_name.in_(["an", "chi"])))} == {None}


def test_who_may(session: Session, house: House, browse: Browse, now: datetime) -> None:
    for address, people in {
        "/staff/import": ((house.hr, 403), (house.chair, 403), (None, 303), (house.administrator, 200)),
        f"{house.address}/boards/import": ((house.author, 403), (house.outsider, 404), (None, 303), (house.chair, 200)),
    }.items():
        for account, status in people:
            assert browse(account).get(address).status_code == status
            assert browse(account).get(address.replace("import", "template.xlsx")).status_code == status
    data = listed(row("An", "an"))
    address = f"{house.address}/boards/import"
    waiting = send(browse(house.hr), address, data).location
    assert [send(browse(house.author), address, data).status_code, browse(house.author).post(f"{waiting}/drop").status_code] == [403, 403]
    kept, role = session.scalars(select(ListUpload)).one(), house.role(session, house.author)
    with pytest.raises(NotPermitted):
        seat_lists.take_upload(session, role, kept, seats_file(data), good_rows=True, now=now)
    with pytest.raises(NotPermitted):
        staff_lists.take_upload(session, kept, read_here("x.xlsx", data, read_staff), house.hr, good_rows=True, now=now)


def test_the_words_of_the_pages_are_understood(one_app, browse: Browse, house: House) -> None:
    for language in ("vi", "en"):
        with one_app.test_request_context(headers={"Accept-Language": language}):
            for board in BOARDS:
                assert fold(say(f"board.{board}")) in {fold(word) for word in BOARD_WORDS[board]}
            for duty in DUTIES:
                assert fold(say(f"duty.{duty}")) in {fold(word) for word in DUTY_WORDS[duty]}
    book = read_sheets(browse(house.administrator).get("/staff/template.xlsx").data)
    assert {"Ban phúc khảo", "thư ký"} <= {cell.text for cell in book.sheets[3].cells}
