"""The pages of the ledger of time: form, preview, confirmation; who may open what."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.rounds.models import TimeEntry
from examsite.rounds.operations import ledger
from examsite.rounds.queries.ledger import Want, preview
from examsite.rounds.routes.time import outage_number
from examsite.rules.timing import TimeKind
from tests.client import Browser
from tests.conftest import NOW
from tests.rounds.test_outages import server_beats
from tests.rounds.world import MINUTE, World, make_world

ENGLISH = {"Accept-Language": "en"}


def address(world: World, rest: str = "") -> str:
    return f"/campaigns/{world.campaign.public_id}/sessions/{world.exam.public_id}/time{rest}"


def digest_on(page: str) -> str:
    found = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert found, page
    return found.group(1)


@pytest.fixture
def sign_in(world: World, browse: Callable[..., Browser]) -> Callable[..., Browser]:
    def signed_in(board: str, duty: str = "member") -> Browser:
        return browse(world.role(board, duty).account)

    return signed_in


def test_giving_time_shows_every_end_before_it_is_given(world: World, sign_in: Callable[..., Browser]) -> None:
    sitting, _ = world.start()
    world.session.commit()
    browser = sign_in("invigilation", "head")
    entry = world.entry().public_id
    form = browser.get(address(world, f"/give?entry={entry}"), headers=ENGLISH)
    assert re.search(rf'value="{entry}" id="e-{entry}" checked', form.text)
    asked: dict[str, Any] = {
        "scope": "chosen",
        "entry": [entry],
        "kind": "grant",
        "part": "",
        "minutes": "2",
        "seconds": "30",
        "cause": "machine",
        "reason": "Screen broke.",
    }
    preview = browser.post(address(world, "/give"), asked, headers=ENGLISH)
    assert preview.status_code == 200
    assert "09:00:00 → <b>09:02:30</b>" in preview.text
    assert "Nguyễn Văn 001" in preview.text
    assert "Nguyễn Văn 002" not in preview.text
    assert world.session.scalars(select(TimeEntry)).all() == []
    back = browser.post(address(world, "/give"), asked | {"change": "1"}, headers=ENGLISH)
    assert "Screen broke." in back.text
    done = browser.post(address(world, "/give"), asked | {"digest": digest_on(preview.text)}, headers=ENGLISH)
    assert (done.status_code, done.location) == (303, address(world))
    assert world.reload(sitting).deadline == NOW + 62 * MINUTE + timedelta(seconds=30)
    page = browser.get(address(world), headers=ENGLISH).text
    assert "Screen broke." in page
    assert "2 min 30 s" in page
    again = browser.post(address(world, "/give"), asked | {"digest": digest_on(preview.text)}, headers=ENGLISH)
    assert again.status_code == 409
    assert "Something changed since this preview" in again.text
    assert digest_on(again.text) != digest_on(preview.text)
    assert len(world.session.scalars(select(TimeEntry)).all()) == 1


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"minutes": "-5"}, "not taken back"),
        ({"minutes": ""}, "at least one second"),
        ({"reason": " "}, "A reason is needed"),
        ({"scope": "chosen"}, "Nobody was chosen"),
        ({"kind": "pause"}, "Not a valid choice"),
        ({"minutes": "300"}, "at most 4 hours"),
        ({"cause": "weather"}, "Not a valid choice"),
        ({"reopen": "y", "digest": "0" * 64}, "Tick them, not the room"),
    ],
)
def test_what_is_refused_stands_on_the_form(world: World, sign_in: Callable[..., Browser], changed: dict[str, str], sentence: str) -> None:
    world.start()
    world.session.commit()
    asked = {"scope": "room", "kind": "grant", "part": "", "minutes": "2", "cause": "room", "reason": "Noise."}
    answer = sign_in("council", "head").post(address(world, "/give"), asked | changed, headers=ENGLISH)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_extra_time_is_recorded_before_the_session(world: World, sign_in: Callable[..., Browser], at: Callable[[datetime], None]) -> None:
    at(NOW - 60 * MINUTE)
    world.session.commit()
    browser = sign_in("hr")
    asked: dict[str, Any] = {
        "scope": "chosen",
        "entry": [world.entry().public_id],
        "part": "",
        "percent": "25",
        "reason": "Certificate 12/2026.",
    }
    preview = browser.post(address(world, "/accommodations"), asked, headers=ENGLISH)
    assert "09:00:00 → <b>09:15:00</b>" in preview.text
    assert "09:10:00" in preview.text
    done = browser.post(address(world, "/accommodations"), asked | {"digest": digest_on(preview.text)}, headers=ENGLISH)
    assert done.status_code == 303
    assert "25 % of the minutes" in browser.get(address(world), headers=ENGLISH).text
    assert world.start()[0].deadline == NOW + 75 * MINUTE
    missing = browser.post(address(world, "/accommodations"), asked | {"reason": ""}, headers=ENGLISH)
    assert "what the extra time is based on" in missing.text
    at(NOW)
    late = browser.post(address(world, "/accommodations"), asked, headers=ENGLISH)
    assert "begun already" in late.text
    assert 'name="digest"' not in late.text


def test_the_clock_is_stopped_and_runs_again(world: World, sign_in: Callable[..., Browser], at: Callable[[datetime], None]) -> None:
    sitting, _ = world.start()
    world.session.commit()
    browser = sign_in("invigilation")
    stopped = browser.post(address(world, "/pause"), {"scope": "room", "cause": "power", "reason": "Dark."})
    assert (stopped.status_code, stopped.location) == (303, address(world, "/pause"))
    page = browser.get(address(world, "/pause"), headers=ENGLISH).text
    assert "The clock of 2 candidates stands still" in page
    assert "60 min" in page
    assert "still stopped" in browser.get(address(world), headers=ENGLISH).text
    at(NOW + 90 * MINUTE)
    assert browser.post(address(world, "/resume"), {"entry": [world.entry().public_id]}).status_code == 303
    assert world.reload(sitting).deadline == NOW + 150 * MINUTE
    assert browser.post(address(world, "/resume"), {"entry": [world.entry().public_id]}).status_code == 422


def test_the_end_of_one_pause_is_no_end_of_the_others(world: World, sign_in: Callable[..., Browser]) -> None:
    """One machine is broken and the room is dark: from the row of one candidate, and with nobody ticked, nobody else's clock runs."""
    world.start("001")
    world.start("002")
    world.session.commit()
    browser = sign_in("invigilation")
    entry, other = (world.entry(number).public_id for number in ("001", "002"))
    for one, cause in ((entry, "machine"), (other, "power")):
        asked = {"scope": "chosen", "entry": [one], "cause": cause, "reason": "Dark."}
        assert browser.post(address(world, "/pause"), asked).status_code == 303
    page = browser.get(address(world, f"/pause?entry={entry}"), headers=ENGLISH).text
    assert re.search(rf'value="{entry}" id="p-{entry}" checked', page)
    assert not re.search(rf'id="p-{other}" checked', page)
    nobody = browser.post(address(world, "/resume"), {}, headers=ENGLISH)
    assert nobody.status_code == 422
    assert "Nobody is ticked" in nobody.text
    assert running_pauses(world) == 2
    assert browser.post(address(world, "/resume"), {"entry": [entry]}).status_code == 303
    assert running_pauses(world) == 1
    again = browser.post(address(world, "/resume"), {}, headers=ENGLISH).text
    assert re.findall(r'<form method="post" action="([^"]+)" class="ex-sheet ex-form">', again) == [address(world, "/pause")]
    assert browser.post(address(world, "/resume"), {"all": "y"}).status_code == 303
    assert running_pauses(world) == 0


