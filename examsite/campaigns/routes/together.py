"""One act on many applications: choose the act, see what it would change, do it."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from examsite.access import staff
from examsite.campaigns.forms.searching import TogetherForm
from examsite.campaigns.models import Application
from examsite.campaigns.operations.together import act_on_many
from examsite.campaigns.queries import applications as queries
from examsite.campaigns.queries.filters import Search
from examsite.campaigns.queries.screening import why_closed
from examsite.campaigns.queries.together import ALL_MET, MOST, NOTE, Planned, plan, wordings
from examsite.campaigns.roles import Role
from examsite.campaigns.routes import blueprint
from examsite.campaigns.routes.applications import hr_of
from examsite.campaigns.routes.listing import as_filters
from examsite.rules.refusal import Refused
from examsite.web.context import db, now
from examsite.web.forms import saved, typed


@blueprint.post("/campaigns/<campaign_id>/applications/together")
@staff("hr")
def together(campaign_id: str) -> ResponseReturnValue:
    """Each step shows the next; the last one alone writes."""
    role = hr_of(campaign_id)
    form = TogetherForm()
    applications = _chosen(role, form)
    form.offer(wordings(db(), applications))
    step = typed(form.step)
    if not form.validate_on_submit():
        return _page(role, form, applications)
    if step == "do":
        with form.refusals():
            count = act_on_many(db(), role, applications, form.wanted, form.seen, now())
            return saved(url_for("campaigns.applications", campaign_id=campaign_id), "together.done", count=count)
    elif step == "show" and not _faulty(form):
        return _page(role, form, applications, plan(db(), applications, form.wanted))
    if form.refused and form.form_errors and len(form.errors) == 1:  # nothing to mend in a field: the applications have changed
        return _page(role, form, applications, plan(db(), applications, form.wanted), seen=form.seen)
    return _page(role, form, applications)


def _chosen(role: Role, form: TogetherForm) -> list[Application]:
    """Those that were ticked, those that an earlier step carried on, or all that the filters of the list find."""
    if request.form.get("whom") == "found":
        search = Search.of(as_filters(typed(form.filters)))
        return queries.all_found(db(), role.campaign, search, MOST + 1, by_identity=True)
    ticked = form.application.data or list(form.seen)
    return queries.applications_by_public_ids(db(), role.campaign, ticked)


def _faulty(form: TogetherForm) -> bool:
    wanted = form.wanted
    if not wanted.act:
        form.refuse(Refused("together.act_unknown", field="act"))
    if wanted.act not in (ALL_MET, NOTE, "") and not wanted.criterion:
        form.refuse(Refused("together.criterion_missing", field="criterion"))
    if not wanted.why.strip():
        form.refuse(Refused("together.why_missing", field="why"))
    return form.refused


def _page(
    role: Role,
    form: TogetherForm,
    applications: list[Application],
    planned: list[Planned] | None = None,
    seen: dict[str, str] | None = None,
) -> ResponseReturnValue:
    """The step that comes next. After a conflict (`seen`) those that changed since are marked and left out of the next try."""
    if not applications:
        form.refuse(Refused("together.nobody"))
    elif len(applications) > MOST:
        form.refuse(Refused("together.too_many", most=MOST))
    changed = {one.application.public_id for one in planned or () if seen is not None and seen.get(one.application.public_id) != one.stamp}
    left = [one for one in applications if one.public_id not in changed]
    form.keep(left, planned or ())
    page = render_template(
        "campaigns/together.html",
        role=role,
        form=form,
        applications=applications[:MOST],
        left=left,
        planned=planned,
        changed=changed,
        wording=wordings(db(), applications).get(typed(form.criterion), ("", 0))[0],
        closed=why_closed(db(), role.campaign),
        too_many=len(applications) > MOST,
    )
    return page, form.status
