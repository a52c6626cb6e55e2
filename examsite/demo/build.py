"""The demonstration: three campaigns at three stages, built through the same operations as real data."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsite.accounts.operations import account_exists
from examsite.campaigns.models import Application, Campaign
from examsite.campaigns.operations.campaigns import CampaignFacts
from examsite.demo import applying, lists, round1, round2, setup
from examsite.demo.people import choice
from examsite.demo.setup import Wanted
from examsite.grading.models import Interview, Panel
from examsite.grading.queries.panels import interviews_of
from examsite.rounds.models import ExamSession, RosterEntry

OPEN, INTERVIEWS, PUBLISHED = "LA-2026-03", "LA-2026-02", "LA-2026-01"
CITY = "UBND thành phố Lạc An"
ZONE = "Asia/Ho_Chi_Minh"
OPEN_FOR = timedelta(days=2)
CANDIDATES_A_SESSION = 6

Tell = Callable[[str], object]


def build(session: Session, now: datetime, tell: Tell) -> bool:
    """Build everything on an empty database; False where somebody works already."""
    if account_exists(session):
        return False
    setup.make_staff(session, now - timedelta(days=120))
    setup.make_units(session, now - timedelta(days=119))
    setup.make_rooms(session, now - timedelta(days=119))
    tell("A campaign that is finished and published ...")
    _published(session, now - timedelta(days=90))
    tell("A campaign with interviews to score ...")
    _interviews(session, now - timedelta(days=45))
    tell("A campaign whose exam is open now ...")
    _open(session, now - timedelta(days=30))
    return True


def keep_an_exam_open(session: Session, now: datetime) -> None:
    """Open a new exam session where none is open, for the next candidates who have not sat yet."""
    campaign = session.scalar(select(Campaign).where(Campaign.code == OPEN))
    if campaign is None or campaign.stage != "screened" or _is_open(session, campaign, now):
        return
    unlisted = ~select(RosterEntry.id).where(RosterEntry.application_id == Application.id).exists()
    waiting = select(Application.candidate_number).where(
        Application.campaign_id == campaign.id, Application.state == "eligible", Application.candidate_number.is_not(None), unlisted
    )
    numbers = [number for number in session.scalars(waiting.order_by(Application.candidate_number).limit(CANDIDATES_A_SESSION)) if number]
    if numbers:
        count = session.scalar(select(func.count()).select_from(ExamSession).where(ExamSession.campaign_id == campaign.id)) or 0
        opens_at, closes_at = now + timedelta(minutes=1), now + OPEN_FOR
        round1.plan(session, campaign, f"Ca {count + 1}", opens_at, closes_at, numbers, now, checked_in=True)


def _open(session: Session, day: datetime) -> None:
    wanted = [
        Wanted("TP-CNS", "Trưởng phòng Công nghệ số", "Trưởng phòng", "SKHCN", 1),
        Wanted("PHT-LL", "Phó Hiệu trưởng Trường Trung học cơ sở Lê Lợi", "Phó Hiệu trưởng", "THCS-LL", 2),
        Wanted("PTP-KT", "Phó Trưởng phòng Kinh tế", "Phó Trưởng phòng", "P-DH", 1),
    ]
    personal = {"session.clock": ("personal", "Bản trình diễn: mỗi người bắt đầu lúc nào cũng được trong hai ngày.")}
    campaign = _announce(session, OPEN, "Đợt 3 năm 2026: công nghệ số, giáo dục và phường Đông Hà", wanted, personal, day)
    people = {"TP-CNS": range(301, 315), "PHT-LL": range(321, 341), "PTP-KT": range(351, 361)}
    _screened(session, campaign, {code: list(numbers) for code, numbers in people.items()}, day + timedelta(days=20))


def _interviews(session: Session, day: datetime) -> None:
    wanted = [
        Wanted("TP-TCCB", "Trưởng phòng Tổ chức cán bộ", "Trưởng phòng", "SNV", 1),
        Wanted("PTP-QH", "Phó Trưởng phòng Quy hoạch", "Phó Trưởng phòng", "SXD", 2),
    ]
    campaign = _announce(session, INTERVIEWS, "Đợt 2 năm 2026: Sở Nội vụ và Sở Xây dựng", wanted, {}, day)
    _screened(session, campaign, {"TP-TCCB": list(range(201, 209)), "PTP-QH": list(range(211, 223))}, day + timedelta(days=15))
    _hold_round1(session, campaign, day + timedelta(days=25))
    panel = round2.set_up(session, campaign, "Tổ phỏng vấn 1", ["TP-TCCB", "PTP-QH"], day + timedelta(days=45), day + timedelta(days=38))
    lists.step(session, campaign, "round2_timetable", day + timedelta(days=39))
    for interview in interviews_of(session, panel)[:3]:
        round2.receive(session, panel, interview, True, day + timedelta(days=44))
    first = interviews_of(session, panel)[0]
    round2.score(session, panel, first, round2.usual_scores(round2.number_of(session, first), 78), day + timedelta(days=44, minutes=50))


def _published(session: Session, day: datetime) -> None:
    wanted = [
        Wanted("HT-HB", "Hiệu trưởng Trường Tiểu học Hòa Bình", "Hiệu trưởng", "TH-HB", 1),
        Wanted("PTP-VHXH", "Phó Trưởng phòng Văn hóa – Xã hội", "Phó Trưởng phòng", "P-KS", 2),
    ]
    campaign = _announce(session, PUBLISHED, "Đợt 1 năm 2026: Trường Tiểu học Hòa Bình và phường Kim Sơn", wanted, {}, day)
    _screened(session, campaign, {"HT-HB": list(range(101, 107)), "PTP-VHXH": list(range(111, 121))}, day + timedelta(days=15))
    _hold_round1(session, campaign, day + timedelta(days=25))
    panel = round2.set_up(session, campaign, "Tổ phỏng vấn 1", ["HT-HB", "PTP-VHXH"], day + timedelta(days=40), day + timedelta(days=36))
    lists.step(session, campaign, "round2_timetable", day + timedelta(days=37))
    _hold_round2(session, campaign, panel, day + timedelta(days=40))
    _rank(session, campaign, day + timedelta(days=43))


def _announce(
    session: Session, code: str, title: str, wanted: list[Wanted], changes: Mapping[str, tuple[object, str]], day: datetime
) -> Campaign:
    campaign = setup.open_campaign(session, CampaignFacts(code, title, CITY, ZONE), wanted, changes, day)
    campaign = setup.fill_banks(session, campaign, day + timedelta(days=1))
    lists.step(session, campaign, "announced", day + timedelta(days=2))
    lists.step(session, campaign, "applications", day + timedelta(days=3))
    return campaign


def _screened(session: Session, campaign: Campaign, people: dict[str, list[int]], day: datetime) -> None:
    applying.apply(session, campaign, people, day)
    applying.screen(session, campaign, day + timedelta(days=2))
    applying.let_in(session, campaign, day + timedelta(days=3))
    lists.publish(session, campaign, "eligible", day + timedelta(days=4))
    lists.step(session, campaign, "screened", day + timedelta(days=5))


def _hold_round1(session: Session, campaign: Campaign, day: datetime) -> None:
    """One session under the shared clock: one candidate stays away, a few fail, the others pass."""
    begins = day.replace(minute=0, second=0, microsecond=0)
    numbers = _numbers(session, campaign)
    exam = round1.plan(session, campaign, "Ca 1", begins, None, numbers, begins - timedelta(days=1), rooms=setup.ROOMS)
    lists.step(session, campaign, "round1_timetable", begins - timedelta(hours=12))
    for place, number in enumerate(numbers):
        if place != 3:
            round1.sit(session, exam, number, 45 if place % 6 == 5 else 68 + choice(f"skill/{number}", 25), begins + timedelta(seconds=20))
    round1.note_incident(session, exam, numbers[1], begins + timedelta(minutes=25))
    round1.close(session, exam, begins + timedelta(hours=3))
    lists.step(session, campaign, "round1_held", begins + timedelta(hours=4))
    lists.publish(session, campaign, "round1", begins + timedelta(days=1))
    lists.step(session, campaign, "round1_result", begins + timedelta(days=2))


def _hold_round2(session: Session, campaign: Campaign, panel: Panel, day: datetime) -> None:
    """Everybody is scored; one does not come, and one divides the panel."""
    interviews = interviews_of(session, panel)
    for place, interview in enumerate(interviews):
        moment = day + timedelta(minutes=50 * place)
        absent = place == len(interviews) - 1
        round2.receive(session, panel, interview, not absent, moment)
        if not absent:
            round2.score(session, panel, interview, _scores(session, interview, place), moment + timedelta(minutes=45))
    round2.finish(session, campaign, [panel], day + timedelta(days=1))
    lists.step(session, campaign, "round2_held", day + timedelta(days=2))


def _scores(session: Session, interview: Interview, place: int) -> list[list[str]]:
    if place == 1:
        return [["30", "22", "22"], ["28", "21", "20"], ["27", "20", "19"]]
    number = round2.number_of(session, interview)
    return round2.usual_scores(number, 44 if place == 4 else 62 + choice(f"level/{number}", 30))


def _rank(session: Session, campaign: Campaign, day: datetime) -> None:
    lists.publish(session, campaign, "provisional", day)
    lists.step(session, campaign, "provisional", day + timedelta(days=1))
    lists.step(session, campaign, "appeals", day + timedelta(days=1, hours=1))
    lists.publish(session, campaign, "official", day + timedelta(days=16))
    lists.step(session, campaign, "official", day + timedelta(days=17))
    lists.publish(session, campaign, "recommendations", day + timedelta(days=18))
    lists.step(session, campaign, "recommendations", day + timedelta(days=19))


def _numbers(session: Session, campaign: Campaign) -> list[str]:
    query = select(Application.candidate_number).where(Application.campaign_id == campaign.id, Application.state == "eligible")
    return [number for number in session.scalars(query.order_by(Application.candidate_number)) if number]


def _is_open(session: Session, campaign: Campaign, now: datetime) -> bool:
    """Whether somebody could still begin: a sealed session inside its window with a candidate who has not started."""
    query = (
        select(RosterEntry.id)
        .join(ExamSession)
        .where(ExamSession.campaign_id == campaign.id, ExamSession.state == "sealed", ExamSession.closes_at > now + timedelta(hours=3))
        .where(RosterEntry.state == "listed")
    )
    return session.scalar(query.limit(1)) is not None
