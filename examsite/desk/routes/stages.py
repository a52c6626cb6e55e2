"""The stages of one campaign: what is missing, the next step, a step back."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from markupsafe import Markup

from examsite.access import staff
from examsite.accounts.current import me
from examsite.campaigns import navigation
from examsite.campaigns.permissions import may_edit_campaign
from examsite.campaigns.queries import rule_set
from examsite.campaigns.roles import role_in
from examsite.desk import operations, permissions, queries, stages
from examsite.desk.forms import AdvanceForm, StepBackForm
from examsite.desk.line import stage_line
from examsite.desk.routes import blueprint
from examsite.portions import portion
from examsite.web.asked import asked_page
from examsite.web.context import db, now
from examsite.web.forms import saved
from examsite.wording import say

MOST_POSITIONS = 30
navigation.register("desk.campaign_stages", _("Stages"), place=0)


@blueprint.get("/campaigns/<campaign_id>")
@staff()
def campaign_stages(campaign_id: str) -> ResponseReturnValue:
    """The page one lands on: what is missing before the next step, with links to where it is mended."""
    return _page(campaign_id, AdvanceForm(), StepBackForm())


@blueprint.post("/campaigns/<campaign_id>/stages/advance")
@staff()
def advance(campaign_id: str) -> ResponseReturnValue:
    """Take the next step."""
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_advance(role))
    form = AdvanceForm()
    if form.validate_on_submit():
        with form.refusals():
            reached = operations.advance(db(), role, form.stage.data or "", now())
            return saved(url_for("desk.campaign_stages", campaign_id=campaign_id), "desk.moved", stage=say(f"stage.{reached}"))
    return _page(campaign_id, form, StepBackForm())


@blueprint.post("/campaigns/<campaign_id>/stages/back")
@staff()
def step_back(campaign_id: str) -> ResponseReturnValue:
    """Take one step back, with a reason."""
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_step_back(role))
    form = StepBackForm()
    if form.validate_on_submit():
        with form.refusals():
            reached = operations.step_back(db(), role, form.stage.data or "", form.reason.data or "", now())
            return saved(url_for("desk.campaign_stages", campaign_id=campaign_id), "desk.moved_back", stage=say(f"stage.{reached}"))
    return _page(campaign_id, AdvanceForm(), form)


def _page(campaign_id: str, advance_form: AdvanceForm, back_form: StepBackForm) -> ResponseReturnValue:
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_see_stages(role))
    campaign, rules = role.campaign, rule_set(role.campaign)
    page = render_template(
        "desk/stages.html",
        role=role,
        campaign=campaign,
        rules=rules,
        needs=stages.needs(db(), campaign, now()),
        pages={tab.endpoint for tab in navigation.tabs_for(role)},
        coming=stages.next_stage(campaign, rules),
        earlier=stages.previous_stage(campaign, rules),
        part=portion(queries.funnels(db(), campaign), asked_page(), MOST_POSITIONS),
        short=queries.short_positions(db(), campaign),
        history=queries.history(db(), campaign),
        may_edit=may_edit_campaign(role) and campaign.stage == "draft",
        may_advance=permissions.may_advance(role),
        may_step_back=permissions.may_step_back(role),
        advance_form=advance_form,
        back_form=back_form,
    )
    return page, max(advance_form.status, back_form.status)


@blueprint.app_context_processor
def stage_line_of_pages() -> dict[str, object]:
    """Every campaign page can draw the line of stages."""
    return {"stage_line": lambda campaign: Markup(render_template("desk/_stages.html", chapters=stage_line(campaign)))}  # noqa: S704 - our own template
