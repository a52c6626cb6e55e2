"""Sealed papers stay those of what is decided: nothing is decided anew beneath them, and what differs all the same is named everywhere."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.audit.models import LogEntry
from examsite.campaigns.models import Application, Campaign, Entitlement
from examsite.campaigns.operations import closures, entitlements, screening
from examsite.campaigns.roles import Role, role_of
from examsite.cli.checks import record
from examsite.db import open_session
from examsite.desk import stages
from examsite.rounds.models import ExamSession
from examsite.rounds.operations import sealing
from examsite.rounds.queries.drawn_otherwise import drawn_otherwise
from examsite.rounds.queries.sealing import obstacles, prepare
from examsite.rules.refusal import Refused
from tests import factories
from tests.client import Browser
from tests.conftest import NOW
from tests.databases import Copy
from tests.races import DONE, at_once
from tests.rounds.world import World, exempt_from_language, make_world, seal_by_hand

TOMORROW = NOW + timedelta(days=1)
HELD = r"rounds\.on_sealed_roster"


@pytest.fixture
def sealed(session: Session) -> World:
    """A sealed session of tomorrow whose candidate 001 is exempted from the language part, in a campaign that stepped back to screening."""
    world = make_world(session, opens_at=TOMORROW, state="planned")
    exempt_from_language(session, application(world))
    seal_by_hand(session, world.exam, frozenset({("001", "language")}))
    world.campaign.stage = "applications"
    session.flush()
    return world


def application(world: World, number: str = "001") -> Application:
    return world.session.scalars(select(Application).where(Application.candidate_number == number)).one()


def refuse_exemption(session: Session, role: Role, found: Application) -> None:
    entitlements.decide(session, role, found, "exemption", "language_degree", False, "Bằng không hợp lệ", NOW)


def differing(world: World, *states: str) -> list[tuple[str, list[str], list[str]]]:
    found = drawn_otherwise(world.session, world.campaign, states or ("sealed",))
    return [(one.number, sorted(map("/".join, one.drawn)), sorted(map("/".join, one.due))) for one in found]


def need(world: World, stage: str) -> stages.Need:
    world.campaign.stage = stage
    world.session.flush()
    return next(one for one in stages.needs(world.session, world.campaign, NOW) if one.code == "papers_as_decided")


def test_nothing_is_decided_anew_beneath_a_sealed_roster(sealed: World) -> None:
    session, hr = sealed.session, sealed.role("hr", "head")
    french = factories.make_position(session, sealed.campaign, code="FR-1", language="fr")
    with pytest.raises(Refused, match=HELD) as refusal:
        refuse_exemption(session, hr, application(sealed))
    assert refusal.value.params == {"session": "Ca 1"}
    with pytest.raises(Refused, match=HELD):
        screening.reopen(session, hr, application(sealed), "Nhầm vị trí", NOW)
    application(sealed).state = "withdrawn"
    session.flush()
    with pytest.raises(Refused, match=HELD):
        closures.move_application(session, hr, application(sealed), french, "Theo đơn", NOW)
    assert session.scalars(select(LogEntry.kind)).all() == []


@pytest.mark.parametrize("state", ["planned", "closed"])
def test_before_the_sealing_and_after_the_exam_it_is(sealed: World, state: str) -> None:
    sealed.exam.state = state
    sealed.session.flush()
    refuse_exemption(sealed.session, sealed.role("hr", "head"), application(sealed))
    assert differing(sealed) == []


def test_priority_points_have_no_part_in_the_papers(sealed: World) -> None:
    with pytest.raises(Refused, match=r"entitlements\.unknown"):  # this campaign knows no such group; the roster is not what refuses
        entitlements.decide(sealed.session, sealed.role("hr", "head"), application(sealed), "priority", "x", True, "Quyết định 5", NOW)


def test_papers_of_other_decisions_are_named_before_round_1(sealed: World) -> None:
    assert differing(sealed) == []
    assert need(sealed, "screened").met
    sealed.session.execute(update(Entitlement).values(superseded_at=NOW))
    other = factories.make_position(sealed.session, sealed.campaign, code="FR-1", language="fr")
    application(sealed, "002").position_id = other.id
    sealed.session.flush()
    assert differing(sealed) == [
        ("001", ["general/"], ["general/", "language/en"]),
        ("002", ["general/", "language/en"], ["general/", "language/fr"]),
    ]
    for stage in ("screened", "round1_timetable"):
        found = need(sealed, stage)
        assert (found.met, found.left, found.endpoint, found.only) == (False, 2, "rounds.sessions", {"show": "otherwise"})
    told = record.sealed_papers(sealed.session)
    assert (told.level, "candidate 001" in told.found, "candidate 002" in told.found) == ("warning", True, True)


def test_whoever_takes_part_no_more_is_not_named(sealed: World) -> None:
    sealed.session.execute(update(Entitlement).values(superseded_at=NOW))
    sealed.entry("001").state = "absent"
    sealed.session.flush()
    assert differing(sealed) == []
    sealed.entry("001").state = "listed"
    application(sealed).state = "withdrawn"
    sealed.session.flush()
    assert differing(sealed) == []


def test_of_a_closed_session_the_check_names_who_passed_what_was_due(sealed: World) -> None:
    exempt_from_language(sealed.session, application(sealed, "002"))
    sealed.exam.state = "closed"
    sealed.session.flush()
    assert [number for number, _drawn, _due in differing(sealed, "closed")] == ["002"]
    assert record.sealed_papers(sealed.session).level == "OK"  # an exemption that came later takes nothing from anybody
    sealed.session.execute(update(Entitlement).values(superseded_at=NOW))
    sealed.session.flush()
    told = record.sealed_papers(sealed.session)
    assert (told.level, "candidate 001" in told.found, "candidate 002" in told.found) == ("warning", True, False)


def test_papers_are_sealed_once_screening_is_done(session: Session) -> None:
    world = make_world(session, opens_at=TOMORROW, state="planned")

    def missing(stage: str) -> list[str]:
        world.campaign.stage = stage
        session.flush()
        return [one.code for one in obstacles(world.exam, prepare(session, world.exam), NOW)]

    assert missing("applications") == ["rounds.missing_screening"]
    assert missing("screened") == []


def test_the_pages_name_session_and_candidate(sealed: World, browse: Callable[..., Browser]) -> None:
    browser = browse(sealed.role("hr").account)
    home = f"/campaigns/{sealed.campaign.public_id}/sessions"
    english = {"Accept-Language": "en"}
    banner = "decided now: 001."
    assert "Nothing of this waits any more." in browser.get(f"{home}?show=otherwise", headers=english).text
    assert banner not in browser.get(f"{home}/{sealed.exam.public_id}", headers=english).text
    sealed.session.execute(update(Entitlement).values(superseded_at=NOW))
    sealed.session.commit()
    assert "Ca 1" in browser.get(f"{home}?show=otherwise", headers=english).text
    assert banner in browser.get(f"{home}/{sealed.exam.public_id}", headers=english).text


def test_of_sealing_and_deciding_in_one_moment_one_comes_too_late(own_database: Copy) -> None:
    with open_session(own_database.engine) as session:
        world = make_world(session, opens_at=TOMORROW, state="planned")
        exempt_from_language(session, application(world))
        act = sealing.propose_sealing(session, world.exam, world.role("council", "head"), NOW)
        names = [world.role("question", "head").account.sign_in_name, world.role("hr", "head").account.sign_in_name]
        shown = act.digest
        session.commit()

    def load(session: Session) -> tuple[Role, Role]:
        accounts = [session.scalars(select(Account).where(Account.sign_in_name == name)).one() for name in names]
        campaign = session.scalars(select(Campaign)).one()
        return role_of(session, accounts[0], campaign), role_of(session, accounts[1], campaign)

    def seal(session: Session, roles: tuple[Role, Role]) -> None:
        sealing.sign_sealing(session, session.scalars(select(ExamSession)).one(), shown, roles[0], NOW)

    def decide(session: Session, roles: tuple[Role, Role]) -> None:
        found = session.scalars(select(Application).where(Application.candidate_number == "001")).one()
        session.execute(update(Campaign).values(stage="applications"))  # the step back itself is not what this is about
        refuse_exemption(session, roles[1], found)
        session.execute(update(Campaign).values(stage="screened"))

    came_to = at_once(own_database, load, seal, decide)
    assert came_to.count(DONE) == 1
    assert set(came_to) - {DONE} <= {"acts.changed_since", "rounds.on_sealed_roster"}
