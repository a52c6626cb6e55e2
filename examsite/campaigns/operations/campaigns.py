"""Open a campaign, and change its facts while it is a draft."""

import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from examsite import policies
from examsite.accounts.models import Account
from examsite.accounts.operations import actor_of
from examsite.accounts.permissions import may_create_campaigns
from examsite.audit.operations import record
from examsite.campaigns.models import Campaign, Membership
from examsite.campaigns.operations.unique import unless_taken
from examsite.campaigns.permissions import may_edit_campaign
from examsite.campaigns.roles import Role
from examsite.rules import canonical, policy
from examsite.rules.refusal import Conflict, NotFound, NotPermitted, Refused
from examsite.vietnamese import tidy

CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9._-]{0,39}")


@dataclass(frozen=True)
class CampaignFacts:
    """What a campaign is called; `time_zone` is a name of the tz database."""

    code: str
    title: str
    organisation: str
    time_zone: str


def create(session: Session, facts: CampaignFacts, rule_set: str, actor: Account, now: datetime) -> Campaign:
    """Open a campaign in its draft, with a copy of the rule set of its own; its founder heads its HR board.

    Refuses (`campaigns.`): `code_form`, `code_taken`, `text_missing`, `time_zone_unknown`, `set_unknown`, `set_waits`.
    """
    if not may_create_campaigns(actor):
        raise NotPermitted("access.wrong_role")
    checked, chosen = _checked(facts), _runnable(rule_set)
    campaign = Campaign(
        **asdict(checked),
        rule_set=chosen.id,
        rules=policy.dump(chosen.entries),
        stage="draft",
        created_at=now,
        created_by_id=actor.id,
    )
    with unless_taken(session, _code_taken(checked)):
        session.add(campaign)
    session.add(
        Membership(campaign_id=campaign.id, account_id=actor.id, board="hr", duty="head", appointed_at=now, appointed_by_id=actor.id)
    )
    data = {**asdict(checked), "rule_set": chosen.id, "digest": policy.digest(chosen.entries), "hr_head": actor.public_id}
    record(session, campaign.chain, "campaigns:campaign:created", f"campaign:{campaign.public_id}", actor_of(actor), now, data)
    return campaign


def edit(session: Session, role: Role, facts: CampaignFacts, now: datetime, *, seen: str | None = None) -> None:
    """Change the facts of a draft. After the announcement they stand as they were published (`campaigns.no_draft`).

    `seen` is the `shown` of the page on which somebody filled this in: refused where it is no longer so (Conflict
    `campaigns.changed_meanwhile`).
    """
    role.must(may_edit_campaign(role))
    campaign = locked(session, role.campaign)
    in_draft(campaign)
    checked = _checked(facts)
    before = facts_of(campaign)
    if seen not in (None, shown(campaign)):
        raise Conflict("campaigns.changed_meanwhile")
    if before == checked:
        return
    with unless_taken(session, _code_taken(checked)):
        for name, value in asdict(checked).items():
            setattr(campaign, name, value)
    data = {"before": asdict(before), "after": asdict(checked)}
    record(session, campaign.chain, "campaigns:campaign:changed", f"campaign:{campaign.public_id}", role.actor, now, data)


def facts_of(campaign: Campaign) -> CampaignFacts:
    """What a campaign is called now."""
    return CampaignFacts(campaign.code, campaign.title, campaign.organisation, campaign.time_zone)


def shown(campaign: Campaign) -> str:
    """What a page showed of these facts, in one short text."""
    return canonical.digest(asdict(facts_of(campaign)))[:16]


def locked(session: Session, campaign: Campaign) -> Campaign:
    """The same campaign as it stands now, its row locked until the transaction ends: appointments, changes of the rules or of
    positions and the announcement come one after another."""
    fresh = select(Campaign).options(undefer(Campaign.rules)).where(Campaign.id == campaign.id).with_for_update()
    return session.scalars(fresh.execution_options(populate_existing=True)).one()


def in_draft(campaign: Campaign) -> None:
    """Refuse what only a draft allows."""
    if campaign.stage != "draft" or campaign.frozen_at is not None:
        raise Refused("campaigns.no_draft")


def _checked(facts: CampaignFacts) -> CampaignFacts:
    code, title, organisation = facts.code.strip().upper(), tidy(facts.title), tidy(facts.organisation)
    if not CODE.fullmatch(code):
        raise Refused("campaigns.code_form", field="code")
    for name, text in (("title", title), ("organisation", organisation)):
        if not text:
            raise Refused("campaigns.text_missing", field=name)
    try:
        ZoneInfo(facts.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Refused("campaigns.time_zone_unknown", field="time_zone") from error
    return CampaignFacts(code, title, organisation, facts.time_zone)


def _runnable(set_id: str) -> policies.LoadedSet:
    try:
        chosen = policies.load(set_id)
    except NotFound as error:
        raise Refused("campaigns.set_unknown", field="rule_set") from error
    if not chosen.rules.runnable:
        raise Refused("campaigns.set_waits", field="rule_set", name=chosen.rules.name)
    return chosen


def _code_taken(facts: CampaignFacts) -> Refused:
    return Refused("campaigns.code_taken", field="code", campaign=facts.code)
