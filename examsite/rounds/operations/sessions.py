"""Plan exam sessions and put candidates on their rosters. Both are frozen while a sealing waits or stands."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examsite.accounts.queries import open_act
from examsite.audit.operations import record
from examsite.campaigns.models import Application, Campaign
from examsite.campaigns.queries import rule_set
from examsite.campaigns.roles import Role
from examsite.db import new_public_id
from examsite.rounds.models import ExamRoom, ExamSession, RosterEntry, SessionPostponement, SessionRoom
from examsite.rounds.operations.kept_time import dropped_time, give_back_time
from examsite.rounds.permissions import may_plan
from examsite.rounds.queries.sessions import free_candidates
from examsite.rules import canonical
from examsite.rules.policy import Clock
from examsite.rules.refusal import Conflict, Refused


def plan_session(
    session: Session,
    name: str,
    place: str,
    opens_at: datetime,
    closes_at: datetime | None,
    role: Role,
    now: datetime,
    *,
    needs_check_in: bool = False,
) -> ExamSession:
    """Plan an exam session. `closes_at` is the latest end under a personal start, and nothing under a shared clock.

    With `needs_check_in` nobody begins before an invigilator has checked them in.

    Refuses a start or end in the past, a window too short for the whole exam, and a name that is taken.
    """
    role.must(may_plan(role))
    closes_at = checked_times(role.campaign, opens_at, closes_at, now)
    exam = ExamSession(campaign_id=role.campaign.id, name=name.strip(), place=place.strip(), opens_at=opens_at, closes_at=closes_at)
    exam.needs_check_in = needs_check_in
    exam.public_id = new_public_id()
    _keep(session, exam)
    record(session, role.campaign.chain, "rounds:session:planned", about(exam), role.actor, now, _told(exam))
    return exam


def change_session(
    session: Session,
    exam: ExamSession,
    name: str,
    place: str,
    opens_at: datetime,
    closes_at: datetime | None,
    role: Role,
    now: datetime,
    *,
    needs_check_in: bool | None = None,
    seen: str | None = None,
) -> None:
    """Change a planned session; `needs_check_in` None leaves it as it is. `seen` is the `shown` of the page on which somebody filled this
    in; without one nobody looked.

    Refuses as `plan_session`, a session that is sealed or waits for its second signature, and one that is no longer so (Conflict
    `changed_meanwhile`).
    """
    role.must(may_plan(role))
    hold_for_planning(session, exam)
    if seen not in (None, shown(exam)):
        raise Conflict("changed_meanwhile")
    before = _told(exam)
    exam.closes_at = checked_times(role.campaign, opens_at, closes_at, now)
    exam.name, exam.place, exam.opens_at = name.strip(), place.strip(), opens_at
    exam.needs_check_in = exam.needs_check_in if needs_check_in is None else needs_check_in
    _keep(session, exam)
    record(session, role.campaign.chain, "rounds:session:changed", about(exam), role.actor, now, {"before": before, "after": _told(exam)})


def shown(exam: ExamSession) -> str:
    """What a page showed of a session, in one short text."""
    return canonical.digest(_told(exam))[:16]


def drop_session(session: Session, exam: ExamSession, role: Role, now: datetime) -> None:
    """Drop a planned session that nobody is listed for, with the choice of its rooms and the times that it had; the log keeps them.

    Refuses (`rounds.`) `roster_not_empty`, and `in_the_minutes` where an incident of it was written down.
    """
    role.must(may_plan(role))
    hold_for_planning(session, exam)
    if exam.roster:
        raise Refused("rounds.roster_not_empty", count=len(exam.roster))
    told = _told(exam)
    with _unless_in_the_minutes(session):
        told |= _drop_plans(session, exam)
        session.delete(exam)
    record(session, role.campaign.chain, "rounds:session:dropped", about(exam), role.actor, now, told)


def _drop_plans(session: Session, exam: ExamSession) -> dict[str, object]:
    """Delete what only plans the session, and return what the log keeps of it."""
    used, moved = SessionRoom.session_id == exam.id, SessionPostponement.session_id == exam.id
    rooms = session.scalars(select(ExamRoom.code).join(SessionRoom, SessionRoom.room_id == ExamRoom.id).where(used).order_by(ExamRoom.code))
    postponed = session.scalars(select(SessionPostponement).where(moved).order_by(SessionPostponement.id))
    times = [{"after": one.to_opens_at, "before": one.from_opens_at, "reason": one.reason} for one in postponed]
    told = {"postponed": times, "rooms": list(rooms)}
    session.execute(delete(SessionRoom).where(used))
    session.execute(delete(SessionPostponement).where(moved))
    return {name: kept for name, kept in told.items() if kept}


def add_to_roster(session: Session, exam: ExamSession, applications: Collection[str] | None, role: Role, now: datetime) -> int:
    """List candidates for a planned session: those named by the public ids of their applications, or (None) all who may be listed.

    Only eligible, numbered candidates with a part to sit, who are listed nowhere else; returns how many were added. Refuses
    (`rounds.not_free`) when one that was named is none of these.
    """
    role.must(may_plan(role))
    hold_for_planning(session, exam)
    free = {application.public_id: application for application in free_candidates(session, exam.campaign)}
    if applications is not None and (missing := set(applications) - free.keys()):
        raise Refused("rounds.not_free", count=len(missing))
    chosen = [free[public_id] for public_id in (free if applications is None else applications)]
    if not chosen:
        raise Refused("rounds.nobody_to_list")
    try:
        with session.begin_nested():
            session.execute(insert(RosterEntry), [_listed(exam, application) for application in chosen])
    except IntegrityError as fault:
        raise Refused("rounds.not_free", count=1) from fault
    numbers = sorted(str(application.candidate_number) for application in chosen)
    record(session, role.campaign.chain, "rounds:roster:added", about(exam), role.actor, now, {"numbers": numbers})
    give_back_time(session, role.campaign, {application.id for application in chosen}, role.actor, now)
    return len(chosen)


def remove_from_roster(session: Session, exam: ExamSession, entry: RosterEntry, role: Role, now: datetime) -> bool:
    """Take a candidate off the roster of a planned session; return whether time was recorded for them there, which comes back with them as
    far as they are entitled to it."""
    role.must(may_plan(role))
    hold_for_planning(session, exam)
    told = unlist(session, entry)
    record(session, role.campaign.chain, "rounds:roster:removed", about(exam), role.actor, now, told)
    return "time_entries" in told


def unlist(session: Session, entry: RosterEntry) -> dict[str, object]:
    """Delete an entry of a planned session that the caller holds, with its ledger of time; return what the log keeps of it.

    Refused (`rounds.in_the_minutes`), and nothing is deleted, where minutes of the room name the entry.
    """
    told: dict[str, object] = {"numbers": [entry.candidate_number]}
    if entry.seat is not None:
        told |= {"room": entry.room.code if entry.room else None, "seat": entry.seat}
    with _unless_in_the_minutes(session):
        told |= dropped_time(session, entry)
        session.delete(entry)
    return told


def about(exam: ExamSession) -> str:
    """How the log names an exam session."""
    return f"session:{exam.public_id}"


def hold(session: Session, exam: ExamSession, *states: str) -> None:
    """Lock the session's row until the end of the transaction, and refuse unless it stands as it should: in one of `states`."""
    locked = select(ExamSession).where(ExamSession.id == exam.id).with_for_update()
    session.scalars(locked.execution_options(populate_existing=True)).one()
    if exam.state not in states:
        raise Refused(f"rounds.not_{states[0]}")


