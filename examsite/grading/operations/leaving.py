"""Whoever withdraws, or whose position is closed, stands before no panel that has not drawn its lots yet."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from examsite.audit.operations import Actor, record
from examsite.campaigns.models import Application, Campaign
from examsite.campaigns.operations.leaving import follows_leaving
from examsite.grading.models import Interview, Panel


@follows_leaving
def leave_panels(session: Session, campaign: Campaign, applications: Collection[int], actor: Actor, now: datetime) -> None:
    """Take these applications from panels whose lots are not drawn, with an entry in the log.

    Once the lots are drawn the order stands: whoever has left keeps the number in it, is marked as such, and needs no sheet.
    """
    planned = select(Panel).where(Panel.campaign_id == campaign.id, Panel.state == "planned").order_by(Panel.id).with_for_update()
    for panel in session.scalars(planned.execution_options(populate_existing=True)).all():
        standing = select(Interview.id, Interview.application_id, Application.candidate_number).join(Interview.application)
        mine = session.execute(standing.where(Interview.panel_id == panel.id).order_by(Application.candidate_number)).all()
        gone = [row for row in mine if row.application_id in applications]
        if not gone:
            continue
        session.execute(delete(Interview).where(Interview.id.in_([row.id for row in gone])))
        session.expire(panel, ["interviews"])
        told = {"candidates": [row.candidate_number for row in gone]}
        record(session, campaign.chain, "grading:candidates:left", f"panel:{panel.public_id}", actor, now, told)
