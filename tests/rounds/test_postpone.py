"""A session is postponed before its start; whoever gave up meanwhile comes in no more."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from examsite.accounts.models import Account, LoginSession
from examsite.campaigns.models import Application
from examsite.db import open_session
from examsite.rounds.models import ExamSession, SessionPostponement, Sitting
from examsite.rounds.operations import roll, sittings
from examsite.rounds.operations.postponing import postpone
from examsite.rules.refusal import NotPermitted, Refused
from tests.client import Browser
from tests.conftest import NOW
from tests.databases import Copy
from tests.rounds.world import MINUTE, World, make_world

EARLY = NOW - 60 * MINUTE
NEXT_DAY = NOW + timedelta(days=1)
PERSONAL: dict[str, object] = {"session.clock": "personal"}


def test_a_sealed_session_is_postponed_by_the_chair_and_keeps_roster_and_papers(session: Session, world: World) -> None:
    entry, chair = world.entry(), world.role("council", "head")
    world.exam.access_code, entry.checked_in_at, entry.seat = "1234", EARLY, "A1"
    session.flush()
    with pytest.raises(NotPermitted):
        postpone(session, world.exam, NEXT_DAY, None, "Mất điện", world.role("hr"), EARLY)
    postpone(session, world.exam, NEXT_DAY, None, "Mất điện", chair, EARLY)
    entry = world.entry()
    assert (world.exam.opens_at, world.exam.state, world.exam.access_code) == (NEXT_DAY, "sealed", None)
    assert (entry.checked_in_at, entry.seat, len(entry.papers)) == (None, "A1", 2)
    kept = session.scalars(select(SessionPostponement)).one()
    assert (kept.from_opens_at, kept.to_opens_at, kept.reason) == (NOW, NEXT_DAY, "Mất điện")
    world.start(now=NEXT_DAY)
    entry = world.entry()
    assert (entry.ledger_version, entry.postponements) == (0, 1), "nobody looks for time that was never given"


@pytest.mark.parametrize(
    ("to", "reason", "at", "code"),
    [
        (NEXT_DAY, " ", EARLY, "reason_missing"),
        (NOW - MINUTE, "x", EARLY, "postpone_earlier"),
        (NOW, "x", EARLY, "postpone_earlier"),
        (NEXT_DAY, "x", NOW, "postpone_begun"),
    ],
)
def test_what_is_refused(session: Session, world: World, to: object, reason: str, at: object, code: str) -> None:
    with pytest.raises(Refused, match=code):
        postpone(session, world.exam, to, None, reason, world.role("council", "head"), at)  # type: ignore[arg-type]


def test_sealed_papers_are_not_postponed_to_times_by_which_somebody_gets_less_than_their_due(session: Session) -> None:
    world = make_world(session, PERSONAL, closes_at=NOW + 300 * MINUTE)
    chair = world.role("council", "head")
    later = ExamSession(campaign_id=world.campaign.id, name="Ca 2", place="Room 12", opens_at=NEXT_DAY, closes_at=NEXT_DAY + 300 * MINUTE)
    session.add(later)
    session.commit()
    for opens_at, minutes, code in ((NEXT_DAY - 100 * MINUTE, 300, "place"), (NEXT_DAY + 300 * MINUTE, 100, "late")):
        with pytest.raises(Refused) as refusal:
            postpone(session, world.exam, opens_at, opens_at + minutes * MINUTE, "Mất điện", chair, EARLY)
        assert (refusal.value.code, refusal.value.field, refusal.value.params["number"]) == (f"preflight.{code}", "opens_at", "001")
        session.rollback()
    postpone(session, world.exam, NEXT_DAY + 300 * MINUTE, NEXT_DAY + 410 * MINUTE, "Mất điện", chair, EARLY)
    assert world.exam.opens_at == NEXT_DAY + 300 * MINUTE


def test_a_planned_one_is_postponed_by_hr_and_a_personal_start_needs_its_end(session: Session) -> None:
    world = make_world(session, PERSONAL, state="planned", closes_at=NOW + 300 * MINUTE)
    hr = world.role("hr")
    with pytest.raises(Refused, match="end_missing"):
        postpone(session, world.exam, NEXT_DAY, None, "x", hr, EARLY)
    postpone(session, world.exam, NEXT_DAY, NEXT_DAY + 300 * MINUTE, "x", hr, EARLY)
    assert world.exam.closes_at == NEXT_DAY + 300 * MINUTE


def test_the_page_and_what_the_candidate_sees(
    session: Session, world: World, browse: Callable[..., Browser], at: Callable[..., None]
) -> None:
    at(EARLY)
    chair, hr = world.role("council", "head"), world.role("hr")
    session.commit()
    place = f"/campaigns/{world.campaign.public_id}/sessions/{world.exam.public_id}"
    browser = browse(chair.account)
    assert browse(hr.account).get(f"{place}/postpone").status_code == 403
    assert f"{place}/postpone" in browser.get(place).text
    assert browser.post(f"{place}/postpone", {"opens_at": "soon", "reason": ""}).status_code == 422
    assert browser.post(f"{place}/postpone", {"opens_at": "10/11/2026 08:00", "reason": "Mất điện"}).status_code == 303
    assert "Mất điện" in browser.get(place).text
    assert "Mất điện" in browse(world.candidates["001"]).get("/home").text
    at(NOW + timedelta(days=1))
    browser = browse(chair.account)
    late = browser.get(f"{place}/postpone").text
    assert "Ca thi đã bắt đầu" in late
    assert 'name="opens_at"' not in late
    assert browser.post(f"{place}/postpone", {"opens_at": "12/11/2026 08:00", "reason": "Mất điện"}).text.count("Ca thi đã bắt đầu") == 1


@pytest.mark.parametrize("state", ["withdrawn", "ended"])
def test_whoever_gave_up_begins_nothing_and_is_absent_at_once(session: Session, world: World, state: str) -> None:
    session.execute(Application.__table__.update().where(Application.candidate_number == "001").values(state=state))
    with pytest.raises(Refused, match="you_are_out"):
        world.start()
    roll.mark_absent(session, world.exam, world.entry(), world.role("invigilation"), NOW)
    assert world.entry().state == "absent"
    with pytest.raises(Refused, match="may_still_enter"):
        roll.mark_absent(session, world.exam, world.entry("002"), world.role("invigilation", "head"), NOW)


WAITS = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0")


def until_it_waits(database: Copy, act: Future[str]) -> None:
    """Until the act has come as far as a row that another transaction holds.

    On SQLite one transaction writes at a time: whoever comes second has read nothing before the first one ended.
    """
    if database.engine.dialect.name != "postgresql":
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as watching:
        while not watching.scalar(WAITS):
            assert not wait([act], timeout=0.005).done, "it met nobody on its way"


@pytest.mark.parametrize(("clock", "first"), [("shared", "postpone"), ("shared", "begin"), ("personal", "postpone")])
def test_of_a_start_and_a_postponement_in_the_same_instant_one_is_refused(own_database: Copy, clock: str, first: str) -> None:
    """Neither connection sees what the other has not committed; whoever comes second is told, and no sitting begins before its session."""
    changes, window = (PERSONAL, {"closes_at": NOW + 300 * MINUTE}) if clock == "personal" else ({}, {})
    with open_session(own_database.engine) as session:
        world = make_world(session, changes, **window)
        account, login, chair = world.candidates["001"].id, world.sign_in()[0].id, world.role("council", "head")
        session.commit()
    ends = NEXT_DAY + 300 * MINUTE if clock == "personal" else None

    def begin(own: Session) -> None:
        sittings.start_part(own, own.get_one(Account, account), own.get_one(LoginSession, login), "general", NOW)

    def move(own: Session) -> None:
        postpone(own, own.scalars(select(ExamSession)).one(), NEXT_DAY, ends, "Mất điện", chair, NOW - MINUTE)

    acts = {"begin": begin, "postpone": move}
    second = acts["begin" if first == "postpone" else "postpone"]

    def try_second() -> str:
        with open_session(own_database.engine) as own:
            try:
                second(own)
            except Refused as refusal:
                return refusal.code
            own.commit()
            return "done"

    with ThreadPoolExecutor(1) as pool, open_session(own_database.engine) as session:
        acts[first](session)
        waiting = pool.submit(try_second)
        until_it_waits(own_database, waiting)
        session.commit()
        assert waiting.result(timeout=60) == {"postpone": "rounds.not_yet", "begin": "rounds.postpone_begun"}[first]
    with open_session(own_database.engine, read_only=True) as session:
        opens_at, begun = session.scalars(select(ExamSession.opens_at)).one(), session.scalars(select(Sitting.id)).all()
        assert (opens_at, len(begun)) == ((NEXT_DAY, 0) if first == "postpone" else (NOW, 1))
