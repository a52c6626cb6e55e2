"""Pages of the exam: the candidate's rooms, the staff's sessions, and what is open to anybody."""

from flask import Blueprint

blueprint = Blueprint("rounds", __name__)

from examsite.rounds.routes import devices, draws, evidence, history, items, receipts, save, sealing, sessions, sitting  # noqa: E402, F401 - they put their views on the blueprint
