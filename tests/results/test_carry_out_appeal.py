"""An accepted appeal is not forgotten: nothing becomes official before it is recorded what was done about it."""

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.audit.models import LogEntry
from examsite.campaigns.roles import role_of
from examsite.db import open_session
from examsite.desk import stages
from examsite.desk.tasks.mine import waiting_for
from examsite.notices.models import Notice
from examsite.results.models import Appeal
from examsite.results.operations.appeals import AppealText, carry_out_appeal, decide_appeal, record_appeal
from examsite.results.operations.publishing import put_forward
from examsite.rules.refusal import Conflict, NotPermitted
from tests.databases import Copy
from tests.races import DONE, at_once
from tests.results.ground import Ground, make_ground, refused

ZONE, DAY = "Asia/Ho_Chi_Minh", date(2026, 11, 9)


def accepted(ground: Ground, outcome: str = "accepted") -> Appeal:
    """An appeal of 002 against the provisional ranking, decided by the chair."""
    text = AppealText("provisional", "002", "Look again.", DAY)
    appeal = record_appeal(ground.session, text, ground.role(ground.hr), ground.now)
    decide_appeal(ground.session, appeal, outcome, "75 must be 85.", ground.role(ground.chair), ground.now)
    ground.session.refresh(appeal)
    return appeal


def carry_out(ground: Ground, appeal: Appeal, by: Account | None = None, done: str = "corrected", how: str = "Ranking no. 2.") -> None:
    carry_out_appeal(ground.session, appeal, done, how, ground.role(by or ground.chair), ground.now)
    ground.session.refresh(appeal)


def tasks(ground: Ground, account: Account) -> dict[str, int]:
    found = waiting_for(ground.session, account, ground.now, ZONE).tasks
    return {task.code: task.count for task in found if task.code in ("appeals", "carry_out", "publish_official")}


@pytest.fixture
def published(ground: Ground) -> Ground:
    """A provisional ranking that stands."""
    ground.ranked(("001", "70"), ("002", "68"))
    ground.published("provisional")
    return ground


@pytest.mark.parametrize(("done", "how"), [("corrected", "Ranking no. 2."), ("unchanged", "The places stay as they are.")])
def test_nothing_becomes_official_before_it_is_recorded_what_was_done(published: Ground, done: str, how: str) -> None:
    found = accepted(published)
    published.waits_out_appeals()
    draft = published.draft("official")
    with refused("results.appeals_to_carry_out"):
        put_forward(published.session, draft, "", published.role(published.hr), published.now)
    carry_out(published, found, done=done, how=how)
    assert (found.carried_out, found.carried_out_how, found.carried_out_by_id) == (done, how, published.chair.id)
    assert published.published("official").number == 1


def test_one_found_late_holds_up_the_recommendations_and_the_end(published: Ground) -> None:
    published.published("official")
    found, late = accepted(published), published.now
    draft = published.draft("recommendations")
    with refused("results.appeals_to_carry_out"):
        put_forward(published.session, draft, "", published.role(published.hr), late)

    def missing(stage: str) -> set[str]:
        published.campaign.stage = stage
        published.session.flush()
        return {need.code for need in stages.needs(published.session, published.campaign, late) if not need.met}

    assert missing("recommendations") == {"appeals_carried_out"}
    carry_out(published, found)
    assert missing("recommendations") == set()


def test_a_rejected_appeal_asks_for_nothing_more(published: Ground) -> None:
    found = accepted(published, "rejected")
    with refused("results.nothing_to_carry_out", Conflict):
        carry_out(published, found)
    assert published.published("official").number == 1


def test_it_is_recorded_once_by_the_chair_with_what_was_done(published: Ground) -> None:
    found = accepted(published)
    for account in (published.hr, published.council, published.supervisor):
        with pytest.raises(NotPermitted):
            carry_out(published, found, by=account)
    with refused("results.carried_out_missing"):
        carry_out(published, found, done="")
    with refused("reason_missing"):
        carry_out(published, found, how=" ")
    carry_out(published, found)
    with refused("results.nothing_to_carry_out", Conflict):
        carry_out(published, found, done="unchanged", how="On second thoughts.")
    logged = published.session.scalars(select(LogEntry.content).where(LogEntry.kind == "results:appeal:carried_out")).one() or ""
    assert '"carried_out":"corrected"' in logged
    assert '"how":"Ranking no. 2."' in logged


