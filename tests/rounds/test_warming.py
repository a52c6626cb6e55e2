"""What a session needs is ready before its candidates ask for it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from examsite.rounds.queries import marking, room
from examsite.rounds.queries.warming import AHEAD, Sealed, sealed_ahead
from examsite.rounds.routes import paper_page, warming
from tests.conftest import NOW
from tests.rounds.page import Page
from tests.rounds.world import World

SECOND = timedelta(seconds=1)


def forget() -> None:
    room._wordings.clear()
    marking._known.clear()
    paper_page._frame.cache_clear()
    paper_page._options.cache_clear()


@pytest.mark.parametrize(
    ("opens_in", "state", "found"),
    [
        (timedelta(0), "sealed", True),
        (AHEAD, "sealed", True),
        (AHEAD + SECOND, "sealed", False),
        (-AHEAD, "sealed", True),
        (-AHEAD - SECOND, "sealed", False),
        (timedelta(0), "planned", False),
        (timedelta(0), "closed", False),
    ],
)
def test_only_what_is_sealed_and_near_is_made_ready(world: World, opens_in: timedelta, state: str, found: bool) -> None:
    world.exam.opens_at, world.exam.state = NOW + opens_in, state
    world.session.flush()
    assert (sealed_ahead(world.session, NOW) != []) is found


def test_the_first_candidate_finds_every_question_ready(app: Flask, world: World, open_page: Callable[..., Page]) -> None:
    page = open_page("001")
    address = page.address
    cold = {language: questions(page, address, language) for language in ("vi", "en")}
    forget()
    ready: set[Sealed] = set()
    assert sum(1 for _step in warming.make_ready(app, NOW, ready)) > 10
    assert len(room._wordings) == len(marking._known) > 4
    made = [cached.cache_info().misses for cached in (paper_page._frame, paper_page._options)]
    assert {language: questions(page, address, language) for language in ("vi", "en")} == cold
    assert [cached.cache_info().misses for cached in (paper_page._frame, paper_page._options)] == made
    assert list(warming.make_ready(app, NOW, ready)) == []


def test_papers_that_are_sealed_anew_are_made_ready_anew(app: Flask, world: World) -> None:
    ready: set[Sealed] = set()
    list(warming.make_ready(app, NOW, ready))
    world.exam.papers_digest = "1" * 64
    world.session.flush()
    forget()
    list(warming.make_ready(app, NOW, ready))
    assert room._wordings


def questions(page: Page, address: str, language: str) -> str:
    """The part of the page that is the same at every look."""
    shown = page.browser.client.get(address, headers={"Accept-Language": language}).text
    return shown.partition("<div data-covered>")[2].partition("ex-q-foot")[0]
