"""One draft: look at it, put it forward, take it back, publish it as the second person."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from examsite.access import staff
from examsite.accounts.current import me
from examsite.accounts.models import TwoPersonAct
from examsite.accounts.queries import signed_acts
from examsite.accounts.signing import proven_again
from examsite.campaigns.queries import rule_set
from examsite.campaigns.queries.positions import positions_of
from examsite.campaigns.roles import Role, role_in
from examsite.results import permissions
from examsite.results.forms import PutForwardForm
from examsite.results.models import Draft
from examsite.results.operations import publishing
from examsite.results.paging import list_page
from examsite.results.queries import current
from examsite.results.queries import drafts as queries
from examsite.results.queries.putting_forward import PUBLICATION, about, body_of, waiting_publication
from examsite.results.routes import blueprint
from examsite.results.telling import Teller
from examsite.web.asked import asked_page
from examsite.web.context import db, now
from examsite.web.forms import BaseForm, ReasonForm, SecondSignatureForm, saved, typed


@blueprint.get("/campaigns/<campaign_id>/drafts/<draft_id>")
@staff("hr", "council", "supervision")
def draft(campaign_id: str, draft_id: str) -> ResponseReturnValue:
    """A draft with every figure, its reasons, and what differs from the one before."""
    role, found = _look_up(campaign_id, draft_id)
    return _page(role, found)


@blueprint.get("/campaigns/<campaign_id>/drafts/<draft_id>/preview")
@staff("hr", "council", "supervision")
def preview(campaign_id: str, draft_id: str) -> ResponseReturnValue:
    """A draft as the public would see it."""
    role, found = _look_up(campaign_id, draft_id)
    body = body_of(db(), found, "")
    part = list_page(body["sections"], asked_page())
    return render_template("results/preview.html", role=role, draft=found, content=body, part=part, tell=Teller(rule_set(role.campaign)))


@blueprint.post("/campaigns/<campaign_id>/drafts/<draft_id>/put-forward")
@staff("hr")
def put_forward(campaign_id: str, draft_id: str) -> ResponseReturnValue:
    """Sign a draft as its first person."""
    role, found = _look_up(campaign_id, draft_id)
    role.must(permissions.may_draft(role))
    form = PutForwardForm()
    if form.validate_on_submit():
        with form.refusals():
            publishing.put_forward(db(), found, typed(form.reason), role, now())
            return saved(_address(role, found), "results.put_forward")
    return _page(role, found, put_form=form)


@blueprint.post("/campaigns/<campaign_id>/drafts/<draft_id>/take-back")
@staff("hr", "council")
def take_back(campaign_id: str, draft_id: str) -> ResponseReturnValue:
    """Withdraw a draft that waits for its second signature."""
    role, found = _look_up(campaign_id, draft_id)
    role.must(permissions.may_withdraw_publication(role))
    form = ReasonForm()
    if form.validate_on_submit():
        with form.refusals():
            publishing.take_back(db(), found, typed(form.reason), role, now())
            return saved(_address(role, found), "results.taken_back")
    return _page(role, found, back_form=form)


@blueprint.post("/campaigns/<campaign_id>/drafts/<draft_id>/publish")
@staff("council")
def publish(campaign_id: str, draft_id: str) -> ResponseReturnValue:
    """Sign a draft as its second person, which publishes it."""
    role, found = _look_up(campaign_id, draft_id)
    role.must(permissions.may_publish(role))
    form = SecondSignatureForm()
    if form.validate_on_submit():
        if not proven_again(form):
            return _page(role, found, sign_form=form)
        with form.refusals():
            publication = publishing.publish(db(), found, typed(form.digest), role, now())
            return saved(url_for("results.public_list", publication_id=publication.public_id), "results.published")
    return _page(role, found, sign_form=form)


def _look_up(campaign_id: str, draft_id: str) -> tuple[Role, Draft]:
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_read_lists(role))
    return role, queries.draft_by_public_id(db(), role.campaign, draft_id)


def _address(role: Role, found: Draft) -> str:
    return url_for("results.draft", campaign_id=role.campaign.public_id, draft_id=found.public_id)


def _page(
    role: Role,
    found: Draft,
    *,
    put_form: PutForwardForm | None = None,
    back_form: ReasonForm | None = None,
    sign_form: SecondSignatureForm | None = None,
) -> ResponseReturnValue:
    view = queries.view_of(db(), found, now())
    waiting = waiting_publication(db(), found)
    rules = rule_set(role.campaign)
    page = render_template(
        "results/draft.html",
        role=role,
        view=view,
        part=list_page(view.sections, asked_page()),
        draft=found,
        act=waiting or _signed(found),
        waiting=waiting,
        publication=queries.publication_of(db(), found),
        standing=current(db(), role.campaign, found.kind),
        rules=rules,
        tell=Teller(rules),
        positions={position.code: position for position in positions_of(db(), role.campaign)},
        put_form=put_form or PutForwardForm(formdata=None),
        back_form=back_form or ReasonForm(formdata=None),
        sign_form=sign_form or SecondSignatureForm(formdata=None),
        **_may(role, found, waiting),
    )
    forms: list[BaseForm] = [form for form in (put_form, back_form, sign_form) if form is not None]
    return page, max((form.status for form in forms), default=200)


def _signed(found: Draft) -> TwoPersonAct | None:
    signed = signed_acts(db(), PUBLICATION, about(found))
    return signed[0] if signed else None


def _may(role: Role, found: Draft, waiting: TwoPersonAct | None) -> dict[str, Any]:
    """Which of the page's forms this person is shown."""
    others = {found.drafted_by_id, waiting.first_id if waiting else None}
    return {
        "may_put_forward": permissions.may_draft(role) and found.state == "open" and waiting is None,
        "may_take_back": permissions.may_withdraw_publication(role) and waiting is not None,
        "may_publish": permissions.may_publish(role) and waiting is not None and role.account.id not in others,
        "may_draft": permissions.may_draft(role),
        "may_decide_tie": permissions.may_sign_tie(role),
    }
