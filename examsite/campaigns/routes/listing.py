"""The list of applications, by everything it can be narrowed by, and the views that people keep of it."""

import json
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from examsite.access import staff
from examsite.accounts.current import me
from examsite.campaigns import permissions
from examsite.campaigns.forms.searching import ApplicationSearchForm, ViewForm
from examsite.campaigns.navigation import register
from examsite.campaigns.operations import dossiers as operations
from examsite.campaigns.queries import applications as queries
from examsite.campaigns.queries import dossiers, rule_set
from examsite.campaigns.queries.filters import Search
from examsite.campaigns.queries.numbers import number_counts
from examsite.campaigns.queries.positions import positions_of
from examsite.campaigns.queries.screening import all_grounds, why_closed
from examsite.campaigns.roles import Role, role_in
from examsite.campaigns.routes import blueprint
from examsite.web.asked import asked_page
from examsite.web.context import db, now
from examsite.web.forms import saved, typed

READERS = ("hr", "council", "supervision")
register("campaigns.applications", _("Applications"), place=35, boards=READERS)
blueprint.add_app_template_filter(queries.masked, "masked")


@blueprint.get("/campaigns/<campaign_id>/applications")
@staff(*READERS)
def applications(campaign_id: str) -> ResponseReturnValue:
    """The list."""
    return list_page(reading(campaign_id))


@blueprint.post("/campaigns/<campaign_id>/applications/views")
@staff(*READERS)
def save_view(campaign_id: str) -> ResponseReturnValue:
    """Keep the present filters under a name."""
    role = reading(campaign_id)
    form = ViewForm()
    search = Search.of(as_filters(typed(form.filters)))
    if form.validate_on_submit():
        with form.refusals():
            view = operations.save_view(db(), role, typed(form.name), search.filters, now())
            return saved(_address(role, search), "dossiers.view_saved", name=view.name)
    return list_page(role, form, search)


@blueprint.post("/campaigns/<campaign_id>/applications/views/<view_id>/drop")
@staff(*READERS)
def drop_view(campaign_id: str, view_id: str) -> ResponseReturnValue:
    """Forget a view of one's own."""
    role = reading(campaign_id)
    view = dossiers.view_of(db(), role, view_id)
    operations.drop_view(db(), role, view)
    return saved(_address(role, Search()), "dossiers.view_dropped", name=view.name)


def reading(campaign_id: str) -> Role:
    """The role of somebody who may read the applications."""
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_read_applications(role))
    return role


def list_page(role: Role, keeping: ViewForm | None = None, search: Search | None = None) -> ResponseReturnValue:
    """The page of the list; a view that could not be kept stands on it with its fault."""
    form = search_form(role, search)
    wanted = search or form.search(asked_page())
    found = queries.search(db(), role.campaign, wanted, by_identity=permissions.may_screen(role))
    page = render_template(
        "campaigns/applications.html",
        role=role,
        form=form,
        found=found,
        wanted=wanted,
        address=_as_typed(wanted),
        filters=json.dumps(wanted.filters),
        noted=dossiers.note_counts(db(), role.campaign, [one.id for one in found.applications]),
        states=queries.counts_by_state(db(), role.campaign),
        counts=number_counts(db(), role.campaign),
        closed=why_closed(db(), role.campaign),
        may_screen=permissions.may_screen(role),
        may_classify=permissions.may_keep_dossiers(role) and role.campaign.stage != "closed",
        views=[(view, _address(role, Search.of(dict(view.filters)))) for view in dossiers.views_of(db(), role)],  # type: ignore[call-overload]
        keeping=keeping or ViewForm(formdata=None),
    )
    return page, keeping.status if keeping else 200


def search_form(role: Role, search: Search | None = None) -> ApplicationSearchForm:
    """The filters with what this campaign offers, filled from a search or from the address."""
    form = ApplicationSearchForm(request.args) if search is None else ApplicationSearchForm(formdata=None, data=_as_typed(search))
    form.offer(positions_of(db(), role.campaign), all_grounds(rule_set(role.campaign)))
    return form


def as_filters(text: str) -> dict[str, str]:
    """Filters as a page carried them on; what is no such text, or none that a database or a file holds, narrows nothing."""
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):  # the latter from thousands of brackets
        return {}
    return {name: value for name, value in found.items() if _holdable(value)} if isinstance(found, dict) else {}


def _holdable(value: object) -> bool:
    """Whether it is a text without what JSON can spell and nobody can type: a NUL, half of a pair of surrogates."""
    return isinstance(value, str) and not any(one == "\0" or "\ud800" <= one <= "\udfff" for one in value)


def _as_typed(search: Search) -> dict[str, Any]:
    """The filters by the names of the form's fields."""
    return {"q" if name == "text" else name: value for name, value in search.filters.items()}


def _address(role: Role, search: Search) -> str:
    return url_for("campaigns.applications", campaign_id=role.campaign.public_id, **_as_typed(search))
