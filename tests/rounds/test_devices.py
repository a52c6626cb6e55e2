"""Who holds the pen: the same browser comes back at once, another one by a release, once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.models import LoginSession
from examsite.audit.models import LogEntry
from examsite.campaigns.roles import role_of
from examsite.db import open_session
from examsite.rounds.models import LateEvidence, ReleaseRequest, Sitting
from examsite.rounds.operations import devices, sittings
from examsite.rounds.queries.devices import open_requests, open_sitting, standing
from examsite.rules.refusal import Conflict, NotFound, NotPermitted, Refused
from tests.client import Browser
from tests.conftest import NOW
from tests.databases import Copy
from tests.factories import PASSWORD, appoint, make_campaign, make_candidate, make_staff
from tests.rounds.page import Page
from tests.rounds.test_save_answers import choice
from tests.rounds.world import DEVICE, MINUTE, OTHER_DEVICE, World, make_world

WHY = "Machine 14 is broken."


def asked_by(world: World, sitting: Sitting, number: str = "001", device: str | None = None) -> tuple[LoginSession, str]:
    """A new sign-in that asks for the sitting, and the public id of its request."""
    login, _ = world.sign_in(number)
    devices.ask_release(world.session, world.candidates[number], login, sitting.public_id, NOW, device)
    found = select(ReleaseRequest.public_id).where(ReleaseRequest.sitting_id == sitting.id, ReleaseRequest.login_session_id == login.id)
    return login, world.session.scalars(found).one()


def kinds(world: World) -> list[str]:
    wanted = select(LogEntry.kind).where(LogEntry.kind.startswith("rounds:sitting:"))
    return list(world.session.scalars(wanted.order_by(LogEntry.number)))


def test_the_same_device_goes_on_after_a_new_sign_in_and_keeps_its_epoch(world: World) -> None:
    sitting, _ = world.start()
    login, _ = world.sign_in()
    assert standing(sitting, login, DEVICE, NOW) == "resumable"
    sittings.take_over(world.session, world.candidates["001"], login, sitting.public_id, NOW, DEVICE)
    found = world.reload(sitting)
    assert (found.epoch, found.login_session_id, standing(found, login, DEVICE, NOW)) == (1, login.id, "held")
    assert kinds(world) == ["rounds:sitting:resumed"]


@pytest.mark.parametrize("device", [OTHER_DEVICE, None])
def test_another_device_does_not_take_over_without_a_release(world: World, device: str | None) -> None:
    sitting, _ = world.start()
    login, holder = world.sign_in()[0], sitting.login_session_id
    assert standing(sitting, login, device, NOW) == "elsewhere"
    assert world.start(device=device)[0].login_session_id == holder
    with pytest.raises(Conflict, match="not_released"):
        sittings.take_over(world.session, world.candidates["001"], login, sitting.public_id, NOW, device)
    assert (world.reload(sitting).epoch, kinds(world)) == (1, [])


def test_a_release_lets_one_device_in_once(world: World) -> None:
    sitting, _ = world.start()
    role, account = world.role("invigilation"), world.candidates["001"]
    login, asked = asked_by(world, sitting)
    assert devices.release(world.session, sitting, asked, WHY, role, NOW)
    assert not devices.release(world.session, sitting, asked, "Again.", role, NOW)
    assert standing(sitting, login, OTHER_DEVICE, NOW) == "released"
    sittings.take_over(world.session, account, login, sitting.public_id, NOW, OTHER_DEVICE)
    found = world.reload(sitting)
    assert (found.epoch, found.device_hash, found.released_epoch, found.login_session_id) == (2, OTHER_DEVICE, None, login.id)
    first_again, _ = world.sign_in()
    with pytest.raises(Conflict, match="not_released"):
        sittings.take_over(world.session, account, first_again, sitting.public_id, NOW, DEVICE)
    assert kinds(world) == ["rounds:sitting:release_asked", "rounds:sitting:released", "rounds:sitting:moved"]
    told = world.session.scalars(select(LogEntry.content).where(LogEntry.kind == "rounds:sitting:released")).one()
    assert WHY in told
    assert '"numbers":["001"]' in told


def test_a_release_is_for_the_epoch_in_which_it_was_given(world: World) -> None:
    sitting, _ = world.start()
    login, _ = world.sign_in()
    sitting.epoch, sitting.released_epoch, sitting.released_login_id = 3, 2, login.id
    world.session.flush()
    assert standing(sitting, login, OTHER_DEVICE, NOW) == "elsewhere"
    with pytest.raises(Conflict, match="not_released"):
        sittings.take_over(world.session, world.candidates["001"], login, sitting.public_id, NOW, OTHER_DEVICE)


def test_a_release_is_for_the_device_that_the_invigilator_chose(world: World) -> None:
    """Two pages wait and ask by themselves; the one that was not chosen does not come in, however quick it is."""
    sitting, _ = world.start()
    role, account = world.role("invigilation"), world.candidates["001"]
    (quick, first), (chosen, second) = asked_by(world, sitting), asked_by(world, sitting)
    later, _ = world.sign_in()
    assert len({one.code for one in open_requests(world.session, world.exam, NOW)}) == 2
    for wrong, code in (("", "choose_request"), ("nothing", "request_over")):
        with pytest.raises(Refused, match=code):
            devices.release(world.session, sitting, wrong, WHY, role, NOW)
    assert devices.release(world.session, sitting, first, "A slip.", role, NOW)
    assert devices.release(world.session, sitting, second, WHY, role, NOW)
    for login in (quick, later):
        assert standing(sitting, login, OTHER_DEVICE, NOW) == "elsewhere"
        with pytest.raises(Conflict, match="not_released"):
            sittings.take_over(world.session, account, login, sitting.public_id, NOW, OTHER_DEVICE)
    assert sittings.take_over(world.session, account, chosen, sitting.public_id, NOW, OTHER_DEVICE).login_session_id == chosen.id


def test_a_request_of_a_login_that_ended_is_not_released(world: World) -> None:
    sitting, _ = world.start()
    login, asked = asked_by(world, sitting)
    login.ended_at = NOW
    world.session.flush()
    with pytest.raises(Refused, match="request_over"):
        devices.release(world.session, sitting, asked, WHY, world.role("invigilation"), NOW)


def test_a_released_device_that_signs_in_anew_is_let_in_and_no_other(world: World) -> None:
    sitting, _ = world.start()
    account, (login, asked) = world.candidates["001"], asked_by(world, sitting, device=OTHER_DEVICE)
    devices.release(world.session, sitting, asked, WHY, world.role("invigilation"), NOW)
    login.ended_at = NOW
    anew, _ = world.sign_in()
    for device in ("f" * 64, None):
        assert standing(sitting, anew, device, NOW) == "elsewhere"
        with pytest.raises(Conflict, match="not_released"):
            sittings.take_over(world.session, account, anew, sitting.public_id, NOW, device)
    assert standing(sitting, anew, OTHER_DEVICE, NOW) == "released"
    found = sittings.take_over(world.session, account, anew, sitting.public_id, NOW, OTHER_DEVICE)
    assert (found.epoch, found.login_session_id, found.device_hash, found.released_device) == (2, anew.id, OTHER_DEVICE, None)


def test_a_release_lapses_when_the_first_device_comes_back(world: World) -> None:
    sitting, _ = world.start()
    account, (login, asked) = world.candidates["001"], asked_by(world, sitting)
    devices.release(world.session, sitting, asked, WHY, world.role("invigilation"), NOW)
    back, _ = world.sign_in()
    sittings.take_over(world.session, account, back, sitting.public_id, NOW, DEVICE)
    found = world.reload(sitting)
    assert (found.epoch, found.released_epoch, found.released_login_id, found.login_session_id) == (1, None, None, back.id)
    assert kinds(world)[-3:] == ["rounds:sitting:released", "rounds:sitting:resumed", "rounds:sitting:release_lapsed"]
    with pytest.raises(Conflict, match="not_released"):
        sittings.take_over(world.session, account, login, sitting.public_id, NOW + 60 * MINUTE, OTHER_DEVICE)


def test_a_release_that_nobody_used_is_withdrawn_and_the_request_stands_again(world: World) -> None:
    sitting, _ = world.start()
    role, (login, asked) = world.role("invigilation"), asked_by(world, sitting)
    with pytest.raises(Conflict, match="no_release"):
        devices.withdraw_release(world.session, sitting, role, NOW)
    devices.release(world.session, sitting, asked, WHY, role, NOW)
    with pytest.raises(NotPermitted):
        devices.withdraw_release(world.session, sitting, world.role("council", "head"), NOW)
    devices.withdraw_release(world.session, sitting, role, NOW)
    assert standing(sitting, login, OTHER_DEVICE, NOW) == "elsewhere"
    assert [one.released for one in open_requests(world.session, world.exam, NOW)] == [False]
    assert kinds(world)[-1] == "rounds:sitting:release_withdrawn"
    devices.release(world.session, sitting, asked, WHY, role, NOW)
    sittings.take_over(world.session, world.candidates["001"], login, sitting.public_id, NOW, OTHER_DEVICE)
    with pytest.raises(Conflict, match="no_release"):
        devices.withdraw_release(world.session, sitting, role, NOW)


def test_the_first_device_goes_on_while_nobody_has_used_the_release(exam_page: Page, world: World) -> None:
    sitting = world.reload(exam_page.sitting)
    devices.release(world.session, sitting, asked_by(world, sitting)[1], WHY, world.role("invigilation"), NOW)
    world.session.commit()
    assert exam_page.save(1, [choice(exam_page, 1)]).json["outcome"] == "saved"


@pytest.mark.parametrize(("board", "duty"), [("hr", "member"), ("council", "head"), ("question", "head"), ("supervision", "member")])
def test_only_the_invigilation_board_releases(world: World, board: str, duty: str) -> None:
    sitting, _ = world.start()
    with pytest.raises(NotPermitted):
        devices.release(world.session, sitting, asked_by(world, sitting)[1], WHY, world.role(board, duty), NOW)


def test_a_release_needs_a_reason_an_open_sitting_and_its_own_campaign(world: World) -> None:
    sitting, _ = world.start()
    role = world.role("invigilation")
    with pytest.raises(Refused, match="reason_missing"):
        devices.release(world.session, sitting, "any", "  ", role, NOW)
    with pytest.raises(Refused, match="sitting_over"):
        devices.release(world.session, sitting, "any", WHY, role, sitting.closes_at)
    with pytest.raises(Refused, match="sitting_over"):
        devices.ask_release(world.session, world.candidates["001"], world.sign_in()[0], sitting.public_id, sitting.closes_at)
    other = make_campaign(world.session, code="la-2026-02")
    elsewhere = make_staff(world.session, "elsewhere")
    appoint(world.session, other, elsewhere, "invigilation")
    with pytest.raises(NotFound):
        devices.release(world.session, sitting, "any", WHY, role_of(world.session, elsewhere, other), NOW)
    assert world.reload(sitting).released_epoch is None


def test_a_closed_sitting_and_another_candidates_are_not_taken_over(world: World) -> None:
    sitting, _ = world.start()
    stranger, _ = world.sign_in("002")
    for act in (sittings.take_over, devices.ask_release):
        with pytest.raises(NotFound):
            act(world.session, world.candidates["002"], stranger, sitting.public_id, NOW)
    login, _ = world.sign_in()
    after = sittings.take_over(world.session, world.candidates["001"], login, sitting.public_id, sitting.closes_at, DEVICE)
    assert (after.epoch, after.login_session_id == login.id, standing(after, login, DEVICE, sitting.closes_at)) == (1, False, "over")


def test_who_asks_is_on_the_invigilators_list_until_somebody_has_the_pen(world: World) -> None:
    sitting, _ = world.start()
    login, _ = world.sign_in()
    account = world.candidates["001"]
    assert open_requests(world.session, world.exam, NOW) == []
    for minute in (1, 2):
        devices.ask_release(world.session, account, login, sitting.public_id, NOW + minute * MINUTE)
    [asked] = open_requests(world.session, world.exam, NOW + 3 * MINUTE)
    assert (asked.candidate_number, asked.candidate_name, asked.part) == ("001", "Nguyễn Văn 001", "general")
    assert (asked.sitting, asked.entry, asked.asked_at) == (sitting.public_id, world.entry().public_id, NOW + MINUTE)
    assert not asked.released
    assert open_requests(world.session, world.exam, sitting.closes_at) == []
    devices.release(world.session, sitting, asked.request, WHY, world.role("invigilation"), NOW)
    assert open_requests(world.session, world.exam, NOW)[0].released
    sittings.take_over(world.session, account, login, sitting.public_id, NOW, OTHER_DEVICE)
    assert open_requests(world.session, world.exam, NOW) == []
    back, _ = world.sign_in()
    devices.ask_release(world.session, account, back, sitting.public_id, NOW + 5 * MINUTE)
    assert [one.asked_at for one in open_requests(world.session, world.exam, NOW)] == [NOW + 5 * MINUTE]
    assert kinds(world).count("rounds:sitting:release_asked") == 2


def test_asking_again_in_a_later_epoch_is_a_new_request(world: World) -> None:
    sitting, _ = world.start()
    login, _ = world.sign_in()
    for epoch in (1, 2):
        sitting.epoch = epoch
        world.session.flush()
        devices.ask_release(world.session, world.candidates["001"], login, sitting.public_id, NOW + epoch * MINUTE)
    row = world.session.scalars(select(ReleaseRequest).execution_options(populate_existing=True)).one()
    assert (row.epoch, row.asked_at) == (2, NOW + 2 * MINUTE)


def test_the_sitting_under_way_is_the_one_to_release(world: World) -> None:
    assert open_sitting(world.session, world.entry(), NOW) is None
    sitting, _ = world.start()
    assert open_sitting(world.session, world.entry(), NOW) == sitting
    assert open_sitting(world.session, world.entry(), sitting.closes_at) is None


def test_two_devices_race_for_one_release(own_database: Copy) -> None:
    with open_session(own_database.engine) as session:
        world = make_world(session)
        sitting, _ = world.start()
        requests = [asked_by(world, sitting) for _ in range(8)]
        logins, chosen = [login.id for login, _ in requests], 5
        devices.release(session, sitting, requests[chosen][1], WHY, world.role("invigilation"), NOW)
        session.commit()
        public_id = sitting.public_id
    barrier = Barrier(8)

    def take(place: int) -> str:
        barrier.wait()
        with open_session(own_database.engine) as own:
            login = own.get_one(LoginSession, logins[place])
            try:
                sittings.take_over(own, login.account, login, public_id, NOW, f"{place:064}")
            except Conflict as refusal:
                return refusal.code
            own.commit()
            return "in"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(take, range(8)))
    assert sorted(answers) == ["in", *["rounds.not_released"] * 7]
    with open_session(own_database.engine, read_only=True) as session:
        found = session.scalars(select(Sitting)).one()
        winner = answers.index("in")
        assert winner == chosen
        assert (found.epoch, found.login_session_id, found.device_hash) == (2, logins[winner], f"{winner:064}")


def test_a_browser_is_known_by_a_cookie_that_no_script_reads(exam_page: Page, browse: Callable[..., Browser], world: World) -> None:
    browser = browse(world.candidates["002"])
    given = [value for value in browser.get("/exam").headers.getlist("Set-Cookie") if value.startswith("examsite-device=")]
    assert len(given) == 1
    assert "HttpOnly" in given[0]
    assert "SameSite=Strict" in given[0]
    assert "Max-Age=34560000" in given[0]
    assert not [value for value in browser.get("/exam").headers.getlist("Set-Cookie") if value.startswith("examsite-device=")]
    assert world.reload(exam_page.sitting).device_hash not in given[0]
    from_a_letter = browse(world.candidates["002"]).get("/exam", headers={"Sec-Fetch-Site": "cross-site"})
    assert "examsite-device=" not in "".join(from_a_letter.headers.getlist("Set-Cookie"))


def test_a_candidate_who_signs_in_brings_a_known_browser_and_staff_do_not(session: Session, browse: Callable[..., Browser]) -> None:
    for account, known in ((make_candidate(session, "c"), True), (make_staff(session, "h", password=True), False)):
        session.commit()
        answer = browse().post("/sign-in", {"sign_in_name": account.sign_in_name, "password": PASSWORD})
        assert answer.status_code == 303
        assert ("examsite-device=" in "".join(answer.headers.getlist("Set-Cookie"))) is known


def test_the_way_to_another_device_through_its_pages(
    exam_page: Page, open_page: Callable[..., Page], world: World, browse: Callable[..., Browser]
) -> None:
    second = open_page()
    page = second.browser.get(second.address)
    assert page.status_code == 200
    assert exam_page.token not in page.text
    assert "/ask-release" in page.text
    assert second.browser.get(second.address + "/review").status_code == 303
    assert second.browser.post(second.address + "/take-over").status_code == 409
    assert second.browser.post(second.address + "/ask-release").status_code == 303
    assert "/ask-release" not in second.browser.get(second.address).text
    assert second.browser.get(second.address + "/device").json["standing"] == "elsewhere"
    staff = browse(world.role("invigilation").account)
    form = f"/campaigns/{world.campaign.public_id}/sessions/{world.exam.public_id}/roster/{world.entry().public_id}/release"
    assert "Nguyễn Văn 001" in staff.get(form).text
    request = world.session.scalars(select(ReleaseRequest)).one()
    assert f'value="{request.public_id}" checked' in staff.get(form).text
    assert request.code in staff.get(form).text
    assert request.code in second.browser.get(second.address).text
    assert staff.post(form, {"asked": request.public_id, "reason": " "}).status_code == 422
    assert staff.post(form, {"reason": WHY}).status_code == 422
    assert staff.post(form, {"asked": request.public_id, "reason": WHY}).status_code == 303
    assert staff.post(form + "/withdraw").status_code == 303
    assert second.browser.get(second.address + "/device").json["standing"] == "elsewhere"
    assert staff.post(form + "/withdraw").status_code == 409
    assert browse(world.role("hr").account).post(form + "/withdraw").status_code == 403
    assert staff.post(form, {"asked": request.public_id, "reason": WHY}).status_code == 303
    assert "/release/withdraw" in staff.get(form).text
    released = world.session.get_one(LoginSession, request.login_session_id)
    released.ended_at = NOW
    world.session.commit()
    signed_out = staff.get(form).text
    assert ("/release/withdraw" in signed_out, request.code in signed_out) == (True, False)
    released.ended_at = None
    world.session.commit()
    assert second.browser.get(second.address + "/device").json["standing"] == "released"
    assert second.browser.post(second.address + "/take-over").status_code == 303
    assert second.save(1, [choice(second, 1)], epoch=2).json["outcome"] == "saved"
    late = exam_page.save(1, [choice(exam_page, 2)]).json
    assert (late["outcome"], late["epoch"], late["kept"]) == ("moved", 2, True)
    assert world.session.scalars(select(LateEvidence.why)).all() == ["moved"]
    assert exam_page.browser.get(exam_page.address + "/answers").json["save_token"] is None
    assert second.browser.get(second.address + "/answers").json["save_token"] == second.token


def test_a_release_page_of_somebody_who_is_not_working(world: World, browse: Callable[..., Browser]) -> None:
    staff = browse(world.role("invigilation").account)
    form = f"/campaigns/{world.campaign.public_id}/sessions/{world.exam.public_id}/roster/{world.entry().public_id}/release"
    assert 'name="reason"' not in staff.get(form).text
    assert staff.post(form, {"reason": WHY}).status_code == 422
    assert browse(world.role("hr").account).get(form).status_code == 403
    outsider = make_staff(world.session, "outside")
    appoint(world.session, make_campaign(world.session, code="la-2026-02"), outsider, "invigilation")
    world.session.commit()
    assert browse(outsider).get(form).status_code == 404


def test_the_same_browser_signed_in_again_is_let_in_at_once(exam_page: Page, world: World, app: Flask) -> None:
    _, token = world.sign_in()
    world.session.commit()
    with exam_page.browser.client.session_transaction() as cookie:
        cookie["_user_id"] = token
    assert exam_page.save(1, [choice(exam_page, 1)]).status_code == 403
    assert exam_page.browser.get(exam_page.address + "/device").json["standing"] == "resumable"
    assert exam_page.browser.post("/exam/start/general").status_code == 303
    told = exam_page.browser.get(exam_page.address + "/answers").json
    exam_page.token = told["save_token"]
    assert exam_page.save(1, [choice(exam_page, 1)]).json["outcome"] == "saved"