def test_of_two_at_once_one_records_it(own_database: Copy, now: datetime) -> None:
    with open_session(own_database.engine) as session:
        ground = make_ground(session, now)
        ground.ranked(("001", "70"), ("002", "68"))
        ground.published("provisional")
        appeal_id, chair_id = accepted(ground).id, ground.chair.id
        session.commit()

    def act(own: Session, found: Appeal) -> None:
        role = role_of(own, own.get_one(Account, chair_id), found.application.campaign)
        carry_out_appeal(own, found, "corrected", "Ranking no. 2.", role, now)

    outcomes = at_once(own_database, lambda own: own.get_one(Appeal, appeal_id), act, act)
    assert sorted(outcomes) == sorted([DONE, "results.nothing_to_carry_out"])


def test_a_deputy_carries_it_out_where_the_chair_has_a_conflict(published: Ground, browse: Any) -> None:
    found, deputy = accepted(published), published.deputy()
    assert (tasks(published, published.chair), tasks(published, deputy)) == ({"carry_out": 1}, {})
    published.conflict("002", published.chair)
    published.session.commit()
    assert tasks(published, deputy) == {"carry_out": 1}
    base = f"/campaigns/{published.campaign.public_id}/appeals"
    given = {"carried_out": "corrected", "how": "Ranking no. 2."}
    assert found.application.person.full_name in browse(deputy).get(f"{base}?show=to_carry_out").text
    assert browse(published.chair).post(f"{base}/{found.public_id}/carry-out", given).status_code == 403
    assert browse(deputy).post(f"{base}/{found.public_id}/carry-out", given).status_code == 303
    logged = published.session.scalars(select(LogEntry.content).where(LogEntry.kind == "results:appeal:carried_out")).one()
    assert '"in_place":"conflict"' in (logged or "")


def test_its_task_opens_what_it_counts_and_hr_is_not_sent_to_publish_meanwhile(published: Ground, browse: Any) -> None:
    found = accepted(published)
    open_one = record_appeal(
        published.session,
        AppealText("provisional", "001", "Mine too.", DAY),
        published.role(published.hr),
        published.now,
    )
    published.session.commit()
    assert tasks(published, published.chair) == {"appeals": 1, "carry_out": 1}
    page = browse(published.chair).get(f"/campaigns/{published.campaign.public_id}/appeals?show=to_carry_out").text
    assert found.application.person.full_name in page
    assert open_one.application.person.full_name not in page
    decide_appeal(published.session, open_one, "rejected", "No.", published.role(published.chair), published.now)
    published.waits_out_appeals()
    published.campaign.stage = "appeals"
    published.session.flush()
    assert tasks(published, published.hr) == {}
    carry_out(published, found)
    assert set(tasks(published, published.hr)) == {"publish_official"}
    published.session.commit()
    again = browse(published.chair).get(f"/campaigns/{published.campaign.public_id}/appeals?show=to_carry_out").text
    assert found.application.person.full_name not in again


def test_on_the_pages_and_for_the_candidate(published: Ground, browse: Any) -> None:
    found = accepted(published)
    published.session.commit()
    address = f"/campaigns/{published.campaign.public_id}/appeals/{found.public_id}"
    officer, chair = browse(published.hr), browse(published.chair)
    assert 'name="carried_out"' not in officer.get(address).text
    assert "chờ thực hiện" in officer.get(address).text
    assert 'name="carried_out"' in chair.get(address).text
    assert officer.post(f"{address}/carry-out", {"carried_out": "corrected", "how": "x"}).status_code == 403
    wrong = chair.post(f"{address}/carry-out", {"how": "Ranking no. 2."})
    assert wrong.status_code == 422
    assert "Ranking no. 2." in wrong.text
    assert chair.post(f"{address}/carry-out", {"carried_out": "corrected", "how": "Ranking no. 2."}).status_code == 303
    assert "Ranking no. 2." in officer.get(address).text
    account = found.application.account
    assert account is not None
    assert "Ranking no. 2." in browse(account).get("/home").text
    told = published.session.scalars(select(Notice.code).where(Notice.account_id == account.id)).all()
    assert "appeal_carried_out" in told