def hold_for_planning(session: Session, exam: ExamSession) -> None:
    """Lock a planned session that no sealing waits for."""
    hold(session, exam, "planned")
    if open_act(session, "rounds:papers", about(exam)) is not None:
        raise Refused("rounds.sealing_waits")


def checked_times(campaign: Campaign, opens_at: datetime, closes_at: datetime | None, now: datetime) -> datetime | None:
    """The end of a session with these times: none under a shared clock; refuses times in the past and a window too short for the exam."""
    rules = rule_set(campaign)
    if rules.session.clock is Clock.SHARED:
        if opens_at <= now:
            raise Refused("rounds.start_in_past", field="opens_at")
        return None
    if closes_at is None:
        raise Refused("rounds.end_missing", field="closes_at")
    if closes_at <= now:
        raise Refused("rounds.end_in_past", field="closes_at")
    breaks = max(0, len(rules.round1.parts) - 1) * rules.session.break_minutes
    minutes = sum(part.minutes for part in rules.round1.parts) + breaks
    if closes_at - opens_at < timedelta(minutes=minutes):
        raise Refused("rounds.window_short", field="closes_at", minutes=minutes)
    return closes_at


def _keep(session: Session, exam: ExamSession) -> None:
    """Write the row; another session of the campaign may hold the name."""
    name = exam.name
    try:
        with session.begin_nested():
            session.add(exam)
    except IntegrityError as fault:
        raise Refused("rounds.name_taken", field="name", name=name) from fault


@contextmanager
def _unless_in_the_minutes(session: Session) -> Iterator[None]:
    """Deletes nothing that minutes of the room name: a session that was sealed once may have some."""
    try:
        with session.begin_nested():
            yield
    except IntegrityError as fault:
        raise Refused("rounds.in_the_minutes") from fault


def _listed(exam: ExamSession, application: Application) -> dict[str, object]:
    return {"session_id": exam.id, "application_id": application.id, "candidate_number": application.candidate_number}


def _told(exam: ExamSession) -> dict[str, object]:
    return {
        "closes_at": exam.closes_at,
        "name": exam.name,
        "needs_check_in": exam.needs_check_in,
        "opens_at": exam.opens_at,
        "place": exam.place,
    }
