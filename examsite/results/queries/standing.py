"""Which published lists still count: one whose input was reopened by a step back has to be published anew."""

from sqlalchemy.orm import Session

from examsite.campaigns.models import STAGES, Campaign
from examsite.campaigns.queries.steps import stepped_back_since
from examsite.results.models import Publication
from examsite.results.queries.published import current

MADE_AT = {
    "eligible": "applications",
    "round1": "round1_held",
    "provisional": "round2_held",
    "official": "appeals",
    "recommendations": "official",
}
"""The stage at which the list of each kind is drawn up and published, so that the next step can be taken."""


def reopened(session: Session, publication: Publication) -> bool:
    """Whether what the list was made from could change again since: a later step back led to the stage where it is made, or before."""
    stages = STAGES[: STAGES.index(MADE_AT[publication.kind]) + 1]
    return stepped_back_since(session, publication.campaign, stages, publication.published_at)


def counting(session: Session, campaign: Campaign, kind: str) -> Publication | None:
    """The list of this kind that stands and still counts."""
    publication = current(session, campaign, kind)
    return None if publication is None or reopened(session, publication) else publication
