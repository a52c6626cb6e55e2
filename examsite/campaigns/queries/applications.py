"""Look up the applications of a campaign: one by its public id, many by name, number, position and state."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from examsite.campaigns.models import Application, ApplicationImport, Campaign, Person, Position
from examsite.rules.refusal import NotFound
from examsite.vietnamese import fold

Columns = TypeVarTuple("Columns")

PAGE: Final = 50
STATES: Final = ("received", "eligible", "rejected", "withdrawn")
IDENTITY_LENGTH: Final = 12
DIGITS_SHOWN: Final = 3
NAME_ORDER: Final = (Person.name_sort_key, Application.id)


@dataclass(frozen=True)
class Search:
    """What a reader looks for; empty fields do not narrow the list. `page` counts from 1."""

    text: str = ""
    position: str = ""
    state: str = ""
    page: int = 1


@dataclass(frozen=True)
class Found:
    """One page of a search, in the order of Vietnamese name lists; `total` counts all pages."""

    applications: Sequence[Application]
    total: int
    page: int
    pages: int


def search(session: Session, campaign: Campaign, wanted: Search, *, by_identity: bool) -> Found:
    """Applications by name without diacritics, candidate number or, with `by_identity`, the whole personal identity number."""
    where = _conditions(campaign, wanted, by_identity)
    total = session.scalar(_joined(select(func.count())).where(*where)) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(1, wanted.page), pages)
    rows = session.scalars(_listed().where(*where).order_by(*NAME_ORDER).limit(PAGE).offset((page - 1) * PAGE))
    return Found(list(rows), total, page, pages)


def application_by_public_id(session: Session, campaign: Campaign, public_id: str) -> Application:
    """One application of this campaign, or NotFound."""
    application = session.scalar(_listed().where(Application.campaign_id == campaign.id, Application.public_id == public_id))
    if application is None:
        raise NotFound
    return application


def counts_by_state(session: Session, campaign: Campaign) -> dict[str, int]:
    """How many applications stand in each state; every state is there."""
    rows = session.execute(
        select(Application.state, func.count()).where(Application.campaign_id == campaign.id).group_by(Application.state)
    )
    found = {row[0]: row[1] for row in rows}
    return {state: found.get(state, 0) for state in STATES}


def next_undecided(session: Session, campaign: Campaign, after: Application) -> Application | None:
    """The undecided application that follows in the order of lists, from the beginning again after the last."""
    undecided = (
        _listed()
        .where(Application.campaign_id == campaign.id, Application.state == "received", Application.id != after.id)
        .order_by(*NAME_ORDER)
        .limit(1)
    )
    here = after.person.name_sort_key
    follows = or_(Person.name_sort_key > here, and_(Person.name_sort_key == here, Application.id > after.id))
    return session.scalar(undecided.where(follows)) or session.scalar(undecided)


def imports_of(session: Session, campaign: Campaign) -> list[ApplicationImport]:
    """The files that were taken in, newest first."""
    return list(
        session.scalars(
            select(ApplicationImport)
            .where(ApplicationImport.campaign_id == campaign.id)
            .order_by(ApplicationImport.imported_at.desc(), ApplicationImport.id.desc())
        )
    )


def masked(number: str) -> str:
    """The end of a personal identity number or a phone number, enough to tell two people apart in a list."""
    return f"…{number[-DIGITS_SHOWN:]}" if number else ""


def _joined(query: Select[*Columns]) -> Select[*Columns]:
    return query.select_from(Application).join(Application.person).join(Application.position)


def _listed() -> Select[Application]:
    return (
        select(Application)
        .join(Application.person)
        .join(Application.position)
        .options(
            contains_eager(Application.person),
            contains_eager(Application.position).joinedload(Position.unit),
            joinedload(Application.account),
            joinedload(Application.decided_by),
        )
    )


def _conditions(campaign: Campaign, wanted: Search, by_identity: bool) -> list[ColumnElement[bool]]:
    where = [Application.campaign_id == campaign.id]
    if wanted.position:
        where.append(Position.code == wanted.position)
    if wanted.state:
        where.append(Application.state == wanted.state if wanted.state in STATES else false())
    if wanted.text.strip():
        where.append(_by_text(wanted.text, by_identity))
    return where


def _by_text(text: str, by_identity: bool) -> ColumnElement[bool]:
    number = "".join(text.split())
    if not (number.isascii() and number.isdigit()):
        return or_(Person.name_fold.contains(fold(text), autoescape=True), Application.candidate_number == text.strip())
    if len(number) >= IDENTITY_LENGTH - 2:
        return Person.identity_number == number.zfill(IDENTITY_LENGTH) if by_identity else false()
    return Application.candidate_number == number.zfill(4)
