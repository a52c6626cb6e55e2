"""Draws as they are published: that of a session's papers once it is closed, that of seats once it is confirmed."""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.rounds import seat_draw
from examsite.rounds.models import Allocation, ExamRoom, ExamSession
from examsite.rules import allocation


def published_draw(exam: ExamSession) -> dict[str, Any] | None:
    """All that a stranger needs to draw the papers again: the seed with what was kept at sealing. None before the session is closed."""
    if exam.state != "closed" or exam.draw is None or exam.seed is None:
        return None
    kept = cast("dict[str, Any]", exam.draw)
    told = {
        "campaign": exam.campaign.code,
        "rules": exam.campaign.rules_hash,
        "session": exam.name,
        "opens_at": exam.opens_at,
        "seed": exam.seed,
        "seed_commitment": exam.seed_commitment,
    }
    return {**kept, **told}


def published_seats(found: Allocation) -> dict[str, Any] | None:
    """A draw of seats by candidate number, without a name: seed, order of the lots, seats. None before it is confirmed.

    With `given` a stranger repeats the seats as well. It is left out, with its digest, where somebody needs something special of a room:
    numbers stand beside names in public lists, and a short list of needs is guessed from its digest.
    """
    if found.state not in ("confirmed", "replaced"):
        return None
    given = seat_draw.given_in(found.given)
    sitting = [one.number for one in given.candidates if one.parts]
    told: dict[str, Any] = {
        "format": seat_draw.FORMAT,
        "algorithm": allocation.LABEL,
        "campaign": found.campaign.code,
        "label": found.label,
        "seed": found.seed,
        "seed_commitment": found.seed_commitment,
        "order": list(allocation.order_of_lots(bytes.fromhex(found.seed), found.label, sitting)),
        "seats": found.seats,
        "seats_digest": found.seats_digest,
    }
    if any(one.needs for one in given.candidates):
        return told
    return {**told, "given": found.given, "given_digest": found.given_digest}


def names_of_places(session: Session, seats: Mapping[str, list[str]]) -> dict[str, str]:
    """What sessions and rooms of drawn seats are called, by public id."""
    exams = select(ExamSession.public_id, ExamSession.name).where(ExamSession.public_id.in_({place[0] for place in seats.values()}))
    rooms = select(ExamRoom.public_id, ExamRoom.code).where(ExamRoom.public_id.in_({place[1] for place in seats.values()}))
    return {found: name for query in (exams, rooms) for found, name in session.execute(query)}
