"""The first page on a real database: what waits, its day and rule, and how many queries it takes."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.audit.operations import SYSTEM, record
from examsite.campaigns.models import Campaign
from examsite.desk.tasks.facts import FIGURES, Asked, facts_of
from examsite.desk.tasks.mine import waiting_for
from examsite.grading.models import Interview, PanelMember, ScoreSheet
from examsite.holidays.models import HOLIDAY, Holiday
from examsite.results.models import Appeal
from examsite.rounds.models import ExamSession
from tests.client import Browser
from tests.conftest import NOW
from tests.factories import CREATED, appoint, make_application, make_campaign, make_item, make_panel, make_position, make_staff

ZONE = "Asia/Ho_Chi_Minh"


def codes(session: Session, account: Account) -> dict[str, int]:
    return {task.code: task.count for task in waiting_for(session, account, NOW, ZONE).tasks}


@pytest.fixture
def campaign(session: Session) -> Campaign:
    """Round 2 under way: one interview took place, another candidate stands nowhere, an appeal and a question wait."""
    campaign = make_campaign(session, stage="round2_timetable", hr=make_staff(session, "hr", house_role="hr_officer"))
    position = make_position(session, campaign)
    seen, unplaced = (make_application(session, position, number=number, state="eligible") for number in ("001", "002"))
    people = {name: make_staff(session, name) for name in ("head", "member", "chair", "author")}
    panel = make_panel(session, campaign, [people["head"], people["member"]], [seen])
    panel.state = "drawn"
    [interview] = panel.interviews
    interview.state, interview.state_at, interview.number, interview.code = "present", NOW, 1, "AC34"
    appoint(session, campaign, people["chair"], "council", "head")
    appoint(session, campaign, people["author"], "question")
    make_item(session, campaign, approved=False)
    appeal = {"about": "round1", "text": "Why?", "received_at": NOW, "recorded_by_id": campaign.created_by_id}
    session.add(Appeal(application_id=unplaced.id, **appeal))
    session.add(ExamSession(campaign_id=campaign.id, name="Ca 1", opens_at=CREATED, state="closed", closed_at=NOW))
    session.flush()
    return campaign


def of(session: Session, name: str) -> Account:
    return session.scalars(select(Account).where(Account.sign_in_name == name)).one()


def lock(session: Session, campaign: Campaign, name: str, score: str) -> None:
    """A locked sheet of one member for the only interview."""
    member = session.scalars(select(PanelMember).where(PanelMember.account_id == of(session, name).id)).one()
    interview = session.scalars(select(Interview)).one()
    scores = dict.fromkeys(("presentation", "defence", "answers"), score)
    common = {"version": 1, "state": "locked", "scores": scores, "saved_at": NOW, "locked_at": NOW, "seal": "0" * 64}
    session.add(ScoreSheet(interview_id=interview.id, member_id=member.id, **common))
    session.flush()


def test_each_board_sees_its_own(session: Session, campaign: Campaign) -> None:
    assert codes(session, of(session, "member")) == {"declare": 1, "sheets": 1}
    assert codes(session, of(session, "chair")) == {"appeals": 1}
    assert codes(session, of(session, "author")) == {"review": 1}
    assert codes(session, of(session, "hr")) == {}
    assert codes(session, make_staff(session, "outsider")) == {}


@pytest.mark.parametrize(("other", "head", "chair"), [("20", 0, 0), ("18", 1, 0), ("10", 0, 1)])
def test_who_decides_a_spread_is_told(session: Session, campaign: Campaign, other: str, head: int, chair: int) -> None:
    lock(session, campaign, "head", "20")
    assert "spread" not in codes(session, of(session, "head"))
    lock(session, campaign, "member", other)
    assert codes(session, of(session, "head")).get("spread", 0) == head
    assert codes(session, of(session, "chair")).get("spread", 0) == chair
    assert "spread" not in codes(session, of(session, "member"))


def test_each_task_leads_to_what_it_counts(session: Session, campaign: Campaign, browse: Callable[..., Browser]) -> None:
    lock(session, campaign, "head", "20")
    lock(session, campaign, "member", "10")
    other = make_panel(session, campaign, [of(session, "member")], name="Panel 2")
    other.state = "drawn"
    session.execute(update(PanelMember).where(PanelMember.panel_id == other.id).values(declared_at=NOW))
    session.commit()
    base = f"/campaigns/{campaign.public_id}"
    expected = {
        "head": {"panels?show=undeclared"},
        "member": {"panels?show=undeclared"},
        "chair": {"panels?show=spread", "appeals"},
        "author": {"questions/review"},
    }
    for name, pages in expected.items():
        browser = browse(of(session, name))
        tasks = browser.get("/home").text.split('id="h-now"')[1].split("</section>")[0]
        assert set(re.findall(rf'<div><a href="{base}/([^"]+)"', tasks)) == pages, name
        for page in pages:
            shown = browser.get(f"{base}/{page}")
            assert (shown.status_code, "Panel 2" in shown.text) == (200, False), page


def test_every_figure_can_be_asked_for_at_once(session: Session, campaign: Campaign) -> None:
    found = facts_of(session, set(FIGURES), Asked([campaign.id], of(session, "member").id, NOW))[campaign.id]
    assert found["sessions_closed"].last == NOW
    assert {name: fact.count for name, fact in found.items()} == {
        "appeals": 1, "decided": 2, "eligible_unplaced": 1, "panels_drawn": 1, "sessions_closed": 1, "sheets": 1, "to_review": 1,
        "undeclared": 1, "unlisted": 2,
    }  # fmt: skip


def test_the_page_says_the_day_the_rule_and_how_far_it_is(session: Session, browse: Callable[..., Browser]) -> None:
    officer = make_staff(session, "officer", house_role="hr_officer")
    campaign = make_campaign(session, stage="round1_held", hr=officer)
    closed = NOW - timedelta(days=6)
    session.add(ExamSession(campaign_id=campaign.id, name="Ca 1", opens_at=closed, state="closed", closed_at=closed))
    session.commit()
    page = browse(officer).get("/home").text
    assert "Công bố kết quả vòng 1" in page
    assert "hạn 10/11/2026" in page
    assert "còn 1 ngày làm việc" in page
    assert f"/campaigns/{campaign.public_id}/rules#deadlines.round2_list.days" in page
    assert '<span class="ex-count">1' in page
    session.add(Holiday(day=(NOW + timedelta(days=1)).date(), name="Ngày nghỉ", kind=HOLIDAY, confirmed=True, changed_at=NOW))
    session.commit()
    assert "due 11/11/2026" in browse(officer).get("/home", headers={"Accept-Language": "en"}).text


def test_an_overdue_day_is_said_in_words(session: Session, browse: Callable[..., Browser], at: Callable[..., None]) -> None:
    officer = make_staff(session, "officer", house_role="hr_officer")
    campaign = make_campaign(session, stage="round1_held", hr=officer)
    session.add(ExamSession(campaign_id=campaign.id, name="Ca 1", opens_at=CREATED, state="closed", closed_at=NOW - timedelta(days=14)))
    session.commit()
    page = browse(officer).get("/home").text
    assert "hạn 02/11/2026" in page
    assert "quá hạn 5 ngày làm việc" in page


def test_the_supervisor_sees_what_happened_since_the_last_visit(session: Session, browse: Callable[..., Browser]) -> None:
    campaign, supervisor = make_campaign(session, stage="screened"), make_staff(session, "supervisor")
    appoint(session, campaign, supervisor, "supervision")
    record(session, campaign.chain, "a:b:c", "d:e", SYSTEM, NOW - timedelta(days=2), {})
    session.commit()
    assert "1 mục mới trong nhật ký" in browse(supervisor).get("/home").text
    assert "0 mục mới trong nhật ký" in browse(supervisor).get("/home").text


def test_three_campaigns_take_as_many_queries_as_one(session: Session) -> None:
    officer = make_staff(session, "officer", house_role="hr_officer")
    counts = []
    for code in ("LA-1", "LA-2", "LA-3"):
        make_campaign(session, code=code, stage="screened", hr=officer)
        session.flush()
        waiting_for(session, officer, NOW, ZONE)  # the rules of a frozen campaign are read once
        session.expunge_all()
        statements: list[str] = []
        listen = (session.connection(), "before_cursor_execute", lambda *args, to=statements: to.append(args[2]))
        event.listen(*listen)
        assert len(waiting_for(session, officer, NOW, ZONE).roles) == len(counts) + 1
        event.remove(*listen)
        counts.append(len(statements))
    assert counts == [4, 4, 4]
