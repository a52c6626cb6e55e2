"""The time in which applications are taken in and judged."""

from sqlalchemy.orm import Session

from examsite.campaigns.models import Campaign
from examsite.campaigns.operations.campaigns import locked
from examsite.campaigns.queries.screening import why_closed
from examsite.rules.refusal import Refused


def held_open(session: Session, campaign: Campaign) -> Campaign:
    """The campaign as it stands now, its row locked, so that neither its stage nor its applications change before the transaction ends.

    Refuses (`screening.`): `not_announced`, `over`, `published`.
    """
    fresh = locked(session, campaign)
    closed = why_closed(session, fresh)
    if closed is not None:
        raise Refused(closed)
    return fresh
