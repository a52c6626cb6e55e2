"""Life happens: names are corrected, positions closed, applications moved and given up; each leaves its trace and goes no further."""

import json
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from examsite.accounts.models import Account
from examsite.campaigns.models import Application, PersonCorrection, Position, PositionClosure
from examsite.campaigns.operations.closures import close_position, move_application
from examsite.campaigns.operations.people import correct_person
from examsite.campaigns.operations.withdrawals import withdraw_own
from examsite.campaigns.queries.intake import position_codes
from examsite.campaigns.queries.shortages import turnouts
from examsite.campaigns.roles import Role, role_of
from examsite.rules.refusal import Conflict, NotFound, NotPermitted, Refused
from tests.campaigns.house import ENGLISH, last_entry, log_kinds
from tests.campaigns.intake_file import Desk
from tests.campaigns.page_form import shown_form
from tests.client import Browser
from tests.conftest import NOW
from tests.factories import appoint, make_application, make_campaign, make_position, make_staff

Browse = Callable[..., Browser]
BORN = date(1985, 3, 12)
NAME = "Nguyễn Van Anh"


@pytest.fixture
def candidate(desk: Desk) -> Application:
    found = make_application(desk.session, desk.position, "Nguyễn Van Anh", "eligible", "0001", account=True)
    desk.session.commit()
    return found


@pytest.fixture
def chair(desk: Desk) -> Role:
    account = make_staff(desk.session, "chair")
    appoint(desk.session, desk.campaign, account, "council", "head")
    desk.session.commit()
    return role_of(desk.session, account, desk.campaign)


def data_of(desk: Desk) -> dict[str, object]:
    found: dict[str, object] = json.loads(last_entry(desk.session, desk.campaign.chain))["data"]
    return found


def test_a_name_is_corrected_everywhere_and_both_are_kept(desk: Desk, candidate: Application) -> None:
    elsewhere = make_campaign(desk.session, code="LA-2", stage="applications")
    make_application(desk.session, make_position(desk.session, elsewhere), person=candidate.person)
    desk.campaign.stage = "round1_held"
    correct_person(desk.session, desk.role, candidate, " Nguyễn  Vân Anh ", date(1985, 3, 21), "Giấy khai sinh", NOW)
    desk.session.expire_all()
    assert (candidate.person.full_name, candidate.person.name_fold) == ("Nguyễn Vân Anh", "nguyen van anh")
    assert candidate.account is not None
    assert candidate.account.display_name == "Nguyễn Vân Anh"
    kept = desk.session.scalars(select(PersonCorrection).order_by(PersonCorrection.id)).all()
    assert [(one.old_name, one.application.campaign) for one in kept] == [(NAME, desk.campaign), (NAME, elsewhere)]
    told = {"name": ["Nguyễn Van Anh", "Nguyễn Vân Anh"], "birth_date": ["1985-03-12", "1985-03-21"], "reason": "Giấy khai sinh"}
    assert data_of(desk) == told
    assert log_kinds(desk.session, elsewhere.chain) == ["campaigns:person:corrected"]


