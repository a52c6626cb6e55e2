"""The clock stands still and runs again: nobody loses a second, nothing opens or closes meanwhile."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.models import LoginSession
from examsite.rounds.models import TimeEntry
from examsite.rounds.operations import closing, pauses, roll
from examsite.rounds.operations.save import Saved, save_answers
from examsite.rounds.queries.ledger import ledger_of
from examsite.rounds.queries.minutes import session_minutes
from examsite.rounds.queries.pauses import pauses as pauses_in
from examsite.rounds.queries.sittings import was_handed_in
from examsite.rounds.queries.waiting import waiting_room
from examsite.rounds.save_body import SaveBody
from examsite.rules.refusal import NotFound, NotPermitted, Refused
from tests.conftest import NOW
from tests.rounds.world import MINUTE, World, make_world, options_of

SECOND = timedelta(seconds=1)
GRACE = 30 * SECOND


def stop(world: World, now: datetime, numbers: list[str] | None = None) -> int:
    entries = None if numbers is None else [world.entry(number).public_id for number in numbers]
    return pauses.pause_time(world.session, world.exam, entries, "power", "The light went out.", world.role("invigilation"), now)


def go_on(world: World, now: datetime, numbers: list[str] | None = None) -> int:
    entries = None if numbers is None else [world.entry(number).public_id for number in numbers]
    return pauses.resume_time(world.session, world.exam, entries, world.role("council", "head"), now)


@pytest.mark.parametrize("length", [SECOND, 7 * MINUTE + 13 * SECOND, timedelta(microseconds=1), 3 * MINUTE + timedelta(milliseconds=1)])
def test_a_pause_gives_back_what_it_took_a_begun_second_in_full(world: World, length: timedelta) -> None:
    sitting, _ = world.start()
    begun = NOW + 10 * MINUTE
    assert stop(world, begun) == 2
    held = world.reload(sitting)
    assert (held.paused_since, held.deadline) == (begun, NOW + 60 * MINUTE)
    assert held.closes_at > NOW + timedelta(days=6)
    assert go_on(world, begun + length) == 2
    running = world.reload(sitting)
    whole = -((-length) // SECOND) * SECOND
    assert (running.paused_since, running.deadline, running.closes_at) == (
        None,
        NOW + 60 * MINUTE + whole,
        NOW + 60 * MINUTE + whole + GRACE,
    )
    assert {(row.seconds, row.began_at, row.ended_at) for row in ledger_of(world.session, world.exam)} == {
        (whole // SECOND, begun, begun + length)
    }


def test_while_it_lasts_saves_are_stored_and_nothing_opens_or_closes(world: World) -> None:
    sitting, token = world.start()
    stop(world, NOW + 59 * MINUTE)
    late = NOW + 75 * MINUTE
    assert closing.close_due_sittings(world.session, late) == 0
    body = SaveBody(1, 1, ((1, "choice", options_of(sitting)[0][0]),))
    assert isinstance(save_answers(world.session, sitting.public_id, token, body, late), Saved)
    with pytest.raises(Refused, match=r"rounds\.paused"):
        world.start(part="language", now=late)
    with pytest.raises(Refused, match=r"rounds\.paused"):
        world.start("002", now=NOW + 5 * MINUTE)
    with pytest.raises(Refused, match="still_paused"):
        closing.close_session(world.session, world.exam, world.role("hr"), late)
    with pytest.raises(Refused, match="may_still_enter"):
        roll.mark_absent(world.session, world.exam, world.entry("002"), world.role("invigilation", "deputy"), late)
    view = waiting_room(world.session, world.candidates["002"], late)
    assert view is not None
    assert (view.refusal, view.can_start) == ("rounds.paused", False)
    go_on(world, NOW + 79 * MINUTE)
    assert world.reload(sitting).deadline == NOW + 80 * MINUTE
    assert world.start(part="language", now=NOW + 90 * MINUTE)[0].deadline == NOW + 120 * MINUTE


@pytest.mark.parametrize(("pause_at", "resume_at", "limit"), [(5, 15, 20), (0, 30, 40), (11, 41, 40)])
def test_late_entry_waits_for_the_pause_and_a_closed_one_stays_closed(world: World, pause_at: int, resume_at: int, limit: int) -> None:
    stop(world, NOW + pause_at * MINUTE)
    go_on(world, NOW + resume_at * MINUTE)
    with pytest.raises(Refused, match="too_late_to_enter"):
        world.start(now=NOW + max(limit, resume_at) * MINUTE + SECOND)
    if limit > resume_at:
        assert world.start(now=NOW + limit * MINUTE)[0].deadline == NOW + (60 + resume_at - pause_at) * MINUTE


@pytest.mark.parametrize(
    ("pause_at", "resume_at", "opens", "ends"),
    [(62, 68, 70, 100), (62, 75, 70, 105), (70, 71, 70, 101), (100, 101, 70, 100)],
)
def test_a_pause_in_the_break_costs_the_next_part_nothing(world: World, pause_at: int, resume_at: int, opens: int, ends: int) -> None:
    world.start()
    if pause_at >= 100:
        with pytest.raises(Refused, match="nobody_to_pause"):
            stop(world, NOW + (pause_at + 1) * MINUTE)
        return
    stop(world, NOW + pause_at * MINUTE, ["001"])
    go_on(world, NOW + resume_at * MINUTE)
    sitting, _ = world.start(part="language", now=NOW + max(resume_at, opens) * MINUTE)
    assert (sitting.opens_at, sitting.deadline) == (NOW + opens * MINUTE, NOW + ends * MINUTE)


def test_whoever_handed_in_stays_with_the_room(world: World) -> None:
    sitting, _ = world.start()
    login = world.session.get_one(LoginSession, sitting.login_session_id)
    closing.submit(world.session, world.candidates["001"], login, sitting.public_id, None, NOW + 20 * MINUTE)
    stop(world, NOW + 30 * MINUTE)
    go_on(world, NOW + 40 * MINUTE)
    assert world.reload(sitting).state == "submitted"
    assert world.start(part="language", now=NOW + 80 * MINUTE)[0].deadline == NOW + 110 * MINUTE


@pytest.mark.parametrize(("act", "ended"), [("submit", "handed_in"), ("void", "voided_begun")])
def test_what_is_ended_in_a_long_pause_was_not_ended_by_the_deadline(world: World, act: str, ended: str) -> None:
    """The deadline stands as it was before the pause, and it passes while the clock stands still."""
    sitting, _ = world.start()
    stop(world, NOW + 30 * MINUTE)
    late, chair = NOW + 90 * MINUTE, world.role("council", "head")
    if act == "submit":
        login = world.session.get_one(LoginSession, sitting.login_session_id)
        closing.submit(world.session, world.candidates["001"], login, sitting.public_id, None, late)
    else:
        roll.void(world.session, world.exam, world.entry(), "Impersonation.", chair, late)
    pauses.resume_time(world.session, world.exam, None, chair, late + MINUTE)
    assert was_handed_in(world.reload(sitting)) is (act == "submit")
    counts = session_minutes(world.session, world.exam, late + MINUTE).counts
    assert {name: counts[name] for name in ("handed_in", "voided_begun", "closed")} == {"handed_in": 0, "voided_begun": 0, "closed": 0} | {
        ended: 1
    }


def test_one_candidate_stops_and_the_others_go_on(world: World) -> None:
    first, _ = world.start("001")
    second, _ = world.start("002")
    stop(world, NOW + MINUTE, ["001"])
    page = pauses_in(world.session, world.exam, NOW + 2 * MINUTE)
    assert [(row.number, row.left) for row in page.paused] == [("001", 59 * 60)]
    assert [row.number for row in page.running] == ["002"]
    go_on(world, NOW + 5 * MINUTE, ["001"])
    assert (world.reload(first).deadline, world.reload(second).deadline) == (NOW + 64 * MINUTE, NOW + 60 * MINUTE)


def test_a_second_pause_leaves_the_first_and_an_ended_one_cannot_end_again(world: World) -> None:
    world.start("001")
    world.start("002")
    stop(world, NOW + MINUTE, ["001"])
    role = world.role("invigilation", "head")
    assert pauses.pause_time(world.session, world.exam, None, "room", "Noise.", role, NOW + 2 * MINUTE) == 1
    began = world.session.scalars(select(TimeEntry.began_at).order_by(TimeEntry.began_at)).all()
    assert began == [NOW + MINUTE, NOW + 2 * MINUTE]
    go_on(world, NOW + 4 * MINUTE)
    with pytest.raises(Refused, match="nobody_paused"):
        pauses.resume_time(world.session, world.exam, None, role, NOW + 5 * MINUTE)


def test_a_personal_clock_loses_nothing_of_its_window_to_a_pause_before_the_start(session: Session) -> None:
    world = make_world(session, {"session.clock": "personal"}, closes_at=NOW + 100 * MINUTE)
    stop(world, NOW + 10 * MINUTE)
    with pytest.raises(Refused, match=r"rounds\.paused"):
        world.start(now=NOW + 20 * MINUTE)
    go_on(world, NOW + 30 * MINUTE)
    sitting, _ = world.start(now=NOW + 30 * MINUTE)
    assert sitting.deadline == NOW + 90 * MINUTE
    second, _ = world.start(part="language", now=NOW + 100 * MINUTE)
    assert second.deadline == NOW + 120 * MINUTE


@pytest.mark.parametrize(
    ("board", "duty", "allowed"),
    [
        ("invigilation", "member", True),
        ("council", "head", True),
        ("council", "member", False),
        ("hr", "head", False),
        ("question", "head", False),
    ],
)
def test_who_stops_the_clock(world: World, board: str, duty: str, allowed: bool) -> None:
    world.start()
    role = world.role(board, duty)
    if allowed:
        assert pauses.pause_time(world.session, world.exam, None, "power", "Dark.", role, NOW) == 2
        assert pauses.resume_time(world.session, world.exam, None, role, NOW + SECOND) == 2
    else:
        with pytest.raises(NotPermitted):
            pauses.pause_time(world.session, world.exam, None, "power", "Dark.", role, NOW)
        with pytest.raises(NotPermitted):
            pauses.resume_time(world.session, world.exam, None, role, NOW)


def test_a_pause_says_why_and_names_people_of_this_session(world: World) -> None:
    role = world.role("invigilation")
    with pytest.raises(Refused, match="reason_missing"):
        pauses.pause_time(world.session, world.exam, None, "power", " ", role, NOW)
    with pytest.raises(NotFound):
        pauses.pause_time(world.session, world.exam, ["nobody"], "power", "Dark.", role, NOW)
