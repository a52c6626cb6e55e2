"""The positions of a campaign, with their criteria."""

from collections.abc import Callable
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from examsite.access import staff
from examsite.accounts.current import me
from examsite.campaigns import permissions
from examsite.campaigns import queries as room_queries
from examsite.campaigns.forms.positions import PositionForm, ShortageForm, filled_with
from examsite.campaigns.models import Position, Unit
from examsite.campaigns.navigation import register
from examsite.campaigns.operations import positions as operations
from examsite.campaigns.operations import shortages
from examsite.campaigns.operations.campaigns import in_draft
from examsite.campaigns.queries import positions as queries
from examsite.campaigns.queries import rule_set, units
from examsite.campaigns.queries.chair import chairs_of
from examsite.campaigns.queries.shortages import Turnout, decidable, turnouts
from examsite.campaigns.roles import Role, role_in
from examsite.campaigns.routes import blueprint
from examsite.portions import portion
from examsite.rules.policy import RuleEntry, entry_of
from examsite.rules.refusal import NotFound, Refused
from examsite.sorting import in_order
from examsite.vietnamese import title_sort_key
from examsite.web.asked import asked_order, asked_page
from examsite.web.context import db, now
from examsite.web.forms import saved, typed

MOST_ON_A_PAGE = 50
register("campaigns.positions", _("Positions"), place=10)


@blueprint.get("/campaigns/<campaign_id>/positions")
@staff()
def positions(campaign_id: str) -> ResponseReturnValue:
    """All positions of a campaign."""
    role = role_in(db(), me(), campaign_id)
    every, wanted = queries.positions_of(db(), role.campaign), request.args.get("q", "").strip()
    found, eligible = queries.narrowed(every, wanted) if wanted else every, _turnouts(role)
    short = request.args.get("show", "") == "short"
    if short:
        found = [one for one in found if one.id in eligible and eligible[one.id].waits]
    keys = _keys(eligible)
    order = asked_order(keys, "code")
    return render_template(
        "campaigns/positions.html",
        role=role,
        positions=every,
        wanted=wanted,
        short=short,
        order=order,
        part=portion(in_order(found, order, keys), asked_page(), MOST_ON_A_PAGE),
        languages_of=_languages(role),
        may_edit=_may_edit(role),
        may_take_out=permissions.may_edit_positions(role),
        turnouts=eligible,
        least=_least(role),
    )


@blueprint.route("/campaigns/<campaign_id>/positions/new", methods=["GET", "POST"])
@staff("hr")
def new_position(campaign_id: str) -> ResponseReturnValue:
    """Add a position."""
    role = _hr_of_a_draft(campaign_id)
    form = PositionForm(quota=1)
    form.offer(units.tree(db()), rule_set(role.campaign))
    if form.validate_on_submit():
        with form.refusals():
            position = operations.add(db(), role, form.facts(_unit(form)), form.added_texts, now())
            address = url_for("campaigns.position", campaign_id=campaign_id, position_id=position.public_id)
            return saved(address, "campaigns.position_created")
    return render_template("campaigns/edit_position.html", role=role, form=form, position=None), form.status


@blueprint.get("/campaigns/<campaign_id>/positions/<position_id>")
@staff()
def position(campaign_id: str, position_id: str) -> ResponseReturnValue:
    """One position with its criteria."""
    role = role_in(db(), me(), campaign_id)
    return _page(role, queries.position_by_public_id(db(), role.campaign, position_id), ShortageForm(formdata=None))


@blueprint.post("/campaigns/<campaign_id>/positions/<position_id>/shortage")
@staff("council")
def decide_shortage(campaign_id: str, position_id: str) -> ResponseReturnValue:
    """Decide about a position with fewer candidates than the rules ask for."""
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_decide_shortage(role))
    found = queries.position_by_public_id(db(), role.campaign, position_id)
    form = ShortageForm()
    if form.validate_on_submit():
        with form.refusals():
            shortages.decide_shortage(db(), role, found, typed(form.outcome), typed(form.reason), now())
            return saved(url_for("campaigns.position", campaign_id=campaign_id, position_id=position_id), "campaigns.shortage_decided")
    return _page(role, found, form)


