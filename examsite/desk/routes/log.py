"""Read the log of a campaign."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from examsite.access import administrator, staff
from examsite.accounts.current import me
from examsite.accounts.queries import staff as staff_accounts
from examsite.audit import queries as audit
from examsite.audit.models import HOUSE
from examsite.campaigns import navigation
from examsite.campaigns.queries import entries as rule_entries
from examsite.campaigns.roles import role_in
from examsite.desk import permissions
from examsite.desk.forms import LogFilterForm
from examsite.desk.log_told import NAMES_BEHIND_CODES, Reader
from examsite.desk.routes import blueprint
from examsite.grading.permissions import may_see_who_comes_when
from examsite.grading.queries.outcomes import opened
from examsite.rules import policy
from examsite.rules.policy import RuleEntry, Words
from examsite.rules.working_days import DAY, end_of
from examsite.web.asked import counted
from examsite.web.context import db
from examsite.web.forms import offered
from examsite.web.language import pick
from examsite.wording import SENTENCES, say

EARLIEST, LATEST = date(1900, 1, 1), date(9000, 1, 1)
"""Days that no entry lies beyond and whose midnights exist in every time zone."""
navigation.register("desk.log", _("Log"), place=95, allows=permissions.may_read_log)


@blueprint.app_template_filter("act_of")
def act_of(kind: str) -> str:
    """What a kind of entry is called in words; one that this version does not know any more, by its code."""
    code = f"act_of.{kind}"
    return say(code) if code in SENTENCES else kind


@blueprint.app_template_filter("object_of")
def object_of(about: str) -> str:
    """What kind of thing an entry is about, in words; one that this version does not know any more, by its code."""
    code = f"log_object.{about.partition(':')[0]}"
    return say(code) if code in SENTENCES else about.partition(":")[0]


@blueprint.get("/campaigns/<campaign_id>/log")
@staff("supervision", "council")
def log(campaign_id: str) -> ResponseReturnValue:
    """The campaign's log, newest first, filtered; nothing can be written here. While the codes are closed it gives no names for them to
    whoever decides about scores."""
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_read_log(role))
    rules = rule_entries(role.campaign)
    sealed = not may_see_who_comes_when(role) and opened(db(), role.campaign) is None
    reader = Reader(role.campaign.time_zone, _names(rules) | _staff(), rules, NAMES_BEHIND_CODES if sealed else ())
    return _page("desk/log.html", role.campaign.chain, reader, role=role, campaign=role.campaign)


@blueprint.get("/house-log")
@administrator
def house_log() -> ResponseReturnValue:
    """The house's log: accounts and sign-ins."""
    return _page("desk/house_log.html", HOUSE, Reader(current_app.config["TIME_ZONE"], _staff()))


def _page(template: str, chain: str, reader: Reader, **context: object) -> ResponseReturnValue:
    form = LogFilterForm(request.args)
    form.kind.choices = _grouped(audit.kinds_of(db(), chain))
    good = form.validate()
    wanted = _wanted(form, reader.zone) if good else audit.LogFilter()
    entries = audit.entries_of(db(), chain, wanted, request.args.get("before", type=counted))
    # What was typed goes along, so that the next page is one of the same list.
    kept = {name: typed for name in form.data if good and (typed := request.args.get(name))}
    older = {**kept, "before": entries[-1].number} if len(entries) == audit.PAGE else None
    head = audit.head_of(db(), chain)
    page = render_template(template, form=form, entries=entries, older=older, kept=kept, head=head, reader=reader, **context)
    return page, form.status


def _grouped(kinds: list[str]) -> list[Any]:
    """The kinds by what they are about, in words and in the order of those."""
    named = sorted((group_of(kind), act_of(kind), kind) for kind in kinds)
    choices = offered(("", gettext("Any")))
    for group, members in groupby(named, key=itemgetter(0)):
        choices += offered(*((kind, act) for _group, act, kind in members), group=group)
    return choices


def group_of(kind: str) -> str:
    """What a kind of entry is about: the room that it comes from, in words."""
    code = f"log_group.{kind.partition(':')[0]}"
    return say(code) if code in SENTENCES else kind.partition(":")[0]


def _names(entries: Sequence[RuleEntry]) -> dict[str, str]:
    """What the rules of a campaign call their parts, grounds and relations (by id), and each rule itself (by its key)."""
    called = [(entry.key.split(".")[-2], entry.value) for entry in entries if entry.key.endswith(".name")]
    names = {what: pick(name) for what, name in called if isinstance(name, Words)}
    rows = [row for chapter in policy.explain(entries) for row in chapter.rows]
    return names | {row.key: ", ".join(pick(words) for words in (row.subject, row.label) if words) for row in rows}


def _staff() -> dict[str, str]:
    """What the staff are called now, by the id under which the log keeps them."""
    return {one.public_id: one.display_name for one in staff_accounts(db())}


def _wanted(form: LogFilterForm, zone: str) -> audit.LogFilter:
    """What the form asks for, days as the midnights between which they lie."""

    def midnight(day: date | None, plus: int) -> datetime | None:
        return None if day is None else end_of(min(max(day, EARLIEST), LATEST) + plus * DAY, zone)

    since, until = midnight(form.since.data, -1), midnight(form.until.data, 0)
    return audit.LogFilter(form.kind.data or "", form.actor.data or "", form.about.data or "", since, until)
