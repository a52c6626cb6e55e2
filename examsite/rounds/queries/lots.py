"""Draws of seats: those made so far, and what the next one would follow from."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, undefer

from examsite.campaigns.models import Campaign
from examsite.rounds.models import Allocation
from examsite.rounds.queries.seating import Candidate, Hall, Seating
from examsite.rounds.seat_draw import Given
from examsite.rules import allocation
from examsite.rules.refusal import NotFound


def given_whole(seating: Seating, label: str, filling: str, *, apart: bool, keep_sessions: bool) -> Given:
    """What a draw for all planned sessions with rooms follows from; with `keep_sessions` whoever is listed stays in their session."""
    rooms = tuple(_room(hall, [desk.name for desk in hall.room.desks]) for hall in seating.planned_halls if hall.room.usable)
    roomy = {hall.exam.id for hall in seating.planned_halls}
    people = [
        _candidate(seating, one, keep_session=keep_sessions)
        for one in seating.eligible
        if one.parts and _open(seating, one) and not (keep_sessions and one.session_id is not None and one.session_id not in roomy)
    ]
    return Given(label, rooms, tuple(people), filling, apart)


def given_late(seating: Seating, label: str) -> Given:
    """What lots for those without a seat follow from: the free seats of planned sessions; whoever is listed stays in their session."""
    rooms = tuple(_room(hall, hall.free) for hall in seating.planned_halls if hall.room.usable and hall.free)
    roomy = {hall.exam.id for hall in seating.planned_halls}
    late = [one for one in seating.without if one.session_id is None or one.session_id in roomy]
    return Given(label, rooms, tuple(_candidate(seating, one, keep_session=True) for one in late), allocation.SCATTERED, apart=False)


def waiting_draft(session: Session, campaign: Campaign) -> Allocation | None:
    """The draft that waits for its confirmation."""
    return session.scalar(_whole().where(Allocation.campaign_id == campaign.id, Allocation.state == "draft"))


def standing_allocation(session: Session, campaign: Campaign) -> Allocation | None:
    """The draw of the whole campaign that stands."""
    standing = _whole().where(Allocation.campaign_id == campaign.id, Allocation.state == "confirmed", Allocation.kind == "whole")
    return session.scalar(standing)


def allocations_of(session: Session, campaign: Campaign) -> list[Allocation]:
    """All draws of a campaign, newest first."""
    query = select(Allocation).options(joinedload(Allocation.drawn_by)).where(Allocation.campaign_id == campaign.id)
    return list(session.scalars(query.order_by(Allocation.id.desc())))


def allocation_in(session: Session, campaign: Campaign, public_id: str) -> Allocation:
    """The draw of this public id in a campaign, or NotFound."""
    found = session.scalar(_whole().where(Allocation.public_id == public_id, Allocation.campaign_id == campaign.id))
    if found is None:
        raise NotFound
    return found


def public_allocation(session: Session, public_id: str) -> Allocation:
    """A draw that anybody may see, or NotFound: a draft by its commitment, one that gave seats by its seed; none that was dropped."""
    shown = Allocation.state.in_(("draft", "confirmed", "replaced"))
    found = session.scalar(_whole().options(joinedload(Allocation.campaign)).where(Allocation.public_id == public_id, shown))
    if found is None:
        raise NotFound
    return found


def public_allocations(session: Session, campaign: Campaign) -> list[Allocation]:
    """The draws of a campaign that anybody may see, in the order in which they were made."""
    shown = Allocation.state.in_(("draft", "confirmed", "replaced"))
    return list(session.scalars(select(Allocation).where(Allocation.campaign_id == campaign.id, shown).order_by(Allocation.id)))


def _whole() -> Select[Allocation]:
    return select(Allocation).options(joinedload(Allocation.drawn_by), undefer(Allocation.given), undefer(Allocation.seats))


def _open(seating: Seating, one: Candidate) -> bool:
    """On no roster, or on one that is not sealed."""
    return one.session_id is None or seating.exams[one.session_id].state == "planned"


def _room(hall: Hall, free: list[str]) -> allocation.Room:
    wanted = set(free)
    desks = tuple(desk for desk in hall.room.desks if desk.name in wanted)
    return allocation.Room(hall.exam.public_id, hall.room.public_id, desks, frozenset(hall.room.serves), hall.room.reserved)


def _candidate(seating: Seating, one: Candidate, *, keep_session: bool) -> allocation.Candidate:
    listed = seating.exams[one.session_id].public_id if keep_session and one.session_id is not None else None
    return allocation.Candidate(one.number, one.parts, one.needs, one.group, listed)
