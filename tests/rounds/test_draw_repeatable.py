"""A stranger repeats the draw from the published file, with a program that shares nothing with ours but the description."""

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.rounds.models import Paper
from examsite.rounds.operations import closing, roll, sealing
from tests.client import Browser
from tests.conftest import NOW
from tests.rounds.world import MINUTE, World, list_candidate, make_world


@pytest.fixture
def closed(session: Session) -> World:
    """A session that was sealed by two people and closed with everybody absent."""
    world = make_world(session, state="planned")
    world.candidates["003"] = list_candidate(session, world.exam, world.position, "003", exempt=True)
    chair, head, hr = world.role("council", "head"), world.role("question", "head"), world.role("hr")
    act = sealing.propose_sealing(session, world.exam, chair, NOW - MINUTE)
    sealing.sign_sealing(session, world.exam, act.digest, head, NOW - MINUTE)
    roll.mark_all_absent(session, world.exam, hr, NOW + 11 * MINUTE)
    closing.close_session(session, world.exam, hr, NOW + 120 * MINUTE)
    session.commit()
    return world


def numbers(key: bytes) -> Iterator[int]:
    block = 0
    while True:
        yield int.from_bytes(hashlib.sha256(key + block.to_bytes(8, "big")).digest()[:8], "big")
        block += 1


def below(stream: Iterator[int], n: int) -> int:
    for x in stream:
        if x < 2**64 - 2**64 % n:
            return x % n
    raise AssertionError


def pick(stream: Iterator[int], entries: list[Any], count: int) -> list[Any]:
    deck = list(entries)
    for i in range(count):
        j = i + below(stream, len(deck) - i)
        deck[i], deck[j] = deck[j], deck[i]
    return deck[:count]


def digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def stranger_draws(seed: str, number: str, bank: dict[str, Any]) -> str:
    stream = numbers(hashlib.sha256("\n".join(("examsite/draw/v1", seed, number, bank["part"])).encode()).digest())
    pool = sorted(bank["pool"], key=lambda item: item["item"])
    picked = []
    for cell in bank["blueprint"]:
        picked += pick(stream, [i for i in pool if (i["topic"], i["difficulty"]) == (cell["topic"], cell["difficulty"])], cell["count"])
    paper = [
        {"item": item["item"], "options": pick(stream, item["options"], len(item["options"])), "version": item["version"]}
        for item in pick(stream, picked, len(picked))
    ]
    return digest(paper)


def test_a_stranger_draws_every_paper_again_from_the_file(closed: World, browse: Callable[..., Browser]) -> None:
    found = browse().get(f"/sessions/{closed.exam.public_id}/draw.json")
    assert found.status_code == 200
    file = json.loads(found.data)
    seed = file["seed"]
    assert hashlib.sha256(f"examsite/seed/v1\n{seed}".encode()).hexdigest() == file["seed_commitment"]
    banks = {(bank["part"], bank["language"]): bank for bank in file["banks"]}
    drawn = [
        {"number": listed["number"], "part": part, "digest": stranger_draws(seed, listed["number"], banks[part, language])}
        for listed in file["roster"]
        for part, language in listed["sits"]
    ]
    assert drawn == file["papers"]
    stored = {(paper.entry.candidate_number, paper.part): paper.digest for paper in closed.session.scalars(select(Paper))}
    assert stored == {(one["number"], one["part"]): one["digest"] for one in drawn}
    assert len(drawn) == 5
    assert digest([[one["number"], one["part"], one["digest"]] for one in drawn]) == file["papers_digest"] == closed.exam.papers_digest
    assert digest([[listed["number"], listed["sits"]] for listed in file["roster"]]) == file["roster_digest"]
    for bank in file["banks"]:
        assert digest(sorted(bank["pool"], key=lambda item: item["item"])) == bank["pool_digest"]
    pools = [[bank[name] for name in ("part", "language", "blueprint", "pool_digest")] for bank in file["banks"]]
    assert digest(pools) == file["pools_digest"]


def test_the_file_holds_no_wording_and_no_key(closed: World, browse: Callable[..., Browser]) -> None:
    text = browse().get(f"/sessions/{closed.exam.public_id}/draw.json").text
    assert "Question" not in text
    assert "is_key" not in text
    assert "Nguyễn" not in text


def test_before_the_session_is_closed_only_the_commitment_is_public(world: World, browse: Callable[..., Browser]) -> None:
    page = browse().get(f"/sessions/{world.exam.public_id}/draw")
    assert page.status_code == 200
    assert (world.exam.seed_commitment or "") in page.text
    assert (world.exam.seed or "") not in page.text
    assert browse().get(f"/sessions/{world.exam.public_id}/draw.json").status_code == 404


def test_a_planned_session_has_no_public_page(session: Session, browse: Callable[..., Browser]) -> None:
    world = make_world(session, state="planned")
    session.commit()
    assert browse().get(f"/sessions/{world.exam.public_id}/draw").status_code == 404


def test_the_page_of_a_closed_session_shows_the_seed(closed: World, browse: Callable[..., Browser]) -> None:
    page = browse().get(f"/sessions/{closed.exam.public_id}/draw")
    assert page.status_code == 200
    assert (closed.exam.seed or "") in page.text
