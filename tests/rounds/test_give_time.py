"""Giving time: grants, corrections, postponed starts, accommodations; what is done is what was previewed."""

from collections.abc import Collection
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsite.accounts.models import LoginSession
from examsite.audit.models import LogEntry
from examsite.campaigns.roles import Role
from examsite.rounds import timeplan
from examsite.rounds.models import Sitting, SittingEvent, SittingMark, TimeEntry
from examsite.rounds.operations import closing, ledger
from examsite.rounds.operations.save import Saved, save_answers
from examsite.rounds.queries.attendance import attendance_of
from examsite.rounds.queries.chains import check_sitting
from examsite.rounds.queries.ledger import Preview, Want, ledger_of, preview
from examsite.rounds.queries.waiting import waiting_room
from examsite.rounds.save_body import SaveBody
from examsite.rules import hashchain
from examsite.rules.refusal import Conflict, NotFound, NotPermitted, Refused
from examsite.rules.timing import TimeKind
from tests.conftest import NOW
from tests.rounds.world import MINUTE, World, list_candidate, make_world, options_of, seal_by_hand

SECOND = timedelta(seconds=1)
GRACE = 30 * SECOND


def grant(seconds: int, part: str | None = None, kind: TimeKind = TimeKind.GRANT, *, reopen: bool = False) -> Want:
    return Want(kind, part, seconds, reopen_handed_in=reopen)


def give(
    world: World,
    want: Want,
    now: datetime,
    numbers: Collection[str] | None = None,
    role: Role | None = None,
    reason: str = "A machine broke.",
) -> Preview:
    """Preview and confirm, as the page does."""
    entries = None if numbers is None else [world.entry(number).public_id for number in numbers]
    shown = preview(world.session, world.exam, entries, want, now).digest
    decider = role or head(world)
    return ledger.give_time(world.session, world.exam, entries, want, shown, "machine", reason, decider, now)


def head(world: World) -> Role:
    return world.role("invigilation", "head")


def outcomes(done: Preview) -> dict[str, str]:
    return {row.number: row.outcome for row in done.rows}


def test_a_grant_lengthens_the_part_and_moves_what_follows(world: World) -> None:
    sitting, _ = world.start()
    done = give(world, grant(90), NOW + 10 * MINUTE, ["001"])
    assert outcomes(done) == {"001": "lengthened"}
    assert [(change.part, change.old_end, change.new_end) for change in done.rows[0].changes] == [
        ("general", NOW + 60 * MINUTE, NOW + 61 * MINUTE + 30 * SECOND),
        ("language", NOW + 100 * MINUTE, NOW + 101 * MINUTE + 30 * SECOND),
    ]
    moved = world.reload(sitting)
    assert (moved.deadline, moved.closes_at) == (NOW + 61 * MINUTE + 30 * SECOND, NOW + 61 * MINUTE + 30 * SECOND + GRACE)
    view = waiting_room(world.session, world.candidates["001"], NOW + 65 * MINUTE)
    assert view is not None
    assert view.parts[1].opens_at == NOW + 71 * MINUTE + 30 * SECOND
    assert waiting_room(world.session, world.candidates["002"], NOW).parts[1].opens_at == NOW + 70 * MINUTE  # type: ignore[union-attr]


def test_every_row_says_who_and_why_and_the_log_has_the_act(world: World) -> None:
    world.start("001")
    world.start("002")
    role = head(world)
    give(world, grant(60), NOW + MINUTE, role=role, reason="  The lights went out.  ")
    rows = ledger_of(world.session, world.exam)
    assert {(row.kind, row.part, row.seconds, row.cause, row.reason) for row in rows} == {
        ("grant", "general", 60, "machine", "The lights went out.")
    }
    assert {(row.decided_by_id, row.decided_at) for row in rows} == {(role.account.id, NOW + MINUTE)}
    assert len({row.batch for row in rows}) == 1
    entry = world.session.scalars(select(LogEntry).where(LogEntry.kind == "rounds:time:grant")).one()
    assert rows[0].batch in entry.content
    assert "The lights went out." in entry.content


def test_a_grant_before_the_part_was_begun_holds_when_it_begins(world: World) -> None:
    give(world, grant(120, "language"), NOW, ["001"])
    world.start()
    sitting, _ = world.start(part="language", now=NOW + 71 * MINUTE)
    assert sitting.deadline == NOW + 102 * MINUTE


