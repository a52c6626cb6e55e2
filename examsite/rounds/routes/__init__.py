"""Pages of the exam: the candidate's rooms, the staff's sessions, and what is open to anybody."""

from flask import Blueprint

blueprint = Blueprint("rounds", __name__)

from examsite.rounds.routes import receipts, save, sitting  # noqa: E402, F401 - the views register themselves on the blueprint above
