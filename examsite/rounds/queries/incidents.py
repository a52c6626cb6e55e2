"""Incidents and violations as they were written down."""

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from examsite.accounts.models import Account
from examsite.campaigns.models import Application, Campaign, Membership
from examsite.campaigns.roles import Role
from examsite.rounds.models import ExamSession, Incident, IncidentEntry, RosterEntry, Violation
from examsite.rounds.permissions import may_void_begun
from examsite.rules.refusal import NotFound

_INCIDENT = (
    joinedload(Incident.recorded_by),
    joinedload(Incident.session),
    selectinload(Incident.concerned).joinedload(IncidentEntry.entry).joinedload(RosterEntry.application).joinedload(Application.person),
)
_VIOLATION = (
    joinedload(Violation.entry).joinedload(RosterEntry.application).joinedload(Application.person),
    joinedload(Violation.entry).joinedload(RosterEntry.session),
    joinedload(Violation.reported_by),
    joinedload(Violation.witness),
    joinedload(Violation.decided_by),
)


def incidents_in(session: Session, exam: ExamSession) -> list[Incident]:
    """All incidents of a session, as they happened."""
    wanted = select(Incident).options(*_INCIDENT).where(Incident.session_id == exam.id)
    return list(session.scalars(wanted.order_by(Incident.happened_at, Incident.id)))


def incident_in(session: Session, exam: ExamSession, public_id: str) -> Incident:
    """One incident of a session, or NotFound."""
    wanted = select(Incident).options(*_INCIDENT).where(Incident.session_id == exam.id, Incident.public_id == public_id)
    if (found := session.scalar(wanted)) is None:
        raise NotFound
    return found


def violations_in(session: Session, exam: ExamSession) -> list[Violation]:
    """All violations of a session, as they happened."""
    wanted = select(Violation).join(Violation.entry).options(*_VIOLATION).where(RosterEntry.session_id == exam.id)
    return list(session.scalars(wanted.order_by(Violation.happened_at, Violation.id)))


def violation_in(session: Session, exam: ExamSession, public_id: str) -> Violation:
    """One violation of a session, or NotFound."""
    wanted = select(Violation).join(Violation.entry).options(*_VIOLATION)
    found = session.scalar(wanted.where(RosterEntry.session_id == exam.id, Violation.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def violations_of(session: Session, campaign: Campaign) -> list[Violation]:
    """All violations of a campaign, those that wait for their decision first, the newest first."""
    wanted = select(Violation).join(Violation.entry).join(RosterEntry.session).options(*_VIOLATION)
    found = session.scalars(wanted.where(ExamSession.campaign_id == campaign.id).order_by(Violation.reported_at.desc(), Violation.id))
    return sorted(found, key=lambda violation: violation.state != "reported")


def undecided_violations(session: Session, campaign: Campaign) -> int:
    """How many violations of a campaign wait for the decision of the chair."""
    waiting = select(func.count(Violation.id)).join(Violation.entry).join(RosterEntry.session)
    return session.scalar(waiting.where(ExamSession.campaign_id == campaign.id, Violation.state == "reported")) or 0


def possible_witnesses(session: Session, role: Role) -> list[Account]:
    """The other members of the invigilation board, by name."""
    wanted = (
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .where(
            Membership.campaign_id == role.campaign.id,
            Membership.board == "invigilation",
            Membership.ended_at.is_(None),
            Account.id != role.account.id,
        )
        .distinct()
    )
    return sorted(session.scalars(wanted), key=lambda account: account.display_name)


def waits_for_the_chair() -> ColumnElement[bool]:
    """Whether a violation of a roster entry is reported and not decided, for a guard over roster entries."""
    return exists().where(Violation.entry_id == RosterEntry.id, Violation.state == "reported").correlate(RosterEntry)


def waits_for_another(account: int) -> ColumnElement[bool]:
    """The same of a violation that this account reported or witnessed: whoever it is, somebody else decides about it."""
    involved = or_(Violation.reported_by_id == account, and_(Violation.witness_id.is_not(None), Violation.witness_id == account))
    return exists().where(Violation.entry_id == RosterEntry.id, Violation.state == "reported", involved).correlate(RosterEntry)


def why_not_void(session: Session, entry: RosterEntry, role: Role) -> str | None:
    """The code of the sentence that says why somebody else voids this entry now; None where this person may."""
    if may_void_begun(role):
        return "rounds.own_report" if _stands(session, entry, waits_for_another(role.account.id)) else None
    if entry.state == "started":
        return "rounds.void_begun"
    return "rounds.void_reported" if entry.state == "listed" and _stands(session, entry, waits_for_the_chair()) else None


def _stands(session: Session, entry: RosterEntry, what: ColumnElement[bool]) -> bool:
    return session.scalar(select(RosterEntry.id).where(RosterEntry.id == entry.id, what)) is not None
