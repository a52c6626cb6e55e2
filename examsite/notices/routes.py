"""One's own notices, and the administrator's view of the mail."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from examsite.access import administrator, signed_in
from examsite.accounts.current import me
from examsite.accounts.operations import set_email
from examsite.notices import operations, queries
from examsite.notices.forms import AddressForm
from examsite.web.context import db, now
from examsite.web.forms import saved, typed

blueprint = Blueprint("notices", __name__)


@blueprint.get("/notices")
@signed_in
def notices() -> ResponseReturnValue:
    """My notices, newest first."""
    return _page(AddressForm(email=me().email))


@blueprint.post("/notices/address")
@signed_in
def mail_address() -> ResponseReturnValue:
    """Say where mail goes, or that none is wanted."""
    form = AddressForm()
    if form.validate_on_submit():
        with form.refusals():
            set_email(db(), me(), typed(form.email), now())
            return saved(url_for("notices.notices"), "notices.address_kept" if typed(form.email).strip() else "notices.address_dropped")
    return _page(form), form.status


@blueprint.post("/notices/read")
@signed_in
def read_all() -> ResponseReturnValue:
    """Mark all of mine as read."""
    operations.mark_read(db(), me(), None, now())
    return saved(url_for("notices.notices"), "notices.all_read")


@blueprint.post("/notices/<notice_id>/read")
@signed_in
def read_one(notice_id: str) -> ResponseReturnValue:
    """Mark one of mine as read."""
    operations.mark_read(db(), me(), notice_id, now())
    db().commit()
    return redirect(url_for("notices.notices", before=request.args.get("before")), 303)


@blueprint.get("/mail")
@administrator
def mail() -> ResponseReturnValue:
    """How the mail is doing."""
    return render_template("notices/mail.html", figures=queries.mail_figures(db()), given_up=queries.given_up(db()))


@blueprint.post("/mail/<mail_id>/again")
@administrator
def mail_again(mail_id: str) -> ResponseReturnValue:
    """Put a mail that was given up back into the queue."""
    operations.try_again(db(), mail_id, me(), now())
    return saved(url_for("notices.mail"), "notices.queued_again")


def _page(form: AddressForm) -> str:
    shown = queries.notices_of(db(), me(), request.args.get("before", ""))
    return render_template("notices/list.html", notices=shown, older=len(shown) == queries.PAGE, form=form)


@blueprint.app_template_global()
def unread_notices() -> int:
    """How many notices wait for whoever is signed in; asked by the head of a page, and by nothing that runs under the clock."""
    return queries.unread(db(), current_user.account)
