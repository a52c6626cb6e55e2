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

    With `given` a stranger repeats the seats as well; it never tells the parts that somebody sits, since an exemption stands at most in a
    list that the rule set has published later (`seat_draw.without_parts`). Where somebody needs something special of a room, nobody's
    place is told, nor a digest that a guess could be held against: one place that is missing, or lies in a reserved room, would name who
    it is, for numbers stand beside names in public lists. Those who came later are few, so that their places are never told: a draw of
    theirs told apart from another would say as much. What remains is the order of the lots, which seed, label and numbers repeat.
    """
    if found.state not in ("confirmed", "replaced"):
        return None
    given = seat_draw.without_parts(seat_draw.given_in(found.given))
    sitting = [one.number for one in given.candidates]
    told: dict[str, Any] = {
        "format": seat_draw.FORMAT,
        "algorithm": allocation.LABEL,
        "campaign": found.campaign.code,
        "label": found.label,
        "seed": found.seed,
        "seed_commitment": found.seed_commitment,
        "order": list(allocation.order_of_lots(bytes.fromhex(found.seed), found.label, sitting)),
    }
    if found.kind != "whole" or any(one.needs for one in given.candidates):
        return told
    return {**told, "given": given.content, "seats": found.seats, "seats_digest": found.seats_digest}


def names_of_places(session: Session, seats: Mapping[str, list[str]]) -> dict[str, str]:
    """What sessions and rooms of drawn seats are called, by public id."""
    exams = select(ExamSession.public_id, ExamSession.name).where(ExamSession.public_id.in_({place[0] for place in seats.values()}))
    rooms = select(ExamRoom.public_id, ExamRoom.code).where(ExamRoom.public_id.in_({place[1] for place in seats.values()}))
    return {found: name for query in (exams, rooms) for found, name in session.execute(query)}
