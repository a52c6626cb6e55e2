"""Who sits where in round 1 of a campaign: rooms of its sessions, seats, people without one, and what clashes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from examsite.campaigns.models import Application, Campaign, Person, Position, Unit
from examsite.campaigns.queries import rule_set
from examsite.rounds import timeplan
from examsite.rounds.models import ExamRoom, ExamSession, RosterEntry, SessionRoom, SpecialNeed
from examsite.rounds.queries.attendance import exemptions
from examsite.rules import seat_check


@dataclass(frozen=True)
class Candidate:
    """One candidate with a number. `parts`: those they sit; `group`: the unit they apply to; `entry` and the rest: None on no roster."""

    application_id: int
    application: str
    person_id: int
    number: str
    name: str
    birth_date: date
    position: str
    group: str
    eligible: bool
    parts: frozenset[str]
    needs: frozenset[str]
    entry_id: int | None
    entry: str | None
    entry_state: str | None
    session_id: int | None
    room_id: int | None
    seat: str | None
    checked_in_at: datetime | None


@dataclass(frozen=True)
class Hall:
    """One room of one session, and who sits there by seat."""

    held: SessionRoom
    inside: tuple[Candidate, ...]

    @property
    def exam(self) -> ExamSession:
        return self.held.session

    @property
    def room(self) -> ExamRoom:
        return self.held.room

    @cached_property
    def capacity(self) -> int:
        """Seats that can be used."""
        return len(self.room.desks)

    @cached_property
    def by_seat(self) -> Mapping[str, Candidate]:
        return {one.seat: one for one in self.inside if one.seat is not None}

    @property
    def free(self) -> list[str]:
        """Seats nobody has, in their order."""
        return [desk.name for desk in self.room.desks if desk.name not in self.by_seat]


@dataclass(frozen=True)
class Seating:
    """Everything about the seats of a campaign; halls by start of the session, then by code of the room."""

    candidates: tuple[Candidate, ...]
    exams: Mapping[int, ExamSession]
    halls: tuple[Hall, ...]

    @property
    def eligible(self) -> list[Candidate]:
        return [one for one in self.candidates if one.eligible]

    @property
    def exempt(self) -> list[Candidate]:
        """Those who sit no part and need no seat."""
        return [one for one in self.eligible if not one.parts]

    @property
    def seated(self) -> list[Candidate]:
        """Those who have a seat."""
        return [one for one in self.eligible if one.seat is not None]

    @cached_property
    def without(self) -> list[Candidate]:
        """Eligible people who sit a part and have no seat; sessions under way or over that never used a room are left alone."""
        roomy = {hall.exam.id for hall in self.halls}
        return [one for one in self.eligible if one.parts and one.seat is None and self._waits(one, roomy)]

    @property
    def capacity(self) -> int:
        """Seats in the rooms of all sessions that are not closed."""
        return sum(hall.capacity for hall in self.halls if hall.exam.state != "closed")

    @property
    def planned_halls(self) -> list[Hall]:
        """Rooms of sessions that are still planned: where lots can be drawn."""
        return [hall for hall in self.halls if hall.exam.state == "planned"]

    def hall(self, public_id: str) -> Hall | None:
        """The hall of this public id."""
        return next((hall for hall in self.halls if hall.held.public_id == public_id), None)

    def candidate(self, application: str) -> Candidate | None:
        """The candidate of this application's public id."""
        return next((one for one in self.candidates if one.application == application), None)

    def _waits(self, one: Candidate, roomy: set[int]) -> bool:
        if one.session_id is None:
            return True
        state = self.exams[one.session_id].state
        return state == "planned" or (state == "sealed" and one.session_id in roomy and one.entry_state == "listed")


def seating_of(session: Session, campaign: Campaign) -> Seating:
    """The seats of a campaign as they stand."""
    exams = {
        exam.id: exam
        for exam in session.scalars(
            select(ExamSession).where(ExamSession.campaign_id == campaign.id).order_by(ExamSession.opens_at, ExamSession.id)
        )
    }
    people = tuple(_candidates(session, campaign))
    inside: dict[tuple[int | None, int | None], list[Candidate]] = {}
    for one in people:
        inside.setdefault((one.session_id, one.room_id), []).append(one)
    halls = [Hall(held, _by_seat(held, inside.get((held.session_id, held.room_id), []))) for held in rooms_used(session, list(exams))]
    order = {exam: place for place, exam in enumerate(exams)}
    return Seating(people, exams, tuple(sorted(halls, key=lambda hall: (order[hall.exam.id], hall.room.code))))


def rooms_used(session: Session, exams: Sequence[int]) -> list[SessionRoom]:
    """The rooms that these sessions use, by code."""
    query = select(SessionRoom).options(joinedload(SessionRoom.session), joinedload(SessionRoom.room)).join(SessionRoom.room)
    return list(session.scalars(query.where(SessionRoom.session_id.in_(exams)).order_by(ExamRoom.code)))


def clashes_in(session: Session, campaign: Campaign, seating: Seating) -> tuple[seat_check.Clash, ...]:
    """What is wrong with the seats of all sessions that are not closed; sessions and rooms go by their public ids."""
    ahead = {key: exam for key, exam in seating.exams.items() if exam.state != "closed"}
    rooms = {hall.room.id: hall.room.public_id for hall in seating.halls} | _other_rooms(session, seating)
    seated = [
        seat_check.Seated(
            one.number,
            str(one.person_id),
            ahead[one.session_id].public_id,
            rooms[one.room_id] if one.room_id else None,
            one.seat,
            one.needs,
            one.eligible,
        )
        for one in seating.candidates
        if one.session_id in ahead and one.entry_state == "listed"
    ]
    return seat_check.clashes(seated, _uses(session, campaign), _engaged(session, campaign))


