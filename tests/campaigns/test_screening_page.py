"""The pages of screening: the list, one application judged by keyboard, evidence, correction, and who may see what."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from examsite.audit.models import LogEntry
from examsite.campaigns.models import Application, CriterionFinding, Entitlement
from tests.campaigns.house import ENGLISH
from tests.campaigns.intake_file import Desk, make_desk
from tests.client import Browser
from tests.factories import appoint, make_application, make_person, make_staff

Browse = Callable[..., Browser]


@pytest.fixture
def application(desk: Desk) -> Application:
    person = make_person(desk.session, "Nguyễn Thị Ánh", "001185000777", gender="female")
    found = make_application(
        desk.session, desk.position, person=person, phone="0912345678", email="anh@example.vn", claimed_exemption="Cử nhân Anh"
    )
    desk.session.commit()
    return found


def listing(desk: Desk) -> str:
    return f"/campaigns/{desk.campaign.public_id}/applications"


def page_of(desk: Desk, application: Application) -> str:
    return f"{listing(desk)}/{application.public_id}"


def filled(page: str, **more: str) -> dict[str, str]:
    """The hidden fields of the screening form as the page gave them, and what is typed."""
    fields = dict(re.findall(r'name="(findings-\d+-criterion|seen)" type="hidden" value="([^"]*)"', page))
    assert "seen" in fields, page
    return fields | more


def shown_field(page: str, name: str) -> str:
    """What stands in a text field."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    return found[1] if found else ""


def test_all_criteria_met_by_one_button_leads_to_the_next(desk: Desk, browse: Browse, application: Application) -> None:
    following = make_application(desk.session, desk.position, "Trần Văn Bình")
    desk.session.commit()
    browser = browse(desk.hr)
    page = browser.get(page_of(desk, application)).text
    done = browser.post(f"{page_of(desk, application)}/screen", filled(page, common="Đã xem hồ sơ gốc.", act="all_met"))
    assert (done.status_code, done.location) == (303, page_of(desk, following))
    desk.session.expire_all()
    assert application.state == "eligible"
    assert {one.why for one in desk.session.scalars(select(CriterionFinding))} == {"Đã xem hồ sơ gốc."}
    assert "Nguyễn Thị Ánh: đủ điều kiện." in browser.get(done.location).text


def test_judged_one_by_one_and_rejected(desk: Desk, browse: Browse, application: Application) -> None:
    browser = browse(desk.hr)
    page = browser.get(page_of(desk, application)).text
    typed = filled(
        page,
        **{"findings-0-met": "yes", "findings-0-why": "Bằng số 1.", "findings-1-met": "no", "findings-1-why": "Mới ba năm."},
        decision="rejected",
        reason="Chưa đủ năm năm.",
        act="save",
    )
    done = browser.post(f"{page_of(desk, application)}/screen", typed)
    assert (done.status_code, done.location) == (303, page_of(desk, application))
    shown = browser.get(done.location).text
    for words in ("Mới ba năm.", "Chưa đủ năm năm.", "không đáp ứng", "Rút lại quyết định này"):
        assert words in shown


def test_what_was_typed_stays_when_something_is_missing(desk: Desk, browse: Browse, application: Application) -> None:
    browser = browse(desk.hr)
    page = browser.get(page_of(desk, application)).text
    typed = filled(
        page, **{"findings-0-met": "yes", "findings-0-why": "Bằng số 1.", "findings-1-met": "no"}, decision="rejected", reason="Thiếu."
    )
    refused = browser.post(f"{page_of(desk, application)}/screen", typed)
    assert refused.status_code == 422
    assert "Anh/chị hãy ghi lý do đáp ứng hoặc không đáp ứng tiêu chuẩn 2" in refused.text
    assert 'value="Bằng số 1."' in refused.text
    assert "Thiếu.</textarea>" in refused.text
    assert not desk.session.scalars(select(CriterionFinding)).all()