@blueprint.route("/campaigns/<campaign_id>/positions/<position_id>/edit", methods=["GET", "POST"])
@staff("hr")
def edit_position(campaign_id: str, position_id: str) -> ResponseReturnValue:
    """Change a position of a draft."""
    role = _hr_of_a_draft(campaign_id)
    found = queries.position_by_public_id(db(), role.campaign, position_id)
    form = PositionForm(data=filled_with(found) | {"seen": operations.shown(found)})
    form.offer(units.tree(db()), rule_set(role.campaign))
    if form.validate_on_submit():
        with form.refusals():
            operations.edit(db(), role, found, form.facts(_unit(form)), form.kept_texts, form.added_texts, now(), seen=typed(form.seen))
            return saved(url_for("campaigns.position", campaign_id=campaign_id, position_id=position_id), "campaigns.position_changed")
    form.catch_up_with(found)
    return render_template("campaigns/edit_position.html", role=role, form=form, position=found), form.status


@blueprint.post("/campaigns/<campaign_id>/positions/<position_id>/remove")
@staff("hr")
def remove_position(campaign_id: str, position_id: str) -> ResponseReturnValue:
    """Take a position out of a draft."""
    role = _hr_of_a_draft(campaign_id)
    operations.remove(db(), role, queries.position_by_public_id(db(), role.campaign, position_id), now())
    return saved(url_for("campaigns.positions", campaign_id=campaign_id), "campaigns.position_removed")


def _page(role: Role, found: Position, form: ShortageForm) -> ResponseReturnValue:
    turnout = _turnouts(role).get(found.id)
    page = render_template(
        "campaigns/position.html",
        role=role,
        position=found,
        languages_of=_languages(role),
        may_edit=_may_edit(role),
        turnout=turnout,
        least=_least(role),
        closure=queries.closure_of(db(), found),
        may_close=permissions.may_close_positions(role) and queries.why_not_close(db(), found) is None,
        may_decide=permissions.may_decide_shortage(role)
        and turnout is not None
        and turnout.short
        and not turnout.undecided
        and decidable(role.campaign),
        decider=chairs_of(db(), role.campaign).decider(),
        form=form,
    )
    return page, form.status


def _turnouts(role: Role) -> dict[int, Turnout]:
    """How many are eligible for each position, while that can still change something; empty before applications are taken in."""
    return {one.position.id: one for one in turnouts(db(), role.campaign)} if role.campaign.reached("applications") else {}


def _keys(turned_out: dict[int, Turnout]) -> dict[str, Callable[[Position], Any]]:
    """What the columns of the list are sorted by; a position that was closed has nobody who is eligible."""
    keys: dict[str, Callable[[Position], Any]] = {
        "title": lambda one: title_sort_key(one.title),
        "code": lambda one: one.code,
        "unit": lambda one: title_sort_key(one.unit.name),
        "seats": lambda one: one.quota,
        "criteria": lambda one: len(one.criteria),
    }
    if turned_out:
        keys["eligible"] = lambda one: turned_out[one.id].eligible if one.id in turned_out else None
    return keys


def _least(role: Role) -> RuleEntry:
    """The rule that asks for a number of candidates."""
    return entry_of(room_queries.entries(role.campaign), "positions.min_candidates")


def _hr_of_a_draft(campaign_id: str) -> Role:
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_edit_positions(role))
    in_draft(role.campaign)
    return role


def _may_edit(role: Role) -> bool:
    return permissions.may_edit_positions(role) and role.campaign.stage == "draft"


def _languages(role: Role) -> dict[str, object]:
    return {language.id: language.name for language in rule_set(role.campaign).round1.languages}


def _unit(form: PositionForm) -> Unit:
    try:
        return units.unit_by_public_id(db(), typed(form.unit))
    except NotFound as error:
        raise Refused("campaigns.unit_unknown", field="unit") from error
