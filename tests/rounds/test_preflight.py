"""The preflight on real rows: papers are not sealed while somebody would get less time than is due to them."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from examsite import policies
from examsite.rounds import timeplan
from examsite.rounds.models import ExamSession, RosterEntry
from examsite.rounds.operations import ledger
from examsite.rounds.operations.sealing import propose_sealing
from examsite.rounds.queries.ledger import Want, preview
from examsite.rounds.queries.preflight import shortages
from examsite.rounds.queries.sealing import obstacles, prepare
from examsite.rules.preflight import Shortage
from examsite.rules.refusal import Refused
from examsite.rules.timing import TimeKind, late_entry_minutes
from tests import factories
from tests.conftest import NOW
from tests.rounds.world import CHANGES, MINUTE, World, list_candidate, make_world

BEFORE = NOW - 60 * MINUTE
SECOND = timedelta(seconds=1)


def planned(session: Session, changes: dict[str, object] | None = None, **exam: object) -> World:
    """Two candidates in a session that is not sealed; both parts take 100 minutes with their break, and 30 seconds of grace."""
    world = make_world(session, changes, state="planned", **exam)
    world.candidates["003"] = list_candidate(session, world.exam, world.position, "003", exempt=True)
    return world


def accommodate(world: World, number: str, percent: int) -> None:
    want, entries = Want(TimeKind.ACCOMMODATION, None, percent=percent), [world.entry(number).public_id]
    shown = preview(world.session, world.exam, entries, want, BEFORE).digest
    ledger.record_accommodation(world.session, world.exam, entries, want, shown, "Certificate.", world.role("hr"), BEFORE)


def another(world: World, minutes: float, place: str = "Elsewhere") -> ExamSession:
    other = ExamSession(campaign_id=world.campaign.id, name="Ca 2", place=place, opens_at=NOW + minutes * MINUTE)
    world.session.add(other)
    world.session.flush()
    return other


@pytest.mark.parametrize(("exam", "late"), [(1, 5), (30, 5), (31, 5), (59, 5), (60, 10), (90, 10)])
def test_late_entry_goes_by_the_length_of_the_exam(exam: int, late: int) -> None:
    """As Circular 22/2025 has it; the text is silent on 31 to 59 minutes."""
    rules = policies.load("leader-screening").rules
    assert late_entry_minutes(timeplan.late_bands(rules), exam) == late


def test_a_sound_session_has_no_shortage(session: Session) -> None:
    world = planned(session)
    accommodate(world, "001", 25)
    assert shortages(session, world.exam) == ()


@pytest.mark.parametrize(("minutes", "short"), [(110, ()), (109, ("001", "002")), (100, ("001", "002")), (69, ("001", "002", "003"))])
def test_a_window_too_short_for_latecomers_is_found(session: Session, minutes: int, short: tuple[str, ...]) -> None:
    world = planned(session, {"session.clock": "personal"}, closes_at=NOW + minutes * MINUTE)
    assert tuple(dict.fromkeys(one.number for one in shortages(session, world.exam))) == short


def test_extra_time_that_runs_into_the_next_session_of_the_room_keeps_papers_from_being_sealed(session: Session) -> None:
    world = planned(session)
    another(world, 101, "Room 12")
    assert shortages(session, world.exam) == ()
    accommodate(world, "002", 10)
    assert shortages(session, world.exam) == (Shortage("002", None, "place", 8 * 60 + 30, "Ca 2"),)
    found = [one for one in obstacles(world.exam, prepare(session, world.exam), BEFORE) if one.code.startswith("preflight")]
    assert [(one.code, one.params["number"], one.params["minutes"], one.params["seconds"]) for one in found] == [
        ("preflight.place", "002", 8, 30)
    ]
    with pytest.raises(Refused, match="cannot_seal"):
        propose_sealing(session, world.exam, world.role("council", "head"), BEFORE)


def test_the_extra_time_of_the_session_before_counts_too(session: Session) -> None:
    world = planned(session)
    accommodate(world, "002", 10)
    later = another(world, 105, "Room 12")
    list_candidate(session, later, world.position, "009")
    assert [(one.number, one.seconds, one.other) for one in shortages(session, later)] == [("009", 270, "Ca 1")]


@pytest.mark.parametrize(("minutes", "seconds"), [(101, 0), (100, 30), (99, 90)])
def test_one_person_in_two_sessions_at_once_is_found(session: Session, minutes: int, seconds: int) -> None:
    """In two campaigns, in each of which they have another account."""
    world = planned(session)
    campaign = factories.make_campaign(session, code="LA-2026-02", stage="round1_timetable", changes=CHANGES)
    other = ExamSession(campaign_id=campaign.id, name="Ca 2", place="Elsewhere", opens_at=NOW + minutes * MINUTE)
    session.add(other)
    person = world.entry("001").application.person
    twin = factories.make_application(session, factories.make_position(session, campaign), "", "eligible", "008", True, person)
    session.add(RosterEntry(session_id=other.id, application_id=twin.id, candidate_number="008"))
    session.flush()
    assert shortages(session, world.exam) == ((Shortage("001", None, "person", seconds, "Ca 2"),) if seconds else ())


def test_a_personal_clock_without_an_end_gives_nobody_anything(session: Session) -> None:
    world = planned(session, {"session.clock": "personal"})
    assert {(one.number, one.why) for one in shortages(session, world.exam)} == {(number, "on_time") for number in ("001", "002", "003")}
