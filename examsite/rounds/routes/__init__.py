"""Pages of the exam: the candidate's rooms, the staff's sessions, and what is open to anybody."""

from flask import Blueprint

blueprint = Blueprint("rounds", __name__)

from examsite.rounds.routes import (  # noqa: E402, F401 - they put their views on the blueprint
    allocation,
    check_in,
    devices,
    draws,
    evidence,
    exam_rooms,
    history,
    incidents,
    items,
    live,
    minutes,
    postponing,
    practice,
    receipts,
    room_lists,
    save,
    sealing,
    seat_lists,
    sessions,
    sitting,
    time,
)
