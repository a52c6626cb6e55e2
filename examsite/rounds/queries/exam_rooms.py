"""The rooms of the house."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from examsite.campaigns.models import Application, Campaign
from examsite.rounds.models import ExamRoom, ExamSession, SessionRoom, SpecialNeed
from examsite.rounds.queries.seating import rooms_used, span
from examsite.rules.refusal import NotFound


@dataclass(frozen=True)
class RoomRow:
    """A room in the list, with how many sessions that are not closed use it."""

    room: ExamRoom
    sessions: int


@dataclass(frozen=True)
class RoomChoice:
    """A room that a session may use. `others`: sessions that use it at the same time; `chosen`: this session uses it."""

    room: ExamRoom
    chosen: bool
    others: tuple[ExamSession, ...]


def room_rows(session: Session) -> list[RoomRow]:
    """All rooms by code."""
    counts = select(SessionRoom.room_id, func.count().label("uses")).join(SessionRoom.session).where(ExamSession.state != "closed")
    uses = {row.room_id: row.uses for row in session.execute(counts.group_by(SessionRoom.room_id))}
    return [RoomRow(room, uses.get(room.id, 0)) for room in session.scalars(select(ExamRoom).order_by(ExamRoom.code))]


def room_by_public_id(session: Session, public_id: str) -> ExamRoom:
    """The room of this public id, or NotFound."""
    found = session.scalar(select(ExamRoom).where(ExamRoom.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def rooms_by_code(session: Session, codes: Sequence[str]) -> dict[str, ExamRoom]:
    """The rooms that have these codes."""
    return {room.code: room for room in session.scalars(select(ExamRoom).where(ExamRoom.code.in_(codes)))}


def room_choices(session: Session, exam: ExamSession) -> list[RoomChoice]:
    """The rooms that a session uses or may use, by code."""
    chosen = {held.room_id for held in rooms_used(session, [exam.id])}
    busy = _busy(session, exam)
    rooms = session.scalars(select(ExamRoom).order_by(ExamRoom.code))
    return [RoomChoice(room, room.id in chosen, tuple(busy.get(room.id, ()))) for room in rooms if room.usable or room.id in chosen]


def standing_needs(session: Session, campaign: Campaign) -> list[SpecialNeed]:
    """The special needs that stand, by candidate number."""
    query = (
        select(SpecialNeed)
        .options(joinedload(SpecialNeed.application).joinedload(Application.person), joinedload(SpecialNeed.recorded_by))
        .join(SpecialNeed.application)
        .where(Application.campaign_id == campaign.id, SpecialNeed.ended_at.is_(None))
    )
    return list(session.scalars(query.order_by(Application.candidate_number, SpecialNeed.id)))


def need_in(session: Session, campaign: Campaign, public_id: str) -> SpecialNeed:
    """The special need of this public id in a campaign, or NotFound."""
    query = select(SpecialNeed).join(SpecialNeed.application)
    found = session.scalar(query.where(SpecialNeed.public_id == public_id, Application.campaign_id == campaign.id))
    if found is None:
        raise NotFound
    return found


def _busy(session: Session, exam: ExamSession) -> dict[int, list[ExamSession]]:
    """Other sessions at the same time, by the rooms they use."""
    begins, ends = span(exam)
    query = select(SessionRoom).options(joinedload(SessionRoom.session).joinedload(ExamSession.campaign)).join(SessionRoom.session)
    found: dict[int, list[ExamSession]] = {}
    for held in session.scalars(query.where(ExamSession.state != "closed", ExamSession.id != exam.id)):
        other_begins, other_ends = span(held.session)
        if begins < other_ends and other_begins < ends:
            found.setdefault(held.room_id, []).append(held.session)
    return found
