"""A tie across the quota: what was compared, and the decision that two people of the council sign."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from examsite.access import staff
from examsite.accounts.current import me
from examsite.accounts.signing import proven_again
from examsite.campaigns.models import Position
from examsite.campaigns.queries import rule_set
from examsite.campaigns.queries.chair import chairs_of
from examsite.campaigns.queries.positions import position_by_public_id
from examsite.campaigns.roles import Role, role_in
from examsite.results import permissions
from examsite.results.forms import TieForm
from examsite.results.operations import ties as operations
from examsite.results.outcomes import stored
from examsite.results.queries import ties as queries
from examsite.results.queries.standing import tie_stage_refusal
from examsite.results.routes import blueprint
from examsite.results.telling import Teller
from examsite.web.context import db, now
from examsite.web.forms import ReasonForm, SecondSignatureForm, saved, typed


@blueprint.route("/campaigns/<campaign_id>/ties/<position_id>", methods=["GET", "POST"])
@staff("hr", "council", "supervision")
def tie(campaign_id: str, position_id: str) -> ResponseReturnValue:
    """The tie of one position; its chair records how it was decided."""
    role, position = _look_up(campaign_id, position_id)
    found = queries.tie_of(db(), position)
    form = _offered(TieForm(), found)
    if form.is_submitted():
        role.must(permissions.may_propose_tie(role, queries.kept_from_tie(db(), found)))
        if form.validate():
            with form.refusals():
                operations.propose_tie(db(), position, form.ordered, typed(form.document), typed(form.reason), role, now())
                return saved(_address(role, position), "results.tie_proposed")
    return _page(role, position, found, form=form)


@blueprint.post("/campaigns/<campaign_id>/ties/<position_id>/sign")
@staff("council")
def sign_tie(campaign_id: str, position_id: str) -> ResponseReturnValue:
    """Sign the decision as the second person."""
    role, position = _look_up(campaign_id, position_id)
    role.must(permissions.may_sign_tie(role))
    form = SecondSignatureForm()
    if form.validate_on_submit():
        if not proven_again(form):
            return _page(role, position, queries.tie_of(db(), position), sign_form=form)
        with form.refusals():
            operations.sign_tie(db(), position, typed(form.digest), role, now())
            return saved(_address(role, position), "results.tie_decided")
    return _page(role, position, queries.tie_of(db(), position), sign_form=form)


@blueprint.post("/campaigns/<campaign_id>/ties/<position_id>/take-back")
@staff("council")
def take_back_tie(campaign_id: str, position_id: str) -> ResponseReturnValue:
    """Withdraw a decision that waits for its second signature."""
    role, position = _look_up(campaign_id, position_id)
    role.must(permissions.may_sign_tie(role))
    form = ReasonForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.take_back_tie(db(), position, typed(form.reason), role, now())
            return saved(_address(role, position), "results.taken_back")
    return _page(role, position, queries.tie_of(db(), position), back_form=form)


def _look_up(campaign_id: str, position_id: str) -> tuple[Role, Position]:
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_read_lists(role))
    return role, position_by_public_id(db(), role.campaign, position_id)


def _address(role: Role, position: Position) -> str:
    return url_for("results.tie", campaign_id=role.campaign.public_id, position_id=position.public_id)


def _offered(form: TieForm, found: queries.Tie) -> TieForm:
    form.offer([(number, f"{number} · {name}") for number, name in queries.names_of(found).items()])
    return form


def _page(
    role: Role,
    position: Position,
    found: queries.Tie,
    *,
    form: TieForm | None = None,
    sign_form: SecondSignatureForm | None = None,
    back_form: ReasonForm | None = None,
) -> ResponseReturnValue:
    waiting = queries.waiting_tie(db(), position)
    rules, kept = rule_set(role.campaign), queries.kept_from_tie(db(), found)
    closed = tie_stage_refusal(db(), role.campaign)
    page = render_template(
        "results/tie.html",
        role=role,
        position=position,
        pending=found.pending,
        ranked=stored(found.ranked),
        decisions=queries.decisions_of(db(), position),
        waiting=waiting,
        signed=queries.content_of(waiting) if waiting else None,
        names=queries.names_of(found),
        rules=rules,
        tell=Teller(rules),
        form=form or _offered(TieForm(formdata=None), found),
        sign_form=sign_form or SecondSignatureForm(formdata=None),
        back_form=back_form or ReasonForm(formdata=None),
        closed=closed,
        may_propose=permissions.may_propose_tie(role, kept) and waiting is None and closed is None,
        decider=chairs_of(db(), role.campaign).decider(kept),
        may_sign=permissions.may_sign_tie(role, kept) and waiting is not None and waiting.first_id != role.account.id and closed is None,
        keeps_away=role.on("council") and role.account.id in kept,
        may_take_back=permissions.may_sign_tie(role) and waiting is not None,
    )
    shown = form or sign_form or back_form
    return page, shown.status if shown is not None else 200
