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


def test_a_set_is_told_in_sentences_with_each_number_a_link_to_its_rule(browse: Callable[..., Browser]) -> None:
    page = browse().get("/rule-sets/cs-138-2020", headers=ENGLISH).text.replace("\u00a0", " ")
    assert (
        '<a href="#parts.general.name">General knowledge</a> is passed from '
        '<a href="#parts.general.pass_percent">50 %</a> of right answers on: '
        '<a href="#parts.general.pass_percent">30</a> of <a href="#parts.general.questions">60 questions</a>.'
    ) in page
    assert "Its text was in force until 30/06/2025." in page
    assert "was in force until" not in browse().get("/rule-sets/cs-170-2025", headers=ENGLISH).text


def test_a_text_of_a_set_cannot_put_markup_into_a_sentence(session: Session, browse: Callable[..., Browser]) -> None:
    name = policy.Words("<b>Kiến thức</b>", "<b>Knowledge</b> 100 %(x)s")
    house = build(session, stage="announced", changes={"parts.general.name": name})
    page = browse().get(f"{house.address}/rules", headers=ENGLISH).text
    assert "&lt;b&gt;Knowledge&lt;/b&gt; 100 %(x)s" in page
    assert "<b>Knowledge" not in page


def test_two_sets_stand_side_by_side(browse: Callable[..., Browser]) -> None:
    address = "/rule-sets/compare?left=cs-138-2020&right=cs-170-2025"
    page = browse().get(address, headers=ENGLISH).text
    assert 'id="deadlines.file.days"' in page
    assert "Decree 170/2025/ND-CP, Article 18" in page
    assert 'id="parts.general.questions"' not in page
    whole = browse().get(f"{address}&show=all", headers=ENGLISH).text
    assert 'id="parts.general.questions"' in whole
    assert "same value, other text" in whole
    same = browse().get("/rule-sets/compare?left=cs-138-2020&right=cs-138-2020").text
    assert "Tất cả giá trị đều giống nhau" in same
    assert browse().get("/rule-sets/compare?left=cs-138-2020&right=../secret").status_code == 404
    assert browse().get("/rule-sets/compare").status_code == 200


def test_blocks_are_shown_and_compared(browse: Callable[..., Browser]) -> None:
    for block in policies.blocks():
        assert f"/rule-sets/blocks/{block.id}" in browse().get("/rule-sets").text
    page = browse().get("/rule-sets/blocks/mark-2010", headers=ENGLISH).text
    assert "No set holds it." in page
    assert "left=mark-2010&amp;right=mark-langson" in page
    assert 'id="spread.very_wide.from_included"' in browse().get("/rule-sets/compare?left=mark-2010&right=mark-langson").text
    assert browse().get("/rule-sets/blocks/levels-4").status_code == 404


def test_a_campaign_stands_beside_the_file_it_came_from(session: Session, house: House, browse: Callable[..., Browser]) -> None:
    assert browse(house.author).get(f"{house.address}/rules/compare").status_code == 200
    assert browse(house.outsider).get(f"{house.address}/rules/compare").status_code == 404
    assert browse().get(f"{house.address}/rules/compare").status_code == 303


def test_what_a_campaign_changed_is_open_to_everybody_once_frozen(session: Session, browse: Callable[..., Browser]) -> None:
    house = build(session, stage="announced", changes={"parts.general.questions": 40})
    assert f"{house.address}/rules/compare" in browse().get(f"{house.address}/rules").text
    page = browse().get(f"{house.address}/rules/compare", headers=ENGLISH).text.replace("\u00a0", " ")
    assert "1 value differs" in page
    assert page.index("<b>40 questions</b>") < page.index("Reason: for the test") < page.index("<b>60 questions</b>")


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
