"""The pages of this room."""

from flask import Blueprint

blueprint = Blueprint("campaigns", __name__)

from examsite.campaigns.routes import boards, campaigns, positions, rules, units  # noqa: E402, F401 - they put their views on the blueprint
