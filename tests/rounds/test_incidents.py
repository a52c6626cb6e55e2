"""Incidents are written down with what was done, for some candidates or the room."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from examsite.audit.models import LogEntry
from examsite.rounds.operations.incidents import record_incident
from examsite.rounds.queries.incidents import incidents_in
from examsite.rules.refusal import NotFound, NotPermitted, Refused
from tests.client import Browser
from tests.conftest import NOW
from tests.rounds.world import MINUTE, World

WHAT, DONE = "The screen went dark.", "Moved to machine 22."


def test_an_incident_names_those_concerned_or_the_room(world: World) -> None:
    role = world.role("invigilation")
    record_incident(world.session, world.exam, "machine", [world.entry("002").public_id], WHAT, DONE, NOW - MINUTE, role, NOW)
    record_incident(world.session, world.exam, "power", [], WHAT, DONE, NOW, role, NOW)
    found = incidents_in(world.session, world.exam)
    assert [[link.entry.candidate_number for link in one.concerned] for one in found] == [["002"], []]
    logged = world.session.scalars(select(LogEntry.content).where(LogEntry.kind == "rounds:incident:recorded")).all()
    assert "Moved to machine 22." in logged[0]


@pytest.mark.parametrize(
    ("kind", "what", "done", "minutes", "said"),
    [
        ("comet", WHAT, DONE, 0, "incident_kind_missing"),
        ("machine", " ", DONE, 0, "incident_what_missing"),
        ("machine", WHAT, "", 0, "incident_done_missing"),
        ("machine", WHAT, DONE, 1, "not_happened_yet"),
    ],
)
def test_half_an_incident_is_refused(world: World, kind: str, what: str, done: str, minutes: int, said: str) -> None:
    with pytest.raises(Refused, match=said):
        record_incident(world.session, world.exam, kind, [], what, done, NOW + minutes * MINUTE, world.role("invigilation"), NOW)


def test_other_boards_and_other_rooms_are_refused(world: World) -> None:
    with pytest.raises(NotPermitted):
        record_incident(world.session, world.exam, "room", [], WHAT, DONE, NOW, world.role("hr"), NOW)
    with pytest.raises(NotFound):
        record_incident(world.session, world.exam, "room", ["x" * 22], WHAT, DONE, NOW, world.role("invigilation"), NOW)


def test_its_minutes_print_as_a_page(world: World, browse: Callable[..., Browser]) -> None:
    invigilator, reader = world.role("invigilation").account, world.role("supervision").account
    world.session.commit()
    base = f"/campaigns/{world.campaign.public_id}/sessions/{world.exam.public_id}/incidents"
    browser = browse(invigilator)
    form = {"kind": "machine", "what": WHAT, "done": DONE, "happened_at": "09/11/2026 08:00", "entries": world.entry().public_id}
    assert 'value="09/11/2026 08:00"' in browser.get(base + "/new").text
    assert browser.post(base + "/new", form | {"happened_at": "yesterday"}).status_code == 422
    answer = browser.post(base + "/new", form)
    assert answer.status_code == 303
    page = browse(reader).get(answer.location)
    assert page.status_code == 200
    for told in (WHAT, DONE, "001", "ký, ghi rõ họ tên"):
        assert told in page.text
    assert browse(reader).get(base).status_code == 200
    assert browse(reader).get(base + "/new").status_code == 403


def test_those_concerned_are_ticked_and_stay_ticked(world: World, browse: Callable[..., Browser]) -> None:
    invigilator = world.role("invigilation").account
    world.session.commit()
    address = f"/campaigns/{world.campaign.public_id}/sessions/{world.exam.public_id}/incidents/new"
    first, second = world.entry("001").public_id, world.entry("002").public_id
    page = browse(invigilator).post(
        address, {"kind": "machine", "what": "", "done": DONE, "happened_at": "09/11/2026 08:00", "entries": second}
    )
    assert page.status_code == 422
    ticks = {value: "checked" in tick for tick, value in re.findall(r'(<input[^>]*name="entries"[^>]*value="([^"]+)"[^>]*>)', page.text)}
    assert (ticks[first], ticks[second]) == (False, True)
