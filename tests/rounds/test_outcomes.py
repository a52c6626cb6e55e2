"""Marks of sealed sittings, and what round 1 comes to for everybody."""

import json
from dataclasses import FrozenInstanceError
from fractions import Fraction

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from examsite.accounts.models import LoginSession
from examsite.questions.models import Item, ItemOption, ItemVersion
from examsite.rounds.models import Entrant, Sitting, SittingMark
from examsite.rounds.operations import closing, enter_round2, roll, sittings
from examsite.rounds.operations.save import save_answers
from examsite.rounds.queries import Round1Outcome, marking, round1_outcomes
from examsite.rounds.queries.sittings import paper_items
from examsite.rounds.save_body import SaveBody
from examsite.rules import canonical
from examsite.rules.refusal import Refused
from tests.conftest import NOW
from tests.factories import make_application
from tests.rounds.test_roll import END
from tests.rounds.world import MINUTE, World, exempt_from_language, list_candidate, make_world, seal_by_hand


def key_of(session: Session, item: str) -> str:
    wanted = select(ItemOption.option_id).join(ItemVersion).join(ItemVersion.item).where(ItemOption.is_key, Item.public_id == item)
    return session.scalars(wanted).one()


def sit(world: World, number: str, part: str, right: int, wrong: int = 0) -> Sitting:
    """A whole sitting of one part: so many right answers, so many wrong ones, the rest blank."""
    moment = NOW if part == "general" else NOW + 70 * MINUTE
    sitting, token_hash = world.start(number, part, moment)
    answers: list[tuple[int, str, str | bool | None]] = []
    for place, item in enumerate(paper_items(sitting.paper)[: right + wrong], start=1):
        key = key_of(world.session, item.item)
        answers.append((place, "choice", key if place <= right else next(option for option in item.options if option != key)))
    if answers:
        save_answers(world.session, sitting.public_id, token_hash, SaveBody(1, sitting.epoch, tuple(answers)), moment)
    login = world.session.get_one(LoginSession, sitting.login_session_id)
    closing.submit(world.session, world.candidates[number], login, sitting.public_id, None, moment + MINUTE)
    return world.reload(sitting)


def mark_of(world: World, sitting: Sitting) -> SittingMark:
    return world.session.scalars(select(SittingMark).where(SittingMark.sitting_id == sitting.id)).one()


@pytest.mark.parametrize(("right", "wrong"), [(0, 0), (4, 0), (2, 1), (0, 4), (1, 0)])
def test_marks_count_right_wrong_and_blank_up_to_the_paper(world: World, right: int, wrong: int) -> None:
    mark = mark_of(world, sit(world, "001", "general", right, wrong))
    assert (mark.correct, mark.wrong, mark.blank, mark.questions) == (right, wrong, 4 - right - wrong, 4)
    assert mark.correct + mark.wrong + mark.blank == mark.questions


def test_the_key_behind_the_marks_is_named_by_its_digest(world: World) -> None:
    first = mark_of(world, sit(world, "001", "general", 1))
    assert len(first.key_digest) == 64


def test_a_missing_key_is_refused_and_not_counted_wrong(world: World) -> None:
    sitting, _ = world.start()
    marking._known.clear()  # a process that has read a key keeps it
    world.session.execute(update(ItemVersion).values(state="returned"))
    with pytest.raises(Refused, match="key_missing"):
        closing.close_due_sittings(world.session, sitting.closes_at)


def outcomes(world: World) -> dict[str, Round1Outcome]:
    return {one.candidate_number: one for one in round1_outcomes(world.session, world.campaign)}


@pytest.mark.parametrize(("general", "language", "passed"), [(2, 1, True), (1, 2, False), (4, 0, False), (4, 2, True)])
def test_every_part_has_to_reach_its_share(world: World, general: int, language: int, passed: bool) -> None:
    sit(world, "001", "general", general)
    sit(world, "001", "language", language)
    found = outcomes(world)["001"]
    assert found.passed is passed
    assert [(part.correct, part.questions, part.share) for part in found.parts] == [
        (general, 4, Fraction(general, 4)),
        (language, 2, Fraction(language, 2)),
    ]


