"""Two deciders at once, and candidates who begin, save and hand in at that very moment: nobody's time is lost or given twice."""

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.models import Account, LoginSession
from examsite.accounts.operations import open_login
from examsite.campaigns.models import Application
from examsite.db import open_session
from examsite.rounds.models import BUCKET_SECONDS, ExamSession, Heartbeat, OutageDecision, RosterEntry, Sitting, TimeEntry
from examsite.rounds.operations import closing, ledger, outages, pauses, sittings
from examsite.rounds.operations.save import Saved, save_answers
from examsite.rounds.queries.attendance import attendance_of
from examsite.rounds.queries.chains import check_sitting
from examsite.rounds.queries.ledger import Want, preview
from examsite.rounds.queries.outages import outages as find
from examsite.rounds.queries.outages import preview_outage
from examsite.rounds.save_body import SaveBody
from examsite.rounds.timeplan import window_of
from examsite.rules.timing import TimeKind
from tests.conftest import NOW
from tests.databases import Copy
from tests.rounds.test_save_race import together
from tests.rounds.world import MINUTE, make_world, options_of

GRANT = Want(TimeKind.GRANT, "general", 60)


@pytest.fixture
def arranged(own_database: Copy) -> dict[str, Any]:
    """A sealed session in a database of its own; candidate 001 has not begun."""
    with open_session(own_database.engine) as session:
        world = make_world(session)
        login, _ = world.sign_in()
        head, chair = world.role("invigilation", "head"), world.role("council", "head")
        session.commit()
        return {"account": world.candidates["001"].id, "login": login.id, "token": login.token_hash, "roles": (head, chair)}


def exam_in(session: Session) -> ExamSession:
    return session.scalars(select(ExamSession)).one()


def give(session: Session, arranged: dict[str, Any], place: int, now: Any, shown: str | None = None) -> int:
    exam = exam_in(session)
    digest = shown or preview(session, exam, None, GRANT, now).digest
    role = arranged["roles"][place % 2]
    return len(ledger.give_time(session, exam, None, GRANT, digest, "room", "Noise.", role, now).given)


def begin(session: Session, arranged: dict[str, Any], part: str = "general", now: Any = NOW) -> Sitting:
    account, login = session.get_one(Account, arranged["account"]), session.get_one(LoginSession, arranged["login"])
    return sittings.start_part(session, account, login, part, now)


def begun(own_database: Copy, arranged: dict[str, Any]) -> Sitting:
    with open_session(own_database.engine) as session:
        sitting = begin(session, arranged)
        assert sitting.paper.items
        session.commit()
        return sitting


def agrees(own_database: Copy) -> Sitting:
    """The first candidate's sitting stands where the ledger says, and its chain holds."""
    with open_session(own_database.engine, read_only=True) as session:
        sitting = session.scalars(select(Sitting)).one()
        window = window_of(attendance_of(session, sitting.entry).reckoned, sitting.part)
        assert sitting.deadline == window.deadline
        assert sitting.paused_since is not None or sitting.closes_at == window.closes_at
        assert check_sitting(session, sitting).fault is None
        assert sitting.entry.session.campaign.chain
        return sitting


def test_of_two_deciders_with_one_preview_one_gives(own_database: Copy, arranged: dict[str, Any]) -> None:
    begun(own_database, arranged)
    with open_session(own_database.engine, read_only=True) as session:
        shown = preview(session, exam_in(session), None, GRANT, NOW).digest
    answers = Counter(together(own_database, 8, lambda session, place: give(session, arranged, place, NOW, shown)))
    assert answers == {2: 1, "rounds.preview_changed": 7}
    assert agrees(own_database).deadline == NOW + 61 * MINUTE


def test_whoever_begins_in_the_moment_of_a_grant_has_it(own_database: Copy, arranged: dict[str, Any]) -> None:
    def act(session: Session, place: int) -> object:
        return give(session, arranged, place, NOW) if place % 3 == 0 else begin(session, arranged).public_id

    answers = together(own_database, 9, act)
    given = sum(answer == 2 for answer in answers)
    assert agrees(own_database).deadline == NOW + (60 + given) * MINUTE
    assert given >= 1


def test_a_pause_and_a_start_at_once_leave_nobody_with_a_running_clock(own_database: Copy, arranged: dict[str, Any]) -> None:
    def act(session: Session, place: int) -> object:
        if place % 2:
            return begin(session, arranged).public_id
        return pauses.pause_time(session, exam_in(session), None, "power", "Dark.", arranged["roles"][0], NOW)

    together(own_database, 6, act)
    with open_session(own_database.engine) as session:
        running = session.scalars(select(TimeEntry).where(TimeEntry.ended_at.is_(None))).all()
        assert len({line.entry_id for line in running}) == len(running) == 2
        for sitting in session.scalars(select(Sitting)):
            assert sitting.paused_since == NOW
        pauses.resume_time(session, exam_in(session), None, arranged["roles"][1], NOW + 5 * MINUTE)
        sitting = session.scalars(select(Sitting)).first() or begin(session, arranged, now=NOW + 5 * MINUTE)
        session.commit()
        assert sitting.deadline == NOW + 65 * MINUTE
    assert agrees(own_database).paused_since is None


