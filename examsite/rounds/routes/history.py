"""Everything that a candidate did in one sitting, for the candidate alone: during the part, and for good afterwards.

Whoever holds it can compute the chain again without us. An event is bound by `commitment = SHA256("examsite/v1/" + committed_as ‖ salt ‖
content)`, where the content is canonical JSON of body, epoch, received_at, seq and sitting, and by `head = SHA256(0x02 ‖ head before ‖
commitment)`, beginning with SHA256("examsite/v1/genesis"). The receipt code is the first 130 bits of the head of the last
sealing in base32; what was decided about late evidence follows it.
"""

from datetime import UTC, datetime
from typing import Any

from flask import Response

from examsite.access import candidate
from examsite.accounts.current import me
from examsite.rounds.queries.history import Decision, HistoryEvent, Uncounted, history
from examsite.rounds.queries.sittings import is_withheld, my_sitting
from examsite.rounds.routes import blueprint
from examsite.rounds.routes.replies import iso_or_none, json_reply
from examsite.web.context import db, now


@blueprint.get("/exam/<sitting_id>/history")
@candidate
def exam_history(sitting_id: str) -> Response:
    """Every stored save with its time and its place in the chain, and what was kept without counting, with what was decided about it.

    In a pause it waits for the end, as the answers do.
    """
    sitting = my_sitting(db(), me(), sitting_id)
    if is_withheld(sitting, now()):
        return json_reply(423, {"outcome": "paused", "paused_since": iso_or_none(sitting.paused_since)})
    found = history(db(), sitting)
    return json_reply(
        200,
        {
            "sitting": found.sitting,
            "part": found.part,
            "candidate_number": found.candidate_number,
            "events": [_event(event) for event in found.events],
            "head": found.head.hex(),
            "receipt_code": found.receipt_code,
            "uncounted": [_uncounted(kept) for kept in found.uncounted],
        },
    )


def _event(event: HistoryEvent) -> dict[str, Any]:
    return {
        "seq": event.seq,
        "epoch": event.epoch,
        "kind": event.kind,
        "committed_as": event.committed_as,
        "received_at": _exactly(event.received_at),
        "body": event.body,
        "salt": None if event.salt is None else event.salt.hex(),
        "commitment": event.commitment.hex(),
        "head": event.head.hex(),
    }


def _uncounted(kept: Uncounted) -> dict[str, Any]:
    piece = {"seq": kept.seq, "epoch": kept.epoch, "why": kept.why, "received_at": _exactly(kept.received_at), "body": kept.body}
    return piece | {"state": kept.state, "decisions": [_decision(one) for one in kept.decisions]}


def _decision(one: Decision) -> dict[str, Any]:
    return {
        "number": one.number,
        "counts": one.counts,
        "reason": one.reason,
        "decided_at": _exactly(one.decided_at),
        "event_seq": one.event_seq,
    }


def _exactly(moment: datetime) -> str:
    """With the microseconds that the commitment binds."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
