"""Published lists as everybody sees them: from what was stored, the same bytes as a file, findable without a script."""

import hashlib
import json
import re
from datetime import timedelta
from functools import partial
from html import unescape
from typing import Any

import pytest
from sqlalchemy import event

from examsite.campaigns.operations.people import correct_person
from examsite.results.models import Publication
from examsite.results.paging import list_page
from examsite.results.routes import public
from tests.results.ground import Ground


@pytest.fixture
def ranking(ground: Ground) -> Publication:
    """A published ranking of three, one of them inside."""
    ground.ranked(("001", "70"), ("002", "68"), ("003", "40"))
    found = ground.published("provisional")
    ground.session.commit()
    return found


def test_anybody_reads_it_in_both_languages(ranking: Publication, browse: Any) -> None:
    address = f"/lists/{ranking.public_id}"
    vietnamese = browse().get(address).text
    english = browse().get(address, headers={"Accept-Language": "en"}).text
    for page in (vietnamese, english):
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in page
        assert ranking.digest in page
        assert ranking.log_head in page
        assert "Hr" in page
        assert "Chair" in page
    assert "Xếp hạng tạm thời" in vietnamese
    assert "Hạng 1 với tổng điểm 70,0; trong chỉ tiêu 1 người." in vietnamese
    assert "Place 1 with a total of 70.0; inside the quota of 1." in english


def test_each_figure_and_each_place_leads_to_its_rule(ranking: Publication, browse: Any) -> None:
    page, rules = browse().get(f"/lists/{ranking.public_id}").text, f"/campaigns/{ranking.campaign.public_id}/rules"
    keys = re.findall(rf'href="{rules}#([^"]+)"', page[page.index("<article") : page.index("</article>")])
    assert {"ranking.total", "ranking.tie_steps", "round2.pass_mark"} <= set(keys)
    assert page.count(">Quy tắc</a>") >= 3  # one a line
    shown = browse().get(rules).text
    assert [key for key in keys if f'id="{key}"' not in shown] == []


def test_the_file_has_the_digest_that_the_page_shows(ranking: Publication, browse: Any) -> None:
    answer = browse().get(f"/lists/{ranking.public_id}.json")
    assert answer.mimetype == "application/json"
    assert hashlib.sha256(answer.data).hexdigest() == ranking.digest
    content = json.loads(answer.data)
    assert [line["candidate_number"] for line in content["sections"][0]["lines"]] == ["001", "002", "003"]


def test_a_candidate_number_is_found_without_a_script(ranking: Publication, browse: Any) -> None:
    for wanted in ("002", "2", "candidàte 002"):
        page = browse().get(f"/lists/{ranking.public_id}", query_string={"number": wanted}).text
        assert "Candidate 002" in page
        assert "Candidate 001" not in page
        assert f"Bản in này chỉ gồm kết quả tìm “{wanted}”" in page
    nobody = browse().get(f"/lists/{ranking.public_id}?number=Somebody").text
    assert "Danh sách này không có ai tên Somebody" in nobody
    assert "Candidate 001" in nobody
    missing = browse().get(f"/lists/{ranking.public_id}?number=%3Cb%3E9").text
    assert "không có số báo danh &lt;b&gt;9" in missing
    assert "Candidate 001" in missing


def test_the_quota_line_stands_after_the_last_place_inside(ranking: Publication, browse: Any) -> None:
    page = browse().get(f"/lists/{ranking.public_id}").text
    assert page.count('class="ex-cut"') == 1
    assert page.index("Candidate 001") < page.index('class="ex-cut"') < page.index("Candidate 002")


def test_a_long_list_goes_over_pages_and_prints_whole(ranking: Publication, browse: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "list_page", partial(list_page, most=4))
    address = f"/lists/{ranking.public_id}"
    first, second, third = (browse().get(f"{address}?page={page}").text for page in (1, 2, 3))
    assert [name in first for name in ("Candidate 001", "Candidate 002")] == [True, False]
    assert [name in second for name in ("Candidate 001", "Candidate 002", "(tiếp theo)")] == [False, True, True]
    assert [page.count('class="ex-cut"') for page in (first, second, third)] == [0, 1, 0]
    assert f"Bản in này chỉ gồm trang 2 trên 3 của danh sách. Toàn bộ danh sách ở http://localhost{address}?page=0" in second
    whole = browse().get(f"{address}?page=0").text
    assert all(f"Candidate 00{number}" in whole for number in (1, 2, 3))
    assert "Bản in này" not in whole