@pytest.mark.parametrize(("after", "outcome"), [(60 * MINUTE - SECOND, "lengthened"), (60 * MINUTE, "reopened"), (62 * MINUTE, "reopened")])
def test_time_given_at_the_deadline_and_after_it_is_time_to_work_in(world: World, after: timedelta, outcome: str) -> None:
    sitting, _ = world.start()
    done = give(world, grant(120, "general"), NOW + after, ["001"])
    assert outcomes(done) == {"001": outcome}
    from_then = max(NOW + 60 * MINUTE, NOW + after)
    assert world.reload(sitting).deadline == from_then + 120 * SECOND


def test_a_part_that_the_deadline_closed_opens_again_and_is_sealed_and_marked_anew(world: World) -> None:
    sitting, token = world.start()
    options = options_of(sitting)
    save_answers(world.session, sitting.public_id, token, SaveBody(1, 1, ((1, "choice", options[0][0]),)), NOW + MINUTE)
    closing.close_due_sittings(world.session, sitting.closes_at)
    sealed = world.reload(sitting)
    code, deadline = sealed.receipt_code, sealed.deadline
    now = NOW + 65 * MINUTE
    done = give(world, grant(180, "general"), now, ["001"])
    assert [(line.kind, line.seconds) for line in done.rows[0].lines] == [("pause", 300), ("grant", 180)]
    opened = world.reload(sitting)
    assert (opened.state, opened.deadline, opened.last_seq) == ("open", deadline + 480 * SECOND, 3)
    assert (opened.receipt_code, opened.answered, opened.blank, opened.closed_at) == (None, None, None, None)
    assert check_sitting(world.session, opened).fault is None
    body = SaveBody(4, 1, ((2, "choice", options[1][0]),))
    assert isinstance(save_answers(world.session, sitting.public_id, token, body, now + MINUTE), Saved)
    closing.close_due_sittings(world.session, world.reload(sitting).closes_at)
    again = world.reload(sitting)
    assert (again.state, again.answered, again.blank) == ("closed", 2, 2)
    assert again.receipt_code not in (None, code)
    assert again.receipt_code == hashchain.receipt_code(again.head)
    kinds = world.session.scalars(select(SittingEvent.kind).where(SittingEvent.sitting_id == sitting.id).order_by(SittingEvent.seq)).all()
    assert kinds == ["start", "save", "seal", "reopened", "save", "seal"]
    assert world.session.scalars(select(SittingMark.number).order_by(SittingMark.number)).all() == [1, 2]
    assert check_sitting(world.session, again).fault is None


def test_what_the_candidate_handed_in_stays_unless_the_decider_says_so(world: World) -> None:
    sitting, _ = world.start()
    world.start("002")
    login = world.session.get_one(LoginSession, sitting.login_session_id)
    closing.submit(world.session, world.candidates["001"], login, sitting.public_id, None, NOW + 20 * MINUTE)
    now = NOW + 30 * MINUTE
    room = give(world, grant(60, "general"), now)
    assert outcomes(room) == {"001": "handed_in", "002": "lengthened"}
    assert world.reload(sitting).state == "submitted"
    role = world.role("council", "head")
    with pytest.raises(Refused, match="time_for_nobody"):
        give(world, grant(60, "general"), now, ["001"], role)
    with pytest.raises(Refused, match="choose_reopened"):
        give(world, grant(60, "general", reopen=True), now, None, role)
    give(world, grant(60, "general", reopen=True), now, ["001"], role, "She pressed the wrong button.")
    opened = world.reload(sitting)
    assert (opened.state, opened.deadline) == ("open", NOW + 61 * MINUTE)
    assert check_sitting(world.session, opened).fault is None


@pytest.mark.parametrize(
    ("after", "outcome"), [(60 * MINUTE - SECOND, "handed_in"), (60 * MINUTE, "reopened"), (60 * MINUTE + SECOND, "reopened")]
)
def test_what_the_page_handed_in_when_the_time_was_up_is_opened_with_the_room(world: World, after: timedelta, outcome: str) -> None:
    sitting, _ = world.start()
    login = world.session.get_one(LoginSession, sitting.login_session_id)
    closing.submit(world.session, world.candidates["001"], login, sitting.public_id, None, NOW + after)
    assert world.reload(sitting).state == "submitted"
    entry = world.entry().public_id
    shown = preview(world.session, world.exam, None, grant(60, "general"), NOW + 62 * MINUTE)
    assert {row.entry: row.outcome for row in shown.rows}[entry] == outcome
    if outcome == "reopened":
        give(world, grant(60, "general"), NOW + 62 * MINUTE)
        opened = world.reload(sitting)
        assert (opened.state, opened.deadline) == ("open", NOW + 63 * MINUTE)
        assert check_sitting(world.session, opened).fault is None


