"""Drawing the lots: once, repeatable by a stranger, and the log never leads from a code to a number."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.audit.models import LogEntry
from examsite.campaigns.roles import Role, role_of
from examsite.db import open_session
from examsite.grading.models import Interview, Panel
from examsite.grading.operations import lots
from examsite.grading.sheet_values import codes_commitment
from examsite.rules import drawing
from examsite.rules.refusal import Conflict, NotPermitted, Refused
from tests import factories
from tests.client import Browser
from tests.conftest import NOW
from tests.databases import Copy
from tests.grading.world import World, make_world
from tests.races import DONE, at_once


def order(world: World) -> list[str]:
    found = sorted(world.panel.interviews, key=lambda interview: interview.number or 0)
    return [interview.application.candidate_number or "" for interview in found]


def test_a_stranger_repeats_the_order_from_seed_label_and_numbers(session: Session) -> None:
    world = make_world(session, numbers=[f"{number:03}" for number in range(1, 9)])
    world.draw()
    session.refresh(world.panel)
    seed = bytes.fromhex(world.panel.lot_seed or "")
    assert order(world) == drawing.draw_order(seed, f"interviews:{world.panel.public_id}", [f"{number:03}" for number in range(8, 0, -1)])
    assert [interview.number for interview in sorted(world.panel.interviews, key=lambda found: found.number or 0)] == list(range(1, 9))


def test_codes_are_unique_and_hold_no_look_alikes() -> None:
    found = lots.new_codes(400)
    assert len(set(found)) == 400
    assert not set("".join(found)) & set("01258OIQSZBDGLUV6")
    assert all(len(code) == 4 and code[:2].isalpha() and code[2:].isdigit() for code in found)


def test_the_log_shows_seed_and_order_but_no_code(world: World) -> None:
    world.draw()
    entry = world.log("grading:lots:drawn")[0]
    assert world.panel.lot_seed in (entry.content or "")
    assert world.panel.codes_commitment in (entry.content or "")
    everything = " ".join(world.session.scalars(select(LogEntry.content)).all())
    assert not [interview.code for interview in world.panel.interviews if f'"{interview.code}"' in everything]


def test_the_commitment_binds_the_codes_and_nothing_else_opens_it(world: World) -> None:
    world.draw()
    world.session.expire_all()
    codes = {interview.application.candidate_number or "": interview.code or "" for interview in world.panel.interviews}
    salt = world.panel.codes_salt or ""
    assert codes_commitment(salt, codes) == world.panel.codes_commitment
    swapped = dict(zip(codes, reversed(codes.values()), strict=True))
    assert codes_commitment(salt, swapped) != world.panel.codes_commitment


def test_a_second_draw_is_refused(world: World) -> None:
    world.draw()
    seed = world.panel.lot_seed
    with pytest.raises(Conflict, match="lots_drawn_already"):
        world.draw()
    world.session.refresh(world.panel)
    assert world.panel.lot_seed == seed


def test_an_unready_panel_draws_nothing(session: Session, world: World) -> None:
    empty = factories.make_panel(session, world.campaign, [world.people["dung"]], name="Panel 2")
    with pytest.raises(Refused, match="not_ready"):
        lots.draw_lots(session, world.role("hr"), empty, NOW)
    with pytest.raises(NotPermitted):
        lots.draw_lots(session, world.role("head"), world.panel, NOW)


def test_hr_draws_in_the_browser_and_sees_numbers_without_codes(
    world: World, browse: Callable[..., Browser], url: Callable[..., str]
) -> None:
    hr = browse(world.people["hr"])
    assert hr.post(url("/lots")).status_code == 303
    world.session.refresh(world.panel)
    for path in ("/lots", ""):
        page = hr.get(url(path)).text
        assert "001" in page
        assert not [interview.code for interview in world.panel.interviews if interview.code in page]
    assert world.panel.lot_seed in hr.get(url("/lots")).text


def test_two_officers_at_once_draw_once(own_database: Copy) -> None:
    with open_session(own_database.engine) as session:
        world = make_world(session)
        panel_id, account_id = world.panel.id, world.people["hr"].id

    def load(session: Session) -> tuple[Role, Panel]:
        panel = session.get_one(Panel, panel_id)
        return role_of(session, session.get_one(Account, account_id), panel.campaign), panel

    def draw(session: Session, loaded: tuple[Role, Panel]) -> None:
        lots.draw_lots(session, *loaded, NOW)

    assert sorted(at_once(own_database, load, draw, draw)) == [DONE, "grading.lots_drawn_already"]
    with open_session(own_database.engine) as session:
        assert session.scalar(select(func.count()).select_from(LogEntry).where(LogEntry.kind == "grading:lots:drawn")) == 1
        assert sorted(session.scalars(select(Interview.number))) == [1, 2]
