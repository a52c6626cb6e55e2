"""The first page after signing in: what needs me now."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from examsite.access import signed_in
from examsite.accounts.current import me
from examsite.accounts.models import ADMINISTRATOR, CANDIDATE
from examsite.campaigns.navigation import tabs_for
from examsite.campaigns.roles import Role
from examsite.desk import candidate, permissions, queries
from examsite.desk.routes import blueprint
from examsite.desk.signing import signing_address
from examsite.results.telling import Teller
from examsite.web.context import db, now


@blueprint.get("/home")
@signed_in
def home() -> ResponseReturnValue:
    """Candidates see their application and what happens next; staff their campaigns; administrators the accounts."""
    if me().kind == CANDIDATE:
        view = candidate.home_of(db(), me())
        return render_template("desk/candidate.html", view=view, tell=Teller(view.rules))
    desks = queries.my_campaigns(db(), me(), now())
    pages = {desk.campaign.id: _pages(desk) for desk in desks}
    if not desks and me().house_role == ADMINISTRATOR:
        return redirect(url_for("accounts.staff_list"), 303)
    acts = [(act, signing_address(act)) for act in queries.waiting_signatures(db(), me(), desks)]
    return render_template(
        "desk/home.html", desks=desks, pages=pages, acts=acts, may_create=me().house_role == "hr_officer", permissions=permissions
    )


def _pages(desk: queries.CampaignDesk) -> set[str]:
    """The pages of a campaign that the person may open, so that no link leads to a closed door."""
    return {tab.endpoint for tab in tabs_for(Role(me(), desk.campaign, desk.duties))}
