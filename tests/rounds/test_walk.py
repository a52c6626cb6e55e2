"""One candidate from the waiting room to the receipt, over HTTP."""

import re
from collections.abc import Callable

from tests.client import Browser
from tests.rounds.world import World


def test_from_the_waiting_room_to_the_receipt(world: World, browse: Callable[..., Browser]) -> None:
    browser = browse(world.candidates["001"])
    assert browser.get("/exam").status_code == 200
    assert browser.get("/exam/state").json["can_start"] is True
    room = browser.post("/exam/start/general").location
    page = browser.get(room)
    assert page.status_code == 200
    assert browser.post(room + "/submit", {"last_seq": "0"}).status_code == 303
    receipt = browser.get(room + "/receipt")
    assert receipt.status_code == 200
    assert browser.get(room + "/review").status_code == 303
    code = re.search(r"[A-Z2-7]{5}(-[A-Z2-7]{5,6})+", receipt.text)
    assert code is not None
    assert browse().get("/receipt?code=" + code.group(0)).status_code == 200
