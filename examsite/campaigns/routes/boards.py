"""Who sits on which board."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from examsite.access import staff
from examsite.accounts.current import me
from examsite.accounts.models import Account
from examsite.accounts.queries import account_by_public_id
from examsite.campaigns import permissions
from examsite.campaigns.forms.boards import AppointForm
from examsite.campaigns.navigation import register
from examsite.campaigns.operations import boards as operations
from examsite.campaigns.queries import boards as queries
from examsite.campaigns.queries import rule_set
from examsite.campaigns.queries.chair import chairs_of
from examsite.campaigns.roles import role_in
from examsite.campaigns.routes import blueprint
from examsite.rules.refusal import NotFound, Refused
from examsite.web.context import db, now
from examsite.web.forms import ReasonForm, saved, typed

register("campaigns.boards", _("Boards"), place=20, boards=("hr", "council", "supervision"))


@blueprint.get("/campaigns/<campaign_id>/boards")
@staff("hr", "council", "supervision")
def boards(campaign_id: str) -> ResponseReturnValue:
    """All boards with their members, and those who left."""
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_read_boards(role))
    return render_template(
        "campaigns/boards.html",
        role=role,
        seats=queries.seats(db(), role.campaign),
        ended=queries.seats(db(), role.campaign, ended=True),
        rules=rule_set(role.campaign),
        decider=chairs_of(db(), role.campaign).decider(),
        may_appoint=permissions.may_appoint(role),
    )


@blueprint.route("/campaigns/<campaign_id>/boards/appoint", methods=["GET", "POST"])
@staff("hr", "council")
def appoint(campaign_id: str) -> ResponseReturnValue:
    """Search the staff and give somebody a seat."""
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_appoint(role))
    wanted = request.args.get("q", "").strip()
    found = queries.staff_like(db(), wanted) if wanted else []
    form = AppointForm(board=request.args.get("board", "hr"), duty="member")
    form.offer(found)
    if form.validate_on_submit():
        with form.refusals():
            seat = operations.appoint(db(), role, _chosen(form), typed(form.board), typed(form.duty), now())
            words = {"name": seat.account.display_name, "board": f"board.{seat.board}", "duty": f"duty.{seat.duty}"}
            return saved(url_for("campaigns.boards", campaign_id=campaign_id), "campaigns.appointed", **words)
    held = {account.public_id: boards for account, boards in queries.boards_by_account(db(), role.campaign).items()}
    page = render_template(
        "campaigns/appoint.html", role=role, form=form, wanted=wanted, found=found, held=held, most=queries.FOUND_AT_MOST
    )
    return page, form.status


@blueprint.route("/campaigns/<campaign_id>/boards/<seat_id>/end", methods=["GET", "POST"])
@staff("hr", "council")
def end_seat(campaign_id: str, seat_id: str) -> ResponseReturnValue:
    """End a seat with a reason."""
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_appoint(role))
    seat = queries.seat_by_public_id(db(), role.campaign, seat_id)
    form = ReasonForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.end(db(), role, seat, typed(form.reason), now())
            ended_own = seat.account_id == me().id
            address = url_for("campaigns.campaign_list") if ended_own else url_for("campaigns.boards", campaign_id=campaign_id)
            return saved(address, "campaigns.seat_ended", name=seat.account.display_name)
    return render_template("campaigns/end_seat.html", role=role, form=form, seat=seat), form.status


def _chosen(form: AppointForm) -> Account:
    try:
        return account_by_public_id(db(), typed(form.account))
    except NotFound as error:
        raise Refused("campaigns.nobody_chosen", field="account") from error
