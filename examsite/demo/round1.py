"""Round 1 of the demonstration: sessions, sealing by two people, candidates who sit their papers, the result."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.models import LoginSession
from examsite.accounts.operations import open_login
from examsite.accounts.passwords import hash_token
from examsite.accounts.queries import login_session
from examsite.campaigns.models import Application, Campaign
from examsite.demo.people import choice
from examsite.demo.setup import role
from examsite.questions.queries import keys_for, version_public_ids
from examsite.rounds.models import ExamSession, Paper, RosterEntry, Sitting
from examsite.rounds.operations import (
    allocation,
    check_in,
    closing,
    exam_rooms,
    incidents,
    roll,
    save,
    sealing,
    sessions,
    sittings,
    special_needs,
    violations,
)
from examsite.rounds.queries.exam_rooms import rooms_by_code
from examsite.rounds.queries.sittings import paper_items
from examsite.rounds.save_body import SaveBody

SAVES = 3


def plan(
    session: Session,
    campaign: Campaign,
    name: str,
    opens_at: datetime,
    closes_at: datetime | None,
    numbers: Sequence[str],
    now: datetime,
    *,
    checked_in: bool = False,
    rooms: Sequence[str] = (),
) -> ExamSession:
    """A session with these candidates on its roster, its papers sealed by two people; with `checked_in` all of them are in the room.

    With `rooms` (their codes) the session is for everybody, and they get their seats by lot.
    """
    officer = role(session, campaign, "phuc")
    exam = sessions.plan_session(
        session, name, "Trung tâm Khảo thí thành phố, phòng 03", opens_at, closes_at, officer, now, needs_check_in=checked_in
    )
    if rooms:
        _seat_by_lot(session, exam, rooms, numbers[0], now)
    else:
        listed = select(Application.public_id).where(Application.campaign_id == campaign.id, Application.candidate_number.in_(numbers))
        sessions.add_to_roster(session, exam, list(session.scalars(listed)), officer, now)
    act = sealing.propose_sealing(session, exam, role(session, campaign, "lan"), now)
    sealing.sign_sealing(session, exam, act.digest, role(session, campaign, "thao"), now + timedelta(minutes=5))
    if checked_in:
        _check_in(session, exam, numbers, now + timedelta(minutes=6))
    return exam


def sit(session: Session, exam: ExamSession, number: str, skill: int, begins: datetime, *, finish: bool = True) -> None:
    """One candidate sits every part: of 100 items about `skill` are answered right. Without `finish` the last part stays open."""
    entry = _entry(session, exam, number)
    account = entry.application.account
    if account is None:
        raise LookupError(f"candidate {number} has no account")
    papers = session.scalars(select(Paper).where(Paper.entry_id == entry.id).order_by(Paper.id)).all()
    token = open_login(session, account, begins)
    login = login_session(session, token, begins)
    if login is None:
        raise LookupError(f"candidate {number} is not signed in")
    moment = begins
    for paper in papers:
        sitting = sittings.start_part(session, account, login, paper.part, moment)
        moment = _answer(session, sitting, paper, token, number, skill, moment)
        if not finish and paper is papers[-1]:
            return
        closing.submit(session, account, login, sitting.public_id, None, moment)
        moment = max(moment, _opening_of_next(exam, moment))
    _leave(login, moment)


def _seat_by_lot(session: Session, exam: ExamSession, rooms: Sequence[str], in_need: str, now: datetime) -> None:
    """One candidate needs a way without steps; everybody gets a seat by lot."""
    officer = role(session, exam.campaign, "phuc")
    special_needs.record_need(session, in_need, "step_free", "Giấy xác nhận khuyết tật vận động, nộp kèm hồ sơ.", officer, now)
    exam_rooms.use_rooms(session, exam, [room.public_id for room in rooms_by_code(session, rooms).values()], officer, now)
    draft = allocation.draw_seats(session, officer, "evenly", now)
    allocation.confirm_seats(session, draft, draft.seats_digest, officer, now)


def _check_in(session: Session, exam: ExamSession, numbers: Sequence[str], now: datetime) -> None:
    """Everybody is in the room, so that whoever looks at the demonstration can begin at once."""
    invigilator = role(session, exam.campaign, "dung")
    for seat, number in enumerate(numbers, start=1):
        document = "vneid" if seat % 3 == 0 else "identity_card"
        check_in.check_in(session, exam, _entry(session, exam, number), document, str(seat), invigilator, now)


def note_incident(session: Session, exam: ExamSession, number: str, now: datetime) -> None:
    """One machine fails, and the invigilator writes down what was done."""
    told = ("Bàn phím của máy bị kẹt, thí sinh không gõ được.", "Đã thay bàn phím trong hai phút; các câu đã làm vẫn còn đủ.")
    entry, invigilator = _entry(session, exam, number), role(session, exam.campaign, "dung")
    incidents.record_incident(session, exam, "machine", [entry.public_id], *told, now, invigilator, now + timedelta(minutes=4))


def reprimand(session: Session, exam: ExamSession, number: str, now: datetime) -> None:
    """One candidate talks once too often: reported in the room, decided by the council's chair once the session is over."""
    campaign = exam.campaign
    report = violations.Report(
        "general",
        "reprimand",
        now - timedelta(minutes=2),
        "Trao đổi với người ngồi bên sau khi đã được nhắc nhở một lần.",
        "Tôi hỏi mượn bút và xin rút kinh nghiệm.",
    )
    reported = violations.report_violation(session, exam, _entry(session, exam, number), report, role(session, campaign, "dung"), now)
    reason = "Biên bản và tường trình của thí sinh khớp nhau; thí sinh nhận lỗi."
    violations.decide_violation(session, reported, "reprimand", reason, role(session, campaign, "thao"), now + timedelta(hours=4))


