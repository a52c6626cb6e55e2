"""Move a campaign along its stages."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.models import Campaign, StageStep
from examsite.campaigns.operations.campaigns import locked
from examsite.campaigns.operations.rules import freeze
from examsite.campaigns.queries import rule_set
from examsite.campaigns.roles import Role
from examsite.db import rows_changed
from examsite.desk import permissions, stages
from examsite.rules.refusal import Conflict, Refused


def advance(session: Session, role: Role, seen_stage: str, now: datetime) -> str:
    """Take the next step; return the stage reached. What it waits for cannot come in between the look and the step.

    Refuses while anything is missing, and where the campaign no longer stands at the stage the person saw. Announcing freezes the rules.
    """
    role.must(permissions.may_advance(role))
    campaign = locked(session, role.campaign)
    coming = stages.next_stage(campaign, rule_set(campaign))
    if coming is None:
        raise Refused("desk.at_the_end")
    if seen_stage != campaign.stage:
        raise Conflict("changed_meanwhile")
    missing = [need for need in stages.needs(session, campaign, now) if not need.met]
    if missing:
        raise Refused("desk.still_missing", count=len(missing))
    if coming == "announced":
        freeze(session, role, now)
    _move(session, role, coming, "", now)
    return coming


def step_back(session: Session, role: Role, seen_stage: str, reason: str, now: datetime) -> str:
    """Take one step back with a reason; what was published stays published, and the rules stay frozen."""
    role.must(permissions.may_step_back(role))
    earlier = stages.previous_stage(role.campaign, rule_set(role.campaign))
    if earlier is None:
        raise Refused("desk.no_way_back")
    if seen_stage != role.campaign.stage:
        raise Conflict("changed_meanwhile")
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    _move(session, role, earlier, reason.strip(), now)
    return earlier


def _move(session: Session, role: Role, to_stage: str, reason: str, now: datetime) -> None:
    campaign = role.campaign
    from_stage = campaign.stage
    moved = rows_changed(session, update(Campaign).where(Campaign.id == campaign.id, Campaign.stage == from_stage).values(stage=to_stage))
    if moved != 1:
        raise Conflict("changed_meanwhile")
    session.add(
        StageStep(
            campaign_id=campaign.id, from_stage=from_stage, to_stage=to_stage, reason=reason, taken_at=now, taken_by_id=role.account.id
        )
    )
    data = {"from": from_stage, "to": to_stage, "reason": reason, **role.as_deputy()}
    record(session, campaign.chain, "desk:stage:moved", f"campaign:{campaign.public_id}", role.actor, now, data)
