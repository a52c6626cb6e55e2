"""Applications by hand: one typed, one corrected."""

from collections.abc import Iterable, Sequence

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from examsite.access import staff
from examsite.accounts.current import me
from examsite.campaigns import permissions
from examsite.campaigns.forms.applications import INSTEAD, CorrectionForm, NewApplicationForm, TypedApplicationForm
from examsite.campaigns.models import Application
from examsite.campaigns.operations import corrections, intake
from examsite.campaigns.queries import applications as queries
from examsite.campaigns.queries.intake import BLANK, FIRST, FileReading, column_of, position_codes, read_typed
from examsite.campaigns.queries.positions import positions_of
from examsite.campaigns.queries.screening import why_closed
from examsite.campaigns.roles import Role, role_in
from examsite.campaigns.routes import blueprint
from examsite.lists import Finding
from examsite.rules.refusal import Refused
from examsite.web.context import db, now
from examsite.web.forms import saved, typed


@blueprint.route("/campaigns/<campaign_id>/applications/new", methods=["GET", "POST"])
@staff("hr")
def new_application(campaign_id: str) -> ResponseReturnValue:
    """Type one application."""
    role = hr_of(campaign_id)
    form = NewApplicationForm()
    form.offer(positions_of(db(), role.campaign))
    if form.validate_on_submit():
        with form.refusals():
            file = read_typed(form.values, position_codes(db(), role.campaign))
            public_id, findings = _taken(role, form, file)
            if not findings:
                return saved(url_for("campaigns.application", campaign_id=campaign_id, application_id=public_id), "intake.added")
            _show(form, findings)
            form.first.data = next((str(finding.params[FIRST]) for finding in findings if FIRST in finding.params), "")
    page = render_template(
        "campaigns/type_application.html",
        role=role,
        form=form,
        application=None,
        first=queries.application_by_public_id(db(), role.campaign, typed(form.first)) if typed(form.first) else None,
        closed=why_closed(db(), role.campaign),
    )
    return page, form.status


def _taken(role: Role, form: NewApplicationForm, file: FileReading) -> tuple[str, Sequence[Finding]]:
    """Taken in besides nothing, or in the place of the first one where that was chosen."""
    if typed(form.act) != INSTEAD or file.reading.errors:
        return intake.add_typed(db(), role, file, now())
    first = queries.application_by_public_id(db(), role.campaign, typed(form.first))
    return intake.take_instead(db(), role, first, file, typed(form.reason), now()), ()


@blueprint.route("/campaigns/<campaign_id>/applications/<application_id>/correct", methods=["GET", "POST"])
@staff("hr")
def correct_application(campaign_id: str, application_id: str) -> ResponseReturnValue:
    """Correct what an application says."""
    role = hr_of(campaign_id)
    application = queries.application_by_public_id(db(), role.campaign, application_id)
    form = CorrectionForm(data=as_typed(application) | {"seen": corrections.shown(application)})
    form.offer(positions_of(db(), role.campaign))
    if form.validate_on_submit():
        with form.refusals():
            file = read_typed(form.values, position_codes(db(), role.campaign))
            findings = corrections.correct(db(), role, application, file, typed(form.reason), now(), seen=typed(form.seen))
            if not findings:
                address = url_for("campaigns.application", campaign_id=campaign_id, application_id=application_id)
                return saved(address, "intake.corrected")
            _show(form, findings)
            if not typed(form.reason).strip():
                form.refuse(Refused("reason_missing", field="reason"))
    form.catch_up(corrections.shown(application), as_typed(application))
    page = render_template(
        "campaigns/type_application.html", role=role, form=form, application=application, closed=why_closed(db(), role.campaign)
    )
    return page, form.status


def hr_of(campaign_id: str) -> Role:
    """The role of somebody on the HR board of this campaign."""
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_screen(role))
    return role


def _show(form: TypedApplicationForm, findings: Iterable[Finding]) -> None:
    """Each finding at the field it is about; a form has fields where a file has cells."""
    for finding in findings:
        form.refuse(Refused("intake.field_blank" if finding.code == BLANK else finding.code, field=column_of(finding), **finding.params))


def as_typed(application: Application) -> dict[str, object]:
    """What an application says, by the names of the columns of a file."""
    person, extra = application.person, dict(application.extra or {})  # type: ignore[call-overload]
    joined = str(extra.get("joined_on", ""))
    return {
        "full_name": person.full_name,
        "birth_date": f"{person.birth_date:%d/%m/%Y}",
        "gender": {"male": "Nam", "female": "Nữ"}.get(person.gender, ""),
        "identity_number": person.identity_number,
        "position": application.position.code,
        "languages": extra.get("languages", ""),
        "years_of_service": str(extra.get("years_of_service", "")),
        "joined_on": "/".join(reversed(joined.split("-"))),
        **{
            name: getattr(application, name)
            for name in ("workplace", "current_post", "qualification", "phone", "email", "claimed_priority", "claimed_exemption")
        },
    }