def close(session: Session, exam: ExamSession, now: datetime) -> None:
    """Call the roll and close the session."""
    invigilator = role(session, exam.campaign, "dung")
    roll.mark_all_absent(session, exam, invigilator, now)
    closing.close_session(session, exam, invigilator, now)


def _answer(session: Session, sitting: Sitting, paper: Paper, token: str, number: str, skill: int, begins: datetime) -> datetime:
    items = paper_items(paper)
    versions = version_public_ids(session, [(item.item, item.version) for item in items])
    keys = keys_for(session, versions.values())
    right = [keys[versions[item.item, item.version]].key for item in items]
    chosen = [_choose(paper, place, key, number, skill) for place, key in enumerate(right, start=1)]
    size = -(-len(chosen) // SAVES)
    moment = begins
    for seq, start in enumerate(range(0, len(chosen), size), start=1):
        moment += timedelta(minutes=3, seconds=choice(f"pause/{number}/{seq}", 60))
        answers = tuple((place, "choice", option) for place, option in chosen[start : start + size] if option)
        save.save_answers(session, sitting.public_id, hash_token(token), SaveBody(seq, sitting.epoch, answers), moment)
    session.expire_all()
    return moment + timedelta(minutes=1)


def _choose(paper: Paper, place: int, key: frozenset[str], number: str, skill: int) -> tuple[int, str | None]:
    """What this candidate ticks at one item: the key, another option, or, seldom, nothing."""
    drawn = choice(f"answer/{number}/{paper.part}/{place}", 100)
    options = paper_items(paper)[place - 1].options
    if drawn < skill:
        return place, next(iter(key))
    wrong = [option for option in options if option not in key]
    return place, wrong[drawn % len(wrong)] if drawn < 97 else None


def _opening_of_next(exam: ExamSession, moment: datetime) -> datetime:
    """Under a shared clock the second part begins at its programmed time; the demonstration waits for it generously."""
    return moment if exam.closes_at else exam.opens_at + timedelta(minutes=71)


def _entry(session: Session, exam: ExamSession, number: str) -> RosterEntry:
    return session.scalars(select(RosterEntry).where(RosterEntry.session_id == exam.id, RosterEntry.candidate_number == number)).one()


def _leave(login: LoginSession, moment: datetime) -> None:
    login.ended_at = moment
