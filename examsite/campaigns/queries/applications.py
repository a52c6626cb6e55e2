"""Look up the applications of a campaign: one by its public id, many by name, number, position and state."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVarTuple

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from examsite.accounts.models import Account
from examsite.campaigns.models import (
    GONE,
    Application,
    ApplicationCorrection,
    ApplicationImport,
    Campaign,
    Person,
    PersonCorrection,
    Position,
)
from examsite.campaigns.queries.filters import STATES, Search, conditions, order_of
from examsite.portions import stretch
from examsite.rules.refusal import NotFound

Columns = TypeVarTuple("Columns")

PAGE: Final = 50
DIGITS_SHOWN: Final = 3
WITHDRAWABLE: Final = ("received", "eligible")
NAME_ORDER: Final = (Person.name_sort_key, Application.id)


@dataclass(frozen=True)
class Found:
    """One page of a search, in the order of Vietnamese name lists; `total` counts all pages."""

    applications: Sequence[Application]
    total: int
    page: int
    pages: int


def all_found(session: Session, campaign: Campaign, wanted: Search, most: int | None, *, by_identity: bool) -> list[Application]:
    """All applications of a search, at most `most` of them where that is given, in the order of the list."""
    where = conditions(campaign, wanted, by_identity)
    return list(session.scalars(_listed().where(*where).order_by(*order_of(wanted)).limit(most)))


def applications_by_public_ids(session: Session, campaign: Campaign, public_ids: Iterable[str]) -> list[Application]:
    """Those of the named applications that belong to this campaign, in the order of Vietnamese name lists."""
    chosen = _listed().where(Application.campaign_id == campaign.id, Application.public_id.in_(list(public_ids)))
    return list(session.scalars(chosen.order_by(*NAME_ORDER)))


def why_not_withdraw(application: Application) -> str | None:
    """The code of the reason why an application cannot be given up now; None where it can."""
    if application.campaign.reached("provisional"):
        return "screening.too_late_to_withdraw"
    return None if application.state in WITHDRAWABLE else "screening.cannot_withdraw"


def search(session: Session, campaign: Campaign, wanted: Search, *, by_identity: bool) -> Found:
    """One page of the applications that fit; with `by_identity` the text may be the whole personal identity number."""
    where = conditions(campaign, wanted, by_identity)
    total = session.scalar(_joined(select(func.count())).where(*where)) or 0
    here = stretch(total, wanted.page, PAGE)
    rows = session.scalars(_listed().where(*where).order_by(*order_of(wanted)).limit(PAGE).offset(here.before))
    return Found(list(rows), total, here.page, here.pages)


def application_by_public_id(session: Session, campaign: Campaign, public_id: str) -> Application:
    """One application of this campaign, or NotFound."""
    application = session.scalar(_listed().where(Application.campaign_id == campaign.id, Application.public_id == public_id))
    if application is None:
        raise NotFound
    return application


def running_of(session: Session, campaign: Campaign, identity_number: str) -> Application:
    """The application that somebody has in this campaign and has not given up, or NotFound."""
    mine = (Application.campaign_id == campaign.id, Person.identity_number == identity_number, Application.state.not_in(GONE))
    application = session.scalar(_listed().where(*mine))
    if application is None:
        raise NotFound
    return application


def others_of(session: Session, application: Application) -> Sequence[Application]:
    """The other applications of the same person in the same campaign, oldest first: given up, or the one that took their place."""
    same = (Application.campaign_id == application.campaign_id, Application.person_id == application.person_id)
    return session.scalars(_listed().where(*same, Application.id != application.id).order_by(Application.id)).all()


def own_application(session: Session, account: Account) -> Application:
    """The application that an account of a candidate was made for, or NotFound."""
    application = session.scalar(_listed().options(joinedload(Application.campaign)).where(Application.account_id == account.id))
    if application is None:
        raise NotFound
    return application


def corrections_of(session: Session, application: Application) -> list[ApplicationCorrection]:
    """What was corrected of an application before it was decided, newest first."""
    mine = select(ApplicationCorrection).options(joinedload(ApplicationCorrection.corrected_by))
    return list(
        session.scalars(mine.where(ApplicationCorrection.application_id == application.id).order_by(ApplicationCorrection.id.desc()))
    )


def renamed_since(session: Session, campaign: Campaign, moment: datetime) -> list[PersonCorrection]:
    """The names of applicants that were corrected after a moment, oldest first."""
    return list(
        session.scalars(
            select(PersonCorrection)
            .join(PersonCorrection.application)
            .options(contains_eager(PersonCorrection.application))
            .where(
                Application.campaign_id == campaign.id,
                PersonCorrection.corrected_at > moment,
                PersonCorrection.old_name != PersonCorrection.new_name,
            )
            .order_by(PersonCorrection.id)
        )
    )


def in_the_running(session: Session, position: Position) -> list[Application]:
    """The undecided and eligible applications for a position."""
    running = (Application.position_id == position.id, Application.state.in_(("received", "eligible")))
    return list(session.scalars(_listed().where(*running).order_by(*NAME_ORDER)))


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
