"""The units of the house."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from examsite.access import hr_officer, staff
from examsite.accounts.current import me
from examsite.campaigns import permissions
from examsite.campaigns.forms.units import UnitForm
from examsite.campaigns.models import Unit
from examsite.campaigns.operations import units as operations
from examsite.campaigns.queries import units as queries
from examsite.campaigns.routes import blueprint
from examsite.portions import portion
from examsite.rules.refusal import NotFound, Refused
from examsite.web.asked import asked_page
from examsite.web.context import db, now
from examsite.web.forms import saved, typed

MOST_ON_A_PAGE = 200


@blueprint.get("/units")
@staff()
def units() -> ResponseReturnValue:
    """The tree of units."""
    every, wanted = queries.tree(db()), request.args.get("q", "").strip()
    found = queries.narrowed(every, wanted) if wanted else every
    page = portion(found, asked_page(), MOST_ON_A_PAGE)
    may_edit = permissions.may_edit_units(me())
    return render_template("campaigns/units.html", every=len(every), wanted=wanted, part=page, may_edit=may_edit)


@blueprint.route("/units/new", methods=["GET", "POST"])
@hr_officer
def new_unit() -> ResponseReturnValue:
    """Add a unit."""
    form = UnitForm()
    branches = queries.tree(db())
    form.offer_parents(branches)
    if form.validate_on_submit():
        with form.refusals():
            operations.create(db(), typed(form.code), typed(form.name), _parent(form), me(), now())
            return saved(url_for("campaigns.units"), "campaigns.unit_created")
    return render_template("campaigns/unit.html", form=form, unit=None), form.status


@blueprint.route("/units/<unit_id>", methods=["GET", "POST"])
@hr_officer
def unit(unit_id: str) -> ResponseReturnValue:
    """Rename or move a unit."""
    found = queries.unit_by_public_id(db(), unit_id)
    form = UnitForm(**_standing(found), seen=operations.shown(found))
    own = queries.beneath(db(), found)
    form.offer_parents([branch for branch in queries.tree(db()) if branch.unit.id not in own])
    if form.validate_on_submit():
        with form.refusals():
            operations.edit(db(), found, typed(form.code), typed(form.name), _parent(form), me(), now(), seen=typed(form.seen))
            return saved(url_for("campaigns.units"), "campaigns.unit_changed")
    form.catch_up(operations.shown(found), _standing(found))
    return render_template("campaigns/unit.html", form=form, unit=found), form.status


def _standing(unit: Unit) -> dict[str, str]:
    return {"name": unit.name, "code": unit.code, "parent": unit.parent.public_id if unit.parent else ""}


def _parent(form: UnitForm) -> Unit | None:
    if not typed(form.parent):
        return None
    try:
        return queries.unit_by_public_id(db(), typed(form.parent))
    except NotFound as error:
        raise Refused("campaigns.unit_unknown", field="parent") from error
