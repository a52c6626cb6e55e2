"""Who may still be checked in, found by number or by name as it is typed at the door."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from examsite.campaigns.models import Application
from examsite.rounds.models import ExamSession, RosterEntry
from examsite.rounds.qr import read_card
from examsite.vietnamese import fold

MOST_SHOWN = 12


@dataclass(frozen=True)
class Arrival:
    """One candidate at the door. `entry` is loaded with application, person and position."""

    entry: RosterEntry
    name: str
    birth_date: date
    position: str
    checked_in_at: datetime | None


@dataclass(frozen=True)
class Door:
    """The door of the room: what was found for the words that were typed, how many are in, and who came last.

    `foreign`: the campaign that a scanned card belongs to, where it is another one.
    """

    found: tuple[Arrival, ...]
    more: int
    here: int
    total: int
    last: tuple[Arrival, ...]
    foreign: str | None = None


def door(session: Session, exam: ExamSession, typed: str) -> Door:
    """The candidates of a session whose number or name holds every word typed, marks and capitals aside; those to come first.

    The code of an admission card is read as the number it holds.
    """
    campaign, typed = read_card(typed)
    foreign = campaign if campaign is not None and fold(campaign) != fold(exam.campaign.code) else None
    everybody = [_arrival(entry) for entry in session.scalars(_entries(exam))]
    words = [] if foreign else fold(typed).split()
    found = [one for one in everybody if words and _matches(one, words)]
    found.sort(key=lambda one: (one.entry.candidate_number != typed.strip(), one.checked_in_at is not None, one.entry.candidate_number))
    here = [one for one in everybody if one.checked_in_at is not None]
    last = sorted(here, key=lambda one: (one.checked_in_at, one.entry.id), reverse=True)[:5]
    shown = found[:1] if found and found[0].entry.candidate_number == typed.strip() else found[:MOST_SHOWN]
    return Door(tuple(shown), len(found) - len(shown) if len(shown) > 1 else 0, len(here), len(everybody), tuple(last), foreign)


def _matches(one: Arrival, words: list[str]) -> bool:
    """Every word begins the number (or ends it: people say the last digits), or stands in the name."""
    number = fold(one.entry.candidate_number)
    name = fold(one.name)
    return all(number.startswith(word) or number.endswith(word) or word in name for word in words)


def _arrival(entry: RosterEntry) -> Arrival:
    application = entry.application
    person = application.person
    return Arrival(entry, person.full_name, person.birth_date, application.position.code, entry.checked_in_at)


def _entries(exam: ExamSession) -> Select[RosterEntry]:
    return (
        select(RosterEntry)
        .options(
            joinedload(RosterEntry.application).joinedload(Application.person),
            joinedload(RosterEntry.application).joinedload(Application.position),
            joinedload(RosterEntry.room),
        )
        .where(RosterEntry.session_id == exam.id)
        .order_by(RosterEntry.candidate_number)
    )