def test_everybody_is_in_the_list_with_their_state(session: Session) -> None:
    world = make_world(session, numbers=("001", "002", "003", "004"), state="planned")
    world.candidates["005"] = list_candidate(session, world.exam, world.position, "005", exempt=True)
    seal_by_hand(session, world.exam, without=frozenset({("005", "language")}))
    make_application(session, world.position, "Trần Thị Sáu", "eligible", "006")
    make_application(session, world.position, "Lê Văn Bảy", "rejected", None)
    hr = world.role("hr")
    sit(world, "001", "general", 4)
    sit(world, "001", "language", 2)
    sit(world, "002", "general", 4)
    sit(world, "003", "general", 4)
    sit(world, "003", "language", 2)
    sit(world, "005", "general", 2)
    roll.void(session, world.exam, world.entry("003"), "Impersonation.", world.role("council", "head"), NOW + 90 * MINUTE)
    roll.mark_absent(session, world.exam, world.entry("004"), hr, END)
    before = outcomes(world)
    assert not any(one.settled for one in before.values())
    closing.close_session(session, world.exam, hr, END)
    found = outcomes(world)
    assert [(one.candidate_number, one.state, one.passed, one.settled) for one in found.values()] == [
        ("001", "started", True, True),
        ("002", "started", False, True),
        ("003", "voided", False, True),
        ("004", "absent", False, True),
        ("005", "started", True, True),
        ("006", "unlisted", False, False),
    ]
    missed, exempt = found["002"].parts[1], found["005"].parts[1]
    assert (missed.sat, missed.correct, missed.share, missed.passed) == (False, 0, Fraction(0), False)
    assert (exempt.exempt, exempt.correct, exempt.share, exempt.passed) == (True, None, None, True)


def test_an_exemption_granted_after_sealing_does_not_reach_back(world: World) -> None:
    sit(world, "001", "general", 4)
    sit(world, "001", "language", 0)
    exempt_from_language(world.session, world.entry().application)
    found = outcomes(world)["001"]
    assert (found.parts[1].exempt, found.passed) == (False, False)


def test_outcomes_are_frozen_values_with_one_form(world: World) -> None:
    sit(world, "001", "general", 1)
    found = outcomes(world)["001"]
    with pytest.raises(FrozenInstanceError):
        found.passed = True  # type: ignore[misc]
    plain = json.loads(canonical.to_bytes(found))
    assert (plain["parts"][0]["share"], plain["position"]) == ("1/4", world.position.code)


def test_the_publication_writes_who_enters_round_2_and_a_later_one_takes_its_place(world: World) -> None:
    role = world.role("council", "head")
    assert enter_round2(world.session, ["001", "002"], "publication-1", role, NOW) == 2
    assert enter_round2(world.session, ["002"], "publication-2", role, NOW) == 1
    [entrant] = world.session.scalars(select(Entrant)).all()
    assert (entrant.application.candidate_number, entrant.publication) == ("002", "publication-2")
    with pytest.raises(Refused, match="unknown_numbers"):
        enter_round2(world.session, ["002", "999"], "publication-3", role, NOW)


def test_nobody_may_enter_round_2(world: World) -> None:
    assert enter_round2(world.session, [], "publication-1", world.role("council", "head"), NOW) == 0


def test_a_personal_clock_gives_the_same_outcomes(session: Session) -> None:
    world = make_world(session, {"session.clock": "personal"}, closes_at=NOW + 240 * MINUTE, numbers=("001",))
    login, _ = world.sign_in()
    first = sittings.start_part(session, world.candidates["001"], login, "general", NOW + MINUTE)
    closing.submit(session, world.candidates["001"], login, first.public_id, 0, NOW + 2 * MINUTE)
    assert [part.correct for part in outcomes(world)["001"].parts] == [0, None]
