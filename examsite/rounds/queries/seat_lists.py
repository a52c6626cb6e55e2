"""The lists of a session by room, and the admission cards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from examsite.accounts.models import Account
from examsite.campaigns.models import Application, Position
from examsite.campaigns.queries import rule_set
from examsite.rounds.models import ExamRoom, ExamSession, RosterEntry
from examsite.rounds.queries.attendance import exemptions
from examsite.rules.policy import Part


@dataclass(frozen=True)
class ListLine:
    """One candidate on a list, with the parts they sit."""

    number: str
    name: str
    birth_date: date
    position: str
    seat: str | None
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class RoomList:
    """Everybody in one room of a session, by candidate number; `room` None: the session has none, or they have no seat yet."""

    exam: ExamSession
    room: ExamRoom | None
    lines: tuple[ListLine, ...]


@dataclass(frozen=True)
class Card:
    """What stands on an admission card."""

    exam: ExamSession
    room: ExamRoom | None
    line: ListLine
    title: str
    unit: str


def room_lists(session: Session, exam: ExamSession) -> list[RoomList]:
    """The lists of a session, by code of the room; those without a room last."""
    found: dict[ExamRoom | None, list[ListLine]] = {}
    for card in cards_of(session, exam):
        found.setdefault(card.room, []).append(card.line)
    rooms = sorted((room for room in found if room is not None), key=lambda room: room.code)
    order = [*rooms, *([None] if None in found else [])]
    return [RoomList(exam, room, tuple(found[room])) for room in order]


def cards_of(session: Session, exam: ExamSession) -> list[Card]:
    """The cards of everybody who is to come to a session, by candidate number."""
    expected = select(RosterEntry).where(RosterEntry.session_id == exam.id, RosterEntry.state != "voided")
    return _cards(session, session.scalars(_loaded(expected).order_by(RosterEntry.candidate_number)).all())


def cards_for(session: Session, account: Account) -> list[Card]:
    """A candidate's own cards, for sessions that are not closed, the first to begin first."""
    mine = select(RosterEntry).join(RosterEntry.application).join(RosterEntry.session).where(Application.account_id == account.id)
    ahead = mine.where(ExamSession.state != "closed", RosterEntry.state != "voided", Application.state == "eligible")
    return _cards(session, session.scalars(_loaded(ahead).order_by(ExamSession.opens_at)).all())


def _loaded(query: Select[RosterEntry]) -> Select[RosterEntry]:
    """With all that a card shows, in one journey."""
    application = joinedload(RosterEntry.application)
    return query.options(
        application.joinedload(Application.person),
        application.joinedload(Application.position).joinedload(Position.unit),
        joinedload(RosterEntry.session).joinedload(ExamSession.campaign),
        joinedload(RosterEntry.room),
    )


def _cards(session: Session, entries: Sequence[RosterEntry]) -> list[Card]:
    found = []
    exempt: dict[int, frozenset[str]] = {}
    for campaign in {entry.session.campaign for entry in entries}:
        mine = [entry.application_id for entry in entries if entry.session.campaign_id == campaign.id]
        exempt |= exemptions(session, rule_set(campaign), mine)
    for entry in entries:
        application, position = entry.application, entry.application.position
        covered = exempt.get(application.id, frozenset())
        parts = tuple(part for part in rule_set(entry.session.campaign).round1.parts if part.id not in covered)
        person = application.person
        line = ListLine(entry.candidate_number, person.full_name, person.birth_date, position.code, entry.seat, parts)
        found.append(Card(entry.session, entry.room, line, position.title, position.unit.name))
    return found
