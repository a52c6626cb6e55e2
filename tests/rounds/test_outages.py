"""Time lost to our own outages: found from facts, offered to the decider, given once."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from examsite.accounts.models import LoginSession
from examsite.audit.models import LogEntry
from examsite.rounds.models import Heartbeat, OutageDecision, TimeEntry
from examsite.rounds.operations import ledger, outages, pauses
from examsite.rounds.operations.closing import close_session
from examsite.rounds.operations.heartbeat import beat
from examsite.rounds.queries.ledger import Want, preview
from examsite.rounds.queries.open_outages import open_outages
from examsite.rounds.queries.outages import Outage, given_by_hand, outage_at, preview_outage
from examsite.rounds.queries.outages import outages as find
from examsite.rules.refusal import Conflict, NotPermitted, Refused
from examsite.rules.timing import TimeKind
from tests.client import Browser
from tests.conftest import NOW
from tests.rounds.world import MINUTE, World, make_world

SECOND = timedelta(seconds=1)


def server_beats(world: World, moment: datetime) -> None:
    connection = world.session.connection()
    beat(connection.connection.driver_connection, connection.dialect, moment)


def beats(world: World, begin: datetime, end: datetime, every: int = 20) -> None:
    moment = begin
    while moment <= end:
        server_beats(world, moment)
        moment += timedelta(seconds=every)


def broken(world: World, begin: datetime = NOW + 10 * MINUTE, length: timedelta = 3 * MINUTE + 17 * SECOND) -> None:
    """Two candidates at work from the start on; the server is not reached for a while."""
    world.start("001")
    world.start("002")
    beats(world, NOW, begin)
    beats(world, begin + length, NOW + 40 * MINUTE)


def found(world: World, now: datetime = NOW + 40 * MINUTE) -> Outage:
    [one] = find(world.session, world.exam, now)
    return one


def test_one_row_in_five_seconds_whoever_comes(world: World) -> None:
    for second in (0, 1, 4, 4, 5, 9, 12):
        server_beats(world, NOW + second * SECOND)
    assert world.session.scalars(select(Heartbeat.at).order_by(Heartbeat.at)).all() == [NOW, NOW + 5 * SECOND, NOW + 12 * SECOND]


def test_the_silence_is_found_with_its_evidence_and_what_it_cost_each(world: World) -> None:
    broken(world)
    one = found(world)
    assert (one.began_at, one.ended_at) == (NOW + 10 * MINUTE, NOW + 13 * MINUTE + 17 * SECOND)
    assert [(loss.number, loss.part, loss.seconds, loss.granted) for loss in one.losses] == [
        ("001", "general", 197, False),
        ("002", "general", 197, False),
    ]
    assert world.session.scalars(select(TimeEntry)).all() == []


@pytest.mark.parametrize(("length", "outage"), [(60 * SECOND, False), (61 * SECOND, True)])
def test_a_silence_of_a_minute_is_none(world: World, length: timedelta, outage: bool) -> None:
    broken(world, length=length)
    assert bool(find(world.session, world.exam, NOW + 40 * MINUTE)) is outage


def test_one_silent_candidate_is_no_outage_and_neither_is_the_break(world: World) -> None:
    world.start("001")
    beats(world, NOW, NOW + 10 * MINUTE)
    beats(world, NOW + 20 * MINUTE, NOW + 60 * MINUTE)
    assert find(world.session, world.exam, NOW + 60 * MINUTE) == ()
    world.start("001", "language", NOW + 70 * MINUTE)
    beats(world, NOW + 70 * MINUTE, NOW + 80 * MINUTE)
    assert find(world.session, world.exam, NOW + 80 * MINUTE) == ()


def test_what_is_lost_at_the_end_is_what_was_left(world: World) -> None:
    broken(world, begin=NOW + 58 * MINUTE, length=5 * MINUTE)
    beats(world, NOW + 63 * MINUTE, NOW + 64 * MINUTE)
    assert {loss.seconds for loss in found(world, NOW + 64 * MINUTE).losses} == {120}


def waiting_room_over_the_start(world: World, ended: timedelta, away: timedelta = MINUTE) -> None:
    """Both candidates are signed in and wait; the server is away from a minute (or `away`) before the start until `ended` after it."""
    for number in ("001", "002"):
        world.sign_in(number, NOW - away - 4 * MINUTE)
    beats(world, NOW - away - MINUTE, NOW - away)
    beats(world, NOW + ended, NOW + ended + 2 * MINUTE)


@pytest.mark.parametrize("begun", [(), ("001",), ("001", "002")])
def test_an_outage_over_the_start_is_found_before_anybody_has_a_sitting(world: World, begun: tuple[str, ...]) -> None:
    ended, now = 4 * MINUTE, NOW + 6 * MINUTE
    waiting_room_over_the_start(world, ended)
    for number in begun:
        world.start(number, now=NOW + ended + 30 * SECOND)
    one = found(world, now)
    assert (one.began_at, one.ended_at) == (NOW - MINUTE, NOW + ended)
    assert [(loss.number, loss.part, loss.seconds, loss.waiting) for loss in one.losses] == [
        ("001", "general", 240, "001" not in begun),
        ("002", "general", 240, "002" not in begun),
    ]
    shown = preview_outage(world.session, world.exam, one, now).digest
    outages.grant_outage(world.session, world.exam, one.began_at, shown, "The server was away.", world.role("council", "head"), now)
    assert [loss.granted for loss in found(world, now).losses] == [True, True]
    for number in ("001", "002"):
        late = NOW + 14 * MINUTE  # late entry ends ten minutes after the start, and the start was moved for whoever waited
        sitting, _ = world.start(number, now=now if number in begun else late)
        assert sitting.deadline == NOW + 64 * MINUTE


@pytest.mark.parametrize(
    ("ended", "signed_in_at"), [(30 * SECOND, NOW - 5 * MINUTE), (60 * SECOND, NOW - 5 * MINUTE), (4 * MINUTE, NOW + 4 * MINUTE)]
)
def test_a_start_that_lost_less_than_a_minute_or_had_nobody_there_is_no_outage(
    world: World, ended: timedelta, signed_in_at: datetime
) -> None:
    waiting_room_over_the_start(world, ended)
    world.session.execute(update(LoginSession).values(created_at=signed_in_at))
    assert find(world.session, world.exam, NOW + 6 * MINUTE) == ()


@pytest.mark.parametrize("away", [3, 10, 59])
def test_a_server_that_fell_silent_minutes_before_the_start_is_found_too(world: World, away: int) -> None:
    waiting_room_over_the_start(world, 4 * MINUTE, away * MINUTE)
    one = found(world, NOW + 6 * MINUTE)
    assert one.began_at == NOW - away * MINUTE
    assert [(loss.number, loss.seconds, loss.waiting) for loss in one.losses] == [("001", 240, True), ("002", 240, True)]


def test_the_waiting_room_gives_signs_of_life(world: World, browse: Callable[..., Browser]) -> None:
    world.session.commit()
    browser = browse(world.candidates["001"])
    assert 'data-here-url="/exam/here"' in browser.get("/exam").text
    assert [browser.post("/exam/here").status_code for _ in range(2)] == [204, 204]
    assert world.session.scalars(select(Heartbeat.at)).all() == [NOW]
    assert browse(world.role("hr").account).post("/exam/here").status_code == 403
    assert browse().post("/exam/here").status_code == 303


def test_deciding_gives_each_their_seconds_once(world: World) -> None:
    broken(world)
    role, now = world.role("council", "head"), NOW + 40 * MINUTE
    one = found(world)
    shown = preview_outage(world.session, world.exam, one, now).digest
    done = outages.grant_outage(world.session, world.exam, one.began_at, shown, "The database was restarted.", role, now)
    assert [(row.number, row.changes[0].new_end) for row in done.given] == [
        ("001", NOW + 63 * MINUTE + 17 * SECOND),
        ("002", NOW + 63 * MINUTE + 17 * SECOND),
    ]
    rows = world.session.scalars(select(TimeEntry)).all()
    assert {(row.kind, row.cause, row.seconds, row.began_at, row.ended_at) for row in rows} == {
        ("grant", "server", 197, one.began_at, one.ended_at)
    }
    after = found(world)
    assert [loss.granted for loss in after.losses] == [True, True]
    assert {loss.seconds for loss in after.losses} == {197}
    with pytest.raises((Refused, Conflict)):
        outages.grant_outage(world.session, world.exam, one.began_at, shown, "Again.", role, now)
    assert len(world.session.scalars(select(TimeEntry)).all()) == 2


def test_what_the_decider_saw_is_what_is_given_and_only_by_a_decider(world: World) -> None:
    broken(world)
    now, one, chair = NOW + 40 * MINUTE, found(world), world.role("council", "head")
    with pytest.raises(Conflict, match="preview_changed"):
        outages.grant_outage(world.session, world.exam, one.began_at, "0" * 64, "Why.", chair, now)
    with pytest.raises(Conflict, match="outage_changed"):
        outages.grant_outage(world.session, world.exam, NOW, "0" * 64, "Why.", world.role("invigilation", "head"), now)
    with pytest.raises(NotPermitted):
        outages.grant_outage(world.session, world.exam, one.began_at, "0" * 64, "Why.", world.role("hr"), now)
    shown = preview_outage(world.session, world.exam, one, now).digest
    with pytest.raises(Refused, match="reason_missing"):
        outages.grant_outage(world.session, world.exam, one.began_at, shown, " ", chair, now)


@pytest.mark.parametrize("granted", [True, False])
def test_the_room_and_the_session_say_so_until_it_is_decided(
    world: World, browse: Callable[..., Browser], at: Callable[..., None], granted: bool
) -> None:
    now, role = NOW + 40 * MINUTE, world.role("invigilation", "head")
    at(now)
    base = f"/campaigns/{world.campaign.public_id}/sessions/{world.exam.public_id}"
    watcher, link = browse(role.account), f'href="{base}/time/outages"'
    assert link not in watcher.get(f"{base}/live/rows").text
    broken(world)
    world.session.commit()
    for page in ("/live", "/live/rows", ""):
        text = watcher.get(base + page).text
        assert "Không liên lạc được với máy chủ từ 08:10:00 đến 08:13:17." in text
        assert "2 thí sinh bị mất thời gian" in text
        assert link in text
    one = found(world, now)
    decide = outages.grant_outage if granted else outages.decline_outage
    shown = preview_outage(world.session, world.exam, one, now).digest if granted else one.digest
    decide(world.session, world.exam, one.began_at, shown, "Mất điện phòng máy chủ.", role, now)
    world.session.commit()
    assert [link in watcher.get(base + page).text for page in ("/live/rows", "")] == [False, False]
    for page in ("/time", "/time/outages", "/minutes"):
        text = watcher.get(base + page).text
        assert "Mất điện phòng máy chủ." in text
        assert ("đã bù" if granted else "không bù giờ") in text


def decisions(world: World) -> list[tuple[str, str, str]]:
    rows = world.session.scalars(select(OutageDecision).order_by(OutageDecision.id)).all()
    return [(row.entry.candidate_number, row.decision, row.reason) for row in rows]


def test_declining_is_recorded_once_and_nothing_can_be_given_afterwards(world: World) -> None:
    broken(world)
    now, one, chair, head = NOW + 40 * MINUTE, found(world), world.role("council", "head"), world.role("invigilation", "head")
    offer = preview_outage(world.session, world.exam, one, now).digest
    told = (world.session, world.exam, one.began_at)
    for _ in range(2):  # the second is a double click
        outages.decline_outage(*told, one.digest, " Given by hand. ", chair, now)
    assert decisions(world) == [("001", "declined", "Given by hand."), ("002", "declined", "Given by hand.")]
    after = found(world)
    assert (after.open_losses, [loss.decision for loss in after.losses]) == ((), ["declined", "declined"])
    [ruling] = after.rulings
    assert (ruling.decision, ruling.decided_by, ruling.decided_at) == ("declined", chair.account.display_name, now)
    for act, shown, role in ((outages.grant_outage, offer, chair), (outages.decline_outage, one.digest, head)):
        with pytest.raises(Conflict, match="outage_decided"):
            act(*told, shown, "Given by hand." if role is head else "After all.", role, now)
    assert world.session.scalars(select(TimeEntry)).all() == []
    [entry] = world.session.scalars(select(LogEntry).where(LogEntry.kind == "rounds:outage:declined")).all()
    assert "Given by hand." in str(entry.content)


def test_what_was_given_is_not_declined(world: World) -> None:
    broken(world)
    now, one, chair = NOW + 40 * MINUTE, found(world), world.role("council", "head")
    told = (world.session, world.exam, one.began_at)
    outages.grant_outage(*told, preview_outage(world.session, world.exam, one, now).digest, "Restarted.", chair, now)
    assert decisions(world) == [("001", "made_good", "Restarted."), ("002", "made_good", "Restarted.")]
    with pytest.raises(Conflict, match="outage_decided"):
        outages.decline_outage(*told, one.digest, "Nobody lost anything.", chair, now)
    assert len(decisions(world)) == 2
    kinds = select(LogEntry.kind).where(LogEntry.kind.like("rounds:%:%")).order_by(LogEntry.id.desc()).limit(2)
    assert world.session.scalars(kinds).all() == ["rounds:outage:made_good", "rounds:time:grant"]


def test_declining_needs_a_decider_a_reason_and_the_outage_that_was_seen(world: World) -> None:
    broken(world)
    now, one, chair = NOW + 40 * MINUTE, found(world), world.role("council", "head")
    told = (world.session, world.exam, one.began_at)
    with pytest.raises(NotPermitted):
        outages.decline_outage(*told, one.digest, "Why.", world.role("invigilation"), now)
    with pytest.raises(Refused, match="reason_missing"):
        outages.decline_outage(*told, one.digest, " ", chair, now)
    with pytest.raises(Conflict, match="outage_changed"):
        outages.decline_outage(*told, "0" * 64, "Why.", chair, now)
    with pytest.raises(Conflict, match="outage_changed"):
        outages.decline_outage(world.session, world.exam, NOW, one.digest, "Why.", chair, now)
    assert decisions(world) == []


def test_bounds_that_grow_while_it_is_looked_at_are_looked_at_again_and_stay_decided(world: World) -> None:
    """The last sign before an outage is a candidate's own until that candidate is back and it is overwritten."""
    broken(world)
    now, chair = NOW + 40 * MINUTE, world.role("council", "head")
    late = NOW + 10 * MINUTE + 4 * SECOND
    sitting = world.entry("001").sittings[0]
    sitting.last_seen_at = late
    world.session.flush()
    seen = found(world)
    assert seen.began_at == late
    sitting.last_seen_at = NOW + 14 * MINUTE
    world.session.flush()
    grown = outage_at(world.session, world.exam, late, now)
    assert grown is not None
    assert grown.began_at == NOW + 10 * MINUTE
    with pytest.raises(Conflict, match="outage_changed"):
        outages.decline_outage(world.session, world.exam, late, seen.digest, "Nobody lost anything.", chair, now)
    sitting.last_seen_at = late
    world.session.flush()
    outages.decline_outage(world.session, world.exam, late, seen.digest, "Nobody lost anything.", chair, now)
    sitting.last_seen_at = NOW + 14 * MINUTE
    world.session.flush()
    assert (found(world).began_at, found(world).open_losses) == (NOW + 10 * MINUTE, ())


