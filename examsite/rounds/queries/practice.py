"""The practice room of one candidate: whether it is open to them, their run, and what its pages show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from examsite.accounts.models import Account, LoginSession
from examsite.campaigns.models import Application
from examsite.campaigns.queries import rule_set
from examsite.rounds.models import Practice, RosterEntry
from examsite.rounds.practice_paper import ADDRESS, MINUTES, practice_items
from examsite.rounds.queries.parts import PartView
from examsite.rounds.queries.room import RoomView
from examsite.rounds.queries.sittings import Answers, fold
from examsite.rules.policy import PartKind

KEPT = timedelta(days=1)
GRACE = timedelta(seconds=30)


@dataclass(frozen=True)
class PracticeRoom(RoomView):
    """The exam room with the practice paper."""

    @property
    def practice(self) -> bool:
        """Marked as practice on every page."""
        return True

    @property
    def address(self) -> str:
        """One address for everybody: the run is that of the account."""
        return ADDRESS


@dataclass(frozen=True)
class Ground:
    """Whose practice it is: the application, and when the candidate's own session starts, where that is known."""

    application: Application
    session_opens_at: datetime | None
    essay: bool

    def is_open(self, now: datetime) -> bool:
        """Whether they may begin at `now`."""
        return may_practise(self.application, self.session_opens_at, now)


def may_practise(application: Application, session_opens_at: datetime | None, now: datetime) -> bool:
    """From when the candidate is eligible until their own session starts, where there is a round 1 at all."""
    before = session_opens_at is None or now < session_opens_at
    ahead = not application.campaign.reached("round1_result")
    return application.state == "eligible" and before and ahead and bool(rule_set(application.campaign).round1.parts)


def ground_of(session: Session, account: Account) -> Ground | None:
    """What the practice of this account rests on; None for one without an application."""
    mine = select(Application).options(joinedload(Application.campaign)).where(Application.account_id == account.id)
    application = session.scalar(mine)
    if application is None:
        return None
    entry = session.scalar(select(RosterEntry).options(joinedload(RosterEntry.session)).where(RosterEntry.application_id == application.id))
    parts = rule_set(application.campaign).round1.parts
    return Ground(application, entry.session.opens_at if entry else None, any(part.kind != PartKind.SINGLE_CHOICE for part in parts))


def practice_of(session: Session, account: Account, now: datetime) -> Practice | None:
    """The account's run of the last day, open or over."""
    mine = select(Practice).where(Practice.account_id == account.id, Practice.started_at > now - KEPT)
    return session.scalar(mine.execution_options(populate_existing=True))


def practice_by_login(session: Session, token_hash: str, now: datetime) -> Practice | None:
    """The run of whoever this login session belongs to; None also where the session has ended."""
    return session.scalar(
        select(Practice)
        .join(LoginSession, LoginSession.account_id == Practice.account_id)
        .join(LoginSession.account)
        .where(LoginSession.token_hash == token_hash, LoginSession.ended_at.is_(None), LoginSession.expires_at > now)
        .where(Account.disabled_at.is_(None))
        .execution_options(populate_existing=True)
    )


def closes_at(run: Practice) -> datetime:
    """The deadline with the grace for what is on its way."""
    return run.deadline + GRACE


def is_over(run: Practice, now: datetime) -> bool:
    """Whether it was handed in or its time is up."""
    return run.handed_in_at is not None or now >= closes_at(run)


def answers_in(run: Practice) -> Answers:
    """The answers as they stand."""
    return fold([run.answers])


def practice_room(account: Account, ground: Ground, run: Practice, save_token: str, words: tuple[str, str], now: datetime) -> PracticeRoom:
    """The room of a run; `words` are the reader's language and the name of the practice in it."""
    language, name = words
    answers, campaign = answers_in(run), ground.application.campaign
    items = practice_items(language, essay=ground.essay)
    part = _part(run, {language: name, "en": name}, len(items))
    return PracticeRoom(
        sitting=run.public_id,
        part=part,
        part_number=1,
        parts_total=1,
        parts=(part,),
        campaign=campaign.title,
        session_name=name,
        place="",
        zone=campaign.time_zone,
        candidate_number=ground.application.candidate_number or "–",
        candidate_name=account.display_name,
        server_now=now,
        deadline=run.deadline,
        closes_at=closes_at(run),
        epoch=run.epoch,
        last_seq=run.last_seq,
        save_token=save_token,
        items=items,
        answers=answers.values(),
        flags=answers.flags,
    )


def _part(run: Practice, name: Mapping[str, str], questions: int) -> PartView:
    return PartView(
        id=ADDRESS,
        name=name,
        minutes=MINUTES,
        questions=questions,
        state="working",
        opens_at=run.started_at,
        deadline=run.deadline,
        exempt=False,
        can_start=False,
        sitting=run.public_id,
    )
