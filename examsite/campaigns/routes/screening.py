"""One application: what it says, what screening found, the decision, the evidence."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from examsite.access import staff
from examsite.accounts.current import me
from examsite.campaigns import permissions
from examsite.campaigns.forms.applications import ALL_MET, INSTEAD, SAVE_NEXT, EntitlementForm, ScreenForm
from examsite.campaigns.forms.dossiers import NoteForm, YearForm
from examsite.campaigns.models import Application
from examsite.campaigns.operations import entitlements
from examsite.campaigns.operations import screening as operations
from examsite.campaigns.operations.withdrawals import withdraw
from examsite.campaigns.queries import applications as queries
from examsite.campaigns.queries import dossiers, rule_set, screening
from examsite.campaigns.queries.positions import closure_of
from examsite.campaigns.roles import Role, role_in
from examsite.campaigns.routes import blueprint
from examsite.campaigns.routes.applications import hr_of
from examsite.campaigns.routes.listing import READERS
from examsite.web.context import db, now
from examsite.web.forms import BaseForm, ReasonForm, saved, typed

MASKED = ("identity_number", "phone", "email")
"""Entries that whoever only reads applications sees in part."""
ONE = "/campaigns/<campaign_id>/applications/<application_id>"


@blueprint.get(ONE)
@staff(*READERS)
def application(campaign_id: str, application_id: str) -> ResponseReturnValue:
    """One application."""
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_read_applications(role))
    return application_page(role, queries.application_by_public_id(db(), role.campaign, application_id))


@blueprint.post(f"{ONE}/screen")
@staff("hr")
def screen(campaign_id: str, application_id: str) -> ResponseReturnValue:
    """Store findings and the decision; go on to the next undecided application where that was asked for."""
    role = hr_of(campaign_id)
    found = queries.application_by_public_id(db(), role.campaign, application_id)
    form = ScreenForm()
    form.offer()
    if form.validate_on_submit():
        with form.refusals():
            verdict = form.verdict(screening.judged(db(), found))
            if typed(form.act) == INSTEAD:
                operations.screen_instead(db(), role, found, verdict, typed(form.instead_why), now())
            else:
                operations.screen(db(), role, found, verdict, now())
            code = f"screening.saved_{verdict.decision}" if verdict.decision else "screening.saved"
            return saved(_way_on(role, found, typed(form.act)), code, name=found.person.full_name)
    return application_page(role, found, form)


@blueprint.post(f"{ONE}/reopen")
@staff("hr")
def reopen_application(campaign_id: str, application_id: str) -> ResponseReturnValue:
    """Take a decision or a withdrawal back."""
    role = hr_of(campaign_id)
    found = queries.application_by_public_id(db(), role.campaign, application_id)
    form = ReasonForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.reopen(db(), role, found, typed(form.reason), now())
            return saved(address_of(role, found), "screening.reopened")
    return application_page(role, found, reopening=form)


@blueprint.post(f"{ONE}/withdraw")
@staff("hr")
def withdraw_application(campaign_id: str, application_id: str) -> ResponseReturnValue:
    """Record that the person gave up."""
    role = hr_of(campaign_id)
    found = queries.application_by_public_id(db(), role.campaign, application_id)
    form = ReasonForm()
    if form.validate_on_submit():
        with form.refusals():
            withdraw(db(), role, found, typed(form.reason), now())
            return saved(address_of(role, found), "screening.withdrawn")
    return application_page(role, found, withdrawing=form)


@blueprint.post(f"{ONE}/entitlements")
@staff("hr")
def decide_entitlement(campaign_id: str, application_id: str) -> ResponseReturnValue:
    """Grant or refuse a ground on evidence."""
    role = hr_of(campaign_id)
    found = queries.application_by_public_id(db(), role.campaign, application_id)
    form = EntitlementForm()
    form.offer(screening.grounds(rule_set(role.campaign), found.position))
    if form.validate_on_submit():
        with form.refusals():
            kind, ground = form.kind_and_ground
            entitlements.decide(db(), role, found, kind, ground, form.granted.data == "yes", typed(form.evidence), now())
            return saved(address_of(role, found) + "#entitlements", "entitlements.decided")
    return application_page(role, found, evidence=form)


def application_page(role: Role, application: Application, form: ScreenForm | None = None, **sent: BaseForm) -> ResponseReturnValue:
    """The page of an application; the form that was sent and refused, if any, keeps what was typed.

    `sent` by name: `evidence`, `reopening`, `withdrawing`, `noting`, `dating`.
    """
    found = screening.judged(db(), application)
    claims = screening.claims(db(), application)
    forms = _fresh_forms(claims) | sent
    if form is not None:
        form.catch_up(screening.stamp(application, found))
        form.keep(found)
    page = render_template(
        "campaigns/application.html",
        role=role,
        application=application,
        found=found,
        claims=claims,
        form=form or _fresh_form(application, found),
        sent=form is not None,
        **forms,
        dossier=dossiers.dossier(db(), application),
        history=screening.history(db(), application),
        corrected=queries.corrections_of(db(), application),
        masked_entries=MASKED,
        closed=screening.why_closed(db(), role.campaign),
        position_closed=closure_of(db(), application.position) is not None,
        may_screen=permissions.may_screen(role),
        may_withdraw=permissions.may_screen(role) and queries.why_not_withdraw(application) is None,
        may_see_documents=permissions.may_see_documents(role),
        may_keep=permissions.may_keep_dossiers(role) and role.campaign.stage != "closed",
        following=queries.next_undecided(db(), role.campaign, application),
        language=_language(role, application),
        others=queries.others_of(db(), application),
    )
    return page, max([one.status for one in (form, *sent.values()) if one is not None], default=200)


def _fresh_form(application: Application, found: list[screening.Judged]) -> ScreenForm:
    form = ScreenForm(formdata=None)
    form.offer()
    form.show(found, screening.stamp(application, found))
    return form


def _fresh_forms(claims: list[screening.Claim]) -> dict[str, BaseForm]:
    evidence, dating = EntitlementForm(formdata=None), YearForm(formdata=None)
    evidence.offer(claim.ground for claim in claims)
    dating.offer(now())
    return {
        "evidence": evidence,
        "reopening": ReasonForm(formdata=None),
        "withdrawing": ReasonForm(formdata=None),
        "noting": NoteForm(formdata=None),
        "dating": dating,
    }


def _way_on(role: Role, application: Application, act: str) -> str:
    if act not in (ALL_MET, SAVE_NEXT):
        return address_of(role, application)
    following = queries.next_undecided(db(), role.campaign, application)
    return address_of(role, following) if following else url_for("campaigns.applications", campaign_id=role.campaign.public_id)


def address_of(role: Role, application: Application) -> str:
    """Where the page of an application is."""
    return url_for("campaigns.application", campaign_id=role.campaign.public_id, application_id=application.public_id)


def _language(role: Role, application: Application) -> object:
    names = {language.id: language.name for language in rule_set(role.campaign).round1.languages}
    return names.get(application.position.language or "")
