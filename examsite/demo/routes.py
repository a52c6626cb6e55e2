"""The page "Enter as": shown only in demonstration mode, where everybody is fictional."""

from flask import Blueprint, abort, current_app, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user

from examsite.access import Principal, public
from examsite.accounts.operations import actor_of, open_login
from examsite.audit.models import HOUSE
from examsite.audit.operations import record
from examsite.demo import queries
from examsite.web.context import db, now

blueprint = Blueprint("demo", __name__)


@blueprint.before_request
def only_in_a_demonstration() -> None:
    """On a real site these addresses do not exist."""
    if not current_app.config["DEMO"]:
        abort(404)


@blueprint.get("/enter")
@public
def enter_as() -> ResponseReturnValue:
    """Everybody of the demonstration, by role."""
    return render_template("demo/enter.html", staff=queries.staff_cards(db()), candidates=queries.candidate_cards(db()))


@blueprint.post("/enter/<public_id>")
@public
def enter(public_id: str) -> ResponseReturnValue:
    """Sign in as one of them, without a password; the log says so."""
    account = queries.enterable(db(), public_id)
    if account is None:
        abort(404)
    token = open_login(db(), account, now())
    record(db(), HOUSE, "demo:session:opened", f"account:{account.public_id}", actor_of(account), now(), {})
    db().commit()
    session.clear()
    login_user(Principal(account, None, token, account.kind, account.house_role, frozenset()))
    return redirect(url_for("desk.home"), 303)
