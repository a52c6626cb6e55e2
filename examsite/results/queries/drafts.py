"""Look up drafts and what each differs in from the one before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from examsite.campaigns.models import Campaign
from examsite.campaigns.queries import rule_set
from examsite.results.contents import Section, sections
from examsite.results.differences import Change, between
from examsite.results.models import Draft, Publication
from examsite.results.outcomes import Computed
from examsite.results.queries.fresh import Obstacle, fresh, obstacles
from examsite.rules.refusal import NotFound, Refused


@dataclass(frozen=True)
class DraftView:
    """A draft as the boards see it.

    `holds`: a computation now gives the same digest; `hindered` is why there can be no such computation. `obstacles` is what keeps it
    from being put forward; `changes` is the difference to draft number `before`.
    """

    draft: Draft
    sections: Sequence[Section]
    rejected: Sequence[Mapping[str, Any]]
    holds: bool
    hindered: Refused | None
    obstacles: Sequence[Obstacle]
    before: int | None
    changes: Sequence[Change]


def draft_by_public_id(session: Session, campaign: Campaign, public_id: str) -> Draft:
    """One draft of this campaign, or NotFound."""
    draft = session.scalar(_loaded().where(Draft.campaign_id == campaign.id, Draft.public_id == public_id))
    if draft is None:
        raise NotFound
    return draft


def open_draft(session: Session, campaign: Campaign, kind: str) -> Draft | None:
    """The draft of this kind that may become a publication."""
    return session.scalar(_loaded().where(Draft.campaign_id == campaign.id, Draft.kind == kind, Draft.state == "open"))


def drafts(session: Session, campaign: Campaign) -> list[Draft]:
    """All drafts of a campaign, newest first."""
    return list(session.scalars(_loaded().where(Draft.campaign_id == campaign.id).order_by(Draft.id.desc())))


def last_number(session: Session, campaign: Campaign, kind: str) -> int:
    """The number of the newest draft of this kind; 0 while there is none."""
    return session.scalar(select(func.max(Draft.number)).where(Draft.campaign_id == campaign.id, Draft.kind == kind)) or 0


def publication_of(session: Session, draft: Draft) -> Publication | None:
    """What a draft became."""
    return session.scalar(select(Publication).where(Publication.draft_id == draft.id))


def view_of(session: Session, draft: Draft, now: datetime) -> DraftView:
    """Everything the page of a draft shows; an open one is computed again to see whether it still holds."""
    again, hindered = _again(session, draft)
    before = _before(session, draft)
    return DraftView(
        draft=draft,
        sections=sections_of(draft),
        rejected=cast("Mapping[str, Any]", draft.outcome).get("rejected", []),
        holds=again is None or again.digest == draft.digest,
        hindered=hindered,
        obstacles=obstacles(session, draft, again.outcome, now) if again else [],
        before=before.number if before else None,
        changes=between(sections_of(before), sections_of(draft)) if before else [],
    )


def sections_of(draft: Draft) -> list[Section]:
    """The stored list with every figure, for the boards."""
    return sections(draft.kind, cast("Mapping[str, Any]", draft.outcome), rule_set(draft.campaign), whole=True)


def _before(session: Session, draft: Draft) -> Draft | None:
    same_list = (Draft.campaign_id == draft.campaign_id, Draft.kind == draft.kind)
    return session.scalar(_loaded().where(*same_list, Draft.number == draft.number - 1))


def _again(session: Session, draft: Draft) -> tuple[Computed | None, Refused | None]:
    if draft.state != "open":
        return None, None
    try:
        return fresh(session, draft.campaign, draft.kind), None
    except NotFound:
        raise
    except Refused as refusal:
        return None, refusal


def _loaded() -> Select[Draft]:
    return select(Draft).options(joinedload(Draft.campaign), joinedload(Draft.drafted_by))