def test_two_pages_open_at_once(desk: Desk, browse: Browse, application: Application) -> None:
    browser = browse(desk.hr)
    page = browser.get(page_of(desk, application)).text
    first = filled(page, **{"findings-0-met": "no", "findings-0-why": "Không có bằng."}, act="save")
    assert browser.post(f"{page_of(desk, application)}/screen", first).status_code == 303
    second = browser.post(f"{page_of(desk, application)}/screen", filled(page, common="Xong.", act="all_met"))
    assert second.status_code == 422
    assert "Phạm Thu Hằng vừa xét hồ sơ này" in second.text
    assert "Không có bằng." in second.text
    assert [one.met for one in desk.session.scalars(select(CriterionFinding))] == [False]
    again = filled(second.text, common=shown_field(second.text, "common"), act="all_met")
    assert again["common"] == "Xong."
    assert browser.post(f"{page_of(desk, application)}/screen", again).status_code == 303


def test_what_was_typed_outlives_the_decision_of_a_colleague(desk: Desk, browse: Browse, application: Application) -> None:
    browser, place = browse(desk.hr), page_of(desk, application)
    page = browser.get(place).text
    assert browser.post(f"{place}/screen", filled(page, common="Đủ cả.", act="all_met")).status_code == 303
    typed = {"findings-0-met": "yes", "findings-0-why": "Bằng số 1.", "findings-1-met": "no", "findings-1-why": "Mới ba năm."}
    refused = browser.post(f"{place}/screen", filled(page, **typed, decision="rejected", reason="Chưa đủ năm năm.", act="save"))
    assert refused.status_code == 422
    for words in ("Đủ cả.", "Mới ba năm.", "Chưa đủ năm năm.</textarea>", "Phạm Thu Hằng", "Rút lại quyết định đó và lưu nội dung này"):
        assert words in refused.text
    instead = filled(refused.text, **typed, decision="rejected", reason="Chưa đủ năm năm.", act="instead")
    assert "Cần nêu lý do. Hãy viết lý do trong một câu." in browser.post(f"{place}/screen", instead).text
    assert browser.post(f"{place}/screen", instead | {"seen": "older", "instead_why": "Đọc lại hồ sơ."}).status_code == 422
    assert browser.post(f"{place}/screen", instead | {"instead_why": "Đọc lại hồ sơ."}).status_code == 303
    desk.session.expire_all()
    assert (application.state, application.decision_reason) == ("rejected", "Chưa đủ năm năm.")
    kinds = list(desk.session.scalars(select(LogEntry.kind).order_by(LogEntry.number)))
    assert [kind.rpartition(":")[2] for kind in kinds] == ["judged", "decided", "reopened", "judged", "decided"]


def test_what_one_button_meant_is_spelt_out_after_a_decision(desk: Desk, browse: Browse, application: Application) -> None:
    browser, place = browse(desk.hr), page_of(desk, application)
    page = browser.get(place).text
    application.state = "withdrawn"
    desk.session.commit()
    refused = browser.post(f"{place}/screen", filled(page, common="Đủ cả.", act="all_met")).text
    assert refused.count("checked") == 3
    instead = filled(refused, **{"findings-0-met": "yes", "findings-1-met": "yes"}, common="Đủ cả.", decision="eligible", act="instead")
    assert browser.post(f"{place}/screen", instead | {"instead_why": "Đơn rút đã hủy."}).status_code == 303
    desk.session.expire_all()
    assert application.state == "eligible"


def test_a_reason_without_a_tick_is_asked_about(desk: Desk, browse: Browse, application: Application) -> None:
    browser = browse(desk.hr)
    page = browser.get(page_of(desk, application)).text
    typed = filled(page, **{"findings-1-why": "Mới ba năm."}, act="save")
    refused = browser.post(f"{page_of(desk, application)}/screen", typed)
    assert refused.status_code == 422
    assert "Anh/chị đã ghi lý do cho tiêu chuẩn 2." in refused.text
    assert 'value="Mới ba năm."' in refused.text
    done = browser.post(f"{page_of(desk, application)}/screen", typed | {"act": "all_met", "common": "Đã xem hồ sơ gốc."})
    assert done.status_code == 303
    whys = desk.session.scalars(select(CriterionFinding.why).order_by(CriterionFinding.criterion_id)).all()
    assert whys == ["Đã xem hồ sơ gốc.", "Mới ba năm."]