def test_what_was_previewed_is_what_is_done(world: World) -> None:
    world.start()
    role, want, entries = head(world), grant(60), [world.entry().public_id]
    shown = preview(world.session, world.exam, entries, want, NOW).digest
    give(world, grant(30), NOW, ["001"], world.role("council", "head"))
    with pytest.raises(Conflict, match="preview_changed"):
        ledger.give_time(world.session, world.exam, entries, want, shown, "machine", "Why.", role, NOW)
    assert (
        preview(world.session, world.exam, entries, grant(61), NOW).digest != preview(world.session, world.exam, entries, want, NOW).digest
    )
    assert (
        preview(world.session, world.exam, entries, want, NOW).digest
        == preview(world.session, world.exam, entries, want, NOW + SECOND).digest
    )


@pytest.mark.parametrize(
    ("want", "cause", "reason", "code"),
    [
        (grant(0), "machine", "Why.", "rounds.time_missing"),
        (grant(-60), "machine", "Why.", "timing.taken_back"),
        (grant(-1, kind=TimeKind.CORRECTION), "machine", "Why.", "timing.taken_back"),
        (grant(ledger.MOST_SECONDS + 1), "machine", "Why.", "rounds.time_much"),
        (grant(60), "weather", "Why.", "rounds.cause_unknown"),
        (grant(60), "machine", " ", "reason_missing"),
        (grant(60, kind=TimeKind.PAUSE), "machine", "Why.", "rounds.time_kind"),
        (grant(60, kind=TimeKind.ACCOMMODATION), "machine", "Why.", "rounds.time_kind"),
    ],
)
def test_acts_that_are_refused(world: World, want: Want, cause: str, reason: str, code: str) -> None:
    world.start()
    with pytest.raises(Refused) as refusal:
        ledger.give_time(world.session, world.exam, [world.entry().public_id], want, "0" * 64, cause, reason, head(world), NOW)
    assert refusal.value.code == code
    assert world.session.scalar(select(func.count()).select_from(TimeEntry)) == 0


@pytest.mark.parametrize(
    ("board", "duty", "allowed"),
    [
        ("invigilation", "head", True),
        ("council", "head", True),
        ("invigilation", "member", False),
        ("council", "member", False),
        ("hr", "head", False),
        ("question", "head", False),
        ("supervision", "member", False),
    ],
)
def test_who_gives_time(world: World, board: str, duty: str, allowed: bool) -> None:
    world.start()
    role = world.role(board, duty)
    if allowed:
        assert give(world, grant(60), NOW, ["001"], role).given
    else:
        with pytest.raises(NotPermitted):
            give(world, grant(60), NOW, ["001"], role)


def test_a_session_that_is_not_sealed_and_a_stranger_get_nothing(world: World) -> None:
    role = head(world)
    with pytest.raises(NotFound):
        preview(world.session, world.exam, ["somebody"], grant(60), NOW)
    shown = preview(world.session, world.exam, None, grant(60), NOW).digest
    world.exam.state = "closed"
    world.session.flush()
    with pytest.raises(Refused, match="not_sealed"):
        ledger.give_time(world.session, world.exam, None, grant(60), shown, "room", "Why.", role, NOW)


def test_who_gets_nothing_in_a_room_and_why(session: Session) -> None:
    world = make_world(session, numbers=("001", "002", "003", "004"), state="planned")
    world.candidates["005"] = list_candidate(session, world.exam, world.position, "005", exempt=True)
    seal_by_hand(session, world.exam, without=frozenset({("005", "language")}))
    world.entry("003").state, world.entry("004").state = "absent", "voided"
    session.flush()
    world.start("001")
    done = preview(session, world.exam, None, grant(60, "language"), NOW + 65 * MINUTE)
    assert outcomes(done) == {"001": "lengthened", "002": "lengthened", "003": "absent", "004": "voided", "005": "exempt"}
    past = preview(session, world.exam, None, grant(60, "general"), NOW + 65 * MINUTE)
    assert outcomes(past)["002"] == "missed"
    assert outcomes(past)["001"] == "reopened"


