"""A candidate's own case: the rows that are the candidate's own or published, in few queries. What they mean is told by `timeline`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, cast, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from examsite.accounts.models import Account, ActivationCode
from examsite.campaigns.models import (
    Application,
    ApplicationCorrection,
    ApplicationDocument,
    Campaign,
    CandidateNumbering,
    Entitlement,
    PersonCorrection,
)
from examsite.campaigns.queries import applications, rule_set
from examsite.campaigns.queries.dossiers import documents_of
from examsite.desk.queries import my_application
from examsite.grading.models import Interview
from examsite.results.models import Appeal, Publication
from examsite.results.queries import appeals_of, result_of
from examsite.results.queries.published import OwnLine
from examsite.rounds.models import Paper, RosterEntry, SessionPostponement
from examsite.rounds.queries.sessions import postponements_of
from examsite.rules.policy import RuleSet
from examsite.rules.refusal import NotFound


@dataclass(frozen=True)
class CandidateHome:
    """Everything a candidate may know about their own application; what has not come to pass is None."""

    application: Application
    rules: RuleSet
    activated_at: datetime | None
    numbered_at: datetime | None
    entry: RosterEntry | None
    postponements: Sequence[SessionPostponement]
    interview: Interview | None
    publications: Sequence[Publication]
    results: Sequence[OwnLine]
    appeals: Sequence[Appeal]
    corrections: Sequence[PersonCorrection]

    def own_line(self, kind: str) -> OwnLine | None:
        """What the standing list of this kind says of the candidate."""
        return next((own for own in self.results if own.publication.kind == kind), None)

    def published(self, kind: str) -> Publication | None:
        """The standing list of this kind."""
        return next((one for one in self.publications if one.kind == kind), None)


@dataclass(frozen=True)
class CandidateData:
    """What the office holds about one candidate, beside the application itself."""

    application: Application
    rules: RuleSet
    entitlements: Sequence[Entitlement]
    documents: Sequence[ApplicationDocument]
    corrections: Sequence[PersonCorrection]
    entries_corrected: Sequence[ApplicationCorrection]
    """Before it was decided; `corrections` are those of afterwards."""


def home_of(session: Session, account: Account) -> CandidateHome:
    """The case of the signed-in candidate, or NotFound where no application belongs to the account."""
    application = own_application(session, account)
    entry = _entry(session, application)
    return CandidateHome(
        application=application,
        rules=rule_set(application.campaign),
        activated_at=_activated_at(session, account),
        numbered_at=_numbered_at(session, application),
        entry=entry,
        postponements=postponements_of(session, entry.session) if entry else (),
        interview=_interview(session, application),
        publications=_publications(session, application.campaign),
        results=result_of(session, application),
        appeals=appeals_of(session, application),
        corrections=corrections_of(session, application),
    )


def data_of(session: Session, account: Account) -> CandidateData:
    """What the office holds about the signed-in candidate, or NotFound."""
    application = own_application(session, account)
    return CandidateData(
        application=application,
        rules=rule_set(application.campaign),
        entitlements=_entitlements(session, application),
        documents=documents_of(session, application),
        corrections=corrections_of(session, application),
        entries_corrected=applications.corrections_of(session, application)[::-1],
    )


def own_application(session: Session, account: Account) -> Application:
    """The application that the account was made for, or NotFound."""
    application = my_application(session, account)
    if application is None:
        raise NotFound("desk.no_application")
    return application


def corrections_of(session: Session, application: Application) -> Sequence[PersonCorrection]:
    """What was corrected about this person after the decision, oldest first."""
    mine = select(PersonCorrection).where(PersonCorrection.application_id == application.id)
    return session.scalars(mine.order_by(PersonCorrection.id)).all()


def _entry(session: Session, application: Application) -> RosterEntry | None:
    return session.scalar(
        select(RosterEntry)
        .options(
            joinedload(RosterEntry.session),
            joinedload(RosterEntry.room),
            selectinload(RosterEntry.sittings),
            selectinload(RosterEntry.papers).load_only(Paper.part),
        )
        .where(RosterEntry.application_id == application.id)
    )


def _interview(session: Session, application: Application) -> Interview | None:
    return session.scalar(select(Interview).options(joinedload(Interview.panel)).where(Interview.application_id == application.id))


def _activated_at(session: Session, account: Account) -> datetime | None:
    used = select(ActivationCode.used_at).where(ActivationCode.account_id == account.id, ActivationCode.used_at.is_not(None))
    return session.scalar(used.order_by(ActivationCode.used_at).limit(1))


def _numbered_at(session: Session, application: Application) -> datetime | None:
    """When the candidate's number was given: the giving whose numbers it lies among."""
    number = application.candidate_number
    if number is None or not number.isdecimal():
        return None
    first, last = cast(CandidateNumbering.first_number, Integer), cast(CandidateNumbering.last_number, Integer)
    among = (CandidateNumbering.campaign_id == application.campaign_id, first <= int(number), last >= int(number))
    return session.scalar(select(func.min(CandidateNumbering.numbered_at)).where(*among))


def _entitlements(session: Session, application: Application) -> Sequence[Entitlement]:
    standing = (Entitlement.application_id == application.id, Entitlement.superseded_at.is_(None))
    return session.scalars(select(Entitlement).options(joinedload(Entitlement.decided_by)).where(*standing).order_by(Entitlement.id)).all()


def _publications(session: Session, campaign: Campaign) -> Sequence[Publication]:
    standing = (Publication.campaign_id == campaign.id, Publication.superseded_at.is_(None))
    return session.scalars(select(Publication).where(*standing).order_by(Publication.published_at, Publication.id)).all()
