"""What changes after people were told is told again: panels, seats, rooms, positions, entries, devices."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.campaigns.models import Application
from examsite.campaigns.operations.closures import close_position
from examsite.campaigns.operations.people import correct_person
from examsite.campaigns.operations.withdrawals import withdraw, withdraw_own
from examsite.campaigns.queries import rule_set
from examsite.campaigns.roles import role_of
from examsite.grading.operations.panels import change_panel
from examsite.notices.models import Notice, OutgoingMail
from examsite.rounds.models import ExamRoom, ReleaseRequest, RosterEntry
from examsite.rounds.operations.devices import ask_release, release, withdraw_release
from examsite.rounds.operations.exam_rooms import change_room
from examsite.rounds.operations.seat_moves import move
from examsite.rounds.operations.sittings import take_over
from examsite.rounds.room_facts import RoomFacts
from tests import factories
from tests.campaigns.intake_file import make_desk
from tests.conftest import NOW
from tests.grading.world import make_world as make_panel_world
from tests.rounds.hall import House, make_house
from tests.rounds.world import DEVICE, make_world


def told(session: Session, account: Account | None) -> list[str]:
    assert account is not None
    return list(session.scalars(select(Notice.code).where(Notice.account_id == account.id).order_by(Notice.id)))


def test_a_changed_panel_is_told_to_its_members_and_to_those_who_know_their_interview(session: Session) -> None:
    world = make_panel_world(session)
    world.applications["001"].email = "an@city.example"
    panel, hr, later = world.panel, world.role("hr"), NOW + timedelta(hours=2)
    change_panel(session, hr, panel, panel.name, "Phòng 7", panel.starts_at, NOW)
    assert told(session, world.people["binh"]) == ["panel_changed"]
    assert session.scalars(select(OutgoingMail.code)).all() == [], "no lots, no interview that a candidate knows"
    world.draw()
    change_panel(session, hr, panel, panel.name, "Phòng 7", panel.starts_at, NOW)
    assert told(session, world.people["binh"]) == ["panel_changed"], "nothing changed"
    change_panel(session, hr, panel, panel.name, "Phòng 7", later, NOW)
    sent = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
    assert [mail.code for mail in sent] == ["interview_set_prepared", "interview_changed_prepared"]
    assert _minutes_to_prepare(sent[0].params) == rule_set(world.campaign).round2.preparation_minutes > 0
    assert len(told(session, world.people["binh"])) == 2


def _minutes_to_prepare(params: Mapping[str, Any]) -> float:
    begins, interview = (datetime.strptime(params[name], "%d/%m/%Y %H:%M") for name in ("prepare", "when"))  # noqa: DTZ007 - one zone
    return (interview - begins) / timedelta(minutes=1)


def test_life_is_told_to_candidates_and_to_hr(session: Session) -> None:
    desk = make_desk(session)
    chair = factories.make_staff(session, "chair")
    factories.appoint(session, desk.campaign, chair, "council", "head")
    people = [factories.make_application(session, desk.position, f"Lê Thị {n}", "eligible", f"00{n}", account=True) for n in (1, 2, 3)]
    first, second, third = people
    person = first.person
    correct_person(session, desk.role, first, "Lê Thị Mơ", person.birth_date, "Giấy khai sinh", NOW)
    withdraw(session, desk.role, first, "Đơn", NOW)
    assert second.account is not None
    withdraw_own(session, second.account, second, "Đổi ý", NOW)
    close_position(session, role_of(session, chair, desk.campaign), desk.position, "Thôi tuyển.", "QĐ 12", NOW)
    wanted = [["person_corrected", "withdrawal_recorded"], [], ["application_ended"]]
    assert [told(session, one.account) for one in (first, second, third)] == wanted
    assert told(session, desk.hr) == ["candidate_withdrew", "position_closed"]
    assert session.scalars(select(Notice.params).where(Notice.code == "application_ended")).one()["reason"] == "Thôi tuyển"


def test_those_who_sit_elsewhere_are_told_and_those_who_sit_down_are_not(session: Session) -> None:
    house = make_house(session)
    exam = house.exam()
    [held] = house.room("P101", 4, exam)
    first, second, third = house.candidates(3)
    for application, seat in ((first, "1"), (second, "2")):
        _seat(house, application, exam.id, held.room_id, seat)
    other = session.scalars(select(RosterEntry.public_id).where(RosterEntry.application_id == second.id)).one()
    move(session, first, held, "2", other, "Đổi chỗ", house.role, NOW)
    move(session, third, held, "3", None, "Đến sau", house.role, NOW)
    assert [told(session, one.account) for one in (first, second, third)] == [["seat_changed"], ["seat_changed"], []]
    room = session.get_one(ExamRoom, held.room_id)
    for note in ("Máy mới", "Máy cũ"):
        change_room(session, room, RoomFacts(room.code, "Phòng máy 2", room.place, 4, note=note), house.role.account, NOW)
    assert told(session, third.account) == ["seat_changed"]
    assert "Phòng máy 2" in str(session.scalars(select(Notice.params).order_by(Notice.id.desc())).first())


def test_a_released_device_is_told_in_the_product_alone(session: Session) -> None:
    world = make_world(session)
    sitting, _token = world.start("001")
    sitting.entry.application.email = "an@city.example"
    session.flush()
    watch, (login, _) = world.role("invigilation"), world.sign_in("001")
    ask_release(session, world.candidates["001"], login, sitting.public_id, NOW)
    asked = session.scalars(select(ReleaseRequest.public_id)).one()
    assert release(session, sitting, asked, "Máy hỏng.", watch, NOW)
    assert told(session, world.candidates["001"]) == ["device_released"]
    withdraw_release(session, sitting, watch, NOW)
    assert told(session, world.candidates["001"]) == ["device_released", "device_release_over"]
    assert release(session, sitting, asked, "Máy hỏng.", watch, NOW)
    for _coming_back in range(2):
        take_over(session, world.candidates["001"], world.sign_in("001")[0], sitting.public_id, NOW, DEVICE)
    assert told(session, world.candidates["001"]) == ["device_released", "device_release_over"] * 2
    assert session.scalars(select(OutgoingMail.code)).all() == []


def _seat(house: House, application: Application, exam: int, room: int, seat: str) -> None:
    number = application.candidate_number
    entry = RosterEntry(session_id=exam, application_id=application.id, candidate_number=number, room_id=room, seat=seat)
    house.session.add(entry)
    house.session.flush()
