"""Who and what the pictures show, found in whatever the demonstration holds."""

from dataclasses import dataclass
from typing import NoReturn

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.campaigns.models import Application, Campaign, Membership
from examsite.grading.models import Interview, Panel, PanelMember, ScoreSheet
from examsite.results.models import Publication
from examsite.rounds.models import ExamSession, RosterEntry, Sitting


@dataclass(frozen=True)
class OpenExam:
    """A session whose exam can be sat now: its candidates who have not begun, and who watches over them."""

    campaign: str
    session: str
    candidates: list[Account]
    invigilator: Account


@dataclass(frozen=True)
class OpenInterview:
    """A candidate who is before a panel, and a member whose sheet is still empty."""

    campaign: str
    panel: str
    interview: str
    member: Account


def open_exam(session: Session) -> OpenExam:
    """The session with the most candidates who are checked in and have not begun."""
    begun = select(Sitting.id).where(Sitting.entry_id == RosterEntry.id).exists()
    ready = (
        select(RosterEntry)
        .join(ExamSession)
        .where(ExamSession.state == "sealed", ExamSession.closes_at.is_not(None), RosterEntry.state == "listed", ~begun)
        .order_by(ExamSession.opens_at.desc(), RosterEntry.candidate_number)
    )
    entries = session.scalars(ready).all()
    exam = entries[0].session
    candidates = [entry.application.account for entry in entries if entry.session is exam and entry.application.account is not None]
    return OpenExam(exam.campaign.public_id, exam.public_id, candidates, _on_board(session, exam.campaign, "invigilation"))


def open_interview(session: Session) -> OpenInterview:
    """The first candidate who has come and whom nobody has scored yet."""
    scored = select(ScoreSheet.id).where(ScoreSheet.interview_id == Interview.id).exists()
    came = select(Interview).join(Panel).where(Interview.state == "present", Panel.closed_at.is_(None), ~scored)
    interview = session.scalars(came.order_by(Interview.planned_at)).first()
    if interview is None:
        raise LookupError("the demonstration has no interview to score")
    member = session.scalars(
        select(PanelMember).where(PanelMember.panel_id == interview.panel_id, PanelMember.duty == "member").order_by(PanelMember.id)
    ).first()
    if member is None:
        raise LookupError("the panel has no member")
    return OpenInterview(interview.panel.campaign.public_id, interview.panel.public_id, interview.public_id, member.account)


def published(session: Session, kind: str) -> Publication:
    """The newest list of this kind that still stands."""
    wanted = select(Publication).where(Publication.kind == kind, Publication.superseded_at.is_(None))
    return session.scalars(wanted.order_by(Publication.published_at.desc())).first() or _missing(kind)


def placed_candidate(session: Session, campaign: Campaign) -> Account:
    """Somebody of a finished campaign who has a result to look at."""
    wanted = select(Account).join(Application, Application.account_id == Account.id).where(Application.campaign_id == campaign.id)
    return session.scalars(wanted.order_by(Application.candidate_number)).first() or _missing("candidate")


def fullest_campaign(session: Session) -> Campaign:
    """The campaign with the most applications."""
    count = select(func.count()).select_from(Application).where(Application.campaign_id == Campaign.id).scalar_subquery()
    return session.scalars(select(Campaign).order_by(count.desc(), Campaign.id)).first() or _missing("campaign")


def officer(session: Session, campaign: Campaign) -> Account:
    """A member of its HR board."""
    return _on_board(session, campaign, "hr")


def _on_board(session: Session, campaign: Campaign, board: str) -> Account:
    wanted = select(Account).join(Membership, Membership.account_id == Account.id)
    wanted = wanted.where(Membership.campaign_id == campaign.id, Membership.board == board, Membership.ended_at.is_(None))
    return session.scalars(wanted.order_by(Membership.id)).first() or _missing(board)


def _missing(what: str) -> NoReturn:
    raise LookupError(f"the demonstration has no {what}")
