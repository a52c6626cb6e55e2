"""The minutes of a session: the count closes, everything that happened is named, and the digests are those of the log."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from examsite.accounts.models import LoginSession
from examsite.audit.queries import head_of
from examsite.rounds.models import Paper
from examsite.rounds.operations import closing, roll
from examsite.rounds.operations.check_in import check_in
from examsite.rounds.operations.incidents import record_incident
from examsite.rounds.operations.violations import Report, report_violation
from examsite.rounds.queries.minutes import session_minutes
from examsite.rounds.queries.sessions import session_page
from examsite.rules import hashchain
from examsite.rules.timing import TimeKind
from tests.client import Browser
from tests.conftest import NOW
from tests.rounds.test_give_time import give, grant
from tests.rounds.test_roll import END, content
from tests.rounds.world import MINUTE, World, make_world


def test_the_minutes_of_a_closed_session(world: World, browse: Callable[..., Browser]) -> None:
    session, invigilator = world.session, world.role("invigilation")
    check_in(session, world.exam, world.entry(), "vneid", "4", invigilator, NOW + 5 * MINUTE)
    sitting, _ = world.start("001", now=NOW + 6 * MINUTE)
    record_incident(session, world.exam, "power", [], "Dark for a minute.", "The clock was stopped.", NOW, invigilator, NOW)
    told = Report("general", "warning", NOW, "Copied from a slip.", "It was a mistake.")
    report_violation(session, world.exam, world.entry(), told, invigilator, NOW)
    roll.mark_all_absent(session, world.exam, invigilator, END)
    closing.close_session(session, world.exam, world.role("hr"), END)
    found = session_minutes(session, world.exam, END)
    assert dict(found.counts) == {
        "listed": 2,
        "present": 1,
        "absent": 1,
        "voided": 0,
        "checked_in": 1,
        "begun": 1,
        "handed_in": 0,
        "closed": 1,
        "voided_begun": 0,
        "open": 0,
        "late_evidence": 0,
    }
    assert [one.number for one in found.absent] == ["002"]
    assert [(one.number, one.when) for one in found.late] == [("001", NOW + 5 * MINUTE)]
    assert found.documents == {"vneid": 1}
    assert found.sittings_root == hashchain.merkle_root([world.reload(sitting).head]).hex()
    assert found.sittings_root in content(session, "rounds:session:closed")
    assert found.log_head == head_of(session, world.campaign.chain)
    reader = world.role("supervision").account
    session.commit()
    page = browse(reader).get(f"/campaigns/{world.campaign.public_id}/sessions/{world.exam.public_id}/minutes")
    for words in ("Dark for a minute.", "Copied from a slip.", found.sittings_root, str(world.exam.seed_commitment), "ký, ghi rõ họ tên"):
        assert words in page.text


def test_what_is_written_down_after_the_close_says_so(world: World, browse: Callable[..., Browser]) -> None:
    session, invigilator = world.session, world.role("invigilation")
    world.start("001")
    told = Report("general", "warning", NOW, "Copied from a slip.", "It was a mistake.")
    for moment in (END, END + MINUTE):
        if moment > END:
            roll.mark_all_absent(session, world.exam, invigilator, END)
            closing.close_session(session, world.exam, world.role("hr"), END)
        record_incident(session, world.exam, "power", [], "Dark for a minute.", "The clock was stopped.", NOW, invigilator, moment)
        report_violation(session, world.exam, world.entry(), told, invigilator, moment)
    session.commit()
    base = f"/campaigns/{world.campaign.public_id}/sessions/{world.exam.public_id}"
    browser = browse(invigilator.account)
    for page in ("/minutes", "/incidents"):
        text = browser.get(base + page).text
        assert text.count("Ghi nhận sau khi đóng ca thi, lúc 09/11/2026 09:41") == 2
        assert text.count("Dark for a minute.") == 2
    assert "ghi sau khi đóng ca thi" in browser.get(base + "/incidents/new").text


def test_every_part_that_was_begun_ended_in_one_way(session: Session) -> None:
    """Handed in by oneself, by the page when the time was up, closed by nobody at all, voided, still under way, never begun."""
    world = make_world(session, numbers=("001", "002", "003", "004", "005", "006", "007"))
    sittings = {number: world.start(number)[0] for number in ("001", "002", "003", "004", "005")}
    for number, after in (("001", 59), ("002", 60)):
        login = session.get_one(LoginSession, sittings[number].login_session_id)
        closing.submit(session, world.candidates[number], login, sittings[number].public_id, None, NOW + after * MINUTE)
    roll.void(session, world.exam, world.entry("004"), "Impersonation.", world.role("council", "head"), NOW + 30 * MINUTE)
    roll.void(session, world.exam, world.entry("006"), "Withdrew.", world.role("hr"), NOW + 30 * MINUTE)
    sittings["005"].deadline = sittings["005"].closes_at = NOW + 90 * MINUTE
    session.flush()
    counts = session_minutes(session, world.exam, NOW + 61 * MINUTE).counts
    ends = {name: counts[name] for name in ("begun", "handed_in", "closed", "voided_begun", "open")}
    assert ends == {"begun": 5, "handed_in": 1, "closed": 2, "voided_begun": 1, "open": 1}
    assert (counts["listed"], counts["present"], counts["voided"]) == (7, 5, 2)
    rows = session_page(session, world.exam, NOW + 59 * MINUTE).rows
    found = {one.entry.candidate_number: one.parts[0].state for one in rows}
    assert [found[number] for number in sorted(found)] == ["submitted", "closed", "working", "closed", "working", "open", "open"]


def test_on_time_is_up_to_a_minute_after_the_start(world: World) -> None:
    for number, seconds in (("001", 60), ("002", 61)):
        world.entry(number).started_at = NOW + timedelta(seconds=seconds)
    world.session.flush()
    assert [one.number for one in session_minutes(world.session, world.exam, NOW + 2 * MINUTE).late] == ["002"]


@pytest.mark.parametrize(("moved", "opens"), [(0, 70), (15, 85)])
def test_late_is_reckoned_from_the_opening_of_the_own_first_part(session: Session, moved: int, opens: int) -> None:
    """Exempted from the first part, and with a start that was moved: neither comes late to what they sit."""
    world = make_world(session, numbers=("001", "002"))
    session.execute(delete(Paper).where(Paper.part == "general"))
    session.expire_all()
    if moved:
        give(world, grant(moved * 60, kind=TimeKind.START), NOW)
    for number, seconds in (("001", 60), ("002", 61)):
        world.entry(number).started_at = NOW + timedelta(minutes=opens, seconds=seconds)
    session.flush()
    assert [one.number for one in session_minutes(session, world.exam, NOW + 100 * MINUTE).late] == ["002"]


def test_nobody_is_late_under_a_personal_clock(session: Session) -> None:
    world = make_world(session, {"session.clock": "personal"}, closes_at=NOW + 240 * MINUTE)
    world.start("001", now=NOW + 90 * MINUTE)
    assert session_minutes(session, world.exam, NOW + 91 * MINUTE).late == ()