def running_pauses(world: World) -> int:
    return len(world.session.scalars(select(TimeEntry).where(TimeEntry.kind == "pause", TimeEntry.ended_at.is_(None))).all())


def test_an_outage_is_shown_and_decided(world: World, sign_in: Callable[..., Browser], at: Callable[[datetime], None]) -> None:
    sitting, _ = world.start("001")
    world.start("002")
    for minute in (*range(10), *range(14, 20)):
        server_beats(world, NOW + minute * MINUTE)
    world.session.commit()
    at(NOW + 20 * MINUTE)
    browser = sign_in("council", "head")
    listed = browser.get(address(world, "/outages"), headers=ENGLISH).text
    one = address(world, f"/outages/{outage_number(NOW + 9 * MINUTE)}")
    assert one in listed
    page = browser.get(one, headers=ENGLISH)
    assert "5 min" in page.text
    assert "09:00:00 → <b>09:05:00</b>" in page.text
    assert "by hand" not in page.text.replace("was given by hand, or nobody", "")
    for address_of, typed, status in (("/decline", {"seen": "0" * 64, "reason": "Kept words."}, 422), ("/decline", {"reason": " "}, 422)):
        refused = browser.post(one + address_of, typed, headers=ENGLISH)
        assert refused.status_code == status
        assert typed["reason"] in refused.text
    other, want = [world.entry("002").public_id], Want(TimeKind.GRANT, None, 720)
    shown = preview(world.session, world.exam, other, want, NOW + 20 * MINUTE).digest
    ledger.give_time(
        world.session, world.exam, other, want, shown, "server", "By mouth.", world.role("invigilation", "head"), NOW + 20 * MINUTE
    )
    world.session.commit()
    page = browser.get(one, headers=ENGLISH)
    assert "12 min given by hand at 08:20:00, 1 candidate (002): server. By mouth." in page.text
    done = browser.post(one, {"digest": digest_on(page.text), "reason": "Database restarted."})
    assert done.status_code == 303
    assert world.reload(sitting).deadline == NOW + 65 * MINUTE
    assert "made good" in browser.get(address(world, "/outages"), headers=ENGLISH).text
    late = browser.post(one + "/decline", {"seen": "0" * 64, "reason": "By hand."}, headers=ENGLISH)
    assert late.status_code == 422
    assert "This outage has been decided already." in late.text
    assert browser.get(address(world, "/outages/1")).status_code == 404
    assert browser.get(address(world, "/outages/99999999999999999999")).status_code == 404


