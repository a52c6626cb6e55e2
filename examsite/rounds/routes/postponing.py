"""Postpone an exam session."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from examsite.access import staff
from examsite.accounts.current import me
from examsite.campaigns.queries import rule_set
from examsite.campaigns.roles import role_in
from examsite.rounds import permissions
from examsite.rounds.forms import PostponeForm
from examsite.rounds.operations.postponing import postpone
from examsite.rounds.queries import sessions as queries
from examsite.rounds.routes import blueprint
from examsite.rules.policy import Clock
from examsite.web.context import db, now
from examsite.web.forms import saved, typed


@blueprint.route("/campaigns/<campaign_id>/sessions/<session_id>/postpone", methods=["GET", "POST"])
@staff("hr", "council")
def postpone_session(campaign_id: str, session_id: str) -> ResponseReturnValue:
    """Move the start to a later time."""
    role = role_in(db(), me(), campaign_id)
    exam = queries.session_in(db(), role, session_id)
    role.must(permissions.may_postpone(role, exam))
    form = PostponeForm(role.campaign.time_zone)
    if form.validate_on_submit():
        with form.refusals():
            postpone(db(), exam, form.start, form.end, typed(form.reason), role, now())
            return saved(url_for("rounds.session", campaign_id=campaign_id, session_id=session_id), "rounds.postponed")
    personal = rule_set(role.campaign).session.clock is Clock.PERSONAL
    begun = exam.state == "closed" or queries.has_begun(db(), exam, now())
    return render_template("rounds/postpone.html", role=role, exam=exam, form=form, personal=personal, begun=begun), form.status
