"""What happens on the way: a name is corrected, a position closed, an application moved or given up by its candidate."""

from datetime import date

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from examsite.access import candidate, staff
from examsite.accounts.current import me
from examsite.campaigns import permissions
from examsite.campaigns.forms.life import ClosePositionForm, CorrectPersonForm, MoveApplicationForm, WithdrawOwnForm
from examsite.campaigns.models import Person
from examsite.campaigns.operations.closures import close_position as close
from examsite.campaigns.operations.closures import move_application as move
from examsite.campaigns.operations.people import correct_person as correct
from examsite.campaigns.operations.people import shown_person
from examsite.campaigns.operations.withdrawals import withdraw_own as give_up
from examsite.campaigns.queries import applications as queries
from examsite.campaigns.queries.positions import closures, position_by_public_id, positions_of, why_not_close
from examsite.campaigns.queries.screening import why_closed
from examsite.campaigns.roles import role_in
from examsite.campaigns.routes import blueprint
from examsite.campaigns.routes.applications import hr_of
from examsite.campaigns.routes.screening import ONE, address_of
from examsite.web.context import db, now
from examsite.web.forms import saved, typed


@blueprint.route(f"{ONE}/person", methods=["GET", "POST"])
@staff("hr")
def correct_person(campaign_id: str, application_id: str) -> ResponseReturnValue:
    """Correct a misspelt name or a wrong date of birth."""
    role = hr_of(campaign_id)
    role.must(permissions.may_correct_people(role))
    found = queries.application_by_public_id(db(), role.campaign, application_id)
    form = CorrectPersonForm(**_standing(found.person), seen=shown_person(found.person))
    if form.validate_on_submit():
        with form.refusals():
            born = form.born or date.min
            correct(db(), role, found, typed(form.full_name), born, typed(form.reason), now(), seen=typed(form.seen))
            return saved(address_of(role, found), "people.corrected")
    form.catch_up(shown_person(found.person), _standing(found.person))
    return render_template("campaigns/correct_person.html", role=role, application=found, form=form), form.status


def _standing(person: Person) -> dict[str, str]:
    return {"full_name": person.full_name, "birth_date": f"{person.birth_date:%d/%m/%Y}"}


@blueprint.route(f"{ONE}/move", methods=["GET", "POST"])
@staff("hr")
def move_application(campaign_id: str, application_id: str) -> ResponseReturnValue:
    """Let an application go on for another position."""
    role = hr_of(campaign_id)
    found = queries.application_by_public_id(db(), role.campaign, application_id)
    form = MoveApplicationForm()
    gone = {*closures(db(), role.campaign), found.position_id}
    form.offer(one for one in positions_of(db(), role.campaign) if one.id not in gone)
    if form.validate_on_submit():
        with form.refusals():
            move(db(), role, found, position_by_public_id(db(), role.campaign, typed(form.position)), typed(form.reason), now())
            return saved(address_of(role, found), "closures.moved")
    page = render_template(
        "campaigns/move_application.html", role=role, application=found, form=form, closed=why_closed(db(), role.campaign)
    )
    return page, form.status


@blueprint.route("/campaigns/<campaign_id>/positions/<position_id>/close", methods=["GET", "POST"])
@staff("council")
def close_position(campaign_id: str, position_id: str) -> ResponseReturnValue:
    """Close a position of an announced campaign."""
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_close_positions(role))
    found = position_by_public_id(db(), role.campaign, position_id)
    form = ClosePositionForm()
    if form.validate_on_submit():
        with form.refusals():
            count = close(db(), role, found, typed(form.reason), typed(form.document), now())
            return saved(url_for("campaigns.position", campaign_id=campaign_id, position_id=position_id), "closures.closed", count=count)
    running = queries.in_the_running(db(), found)
    unclosable = why_not_close(db(), found)
    page = render_template("campaigns/close_position.html", role=role, position=found, form=form, running=running, unclosable=unclosable)
    return page, form.status


@blueprint.route("/my/withdrawal", methods=["GET", "POST"])
@candidate
def withdraw_own() -> ResponseReturnValue:
    """Give up one's own application."""
    found = queries.own_application(db(), me())
    form = WithdrawOwnForm()
    if form.validate_on_submit():
        with form.refusals():
            give_up(db(), me(), found, typed(form.reason), now())
            return saved(url_for("desk.home"), "screening.withdrew")
    refused = queries.why_not_withdraw(found)
    return render_template("campaigns/withdraw_own.html", application=found, form=form, refused=refused), form.status
