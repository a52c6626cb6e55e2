"""What the waiting room shows: when it begins, what will be sat, and whether one may begin."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.rounds.models import ExamRoom
from examsite.rounds.queries.attendance import Attendance
from examsite.rounds.queries.parts import PartView, ResultRow, entry_closes, part_views, present_phase, result_rows
from examsite.rounds.queries.seen import seen_attendances


@dataclass(frozen=True)
class OtherSession:
    """Another exam session that the candidate is listed for."""

    name: str
    place: str
    opens_at: datetime
    zone: str


@dataclass(frozen=True)
class WaitingView:
    """The waiting room of one candidate.

    `phase`: unsealed, not_yet, waiting, ready, open, in_grace, closed, exempt, absent, voided, session_closed, paused. `next_part` is the
    part that may be begun now; `refusal` is the code of the sentence that says why the next part cannot be begun. `working` names the
    sitting that is under way. `asks_code`: beginning takes the code on the board of the room. `checked_in`: None where nobody is checked
    in.
    """

    campaign: str
    session_name: str
    place: str
    candidate_number: str
    candidate_name: str
    opens_at: datetime
    closes_at: datetime | None
    zone: str
    server_now: datetime
    phase: str
    personal: bool
    parts: tuple[PartView, ...]
    can_start: bool
    next_part: str | None
    working: str | None
    late_until: datetime | None
    refusal: str | None
    results: tuple[ResultRow, ...]
    others: tuple[OtherSession, ...]
    asks_code: bool = False
    checked_in: bool | None = None
    seat: str | None = None

    @property
    def standing(self) -> str:
        """Another text as soon as the page would show something else, for the page that asks every few seconds."""
        parts = tuple((part.id, part.state, part.opens_at, part.deadline) for part in self.parts)
        shown = (
            self.phase,
            self.opens_at,
            self.place,
            self.seat,
            self.working,
            self.late_until,
            self.refusal,
            self.checked_in,
            self.asks_code,
        )
        return hashlib.sha256(repr((shown, parts)).encode()).hexdigest()[:16]


def waiting_room(session: Session, account: Account, now: datetime) -> WaitingView | None:
    """The waiting room of the session that matters now; None for a candidate who is listed for none."""
    found = seen_attendances(session, account)
    return _view(session, found, account, now, result_rows(session, found[0])) if found else None


def waiting_state(session: Session, account: Account, now: datetime) -> WaitingView | None:
    """The same without results, for the page that asks every few seconds how things stand."""
    found = seen_attendances(session, account)
    return _view(session, found, account, now, ()) if found else None


def _view(session: Session, found: list[Attendance], account: Account, now: datetime, results: tuple[ResultRow, ...]) -> WaitingView:
    attendance, *others = found
    exam = attendance.exam
    parts = part_views(attendance, now)
    startable = next((part.id for part in parts if part.can_start), None)
    to_come = next((part for part in parts if part.sitting is None and not part.exempt and part.state != "missed"), None)
    refusal = attendance.refusal_to_start(to_come.id, now) if to_come and startable is None else None
    return WaitingView(
        campaign=exam.campaign.title,
        session_name=exam.name,
        place=_place(session, attendance),
        candidate_number=attendance.entry.candidate_number,
        candidate_name=account.display_name,
        opens_at=exam.opens_at,
        closes_at=exam.closes_at,
        zone=exam.campaign.time_zone,
        server_now=now,
        phase=present_phase(attendance, now),
        personal=attendance.plan.schedule.closes_at is not None,
        parts=parts,
        can_start=startable is not None,
        next_part=startable,
        working=next((part.sitting for part in parts if part.state == "working"), None),
        late_until=entry_closes(attendance),
        refusal=refusal.code if refusal else None,
        results=results,
        others=tuple(OtherSession(one.exam.name, one.exam.place, one.exam.opens_at, one.exam.campaign.time_zone) for one in others),
        asks_code=exam.needs_check_in and exam.access_code is not None,
        checked_in=attendance.entry.checked_in_at is not None if exam.needs_check_in else None,
        seat=attendance.entry.seat,
    )


def _place(session: Session, attendance: Attendance) -> str:
    """The allocated room with its address, or the place of the session."""
    allocated = attendance.entry.room_id
    room = session.get(ExamRoom, allocated) if allocated is not None else None
    return f"{room.code}, {room.name}, {room.place}" if room else attendance.exam.place
