"""My campaigns, a new one, the facts of a draft, and what the pages of each have in common."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from examsite import policies
from examsite.access import hr_officer, staff
from examsite.accounts.current import me
from examsite.accounts.permissions import may_create_campaigns
from examsite.campaigns import permissions
from examsite.campaigns.forms.campaigns import CampaignForm, NewCampaignForm
from examsite.campaigns.models import STAGES, Campaign
from examsite.campaigns.navigation import Tab, home, tabs_for
from examsite.campaigns.operations import campaigns as operations
from examsite.campaigns.queries import campaigns as queries
from examsite.campaigns.roles import Role, role_in
from examsite.campaigns.routes import blueprint
from examsite.sorting import in_order
from examsite.vietnamese import title_sort_key
from examsite.web.asked import asked_order
from examsite.web.context import db, now
from examsite.web.forms import saved, typed


@blueprint.get("/campaigns")
@staff()
def campaign_list() -> ResponseReturnValue:
    """The campaigns in which I sit on a board."""
    mine = queries.my_campaigns(db(), me())
    seats = queries.seats_to_fill(db(), [campaign for campaign, _boards in mine])
    keys = _keys(seats)
    order = asked_order(keys)
    return render_template(
        "campaigns/list.html", mine=in_order(mine, order, keys), order=order, seats=seats, may_create=may_create_campaigns(me())
    )


def _keys(seats: dict[int, tuple[int, int]]) -> dict[str, Callable[[tuple[Campaign, list[str]]], Any]]:
    """What the columns of the list are sorted by."""
    return {
        "title": lambda line: title_sort_key(line[0].title),
        "code": lambda line: title_sort_key(line[0].code),
        "stage": lambda line: STAGES.index(line[0].stage),
        "positions": lambda line: seats.get(line[0].id, (0, 0))[0],
        "seats": lambda line: seats.get(line[0].id, (0, 0))[1],
    }


@blueprint.route("/campaigns/new", methods=["GET", "POST"])
@hr_officer
def new_campaign() -> ResponseReturnValue:
    """Open a campaign under one of the rule sets."""
    form = NewCampaignForm(organisation=current_app.config["ORGANISATION"])
    form.offer_zones(current_app.config["TIME_ZONE"])
    if form.validate_on_submit():
        with form.refusals():
            campaign = operations.create(db(), form.facts, typed(form.rule_set), me(), now())
            return saved(campaign_home(campaign.public_id), "campaigns.created")
    sets = [policies.load(set_id) for set_id in policies.available()]
    return render_template("campaigns/new.html", form=form, sets=sorted(sets, key=lambda known: not known.rules.runnable)), form.status


@blueprint.route("/campaigns/<campaign_id>/edit", methods=["GET", "POST"])
@staff("hr")
def edit_campaign(campaign_id: str) -> ResponseReturnValue:
    """Change the facts of a draft."""
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_edit_campaign(role))
    operations.in_draft(role.campaign)
    form = CampaignForm(obj=role.campaign, seen=operations.shown(role.campaign))
    form.offer_zones(current_app.config["TIME_ZONE"])
    if form.validate_on_submit():
        with form.refusals():
            operations.edit(db(), role, form.facts, now(), seen=typed(form.seen))
            return saved(campaign_home(campaign_id), "campaigns.changed")
    form.catch_up(operations.shown(role.campaign), asdict(operations.facts_of(role.campaign)))
    return render_template("campaigns/edit.html", role=role, form=form), form.status


@blueprint.app_template_global()
def campaign_tabs(role: Role) -> list[Tab]:
    """The pages of a campaign that this person's boards open, of the rooms that this app has, for the frame."""
    return [tab for tab in tabs_for(role) if tab.endpoint in current_app.view_functions]


@blueprint.app_template_global()
def campaign_home(campaign_id: str) -> str:
    """The address one lands on when one opens a campaign."""
    return url_for(home(), campaign_id=campaign_id)