@pytest.mark.parametrize(
    ("name", "born", "reason", "code"),
    [
        (" ", BORN, "x", "name_missing"),
        ("x" * 201, BORN, "x", "name_long"),
        ("An", date(2020, 1, 1), "x", "birth_range"),
        ("Nguyễn Van Anh", BORN, "x", "nothing_corrected"),
        ("An", BORN, " ", "reason_missing"),
    ],
)
def test_a_correction_that_makes_no_sense(desk: Desk, candidate: Application, name: str, born: date, reason: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        correct_person(desk.session, desk.role, candidate, name, born, reason, NOW)


def test_of_two_corrections_at_once_the_second_is_told(desk: Desk, candidate: Application, chair: Role) -> None:
    with pytest.raises(NotPermitted):
        correct_person(desk.session, chair, candidate, "An", BORN, "x", NOW)
    person = candidate.person
    desk.session.execute(type(person).__table__.update().values(full_name="Somebody quicker"))
    with pytest.raises(Conflict):
        correct_person(desk.session, desk.role, candidate, "An", BORN, "x", NOW)
    desk.campaign.stage = "closed"
    desk.session.flush()
    with pytest.raises(Refused, match="closed"):
        correct_person(desk.session, desk.role, candidate, "An", BORN, "x", NOW)


def test_a_position_is_closed_and_its_applications_end(desk: Desk, candidate: Application, chair: Role) -> None:
    turned_down = make_application(desk.session, desk.position, "Bình", "rejected")
    assert close_position(desk.session, chair, desk.position, "Sáp nhập đơn vị", "QĐ 45", NOW) == 1
    desk.session.expire_all()
    assert (candidate.state, candidate.candidate_number, turned_down.state) == ("ended", "0001", "rejected")
    assert data_of(desk) == {"reason": "Sáp nhập đơn vị", "document": "QĐ 45", "ended": [candidate.public_id]}
    assert [one.position.code for one in turnouts(desk.session, desk.campaign)] == ["PTP-02"]
    assert list(position_codes(desk.session, desk.campaign)) == ["PTP-02"]
    with pytest.raises(Refused, match="closed_already"):
        close_position(desk.session, chair, desk.position, "x", "x", NOW)


@pytest.mark.parametrize(
    ("stage", "reason", "document", "code"),
    [
        ("draft", "x", "x", "not_announced"),
        ("provisional", "x", "x", "too_late"),
        ("round2_held", " ", "x", "reason_missing"),
        ("announced", "x", " ", "document_missing"),
    ],
)
def test_a_position_that_cannot_be_closed(desk: Desk, chair: Role, stage: str, reason: str, document: str, code: str) -> None:
    desk.campaign.stage = stage
    desk.session.flush()
    with pytest.raises(Refused, match=code):
        close_position(desk.session, chair, desk.position, reason, document, NOW)
    with pytest.raises(NotPermitted):
        close_position(desk.session, desk.role, desk.position, "x", "x", NOW)


def test_an_application_goes_on_for_another_position(desk: Desk, candidate: Application, chair: Role) -> None:
    other = desk.session.scalars(select(Position).where(Position.code == "PTP-02")).one()
    with pytest.raises(Refused, match="move_eligible"):
        move_application(desk.session, desk.role, candidate, other, "x", NOW)
    close_position(desk.session, chair, desk.position, "x", "x", NOW)
    desk.session.expire_all()
    move_application(desk.session, desk.role, candidate, other, "Đơn ngày 12/9", NOW)
    assert (candidate.state, candidate.position.code) == ("received", "PTP-02")
    assert data_of(desk) == {"from": "TP-01", "to": "PTP-02", "reason": "Đơn ngày 12/9"}
    for target, code in ((other, "move_nowhere"), (desk.position, "move_closed")):
        with pytest.raises(Refused, match=code):
            move_application(desk.session, desk.role, candidate, target, "x", NOW)
    with pytest.raises(NotFound):
        move_application(
            desk.session, desk.role, candidate, make_position(desk.session, make_campaign(desk.session, code="LA-2")), "x", NOW
        )
    desk.campaign.stage = "screened"
    desk.session.flush()
    with pytest.raises(Refused, match="over"):
        move_application(desk.session, desk.role, candidate, other, "x", NOW)


def test_a_candidate_gives_up_their_own_application_alone(desk: Desk, candidate: Application) -> None:
    stranger = make_application(desk.session, desk.position, "Bình", "eligible", "0002", account=True)
    mine, theirs = candidate.account, stranger.account
    assert mine is not None
    assert theirs is not None
    with pytest.raises(NotFound):
        withdraw_own(desk.session, theirs, candidate, "x", NOW)
    desk.campaign.stage = "provisional"
    desk.session.flush()
    with pytest.raises(Refused, match="too_late"):
        withdraw_own(desk.session, mine, candidate, "x", NOW)
    desk.campaign.stage = "round1_result"
    desk.session.flush()
    withdraw_own(desk.session, mine, candidate, "Việc gia đình", NOW)
    desk.session.expire_all()
    assert (candidate.state, candidate.candidate_number, candidate.decided_by) == ("withdrawn", "0001", mine)
    assert data_of(desk) == {"by": "candidate", "reason": "Việc gia đình"}
    with pytest.raises(Refused, match="cannot_withdraw"):
        withdraw_own(desk.session, mine, candidate, "x", NOW)


def test_the_pages(desk: Desk, browse: Browse, candidate: Application, chair: Role) -> None:
    place = f"/campaigns/{desk.campaign.public_id}"
    one = f"{place}/applications/{candidate.public_id}"
    hr, head, own = browse(desk.hr), browse(chair.account), browse(candidate.account)
    assert hr.post(f"{one}/person", {"full_name": "Nguyễn Vân Anh", "birth_date": "31/02/1985", "reason": "x"}).status_code == 422
    done = hr.post(f"{one}/person", {"full_name": "Nguyễn Vân Anh", "birth_date": "12/03/1985", "reason": "x"})
    assert (done.status_code, done.location) == (303, one)
    assert head.post(f"{one}/person", {"full_name": "x"}).status_code == 403
    closing = f"{place}/positions/{desk.position.public_id}/close"
    assert hr.get(closing).status_code == 403
    assert "end 1 application" in head.get(closing, headers=ENGLISH).text
    assert head.post(closing, {"document": "", "reason": "x"}).status_code == 422
    assert head.post(closing, {"document": "QĐ 45", "reason": "Sáp nhập"}).status_code == 303
    assert desk.session.scalar(select(PositionClosure.document)) == "QĐ 45"
    assert "/reopen" not in hr.get(one).text
    assert "Sáp nhập" in hr.get(f"{place}/positions/{desk.position.public_id}").text
    assert "position closed" in hr.get(one, headers=ENGLISH).text
    assert "position closed" in hr.get(f"{place}/positions", headers=ENGLISH).text
    assert "position closed" in browse(None).get(f"/public/{desk.campaign.public_id}", headers=ENGLISH).text
    assert "The position was closed" in own.get("/home", headers=ENGLISH).text
    other = desk.session.scalars(select(Position).where(Position.code == "PTP-02")).one()
    assert hr.get(f"{one}/move").status_code == 200
    assert hr.post(f"{one}/move", {"position": "", "reason": "x"}).status_code == 422
    assert hr.post(f"{one}/move", {"position": other.public_id, "reason": "x"}).status_code == 303
    assert "Từ bỏ" not in browse(None).get("/my/withdrawal").text
    assert own.get("/my/withdrawal").status_code == 200
    assert own.post("/my/withdrawal", {"reason": "x"}).status_code == 422
    assert own.post("/my/withdrawal", {"reason": "Việc gia đình", "sure": "y"}).status_code == 303
    assert "You have given up your application" in own.get("/home", headers=ENGLISH).text
    for answer in (own.get("/my/withdrawal", headers=ENGLISH), hr.post(f"{one}/withdraw", {"reason": "x"}, headers=ENGLISH)):
        assert answer.text.count("Only an application that is undecided or eligible can be withdrawn.") == 1
    again = head.get(closing, headers=ENGLISH).text
    assert "The position is closed already." in again
    assert 'name="document"' not in again
    assert head.post(closing, {"document": "QĐ 46", "reason": "x"}, headers=ENGLISH).text.count("The position is closed already.") == 1
    assert desk.session.scalar(select(Account.display_name).where(Account.id == candidate.account_id)) == "Nguyễn Vân Anh"


@pytest.mark.parametrize(
    ("stage", "place", "sentence"),
    [
        ("provisional", "/my/withdrawal", "The ranking stands, so a withdrawal cannot be recorded any more."),
        ("provisional", "{one}/withdraw", "The ranking stands, so a withdrawal cannot be recorded any more."),
        ("provisional", "{position}/close", "The ranking stands, so a position cannot be closed any more."),
        ("closed", "{one}/person", "The campaign is closed, so nothing about its people is corrected here any more."),
    ],
)
def test_what_comes_too_late_is_told_once_and_changes_nothing(
    desk: Desk, browse: Browse, candidate: Application, chair: Role, stage: str, place: str, sentence: str
) -> None:
    desk.campaign.stage = stage
    desk.session.commit()
    base = f"/campaigns/{desk.campaign.public_id}"
    address = place.format(one=f"{base}/applications/{candidate.public_id}", position=f"{base}/positions/{desk.position.public_id}")
    who = candidate.account if place.startswith("/my") else chair.account if "position" in place else desk.hr
    typed = {"reason": "x", "sure": "y", "document": "QĐ 1", "full_name": "Nguyễn Vân Anh", "birth_date": "12/03/1985"}
    before, browser = log_kinds(desk.session, desk.campaign.chain), browse(who)
    refused = browser.post(address, typed, headers=ENGLISH)
    assert (refused.status_code, refused.text.count(sentence)) == (422, 1)
    shown = browser.get(address, headers=ENGLISH)
    assert shown.status_code == 405 or shown.text.count(sentence) == 1
    assert log_kinds(desk.session, desk.campaign.chain) == before


def test_of_two_officers_with_the_same_person_open_the_second_sees_both(desk: Desk, browse: Browse, candidate: Application) -> None:
    one = f"/campaigns/{desk.campaign.public_id}/applications/{candidate.public_id}/person"
    hr = browse(desk.hr)
    first = second = shown_form(hr.get(one).text)
    assert hr.post(one, first | {"birth_date": "21/03/1985", "reason": "Giấy khai sinh"}).status_code == 303
    refused = hr.post(one, second | {"full_name": "Nguyễn Vân Anh", "reason": "Theo thẻ"})
    assert refused.status_code == 422
    assert "Hiện tại: 21/03/1985" in refused.text
    again = shown_form(refused.text)
    assert (again["full_name"], again["birth_date"], again["reason"].strip()) == ("Nguyễn Vân Anh", "12/03/1985", "Theo thẻ")
    assert hr.post(one, again | {"birth_date": "21/03/1985"}).status_code == 303
    desk.session.expire_all()
    assert (candidate.person.full_name, candidate.person.birth_date) == ("Nguyễn Vân Anh", date(1985, 3, 21))