def test_whoever_is_found_only_after_the_decision_is_still_owed_what_they_lost(session: Session) -> None:
    world = make_world(session, numbers=("001", "002", "003"))
    late = world.entry("003")
    late.state = "absent"
    now, chair = NOW + 6 * MINUTE, world.role("council", "head")
    waiting_room_over_the_start(world, 4 * MINUTE)
    one = found(world, now)
    outages.decline_outage(world.session, world.exam, one.began_at, one.digest, "Given by hand.", chair, now)
    late.state = "listed"
    session.flush()
    again = found(world, now)
    assert [loss.number for loss in again.open_losses] == ["003"]
    shown = preview_outage(world.session, world.exam, again, now).digest
    outages.grant_outage(world.session, world.exam, again.began_at, shown, "Listed late.", chair, now)
    assert [row[:2] for row in decisions(world)] == [("001", "declined"), ("002", "declined"), ("003", "made_good")]
    assert found(world, now).open_losses == ()


def test_what_was_given_by_hand_meanwhile_stands_beside_the_offer(world: World) -> None:
    broken(world)
    chair = world.role("council", "head")
    for minute, number in ((5, "001"), (20, "002")):
        want, when, who = Want(TimeKind.GRANT, None, 720), NOW + minute * MINUTE, [world.entry(number).public_id]
        shown = preview(world.session, world.exam, who, want, when).digest
        ledger.give_time(world.session, world.exam, who, want, shown, "server", "By hand.", chair, when)
    one = found(world)
    assert [(row.numbers, row.entry.seconds) for row in given_by_hand(world.session, world.exam, one)] == [(("002",), 720)]
    assert len(one.open_losses) == 2
    now = NOW + 40 * MINUTE
    outages.grant_outage(
        world.session, world.exam, one.began_at, preview_outage(world.session, world.exam, one, now).digest, "Away.", chair, now
    )
    assert len(given_by_hand(world.session, world.exam, found(world))) == 1


