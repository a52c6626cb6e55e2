"""What the public sees, without an account."""

from flask import render_template
from flask.typing import ResponseReturnValue

from examsite.access import public
from examsite.campaigns.queries import rule_set
from examsite.campaigns.queries.positions import closures
from examsite.campaigns.queries.shortages import decisions
from examsite.desk import queries
from examsite.desk.routes import blueprint
from examsite.rounds.queries.lots import public_allocations
from examsite.rounds.queries.sessions import public_sessions
from examsite.web.context import db


@blueprint.get("/")
@public
def front() -> ResponseReturnValue:
    """Announced campaigns and the newest lists."""
    return render_template("desk/front.html", campaigns=queries.announced_campaigns(db()), lists=queries.latest_lists(db()))


@blueprint.get("/public/<campaign_id>")
@public
def public_campaign(campaign_id: str) -> ResponseReturnValue:
    """One announced campaign: positions with their standards, the hash of its rules, its published lists."""
    campaign = queries.announced_campaign(db(), campaign_id)
    return render_template(
        "desk/public_campaign.html",
        campaign=campaign,
        positions=queries.public_positions(db(), campaign),
        lists=queries.public_lists(db(), campaign),
        decided=decisions(db(), campaign),
        closures=closures(db(), campaign),
        tells_reason="reason" in rule_set(campaign).publication.eligible,
        sessions=public_sessions(db(), campaign),
        seat_draws=public_allocations(db(), campaign),
    )
