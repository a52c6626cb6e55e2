"""Appeals: the list, one being recorded, one being decided."""

from datetime import date

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from examsite.access import staff
from examsite.accounts.current import me
from examsite.campaigns.queries import entries, rule_set
from examsite.campaigns.queries.chair import chairs_of
from examsite.campaigns.roles import Role, role_in
from examsite.grading.queries.chairing import conflicts_with
from examsite.portions import portion
from examsite.results import permissions
from examsite.results.forms import AppealDecisionForm, AppealForm, CarriedOutForm
from examsite.results.models import Appeal, Publication
from examsite.results.operations import appeals as operations
from examsite.results.queries import appealed as queries
from examsite.results.queries import current
from examsite.results.routes import blueprint
from examsite.results.window import open_until
from examsite.rules.policy import RuleEntry, entry_of
from examsite.rules.working_days import local_day
from examsite.web.asked import asked_page
from examsite.web.context import db, now
from examsite.web.forms import saved, typed, with_choices
from examsite.wording import say

MOST_APPEALS = 50
TO_CARRY_OUT = "to_carry_out"


@blueprint.get("/campaigns/<campaign_id>/appeals")
@staff("hr", "council", "supervision")
def appeals(campaign_id: str) -> ResponseReturnValue:
    """All appeals, those that wait for a decision first; or only the accepted ones that this person is to carry out."""
    role = _reader(campaign_id)
    show = request.args.get("show", "") == TO_CARRY_OUT
    found = _to_carry_out(role) if show else queries.appeals(db(), role.campaign)
    return render_template(
        "results/appeals.html",
        role=role,
        part=portion(found, asked_page(), MOST_APPEALS),
        show=TO_CARRY_OUT if show else "",
        windows=_windows(role),
        no_remarking=_no_remarking(role),
        appeals_rule=rule_set(role.campaign).appeals,
        may_record=permissions.may_record_appeal(role),
    )


@blueprint.route("/campaigns/<campaign_id>/appeals/new", methods=["GET", "POST"])
@staff("hr")
def new_appeal(campaign_id: str) -> ResponseReturnValue:
    """Record an appeal."""
    role = _reader(campaign_id)
    role.must(permissions.may_record_appeal(role))
    form = AppealForm()
    windows = _windows(role)
    with_choices(form.about, [(publication.kind, say(f"list.{publication.kind}")) for publication, _until in windows])
    if form.validate_on_submit():
        with form.refusals():
            given = operations.AppealText(typed(form.about), typed(form.who), typed(form.text), form.received_on.data or date.min)
            operations.record_appeal(db(), given, role, now())
            return saved(url_for("results.appeals", campaign_id=campaign_id), "results.appeal_recorded")
    if not form.is_submitted():
        form.received_on.data = local_day(now(), role.campaign.time_zone)
    return render_template("results/new_appeal.html", role=role, form=form, windows=windows, no_remarking=_no_remarking(role)), form.status


@blueprint.route("/campaigns/<campaign_id>/appeals/<appeal_id>", methods=["GET", "POST"])
@staff("hr", "council", "supervision")
def appeal(campaign_id: str, appeal_id: str) -> ResponseReturnValue:
    """One appeal; the chair of the council decides it."""
    role = _reader(campaign_id)
    found = queries.appeal_by_public_id(db(), role.campaign, appeal_id)
    form = AppealDecisionForm()
    if form.is_submitted():
        role.must(permissions.may_decide_appeal(role, conflicts_with(db(), [found.application_id])))
        if form.validate():
            with form.refusals():
                operations.decide_appeal(db(), found, typed(form.outcome), typed(form.decision), role, now())
                return saved(url_for("results.appeals", campaign_id=campaign_id), "results.appeal_decision_recorded")
    return _appeal_page(role, found, form=form)


@blueprint.post("/campaigns/<campaign_id>/appeals/<appeal_id>/carry-out")
@staff("council")
def carry_out_appeal(campaign_id: str, appeal_id: str) -> ResponseReturnValue:
    """Record what was done about an accepted appeal."""
    role = _reader(campaign_id)
    found = queries.appeal_by_public_id(db(), role.campaign, appeal_id)
    role.must(permissions.may_decide_appeal(role, conflicts_with(db(), [found.application_id])))
    form = CarriedOutForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.carry_out_appeal(db(), found, typed(form.carried_out), typed(form.how), role, now())
            return saved(url_for("results.appeals", campaign_id=campaign_id), "results.appeal_carried_out")
    return _appeal_page(role, found, done_form=form)


def _to_carry_out(role: Role) -> list[Appeal]:
    """What the task counts: a deputy's are those that the chair has to keep away from."""
    found = queries.appeals_to_carry_out(db(), role.campaign)
    if not role.deputises or role.heads("council"):
        return found
    return [one for one in found if permissions.may_decide_appeal(role, conflicts_with(db(), [one.application_id]))]


def _appeal_page(
    role: Role, found: Appeal, *, form: AppealDecisionForm | None = None, done_form: CarriedOutForm | None = None
) -> ResponseReturnValue:
    kept = conflicts_with(db(), [found.application_id])
    page = render_template(
        "results/appeal.html",
        role=role,
        appeal=found,
        form=form or AppealDecisionForm(formdata=None),
        done_form=done_form or CarriedOutForm(formdata=None),
        may_decide=permissions.may_decide_appeal(role, kept) and found.decided_at is None,
        may_carry_out=permissions.may_decide_appeal(role, kept) and found.to_carry_out,
        decider=chairs_of(db(), role.campaign).decider(kept),
        no_remarking=_no_remarking(role),
    )
    shown = done_form or form
    return page, shown.status if shown is not None else 200


def _reader(campaign_id: str) -> Role:
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_read_appeals(role))
    return role


def _windows(role: Role) -> list[tuple[Publication, date]]:
    """The lists that can be appealed against, each with the last day on which an appeal is taken."""
    rule = rule_set(role.campaign).appeals
    standing = (current(db(), role.campaign, kind) for kind in queries.ABOUT)
    return [(found, open_until(found, rule)) for found in standing if found is not None]


def _no_remarking(role: Role) -> list[tuple[str, RuleEntry]]:
    """The rounds whose marks are not marked again, each with the rule that says so."""
    rules, told = rule_set(role.campaign), entries(role.campaign)
    found = []
    if rules.round1.parts and not rules.round1.remarking:
        found.append((_("Round 1"), entry_of(told, "round1.remarking")))
    if not rules.round2.remarking:
        found.append((_("Round 2"), entry_of(told, "round2.remarking")))
    return found
