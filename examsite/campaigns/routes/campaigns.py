"""My campaigns, a new one, the page of each."""

from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from examsite import policies
from examsite.access import hr_officer, staff
from examsite.accounts.current import me
from examsite.accounts.permissions import may_create_campaigns
from examsite.campaigns import permissions
from examsite.campaigns.forms.campaigns import CampaignForm, NewCampaignForm
from examsite.campaigns.navigation import Tab, register, tabs_for
from examsite.campaigns.operations import campaigns as operations
from examsite.campaigns.queries import boards as board_queries
from examsite.campaigns.queries import campaigns as queries
from examsite.campaigns.queries.positions import positions_of
from examsite.campaigns.roles import Role, role_in
from examsite.campaigns.routes import blueprint
from examsite.web.context import db, now
from examsite.web.forms import saved, typed

register("campaigns.overview", _("Overview"), place=0)


@blueprint.get("/campaigns")
@staff()
def campaign_list() -> ResponseReturnValue:
    """The campaigns in which I sit on a board."""
    mine = queries.my_campaigns(db(), me())
    seats = queries.seats_to_fill(db(), [campaign for campaign, _boards in mine])
    return render_template("campaigns/list.html", mine=mine, seats=seats, may_create=may_create_campaigns(me()))


@blueprint.route("/campaigns/new", methods=["GET", "POST"])
@hr_officer
def new_campaign() -> ResponseReturnValue:
    """Open a campaign under one of the rule sets."""
    form = NewCampaignForm(organisation=current_app.config["ORGANISATION"])
    form.offer_zones(current_app.config["TIME_ZONE"])
    if form.validate_on_submit():
        with form.refusals():
            campaign = operations.create(db(), form.facts, typed(form.rule_set), me(), now())
            return saved(url_for("campaigns.overview", campaign_id=campaign.public_id), "campaigns.created")
    sets = [policies.load(set_id) for set_id in policies.available()]
    return render_template("campaigns/new.html", form=form, sets=sorted(sets, key=lambda known: not known.rules.runnable)), form.status


@blueprint.get("/campaigns/<campaign_id>")
@staff()
def overview(campaign_id: str) -> ResponseReturnValue:
    """The page of a campaign: what it is, its positions, its boards."""
    role = role_in(db(), me(), campaign_id)
    return render_template(
        "campaigns/overview.html",
        role=role,
        may_edit=permissions.may_edit_campaign(role) and role.campaign.stage == "draft",
        positions=positions_of(db(), role.campaign),
        seats=board_queries.seats(db(), role.campaign) if permissions.may_read_boards(role) else None,
        changes=len(queries.changes_of(db(), role.campaign)),
        set_name=policies.load(role.campaign.rule_set).rules.name,
    )


@blueprint.route("/campaigns/<campaign_id>/edit", methods=["GET", "POST"])
@staff("hr")
def edit_campaign(campaign_id: str) -> ResponseReturnValue:
    """Change the facts of a draft."""
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_edit_campaign(role))
    operations.in_draft(role.campaign)
    form = CampaignForm(obj=role.campaign)
    form.offer_zones(current_app.config["TIME_ZONE"])
    if form.validate_on_submit():
        with form.refusals():
            operations.edit(db(), role, form.facts, now())
            return saved(url_for("campaigns.overview", campaign_id=campaign_id), "campaigns.changed")
    return render_template("campaigns/edit.html", role=role, form=form), form.status


@blueprint.app_template_global()
def campaign_tabs(role: Role) -> list[Tab]:
    """The pages of a campaign that this person's boards open, of the rooms that this app has, for the frame."""
    return [tab for tab in tabs_for(role) if tab.endpoint in current_app.view_functions]
