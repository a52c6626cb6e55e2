"""What documents need beside the lists of the rooms below: who sat where in round 1."""

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from examsite.campaigns.models import Application, Campaign
from examsite.rounds.models import ExamSession, RosterEntry
from examsite.rounds.queries import Round1Outcome, round1_outcomes


@dataclass(frozen=True, slots=True)
class SessionResult:
    """One exam session: its candidates by number, each with name and what became of them."""

    exam: ExamSession
    lines: list[tuple[str, Round1Outcome]] = field(default_factory=list)


def any_session(session: Session, campaign: Campaign) -> bool:
    """Whether an exam session is planned."""
    return session.scalar(select(ExamSession.id).where(ExamSession.campaign_id == campaign.id).limit(1)) is not None


def all_sessions_closed(session: Session, campaign: Campaign) -> bool:
    """Whether there are sessions, and all of them are closed."""
    states = set(session.scalars(select(ExamSession.state).where(ExamSession.campaign_id == campaign.id)))
    return states == {"closed"}


def session_results(session: Session, campaign: Campaign) -> list[SessionResult]:
    """Every exam session in order of its start, with whoever is on its roster."""
    outcomes = {outcome.candidate_number: outcome for outcome in round1_outcomes(session, campaign)}
    wanted = (
        select(RosterEntry)
        .join(RosterEntry.session)
        .options(joinedload(RosterEntry.session), joinedload(RosterEntry.application).joinedload(Application.person))
        .where(ExamSession.campaign_id == campaign.id)
        .order_by(ExamSession.opens_at, ExamSession.id, RosterEntry.candidate_number)
    )
    found: dict[int, SessionResult] = {}
    for entry in session.scalars(wanted):
        result = found.setdefault(entry.session_id, SessionResult(entry.session))
        if entry.candidate_number in outcomes:
            result.lines.append((entry.application.person.full_name, outcomes[entry.candidate_number]))
    return list(found.values())