def sessions_named(session: Session, public_ids: set[str]) -> dict[str, ExamSession]:
    """Sessions of any campaign by their public ids."""
    query = select(ExamSession).options(joinedload(ExamSession.campaign)).where(ExamSession.public_id.in_(public_ids))
    return {exam.public_id: exam for exam in session.scalars(query)}


def span(exam: ExamSession) -> tuple[datetime, datetime]:
    """From a session's start to its programmed end."""
    return exam.opens_at, exam.closes_at or exam.opens_at + timeplan.programmed_length(rule_set(exam.campaign))


def seated_in(session: Session, exam: ExamSession) -> Counter[int]:
    """How many sit in each room of a session, by the room's id."""
    query = select(RosterEntry.room_id, func.count()).where(RosterEntry.session_id == exam.id, RosterEntry.room_id.is_not(None))
    return Counter({room: count for room, count in session.execute(query.group_by(RosterEntry.room_id)) if room is not None})


def needs_of(session: Session, campaign: Campaign) -> dict[int, frozenset[str]]:
    """The needs that stand, by application."""
    query = select(SpecialNeed.application_id, SpecialNeed.need).join(SpecialNeed.application)
    found: dict[int, set[str]] = {}
    for application, need in session.execute(query.where(Application.campaign_id == campaign.id, SpecialNeed.ended_at.is_(None))):
        found.setdefault(application, set()).add(need)
    return {application: frozenset(needs) for application, needs in found.items()}


def _candidates(session: Session, campaign: Campaign) -> list[Candidate]:
    rules = rule_set(campaign)
    rows = session.execute(
        select(
            Application.id,
            Application.public_id,
            Application.person_id,
            Application.candidate_number,
            Application.state,
            Person.full_name,
            Person.birth_date,
            Position.code,
            Unit.code.label("unit"),
            RosterEntry.id.label("entry_id"),
            RosterEntry.public_id.label("entry"),
            RosterEntry.state.label("entry_state"),
            RosterEntry.session_id,
            RosterEntry.room_id,
            RosterEntry.seat,
            RosterEntry.checked_in_at,
        )
        .join(Application.person)
        .join(Application.position)
        .join(Position.unit)
        .outerjoin(RosterEntry, RosterEntry.application_id == Application.id)
        .where(Application.campaign_id == campaign.id, Application.candidate_number.is_not(None))
        .where(or_(Application.state == "eligible", RosterEntry.id.is_not(None)))
        .order_by(Application.candidate_number)
    ).all()
    exempt, needs = exemptions(session, rules, [row.id for row in rows]), needs_of(session, campaign)
    everything = frozenset(part.id for part in rules.round1.parts)
    return [
        Candidate(
            application_id=row.id,
            application=row.public_id,
            person_id=row.person_id,
            number=row.candidate_number,
            name=row.full_name,
            birth_date=row.birth_date,
            position=row.code,
            group=row.unit,
            eligible=row.state == "eligible",
            parts=everything - exempt.get(row.id, frozenset()),
            needs=needs.get(row.id, frozenset()),
            entry_id=row.entry_id,
            entry=row.entry,
            entry_state=row.entry_state,
            session_id=row.session_id,
            room_id=row.room_id,
            seat=row.seat,
            checked_in_at=row.checked_in_at,
        )
        for row in rows
    ]


def _by_seat(held: SessionRoom, inside: list[Candidate]) -> tuple[Candidate, ...]:
    order = {desk.name: place for place, desk in enumerate(held.room.desks)}
    return tuple(sorted(inside, key=lambda one: (order.get(one.seat or "", len(order)), one.number)))


def _uses(session: Session, campaign: Campaign) -> list[seat_check.Use]:
    """All uses of rooms in sessions that are not closed, of every campaign."""
    query = select(SessionRoom).options(joinedload(SessionRoom.session).joinedload(ExamSession.campaign), joinedload(SessionRoom.room))
    rows = session.scalars(
        query.join(SessionRoom.session).where(ExamSession.state != "closed").order_by(ExamSession.opens_at, SessionRoom.id)
    )
    return [
        seat_check.Use(
            held.session.public_id,
            held.room.public_id,
            *span(held.session),
            frozenset(desk.name for desk in held.room.desks),
            frozenset(held.room.serves),
            held.room.reserved,
            held.room.usable,
            own=held.session.campaign_id == campaign.id,
        )
        for held in rows
    ]


def _engaged(session: Session, campaign: Campaign) -> list[seat_check.Engaged]:
    """Where the people of this campaign are listed in any campaign, in sessions that are not closed."""
    mine = select(Application.person_id).where(Application.campaign_id == campaign.id)
    rows = session.execute(
        select(Application.person_id, RosterEntry.session_id)
        .join(RosterEntry, RosterEntry.application_id == Application.id)
        .where(Application.person_id.in_(mine), RosterEntry.state == "listed")
    ).all()
    wanted = select(ExamSession).options(joinedload(ExamSession.campaign)).where(ExamSession.state != "closed")
    exams = {exam.id: exam for exam in session.scalars(wanted)}
    spans = {key: (exam.public_id, *span(exam)) for key, exam in exams.items()}
    return [seat_check.Engaged(str(person), *spans[exam]) for person, exam in rows if exam in spans]


def _other_rooms(session: Session, seating: Seating) -> dict[int, str]:
    """Rooms that people sit in although their session does not use them."""
    wanted = {one.room_id for one in seating.candidates if one.room_id is not None} - {hall.room.id for hall in seating.halls}
    query = select(ExamRoom.id, ExamRoom.public_id).where(ExamRoom.id.in_(wanted))
    return {row.id: row.public_id for row in session.execute(query)} if wanted else {}
