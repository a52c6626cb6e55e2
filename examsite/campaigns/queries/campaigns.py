"""Look up campaigns, and the rules each of them runs under."""

import json
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.campaigns.models import Campaign, Membership, Position, RuleChange
from examsite.rules import policy
from examsite.rules.policy import RuleEntry, RuleSet
from examsite.rules.refusal import NotFound, Refused

_frozen: dict[str, RuleSet] = {}
"""Rule sets read once and found to be what their digest says; asked of by every page of an exam, so not fetched again."""


def rule_set(campaign: Campaign) -> RuleSet:
    """The typed rules of a campaign.

    A frozen copy is read once for its digest. One that is no longer what its published digest says is refused (`campaigns.rules_broken`):
    better no exam than one under rules that were bent behind the application's back. A draft's is read once for each wording.
    """
    if campaign.rules_hash is None:
        return _draft(json.dumps(campaign.rules, ensure_ascii=False))
    if campaign.rules_hash not in _frozen:
        found = entries(campaign)
        if policy.digest(found) != campaign.rules_hash:
            raise Refused("campaigns.rules_broken", digest=campaign.rules_hash)
        _frozen[campaign.rules_hash] = policy.parse(found)
    return _frozen[campaign.rules_hash]


def rules_are_known(campaign: Campaign) -> bool:
    """Whether `rule_set` needs no more of a campaign than the digest of its rules."""
    return campaign.rules_hash in _frozen


def has_round1(campaign: Campaign) -> bool:
    """Whether the rules of this campaign ask for a test before the interview."""
    return bool(rule_set(campaign).round1.parts)


def entries(campaign: Campaign) -> tuple[RuleEntry, ...]:
    """The rules of a campaign one by one, to explain or to change."""
    return policy.restore(cast("dict[str, Any]", campaign.rules))


@lru_cache(maxsize=64)
def _draft(stored: str) -> RuleSet:
    return policy.parse(policy.restore(json.loads(stored)))


def campaign_by_public_id(session: Session, public_id: str) -> Campaign:
    """The campaign of this public id, or NotFound. Proves nothing about who asks; see `roles.role_in`."""
    campaign = session.scalar(select(Campaign).where(Campaign.public_id == public_id))
    if campaign is None:
        raise NotFound
    return campaign


def campaign_by_code(session: Session, code: str) -> Campaign:
    """The campaign of this short code, or NotFound (`campaigns.code_unknown`); case does not matter."""
    campaign = session.scalar(select(Campaign).where(Campaign.code == code.strip().upper()))
    if campaign is None:
        raise NotFound("campaigns.code_unknown", campaign=code.strip())
    return campaign


def campaigns(session: Session) -> list[Campaign]:
    """All campaigns, newest first, for the operator."""
    return list(session.scalars(select(Campaign).order_by(Campaign.created_at.desc(), Campaign.id.desc())))


def announced_campaign(session: Session, public_id: str) -> Campaign:
    """The campaign of this public id if its rules are frozen and so open to anybody, or NotFound."""
    campaign = campaign_by_public_id(session, public_id)
    if campaign.frozen_at is None:
        raise NotFound
    return campaign


def my_campaigns(session: Session, account: Account) -> list[tuple[Campaign, list[str]]]:
    """The campaigns in which somebody sits on a board, newest first, with those boards."""
    rows = session.execute(
        select(Campaign, Membership.board)
        .join(Membership, Membership.campaign_id == Campaign.id)
        .where(Membership.account_id == account.id, Membership.ended_at.is_(None))
        .order_by(Campaign.created_at.desc(), Campaign.id.desc(), Membership.board)
    )
    found: dict[int, tuple[Campaign, list[str]]] = {}
    for campaign, board in rows:
        found.setdefault(campaign.id, (campaign, []))[1].append(board)
    return list(found.values())


def changes_of(session: Session, campaign: Campaign) -> list[RuleChange]:
    """The values that were changed before the announcement, newest first."""
    return list(
        session.scalars(
            select(RuleChange).where(RuleChange.campaign_id == campaign.id).order_by(RuleChange.changed_at.desc(), RuleChange.id.desc())
        )
    )


def seats_to_fill(session: Session, of: list[Campaign]) -> dict[int, tuple[int, int]]:
    """Of each campaign, by its id: how many positions it has, and how many seats they offer together."""
    rows = session.execute(
        select(Position.campaign_id, func.count(), func.sum(Position.quota))
        .where(Position.campaign_id.in_([campaign.id for campaign in of]))
        .group_by(Position.campaign_id)
    )
    return {row[0]: (row[1], int(row[2])) for row in rows}
