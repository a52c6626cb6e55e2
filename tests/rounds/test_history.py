"""A candidate's own history: complete, exact, enough to compute the chain again, and nobody else's business."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from examsite.rounds.models import LateEvidence, SittingEvent
from examsite.rounds.operations.evidence import decide_evidence
from examsite.rules import canonical, hashchain
from tests.client import Browser
from tests.conftest import NOW
from tests.rounds.page import Page
from tests.rounds.test_save_answers import CLOSE, choice
from tests.rounds.world import World


def history(page: Page) -> dict[str, object]:
    answer = page.browser.get(page.address + "/history")
    assert answer.status_code == 200
    return dict(answer.json)


def test_it_holds_every_save_in_order_with_what_was_sent(exam_page: Page) -> None:
    bodies = [[choice(exam_page, 1)], [choice(exam_page, 1, 2), [3, "flag", True]], [[1, "choice", None]]]
    receipts = [exam_page.save(seq, body).json["receipt"] for seq, body in enumerate(bodies, start=1)]
    told = history(exam_page)
    assert [(event["seq"], event["kind"], event["epoch"]) for event in told["events"]] == [
        (0, "start", 1),
        (1, "save", 1),
        (2, "save", 1),
        (3, "save", 1),
    ]
    assert [json.loads(event["body"]) for event in told["events"][1:]] == bodies
    assert [event["head"][:16] for event in told["events"][1:]] == receipts
    assert told["events"][1]["received_at"] == "2026-11-09T01:00:00.000000Z"
    assert (told["sitting"], told["part"], told["candidate_number"]) == (exam_page.sitting.public_id, "general", "001")
    assert (told["receipt_code"], told["uncounted"], told["head"]) == (None, [], told["events"][-1]["head"])


def test_the_chain_can_be_computed_again_from_it_alone(exam_page: Page) -> None:
    exam_page.save(1, [choice(exam_page, 2)])
    exam_page.browser.post(exam_page.address + "/submit")
    told = history(exam_page)
    head = hashlib.sha256(b"examsite/v1/genesis").digest()
    for event in told["events"]:
        content = {name: event[name] for name in ("body", "epoch", "received_at", "seq")} | {"sitting": told["sitting"]}
        bound = canonical.to_bytes(content)
        commitment = hashlib.sha256(f"examsite/v1/{event['committed_as']}".encode() + bytes.fromhex(event["salt"]) + bound).digest()
        head = hashlib.sha256(b"\x02" + head + commitment).digest()
        assert (event["commitment"], event["head"]) == (commitment.hex(), head.hex())
    assert [event["kind"] for event in told["events"]] == ["start", "save", "seal"]
    assert told["receipt_code"] == hashchain.receipt_code(head)


def test_what_came_too_late_stands_apart_and_says_why(exam_page: Page, at: Callable[[datetime], None]) -> None:
    exam_page.save(1, [choice(exam_page, 1)])
    at(CLOSE + timedelta(seconds=1))
    late = [choice(exam_page, 1, 3)]
    assert exam_page.save(2, late).status_code == 410
    told = history(exam_page)
    assert [event["seq"] for event in told["events"]] == [0, 1]
    [kept] = told["uncounted"]
    assert (kept["seq"], kept["epoch"], kept["why"], json.loads(kept["body"])) == (2, 1, "late", late)
    assert kept["received_at"] == "2026-11-09T02:00:31.000000Z"


def test_what_the_chair_decided_about_it_stands_beside_it(exam_page: Page, world: World, at: Callable[[datetime], None]) -> None:
    exam_page.save(1, [choice(exam_page, 1)])
    after = CLOSE + timedelta(seconds=1)
    at(after)
    exam_page.save(2, [choice(exam_page, 2)])
    [kept] = history(exam_page)["uncounted"]
    assert (kept["state"], kept["decisions"]) == ("kept", [])
    piece = world.session.scalars(select(LateEvidence)).one()
    chair = world.role("council", "head")
    for shown, (counts, reason) in enumerate([(True, "The server stood still."), (False, "It did not.")]):
        decide_evidence(world.session, piece, counts, reason, shown, chair, after)
    world.session.commit()
    told = history(exam_page)
    [kept] = told["uncounted"]
    assert kept["state"] == "not_counted"
    decided = [(one["number"], one["counts"], one["reason"], one["decided_at"]) for one in kept["decisions"]]
    moment = "2026-11-09T02:00:31.000000Z"
    assert decided == [(1, True, "The server stood still.", moment), (2, False, "It did not.", moment)]
    links = {event["seq"]: event["kind"] for event in told["events"]}
    assert [links[one["event_seq"]] for one in kept["decisions"]] == ["admitted", "admitted"]


def test_a_destroyed_body_leaves_its_commitment(exam_page: Page, world: World) -> None:
    exam_page.save(1, [choice(exam_page, 1)])
    world.session.execute(update(SittingEvent).where(SittingEvent.seq == 1).values(body=None, salt=None))
    world.session.commit()
    told = history(exam_page)["events"][1]
    assert (told["body"], told["salt"]) == (None, None)
    assert len(told["commitment"]) == 64


@pytest.mark.parametrize("closed", [False, True])
def test_nobody_else_sees_it(
    exam_page: Page, world: World, open_page: Callable[..., Page], browse: Callable[..., Browser], closed: bool
) -> None:
    exam_page.save(1, [choice(exam_page, 1)])
    if closed:
        exam_page.browser.post(exam_page.address + "/submit")
    address = exam_page.address + "/history"
    assert open_page("002").browser.get(address).status_code == 404
    assert browse().get(address).status_code == 303
    assert browse(world.role("invigilation").account).get(address).status_code == 403


def test_a_sitting_that_does_not_exist_has_none(exam_page: Page) -> None:
    assert exam_page.browser.get("/exam/nothing/history").status_code == 404


def test_it_is_whole_long_after_the_part(exam_page: Page, at: Callable[[datetime], None], browse: Callable[..., Browser]) -> None:
    exam_page.save(1, [choice(exam_page, 1)])
    before = history(exam_page)
    at(NOW + timedelta(hours=5))
    assert history(exam_page)["events"] == before["events"]
