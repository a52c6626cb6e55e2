"""Planned sessions with rooms and candidates who wait for a seat: what tests of seating begin with."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.campaigns.models import Application, Campaign, Position
from examsite.campaigns.roles import Role, role_of
from examsite.rounds.models import ExamRoom, ExamSession, RosterEntry, SessionRoom, SpecialNeed
from examsite.rounds.queries.seating import Seating, seating_of
from tests import factories
from tests.conftest import NOW

DAY = timedelta(days=1)


@dataclass
class House:
    """A campaign whose HR board plans round 1."""

    session: Session
    campaign: Campaign
    position: Position
    role: Role

    def exam(self, name: str = "Ca 1", opens_at: datetime = NOW + DAY, state: str = "planned") -> ExamSession:
        found = ExamSession(campaign_id=self.campaign.id, name=name, place="", opens_at=opens_at, state=state)
        self.session.add(found)
        self.session.flush()
        return found

    def room(self, code: str, seats: int, *exams: ExamSession, serves: tuple[str, ...] = (), reserved: bool = False) -> list[SessionRoom]:
        """A room that these sessions use."""
        columns = {"serves": list(serves), "reserved": reserved, "created_at": NOW, "out_of_use": []}
        room = ExamRoom(code=code, name=f"Room {code}", place="1 Lý Thái Tổ", seats=seats, **columns)
        self.session.add(room)
        self.session.flush()
        held = [SessionRoom(session_id=exam.id, room_id=room.id) for exam in exams]
        self.session.add_all(held)
        self.session.flush()
        return held

    def candidate(self, number: str, need: str = "") -> Application:
        found = factories.make_application(self.session, self.position, f"Nguyễn Văn {number}", "eligible", number, account=True)
        if need:
            told = {"evidence": "A paper.", "recorded_at": NOW, "recorded_by_id": self.role.account.id}
            self.session.add(SpecialNeed(application_id=found.id, need=need, **told))
            self.session.flush()
        return found

    def candidates(self, count: int) -> list[Application]:
        return [self.candidate(f"{number:03d}") for number in range(1, count + 1)]

    def seats(self) -> dict[str, tuple[str, str | None, str | None]]:
        """Session, room and seat of everybody on a roster, by number."""
        self.session.expire_all()
        rows = self.session.execute(
            select(RosterEntry.candidate_number, ExamSession.name, ExamRoom.code, RosterEntry.seat)
            .join(RosterEntry.session)
            .outerjoin(RosterEntry.room)
            .order_by(RosterEntry.candidate_number)
        )
        return {number: (name, room, seat) for number, name, room, seat in rows}

    def seating(self) -> Seating:
        self.session.expire_all()
        return seating_of(self.session, self.campaign)


def make_house(session: Session) -> House:
    """A campaign in the timetable of round 1, with one position and nobody numbered yet."""
    campaign = factories.make_campaign(session, stage="round1_timetable")
    officer = factories.make_staff(session, "officer", house_role="hr_officer", password=True)
    factories.appoint(session, campaign, officer, "hr")
    return House(session, campaign, factories.make_position(session, campaign), role_of(session, officer, campaign))
