"""What pages look at is what whoever acts would load; nothing else of it can be read, and nothing of it written."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import object_session
from sqlalchemy.orm.exc import DetachedInstanceError

from examsite.campaigns.queries import campaigns
from examsite.rounds.queries import seen
from examsite.rounds.queries.attendance import attendances
from examsite.rounds.queries.parts import part_views, present_phase
from examsite.rounds.queries.seen import seen_attendances, seen_sitting
from examsite.rounds.queries.sittings import my_sitting
from examsite.rules.refusal import NotFound
from tests.conftest import NOW
from tests.rounds.world import MINUTE, World


def shown(thing: object) -> dict[str, object]:
    return {name: getattr(thing, name) for name in seen._SHOWN[type(thing)]}


@pytest.mark.parametrize("begun", [(), ("general",)])
def test_a_listing_is_seen_as_it_is_loaded(world: World, begun: tuple[str, ...]) -> None:
    for part in begun:
        world.start(part=part)
    account, now = world.candidates["001"], NOW + timedelta(minutes=5)
    [looked], [loaded] = seen_attendances(world.session, account), attendances(world.session, account)
    for one in ("entry", "exam"):
        assert shown(getattr(looked, one)) == shown(getattr(loaded, one))
    assert shown(looked.exam.campaign) == shown(loaded.exam.campaign)
    assert shown(looked.entry.application) == shown(loaded.entry.application)
    assert sorted(map(repr, map(shown, looked.entry.papers))) == sorted(map(repr, map(shown, loaded.entry.papers)))
    assert [shown(sitting) for sitting in looked.entry.sittings] == [shown(sitting) for sitting in loaded.entry.sittings]
    assert tuple(looked.sittings) == begun
    assert part_views(looked, now) == part_views(loaded, now)
    assert (present_phase(looked, now), looked.plan) == (present_phase(loaded, now), loaded.plan)


def test_a_sitting_is_seen_as_it_stands_and_by_nobody_else(world: World) -> None:
    sitting, _login = world.start()
    sitting.deadline += MINUTE  # not written yet
    looked = seen_sitting(world.session, world.candidates["001"], sitting.public_id)
    assert (looked is sitting, object_session(looked)) == (False, None)
    assert shown(looked) == shown(my_sitting(world.session, world.candidates["001"], sitting.public_id))
    for account, wanted in (("002", sitting.public_id), ("001", "unknown")):
        with pytest.raises(NotFound):
            seen_sitting(world.session, world.candidates[account], wanted)


def test_what_was_not_asked_for_is_no_none(world: World) -> None:
    sitting, _login = world.start()
    looked = seen_sitting(world.session, world.candidates["001"], sitting.public_id)
    for thing, name in ((looked, "started_at"), (looked.entry, "reason"), (looked.entry.session, "seed")):
        with pytest.raises(DetachedInstanceError):
            getattr(thing, name)
    with pytest.raises(DetachedInstanceError):
        _ = looked.paper
    looked.state = "closed"
    world.session.flush()
    assert world.reload(sitting).state == "open"


@pytest.mark.parametrize("digest", ["", "none"])
def test_rules_that_this_process_does_not_know_are_read(world: World, monkeypatch: pytest.MonkeyPatch, digest: str) -> None:
    monkeypatch.setattr(campaigns, "_frozen", {})
    if digest:
        world.campaign.rules_hash = None
    [looked] = seen_attendances(world.session, world.candidates["001"])
    assert [part.id for part in looked.rules.round1.parts] == ["general", "language"]
