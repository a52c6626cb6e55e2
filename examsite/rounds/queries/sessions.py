"""Exam sessions of a campaign as staff see them: who is listed, how it stands, who could still be listed."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from examsite.campaigns.models import Application, Campaign, Person
from examsite.campaigns.queries import rule_set
from examsite.campaigns.roles import Role
from examsite.rounds import timeplan
from examsite.rounds.models import ExamSession, RosterEntry, SessionPostponement, Sitting
from examsite.rounds.queries.attendance import Attendance, attendances_in, exemptions
from examsite.rounds.queries.parts import PartView, part_views
from examsite.rules.refusal import NotFound
from examsite.vietnamese import fold, name_sort_key, title_sort_key

STATES = ("listed", "started", "absent", "voided")
USUAL = "number"


@dataclass(frozen=True)
class SessionRow:
    """One session in the list, with how many of its candidates stand where."""

    exam: ExamSession
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """Everybody on the roster."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class RosterRow:
    """One candidate of a session as its page lists them. `may_come`: they may still come in."""

    entry: RosterEntry
    name: str
    position: str
    parts: tuple[PartView, ...]
    last_saved_at: datetime | None
    may_come: bool
    over: bool

    @property
    def done(self) -> bool:
        """Whether every part they sit was handed in or closed."""
        return self.entry.state == "started" and all(part.state in ("submitted", "closed", "exempt", "missed") for part in self.parts)


ROSTER_SORTS: Mapping[str, Callable[[RosterRow], Any]] = {
    "name": lambda row: name_sort_key(row.name),
    "number": lambda row: row.entry.candidate_number,
    "position": lambda row: title_sort_key(row.position),
    "state": lambda row: (STATES.index(row.entry.state), row.done),
}


