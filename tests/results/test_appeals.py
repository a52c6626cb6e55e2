"""Appeals: recorded by HR within the window, decided by the chair, and nothing becomes official while one is open."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from examsite import policies
from examsite.accounts.models import Account
from examsite.audit.models import LogEntry
from examsite.audit.queries import data_of
from examsite.desk import stages
from examsite.desk.tasks.mine import waiting_for
from examsite.results.models import Appeal
from examsite.results.operations.appeals import AppealText, decide_appeal, record_appeal
from examsite.results.operations.publishing import publish, put_forward
from examsite.results.queries import appeals, appeals_of, open_appeals
from examsite.results.window import last_day
from examsite.rules.policy import Appeals, DayKind
from examsite.rules.refusal import Conflict, NotPermitted
from examsite.rules.working_days import local_day
from tests.factories import make_application, make_person
from tests.results.ground import Ground, refused

DAY = date(2026, 11, 9)


@pytest.fixture
def published(ground: Ground) -> Ground:
    """A provisional ranking that stands since 09/11/2026."""
    ground.ranked(("001", "70"), ("002", "68"))
    ground.published("provisional")
    return ground


def appeal(ground: Ground, *, on: date = DAY, days: int = 0, **given: str) -> Appeal:
    typed = {"about": "provisional", "who": "002", "text": "Look again.", **given}
    text = AppealText(typed["about"], typed["who"], typed["text"], on)
    return record_appeal(ground.session, text, ground.role(ground.hr), ground.now + timedelta(days=days))


def test_it_is_recorded_and_its_candidate_sees_it(published: Ground) -> None:
    found = appeal(published)
    assert appeals_of(published.session, published.application("002")) == [found]
    assert appeals_of(published.session, published.application("001")) == []
    assert open_appeals(published.session, published.campaign) == [found]


@pytest.mark.parametrize(
    ("day", "days", "code"),
    [
        (9, 0, None),
        (24, 15, None),
        (24, 20, None),
        (25, 16, "results.appeal_late"),
        (8, 0, "results.appeal_early"),
        (10, 0, "results.appeal_future"),
    ],
)
def test_the_window_of_the_rule_set_decides(published: Ground, day: int, days: int, code: str | None) -> None:
    on = date(2026, 11, day)
    if code is None:
        assert local_day(appeal(published, on=on, days=days).received_at, "Asia/Ho_Chi_Minh") == on
        return
    with refused(code):
        appeal(published, on=on, days=days)


def test_a_letter_against_the_first_version_came_in_time_though_the_list_was_corrected_before_it_was_recorded(published: Ground) -> None:
    published.now += timedelta(days=2)
    published.entitle("002", "priority", "service")
    published.published("provisional", "A paper came in.")
    assert local_day(appeal(published, on=date(2026, 11, 10), days=1).received_at, "Asia/Ho_Chi_Minh") == date(2026, 11, 10)
    with refused("results.appeal_early"):
        appeal(published, on=date(2026, 11, 8), days=1)


def test_a_letter_that_is_found_late_is_decided_before_anybody_is_recommended_and_before_the_end(published: Ground) -> None:
    published.published("official")
    found = appeal(published)
    draft, hr = published.draft("recommendations"), published.role(published.hr)
    with refused("results.appeals_open_recommended"):
        put_forward(published.session, draft, "", hr, published.now)

    def missing(stage: str) -> set[str]:
        published.campaign.stage = stage
        published.session.flush()
        return {need.code for need in stages.needs(published.session, published.campaign, published.now) if not need.met}

    assert missing("official") == {"appeals_decided", "published_recommendations"}
    assert missing("recommendations") == {"appeals_decided"}
    published.campaign.stage = "closed"
    published.session.flush()
    tasks = waiting_for(published.session, published.chair, published.now, "Asia/Ho_Chi_Minh").tasks
    assert [(task.code, task.count) for task in tasks] == [("appeals", 1)]
    decide_appeal(published.session, found, "rejected", "The sheets agree.", published.role(published.chair), published.now)
    assert missing("recommendations") == set()


@pytest.mark.parametrize(
    ("kind", "days", "until"),
    [
        (DayKind.CALENDAR, 15, date(2026, 11, 24)),
        (DayKind.WORKING, 5, date(2026, 11, 16)),
        (DayKind.WORKING, 0, DAY),
        (DayKind.WORKING, 10, date(2026, 11, 23)),
    ],
)
def test_the_day_of_publication_does_not_count(kind: DayKind, days: int, until: date) -> None:
    assert last_day(DAY, Appeals(days, kind)) == until


def test_a_friday_and_one_working_day_end_on_monday() -> None:
    assert last_day(date(2026, 11, 13), Appeals(1, DayKind.WORKING)) == date(2026, 11, 16)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"about": "round1"}, "results.appeal_no_list"),
        ({"about": "official"}, "results.appeal_no_list"),
        ({"who": "999"}, "results.appellant_unknown"),
        ({"text": "  "}, "results.appeal_text_missing"),
    ],
)
def test_what_does_not_fit_is_refused(published: Ground, given: dict[str, str], code: str) -> None:
    with refused(code):
        appeal(published, **given)


def test_somebody_who_is_not_on_the_ranking_cannot_appeal_against_it(published: Ground) -> None:
    published.candidate("077")
    with refused("results.appellant_not_listed"):
        appeal(published, who="077")


def test_a_rejected_applicant_appeals_by_identity_number(ground: Ground) -> None:
    ground.candidate("001")
    rejected = make_application(ground.session, ground.position(), "Đỗ Văn Mười", "rejected")
    ground.published("eligible")
    found = appeal(ground, about="eligible", who=rejected.person.identity_number)
    assert found.application_id == rejected.id


def test_the_log_says_whose_it_is_also_without_a_number_and_when_it_came(ground: Ground) -> None:
    ground.candidate("001")
    rejected = make_application(ground.session, ground.position(), "Đỗ Văn Mười", "rejected")
    ground.published("eligible")
    appeal(ground, about="eligible", who=rejected.person.identity_number, days=2, on=date(2026, 11, 10))
    entry = ground.session.scalars(select(LogEntry).where(LogEntry.kind == "results:appeal:recorded")).one()
    data = data_of(entry)
    assert (data["application"], data["candidate"], data["received_on"]) == (rejected.public_id, None, "2026-11-10")


def test_by_identity_number_the_application_is_meant_that_was_not_given_up(ground: Ground) -> None:
    ground.candidate("001")
    person = make_person(ground.session, "Hà Thị Mây", "079185012345", date(1985, 4, 17), "female")
    for code, state in (("VT02", "ended"), ("VT03", "withdrawn")):
        make_application(ground.session, ground.position(code), "", state, person=person)
    ground.published("eligible")
    with refused("results.appellant_unknown"):
        appeal(ground, about="eligible", who="079185012345")
    standing = make_application(ground.session, ground.position("VT04"), "", "rejected", person=person)
    assert appeal(ground, about="eligible", who="079185012345").application_id == standing.id


def test_only_hr_records_and_only_the_chair_decides_once_with_a_reason(published: Ground) -> None:
    for account in (published.chair, published.supervisor):
        with pytest.raises(NotPermitted):
            record_appeal(published.session, AppealText("provisional", "002", "x", DAY), published.role(account), published.now)
    found = appeal(published)
    for account in (published.hr, published.council, published.supervisor):
        with pytest.raises(NotPermitted):
            decide_appeal(published.session, found, "rejected", "No.", published.role(account), published.now)
    chair = published.role(published.chair)
    with refused("reason_missing"):
        decide_appeal(published.session, found, "rejected", " ", chair, published.now)
    with refused("results.appeal_outcome_missing"):
        decide_appeal(published.session, found, "perhaps", "Why not.", chair, published.now)
    decide_appeal(published.session, found, "rejected", "The sheets agree.", chair, published.now)
    with refused("results.appeal_decided", Conflict):
        decide_appeal(published.session, found, "accepted", "Changed my mind.", chair, published.now)
    published.session.refresh(found)
    assert (found.outcome, found.decision, found.decided_by_id) == ("rejected", "The sheets agree.", published.chair.id)


def waits(ground: Ground, account: Account) -> int:
    tasks = waiting_for(ground.session, account, ground.now, "Asia/Ho_Chi_Minh").tasks
    return sum(task.count for task in tasks if task.code == "appeals")


def test_a_deputy_answers_where_the_chair_declared_a_conflict_with_the_candidate(published: Ground, browse: Any) -> None:
    found, deputy = appeal(published), published.deputy()
    assert waits(published, deputy) == 0
    published.conflict("002", published.chair)
    published.session.commit()
    assert waits(published, deputy) == 1
    address = f"/campaigns/{published.campaign.public_id}/appeals/{found.public_id}"
    answer = {"outcome": "rejected", "decision": "The sheets agree."}
    assert browse(published.chair).post(address, answer).status_code == 403
    assert "Phó Chủ tịch quyết định thay Chủ tịch" in browse(published.chair).get(address).text
    assert browse(deputy).post(address, answer).status_code == 303
    logged = published.session.scalars(select(LogEntry.content).where(LogEntry.kind == "results:appeal:decided")).one()
    assert '"in_place":"conflict"' in (logged or "")


def test_nothing_becomes_official_while_an_appeal_is_open(published: Ground) -> None:
    found = appeal(published)
    published.waits_out_appeals()
    draft = published.draft("official")
    with refused("results.appeals_open"):
        put_forward(published.session, draft, "", published.role(published.hr), published.now)
    decide_appeal(published.session, found, "rejected", "The sheets agree.", published.role(published.chair), published.now)
    assert published.published("official").number == 1


def test_an_appeal_that_comes_in_between_the_signatures_stops_the_second(published: Ground) -> None:
    published.waits_out_appeals()
    draft = published.draft("official")
    act = put_forward(published.session, draft, "", published.role(published.hr), published.now)
    appeal(published)
    with refused("results.appeals_open"):
        publish(published.session, draft, act.digest, published.role(published.chair), published.now)


def test_on_the_pages(published: Ground, browse: Any, later: Callable[..., datetime]) -> None:
    published.session.commit()
    base = f"/campaigns/{published.campaign.public_id}/appeals"
    officer, chair = browse(published.hr), browse(published.chair)
    page = officer.get(base).text
    article = next(entry for entry in policies.load("leader-screening").entries if entry.key == "round1.remarking").article
    assert "không phúc khảo" in page
    assert article.vi in page
    assert "đến hết ngày 24/11/2026" in page
    typed = {"about": "provisional", "who": "999", "received_on": "2026-11-09", "text": "Look again."}
    wrong = officer.post(f"{base}/new", typed)
    assert wrong.status_code == 422
    assert "Look again." in wrong.text
    assert officer.post(f"{base}/new", {**typed, "who": "002"}).status_code == 303
    (found,) = appeals(published.session, published.campaign)
    address = f"{base}/{found.public_id}"
    assert 'name="decision"' not in officer.get(address).text
    assert officer.post(address, {"outcome": "rejected", "decision": "No."}).status_code == 403
    assert chair.post(address, {"decision": "No."}).status_code == 422
    assert chair.post(address, {"outcome": "rejected", "decision": "The sheets agree."}).status_code == 303
    assert "The sheets agree." in officer.get(address).text
