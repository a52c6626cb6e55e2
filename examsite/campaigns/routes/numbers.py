"""Candidate numbers, and the codes with which candidates come in."""

from base64 import b64encode
from collections.abc import Sequence

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from examsite.access import staff
from examsite.accounts.list_pages import XLSX
from examsite.accounts.operations import CODE_LASTS
from examsite.campaigns.forms.applications import CodesForm, NumbersForm
from examsite.campaigns.operations import access_codes
from examsite.campaigns.operations import numbers as operations
from examsite.campaigns.operations.access_codes import Slip
from examsite.campaigns.queries import applications as queries
from examsite.campaigns.queries.numbers import number_counts, numberings
from examsite.campaigns.queries.screening import why_closed
from examsite.campaigns.roles import Role
from examsite.campaigns.routes import blueprint
from examsite.campaigns.routes.applications import hr_of
from examsite.sheets.writing import NewSheet, write_xlsx
from examsite.web.context import db, now
from examsite.web.forms import saved, typed

GROUP = 4


@blueprint.route("/campaigns/<campaign_id>/numbers", methods=["GET", "POST"])
@staff("hr")
def numbers(campaign_id: str) -> ResponseReturnValue:
    """Give numbers to everybody who is eligible."""
    role = hr_of(campaign_id)
    form = NumbersForm()
    form.offer()
    if form.validate_on_submit():
        with form.refusals():
            given = operations.give(db(), role, typed(form.arrangement), now())
            address = url_for("campaigns.numbers", campaign_id=campaign_id)
            return saved(address, "numbers.given", count=given.count, first=given.first_number, last=given.last_number)
    return _page(role, form, CodesForm(formdata=None))


@blueprint.post("/campaigns/<campaign_id>/codes")
@staff("hr")
def make_codes(campaign_id: str) -> ResponseReturnValue:
    """Make accounts and codes; the answer is the only place where the codes are ever shown."""
    role = hr_of(campaign_id)
    form = CodesForm()
    if form.validate_on_submit():
        with form.refusals():
            slips = access_codes.issue(db(), role, now(), again=form.again)
            db().commit()
            return _slips(role, slips)
    numbering = NumbersForm(formdata=None)
    numbering.offer()
    return _page(role, numbering, form)


@blueprint.post("/campaigns/<campaign_id>/applications/<application_id>/code")
@staff("hr")
def reissue_code(campaign_id: str, application_id: str) -> ResponseReturnValue:
    """A new code for one candidate; the earlier one ends."""
    role = hr_of(campaign_id)
    application = queries.application_by_public_id(db(), role.campaign, application_id)
    slip = access_codes.reissue(db(), role, application, now())
    db().commit()
    return _slips(role, [slip])


@blueprint.app_template_filter("in_groups")
def in_groups(code: str) -> str:
    """A code as people read it aloud: `ABCD EFGH ...`; blanks do not matter when it is typed."""
    return " ".join(code[place : place + GROUP] for place in range(0, len(code), GROUP))


def _page(role: Role, form: NumbersForm, codes: CodesForm) -> ResponseReturnValue:
    page = render_template(
        "campaigns/numbers.html",
        role=role,
        form=form,
        codes=codes,
        counts=number_counts(db(), role.campaign),
        numberings=numberings(db(), role.campaign),
        label=operations.lot_label,
        closed=why_closed(db(), role.campaign),
    )
    return page, max(form.status, codes.status)


def _slips(role: Role, slips: Sequence[Slip]) -> str:
    sheet = b64encode(_as_sheet(slips)).decode()
    return render_template("campaigns/slips.html", role=role, slips=slips, sheet=f"data:{XLSX};base64,{sheet}", expires=now() + CODE_LASTS)


def _as_sheet(slips: Sequence[Slip]) -> bytes:
    """The slips for mailing. It travels inside the page, since a second request would find the codes nowhere."""
    header = [
        gettext("Candidate number"),
        gettext("Name"),
        gettext("Position"),
        gettext("E-mail"),
        gettext("Sign-in name"),
        gettext("Activation code"),
        gettext("Where to use it"),
    ]
    address = url_for("accounts.activate", _external=True)
    rows = [(one.candidate_number, one.full_name, one.position, one.email, one.sign_in_name, in_groups(one.code), address) for one in slips]
    return write_xlsx([NewSheet(gettext("Activation codes"), header, rows, (12, 28, 12, 28, 22, 36, 36))])
