"""The rules told to somebody who knows no key, number by number."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from examsite import policies
from examsite.campaigns.operations import rules as operations
from examsite.campaigns.queries import entries
from examsite.campaigns.rules_table import lines
from examsite.rules import policy
from tests.campaigns.house import ENGLISH, House, build
from tests.client import Browser


@pytest.mark.parametrize("set_id", policies.available())
def test_every_set_can_be_read_without_an_account(browse: Callable[..., Browser], set_id: str) -> None:
    page = browse().get(f"/rule-sets/{set_id}", headers=ENGLISH)
    assert page.status_code == 200
    assert all(f'id="{entry.key}"' in page.text for entry in policies.load(set_id).entries)
    assert f"/rule-sets/{set_id}" in browse().get("/rule-sets").text


def test_a_set_that_is_not_there(browse: Callable[..., Browser]) -> None:
    assert browse().get("/rule-sets/no-such-set").status_code == 404


def test_a_number_with_its_article_and_how_sure_it_is(browse: Callable[..., Browser]) -> None:
    page = browse().get("/rule-sets/cs-138-2020").text
    row = page[page.index('id="parts.general.questions"') :]
    row = row[: row.index("</tr>")].replace("\u00a0", " ")
    assert "Số câu hỏi" in row
    assert "<b>60 câu</b>" in row
    assert "Nghị định 138/2020/NĐ-CP, Điều 8" in row
    assert "có hiệu lực từ 01/12/2020 đến 30/06/2025" in row
    assert "đã xác nhận" in row
    assert "60 questions" in browse().get("/rule-sets/cs-138-2020", headers=ENGLISH).text.replace("\u00a0", " ")


def test_what_a_set_waits_for_is_told(browse: Callable[..., Browser]) -> None:
    page = browse().get("/rule-sets/leader-generic").text
    assert "Chưa chọn được bộ quy tắc này" in page
    assert "bảo vệ đề án" in page
    assert "Chưa chọn được" not in browse().get("/rule-sets/leader-screening").text


def test_lines_of_one_thing_stand_under_its_name() -> None:
    chapters = policy.explain(policies.load("leader-screening").entries)
    round1 = lines(chapters[2])
    heads = {line.row.key for line in round1 if line.heads}
    assert {"parts.general.name", "parts.language.name"} <= heads
    assert "languages.en.name" not in heads
    by_key = {line.row.key: line for line in round1}
    assert by_key["parts.general.questions"].within is None
    assert by_key["round1.form"].within is None
    weak = {line.row.key: line for line in lines(chapters[4])}["components.defence.weak.from"]
    assert weak.within is not None
    assert weak.within.vi.startswith("Bảo vệ, ")


def test_before_the_announcement_only_the_boards_read_them(session: Session, house: House, browse: Callable[..., Browser]) -> None:
    address = f"{house.address}/rules"
    for account in (house.hr, house.chair, house.supervisor, house.author):
        page = browse(account).get(address)
        assert page.status_code == 200
        assert ("/rules/2" in page.text) == (account is house.hr)
    assert browse(house.outsider).get(address).status_code == 404
    assert browse(house.administrator).get(address).status_code == 404
    answer = browse().get(address)
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in")


def test_afterwards_everybody_reads_them_with_their_digest(session: Session, browse: Callable[..., Browser]) -> None:
    house = build(session, stage="announced", changes={"parts.general.questions": 40})
    for account in (None, house.outsider, house.administrator):
        page = browse(account).get(f"{house.address}/rules", headers=ENGLISH)
        assert page.status_code == 200
        assert house.campaign.rules_hash in page.text
        text = page.text.replace("\u00a0", " ")
        assert "<b>40 questions</b>" in text
        assert "changed for this campaign; before: 60 questions" in text
        assert "Reason: for the test" in text
    inside = browse(house.author).get(f"{house.address}/rules").text
    assert house.campaign.rules_hash in inside
    assert "ex-sub" in inside


def test_old_and_new_stand_side_by_side_with_who_and_why(
    session: Session, house: House, now: datetime, browse: Callable[..., Browser]
) -> None:
    role = house.role(session)
    operations.change(session, role, {"round2.pass_mark": policy.value_from_text("round2.pass_mark", "52,5")}, "Họp lần một", now)
    operations.change(session, role, {"round2.pass_mark": policy.value_from_text("round2.pass_mark", "55")}, "Họp lần hai", now)
    operations.change(session, role, {"boards.exclusive": ()}, "Họp lần ba", now)
    session.commit()
    page = browse(house.author).get(f"{house.address}/rules").text
    history = page[page.index('id="h-history"') :]
    for words in ("50 điểm", "52,5 điểm", "55 điểm", "Họp lần một", "Họp lần hai", "Phạm Thu Hằng", "09/11/2026 08:00", "đã bỏ"):
        assert words in history, words
    assert "boards.anonymity.members" in history
    assert len(entries(house.campaign)) < len(policies.load("leader-screening").entries)


def test_no_rule_is_told_in_english_on_a_vietnamese_page(browse: Callable[..., Browser]) -> None:
    page = browse().get("/rule-sets/leader-screening").text
    for entry in policies.load("leader-screening").entries:
        assert f">{entry.label.en}<" not in page or entry.label.en == entry.label.vi
