"""Calling the roll and closing a session: everyone ends as started, absent or voided."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from examsite.audit.models import LogEntry
from examsite.rounds.models import ExamSession, LateEvidence, RosterEntry
from examsite.rounds.operations import closing, pauses, roll, sittings
from examsite.rounds.operations.check_in import check_in
from examsite.rounds.operations.violations import Report, report_violation
from examsite.rounds.queries.attendance import Attendance
from examsite.rounds.queries.sessions import session_page
from examsite.rules import hashchain
from examsite.rules.refusal import NotPermitted, Refused
from tests.client import Browser
from tests.conftest import NOW
from tests.rounds.page import Page
from tests.rounds.test_save_answers import choice
from tests.rounds.world import MINUTE, World, list_candidate, make_world, seal_by_hand

END = NOW + 100 * MINUTE + timedelta(seconds=30)
"""The close of the second part."""


def content(session: Session, kind: str) -> str:
    return session.scalars(select(LogEntry.content).where(LogEntry.kind == kind).order_by(LogEntry.number.desc())).first() or ""


@pytest.mark.parametrize(
    ("moment", "allowed"), [(NOW, False), (NOW + 10 * MINUTE, False), (NOW + 10 * MINUTE + timedelta(seconds=1), True)]
)
def test_absence_is_recorded_once_entry_has_closed(world: World, moment: datetime, allowed: bool) -> None:
    role = world.role("invigilation")
    if allowed:
        roll.mark_absent(world.session, world.exam, world.entry(), role, moment)
        assert (world.entry().state, world.entry().decided_by_id) == ("absent", role.account.id)
        assert "001" in content(world.session, "rounds:entry:absent")
    else:
        with pytest.raises(Refused, match="may_still_enter"):
            roll.mark_absent(world.session, world.exam, world.entry(), role, moment)


def test_who_has_started_is_not_absent(world: World) -> None:
    world.start()
    role = world.role("invigilation")
    with pytest.raises(Refused, match="not_listed_any_more"):
        roll.mark_absent(world.session, world.exam, world.entry(), role, END)
    assert roll.mark_all_absent(world.session, world.exam, role, END) == 1
    assert (world.entry("001").state, world.entry("002").state) == ("started", "absent")
    with pytest.raises(Refused, match="nobody_absent"):
        roll.mark_all_absent(world.session, world.exam, role, END)


def test_voiding_needs_a_reason_closes_what_was_sat_and_stays(exam_page: Page, world: World) -> None:
    role = world.role("council", "head")
    exam_page.save(1, [choice(exam_page, 1)])
    with pytest.raises(Refused, match="reason_missing"):
        roll.void(world.session, world.exam, world.entry(), "  ", role, NOW)
    roll.void(world.session, world.exam, world.entry(), "Impersonation.", role, NOW + MINUTE)
    world.session.commit()
    sitting = world.reload(exam_page.sitting)
    assert (sitting.state, sitting.closed_at, sitting.answered) == ("closed", NOW + MINUTE, 1)
    assert exam_page.save(2, [choice(exam_page, 2)]).json["outcome"] == "closed"
    assert world.session.scalars(select(LateEvidence.why)).all() == ["closed"]
    with pytest.raises(Refused, match="settled_already"):
        roll.void(world.session, world.exam, world.entry(), "Again.", role, NOW + MINUTE)
    login, _ = world.sign_in()
    with pytest.raises(Refused, match="you_are_voided"):
        sittings.start_part(world.session, world.candidates["001"], login, "language", NOW + 70 * MINUTE)


@pytest.mark.parametrize(
    ("act", "board", "duty"),
    [
        ("absent", "council", "member"),
        ("absent", "question", "head"),
        ("void", "invigilation", "member"),
        ("void", "question", "head"),
        ("close", "invigilation", "member"),
        ("close", "council", "head"),
        ("close", "supervision", "member"),
    ],
)
def test_who_may_not(world: World, act: str, board: str, duty: str) -> None:
    role = world.role(board, duty)
    acts = {
        "absent": lambda: roll.mark_all_absent(world.session, world.exam, role, END),
        "void": lambda: roll.void(world.session, world.exam, world.entry(), "Because.", role, END),
        "close": lambda: closing.close_session(world.session, world.exam, role, END),
    }
    with pytest.raises(NotPermitted):
        acts[act]()


@pytest.mark.parametrize(
    ("board", "duty", "state", "code"),
    [
        ("hr", "member", "listed", None),
        ("hr", "member", "started", "rounds.void_begun"),
        ("hr", "member", "reported", "rounds.void_reported"),
        ("invigilation", "head", "started", "rounds.void_begun"),
        ("council", "head", "started", None),
        ("council", "head", "reported", None),
    ],
)
def test_whoever_has_begun_or_is_reported_is_voided_by_the_chair_alone(
    world: World, browse: Callable[..., Browser], board: str, duty: str, state: str, code: str | None
) -> None:
    if state == "started":
        world.start()
    if state == "reported":
        report = Report("general", "warning", NOW, "Came with the card of another.", "I did not.")
        report_violation(world.session, world.exam, world.entry(), report, world.role("invigilation"), NOW)
    role = world.role(board, duty)
    world.session.commit()
    place = f"/campaigns/{world.campaign.public_id}/sessions/{world.exam.public_id}"
    page = f"{place}/roster/{world.entry().public_id}/void"
    browser = browse(role.account)
    offered = code is None
    assert ("<textarea" in browser.get(page).text) is offered
    assert (page in browser.get(place).text) is (offered or state == "reported")
    assert browser.post(page, {"reason": "Because."}).status_code == (303 if offered else 422)
    assert world.entry().state == ("voided" if offered else "listed" if state == "reported" else "started")
    if not offered:
        with pytest.raises(Refused, match=str(code)):
            roll.void(world.session, world.exam, world.entry(), "Because.", role, NOW)


def test_a_session_does_not_close_while_somebody_can_still_work(world: World) -> None:
    world.start()
    role = world.role("invigilation", "head")
    with pytest.raises(Refused) as refusal:
        closing.close_session(world.session, world.exam, role, END - timedelta(microseconds=1))
    assert refusal.value.code == "rounds.still_running"
    assert refusal.value.params["numbers"] == "001, 002"


def test_a_session_does_not_close_while_somebody_is_unaccounted_for(world: World) -> None:
    world.start()
    with pytest.raises(Refused) as refusal:
        closing.close_session(world.session, world.exam, world.role("hr"), END)
    assert (refusal.value.code, refusal.value.params["numbers"], refusal.value.params["count"]) == ("rounds.roster_open", "002", 1)


def test_closing_seals_what_is_due_and_binds_the_heads(world: World) -> None:
    first, _ = world.start("001")
    second, _ = world.start("001", "language", NOW + 71 * MINUTE)
    hr = world.role("hr")
    roll.mark_absent(world.session, world.exam, world.entry("002"), hr, END)
    closing.close_session(world.session, world.exam, hr, END)
    assert (world.exam.state, world.exam.closed_at) == ("closed", END)
    heads = sorted(world.reload(sitting).head for sitting in (first, second))
    assert {world.reload(sitting).state for sitting in (first, second)} == {"closed"}
    told = content(world.session, "rounds:session:closed")
    assert hashchain.merkle_root(heads).hex() in told
    assert '"absent":1' in told
    assert '"started":1' in told
    assert '"listed":2' in told


def test_closing_early_is_possible_when_everybody_has_handed_in(session: Session) -> None:
    world = make_world(session, numbers=("001",))
    login, _ = world.sign_in()
    for part, moment in (("general", NOW), ("language", NOW + 70 * MINUTE)):
        sitting = sittings.start_part(session, world.candidates["001"], login, part, moment)
        closing.submit(session, world.candidates["001"], login, sitting.public_id, 0, moment + MINUTE)
    closing.close_session(session, world.exam, world.role("hr"), NOW + 72 * MINUTE)
    assert world.exam.state == "closed"


def test_a_closed_session_cannot_be_closed_again_nor_its_roster_touched(world: World) -> None:
    hr = world.role("hr")
    roll.mark_all_absent(world.session, world.exam, hr, END)
    closing.close_session(world.session, world.exam, hr, END)
    for act in (
        lambda: closing.close_session(world.session, world.exam, hr, END),
        lambda: roll.mark_all_absent(world.session, world.exam, hr, END),
        lambda: roll.void(world.session, world.exam, world.entry(), "Too late.", hr, END),
    ):
        with pytest.raises(Refused, match="not_sealed"):
            act()


def test_the_page_counts_where_everybody_stands(session: Session) -> None:
    world = make_world(session, numbers=("001", "002", "003", "004"), state="planned")
    world.candidates["005"] = list_candidate(session, world.exam, world.position, "005", exempt=True)
    seal_by_hand(session, world.exam, without=frozenset({("005", "language")}))
    world.start("001")
    login, _ = world.sign_in("005")
    done = sittings.start_part(session, world.candidates["005"], login, "general", NOW)
    closing.submit(session, world.candidates["005"], login, done.public_id, 0, NOW + MINUTE)
    roll.void(session, world.exam, world.entry("003"), "Withdrew.", world.role("hr"), NOW + MINUTE)
    page = session_page(session, world.exam, NOW + 2 * MINUTE)
    assert page.counts == {"listed": 2, "started": 2, "absent": 0, "voided": 1, "total": 5, "done": 1}
    assert (page.absentees, page.running) == (0, 3)
    looked_for = [(" nguyen VAN 003", ""), ("04", "listed"), ("04", "voided"), ("", "done"), ("", "started"), ("nobody", "")]
    found = [[row.entry.candidate_number for row in page.found(words.strip(), state)] for words, state in looked_for]
    assert found == [["003"], ["004"], [], ["005"], ["001", "005"], []]
    late = session_page(session, world.exam, NOW + 11 * MINUTE)
    assert (late.absentees, late.running) == (2, 3)


def at_the_door(world: World, moment: datetime) -> None:
    check_in(world.session, world.exam, world.entry(), "passport", "", world.role("invigilation", "head"), moment)


def test_who_was_at_the_door_in_time_begins_however_long_their_machine_takes(world: World) -> None:
    at_the_door(world, NOW + 10 * MINUTE)
    sitting, _ = world.start(now=NOW + 25 * MINUTE)
    assert (sitting.deadline, world.entry().state) == (NOW + 60 * MINUTE, "started")


def test_who_came_to_the_door_too_late_does_not_begin(world: World) -> None:
    at_the_door(world, NOW + 10 * MINUTE + timedelta(seconds=1))
    with pytest.raises(Refused, match="too_late_to_enter"):
        world.start(now=NOW + 25 * MINUTE)
    roll.mark_absent(world.session, world.exam, world.entry(), world.role("invigilation"), NOW + 25 * MINUTE)
    assert world.entry().state == "absent"


def test_who_was_at_the_door_in_time_is_absent_only_when_all_is_over(world: World) -> None:
    at_the_door(world, NOW)
    role = world.role("invigilation")
    assert roll.mark_all_absent(world.session, world.exam, role, END - timedelta(seconds=1)) == 1
    assert (world.entry("001").state, world.entry("002").state) == ("listed", "absent")
    with pytest.raises(Refused, match="may_still_enter"):
        roll.mark_absent(world.session, world.exam, world.entry(), role, END - timedelta(seconds=1))
    roll.mark_absent(world.session, world.exam, world.entry(), role, END)
    assert world.entry().state == "absent"


def test_who_is_checked_in_while_the_roll_is_called_is_not_absent(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The roll was read a moment before; the entry itself says otherwise by then."""
    read, role = roll.attendances_in, world.role("invigilation")

    def read_before(session: Session, exam: ExamSession) -> list[Attendance]:
        found = read(session, exam)
        here = update(RosterEntry).where(RosterEntry.candidate_number == "001").values(checked_in_at=NOW + 10 * MINUTE)
        session.execute(here, execution_options={"synchronize_session": False})
        return found

    monkeypatch.setattr(roll, "attendances_in", read_before)
    assert roll.mark_all_absent(world.session, world.exam, role, END - 80 * MINUTE) == 1
    assert (world.entry("001").state, world.entry("002").state) == ("listed", "absent")


def test_a_session_with_a_pause_that_has_no_end_is_not_closed(session: Session) -> None:
    world = make_world(session, {"session.clock": "personal"}, numbers=("001",), closes_at=NOW + 300 * MINUTE)
    invigilator, officer = world.role("invigilation"), world.role("hr")
    world.start()
    pauses.pause_time(session, world.exam, None, "power", "Dark.", invigilator, NOW)
    roll.void(session, world.exam, world.entry(), "Left.", world.role("council", "head"), NOW + MINUTE)
    with pytest.raises(Refused, match="still_paused"):
        closing.close_session(session, world.exam, officer, NOW + 2 * MINUTE)
    pauses.resume_time(session, world.exam, None, invigilator, NOW + 2 * MINUTE)
    closing.close_session(session, world.exam, officer, NOW + 2 * MINUTE)
    assert world.exam.state == "closed"
