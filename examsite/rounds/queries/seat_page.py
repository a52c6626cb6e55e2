"""The page of seats: its figures, one room after the other, what clashes and who waits."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.campaigns.models import Campaign
from examsite.rounds.models import Allocation, ExamRoom, ExamSession
from examsite.rounds.queries.lots import allocations_of, standing_allocation, waiting_draft
from examsite.rounds.queries.seating import Candidate, Hall, Seating, clashes_in, sessions_named
from examsite.rules.seat_check import Clash
from examsite.vietnamese import fold


@dataclass(frozen=True)
class Line:
    """One seat of a room with whoever sits there."""

    seat: str
    one: Candidate


@dataclass(frozen=True)
class HallLine:
    """One room of one session: how many sit there, as things stand or in the draft."""

    hall: Hall
    seated: int


@dataclass(frozen=True)
class Told:
    """A clash with what its sentence needs, and whom it concerns."""

    clash: Clash
    exam: ExamSession
    params: Mapping[str, object]
    one: Candidate | None


@dataclass(frozen=True)
class SeatPage:
    """What the page shows. While a draft waits, `halls` and `lines` are the draft's."""

    seating: Seating
    draft: Allocation | None
    standing: Allocation | None
    draws: tuple[Allocation, ...]
    halls: tuple[HallLine, ...]
    hall: Hall | None
    lines: tuple[Line, ...]
    clashes: tuple[Told, ...]
    lacking: tuple[Candidate, ...]
    sealed: bool

    def lacking_called(self, words: str) -> list[Candidate]:
        """Those without a seat whose number or name has these words in it; all of them without words."""
        wanted = fold(words)
        return [one for one in self.lacking if wanted in fold(f"{one.number} {one.name}")]

    @property
    def may_seat_late(self) -> bool:
        """Whether lots for those without a seat make sense now."""
        return bool(self.draft is None and self.lacking and any(line.seated for line in self.halls))


def seat_page(session: Session, campaign: Campaign, seating: Seating, wanted: str) -> SeatPage:
    """The page with one room open: the one wanted, or the first."""
    draft = waiting_draft(session, campaign)
    places = _draft_places(seating, draft) if draft else None
    shown = seating.planned_halls if draft else list(seating.halls)
    lines = {hall.held.id: _lines(hall, places) for hall in shown}
    hall = next((one for one in shown if one.held.public_id == wanted), shown[0] if shown else None)
    lacking = _lacking(seating, draft) if draft else seating.without
    return SeatPage(
        seating=seating,
        draft=draft,
        standing=standing_allocation(session, campaign),
        draws=tuple(allocations_of(session, campaign)),
        halls=tuple(HallLine(one, len(lines[one.held.id])) for one in shown),
        hall=hall,
        lines=lines[hall.held.id] if hall else (),
        clashes=_told(session, seating, clashes_in(session, campaign, seating)),
        lacking=tuple(lacking),
        sealed=any(exam.state != "planned" for exam in seating.exams.values()),
    )


def _draft_places(seating: Seating, draft: Allocation) -> dict[tuple[str, str], list[Line]]:
    people = {one.number: one for one in seating.candidates}
    found: dict[tuple[str, str], list[Line]] = {}
    for number, (exam, room, seat) in draft.seats.items():
        if number in people:
            found.setdefault((exam, room), []).append(Line(seat, people[number]))
    return found


def _lines(hall: Hall, places: Mapping[tuple[str, str], list[Line]] | None) -> tuple[Line, ...]:
    if places is None:
        return tuple(Line(one.seat, one) for one in hall.inside if one.seat is not None)
    order = {desk.name: place for place, desk in enumerate(hall.room.desks)}
    found = places.get((hall.exam.public_id, hall.room.public_id), [])
    return tuple(sorted(found, key=lambda line: order.get(line.seat, len(order))))


def _lacking(seating: Seating, draft: Allocation) -> list[Candidate]:
    drawn = {str(row[0]) for row in _given(draft)}
    return [one for one in seating.candidates if one.number in drawn and one.parts and one.number not in draft.seats]


def _given(draft: Allocation) -> list[list[object]]:
    rows = draft.given["candidates"]
    return rows if isinstance(rows, list) else []


def _told(session: Session, seating: Seating, found: tuple[Clash, ...]) -> tuple[Told, ...]:
    """Clashes with names instead of ids."""
    exams = sessions_named(session, {name for clash in found for name in (clash.session, clash.other) if name})
    codes = session.execute(select(ExamRoom.public_id, ExamRoom.code)) if found else ()
    rooms = {row.public_id: row.code for row in codes}
    people = {one.number: one for one in seating.candidates}
    return tuple(
        Told(
            clash,
            exams[clash.session],
            {
                "number": clash.number or "",
                "room": rooms.get(clash.room or "", ""),
                "other": f"{exams[clash.other].name} ({exams[clash.other].campaign.code})" if clash.other else "",
            },
            people.get(clash.number or ""),
        )
        for clash in found
    )