@pytest.mark.parametrize(
    ("language_at", "handed_in_at", "opens", "ends"),
    [
        (30, None, 80, 110),  # part 2 was begun, part 1 takes all its new time
        (30, 50, 60, 90),  # part 2 was begun, part 1 is handed in early once more
        (30, 41, 51, 81),
        (60, 50, 60, 90),  # part 2 is begun after part 1 was handed in once more
        (80, None, 80, 110),
    ],
)
def test_a_part_behind_one_that_was_opened_again_stands_where_the_ledger_says(
    session: Session, language_at: int, handed_in_at: int | None, opens: int, ends: int
) -> None:
    """Personal clock: part 1 is handed in after 20 minutes and opened again after 40, with ten more."""
    world = make_world(session, {"session.clock": "personal"}, numbers=("001",), closes_at=NOW + 300 * MINUTE)
    general, _ = world.start()

    def hand_in(minutes: int) -> None:
        login = session.get_one(LoginSession, world.reload(general).login_session_id)
        closing.submit(session, world.candidates["001"], login, general.public_id, None, NOW + minutes * MINUTE)

    hand_in(20)
    if language_at < 40:
        world.start(part="language", now=NOW + language_at * MINUTE)
    give(world, grant(600, "general", reopen=True), NOW + 40 * MINUTE, ["001"])
    if handed_in_at is not None:
        hand_in(handed_in_at)
    language, _ = world.start(part="language", now=NOW + max(language_at, 50) * MINUTE)
    times = [(moment - NOW) // MINUTE for moment in (language.opens_at, language.deadline)]
    assert times == [opens, ends]
    assert language.closes_at == language.deadline + GRACE
    window = timeplan.window_of(attendance_of(session, world.entry()).reckoned, "language")
    assert (window.opens_at, window.deadline) == (language.opens_at, language.deadline)


def test_a_correction_lengthens_what_a_grant_gave_too_little(world: World) -> None:
    sitting, _ = world.start()
    give(world, grant(6), NOW + MINUTE, ["001"])
    give(world, grant(354, kind=TimeKind.CORRECTION), NOW + 2 * MINUTE, ["001"], world.role("council", "head"), "Six minutes were meant.")
    assert world.reload(sitting).deadline == NOW + 66 * MINUTE
    assert [row.kind for row in ledger_of(world.session, world.exam)] == ["correction", "grant"]


def test_a_postponed_start_moves_everything_and_late_entry_with_it(world: World) -> None:
    want = Want(TimeKind.START, None, 600)
    done = give(world, want, NOW + 5 * MINUTE, ["001"])
    first = done.rows[0].changes[0]
    assert (first.part, first.new_start, first.new_end) == ("general", NOW + 10 * MINUTE, NOW + 70 * MINUTE)
    with pytest.raises(Refused, match="not_yet"):
        world.start(now=NOW + 10 * MINUTE - SECOND)
    sitting, _ = world.start(now=NOW + 20 * MINUTE)
    assert (sitting.opens_at, sitting.deadline) == (NOW + 10 * MINUTE, NOW + 70 * MINUTE)
    assert outcomes(preview(world.session, world.exam, [world.entry().public_id], want, NOW + 21 * MINUTE)) == {"001": "begun"}


@pytest.mark.parametrize(("at", "outcome"), [(20 * MINUTE, "lengthened"), (20 * MINUTE + SECOND, "too_late")])
def test_a_start_is_not_postponed_into_the_past(world: World, at: timedelta, outcome: str) -> None:
    done = preview(world.session, world.exam, [world.entry().public_id], Want(TimeKind.START, None, 600), NOW + at)
    assert outcomes(done) == {"001": outcome}


def test_two_sittings_under_way_both_move(world: World) -> None:
    first, _ = world.start()
    second, _ = world.start(part="language", now=NOW + 70 * MINUTE)
    give(world, grant(60, "general"), NOW + 71 * MINUTE, ["001"])
    assert world.reload(first).deadline == NOW + 72 * MINUTE
    assert world.reload(second).deadline == NOW + 112 * MINUTE


def test_nothing_ever_takes_back(world: World) -> None:
    sitting, _ = world.start()
    sitting.deadline, sitting.closes_at = NOW + 90 * MINUTE, NOW + 90 * MINUTE + GRACE
    world.session.flush()
    give(world, grant(60), NOW + MINUTE, ["001"])
    assert world.reload(sitting).deadline == NOW + 90 * MINUTE
    assert world.session.scalars(select(Sitting.state)).all() == ["open"]
