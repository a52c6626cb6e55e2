"""The rules of each campaign in words, beside the file they came from; and a campaign's own values."""

from collections.abc import Sequence

from flask import Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_login import current_user

from examsite import policies
from examsite.access import login_manager, public, staff
from examsite.accounts.current import me
from examsite.campaigns import permissions
from examsite.campaigns import queries as room_queries
from examsite.campaigns.forms.rules import RemoveStepForm, chapter_form, hint, standing, values_of
from examsite.campaigns.models import Campaign
from examsite.campaigns.navigation import register
from examsite.campaigns.operations import rules as operations
from examsite.campaigns.queries import campaigns as queries
from examsite.campaigns.roles import Role, role_in
from examsite.campaigns.routes import blueprint
from examsite.campaigns.routes.rule_sets import Shown, compared, side_of_set
from examsite.campaigns.rule_story import passages
from examsite.campaigns.rules_table import history, lines
from examsite.rules import canonical, policy
from examsite.rules.policy import RuleEntry, Value, Words
from examsite.rules.refusal import NotFound
from examsite.web.context import db, now
from examsite.web.forms import saved, typed

NEW = "new"
"""The id of a band or level while its values are typed; it gets one of its own from its name."""
register("campaigns.rules", _("Rules"), place=30)


@blueprint.get("/campaigns/<campaign_id>/rules")
@public
def rules(campaign_id: str) -> ResponseReturnValue:
    """The rules of a campaign, value by value: open to everybody once they are frozen, before that to its boards."""
    role = _role_or_none(campaign_id)
    if role is None:
        return _rules_for_anybody(campaign_id)
    entries = room_queries.entries(role.campaign)
    return render_template(
        "campaigns/rules.html",
        role=role,
        passages=passages(entries),
        chapters=policy.explain(entries),
        lines=lines,
        history=history(entries, queries.changes_of(db(), role.campaign)),
        may_change=permissions.may_change_rules(role) and role.campaign.frozen_at is None,
    )


