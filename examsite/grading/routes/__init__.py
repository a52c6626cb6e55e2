"""The pages of panels, score sheets and codes."""

from flask import Blueprint

blueprint = Blueprint("grading", __name__)

from examsite.grading.routes import attendance, codes, conflicts, figures, interviews, panels, room, seats, sheets  # noqa: E402, F401 - they put their views on the blueprint
