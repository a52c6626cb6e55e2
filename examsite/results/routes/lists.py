"""All lists of a campaign: which stands published, which draft is open, and the button that computes one."""

from dataclasses import dataclass

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from examsite.access import staff
from examsite.accounts.current import me
from examsite.accounts.models import TwoPersonAct
from examsite.campaigns.models import Campaign
from examsite.campaigns.roles import Role, role_in
from examsite.results import permissions
from examsite.results.models import Draft, Publication
from examsite.results.operations import drafts as operations
from examsite.results.queries import drafts as draft_queries
from examsite.results.queries import publications
from examsite.results.queries.fresh import kinds_of
from examsite.results.queries.putting_forward import waiting_publication
from examsite.results.queries.standing import reopened, stage_refusal
from examsite.results.routes import blueprint
from examsite.rules.refusal import Refused
from examsite.web.context import db, now
from examsite.web.forms import ActForm, saved


@dataclass(frozen=True)
class Kind:
    """One kind of list and how it stands; `published` holds all versions, newest first, `reopened`: the newest no longer counts.

    `off_stage` says which stage it is drawn up at, where the campaign stands at another.
    """

    name: str
    published: list[Publication]
    draft: Draft | None
    waiting: TwoPersonAct | None
    drafts: list[Draft]
    reopened: bool
    off_stage: Refused | None


@blueprint.get("/campaigns/<campaign_id>/lists")
@staff("hr", "council", "supervision")
def lists(campaign_id: str) -> ResponseReturnValue:
    """Every kind of list of this campaign."""
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_read_lists(role))
    return _page(role, ActForm())


@blueprint.post("/campaigns/<campaign_id>/lists/<kind>/drafts")
@staff("hr")
def make_draft(campaign_id: str, kind: str) -> ResponseReturnValue:
    """Compute a list; an open draft that no longer holds is superseded."""
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_draft(role))
    form = ActForm()
    if form.validate_on_submit():
        with form.refusals():
            draft = operations.make_draft(db(), kind, role, now())
            address = url_for("results.draft", campaign_id=campaign_id, draft_id=draft.public_id)
            return saved(address, "results.drafted" if draft.drafted_at == now() else "results.draft_holds", number=draft.number)
    return _page(role, form)


def _page(role: Role, form: ActForm) -> ResponseReturnValue:
    found = publications(db(), role.campaign)
    drafts = draft_queries.drafts(db(), role.campaign)
    kinds = [_kind(role.campaign, name, found, drafts) for name in kinds_of(role.campaign)]
    may_draft = permissions.may_draft(role)
    return render_template("results/lists.html", role=role, kinds=kinds, form=form, may_draft=may_draft), form.status


def _kind(campaign: Campaign, name: str, published: list[Publication], drafts: list[Draft]) -> Kind:
    mine = [draft for draft in drafts if draft.kind == name]
    draft = next((draft for draft in mine if draft.state == "open"), None)
    waiting = waiting_publication(db(), draft) if draft else None
    versions = [one for one in published if one.kind == name]
    again = bool(versions) and reopened(db(), versions[0])
    return Kind(name, versions, draft, waiting, mine, again, stage_refusal(db(), campaign, name))
