"""The preflight of an exam session: rows -> cases of `rules.preflight`, with the other sessions that may be in the way."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, joinedload

from examsite.campaigns.models import Application
from examsite.campaigns.queries import rule_set
from examsite.rounds import timeplan
from examsite.rounds.models import ExamSession, RosterEntry, SessionRoom
from examsite.rounds.queries.attendance import Attendance, attendances_in
from examsite.rules import policy, preflight, timing
from examsite.rules.policy import RuleSet


def shortages(session: Session, exam: ExamSession) -> tuple[preflight.Shortage, ...]:
    """Everybody on the roster who would get less than their due, as the session stands now."""
    return shortages_of(session, exam, attendances_in(session, exam))


def shortages_of(session: Session, exam: ExamSession, listed: Sequence[Attendance]) -> tuple[preflight.Shortage, ...]:
    """The same for a roster that is loaded already."""
    rules = rule_set(exam.campaign)
    if none := preflight.without_minutes([(part.id, part.minutes) for part in rules.round1.parts]):
        return none
    if rules.session.clock is policy.Clock.PERSONAL and exam.closes_at is None:
        return tuple(
            preflight.Shortage(one.entry.candidate_number, None, "on_time", timeplan.programmed_length(rules) // timing.SECOND)
            for one in listed
        )
    elsewhere, in_place = _other_listings(session, exam), _same_place(session, exam)
    return preflight.shortages(_case(one, rules, (*elsewhere.get(one.entry.application.person_id, ()), *in_place)) for one in listed)


def _case(one: Attendance, rules: RuleSet, engagements: tuple[preflight.Engagement, ...]) -> preflight.Case:
    plan = timeplan.plan_of(rules, one.exam, one.exempt, (), one.ledger, held=False)
    late = timing.late_entry_minutes(timeplan.late_bands(rules), plan.sat[0].minutes) if plan.sat else 0
    dues = tuple(_due(one, part) for part in rules.round1.parts if part.id not in one.exempt)
    return preflight.Case(one.entry.candidate_number, dues, plan, late, engagements)


def _due(one: Attendance, part: policy.Part) -> preflight.Due:
    given = [line for line in one.ledger if line.kind == timing.TimeKind.ACCOMMODATION and line.part in (None, part.id)]
    return preflight.Due(part.id, part.minutes, sum(line.seconds for line in given), sum(line.percent for line in given))


def _other_listings(session: Session, exam: ExamSession) -> dict[int, list[preflight.Engagement]]:
    """Other open sessions, of any campaign, that list the same people, by person: in each campaign somebody has another account."""
    here = aliased(RosterEntry)
    mine = select(Application.person_id).join(here, here.application_id == Application.id).where(here.session_id == exam.id)
    rows = (
        select(Application.person_id, RosterEntry.session_id)
        .join(RosterEntry.application)
        .where(Application.person_id.in_(mine), RosterEntry.session_id != exam.id, RosterEntry.state.in_(("listed", "started")))
    )
    listings = [(person, other) for person, other in session.execute(rows)]
    wanted = select(ExamSession).options(joinedload(ExamSession.campaign)).where(ExamSession.id.in_({other for _, other in listings}))
    spans = {other.id: (other.name, *_span(session, other)) for other in session.scalars(wanted.where(ExamSession.state != "closed"))}
    found: dict[int, list[preflight.Engagement]] = {}
    for person, other in listings:
        if other in spans:
            found.setdefault(person, []).append(preflight.Engagement(*spans[other], same_person=True))
    return found


def _same_place(session: Session, exam: ExamSession) -> list[preflight.Engagement]:
    """Other open sessions, of any campaign, in one of the same rooms; where the session uses no rooms, in the same place."""
    mine = list(session.scalars(select(SessionRoom.room_id).where(SessionRoom.session_id == exam.id)))
    if not mine and not exam.place:
        return []
    shared = ExamSession.id.in_(select(SessionRoom.session_id).where(SessionRoom.room_id.in_(mine)))
    rows = select(ExamSession).options(joinedload(ExamSession.campaign)).where(shared if mine else ExamSession.place == exam.place)
    others = session.scalars(rows.where(ExamSession.id != exam.id, ExamSession.state != "closed"))
    return [preflight.Engagement(other.name, *_span(session, other), same_person=False) for other in others]


def _span(session: Session, exam: ExamSession) -> tuple[datetime, datetime]:
    """From a session's opening to the last end of anybody listed for it, extra time included, or of its window."""
    programmed = exam.closes_at or exam.opens_at + timeplan.programmed_length(rule_set(exam.campaign))
    windows = (window for one in attendances_in(session, exam) for window in timing.part_windows(one.reckoned))
    return exam.opens_at, max((window.closes_at for window in windows if window.closes_at is not None), default=programmed)


def told(exam: ExamSession, found: Iterable[preflight.Shortage]) -> list[tuple[str, policy.Part | None, dict[str, object]]]:
    """Each shortage as a sentence's code, the part it is about, and its figures."""
    parts = timeplan.parts_by_id(rule_set(exam.campaign))
    return [
        (
            f"preflight.{one.why}",
            parts.get(one.part or ""),
            {"number": one.number, "minutes": one.seconds // 60, "seconds": one.seconds % 60, "other": one.other},
        )
        for one in found
    ]
