"""Open the codes: two people, after which codes, candidates and scores stand side by side."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from examsite.access import staff
from examsite.accounts.current import me
from examsite.accounts.models import TwoPersonAct
from examsite.accounts.signing import proven_again
from examsite.campaigns.navigation import register
from examsite.campaigns.queries import rule_set
from examsite.campaigns.roles import Role, role_in
from examsite.grading import permissions
from examsite.grading.operations import opening
from examsite.grading.queries import interview_outcomes, missing_before_opening
from examsite.grading.queries.outcomes import UNSCORABLE, opened, opening_content, waiting_opening
from examsite.grading.queries.panels import panels_of
from examsite.grading.routes import blueprint
from examsite.portions import portion
from examsite.rules import canonical
from examsite.rules.refusal import Conflict
from examsite.web.asked import asked_page
from examsite.web.context import db, now
from examsite.web.forms import ActForm, BaseForm, ReasonForm, SecondSignatureForm, saved, typed

MOST_OUTCOMES = 100
register("grading.codes", _("Codes"), place=75, boards=("code", "council", "hr", "supervision"))


@blueprint.get("/campaigns/<campaign_id>/codes", endpoint="codes")
@staff("code", "council", "hr", "supervision")
def codes_page(campaign_id: str) -> ResponseReturnValue:
    """What is missing, who has signed; after the opening every outcome."""
    return _page(_role(campaign_id))


@blueprint.post("/campaigns/<campaign_id>/codes/propose")
@staff("code", "council")
def propose_opening(campaign_id: str) -> ResponseReturnValue:
    """Sign as the first person what the page showed."""
    role = _role(campaign_id)
    form = ActForm()
    if form.validate_on_submit():
        with form.refusals():
            opening.propose_opening(db(), role, request.form.get("digest", ""), now())
            return saved(_address(role), "grading.opening_proposed")
    return _page(role, form)


@blueprint.post("/campaigns/<campaign_id>/codes/sign")
@staff("code", "council", "supervision")
def sign_opening(campaign_id: str) -> ResponseReturnValue:
    """Sign as the second person, with one's own password, and open."""
    role = _role(campaign_id)
    role.must(permissions.may_sign_opening(role))
    form = SecondSignatureForm()
    if form.validate_on_submit() and proven_again(form):
        with form.refusals():
            opening.sign_opening(db(), role, _waiting(role), typed(form.digest), now())
            return saved(_address(role), "grading.codes_opened")
    return _page(role, form)


@blueprint.route("/campaigns/<campaign_id>/codes/withdraw", methods=["GET", "POST"])
@staff("code", "council")
def withdraw_opening(campaign_id: str) -> ResponseReturnValue:
    """Take back an opening that has only its first signature."""
    role = _role(campaign_id)
    role.must(permissions.may_propose_opening(role))
    form = ReasonForm()
    if form.validate_on_submit():
        with form.refusals():
            opening.withdraw_opening(db(), role, _waiting(role), typed(form.reason), now())
            return saved(_address(role), "grading.opening_withdrawn")
    return render_template("grading/withdraw_opening.html", role=role, form=form), form.status


def _role(campaign_id: str) -> Role:
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_see_opening(role))
    return role


def _waiting(role: Role) -> TwoPersonAct:
    act = waiting_opening(db(), role.campaign)
    if act is None:
        raise Conflict("acts.no_longer_open")
    return act


def _page(role: Role, form: BaseForm | None = None) -> ResponseReturnValue:
    shown = form or ActForm(formdata=None)
    signed = opened(db(), role.campaign)
    if signed is not None:
        return _opened_page(role), shown.status
    try:
        content = opening_content(db(), role.campaign)
    except UNSCORABLE:  # then what is missing says why, and nothing can be signed
        content = {"panels": []}
    page = render_template(
        "grading/codes.html",
        role=role,
        act=waiting_opening(db(), role.campaign),
        content=content,
        digest=canonical.digest(content),
        missing=missing_before_opening(db(), role.campaign),
        may=permissions,
        form=shown,
        second_form=shown if isinstance(shown, SecondSignatureForm) else SecondSignatureForm(formdata=None),
    )
    return page, shown.status


def _opened_page(role: Role) -> str:
    outcomes, words = interview_outcomes(db(), role.campaign), request.args.get("q", "").strip()
    numbers = [number for number in sorted(outcomes) if not words or words in (number, outcomes[number].code)]
    return render_template(
        "grading/outcomes.html",
        role=role,
        act=opened(db(), role.campaign),
        part=portion([outcomes[number] for number in numbers], asked_page(), MOST_OUTCOMES),
        words=words,
        every=len(outcomes),
        most=MOST_OUTCOMES,
        panels=panels_of(db(), role.campaign),
        rules=rule_set(role.campaign),
    )


def _address(role: Role) -> str:
    return url_for("grading.codes", campaign_id=role.campaign.public_id)
