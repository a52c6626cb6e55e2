"""Read the log of a campaign."""

import json
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from examsite.access import administrator, staff
from examsite.accounts.current import me
from examsite.audit import queries as audit
from examsite.audit.models import HOUSE
from examsite.campaigns import navigation
from examsite.campaigns.roles import role_in
from examsite.desk import permissions
from examsite.desk.forms import LogFilterForm
from examsite.desk.routes import blueprint
from examsite.web.context import db
from examsite.wording import SENTENCES, say

navigation.register("desk.log", _("Log"), place=95, allows=permissions.may_read_log)


@blueprint.app_template_filter("log_data")
def log_data(content: str | None) -> str:
    """What an entry recorded, beyond who, when and about what; empty once it was destroyed."""
    if content is None:
        return ""
    data = json.loads(content).get("data", {})
    return "; ".join(f"{name}: {value}" for name, value in sorted(data.items()))


@blueprint.app_template_filter("act_of")
def act_of(kind: str) -> str:
    """What a kind of entry is called in words; empty where the code is all there is."""
    code = f"act_of.{kind}"
    return say(code) if code in SENTENCES else ""


@blueprint.get("/campaigns/<campaign_id>/log")
@staff("supervision", "council")
def log(campaign_id: str) -> ResponseReturnValue:
    """The campaign's log, newest first, filtered; nothing can be written here."""
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_read_log(role))
    return _page("desk/log.html", role.campaign.chain, role.campaign.time_zone, role=role, campaign=role.campaign)


@blueprint.get("/house-log")
@administrator
def house_log() -> ResponseReturnValue:
    """The house's log: accounts and sign-ins."""
    return _page("desk/house_log.html", HOUSE, current_app.config["TIME_ZONE"])


def _page(template: str, chain: str, zone: str, **context: object) -> ResponseReturnValue:
    form = LogFilterForm(request.args)
    form.kind.choices = [("", ""), *((kind, f"{kind}: {act_of(kind)}" if act_of(kind) else kind) for kind in audit.kinds_of(db(), chain))]
    wanted = _wanted(form, zone) if form.validate() else audit.LogFilter()
    before = request.args.get("before", type=int)
    entries = audit.entries_of(db(), chain, wanted, before)
    older = entries[-1].number if len(entries) == audit.PAGE else None
    page = render_template(template, form=form, entries=entries, older=older, head=audit.head_of(db(), chain), zone=zone, **context)
    return page, form.status


def _wanted(form: LogFilterForm, zone: str) -> audit.LogFilter:
    def midnight(day: object, plus: int = 0) -> datetime | None:
        if day is None:
            return None
        return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC) + timedelta(days=plus)  # type: ignore[arg-type]

    return audit.LogFilter(
        form.kind.data or "", form.actor.data or "", form.about.data or "", midnight(form.since.data), midnight(form.until.data, 1)
    )
