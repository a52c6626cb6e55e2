"""Who enters round 2, written down by the publication of the round 1 result."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.models import Application
from examsite.campaigns.operations.leaving import left
from examsite.campaigns.roles import Role
from examsite.rounds.models import Entrant
from examsite.rules.refusal import Refused


def enter_round2(session: Session, candidate_numbers: Collection[str], publication: str, role: Role, now: datetime) -> int:
    """Let these candidates of the role's campaign enter round 2, on the publication of this public id; return how many.

    A later publication takes the place of an earlier one: who is not on it any more does not enter, and stands before no panel whose lots
    are not drawn. The caller has decided that `role`
    may publish. Refuses (`rounds.unknown_numbers`) when a number is not that of an eligible candidate.
    """
    campaign = role.campaign
    wanted = select(Application.id, Application.candidate_number).where(
        Application.campaign_id == campaign.id, Application.state == "eligible", Application.candidate_number.in_(candidate_numbers)
    )
    found = {row.candidate_number: row.id for row in session.execute(wanted)}
    if missing := set(candidate_numbers) - found.keys():
        raise Refused("rounds.unknown_numbers", numbers=", ".join(sorted(missing)))
    former = set(session.scalars(select(Entrant.application_id).where(Entrant.campaign_id == campaign.id)))
    session.execute(delete(Entrant).where(Entrant.campaign_id == campaign.id))
    rows = [
        {"campaign_id": campaign.id, "application_id": found[number], "publication": publication, "entered_at": now}
        for number in sorted(found)
    ]
    if rows:
        session.execute(insert(Entrant), rows)
    left(session, campaign, former - set(found.values()), role.actor, now)
    told = {"numbers": sorted(found), "publication": publication}
    record(session, campaign.chain, "rounds:round2:entered", f"campaign:{campaign.public_id}", role.actor, now, told)
    return len(rows)
