"""Fifty requests in one moment, over the whole site, from two devices: one sitting, one start, one sealing, one mark."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from examsite.accounts.operations import open_login
from examsite.app import create_app
from examsite.config import Settings
from examsite.db import open_session
from examsite.rounds.models import RosterEntry, Sitting, SittingEvent, SittingMark
from examsite.rounds.queries.chains import check_sitting
from tests.client import Browser
from tests.conftest import NOW
from tests.databases import Copy
from tests.rounds.world import MINUTE, make_world

AT_ONCE = 50


@pytest.fixture(params=["the pool of the site", "a pool of one connection"])
def engine(request: pytest.FixtureRequest, own_database: Copy) -> Engine:
    """The pool decides how many of the fifty reach the database at once, and must not decide what comes of it."""
    if request.param == "a pool of one connection":
        pool: Any = own_database.engine.pool
        pool._pool.maxsize, pool._max_overflow, pool._timeout = 1, 0, 30
    return own_database.engine


@pytest.fixture
def doors(engine: Engine, settings: Settings, at: Callable[[datetime], None]) -> list[Browser]:
    """Fifty browsers' tabs of one candidate, on two devices in turn; each has its form token already."""
    at(NOW)
    app = create_app(settings, engine)
    with open_session(engine) as session:
        account = make_world(session).candidates["001"]
        devices = [open_login(session, account, NOW) for _ in range(2)]
        session.commit()
        return [_tab(app, devices[place % 2]) for place in range(AT_ONCE)]


def _tab(app: Flask, login: str) -> Browser:
    browser = Browser(app, None, None, NOW)  # type: ignore[arg-type]
    with browser.client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = login, True
    browser._form_token()
    return browser


def together(doors: list[Browser], address: str) -> list[tuple[int, str | None]]:
    """Every one of them posts in the same moment; how each was answered."""
    barrier = Barrier(len(doors))

    def post(browser: Browser) -> tuple[int, str | None]:
        barrier.wait()
        answer = browser.post(address)
        return answer.status_code, answer.location

    with ThreadPoolExecutor(max_workers=len(doors)) as threads:
        return list(threads.map(post, doors))


def kinds(session: Session) -> list[str]:
    return list(session.scalars(select(SittingEvent.kind).order_by(SittingEvent.seq)))


def test_fifty_starts_from_two_devices_make_one_sitting(doors: list[Browser], engine: Engine) -> None:
    answers = together(doors, "/exam/start/general")
    with open_session(engine, read_only=True) as session:
        sitting = session.scalars(select(Sitting)).one()
        assert set(answers) == {(303, f"/exam/{sitting.public_id}")}
        assert (sitting.epoch, sitting.last_seq, kinds(session)) == (1, 0, ["start"])
        assert session.scalars(select(RosterEntry.started_at).where(RosterEntry.state == "started")).all() == [NOW]
        assert check_sitting(session, sitting).fault is None


def test_fifty_hand_ins_make_one_sealing(doors: list[Browser], engine: Engine, at: Callable[[datetime], None]) -> None:
    [(_status, room)] = together(doors[:1], "/exam/start/general")
    at(NOW + MINUTE)
    holders = doors[::2] * 2  # only the device that holds the pen can hand in
    answers = together([_again(door) for door in holders], f"{room}/submit")
    assert set(answers) == {(303, f"{room}/receipt")}
    with open_session(engine, read_only=True) as session:
        sitting = session.scalars(select(Sitting)).one()
        assert (sitting.state, sitting.closed_at, kinds(session)) == ("submitted", NOW + MINUTE, ["start", "seal"])
        assert session.scalar(select(func.count()).select_from(SittingMark)) == 1
        assert check_sitting(session, sitting).fault is None


def _again(door: Browser) -> Browser:
    """Another tab of the same browser."""
    with door.client.session_transaction() as cookie:
        login = str(cookie["_user_id"])
    return _tab(door.client.application, login)