@blueprint.get("/campaigns/<campaign_id>/rules.json")
@public
def rules_file(campaign_id: str) -> ResponseReturnValue:
    """The frozen rules as the very bytes whose SHA-256 is published."""
    campaign = queries.announced_campaign(db(), campaign_id)
    answer = Response(canonical.to_bytes(campaign.rules), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="rules-{campaign.code}.json"'
    return answer


@blueprint.get("/campaigns/<campaign_id>/rules/compare")
@public
def compare_rules(campaign_id: str) -> ResponseReturnValue:
    """The rules of a campaign beside the file of the set they came from; open to whoever may read them."""
    role = _role_or_none(campaign_id)
    campaign = role.campaign if role is not None else _announced_or_sign_in(campaign_id)
    if not isinstance(campaign, Campaign):
        return campaign
    address = url_for("campaigns.rules", campaign_id=campaign_id)
    left = Shown(campaign.code, Words(campaign.title, campaign.title), address, room_queries.entries(campaign))
    return render_template("campaigns/compare_rules.html", campaign=campaign, **compared(left, side_of_set(campaign.rule_set)))


@blueprint.route("/campaigns/<campaign_id>/rules/<int:chapter>", methods=["GET", "POST"])
@staff("hr")
def change_rules(campaign_id: str, chapter: int) -> ResponseReturnValue:
    """Change values of one chapter with a written reason, all of them or none."""
    role = _changing(campaign_id)
    chapters = policy.explain(room_queries.entries(role.campaign))
    if chapter >= len(chapters):
        abort(404)
    index = policy.by_key(room_queries.entries(role.campaign))
    entries = [index[row.key] for row in chapters[chapter].rows if row.key not in policy.FIXED]
    keys = [entry.key for entry in entries]
    form = chapter_form(entries, seen=operations.shown(entries, keys))
    if form.validate_on_submit():
        values = values_of(form, entries)
        if not form.refused:
            with form.refusals():
                operations.change(db(), role, values, typed(form.reason), now(), seen=typed(form.seen))
                return saved(url_for("campaigns.rules", campaign_id=campaign_id), "campaigns.rules_changed")
    by_now = room_queries.entries(role.campaign)
    form.catch_up(operations.shown(by_now, keys), standing([entry for entry in by_now if entry.key in keys]))
    page = render_template(
        "campaigns/change_rules.html",
        role=role,
        form=form,
        chapter=chapters[chapter],
        lines=lines,
        index=index,
        hint=hint,
        rooms={key: room for room, key in policy.LISTS.items()},
    )
    return page, form.status


@blueprint.route("/campaigns/<campaign_id>/rules/add/<room>", methods=["GET", "POST"])
@staff("hr")
def add_rule_step(campaign_id: str, room: str) -> ResponseReturnValue:
    """Another band or level among those that ascend, with values of its own and a written reason."""
    role = _changing(campaign_id)
    present = room_queries.entries(role.campaign)
    if room not in policy.LISTS or policy.LISTS[room] not in policy.by_key(present):
        raise NotFound
    entries = policy.new_step(present, room, NEW, policies.load(role.campaign.rule_set).entries)
    form = chapter_form(entries, empty=True)
    if form.validate_on_submit():
        values = values_of(form, entries)
        if not form.refused:
            with form.refusals():
                operations.add_step(db(), role, room, *_named(values, room, present), typed(form.reason), now())
                return saved(url_for("campaigns.rules", campaign_id=campaign_id), "campaigns.rules_changed")
    names = {key.split(".")[1]: entry.value for key, entry in policy.by_key(present).items() if _names_component(key)}
    page = render_template("campaigns/add_rule_step.html", role=role, form=form, entries=entries, room=room, hint=hint, components=names)
    return page, form.status


@blueprint.route("/campaigns/<campaign_id>/rules/remove/<room>/<step>", methods=["GET", "POST"])
@staff("hr")
def remove_rule_step(campaign_id: str, room: str, step: str) -> ResponseReturnValue:
    """Take a band or level out, with a written reason."""
    role = _changing(campaign_id)
    present = room_queries.entries(role.campaign)
    if room not in policy.LISTS or step not in policy.ids_of(present, room):
        raise NotFound
    form = RemoveStepForm(seen=operations.shown_steps(present, room))
    if form.validate_on_submit():
        with form.refusals():
            operations.remove_step(db(), role, room, step, typed(form.reason), now(), seen=typed(form.seen))
            return saved(url_for("campaigns.rules", campaign_id=campaign_id), "campaigns.rules_changed")
    present = room_queries.entries(role.campaign)
    form.catch_up(operations.shown_steps(present, room))
    rows = [row for chapter in policy.explain(present) for row in chapter.rows if policy.belongs(row.key, room, (step,))]
    name = policy.entry_of(present, f"{room}.{step}.name").value
    return render_template("campaigns/remove_rule_step.html", role=role, form=form, room=room, name=name, rows=rows), form.status


def _changing(campaign_id: str) -> Role:
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_change_rules(role))
    operations.in_reach(role.campaign)
    return role


def _names_component(key: str) -> bool:
    return policy.pattern_of(key) == "components.*.name"


def _named(values: dict[str, Value], room: str, present: Sequence[RuleEntry]) -> tuple[str, dict[str, Value]]:
    """The id of a new band or level, and its values under it."""
    name = values[f"{room}.{NEW}.name"]
    added = operations.id_for(name if isinstance(name, Words) else Words("", ""), policy.ids_of(present, room))
    return added, {policy.renamed(key, added): value for key, value in values.items()}


def _role_or_none(campaign_id: str) -> Role | None:
    if not current_user.is_authenticated:
        return None
    try:
        return role_in(db(), me(), campaign_id)
    except NotFound:
        return None


def _rules_for_anybody(campaign_id: str) -> ResponseReturnValue:
    campaign = _announced_or_sign_in(campaign_id)
    if not isinstance(campaign, Campaign):
        return campaign
    entries = room_queries.entries(campaign)
    return render_template(
        "campaigns/rules_public.html", campaign=campaign, passages=passages(entries), chapters=policy.explain(entries), lines=lines
    )


def _announced_or_sign_in(campaign_id: str) -> Campaign | ResponseReturnValue:
    """The campaign, once it is announced; before that a stranger is asked to sign in, and whoever has done so gets 404."""
    try:
        return queries.announced_campaign(db(), campaign_id)
    except NotFound:
        if current_user.is_authenticated:
            raise
        answer: ResponseReturnValue = login_manager.unauthorized()
        return answer
