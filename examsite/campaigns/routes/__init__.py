"""The pages of this room."""

from flask import Blueprint

blueprint = Blueprint("campaigns", __name__)

from examsite.campaigns.routes import (  # noqa: E402
    applications,  # noqa: F401 - each puts its views on the blueprint
    boards,  # noqa: F401
    campaigns,  # noqa: F401
    documents,  # noqa: F401
    dossiers,  # noqa: F401
    intake,  # noqa: F401
    life,  # noqa: F401
    listing,  # noqa: F401
    numbers,  # noqa: F401
    outgoing,  # noqa: F401
    position_lists,  # noqa: F401
    positions,  # noqa: F401
    rule_sets,  # noqa: F401
    rules,  # noqa: F401
    screening,  # noqa: F401
    seat_lists,  # noqa: F401
    second,  # noqa: F401
    together,  # noqa: F401
    unit_lists,  # noqa: F401
    units,  # noqa: F401
    year_lists,  # noqa: F401
)
