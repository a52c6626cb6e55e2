"""What the recorded steps of a campaign say."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.campaigns.models import Campaign, StageStep


def stepped_back_since(session: Session, campaign: Campaign, stages: Collection[str], moment: datetime) -> bool:
    """Whether a step back, which alone has a reason, has led to one of these stages after the moment."""
    step = select(StageStep.id).where(StageStep.campaign_id == campaign.id, StageStep.to_stage.in_(stages), StageStep.reason != "")
    return session.scalar(step.where(StageStep.taken_at > moment).limit(1)) is not None