def test_taking_back_and_withdrawing_need_a_reason(desk: Desk, browse: Browse, application: Application) -> None:
    application.state = "rejected"
    desk.session.commit()
    browser = browse(desk.hr)
    assert browser.post(f"{page_of(desk, application)}/reopen", {"reason": ""}).status_code == 422
    assert browser.post(f"{page_of(desk, application)}/reopen", {"reason": "Nộp bổ sung bằng."}).status_code == 303
    assert browser.post(f"{page_of(desk, application)}/withdraw", {"reason": " "}).status_code == 422
    done = browser.post(f"{page_of(desk, application)}/withdraw", {"reason": "Đơn ngày 08/11/2026."})
    assert done.status_code == 303
    shown = browser.get(done.location).text
    for words in ("rút lại quyết định", "ghi nhận rút hồ sơ", "Đơn ngày 08/11/2026."):
        assert words in shown


def test_an_exemption_on_evidence(desk: Desk, browse: Browse, application: Application) -> None:
    browser = browse(desk.hr)
    assert "Cử nhân Anh" in browser.get(page_of(desk, application)).text
    post = f"{page_of(desk, application)}/entitlements"
    assert browser.post(post, {"ground": "exemption:language_degree", "granted": "yes", "evidence": ""}).status_code == 422
    assert browser.post(post, {"ground": "", "granted": "yes", "evidence": "Bằng."}).status_code == 422
    assert browser.post(post, {"ground": "exemption:language_degree", "evidence": "Bằng."}).status_code == 422
    done = browser.post(post, {"ground": "exemption:language_degree", "granted": "yes", "evidence": "Bằng số 12, ĐHNN."})
    assert done.status_code == 303
    assert (desk.session.scalars(select(Entitlement)).one().part) == "language"
    assert "Bằng số 12, ĐHNN." in browser.get(page_of(desk, application)).text


def test_a_correction_keeps_what_is_right_and_names_what_changed(desk: Desk, browse: Browse, application: Application) -> None:
    browser = browse(desk.hr)
    address = f"{page_of(desk, application)}/correct"
    page = browser.get(address).text
    for words in ('value="Nguyễn Thị Ánh"', 'value="12/03/1985"', 'value="001185000777"', 'value="0912345678"'):
        assert words in page
    typed = {
        "full_name": "Nguyễn Thị Ánh", "birth_date": "12/03/1985", "gender": "Nữ", "identity_number": "001185000777", "position": "TP-01",
        "phone": "0912345678", "email": "anh@example.vn", "claimed_exemption": "Cử nhân Anh",
    }  # fmt: skip
    assert browser.post(address, typed | {"reason": "Không đổi gì."}).status_code == 422
    assert browser.post(address, typed | {"full_name": "Nguyễn Thị Ánh Nguyệt", "reason": ""}).status_code == 422
    assert browser.post(address, typed | {"birth_date": "12/03/1986", "reason": "Sửa."}).status_code == 422
    taken = make_person(desk.session, "Người Khác", "001185000888")
    desk.session.commit()
    assert taken.full_name in browser.post(address, typed | {"identity_number": "001185000888", "reason": "Sửa."}).text
    done = browser.post(address, typed | {"full_name": "Nguyễn Thị Ánh Nguyệt", "reason": "Theo thẻ căn cước."})
    assert done.status_code == 303
    desk.session.expire_all()
    assert (application.person.full_name, application.person.name_fold) == ("Nguyễn Thị Ánh Nguyệt", "nguyen thi anh nguyet")


