"""Which published lists still count: one whose input was reopened by a step back has to be published anew."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from examsite.campaigns.models import STAGES, Campaign
from examsite.campaigns.queries import rule_set
from examsite.campaigns.queries.steps import stepped_back_since
from examsite.results.models import Publication
from examsite.results.queries.published import current
from examsite.results.window import closes_at
from examsite.rules.refusal import Refused

MADE_AT = {
    "eligible": "applications",
    "round1": "round1_held",
    "provisional": "round2_held",
    "official": "appeals",
    "recommendations": "official",
}
"""The stage at which the list of each kind is drawn up and published, so that the next step can be taken."""

CORRECTED_UNTIL = {
    "eligible": "screened",
    "round1": "round1_result",
    "provisional": "appeals",
    "official": "official",
    "recommendations": "recommendations",
}
"""The last stage at which a list that stands may be corrected: what comes after rests on it."""


def stage_refusal(session: Session, campaign: Campaign, kind: str) -> Refused | None:
    """Why the list of this kind cannot be published at the stage where the campaign stands; None where it can."""
    first, last = MADE_AT[kind], CORRECTED_UNTIL[kind]
    here = STAGES.index(campaign.stage)
    latest = last if current(session, campaign, kind) is not None else first
    if STAGES.index(first) <= here <= STAGES.index(latest):
        return None
    code = "results.stage_too_early" if here < STAGES.index(first) else "results.stage_too_late"
    return Refused(code, list=f"list.{kind}", first=f"stage.{first}", last=f"stage.{last}", now=f"stage.{campaign.stage}")


def tie_stage_refusal(session: Session, campaign: Campaign) -> Refused | None:
    """Why no tie is decided at the stage where the campaign stands; None where a ranking that it orders can be published or corrected."""
    if any(stage_refusal(session, campaign, kind) is None for kind in ("provisional", "official")):
        return None
    first, last = MADE_AT["provisional"], CORRECTED_UNTIL["official"]
    code = "results.tie_too_early" if STAGES.index(campaign.stage) < STAGES.index(first) else "results.tie_too_late"
    return Refused(code, first=f"stage.{first}", last=f"stage.{last}", now=f"stage.{campaign.stage}")


def reopened(session: Session, publication: Publication) -> bool:
    """Whether what the list was made from could change again since: a later step back led to the stage where it is made, or before."""
    stages = STAGES[: STAGES.index(MADE_AT[publication.kind]) + 1]
    return stepped_back_since(session, publication.campaign, stages, publication.published_at)


def counting(session: Session, campaign: Campaign, kind: str) -> Publication | None:
    """The list of this kind that stands and still counts."""
    publication = current(session, campaign, kind)
    return None if publication is None or reopened(session, publication) else publication


def appeals_close(session: Session, campaign: Campaign) -> datetime | None:
    """When the time for appeals against the provisional ranking ends, in the campaign's time zone; None while no ranking counts."""
    ranking = counting(session, campaign, "provisional")
    return None if ranking is None else closes_at(ranking, rule_set(campaign).appeals)


def window_in_words(closes: datetime) -> dict[str, object]:
    """What a sentence says of that moment: the last day, and the day that begins with it."""
    return {"until": f"{closes - timedelta(days=1):%d/%m/%Y}", "since": f"{closes:%d/%m/%Y}"}
