"""What was published: all lists, the one that stands, and the lines of them that concern one candidate."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from examsite.campaigns.models import Application, Campaign, PersonCorrection
from examsite.campaigns.queries import rule_set
from examsite.campaigns.queries.applications import renamed_since
from examsite.results.contents import sections
from examsite.results.models import Publication
from examsite.rules.refusal import NotFound


@dataclass(frozen=True, slots=True)
class OwnLine:
    """The line of a standing list that concerns one candidate."""

    publication: Publication
    line: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Renamed:
    """A name as a list has it, what it is rightly, and when that was put right."""

    listed: str
    rightly: str
    corrected_at: datetime


def publications(session: Session, campaign: Campaign) -> list[Publication]:
    """All published lists of a campaign, newest first; superseded ones stay."""
    newest = (Publication.published_at.desc(), Publication.id.desc())
    return list(session.scalars(_loaded().where(Publication.campaign_id == campaign.id).order_by(*newest)))


def current(session: Session, campaign: Campaign, kind: str) -> Publication | None:
    """The list of this kind that stands now."""
    return session.scalar(
        _loaded().where(Publication.campaign_id == campaign.id, Publication.kind == kind, Publication.superseded_at.is_(None))
    )


def last_number(session: Session, campaign: Campaign, kind: str) -> int:
    """How many lists of this kind were published so far."""
    query = select(func.max(Publication.number)).where(Publication.campaign_id == campaign.id, Publication.kind == kind)
    return session.scalar(query) or 0


def publication_by_public_id(session: Session, public_id: str) -> Publication:
    """A published list, open to anybody, or NotFound."""
    publication = session.scalar(_loaded().where(Publication.public_id == public_id))
    if publication is None:
        raise NotFound
    return publication


def versions(session: Session, publication: Publication) -> list[Publication]:
    """All versions of the same list, oldest first."""
    query = select(Publication).where(Publication.campaign_id == publication.campaign_id, Publication.kind == publication.kind)
    return list(session.scalars(query.order_by(Publication.number)))


def result_of(session: Session, application: Application) -> list[OwnLine]:
    """What the standing lists say of one candidate, oldest list first, with every figure of their own and none of another's."""
    number = application.candidate_number
    if number is None:
        return []
    standing = (list_ for list_ in publications(session, application.campaign) if list_.superseded_at is None)
    found = [own for publication in standing for own in _own_lines(publication, number)]
    return sorted(found, key=lambda own: (own.publication.published_at, own.publication.id))


def renamed(session: Session, publication: Publication) -> list[Renamed]:
    """Whose name on this list was corrected after it was published, oldest first; the list itself stays as it is. Where it shows candidate
    numbers they tell apart people of the same name, of whom some are on no list."""
    content = cast("Mapping[str, Any]", publication.content)
    numbered = "candidate_number" in content["fields"]
    listed = {(line.get("candidate_number"), line.get("name")) for section in content["sections"] for line in section["lines"]}
    corrections: dict[int, list[PersonCorrection]] = {}
    for one in renamed_since(session, publication.campaign, publication.published_at):
        corrections.setdefault(one.application_id, []).append(one)
    found = []
    for first, last in ((mine[0], mine[-1]) for mine in corrections.values()):
        number = first.application.candidate_number if numbered else None
        if (number, first.old_name) in listed and first.old_name != last.new_name:
            found.append(Renamed(first.old_name, last.new_name, last.corrected_at))
    return found


def _own_lines(publication: Publication, number: str) -> Iterator[OwnLine]:
    for section in sections(publication.kind, _only(publication, number), rule_set(publication.campaign), whole=True):
        for line in section["lines"]:
            yield OwnLine(publication, {name: value for name, value in line.items() if name != "steps"})


def _only(publication: Publication, number: str) -> Mapping[str, Any]:
    """The outcome behind a list with the lines of one candidate alone."""
    outcome = cast("Mapping[str, Any]", publication.draft.outcome)
    mine = [
        {**position, "lines": [line for line in position["lines"] if line["who"]["number"] == number]} for position in outcome["positions"]
    ]
    return {**outcome, "positions": mine}


def _loaded() -> Select[Publication]:
    return select(Publication).options(
        joinedload(Publication.campaign),
        joinedload(Publication.draft),
        joinedload(Publication.drafted_by),
        joinedload(Publication.published_by),
    )
