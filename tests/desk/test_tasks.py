"""What waits for whom at which stage, and until when: figures in, tasks out, without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from examsite import policies
from examsite.accounts.models import Account
from examsite.campaigns.models import STAGES, Campaign
from examsite.campaigns.roles import Role
from examsite.desk.tasks.boards import BOARDS, figures_for, tasks_of
from examsite.desk.tasks.case import Case, Task
from examsite.desk.tasks.facts import FIGURES, Fact
from examsite.rules import policy
from examsite.rules.working_days import PLAIN, WorkCalendar
from examsite.wording import SENTENCES

RULES = policies.load("leader-screening").rules
MONDAY = datetime(2026, 11, 9, 1, 0, tzinfo=UTC)
TODAY = MONDAY.date()
HR, CHAIR = {"hr": "head"}, {"council": "head"}


def day(number: int) -> date:
    return date(2026, 11, number)


def some(count: int = 1, at: datetime = MONDAY) -> Fact:
    return Fact(count, at, at)


def case(stage: str, duties: dict[str, str], calendar: WorkCalendar = PLAIN, **given: object) -> Case:
    campaign = Campaign(stage=stage, time_zone="Asia/Ho_Chi_Minh", frozen_at=MONDAY - timedelta(days=40))
    facts = {name: value for name, value in given.items() if isinstance(value, Fact)}
    rest = {name: value for name, value in given.items() if not isinstance(value, Fact)}
    return Case(Role(Account(id=1), campaign, duties), RULES, facts, calendar, TODAY, **rest)  # type: ignore[arg-type]


def told(tasks: list[Task]) -> list[tuple[str, date | None, str]]:
    """Code, day, and the id of the deadline in the rule set."""
    return [(task.code, task.due, task.rule.removeprefix("deadlines.").removesuffix(".days")) for task in tasks]


@pytest.mark.parametrize(
    ("stage", "duties", "figures", "expected"),
    [
        ("applications", HR, {"received": some(3), "unnumbered": some()}, [("screen", None, "")]),
        (
            "applications",
            HR,
            {"decided": some(5), "unnumbered": some(4)},
            [("number", None, ""), ("publish_eligible", day(16), "rejections")],
        ),
        ("applications", HR, {"decided": some(5), "list_eligible": some()}, [("next_step", None, "")]),
        ("screened", HR, {"unlisted": some(9), "list_eligible": some()}, [("list_candidates", day(24), "round1")]),
        (
            "screened",
            HR,
            {"unlisted": some(9), "list_eligible": some(), "sessions_planned": some(1, MONDAY + timedelta(days=14))},
            [("list_candidates", day(16), "summons")],
        ),
        ("screened", CHAIR, {"sessions_planned": some(2, MONDAY + timedelta(7))}, [("seal", day(13), "posting")]),
        ("screened", {"question": "head"}, {"sessions_planned": some(2), "unlisted": some()}, []),
        ("round1_timetable", {"invigilation": "member"}, {"sessions_coming": some()}, [("watch", TODAY, "")]),
        ("round1_timetable", {"invigilation": "member"}, {"sessions_begun": some()}, [("close_session", TODAY, "")]),
        ("round1_timetable", HR, {"sessions_coming": some()}, []),
        ("round1_held", HR, {"sessions_closed": some()}, [("publish_round1", day(16), "round2_list")]),
        ("round1_result", HR, {"list_round1": some(), "entrants_unplaced": some(4)}, [("place", day(24), "round2")]),
        ("round1_result", HR, {"list_round1": some(), "panels_planned": some()}, [("draw_lots", TODAY, "")]),
        (
            "round2_timetable",
            {"panel": "member"},
            {"undeclared": some(), "sheets": some(2)},
            [("declare", TODAY, ""), ("sheets", TODAY, "")],
        ),
        ("round2_timetable", {"code": "head"}, {"panels_closed": some()}, [("open_codes", day(16), "report")]),
        ("round2_timetable", {"code": "head"}, {"panels_closed": some(), "panels_drawn": some()}, []),
        ("round2_timetable", {"code": "member"}, {"panels_closed": some()}, []),
        ("round2_held", HR, {"panels_opened": some()}, [("publish_provisional", day(16), "report")]),
        ("provisional", CHAIR, {"appeals": some(2)}, [("appeals", None, "")]),
        ("official", HR, {"list_official": some()}, [("publish_recommendations", None, "")]),
        ("closed", HR, {}, []),
        ("closed", CHAIR, {"appeals": some(), "violations": some()}, [("appeals", None, "")]),
        ("draft", {"supervision": "member"}, {"received": some()}, []),
    ],
)
def test_what_waits(stage: str, duties: dict[str, str], figures: dict[str, Fact], expected: list[tuple[str, date | None, str]]) -> None:
    assert told(tasks_of(case(stage, duties, **figures))) == expected


@pytest.mark.parametrize(
    ("set_id", "changes", "facts", "expected"),
    [
        ("cs-138-2020", {}, {"received": some()}, [("check_board", day(6), "check_board"), ("screen", None, "")]),
        ("cs-138-2020", {"deadlines.check_board.days": 3}, {}, [("check_board", day(4), "check_board")]),
        ("cs-138-2020", {"deadlines.check_board.day_kind": "calendar"}, {}, [("check_board", day(4), "check_board")]),
        ("cs-138-2020", {"deadlines.check_board.after": "announced"}, {}, []),
        ("cs-138-2020", {}, {"decided": some(), "received": some()}, [("screen", None, "")]),  # whoever checks has begun
        ("cs-116-2024", {}, {"received": some()}, [("screen", day(14), "check")]),
    ],
)
def test_the_board_that_checks_applications_is_set_up_in_time(
    set_id: str, changes: dict[str, object], facts: dict[str, Fact], expected: list[object]
) -> None:
    """Applications are taken from 30 September, for 30 days."""
    entries = policies.load(set_id).entries
    for key, value in changes.items():
        entries = policy.override(entries, key, value, "Why.")
    rules = policy.parse(entries)
    asked = replace(case("applications", HR, **facts), rules=rules)
    assert [one for one in told(tasks_of(asked)) if one[0] in {"check_board", "screen"}] == expected


def test_a_holiday_moves_the_day() -> None:
    decided = {"decided": some(5)}
    [task] = tasks_of(case("applications", HR, WorkCalendar(frozenset({day(12)})), **decided))
    assert task.due == day(17)


@pytest.mark.parametrize(
    ("until", "appeals", "expected"),
    [
        (TODAY, 0, []),
        (TODAY - timedelta(days=1), 0, [("publish_official", day(18), "publication")]),
        (TODAY - timedelta(days=1), 1, []),
        (None, 0, [("next_step", None, "")]),
    ],
)
def test_the_official_ranking_waits_for_the_window_and_the_appeals(until: date | None, appeals: int, expected: list[object]) -> None:
    facts = {"appeals": some(appeals)} if appeals else {}
    assert told(tasks_of(case("appeals", HR, appeals_until=until, **facts))) == expected


@pytest.mark.parametrize(
    ("stage", "kind", "figure"),
    [
        ("round1_held", "results:publication", "sessions_closed"),
        ("round2_timetable", "grading:codes", "panels_closed"),
        ("round1_timetable", "rounds:papers", "sessions_planned"),
    ],
)
def test_what_waits_for_a_second_signature_is_no_task_any_more(stage: str, kind: str, figure: str) -> None:
    duties = {"hr": "member", "code": "head", "question": "head"}
    assert tasks_of(case(stage, duties, **{figure: some()}))
    assert tasks_of(case(stage, duties, signing=frozenset({kind}), **{figure: some()})) == []


def test_appeals_are_answered_so_many_days_after_their_time_has_ended() -> None:
    [task] = tasks_of(case("appeals", CHAIR, appeals=some(2), appeals_until=TODAY))
    assert (task.due, task.rule) == (day(24), "appeals.answer_days")


def test_the_chair_decides_what_nobody_else_may() -> None:
    figures = {"violations": some(), "evidence": some(), "sanctions": some()}
    found = tasks_of(case("round2_timetable", CHAIR, short=2, to_decide=3, panels_drawn=some(), **figures))
    assert [(task.code, task.count) for task in found] == [
        ("shortages", 2), ("violations", 1), ("evidence", 1), ("sanctions", 1), ("spread", 3),
    ]  # fmt: skip
    assert tasks_of(case("round2_timetable", {"council": "member"}, short=2, **figures)) == []


def test_every_task_has_its_sentence_and_every_figure_is_known() -> None:
    every = {name: some(4) for name in FIGURES}
    duties = {"hr": "head", "council": "head", "question": "head", "invigilation": "head", "code": "head", "panel": "head"}
    codes = {task.code for stage in STAGES for task in tasks_of(case(stage, duties, short=1, to_decide=1, **every))}
    assert {"screen", "spread", "watch"} <= codes
    assert {f"task.{code}" for code in codes} <= set(SENTENCES)
    deputy = Role(Account(id=2), Campaign(), {"council": "deputy"}, chair_id=1)
    assert figures_for([Role(Account(id=1), Campaign(), duties), deputy]) == set(FIGURES)
    assert {name for board in BOARDS for name in board.figures} == set(FIGURES)