def test_a_changed_row_changes_no_published_page(ground: Ground, ranking: Publication, browse: Any) -> None:
    ground.application("001").person.full_name = "Somebody Else"
    ground.campaign.title = "Another title"
    ground.position().title = "Another post"
    ground.session.commit()
    page = browse().get(f"/lists/{ranking.public_id}").text
    assert "Candidate 001" in page
    assert not re.search("Somebody Else|Another post", page)


def test_unknown_lists_are_not_there(browse: Any) -> None:
    assert browse().get("/lists/no-such-list").status_code == 404
    assert browse().get("/lists/no-such-list.json").status_code == 404


def test_a_page_takes_the_same_few_queries_however_long_the_list(ground: Ground, ranking: Publication, browse: Any) -> None:
    counted: list[str] = []
    connection = ground.session.connection()
    event.listen(connection, "before_cursor_execute", lambda *args: counted.append(args[2]))
    browse().get(f"/lists/{ranking.public_id}")
    assert len([statement for statement in counted if statement.startswith("SELECT")]) <= 4


def test_the_eligible_list_and_round_1_have_pages_too(ground: Ground, browse: Any) -> None:
    for number in ("001", "002"):
        ground.candidate(number)
        ground.sits(number, general=45 if number == "001" else 12)
    lists = [ground.published("eligible"), ground.published("round1")]
    ground.session.commit()
    eligible, round1 = (browse().get(f"/lists/{one.public_id}").text for one in lists)
    assert "Danh sách đủ điều kiện" in eligible
    assert "Office 002" in eligible
    assert "Vào vòng 2" in round1
    assert "12 trên 60" in round1


def test_the_public_ranking_tells_each_reason_as_far_as_the_list_shows_what_it_rests_on(ground: Ground, browse: Any) -> None:
    ground.position(quota=2)
    for number, sheet in {
        "001": ("30", "20", "20"),
        "002": ("30", "21", "19"),
        "003": ("40", "20", "20"),
        "004": ("10", "10", "10"),
    }.items():
        ground.candidate(number)
        ground.enters(number)
        ground.scores(number, sheet)
    ground.opens()
    address = f"/lists/{ground.published('provisional').public_id}"
    ground.session.commit()
    page = unescape(browse().get(address, headers={"Accept-Language": "en"}).text)
    assert "Place 1 with a total of 80.0; inside the quota of 2." in page
    assert "The round 2 score of 30 is below 50, so there is no place." in page
    assert "Equal to another candidate across the quota; ahead by the tie rule." in page
    assert "Equal to another candidate across the quota; behind by the tie rule." in page
    assert "the score for" not in page


def test_a_name_corrected_since_is_told_beside_the_list_as_it_was(ground: Ground, ranking: Publication, browse: Any) -> None:
    wrong, born = ground.application("002"), ground.application("002").person.birth_date
    after = ranking.published_at + timedelta(seconds=1)
    correct_person(ground.session, ground.role(ground.hr), wrong, "Candidate Two", born, "Birth certificate", after)
    ground.session.commit()
    page = browse().get(f"/lists/{ranking.public_id}", headers={"Accept-Language": "en"}).text
    assert "Candidate 002 is rightly called Candidate Two." in page
    namesake = ground.candidate("009", "Candidate 001", state="rejected")
    namesake.candidate_number = None
    for person, name in ((wrong, "Candidate Twain"), (namesake, "Somebody Else")):
        correct_person(ground.session, ground.role(ground.hr), person, name, person.person.birth_date, "Birth certificate", after)
    ground.session.commit()
    page = browse().get(f"/lists/{ranking.public_id}", headers={"Accept-Language": "en"}).text
    assert "Candidate 002 is rightly called Candidate Twain." in page, "the last correction is the right one"
    assert page.count("is rightly called") == 1, "of a namesake who is on no list nothing is told"
    assert hashlib.sha256(browse().get(f"/lists/{ranking.public_id}.json").data).hexdigest() == ranking.digest
