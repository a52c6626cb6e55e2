"""Pages that cross the rooms."""

from flask import Blueprint

blueprint = Blueprint("desk", __name__)

from examsite.desk.routes import candidate, front, home, log, site, stages  # noqa: E402, F401 - they hang their views on the blueprint
