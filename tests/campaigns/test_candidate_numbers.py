"""Candidate numbers: once, in an order that can be repeated, and only when everybody is decided."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.audit.models import LogEntry
from examsite.campaigns.models import Application, Campaign, CandidateNumbering, Position
from examsite.campaigns.operations import numbers
from examsite.campaigns.queries.numbers import number_counts
from examsite.campaigns.roles import Role, role_of
from examsite.db import open_session
from examsite.rules import canonical
from examsite.rules.drawing import draw_order
from examsite.rules.refusal import NotPermitted, Refused
from tests import databases
from tests.campaigns.intake_file import Desk, make_desk
from tests.factories import appoint, make_application, make_staff
from tests.races import DONE, at_once


def second_position(desk: Desk) -> Position:
    return desk.session.scalars(select(Position).where(Position.campaign_id == desk.campaign.id, Position.code == "PTP-02")).one()


def numbered(desk: Desk) -> list[tuple[str | None, str]]:
    desk.session.expire_all()
    rows = desk.session.scalars(
        select(Application).where(Application.campaign_id == desk.campaign.id).order_by(Application.candidate_number)
    )
    return [(one.candidate_number, one.person.full_name) for one in rows if one.candidate_number]


def test_by_position_and_then_by_vietnamese_names(desk: Desk, now: datetime) -> None:
    for name in ("Đỗ Văn Bình", "Nguyễn Thị Ánh", "Trần Văn An", "Lê Đình Ân", "Nguyễn Văn Ấn"):
        make_application(desk.session, desk.position, name, "eligible")
    make_application(desk.session, second_position(desk), "Zung Văn Ý", "eligible")
    make_application(desk.session, desk.position, "Rejected", "rejected")
    given = numbers.give(desk.session, desk.role, "by_name", now)
    assert numbered(desk) == [
        ("0001", "Zung Văn Ý"),
        ("0002", "Trần Văn An"),
        ("0003", "Nguyễn Thị Ánh"),
        ("0004", "Lê Đình Ân"),
        ("0005", "Nguyễn Văn Ấn"),
        ("0006", "Đỗ Văn Bình"),
    ]
    assert (given.first_number, given.last_number, given.count, given.seed) == ("0001", "0006", 6, None)


def test_by_lot_a_stranger_can_repeat(desk: Desk, now: datetime) -> None:
    made = [make_application(desk.session, desk.position, f"Nguyễn Văn {letter}", "eligible") for letter in "ABCDEFGH"]
    ids = [one.public_id for one in made]
    given = numbers.give(desk.session, desk.role, "by_lot", now)
    assert given.seed is not None
    drawn = draw_order(bytes.fromhex(given.seed), "LA-2026-01/candidate-numbers/0001", ids)
    expected = {public_id: f"{place:04d}" for place, public_id in enumerate(drawn, start=1)}
    desk.session.expire_all()
    assert {one.public_id: one.candidate_number for one in made} == expected
    assert given.digest == canonical.digest(expected)


def test_the_log_has_the_seed_and_the_digest(desk: Desk, now: datetime) -> None:
    make_application(desk.session, desk.position, state="eligible")
    given = numbers.give(desk.session, desk.role, "by_lot", now)
    entry = desk.session.scalars(select(LogEntry).where(LogEntry.kind == "campaigns:numbers:given")).one()
    assert entry.content is not None
    assert f'"seed":"{given.seed}"' in entry.content
    assert given.digest in entry.content


def test_later_numbers_go_on_after_the_highest_even_of_somebody_rejected(desk: Desk, now: datetime, later) -> None:
    make_application(desk.session, desk.position, "Nguyễn Văn An", "eligible", "0001")
    make_application(desk.session, desk.position, "Nguyễn Văn Ba", "rejected", "0017")
    make_application(desk.session, desk.position, "Nguyễn Văn Cả", "eligible")
    numbers.give(desk.session, desk.role, "by_name", later(days=1))
    assert numbered(desk) == [("0001", "Nguyễn Văn An"), ("0017", "Nguyễn Văn Ba"), ("0018", "Nguyễn Văn Cả")]


def test_numbers_are_given_once(desk: Desk, now: datetime) -> None:
    make_application(desk.session, desk.position, state="eligible")
    numbers.give(desk.session, desk.role, "by_name", now)
    with pytest.raises(Refused, match=r"numbers\.nobody"):
        numbers.give(desk.session, desk.role, "by_lot", now)


def test_not_while_anybody_is_undecided(desk: Desk, now: datetime) -> None:
    make_application(desk.session, desk.position, state="eligible")
    make_application(desk.session, second_position(desk))
    with pytest.raises(Refused) as refused:
        numbers.give(desk.session, desk.role, "by_name", now)
    assert (refused.value.code, refused.value.params) == ("numbers.undecided", {"count": 1})


def test_the_undecided_of_another_campaign_do_not_count(desk: Desk, now: datetime) -> None:
    make_application(desk.session, make_desk(desk.session, "LA-2026-02").position)
    make_application(desk.session, desk.position, state="eligible")
    assert numbers.give(desk.session, desk.role, "by_name", now).count == 1


def test_refusals(desk: Desk, now: datetime) -> None:
    make_application(desk.session, desk.position, state="eligible")
    with pytest.raises(Refused, match="arrangement_unknown"):
        numbers.give(desk.session, desk.role, "by_favour", now)
    other = make_staff(desk.session, "other")
    appoint(desk.session, desk.campaign, other, "council", "head")
    with pytest.raises(NotPermitted):
        numbers.give(desk.session, role_of(desk.session, other, desk.campaign), "by_name", now)
    desk.campaign.stage = "screened"
    desk.session.flush()
    with pytest.raises(Refused, match=r"screening\.over"):
        numbers.give(desk.session, desk.role, "by_name", now)


def test_counts(desk: Desk) -> None:
    make_application(desk.session, desk.position)
    make_application(desk.session, desk.position, state="eligible")
    make_application(desk.session, desk.position, state="eligible", number="0001")
    make_application(desk.session, desk.position, state="eligible", number="0002", account=True)
    make_application(desk.session, desk.position, state="rejected", number="0003", account=True)
    counts = number_counts(desk.session, desk.campaign)
    assert (counts.undecided, counts.eligible, counts.without_number, counts.without_account) == (1, 3, 1, 1)
    assert (counts.activated, counts.not_activated) == (1, 0)


def test_two_officers_at_once_give_each_number_once(own_database: databases.Copy) -> None:
    now = datetime(2026, 11, 9, tzinfo=UTC)
    with open_session(own_database.engine) as session:
        desk = make_desk(session)
        for place in range(12):
            make_application(session, desk.position, f"Nguyễn Văn A{'a' * place}", "eligible")
        session.commit()
        campaign_id, hr_id = desk.campaign.id, desk.hr.id

    def load(session: Session) -> Role:
        return role_of(session, session.get_one(Account, hr_id), session.get_one(Campaign, campaign_id))

    def giving(arrangement: str) -> Callable[[Session, Role], object]:
        return lambda session, role: numbers.give(session, role, arrangement, now)

    assert sorted(at_once(own_database, load, giving("by_name"), giving("by_lot"))) == [DONE, "numbers.nobody"]
    with open_session(own_database.engine) as session:
        assert sorted(filter(None, session.scalars(select(Application.candidate_number)))) == [f"{place:04d}" for place in range(1, 13)]
        assert len(session.scalars(select(CandidateNumbering)).all()) == 1
