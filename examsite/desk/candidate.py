"""A candidate's own page: the application and what happens next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from examsite.accounts.models import Account
from examsite.campaigns.models import Application, ApplicationDocument, Campaign, Entitlement, StageStep
from examsite.campaigns.queries import rule_set
from examsite.campaigns.queries.dossiers import documents_of
from examsite.desk.queries import my_application
from examsite.desk.stages import stages_of
from examsite.grading.models import Interview
from examsite.results.models import Appeal, Publication
from examsite.results.queries import appeals_of, result_of
from examsite.results.queries.published import OwnLine
from examsite.rounds.models import RosterEntry, SessionPostponement
from examsite.rounds.queries.sessions import postponements_of
from examsite.rules.policy import RuleSet
from examsite.rules.refusal import NotFound


@dataclass(frozen=True)
class Milestone:
    """One stage on the candidate's time line; `at` is when it was reached."""

    stage: str
    state: str
    at: datetime | None


@dataclass(frozen=True)
class CandidateHome:
    """Everything a candidate may know about their own application."""

    application: Application
    rules: RuleSet
    milestones: Sequence[Milestone]
    entitlements: Sequence[Entitlement]
    entry: RosterEntry | None
    interview: Interview | None
    publications: Sequence[Publication]
    results: Sequence[OwnLine]
    appeals: Sequence[Appeal]
    documents: Sequence[ApplicationDocument]
    postponements: Sequence[SessionPostponement]


def home_of(session: Session, account: Account) -> CandidateHome:
    """The page of the signed-in candidate, or NotFound where no application belongs to the account."""
    application = my_application(session, account)
    if application is None:
        raise NotFound("desk.no_application")
    entry = session.scalar(select(RosterEntry).options(joinedload(RosterEntry.session)).where(RosterEntry.application_id == application.id))
    return CandidateHome(
        application,
        rule_set(application.campaign),
        _milestones(session, application.campaign),
        _entitlements(session, application),
        entry,
        session.scalar(select(Interview).options(joinedload(Interview.panel)).where(Interview.application_id == application.id)),
        _publications(session, application.campaign),
        result_of(session, application),
        appeals_of(session, application),
        documents_of(session, application),
        postponements_of(session, entry.session) if entry else (),
    )


def _milestones(session: Session, campaign: Campaign) -> list[Milestone]:
    order = stages_of(rule_set(campaign))
    here = order.index(campaign.stage)
    steps = session.scalars(select(StageStep).where(StageStep.campaign_id == campaign.id).order_by(StageStep.id))
    reached = {step.to_stage: step.taken_at for step in steps}
    shown = [stage for stage in order if stage != "draft"]
    return [
        Milestone(stage, _state(order.index(stage), here), reached.get(stage) if order.index(stage) <= here else None) for stage in shown
    ]


def _state(place: int, here: int) -> str:
    if place == here:
        return "now"
    return "done" if place < here else "later"


def _entitlements(session: Session, application: Application) -> list[Entitlement]:
    return list(
        session.scalars(
            select(Entitlement)
            .where(Entitlement.application_id == application.id, Entitlement.superseded_at.is_(None))
            .order_by(Entitlement.id)
        )
    )


def _publications(session: Session, campaign: Campaign) -> list[Publication]:
    return list(
        session.scalars(
            select(Publication)
            .where(Publication.campaign_id == campaign.id, Publication.superseded_at.is_(None))
            .order_by(Publication.published_at)
        )
    )