PAGES = ("", "/give", "/accommodations", "/pause", "/outages")
ALL = {
    "invigilation head": (200, 200, 403, 200, 200),
    "invigilation member": (200, 403, 403, 200, 200),
    "hr member": (200, 403, 200, 403, 200),
}
OTHERS = {"council head": (200, 200, 403, 200, 200), "question head": (200, 403, 403, 403, 200), "grading head": (403, 403, 403, 403, 403)}


@pytest.mark.parametrize(("who", "expected"), (ALL | OTHERS).items())
def test_who_opens_which_page(world: World, sign_in: Callable[..., Browser], who: str, expected: tuple[int, ...]) -> None:
    browser = sign_in(*who.split())
    assert tuple(browser.get(address(world, page)).status_code for page in PAGES) == expected


def test_outsiders_and_strangers_see_nothing(world: World, browse: Callable[..., Browser]) -> None:
    for page in PAGES:
        assert browse().get(address(world, page)).status_code == 303
        assert browse(world.candidates["001"]).get(address(world, page)).status_code == 403


def test_the_ledger_shows_late_entry(world: World, sign_in: Callable[..., Browser]) -> None:
    assert "until 09/11/2026 08:10;" in sign_in("hr").get(address(world), headers=ENGLISH).text


def test_the_ledger_of_a_personal_clock_says_who_has_the_full_time(session: Session, browse: Callable[..., Browser]) -> None:
    world = make_world(session, {"session.clock": "personal"}, closes_at=NOW + 240 * MINUTE)
    session.commit()
    page = browse(world.role("hr").account).get(address(world), headers=ENGLISH).text
    assert "until the window ends at 09/11/2026 12:00; whoever begins by 09/11/2026 10:20 has the full time" in page


def test_the_session_page_says_who_would_be_short_before_it_opens(session: Session, browse: Callable[..., Browser]) -> None:
    world = make_world(session, {"session.clock": "personal"}, closes_at=NOW + 160 * MINUTE, opens_at=NOW + 55 * MINUTE)
    session.commit()
    browser = browse(world.role("hr").account)
    for page in (address(world), address(world).removesuffix("/time")):
        text = browser.get(page, headers=ENGLISH).text
        assert "Candidate 002, beginning at the last moment of late entry, would be short of 5 min 0 s." in text


@pytest.mark.parametrize("minutes", ["100001", "-100001", "9" * 400])
def test_more_minutes_than_can_be_counted_are_said_to_be_too_many(world: World, sign_in: Callable[..., Browser], minutes: str) -> None:
    asked = {"scope": "room", "kind": "grant", "part": "", "minutes": minutes, "cause": "machine", "reason": "Screen broke."}
    refused = sign_in("invigilation", "head").post(address(world, "/give"), asked)
    assert refused.status_code == 422
    assert "Hãy nhập một số nguyên từ -100000 đến 100000." in refused.text
