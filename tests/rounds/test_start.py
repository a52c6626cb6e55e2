"""Beginning a part: when, by whom, once."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsite.rounds import chain
from examsite.rounds.models import Sitting, SittingEvent
from examsite.rounds.operations import closing, sittings
from examsite.rules import hashchain
from examsite.rules.refusal import NotFound, Refused
from tests.client import Browser
from tests.conftest import NOW
from tests.factories import make_candidate
from tests.rounds.world import MINUTE, World, list_candidate, make_world, seal_by_hand

SECOND = timedelta(seconds=1)


def test_a_sitting_takes_its_times_from_the_programme_and_begins_its_chain(world: World) -> None:
    sitting, _ = world.start(now=NOW + 3 * MINUTE)
    assert (sitting.opens_at, sitting.deadline) == (NOW, NOW + 60 * MINUTE)
    assert sitting.closes_at == NOW + 60 * MINUTE + 30 * SECOND
    assert (sitting.started_at, sitting.last_seq, sitting.epoch) == (NOW + 3 * MINUTE, 0, 1)
    event = world.session.scalars(select(SittingEvent)).one()
    assert (event.kind, event.seq, event.head) == ("start", 0, sitting.head)
    assert event.head == hashchain.step(hashchain.GENESIS, event.commitment)
    assert chain.value_of(event.body or "")["paper"] == sitting.paper.digest
    assert (world.entry().state, world.entry().started_at) == ("started", NOW + 3 * MINUTE)


def test_beginning_twice_is_one_sitting_and_one_roll_call(world: World) -> None:
    first, _ = world.start()
    login = first.login_session_id
    again, _ = world.start(now=NOW + MINUTE)
    assert again.id == first.id
    assert world.session.scalar(select(func.count()).select_from(Sitting)) == 1
    assert world.entry().started_at == NOW
    assert (again.epoch, again.login_session_id != login) == (1, True)


def test_the_same_login_coming_back_keeps_the_epoch(world: World) -> None:
    login, _ = world.sign_in()
    for minute in range(3):
        sitting = sittings.start_part(world.session, world.candidates["001"], login, "general", NOW + minute * MINUTE)
    assert sitting.epoch == 1


@pytest.mark.parametrize(
    ("part", "moment", "code"),
    [
        ("general", NOW - SECOND, "rounds.not_yet"),
        ("general", NOW, None),
        ("general", NOW + 10 * MINUTE, None),
        ("general", NOW + 10 * MINUTE + SECOND, "rounds.too_late_to_enter"),
        ("general", NOW + 60 * MINUTE, "rounds.part_is_over"),
        ("language", NOW + 10 * MINUTE, "rounds.not_yet"),
        ("language", NOW + 10 * MINUTE + SECOND, "rounds.too_late_to_enter"),
        ("essay", NOW, None),
    ],
)
def test_who_was_not_there_may_come_in_until_the_late_limit(world: World, part: str, moment: datetime, code: str | None) -> None:
    if part == "essay":
        with pytest.raises(NotFound):
            world.start(part=part, now=moment)
    elif code is None:
        assert world.start(part=part, now=moment)[0].part == part
    else:
        with pytest.raises(Refused) as refusal:
            world.start(part=part, now=moment)
        assert refusal.value.code == code
        assert world.entry().state == "listed"


@pytest.mark.parametrize(("minutes", "allowed"), [(70, True), (99, True), (100, False)])
def test_the_second_part_may_be_begun_while_its_time_runs(world: World, minutes: int, allowed: bool) -> None:
    world.start()
    moment = NOW + minutes * MINUTE
    if allowed:
        sitting, _ = world.start(part="language", now=moment)
        assert sitting.deadline == NOW + 100 * MINUTE
    else:
        with pytest.raises(Refused, match="part_is_over"):
            world.start(part="language", now=moment)


def test_the_second_part_does_not_open_early(world: World) -> None:
    world.start()
    with pytest.raises(Refused, match="not_yet"):
        world.start(part="language", now=NOW + 70 * MINUTE - SECOND)


def test_who_missed_the_first_part_cannot_enter_at_the_second(world: World) -> None:
    with pytest.raises(Refused, match="too_late_to_enter"):
        world.start(part="language", now=NOW + 70 * MINUTE)


@pytest.mark.parametrize("state", ["absent", "voided"])
def test_absent_and_voided_candidates_do_not_begin(world: World, state: str) -> None:
    world.entry().state = state
    world.session.flush()
    with pytest.raises(Refused, match=f"you_are_{state}"):
        world.start()


def test_an_exempted_part_is_not_begun(session: Session) -> None:
    world = make_world(session, numbers=("001",), state="planned")
    world.candidates["009"] = list_candidate(session, world.exam, world.position, "009", exempt=True)
    seal_by_hand(session, world.exam, without=frozenset({("009", "language")}))
    world.start("009")
    with pytest.raises(Refused, match="you_are_exempt"):
        world.start("009", "language", NOW + 71 * MINUTE)


@pytest.mark.parametrize(("state", "code"), [("planned", "rounds.papers_not_ready"), ("closed", "rounds.session_is_closed")])
def test_nothing_begins_before_sealing_or_after_closing(world: World, state: str, code: str) -> None:
    world.exam.state = state
    world.session.flush()
    with pytest.raises(Refused) as refusal:
        world.start()
    assert refusal.value.code == code


def test_somebody_on_no_roster_is_turned_away(world: World, browse: Callable[..., Browser]) -> None:
    browser = browse(make_candidate(world.session, "unlisted"))
    assert browser.post("/exam/start/general").status_code == 404
    assert browser.get("/exam").status_code == 200
    assert browser.get("/exam/state").json["phase"] == "unlisted"


def test_a_closed_sitting_is_not_taken_over(world: World) -> None:
    first, _ = world.start()
    again, _ = world.start(now=first.closes_at)
    assert (again.id, again.epoch) == (first.id, 1)


PERSONAL: dict[str, object] = {"session.clock": "personal"}


def test_a_personal_clock_runs_from_ones_own_start(session: Session) -> None:
    world = make_world(session, PERSONAL, closes_at=NOW + 240 * MINUTE)
    sitting, _ = world.start(now=NOW + 25 * MINUTE)
    assert (sitting.opens_at, sitting.deadline) == (NOW + 25 * MINUTE, NOW + 85 * MINUTE)
    other, _ = world.start("002", now=NOW + 200 * MINUTE)
    assert other.deadline == NOW + 240 * MINUTE


@pytest.mark.parametrize(("moment", "code"), [(NOW - SECOND, "not_yet"), (NOW + 240 * MINUTE, "part_is_over")])
def test_a_personal_clock_starts_inside_the_window_only(session: Session, moment: datetime, code: str) -> None:
    world = make_world(session, PERSONAL, closes_at=NOW + 240 * MINUTE)
    with pytest.raises(Refused, match=code):
        world.start(now=moment)


def test_under_a_personal_clock_the_next_part_follows_the_submission(session: Session) -> None:
    world = make_world(session, PERSONAL, closes_at=NOW + 240 * MINUTE)
    login, _ = world.sign_in()
    account = world.candidates["001"]
    first = sittings.start_part(session, account, login, "general", NOW)
    closing.submit(session, account, login, first.public_id, 0, NOW + 20 * MINUTE)
    with pytest.raises(Refused, match="not_yet"):
        sittings.start_part(session, account, login, "language", NOW + 30 * MINUTE - SECOND)
    second = sittings.start_part(session, account, login, "language", NOW + 30 * MINUTE)
    assert (second.opens_at, second.deadline) == (NOW + 30 * MINUTE, NOW + 60 * MINUTE)