@dataclass(frozen=True)
class SessionPage:
    """A session with its roster."""

    exam: ExamSession
    rows: tuple[RosterRow, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many stand where; `done` counts those of `started` who have nothing left to do."""
        found = Counter(row.entry.state for row in self.rows)
        return {state: found[state] for state in STATES} | {"total": len(self.rows), "done": sum(row.done for row in self.rows)}

    def found(self, words: str, state: str) -> tuple[RosterRow, ...]:
        """Those whose number or name holds these words, marks and capitals apart, and who stand like this: a state, or `done`."""
        folded = fold(words)
        return tuple(
            row
            for row in self.rows
            if folded in fold(f"{row.entry.candidate_number} {row.name}") and state in ("", row.entry.state, "done" if row.done else "")
        )

    @property
    def absentees(self) -> int:
        """Candidates who did not come and may not come in any more."""
        return sum(row.entry.state == "listed" and not row.may_come for row in self.rows)

    @property
    def running(self) -> int:
        """Candidates who can still work or come in."""
        return sum(row.entry.state in ("listed", "started") and not row.over for row in self.rows)


def sessions_of(session: Session, campaign: Campaign) -> list[SessionRow]:
    """All sessions of a campaign by their start."""
    exams = list(
        session.scalars(select(ExamSession).where(ExamSession.campaign_id == campaign.id).order_by(ExamSession.opens_at, ExamSession.name))
    )
    counts: dict[int, Counter[str]] = {exam.id: Counter() for exam in exams}
    rows = session.execute(select(RosterEntry.session_id, RosterEntry.state).where(RosterEntry.session_id.in_(counts)))
    for exam_id, state in rows:
        counts[exam_id][state] += 1
    return [SessionRow(exam, counts[exam.id]) for exam in exams]


def session_in(session: Session, role: Role, public_id: str) -> ExamSession:
    """The exam session of this public id in the campaign of the role, or NotFound."""
    found = session.scalar(
        select(ExamSession)
        .options(joinedload(ExamSession.campaign))
        .where(ExamSession.public_id == public_id, ExamSession.campaign_id == role.campaign.id)
    )
    if found is None:
        raise NotFound
    return found


def entry_in(session: Session, exam: ExamSession, public_id: str) -> RosterEntry:
    """The roster entry of this public id in a session, or NotFound."""
    found = session.scalar(select(RosterEntry).where(RosterEntry.public_id == public_id, RosterEntry.session_id == exam.id))
    if found is None:
        raise NotFound
    return found


def roster_of(session: Session, exam: ExamSession) -> list[RosterEntry]:
    """The roster by candidate number."""
    return list(session.scalars(select(RosterEntry).where(RosterEntry.session_id == exam.id).order_by(RosterEntry.candidate_number)))


def session_page(session: Session, exam: ExamSession, now: datetime) -> SessionPage:
    """A session with everybody on its roster, by candidate number."""
    listed = attendances_in(session, exam)
    people = (
        select(Application.id, Person.full_name).join(Application.person).join(RosterEntry, RosterEntry.application_id == Application.id)
    )
    names = {row.id: row.full_name for row in session.execute(people.where(RosterEntry.session_id == exam.id))}
    return SessionPage(exam, tuple(_row(one, names[one.entry.application_id], now) for one in listed))


def free_candidates(session: Session, campaign: Campaign) -> list[Application]:
    """Eligible, numbered candidates who are listed for no session and have a part to sit, by candidate number."""
    rules = rule_set(campaign)
    found = list(
        session.scalars(
            select(Application)
            .options(joinedload(Application.person), joinedload(Application.position))
            .where(
                Application.campaign_id == campaign.id,
                Application.state == "eligible",
                Application.candidate_number.is_not(None),
                ~exists().where(RosterEntry.application_id == Application.id),
            )
            .order_by(Application.candidate_number)
        )
    )
    exempt = exemptions(session, rules, [application.id for application in found])
    everything = frozenset(timeplan.parts_by_id(rules))
    return [application for application in found if exempt.get(application.id, frozenset()) != everything]


def public_session(session: Session, public_id: str) -> ExamSession:
    """A session whose papers are sealed, for anybody, or NotFound."""
    found = session.scalar(
        select(ExamSession)
        .options(joinedload(ExamSession.campaign))
        .where(ExamSession.public_id == public_id, ExamSession.state.in_(("sealed", "closed")))
    )
    if found is None:
        raise NotFound
    return found


def public_sessions(session: Session, campaign: Campaign) -> list[ExamSession]:
    """The campaign's sessions whose draw anybody may see, in the order of their beginning."""
    query = select(ExamSession).where(ExamSession.campaign_id == campaign.id, ExamSession.state.in_(("sealed", "closed")))
    return list(session.scalars(query.order_by(ExamSession.opens_at, ExamSession.id)))


def _row(one: Attendance, name: str, now: datetime) -> RosterRow:
    saved = [sitting.last_saved_at for sitting in one.sittings.values() if sitting.last_saved_at is not None]
    return RosterRow(
        entry=one.entry,
        name=name,
        position=one.entry.application.position.code,
        parts=part_views(one, now),
        last_saved_at=max(saved, default=None),
        may_come=one.in_time(now),
        over=timeplan.all_over(one.plan, now),
    )


def has_sittings(session: Session, exam: ExamSession) -> bool:
    """Whether anybody began a part of this session."""
    return bool(session.scalar(select(exists().where(Sitting.entry_id == RosterEntry.id, RosterEntry.session_id == exam.id))))


def has_begun(session: Session, exam: ExamSession, now: datetime) -> bool:
    """Whether the start of a session has come, or somebody began before it was moved."""
    return now >= exam.opens_at or has_sittings(session, exam)


def postponements_of(session: Session, exam: ExamSession) -> list[SessionPostponement]:
    """Each time that the start of a session was moved, newest first."""
    return list(
        session.scalars(
            select(SessionPostponement)
            .options(joinedload(SessionPostponement.postponed_by))
            .where(SessionPostponement.session_id == exam.id)
            .order_by(SessionPostponement.id.desc())
        )
    )
