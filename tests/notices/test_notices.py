"""What people are told, who is told, and that each reads, counts and marks their own alone."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.campaigns.models import Application
from examsite.campaigns.operations import boards
from examsite.notices.models import Notice, OutgoingMail
from examsite.notices.operations import Message, Recipient, mark_read, tell, tell_each, to_account
from examsite.notices.queries import PAGE, unread
from examsite.results.operations.appeals import AppealText, decide_appeal, record_appeal
from examsite.results.operations.publishing import put_forward, take_back
from examsite.rounds.models import ExamSession, RosterEntry
from examsite.rounds.operations.postponing import postpone
from examsite.wording import SENTENCES
from tests.client import Browser
from tests.conftest import NOW
from tests.factories import make_application, make_candidate, make_staff
from tests.results.conftest import ground
from tests.results.ground import Ground

__all__ = ["ground"]
ROOMS = Path(__file__).parents[2] / "examsite"
PUBLISHED = Message("list_published", {"list": "list.round1", "campaign": "Đợt 1"}, "results.public_list", {"publication_id": "abc"})


def codes_of(session: Session, account: Account | None) -> list[str]:
    assert account is not None
    return list(session.scalars(select(Notice.code).where(Notice.account_id == account.id).order_by(Notice.id)))


def mails(session: Session) -> dict[str, str]:
    return {mail.address: mail.code for mail in session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))}


def test_every_message_has_its_sentence_and_its_page(app: Flask) -> None:
    sources = "".join(path.read_text() for path in ROOMS.glob("*/operations/*.py"))
    by_another_name = {"eligible", "rejected", "signature_waits", "act_signed", "act_withdrawn", "list_published", "list_corrected"}
    by_another_name |= {f"interview_{what}{how}" for what in ("set", "moved", "changed") for how in ("", "_prepared")}
    codes = {*by_another_name, *re.findall(r'Message\(\s*"(\w+)"', sources)}
    assert {f"notice.{code}" for code in codes} == {code for code in SENTENCES if code.startswith("notice.")}
    pages = set(re.findall(r'"((?:desk|results|rounds|grading|campaigns)\.\w+)"', sources))
    assert {"results.public_list", "desk.home", "rounds.sealing"} <= pages & set(app.view_functions)


def test_a_list_that_waits_is_published_and_everybody_is_told(ground: Ground) -> None:
    session = ground.session
    ground.council.email, ground.council.language = "council@city.example", "en"
    eligible = ground.candidate("001", email="an@city.example")
    make_application(session, ground.position(), "Đỗ Văn Mười", "rejected", email="muoi@city.example")
    silent = make_application(session, ground.position(), "Lê Thị Lan", "rejected")
    ground.published("eligible")
    assert codes_of(session, ground.council) == ["signature_waits"]
    assert unread(session, ground.council) == 0, "it was signed meanwhile"
    assert "act_signed" in codes_of(session, ground.hr)
    assert codes_of(session, eligible.account) == ["eligible"]
    assert mails(session) == {"council@city.example": "signature_waits", "an@city.example": "eligible", "muoi@city.example": "rejected"}
    told = session.scalars(select(OutgoingMail).where(OutgoingMail.address == "muoi@city.example")).one()
    assert told.params["reason"] == "Decided for the test"
    assert told.language == "vi"
    assert silent.account is None
    waiting = session.scalars(select(OutgoingMail).where(OutgoingMail.code == "signature_waits")).one()
    assert waiting.language == "en"


def test_a_corrected_list_of_those_eligible_tells_the_rest_what_was_decided_since(ground: Ground) -> None:
    stays, goes, rejected = (ground.candidate(number) for number in ("001", "002", "003"))
    rejected.state = "rejected"
    ground.published("eligible")
    ground.now += timedelta(days=1)
    late = ground.candidate("004")
    late.decided_at = ground.now
    goes.state, goes.decision_reason, goes.decided_at = "rejected", "The degree is not recognised.", ground.now
    ground.now += timedelta(days=1)
    ground.published("eligible", "A degree was checked again.")
    told = {one: codes_of(ground.session, one.account) for one in (stays, goes, rejected, late)}
    assert told == {stays: ["eligible", "list_corrected"], goes: ["eligible", "rejected"], rejected: ["rejected"], late: ["eligible"]}


def test_only_those_on_a_later_list_are_told_and_once_more_when_it_is_corrected(ground: Ground) -> None:
    ground.ranked(("001", "70"), ("002", "68"))
    ground.published("provisional")
    other = ground.candidate("077", state="withdrawn")
    ground.entitle("002", "priority", "service")
    ground.published("provisional", "A paper came in.")
    assert codes_of(ground.session, ground.application("001").account) == ["list_published", "list_corrected"]
    assert codes_of(ground.session, other.account) == []


def test_the_first_person_hears_that_somebody_else_withdrew(ground: Ground) -> None:
    ground.candidate("001")
    draft = ground.draft("eligible")
    put_forward(ground.session, draft, "", ground.role(ground.hr), NOW)
    take_back(ground.session, draft, "A name is wrong.", ground.role(ground.chair), NOW)
    put_forward(ground.session, draft, "", ground.role(ground.hr), NOW)
    take_back(ground.session, draft, "My own mistake.", ground.role(ground.hr), NOW)
    assert codes_of(ground.session, ground.hr) == ["act_withdrawn"]


def test_an_appeal_is_answered_to_whoever_made_it(ground: Ground) -> None:
    ground.ranked(("001", "70"))
    ground.published("provisional")
    text = AppealText("provisional", "001", "My sheet was added up wrongly.", NOW.date())
    appeal = record_appeal(ground.session, text, ground.role(ground.hr), NOW)
    decide_appeal(ground.session, appeal, "rejected", "It was not", ground.role(ground.chair), NOW)
    account = ground.application("001").account
    assert codes_of(ground.session, account)[-2:] == ["appeal_recorded", "appeal_decided"]


def test_appointed_and_ended(ground: Ground) -> None:
    member = make_staff(ground.session, "new member")
    seat = boards.appoint(ground.session, ground.role(ground.hr), member, "supervision", "member", NOW)
    boards.end(ground.session, ground.role(ground.hr), seat, "Moved away.", NOW)
    assert codes_of(ground.session, member) == ["appointed", "seat_ended"]


def test_whoever_is_listed_hears_of_a_session_that_begins_later(ground: Ground) -> None:
    session, begins = ground.session, NOW + timedelta(days=3)
    listed, other = ground.candidate("001"), ground.candidate("002")
    exam = ExamSession(campaign=ground.campaign, name="Ca 1", opens_at=begins, state="planned")
    session.add(exam)
    session.flush()
    session.add(RosterEntry(session_id=exam.id, application_id=listed.id, candidate_number="001"))
    session.flush()
    postpone(session, exam, begins + timedelta(days=1), None, "A storm.", ground.role(ground.hr), NOW)
    assert codes_of(session, listed.account) == ["session_postponed"]
    assert codes_of(session, other.account) == []


def test_nothing_is_told_of_what_is_rolled_back(session: Session) -> None:
    account = make_staff(session, "an")
    with session.begin_nested() as savepoint:
        tell(session, [to_account(account)], PUBLISHED, NOW)
        savepoint.rollback()
    assert codes_of(session, account) == []


def test_each_reads_and_marks_their_own_alone(session: Session, browse: Callable[..., Browser]) -> None:
    mine, other = make_staff(session, "an"), make_candidate(session, "ben")
    tell(session, [to_account(mine), to_account(other), to_account(mine)], PUBLISHED, NOW)
    session.commit()
    [notice] = session.scalars(select(Notice).where(Notice.account_id == mine.id))
    page = browse(mine).get("/notices").text
    assert "Kết quả vòng 1: danh sách đã được công bố. Đợt 1." in page
    assert 'href="/lists/abc"' in page
    assert "1 chưa đọc" in page
    assert "the list is published" in browse(mine).get("/notices", headers={"Accept-Language": "en"}).text
    assert browse(other).post(f"/notices/{notice.public_id}/read").status_code == 303
    session.refresh(notice)
    assert notice.read_at is None
    assert browse(mine).post(f"/notices/{notice.public_id}/read").status_code == 303
    session.refresh(notice)
    assert notice.read_at == NOW
    assert "ex-count" not in browse(mine).get("/notices").text
    assert browse(other).post("/notices/read").status_code == 303
    assert mark_read(session, other, None, NOW) == 0
    assert browse().get("/notices").status_code == 303


def test_many_are_told_in_one_statement(ground: Ground) -> None:
    session, statements = ground.session, []
    for number in range(5):
        ground.candidate(f"{number:03}", email=f"c{number}@city.example")
    accounts = [to_account(row.account) for row in session.scalars(select(Application)) if row.account]
    session.flush()
    bind = session.connection()
    event.listen(bind, "before_cursor_execute", lambda *args: statements.append(args[2]))
    tell(session, [*accounts], PUBLISHED, NOW)
    assert len(statements) == 1


def test_staff_say_where_mail_goes_and_in_which_language(session: Session, browse: Callable[..., Browser]) -> None:
    account, candidate = make_staff(session, "an"), make_candidate(session, "ben")
    session.commit()
    browser = browse(account)
    wrong = browser.post("/notices/address", {"email": "an at city"})
    assert wrong.status_code == 422
    assert 'value="an at city"' in wrong.text
    assert browser.post("/notices/address", {"email": " an@city.example "}).status_code == 303
    assert browser.post("/language/en").status_code == 303
    session.refresh(account)
    assert (account.email, account.language) == ("an@city.example", "en")
    assert browser.post("/notices/address", {"email": ""}).status_code == 303
    session.refresh(account)
    assert account.email is None
    assert browse(candidate).post("/notices/address", {"email": "ben@city.example"}).status_code == 403
    assert "/notices/address" not in browse(candidate).get("/notices").text


def test_notices_beyond_a_page_can_be_opened_and_are_counted(session: Session, browse: Callable[..., Browser]) -> None:
    """Told in one moment, as by an act on many applications: the page ends between notices of the same time."""
    me, other = make_staff(session, "me"), make_staff(session, "other")
    pages = [Message("list_published", {"list": "list.round1", "campaign": f"Đợt số {number}."}) for number in range(PAGE + 1)]
    for account in (me, other):
        tell_each(session, [(Recipient(account.id), message) for message in pages], NOW)
    session.commit()
    first = browse(me).get("/notices", headers={"Accept-Language": "en"}).text
    assert f"{PAGE + 1} not read" in first
    assert "Đợt số 0." not in first
    link = re.search(r'href="(/notices\?before=[^"]+)"', first)
    assert link
    second = browse(me).get(link[1]).text
    assert "Đợt số 0." in second
    assert "Đợt số 1." not in second
    assert "Thông báo cũ hơn" not in second
    mark = re.search(r'action="(/notices/[^"]+/read)', browse(other).get("/notices").text)
    assert mark
    assert "Đợt số 0." not in browse(me).get(f"/notices?before={mark[1].split('/')[2]}").text, "another's notice is no place in my list"
