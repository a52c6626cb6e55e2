"""JSON replies of the exam room: moments in UTC with their Z, and the server's time in every one."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Response, current_app

from examsite.web.context import now

RECEIPT_DIGITS = 16


def iso(moment: datetime) -> str:
    """A moment as pages read it: ISO 8601 in UTC with milliseconds and Z."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def iso_or_none(moment: datetime | None) -> str | None:
    """The same for a moment that may not be known yet."""
    return None if moment is None else iso(moment)


def json_reply(status: int, body: Mapping[str, Any]) -> Response:
    """A reply with the server's time."""
    return current_app.response_class(json.dumps(timed(body, now())), status, mimetype="application/json")


def timed(body: Mapping[str, Any], moment: datetime) -> dict[str, Any]:
    """What a reply says, and when."""
    return {**body, "server_now": iso(moment)}


def stored_told(outcome: str, seq: int, deadline: datetime, receipt: bytes, state: str) -> dict[str, Any]:
    """What the page learns of a save that is stored, now or before."""
    return {"outcome": outcome, "seq": seq, "deadline": iso(deadline), "state": state, "receipt": receipt.hex()[:RECEIPT_DIGITS]}
