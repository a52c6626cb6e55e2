"""The first page after signing in: what needs me now."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from examsite.access import signed_in
from examsite.accounts.current import me
from examsite.accounts.models import ADMINISTRATOR, CANDIDATE
from examsite.desk import candidate, permissions, queries
from examsite.desk.routes import blueprint
from examsite.desk.signing import signing_address
from examsite.web.context import db


@blueprint.get("/home")
@signed_in
def home() -> ResponseReturnValue:
    """Candidates see their application and what happens next; staff their campaigns; administrators the accounts."""
    if me().kind == CANDIDATE:
        return render_template("desk/candidate.html", view=candidate.home_of(db(), me()))
    desks = queries.my_campaigns(db(), me())
    if not desks and me().house_role == ADMINISTRATOR:
        return redirect(url_for("accounts.staff_list"), 303)
    acts = [(act, signing_address(act)) for act in queries.waiting_signatures(db(), me(), desks)]
    return render_template("desk/home.html", desks=desks, acts=acts, may_create=me().house_role == "hr_officer", permissions=permissions)
