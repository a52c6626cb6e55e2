"""Rows of the rooms below -> the frozen input of a list. What hinders a list from being computed at all is refused here."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from examsite.campaigns.models import Application, Campaign, Entitlement, Position
from examsite.campaigns.queries import rule_set
from examsite.grading.queries import InterviewOutcome, interview_outcomes
from examsite.results.inputs import (
    Decided,
    EligibleEntry,
    EligibleInput,
    Listed,
    Opening,
    RankingInput,
    RejectedEntry,
    Round1Input,
    Round1Line,
    Round2Line,
)
from examsite.results.models import TieDecision
from examsite.results.queries.round1 import round1_entries
from examsite.results.queries.tie_proof import unproven
from examsite.rounds.models import Entrant
from examsite.rounds.queries.attendance import exemptions
from examsite.rules.marking import ExemptResult, PartResult
from examsite.rules.policy import Decider, RuleSet
from examsite.rules.ranking import Round1Entry, State
from examsite.rules.refusal import Refused


def openings_of(session: Session, campaign: Campaign) -> tuple[Opening, ...]:
    """The positions of a campaign by code."""
    rows = session.scalars(
        select(Position).options(joinedload(Position.unit)).where(Position.campaign_id == campaign.id).order_by(Position.code)
    )
    return tuple(Opening(row.code, row.title, row.unit.name, row.quota) for row in rows)


def eligible_input(session: Session, campaign: Campaign) -> EligibleInput:
    """Everybody whose application was decided. Refused while one is undecided, or an eligible one has no candidate number."""
    found = _applications(session, campaign)
    undecided = sum(application.state == "received" for application in found)
    if undecided:
        raise Refused("results.undecided_applications", count=undecided)
    eligible = [application for application in found if application.state == "eligible"]
    unnumbered = sum(application.candidate_number is None for application in eligible)
    if unnumbered:
        raise Refused("results.numbers_missing", count=unnumbered)
    exempt = exemptions(session, rule_set(campaign), [application.id for application in eligible])
    rejected = sorted(_rejected(application) for application in found if application.state == "rejected")
    return EligibleInput(
        openings=openings_of(session, campaign),
        eligible=tuple(EligibleEntry(_listed(application), tuple(sorted(exempt.get(application.id, ())))) for application in eligible),
        rejected=tuple(RejectedEntry(*parts) for parts in rejected),
    )


def round1_input(session: Session, campaign: Campaign) -> Round1Input:
    """Everybody eligible, with what round 1 came to. Refused while somebody is on no roster, sits still, or is not marked."""
    people = {application.candidate_number: application for application in _applications(session, campaign)}
    return Round1Input(
        openings=openings_of(session, campaign),
        candidates=tuple(Round1Line(_listed(people[entry.number]), entry) for entry in round1_entries(session, campaign)),
    )


def ranking_input(session: Session, campaign: Campaign) -> RankingInput:
    """Everybody who entered round 2, with what the panels found, and how ties were decided.

    Refused until two people have opened the codes, and (`results.tie_unsigned`) while a decision stands that two people did not sign.
    """
    return replace(undecided_input(session, campaign), decisions=_decisions(session, campaign))


def undecided_input(session: Session, campaign: Campaign) -> RankingInput:
    """The same, with no decision of a tie taken into account: what there is to decide, also where one stands that nobody signed."""
    rules = rule_set(campaign)
    found = interview_outcomes(session, campaign)
    entrants = [
        application for application in _applications(session, campaign, in_round2=bool(rules.round1.parts)) if _takes_part(application)
    ]
    groups = _priority_groups(session, [application.id for application in entrants])
    round1 = {entry.number: entry for entry in round1_entries(session, campaign)} if rules.round1.parts else {}
    return RankingInput(
        openings=openings_of(session, campaign),
        candidates=tuple(
            _round2_line(
                application,
                found.get(application.candidate_number or ""),
                groups.get(application.id, ()),
                round1.get(application.candidate_number or ""),
                rules,
            )
            for application in entrants
        ),
        decisions=(),
    )


def _applications(session: Session, campaign: Campaign, *, in_round2: bool = False) -> list[Application]:
    """Applications by candidate number; `in_round2`: of those only that the round 1 result let in."""
    query = (
        select(Application)
        .join(Application.position)
        .options(joinedload(Application.person), contains_eager(Application.position))
        .where(Application.campaign_id == campaign.id)
        .order_by(Application.candidate_number, Application.id)
    )
    if in_round2:
        query = query.where(select(Entrant.id).where(Entrant.application_id == Application.id).exists())
    return list(session.scalars(query))


def _takes_part(application: Application) -> bool:
    return application.candidate_number is not None and application.state in ("eligible", "withdrawn")


def _listed(application: Application) -> Listed:
    return Listed(application.candidate_number or "", application.person.full_name, application.workplace, application.position.code)


def _rejected(application: Application) -> tuple[str, str, str, str, str]:
    person, position = application.person, application.position
    return application.public_id, person.full_name, application.workplace, position.code, application.decision_reason


def _priority_groups(session: Session, applications: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The granted priority groups by application, in alphabetical order."""
    rows = session.execute(
        select(Entitlement.application_id, Entitlement.ground)
        .where(
            Entitlement.application_id.in_(applications),
            Entitlement.kind == "priority",
            Entitlement.granted,
            Entitlement.superseded_at.is_(None),
        )
        .order_by(Entitlement.ground)
    )
    found: dict[int, tuple[str, ...]] = {}
    for application, ground in rows:
        found[application] = (*found.get(application, ()), ground)
    return found


def _round2_line(
    application: Application, outcome: InterviewOutcome | None, groups: tuple[str, ...], round1: Round1Entry | None, rules: RuleSet
) -> Round2Line:
    state, note = _round2_state(application, outcome)
    parts = dict(round1.parts) if round1 else {}
    correct = tuple((part, result.counted) for part, result in sorted(parts.items()) if isinstance(result, PartResult))
    exempt = bool(rules.round1.parts) and all(isinstance(parts.get(part.id), ExemptResult) for part in rules.round1.parts)
    agreed, penalties = (outcome.agreed, outcome.sanctions) if outcome else (None, ())
    return Round2Line(_listed(application), state, note, agreed, groups, correct, exempt, penalties)


def _round2_state(application: Application, outcome: InterviewOutcome | None) -> tuple[State, str]:
    if application.state == "withdrawn":
        return State.WITHDRAWN, application.decision_reason
    if outcome is not None and outcome.void:
        return State.VOIDED, outcome.note
    if outcome is not None and outcome.no_show:
        return State.ABSENT, outcome.note
    return State.PRESENT, ""


def _decisions(session: Session, campaign: Campaign) -> tuple[Decided, ...]:
    rows = session.scalars(
        select(TieDecision)
        .join(TieDecision.position)
        .options(contains_eager(TieDecision.position))
        .where(Position.campaign_id == campaign.id, TieDecision.superseded_at.is_(None))
        .order_by(Position.code, TieDecision.id)
    ).all()
    for one in unproven(session, campaign, rows):
        raise Refused("results.tie_unsigned", position=one.position.title, document=one.document_number)
    return tuple(_decided(row) for row in rows)


def _decided(row: TieDecision) -> Decided:
    return Decided(row.position.code, tuple(row.ordered), Decider(row.decider), row.document_number, row.reason, row.decided_at)
