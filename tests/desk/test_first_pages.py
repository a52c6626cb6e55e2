"""The public front and everybody's first page."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from examsite.accounts.models import ActivationCode
from tests.client import Browser
from tests.conftest import NOW
from tests.factories import appoint, make_application, make_campaign, make_position, make_staff


@pytest.mark.parametrize(("language", "sentence"), [("vi", "Chưa có kỳ thi nào được công bố"), ("en", "No campaign is announced")])
def test_the_front_of_an_empty_site(browse: Callable[..., Browser], language: str, sentence: str) -> None:
    page = browse().get("/", headers={"Accept-Language": language})
    assert page.status_code == 200
    assert sentence in page.text


def test_a_draft_is_not_public_and_an_announced_campaign_is(session: Session, browse: Callable[..., Browser]) -> None:
    draft = make_campaign(session, code="LA-2026-01")
    announced = make_campaign(session, code="LA-2026-02", stage="announced")
    make_position(session, announced, title="Trưởng phòng Tổ chức cán bộ")
    session.commit()
    front = browse().get("/").text
    assert announced.title in front
    assert draft.title not in front
    page = browse().get(f"/public/{announced.public_id}")
    assert "Trưởng phòng Tổ chức cán bộ" in page.text
    assert announced.rules_hash is not None
    assert announced.rules_hash in page.text
    assert browse().get(f"/public/{draft.public_id}").status_code == 404


def test_staff_see_their_campaigns_and_who_may_take_the_next_step_is_told(session: Session, browse: Callable[..., Browser]) -> None:
    campaign = make_campaign(session)
    member, chair = make_staff(session, "member"), make_staff(session, "chair")
    appoint(session, campaign, member, "council")
    appoint(session, campaign, chair, "council", "head")
    session.commit()
    page = browse(member).get("/home")
    assert page.status_code == 200
    assert campaign.title in page.text
    assert "bước tiếp theo" not in page.text
    assert "Xem bước tiếp theo cần gì" in browse(chair).get("/home").text


def test_an_administrator_sees_accounts_that_nobody_uses(session: Session, browse: Callable[..., Browser]) -> None:
    administrator = make_staff(session, "admin", house_role="administrator", password=True)
    session.commit()
    assert "Hiện không còn việc nào" in browse(administrator).get("/home").text
    make_staff(session, "new")
    session.commit()
    page = browse(administrator).get("/home").text
    assert "Tài khoản chưa kích hoạt: 1" in page
    assert 'href="/staff"' in page


@pytest.mark.parametrize(("days", "counts"), [(2, False), (4, True)])
def test_an_old_account_with_a_new_code_is_unused_once_the_code_is_old(
    session: Session, browse: Callable[..., Browser], days: int, counts: bool
) -> None:
    administrator = make_staff(session, "admin", house_role="administrator", password=True)
    made = NOW - timedelta(days=days)
    row = {"code_hash": "0" * 64, "created_at": made, "expires_at": made + timedelta(days=14)}
    session.add(ActivationCode(account=make_staff(session, "old"), **row))
    session.commit()
    assert ("Tài khoản chưa kích hoạt: 1" in browse(administrator).get("/home").text) is counts


def test_a_candidate_sees_only_their_own_application(session: Session, browse: Callable[..., Browser]) -> None:
    campaign = make_campaign(session, stage="screened")
    position = make_position(session, campaign)
    mine = make_application(session, position, "Lê Thị Minh Nguyệt", state="eligible", number="0117", account=True)
    other = make_application(session, position, "Vũ Hoàng Nam", state="eligible", number="0131", account=True)
    session.commit()
    page = browse(mine.account).get("/home")
    assert page.status_code == 200
    assert "0117" in page.text
    assert other.person.full_name not in page.text
    assert browse(mine.account).get("/campaigns").status_code == 403
    assert browse().get("/home").status_code == 303
