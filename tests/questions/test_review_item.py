"""Review: two people for every version, decided once, one by one or twenty at a time."""

import json
import re
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.audit.models import LogEntry
from examsite.campaigns.models import Campaign
from examsite.campaigns.roles import role_of
from examsite.db import open_session
from examsite.questions import queries
from examsite.questions.models import Item, ItemVersion
from examsite.questions.operations import reviewing, writing
from examsite.questions.queries import items as lists
from examsite.rules.refusal import Conflict, NotFound, NotPermitted, Refused
from tests.client import Browser
from tests.databases import Copy
from tests.factories import appoint, make_campaign, make_item, make_staff
from tests.questions.conftest import Cast
from tests.questions.typed import wording
from tests.races import DONE, at_once

Browse = Callable[..., Browser]


@pytest.fixture
def waiting(session: Session, cast: Cast, now: datetime) -> ItemVersion:
    """A version that its author has handed over."""
    role = cast.role(session, cast.author)
    version = writing.write_item(session, role, "general", None, wording(), now).versions[0]
    writing.submit(session, role, version, now)
    session.commit()
    return version


def test_another_member_approves_and_papers_draw_it(session: Session, cast: Cast, waiting: ItemVersion, now: datetime) -> None:
    assert queries.pool(session, cast.campaign, "general", None) == []
    reviewing.approve(session, cast.role(session, cast.reviewer), waiting, now)
    session.refresh(waiting)
    assert (waiting.state, waiting.reviewer_id, waiting.reviewed_at) == ("approved", cast.reviewer.id, now)
    assert [item.item for item in queries.pool(session, cast.campaign, "general", None)] == [waiting.item.public_id]


def test_the_author_cannot_approve_or_return(session: Session, cast: Cast, waiting: ItemVersion, now: datetime) -> None:
    role = cast.role(session, cast.author)
    with pytest.raises(NotPermitted, match="own_version"):
        reviewing.approve(session, role, waiting, now)
    with pytest.raises(NotPermitted, match="own_version"):
        reviewing.send_back(session, role, waiting, "Looks fine to me.", now)
    with pytest.raises(NotPermitted, match="own_version"):
        reviewing.approve_many(session, role, [waiting], now)


def test_the_head_who_wrote_it_cannot_approve_either(session: Session, cast: Cast, now: datetime) -> None:
    role = cast.role(session, cast.head)
    version = writing.write_item(session, role, "general", None, wording(), now).versions[0]
    writing.submit(session, role, version, now)
    with pytest.raises(NotPermitted, match="own_version"):
        reviewing.approve(session, role, version, now)


def test_the_statement_itself_refuses_the_author(
    session: Session, cast: Cast, waiting: ItemVersion, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reviewing, "may_review", lambda _role, _version: True)
    with pytest.raises(Conflict, match="not_in_review"):
        reviewing.approve(session, cast.role(session, cast.author), waiting, now)


def test_the_database_itself_refuses_the_author(session: Session, waiting: ItemVersion) -> None:
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(update(ItemVersion).where(ItemVersion.id == waiting.id).values(reviewer_id=waiting.author_id))


@pytest.mark.parametrize("who", ["supervisor", "council", "hr", "administrator", "stranger"])
def test_nobody_off_the_board_reviews(session: Session, cast: Cast, waiting: ItemVersion, now: datetime, who: str) -> None:
    with pytest.raises(NotPermitted):
        reviewing.approve(session, cast.role(session, getattr(cast, who)), waiting, now)


def test_a_version_is_decided_once(session: Session, cast: Cast, waiting: ItemVersion, now: datetime) -> None:
    reviewing.send_back(session, cast.role(session, cast.reviewer), waiting, "Two options can be defended.", now)
    with pytest.raises(Conflict, match="not_in_review"):
        reviewing.approve(session, cast.role(session, cast.head), waiting, now)
    session.refresh(waiting)
    assert (waiting.state, waiting.review_note) == ("returned", "Two options can be defended.")


