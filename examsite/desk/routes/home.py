"""The first page after signing in: what needs me now."""

from typing import Any

from flask import current_app, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from flask_login import current_user

from examsite.access import signed_in
from examsite.accounts.current import me, my_login
from examsite.accounts.models import CANDIDATE
from examsite.desk import permissions, queries
from examsite.desk.routes import blueprint
from examsite.desk.routes.candidate import candidate_home
from examsite.desk.signing import signed_thing, signing_address
from examsite.desk.tasks.case import Task
from examsite.desk.tasks.mine import Waiting, waiting_for
from examsite.web.context import db, now
from examsite.wording import say


@blueprint.get("/home")
@signed_in
def home() -> ResponseReturnValue:
    """Candidates see their application and what happens next; staff what waits for them, and their campaigns."""
    if me().kind == CANDIDATE:
        return candidate_home()
    waiting = _waiting()
    campaigns = {role.campaign.chain: role.campaign for role in waiting.roles}
    readers = [role for role in waiting.roles if permissions.may_read_log(role) and role.on("supervision")]
    return render_template(
        "desk/home.html",
        waiting=waiting,
        acts=[(act, signing_address(act), signed_thing(act), campaigns.get(act.chain)) for act in waiting.acts],
        address=_address,
        left=_left,
        may_create=me().house_role == "hr_officer",
        visit=queries.since_last_visit(db(), me(), my_login(), readers) if readers else None,
    )


@blueprint.app_template_global()
def waiting_count() -> int:
    """How many things wait for the member of staff who reads the page, for the menu."""
    return _waiting().count


def _waiting() -> Waiting:
    """What waits, asked once a request."""
    if "waiting" not in g:
        zone, mails = current_app.config["TIME_ZONE"], current_app.config["SENDS_MAIL"]
        g.waiting = waiting_for(db(), current_user.account, now(), zone, mails=mails)
    found: Waiting = g.waiting
    return found


def _address(task: Task) -> str:
    campaign = {"campaign_id": task.campaign.public_id} if task.campaign else {}
    told: dict[str, Any] = {**campaign, **task.narrowed}
    return url_for(task.endpoint, **told)


def _left(waiting: Waiting, task: Task) -> str:
    """How far away the day is, in words."""
    days = waiting.left(task)
    if task.due == waiting.today:
        return say("task.due_today")
    if task.due is not None and task.due < waiting.today:
        return str(ngettext("overdue by %(num)s working day", "overdue by %(num)s working days", -days)) if days else say("task.overdue")
    return str(ngettext("in %(num)s working day", "in %(num)s working days", days))
