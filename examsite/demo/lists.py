"""Publish the lists of the demonstration, and take the stages: one person drafts, another publishes."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from examsite.campaigns.models import Campaign
from examsite.demo.setup import role
from examsite.desk.operations import advance
from examsite.results.models import Publication
from examsite.results.operations import drafts, publishing


def publish(session: Session, campaign: Campaign, kind: str, now: datetime) -> Publication:
    """Draft, put forward, and publish by the council's chair."""
    draft = drafts.make_draft(session, kind, role(session, campaign, "phuc"), now)
    act = publishing.put_forward(session, draft, "", role(session, campaign, "phuc"), now + timedelta(minutes=10))
    return publishing.publish(session, draft, act.digest, role(session, campaign, "thao"), now + timedelta(hours=1))


def step(session: Session, campaign: Campaign, to_stage: str, now: datetime) -> None:
    """Take the next stage, which has to be the one named."""
    session.refresh(campaign)
    reached = advance(session, role(session, campaign, "phuc"), campaign.stage, now)
    session.refresh(campaign)
    if reached != to_stage:
        raise LookupError(f"the campaign went to {reached}, not to {to_stage}")