@pytest.mark.parametrize(("note", "code"), [("  ", "questions.note_missing"), ("x" * 4_001, "questions.too_long")])
def test_a_return_needs_a_note_of_a_length_that_can_be_read(
    session: Session, cast: Cast, waiting: ItemVersion, now: datetime, note: str, code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        reviewing.send_back(session, cast.role(session, cast.reviewer), waiting, note, now)
    assert refusal.value.code == code


def test_a_draft_and_a_retired_item_cannot_be_approved(session: Session, cast: Cast, waiting: ItemVersion, now: datetime) -> None:
    draft = writing.write_item(session, cast.role(session, cast.author), "general", None, wording("<p>Other?</p>"), now).versions[0]
    with pytest.raises(Conflict, match="not_in_review"):
        reviewing.approve(session, cast.role(session, cast.reviewer), draft, now)
    writing.retire(session, cast.role(session, cast.head), waiting.item, "Out of date.", now)
    with pytest.raises(Conflict, match="not_in_review"):
        reviewing.approve(session, cast.role(session, cast.reviewer), waiting, now)
    assert lists.count_waiting(session, cast.campaign, cast.reviewer) == 0


def test_the_log_names_both_people_and_no_word_of_the_question(session: Session, cast: Cast, waiting: ItemVersion, now: datetime) -> None:
    reviewing.approve(session, cast.role(session, cast.reviewer), waiting, now)
    entry = session.scalars(select(LogEntry).where(LogEntry.kind == "questions:version:approved")).one()
    assert entry.actor == cast.reviewer.public_id
    assert cast.author.public_id in (entry.content or "")
    assert not re.search("sky|blue|Look up", entry.content or "")


def test_the_queue_shows_twenty_of_others_oldest_first_and_all_can_be_approved_at_once(
    session: Session, browse: Browse, cast: Cast
) -> None:
    for number in range(22):
        make_item(session, cast.campaign, approved=False, author=cast.author, stem=f"Stem {number}?", options=("yes", f"never {number}"))
    make_item(session, cast.campaign, approved=False, author=cast.reviewer, stem="Mine?")
    session.commit()
    page = browse(cast.reviewer).get(f"{cast.address}/review").text
    ticks = re.findall(r'name="version" value="([^"]+)"', page)
    assert len(ticks) == 20
    assert "22 câu hỏi chờ anh/chị" in page
    assert "Mine?" not in page
    assert all(f"Stem {number}?" in page and f"never {number}" in page for number in range(20))
    for number in (2, 3):  # what nobody ticks on the first page keeps nothing behind it out of sight; past the end is the end
        later = browse(cast.reviewer).get(f"{cast.address}/review?page={number}").text
        assert re.findall(r"Stem \d+\?", later) == ["Stem 20?", "Stem 21?"]
    turned = browse(cast.reviewer).get(f"{cast.address}/review?sort=-number").text
    assert re.findall(r"Stem (\d+)\?", turned) == [str(number) for number in range(21, 1, -1)]
    answer = browse(cast.reviewer).post(f"{cast.address}/review?page=2&sort=-number", {"version": ticks})
    assert (answer.status_code, answer.location) == (303, f"{cast.address}/review?sort=-number&page=2")
    states = session.scalars(select(ItemVersion.state)).all()
    assert (states.count("approved"), states.count("in_review")) == (20, 3)
    assert len(session.scalars(select(LogEntry).where(LogEntry.kind == "questions:version:approved")).all()) == 20


def test_bulk_approval_is_all_or_none(session: Session, browse: Browse, cast: Cast) -> None:
    good = make_item(session, cast.campaign, approved=False, author=cast.author).versions[0]
    own = make_item(session, cast.campaign, approved=False, author=cast.reviewer).versions[0]
    session.commit()
    answer = browse(cast.reviewer).post(f"{cast.address}/review", {"version": [good.public_id, own.public_id]})
    assert answer.status_code == 403
    session.expire_all()
    assert (good.state, own.state) == ("in_review", "in_review")


def test_bulk_approval_refuses_no_tick_and_a_version_of_another_campaign(session: Session, browse: Browse, cast: Cast) -> None:
    foreign = make_item(session, make_campaign(session, code="ELSE"), approved=False).versions[0]
    session.commit()
    none = browse(cast.reviewer).post(f"{cast.address}/review", {})
    assert none.status_code == 422
    assert "Chưa đánh dấu câu nào" in none.text
    assert browse(cast.reviewer).post(f"{cast.address}/review", {"version": [foreign.public_id]}).status_code == 404
    session.expire_all()
    assert foreign.state == "in_review"


def test_the_queue_is_narrowed_to_one_bank(session: Session, browse: Browse, cast: Cast) -> None:
    make_item(session, cast.campaign, "language", language="en", approved=False, stem="English?")
    make_item(session, cast.campaign, "general", approved=False, stem="General?")
    session.commit()
    page = browse(cast.reviewer).get(f"{cast.address}/review?bank=language:en").text
    assert "English?" in page
    assert "General?" not in page
    assert browse(cast.reviewer).get(f"{cast.address}/review?bank=language:tlh").status_code == 404


def test_pages_approve_and_return_one_version(session: Session, browse: Browse, cast: Cast, waiting: ItemVersion) -> None:
    reviewer, address = browse(cast.reviewer), f"{cast.address}/versions/{waiting.public_id}"
    blank = reviewer.post(f"{address}/return", {"reason": " "})
    assert blank.status_code == 422
    assert "nội dung cần sửa" in blank.text
    assert reviewer.post(f"{address}/return", {"reason": "Câu B cũng đúng."}).status_code == 303
    page = browse(cast.author).get(f"{cast.address}/{waiting.item.public_id}").text
    assert "Câu B cũng đúng." in page
    assert reviewer.post(f"{address}/approve").status_code == 409
    assert browse(cast.author).post(f"{address}/approve").status_code == 403
    for who in (cast.supervisor, cast.hr, cast.administrator, cast.council):
        assert browse(who).post(f"{address}/approve").status_code == 403
    assert browse(cast.stranger).post(f"{address}/approve").status_code == 404


def test_retiring_takes_an_item_out_of_the_pool_and_restoring_puts_it_back(session: Session, browse: Browse, cast: Cast) -> None:
    item = make_item(session, cast.campaign)
    session.commit()
    address = f"{cast.address}/{item.public_id}"
    assert browse(cast.author).post(f"{address}/retire", {"reason": "Wrong."}).status_code == 403
    assert browse(cast.head).post(f"{address}/retire", {"reason": ""}).status_code == 422
    assert browse(cast.head).post(f"{address}/retire", {"reason": "Luật đã sửa."}).status_code == 303
    assert queries.pool(session, cast.campaign, "general", None) == []
    assert "Luật đã sửa." in browse(cast.author).get(address).text
    assert browse(cast.author).post(f"{address}/restore", {"reason": "x"}).status_code == 403
    assert browse(cast.head).post(f"{address}/restore", {"reason": " "}).status_code == 422
    assert queries.pool(session, cast.campaign, "general", None) == []
    assert browse(cast.head).post(f"{address}/restore", {"reason": "Luật vẫn còn hiệu lực."}).status_code == 303
    again = browse(cast.head).post(f"{address}/restore", {"reason": "Luật vẫn còn hiệu lực."})
    assert (again.status_code, "chưa bị loại" in again.text) == (422, True)
    assert len(queries.pool(session, cast.campaign, "general", None)) == 1


def test_why_an_item_went_out_and_came_back_stays_known(session: Session, browse: Browse, cast: Cast, now: datetime) -> None:
    item, head = make_item(session, cast.campaign), cast.role(session, cast.head)
    with pytest.raises(Refused, match="reason_missing"):
        writing.restore(session, head, item, " ", now)
    writing.retire(session, head, item, "Nghi lộ đề.", now)
    writing.restore(session, head, item, "Đã kiểm tra: không lộ.", now)
    session.commit()
    kinds = ("questions:item:retired", "questions:item:restored")
    entries = session.scalars(select(LogEntry.content).where(LogEntry.kind.in_(kinds)).order_by(LogEntry.id)).all()
    assert [json.loads(content or "")["data"] for content in entries] == [{"reason": "Nghi lộ đề."}, {"reason": "Đã kiểm tra: không lộ."}]
    page = browse(cast.author).get(f"{cast.address}/{item.public_id}").text
    assert page.index("Đã kiểm tra: không lộ.") < page.index("Nghi lộ đề.")


def test_a_lookup_of_unknown_versions_is_not_found(session: Session, cast: Cast) -> None:
    with pytest.raises(NotFound):
        lists.versions_in(session, cast.campaign, ["no-such-version"])


def test_of_two_reviewers_at_once_one_decides(own_database: Copy, now: datetime) -> None:
    with open_session(own_database.engine) as session:
        campaign = make_campaign(session)
        reviewers = [make_staff(session, name) for name in ("one", "two")]
        for reviewer in reviewers:
            appoint(session, campaign, reviewer, "question")
        version = make_item(session, campaign, approved=False).versions[0]
        session.commit()
        version_id = version.id

    def acting(reviewer: Account) -> Callable[[Session, ItemVersion], object]:
        def act(session: Session, version: ItemVersion) -> None:
            role = role_of(session, session.get_one(Account, reviewer.id), session.get_one(Campaign, campaign.id))
            reviewing.approve(session, role, version, now)

        return act

    outcomes = at_once(own_database, lambda session: session.get_one(ItemVersion, version_id), *map(acting, reviewers))
    assert sorted(outcomes) == [DONE, "questions.not_in_review"]
    with open_session(own_database.engine) as session:
        assert len(session.scalars(select(LogEntry).where(LogEntry.kind == "questions:version:approved")).all()) == 1
        assert session.scalars(select(Item)).one().versions[0].state == "approved"
