"""The checker catches each planted bug under its right name, and finds nothing where there is none."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.databases import Copy
from tests.faults.checker import moves
from tests.faults.checker.exam import Plan, Result, run
from tests.faults.checker.moves import Move
from tests.faults.checker.verdict import HEADLINE, OTHERS, headline
from tests.faults.ground import PART, Ground, prepare
from tests.faults.planted.serve import PlantedSite

pytestmark = pytest.mark.xdist_group("faults")
CANDIDATES = 4

Caught = Callable[..., Result]


@pytest.fixture
def caught(own_database: Copy, tmp_path: Path) -> Caught:
    """`caught("name of a bug")`: what the checker says about a server that has it."""

    def examine(bug: str, *, acknowledged: int = 60, only: dict[Move, int] | None = None, deadline: bool = False, kills: int = 0) -> Result:
        ground = prepare(own_database.engine, CANDIDATES)
        journals = tmp_path / "journals"
        journals.mkdir()
        with PlantedSite(own_database.url, bug) as site:
            plan = Plan(site.url, ground.cast, journals, acknowledged, part=PART, pace_ms=10, longest_s=60, moves=only or moves.USUAL)
            if only is None or moves.another_machine in only:
                plan = replace(plan, invigilator=ground.invigilator, releases=ground.releases)
            return run(plan, set_deadline=ground.bring_deadline_near if deadline else None, enough=kill_some(site, kills))

    return examine


def kill_some(site: PlantedSite, kills: int) -> Callable[[], bool]:
    """Kill the server whenever somebody asks whether it is enough, so many times."""
    left = iter(range(kills))

    def enough() -> bool:
        place = next(left, None)
        if place is not None:
            site.kill()
        return place is None

    return enough


def kinds(result: Result) -> set[str]:
    """The kinds of findings."""
    return {finding.kind for finding in result.verdict.findings}


def test_without_a_bug_nothing_is_found(caught: Caught) -> None:
    result = caught("none", acknowledged=200)
    assert result.verdict.findings == ()
    assert result.verdict.acknowledged >= 200
    assert headline(result.verdict) == (f"acknowledged {result.verdict.acknowledged}, lost 0, stale 0, phantom 0, reordered 0, foreign 0")


def test_acknowledging_before_the_commit_is_lost(caught: Caught) -> None:
    assert "lost" in kinds(caught("acknowledges_before_commit", acknowledged=30, only={moves.plain: 1}, kills=3))


def test_last_write_wins_is_reordered(caught: Caught) -> None:
    assert "reordered" in kinds(caught("last_write_wins", only={moves.plain: 2, moves.ahead_of_its_turn: 1}))


def test_anothers_sitting_is_foreign(caught: Caught) -> None:
    result = caught("anothers_sitting_is_accepted", only={moves.plain: 3, moves.into_anothers_sitting: 1})
    assert "foreign" in kinds(result)
    assert any("came from somebody else" in finding.sentence for finding in result.verdict.findings)


def test_a_replaced_machine_that_still_writes_is_foreign(caught: Caught) -> None:
    result = caught("a_replaced_machine_still_writes", acknowledged=20, only={moves.plain: 5, moves.another_machine: 1})
    assert "foreign" in kinds(result)
    assert any("device not one's own" in finding.sentence for finding in result.verdict.findings)


def test_evidence_that_is_dropped_is_unkept(caught: Caught) -> None:
    assert "unkept" in kinds(caught("evidence_is_dropped", acknowledged=20, only={moves.plain: 5, moves.another_machine: 1}))


def test_a_text_that_is_cut_is_lost(caught: Caught) -> None:
    assert {"lost", "phantom"} <= kinds(caught("texts_are_composed", acknowledged=80, only={moves.plain: 1}))


def test_a_token_that_is_not_checked_is_foreign(caught: Caught) -> None:
    assert "foreign" in kinds(caught("token_is_not_checked", only={moves.plain: 3, moves.without_the_token: 1}))


def test_a_deadline_that_is_one_off_is_late(caught: Caught) -> None:
    assert "late" in kinds(caught("deadline_is_one_off", acknowledged=20, deadline=True))


def test_a_clock_of_few_ticks_alone_is_clean(caught: Caught) -> None:
    assert caught("clock_of_few_ticks", acknowledged=20, deadline=True).verdict.findings == ()


def test_a_step_of_the_machines_clock_costs_nobody_anything(caught: Caught) -> None:
    result = caught("machine_clock_steps", acknowledged=60, deadline=True, kills=1)
    assert result.verdict.findings == ()


def test_a_clock_that_follows_every_step_is_early_and_late(caught: Caught) -> None:
    assert {"early", "late"} <= kinds(caught("follows_the_machine_clock", acknowledged=40, only={moves.plain: 1}, deadline=True))


def test_a_reply_that_is_lost_after_the_commit_leaves_one_save(caught: Caught) -> None:
    result = caught("replies_are_lost", acknowledged=60)
    assert result.verdict.findings == ()
    assert result.requests["unknown: 500"] > 0
    assert sum(count for name, count in result.requests.items() if name.startswith("unknown: ")) > result.requests["unknown: 500"]
    assert result.requests["repeated"] >= result.requests["UNKNOWN"] // 2


def test_one_dropped_in_a_hundred_is_lost(caught: Caught) -> None:
    assert "lost" in kinds(caught("drops_one_in_a_hundred", acknowledged=320, only={moves.plain: 1}))


def test_another_body_for_a_place_that_is_taken_is_caught(caught: Caught) -> None:
    assert {"once", "lost"} <= kinds(caught("another_body_is_acknowledged", only={moves.plain: 2, moves.second_tab: 1}))


def test_stale_reads_are_stale(caught: Caught) -> None:
    assert "stale" in kinds(caught("reads_are_stale", only={moves.plain: 5, moves.look: 1}))


def test_each_kind_of_finding_has_its_word() -> None:
    assert HEADLINE == ("lost", "stale", "phantom", "reordered", "foreign")
    assert not set(HEADLINE) & set(OTHERS)


def test_the_ground_has_everybody(own_database: Copy) -> None:
    ground: Ground = prepare(own_database.engine, 3)
    assert len({name for name, _ in ground.cast}) == 3