def test_the_list_masks_numbers_and_finds_by_any_of_them(desk: Desk, browse: Browse, application: Application) -> None:
    browser = browse(desk.hr)
    for query in ("", "?q=anh", "?q=001185000777", "?state=received&position=TP-01"):
        page = browser.get(listing(desk) + query).text
        assert "Nguyễn Thị Ánh" in page, query
        assert "…777" in page
        assert ">001185000777" not in page
        assert "0912345678" not in page
    nobody = browser.get(f"{listing(desk)}?q=xyz").text
    assert "Không có hồ sơ nào khớp." in nobody
    assert "Nobody fits this search." in browser.get(f"{listing(desk)}?q=xyz", headers=ENGLISH).text


def test_the_list_asks_the_database_as_often_for_three_as_for_one(desk: Desk, browse: Browse, application: Application) -> None:
    browser = browse(desk.hr)

    def statements() -> int:
        seen: list[str] = []
        listen = lambda _c, _cursor, statement, *_more: seen.append(statement)  # noqa: E731
        event.listen(desk.session.get_bind(), "before_cursor_execute", listen)
        assert browser.get(listing(desk)).status_code == 200
        event.remove(desk.session.get_bind(), "before_cursor_execute", listen)
        return len([one for one in seen if not one.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA"))])

    statements()
    one = statements()
    for name in ("Trần Văn Bình", "Lê Văn Cường"):
        make_application(desk.session, desk.position, name, "eligible", account=True)
    desk.session.commit()
    assert statements() == one


@pytest.mark.parametrize("board", ["council", "supervision"])
def test_readers_see_no_private_numbers_and_no_form(desk: Desk, browse: Browse, application: Application, board: str) -> None:
    reader = make_staff(desk.session, "reader")
    appoint(desk.session, desk.campaign, reader, board)
    desk.session.commit()
    browser = browse(reader)
    assert "Nguyễn Thị Ánh" in browser.get(listing(desk)).text
    assert "Nguyễn Thị Ánh" not in browser.get(f"{listing(desk)}?q=001185000777").text
    page = browser.get(page_of(desk, application)).text
    for private in ("001185000777", "0912345678", "anh@example.vn", "/screen", "/entitlements", "/withdraw"):
        assert private not in page
    hr_page = browse(desk.hr).get(page_of(desk, application)).text
    for shown in ("001185000777", "0912345678", "anh@example.vn", "/screen"):
        assert shown in hr_page


def test_wrong_roles_and_other_campaigns(session: Session, desk: Desk, browse: Browse, application: Application) -> None:
    other = make_desk(session, "LA-2026-02")
    author, chair = make_staff(session, "author"), make_staff(session, "chair")
    appoint(session, desk.campaign, author, "question")
    appoint(session, desk.campaign, chair, "council", "head")
    appoint(session, other.campaign, desk.hr, "hr")
    session.commit()
    acts = ("/screen", "/reopen", "/withdraw", "/entitlements", "/correct", "/code")
    assert browse(author).get(page_of(desk, application)).status_code == 403
    assert browse(other.hr).get(page_of(desk, application)).status_code == 404
    assert browse(None).get(page_of(desk, application)).status_code == 303
    assert browse(desk.hr).get(page_of(other, application)).status_code == 404
    for act in acts:
        assert browse(chair).post(page_of(desk, application) + act, {"reason": "x"}).status_code == 403, act
        assert browse(other.hr).post(page_of(desk, application) + act, {"reason": "x"}).status_code == 404, act
        assert browse(desk.hr).post(page_of(other, application) + act, {"reason": "x"}).status_code == 404, act
    session.expire_all()
    assert application.state == "received"


def test_an_emptied_correction_marks_each_field_and_the_reason(desk: Desk, browse: Browse, application: Application) -> None:
    empty = dict.fromkeys(("full_name", "birth_date", "identity_number", "position", "phone", "reason"), "")
    page = browse(desk.hr).post(f"{page_of(desk, application)}/correct", empty)
    assert page.status_code == 422
    for name in ("full_name", "birth_date", "identity_number", "position", "reason"):
        assert f'id="{name}-error"' in page.text
    assert 'value="Nguyễn Thị Ánh"' not in page.text
    desk.session.expire_all()
    assert application.person.full_name == "Nguyễn Thị Ánh"