def test_two_who_let_the_clock_run_again_add_the_time_once(own_database: Copy, arranged: dict[str, Any]) -> None:
    begun(own_database, arranged)
    with open_session(own_database.engine) as session:
        pauses.pause_time(session, exam_in(session), None, "power", "Dark.", arranged["roles"][0], NOW)
        session.commit()
    later = NOW + 7 * MINUTE
    answers = together(
        own_database, 6, lambda session, place: pauses.resume_time(session, exam_in(session), None, arranged["roles"][place % 2], later)
    )
    assert Counter(answers) == {2: 1, "rounds.nobody_paused": 5}
    assert agrees(own_database).deadline == NOW + 67 * MINUTE


@pytest.mark.parametrize("minutes", [30, 61])
def test_saves_and_grants_meet_one_after_the_other(own_database: Copy, arranged: dict[str, Any], minutes: int) -> None:
    """In time, and past the close: there what was acknowledged came after the grant, and counts."""
    sitting = begun(own_database, arranged)
    body = SaveBody(1, 1, ((1, "choice", options_of(sitting)[0][0]),))
    now = NOW + minutes * MINUTE

    def act(session: Session, place: int) -> object:
        if place % 2:
            return save_answers(session, sitting.public_id, arranged["token"], body, now)
        return give(session, arranged, place, now)

    answers = together(own_database, 8, act)
    given = sum(isinstance(answer, int) for answer in answers)
    saved = any(isinstance(answer, Saved) for answer in answers)
    stood = agrees(own_database)
    assert stood.deadline == NOW + max(60, minutes) * MINUTE + given * MINUTE
    assert stood.last_seq == int(saved)
    assert given >= 1
    assert saved or minutes > 60


def test_handing_in_and_a_grant_at_once_end_as_one_or_the_other(own_database: Copy, arranged: dict[str, Any]) -> None:
    sitting = begun(own_database, arranged)
    now = NOW + 30 * MINUTE

    def act(session: Session, place: int) -> object:
        if place % 2:
            account, login = session.get_one(Account, arranged["account"]), session.get_one(LoginSession, arranged["login"])
            return closing.submit(session, account, login, sitting.public_id, None, now).state
        return give(session, arranged, place, now)

    together(own_database, 6, act)
    assert agrees(own_database).state == "submitted"


def test_the_close_and_a_grant_at_once_leave_a_sitting_that_runs(own_database: Copy, arranged: dict[str, Any]) -> None:
    begun(own_database, arranged)
    now = NOW + 61 * MINUTE

    def act(session: Session, place: int) -> object:
        if place % 2:
            return closing.close_due_sittings(session, now)
        return give(session, arranged, place, now)

    together(own_database, 6, act)
    stood = agrees(own_database)
    assert stood.state == "open"
    assert stood.deadline > now
    with open_session(own_database.engine, read_only=True) as session:
        entry = session.scalars(select(RosterEntry).where(RosterEntry.candidate_number == "001")).one()
        assert entry.ledger_version >= 1


def test_of_one_who_gives_for_an_outage_and_one_who_declines_it_one_decides(own_database: Copy, arranged: dict[str, Any]) -> None:
    """Everybody is signed in and waits; no sign reaches the server over the start."""
    now, signs = NOW + 6 * MINUTE, (NOW - MINUTE, NOW + 4 * MINUTE)
    with open_session(own_database.engine) as session:
        for account in session.scalars(select(Account).join(Application, Application.account_id == Account.id)).all():
            open_login(session, account, NOW - 5 * MINUTE)
        session.add_all(Heartbeat(bucket=int(at.timestamp()) // BUCKET_SECONDS, at=at) for at in signs)
        session.commit()
    with open_session(own_database.engine, read_only=True) as session:
        [lost] = find(session, exam_in(session), now)
        shown = preview_outage(session, exam_in(session), lost, now).digest, lost.digest

    def settle(session: Session, place: int) -> str:
        act = (outages.grant_outage, outages.decline_outage)[place % 2]
        act(session, exam_in(session), lost.began_at, shown[place % 2], "Why.", arranged["roles"][place % 2], now)
        return "decided"

    outcomes = Counter(together(own_database, 2, settle))
    assert outcomes == {"decided": 1, "rounds.outage_decided": 1}
    with open_session(own_database.engine, read_only=True) as session:
        decided = Counter(session.scalars(select(OutageDecision.decision)))
        given = len(session.scalars(select(TimeEntry)).all())
    assert (decided, given) in [(Counter(made_good=2), 2), (Counter(declined=2), 0)]
