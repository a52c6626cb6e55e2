"""Who sits on which board: appointed, kept apart, ended."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.campaigns.models import Campaign, Membership
from examsite.campaigns.operations import boards as operations
from examsite.campaigns.queries import boards as queries
from examsite.campaigns.roles import Role, role_of
from examsite.db import open_session
from examsite.rules.refusal import Conflict, NotPermitted, Refused
from tests.campaigns.house import ENGLISH, House, build, last_entry, log_kinds
from tests.client import Browser
from tests.databases import Copy
from tests.factories import appoint, make_candidate, make_staff
from tests.races import DONE, at_once


@pytest.fixture
def newcomer(session: Session) -> Account:
    account = make_staff(session, "ngoc", "Trần Thị Bích Ngọc")
    session.commit()
    return account


def test_found_without_marks_and_appointed(session: Session, house: House, newcomer: Account, browse: Callable[..., Browser]) -> None:
    hr = browse(house.hr)
    address = f"{house.address}/boards/appoint"
    assert newcomer.public_id in hr.get(f"{address}?q=bich ngoc").text
    answer = hr.post(f"{address}?q=ngoc", {"account": newcomer.public_id, "board": "panel", "duty": "secretary"})
    assert (answer.status_code, answer.location) == (303, f"{house.address}/boards")
    seat = session.scalars(select(Membership).where(Membership.account_id == newcomer.id)).one()
    assert (seat.board, seat.duty, seat.ended_at, seat.appointed_by_id) == ("panel", "secretary", None, house.hr.id)
    assert log_kinds(session, house.campaign.chain) == ["campaigns:membership:appointed"]
    assert '"board":"panel"' in last_entry(session, house.campaign.chain)
    page = hr.get(f"{house.address}/boards").text
    assert "Đã cử Trần Thị Bích Ngọc: Ban phỏng vấn, thư ký." in page


def test_a_seat_opens_its_pages_from_the_next_request(
    session: Session, house: House, newcomer: Account, now: datetime, browse: Callable[..., Browser]
) -> None:
    browser = browse(newcomer)
    assert browser.get(house.address).status_code == 404
    seat = operations.appoint(session, house.role(session), newcomer, "supervision", "member", now)
    session.commit()
    assert browser.get(f"{house.address}/boards").status_code == 200
    operations.end(session, house.role(session), seat, "a mistake", now)
    session.commit()
    assert browser.get(f"{house.address}/boards").status_code == 403  # a seat nowhere: the kind of role is missing
    assert browser.get(house.address).status_code == 404


@pytest.mark.parametrize(
    ("held", "wanted"), [("question", "invigilation"), ("code", "marking"), ("marking", "remarking"), ("invigilation", "code")]
)
def test_boards_that_are_kept_apart(session: Session, house: House, newcomer: Account, now: datetime, held: str, wanted: str) -> None:
    seat = operations.appoint(session, house.role(session), newcomer, held, "member", now)
    with pytest.raises(Refused) as refusal:
        operations.appoint(session, house.role(session), newcomer, wanted, "member", now)
    assert refusal.value.code == "campaigns.boards_clash"
    assert refusal.value.params["other"] == f"board.{held}"
    operations.end(session, house.role(session), seat, "moves to the other board", now)
    assert operations.appoint(session, house.role(session), newcomer, wanted, "member", now).board == wanted


def test_the_refusal_names_both_boards_and_the_rule(house: House, browse: Callable[..., Browser]) -> None:
    form = {"account": house.author.public_id, "board": "marking", "duty": "member"}
    answer = browse(house.hr).post(f"{house.address}/boards/appoint?q=author", form, headers=ENGLISH)
    assert answer.status_code == 422
    assert "Author sits on another board (Question board), and nobody may sit on both: Question board and Marking board." in answer.text
    assert "Questions, invigilation, codes, marking and marking again" in answer.text


def test_without_the_rule_nothing_is_kept_apart(session: Session, now: datetime) -> None:
    house = build(session, changes={"boards.exclusive": []})
    assert operations.appoint(session, house.role(session), house.author, "marking", "member", now).board == "marking"


def test_another_campaign_is_another_matter(session: Session, house: House, newcomer: Account, now: datetime) -> None:
    elsewhere = session.scalars(select(Campaign).where(Campaign.code == "ELSEWHERE-1")).one()
    appoint(session, elsewhere, newcomer, "question")
    assert operations.appoint(session, house.role(session), newcomer, "marking", "member", now).board == "marking"


@pytest.mark.parametrize(
    ("board", "duty", "code"),
    [
        ("question", "member", "campaigns.already_on_board"),
        ("question", "head", "campaigns.already_on_board"),
        ("council", "head", "campaigns.head_taken"),
        ("kitchen", "member", "campaigns.board_unknown"),
        ("panel", "cook", "campaigns.duty_unknown"),
        ("panel", "deputy", "campaigns.deputy_of_council"),
    ],
)
def test_what_is_refused(session: Session, house: House, now: datetime, board: str, duty: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        operations.appoint(session, house.role(session), house.author, board, duty, now)
    assert refusal.value.code == code


@pytest.mark.parametrize(("board", "judges"), [("question", True), ("code", True), ("panel", True), ("council", True), ("hr", False)])
def test_an_administrator_sits_on_no_board_that_judges(session: Session, house: House, now: datetime, board: str, judges: bool) -> None:
    with pytest.raises(Refused, match="keeps_accounts") if judges else nullcontext():
        operations.appoint(session, house.role(session), house.administrator, board, "member", now)


def test_only_staff_with_an_open_account(session: Session, house: House, newcomer: Account, now: datetime) -> None:
    newcomer.disabled_at = now
    for account in (newcomer, make_candidate(session, "candidate-1")):
        with pytest.raises(Refused, match=r"campaigns\.not_staff"):
            operations.appoint(session, house.role(session), account, "panel", "member", now)
    assert queries.staff_like(session, "ngoc") == []


def test_nobody_chosen_and_nobody_found(house: House, browse: Callable[..., Browser]) -> None:
    address = f"{house.address}/boards/appoint"
    answer = browse(house.hr).post(f"{address}?q=author", {"board": "panel", "duty": "member"}, headers=ENGLISH)
    assert answer.status_code == 422
    assert "Choose a person from the list." in answer.text
    assert "Nobody of this name" in browse(house.hr).get(f"{address}?q=nobody", headers=ENGLISH).text


def test_ended_with_a_reason_and_still_told(session: Session, house: House, browse: Callable[..., Browser]) -> None:
    seat = queries.seats(session, house.campaign)["question"][0]
    address = f"{house.address}/boards/{seat.public_id}/end"
    assert browse(house.hr).post(address, {"reason": "  "}).status_code == 422
    assert browse(house.hr).post(address, {"reason": "Chuyển công tác."}).status_code == 303
    session.expire_all()
    assert seat.ended_why == "Chuyển công tác."
    assert log_kinds(session, house.campaign.chain) == ["campaigns:membership:ended"]
    assert "Chuyển công tác." in browse(house.hr).get(f"{house.address}/boards").text
    again = browse(house.hr).post(address, {"reason": "Lần nữa."})
    assert again.status_code == 422
    assert "Người khác vừa thay đổi" in again.text


def test_a_seat_ends_once(session: Session, house: House, now: datetime) -> None:
    seat = queries.seats(session, house.campaign)["question"][0]
    operations.end(session, house.role(session), seat, "first", now)
    with pytest.raises(Conflict):
        operations.end(session, house.role(session), seat, "second", now)


def test_the_last_seat_of_the_hr_board_stays(session: Session, house: House, newcomer: Account, now: datetime) -> None:
    seat = queries.seats(session, house.campaign)["hr"][0]
    with pytest.raises(Refused, match=r"campaigns\.last_of_hr"):
        operations.end(session, house.role(session), seat, "retired", now)
    operations.appoint(session, house.role(session), newcomer, "hr", "member", now)
    operations.end(session, house.role(session), seat, "retired", now)
    assert role_of(session, house.hr, house.campaign).duties == {}


def test_the_council_size_of_the_rules_is_told(session: Session, house: House, browse: Callable[..., Browser]) -> None:
    def page() -> str:
        return browse(house.hr).get(f"{house.address}/boards", headers=ENGLISH).text

    assert "1 member; the rules ask for 5 or 7." in page()
    assert "does not fit the rules yet" in page()
    for number in range(4):
        appoint(session, house.campaign, make_staff(session, f"council-{number}"), "council")
    session.commit()
    assert "5 members; the rules ask for 5 or 7." in page()
    assert "fits the rules" in page()


def test_who_may_look_and_who_may_appoint(
    session: Session, house: House, newcomer: Account, now: datetime, browse: Callable[..., Browser]
) -> None:
    seat = queries.seats(session, house.campaign)["question"][0]
    address = f"{house.address}/boards"
    expected = {"hr": (200, 200), "chair": (200, 200), "supervisor": (200, 403), "author": (403, 403), "outsider": (404, 404)}
    for name, (looks, appoints) in expected.items():
        browser = browse(getattr(house, name))
        assert browser.get(address).status_code == looks, name
        assert browser.get(f"{address}/appoint").status_code == appoints, name
        assert browser.get(f"{address}/{seat.public_id}/end").status_code == appoints, name
    for path in ("", "/appoint", f"/{seat.public_id}/end"):
        assert browse().get(address + path).status_code == 303
    for account in (house.supervisor, house.author, house.outsider):
        with pytest.raises(NotPermitted):
            operations.appoint(session, house.role(session, account), newcomer, "panel", "member", now)
        with pytest.raises(NotPermitted):
            operations.end(session, house.role(session, account), seat, "no", now)


def test_a_seat_of_another_campaign_is_not_there(
    session: Session, house: House, newcomer: Account, now: datetime, browse: Callable[..., Browser]
) -> None:
    elsewhere = session.scalars(select(Campaign).where(Campaign.code == "ELSEWHERE-1")).one()
    seat = appoint(session, elsewhere, newcomer, "panel")
    session.commit()
    assert browse(house.hr).get(f"{house.address}/boards/{seat.public_id}/end").status_code == 404
    with pytest.raises(Conflict):
        operations.end(session, house.role(session), seat, "no", now)


def test_two_appointments_at_one_moment_do_not_both_pass(own_database: Copy, now: datetime) -> None:
    with open_session(own_database.engine) as session:
        house = build(session)
        person = make_staff(session, "person").id
        session.commit()

    def load(session: Session) -> tuple[Role, Account]:
        role = role_of(session, session.get_one(Account, house.hr.id), session.get_one(Campaign, house.campaign.id))
        return role, session.get_one(Account, person)

    def seating(board: str) -> Callable[[Session, tuple[Role, Account]], object]:
        return lambda session, loaded: operations.appoint(session, *loaded, board, "member", now)

    assert sorted(at_once(own_database, load, seating("code"), seating("marking"))) == ["campaigns.boards_clash", DONE]