@pytest.mark.parametrize(("length", "asked"), [(59 * SECOND, 0), (61 * SECOND, 1)])
def test_the_room_is_read_again_for_it_only_when_something_has_changed(
    world: World, monkeypatch: pytest.MonkeyPatch, length: timedelta, asked: int
) -> None:
    now, reads = NOW + 40 * MINUTE, []

    def read(*told: Any) -> tuple[Outage, ...]:
        reads.append(told)
        return find(*told)

    monkeypatch.setattr("examsite.rounds.queries.open_outages.outages", read)
    broken(world, length=length)
    for _ in range(3):
        assert len(open_outages(world.session, world.exam, now)) == asked
    assert len(reads) == asked
    pauses.pause_time(world.session, world.exam, None, "power", "No light.", world.role("invigilation"), now)
    assert len(open_outages(world.session, world.exam, now)) == asked
    assert len(reads) == 2 * asked


@pytest.mark.parametrize("decision", ["declined", "otherwise"])
def test_what_was_lost_in_a_session_that_is_closed_is_decided_all_the_same(
    world: World, browse: Callable[..., Browser], at: Callable[..., None], decision: str
) -> None:
    broken(world)
    now, head = NOW + 200 * MINUTE, world.role("invigilation", "head")
    beats(world, NOW + 40 * MINUTE, now, every=50)
    close_session(world.session, world.exam, head, now)
    world.session.commit()
    at(now)
    one = found(world, now)
    offer = preview_outage(world.session, world.exam, one, now).digest
    with pytest.raises(Refused, match="not_sealed"):
        outages.grant_outage(world.session, world.exam, one.began_at, offer, "Restarted.", head, now)
    with pytest.raises(Refused, match="outage_choose"):
        outages.decline_outage(world.session, world.exam, one.began_at, one.digest, "Why.", head, now, decision="made_good")
    browser, base = browse(head.account), f"/campaigns/{world.campaign.public_id}/sessions/{world.exam.public_id}"
    assert f'href="{base}/time/outages"' in browser.get(base).text
    page = browser.get(f"{base}/time/outages")
    [address] = re.findall(r'href="([^"]+/time/outages/\d+)"', page.text)
    text = browser.get(address).text
    assert "Ca thi đã đóng nên không còn bù giờ được nữa." in text
    assert f'action="{address}"' not in text
    form = {"seen": one.digest, "reason": "QĐ 12/QĐ-HĐ về việc thi lại."}
    assert "Hãy chọn: không bù gì" in browser.post(f"{address}/decline", form).text
    assert browser.post(f"{address}/decline", form | {"decision": decision}).status_code == 303
    assert decisions(world) == [(number, decision, form["reason"]) for number in ("001", "002")]
    assert form["reason"] in browser.get(f"{base}/minutes").text
    assert f'href="{base}/time/outages"' not in browser.get(base).text
    assert world.session.scalars(select(LogEntry.kind).order_by(LogEntry.id.desc()).limit(1)).one() == f"rounds:outage:{decision}"


def test_whoever_gives_time_by_hand_is_told_of_an_outage_that_waits(
    world: World, browse: Callable[..., Browser], at: Callable[..., None]
) -> None:
    broken(world)
    role = world.role("invigilation", "head")
    world.session.commit()
    at(NOW + 40 * MINUTE)
    base = f"/campaigns/{world.campaign.public_id}/sessions/{world.exam.public_id}"
    browser, link = browse(role.account), f'href="{base}/time/outages"'
    assert link in browser.get(f"{base}/time/give").text
    given = {"scope": "room", "kind": "grant", "minutes": "3", "cause": "server", "reason": "Away."}
    assert link in browser.post(f"{base}/time/give", given).text
